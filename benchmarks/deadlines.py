"""Deadline sentences read by chidao, dateparser and Duckling: `python -m benchmarks.deadlines`.

The sentences are the tables of `tests/deadlines`; each tool is told the language and the day of the document, and gets
the best of what it returns: a limit is right when any of its days is the one wanted. What recurs is right only as a
rule. Exit 1 where chidao reads one wrong, or is not twenty times faster than dateparser's `search_dates`.
"""

from __future__ import annotations

import csv
import importlib
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from extractors.base import Context
from extractors.deadlines import find_deadlines, primary
from models.records import LANGUAGES, Language

TABLES = Path(__file__).parents[1] / "tests/deadlines"
WRITTEN = date(2025, 6, 2)
LEAST_RATIO = 20
ROUNDS = 3
ZONE = "Asia/Ho_Chi_Minh"
ZONES = "/usr/share/zoneinfo"

Verdict = Literal["right", "refused", "wrong"]
Row = dict[str, str]
Answer = tuple[set[date], set[str]]  # the days and the recurrence rules that a tool reads in a sentence
Tool = Callable[[str, Language], Answer]


def main() -> int:
    tools: dict[str, Tool] = {"chidao": chidao, "dateparser": dateparser, **duckling_if_installed()}
    rows = {language: table(language) for language in LANGUAGES}
    wrong = 0
    print(f"{'':10} {'':4} {'right':>6} {'refused':>8} {'wrong':>6}   {'taken for one':>14} {'µs a sentence':>14}")
    speeds: Counter[str] = Counter()
    for name, tool in tools.items():
        for language in LANGUAGES:
            verdicts = Counter(verdict(tool(row["text"], language), row) for row in rows[language])
            taken = sum(any(tool(text, language)) for text in leaves(language))
            micros = microseconds(tool, language, [row["text"] for row in rows[language]] + leaves(language))
            speeds[name] += round(micros)
            figures = f"{verdicts['right']:6} {verdicts['refused']:8} {verdicts['wrong']:6}"
            print(f"{name:10} {language:4} {figures}   {taken:10} / {len(leaves(language))} {micros:14.0f}")
            wrong += (verdicts["wrong"] + taken) * (name == "chidao")
    ratio = speeds["dateparser"] / speeds["chidao"]
    print(f"chidao is {ratio:.0f} times faster than search_dates (at least {LEAST_RATIO}); {wrong} read wrong (none)")
    return int(wrong > 0 or ratio < LEAST_RATIO)


def table(language: Language) -> list[Row]:
    with (TABLES / f"{language}.csv").open(encoding="utf-8", newline="") as handle:
        rows = [{key: value or "" for key, value in row.items()} for row in csv.DictReader(handle, delimiter="|")]
    return [row | {"text": row["text"].replace("[", "").replace("]", "")} for row in rows]


def leaves(language: Language) -> list[str]:
    return (TABLES / f"{language}-leaves.txt").read_text(encoding="utf-8").splitlines()


def verdict(answer: Answer, row: Row) -> Verdict:
    """Judge what a tool reads: nothing where there is no day to read is right, nothing where there is one a refusal."""
    days, rules = answer
    if row["recurrence"]:
        return "right" if row["recurrence"] in rules else "wrong" if days or rules else "refused"
    if row["due"]:
        return "right" if date.fromisoformat(row["due"]) in days else "wrong" if days else "refused"
    return "wrong" if days else "right"


def microseconds(tool: Tool, language: Language, texts: list[str]) -> float:
    for text in texts[:3]:  # loads the language
        tool(text, language)
    return 1e6 * min(_seconds(tool, language, texts) for _ in range(ROUNDS)) / len(texts)


def _seconds(tool: Tool, language: Language, texts: list[str]) -> float:
    started = time.process_time()
    for text in texts:
        tool(text, language)
    return time.process_time() - started


def chidao(text: str, language: Language) -> Answer:
    found = primary(find_deadlines(text, Context(language, WRITTEN)))
    if found is None:
        return set(), set()
    if found.recurrence:
        return set(), {found.recurrence}
    return {found.due} if found.due else set(), set()


def dateparser(text: str, language: Language) -> Answer:
    from dateparser.search import search_dates

    settings = {
        "RELATIVE_BASE": datetime(WRITTEN.year, WRITTEN.month, WRITTEN.day),
        "PREFER_DATES_FROM": "future",
        "PREFER_DAY_OF_MONTH": "last",
    }
    found = search_dates(text, languages=[language], settings=settings) or ()
    return {moment.date() for _, moment in found}, set()


def duckling_if_installed() -> dict[str, Tool]:
    try:
        module: Any = importlib.import_module("duckling")
        pendulum: Any = importlib.import_module("pendulum")
    except ImportError:
        print("Duckling is not installed: pip install pyduckling-native-phihos")
        return {}
    zones = module.load_time_zones(ZONES)
    moment = pendulum.datetime(WRITTEN.year, WRITTEN.month, WRITTEN.day, tz=ZONE).int_timestamp
    now = module.parse_ref_time(zones, ZONE, moment)
    kinds = module.parse_dimensions(["time"])

    def read(text: str, language: Language) -> Answer:
        default = module.default_locale_lang(module.parse_lang(language.upper()))
        context = module.Context(now, module.parse_locale(f"{language.upper()}_XX", default))
        return set(duckling_days(module.parse(text, context, kinds, False))), set()

    return {"Duckling": read}


def duckling_days(found: Iterable[dict[str, Any]]) -> Iterable[date]:
    """Yield the days Duckling may mean: the last day of a grain, and of an interval its end or the day before it."""
    for entity in found:
        value = entity["value"]
        if "to" in value:
            end = date.fromisoformat(value["to"]["value"][:10])
            yield from (end, end - timedelta(days=1), last_day(end, value["to"]["grain"]))
        elif "from" in value:
            yield date.fromisoformat(value["from"]["value"][:10])
        elif "value" in value:
            yield last_day(date.fromisoformat(value["value"][:10]), value["grain"])


def last_day(start: date, grain: str) -> date:
    months = {"month": 1, "quarter": 3, "year": 12}.get(grain)
    if months is None:
        return start + timedelta(days=6 if grain == "week" else 0)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, 1) - timedelta(days=1)


if __name__ == "__main__":
    sys.exit(main())
