"""What the pages say, in the three languages: `words.toml`, the messages, and days and repetitions in words."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from models.errors import message_parts, messages
from models.records import Language

_WORDS = Path(__file__).with_name("words.toml")
# The repetitions that have a name: RRULE frequency and interval.
EVERY: Mapping[str, tuple[str, str]] = {
    "day": ("DAILY", "1"),
    "week": ("WEEKLY", "1"),
    "month": ("MONTHLY", "1"),
    "quarter": ("MONTHLY", "3"),
    "half": ("MONTHLY", "6"),
    "year": ("YEARLY", "1"),
}
# The columns that hold one of few values -> what the names of the values begin with in the words.
_NAMED = {
    "document_type": "type",
    "language": "language",
    "deadline_kind": "kind",
    "deadline_bound": "bound",
    "review_status": "status",
}
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_NAMED_PARTS = {"FREQ", "INTERVAL", "BYMONTHDAY", "BYMONTH", "BYDAY"}


@functools.cache
def words() -> Mapping[str, Mapping[str, Any]]:
    """Return language -> key -> text, or list of texts."""
    return tomllib.loads(_WORDS.read_text(encoding="utf-8"))


def say(language: Language, key: str, **values: object) -> str:
    """Return a text of the interface with its values. Raises KeyError for a key that isn't there."""
    text: str = words()[language][key]
    return text.format_map(values) if values else text


def column_name(language: Language, column: str) -> str:
    """Return what a column, or a group of cells, is called."""
    own = f"cell-{column}"
    if own in words()[language]:
        return say(language, own)
    return message_parts(f"column-{column.replace('_', '-')}", language)[0]


def value_name(language: Language, column: str, value: str) -> str:
    """Return what a value is called in a column that holds one of few; any other value as it is."""
    key = f"{_NAMED.get(column, '')}-{value}"
    return say(language, key) if column in _NAMED and key in words()[language] else value


def reason_words(language: Language, code: str) -> str:
    """Return why a person should look: the sentence alone where nothing can be done, else with the next step."""
    return " ".join(part for part in message_parts(code, language) if part) if code in messages() else code


def day_in_words(language: Language, day: str) -> str:
    """Return an ISO day as people write it; anything else as it is."""
    try:
        found = date.fromisoformat(day)
    except ValueError:
        return day
    month = words()[language]["months"][found.month - 1]
    two, number = f"{found.day:02}", f"{found.month:02}"
    return say(language, "day", day=found.day, two=two, month=month, number=number, year=found.year)


def moment_in_words(language: Language, moment: str) -> str:
    """Return an ISO moment as people write it, by the clock of this machine."""
    local = datetime.fromisoformat(moment).astimezone()
    return f"{day_in_words(language, local.date().isoformat())} {local:%H:%M}"


def repetition(rule: str) -> dict[str, str]:
    """Return the parts of an RRULE that the editor has fields for: every, day, month, weekday; `other` the whole rule
    where it says more than these."""
    parts = dict(part.split("=", 1) for part in rule.split(";") if "=" in part)
    frequency = (parts.get("FREQ", ""), parts.get("INTERVAL", "1"))
    every = next((name for name, value in EVERY.items() if value == frequency), "")
    fields = {
        "every": every,
        "day": parts.get("BYMONTHDAY", ""),
        "month": parts.get("BYMONTH", ""),
        "weekday": parts.get("BYDAY", ""),
        "other": "",
    }
    plain = all(re.fullmatch(r"\d*", fields[name]) for name in ("day", "month"))
    named = set(parts) <= _NAMED_PARTS and plain and fields["weekday"] in {"", *WEEKDAYS}
    return fields if (named and every) or not rule else {**dict.fromkeys(fields, ""), "every": "other", "other": rule}


def rule_of(every: str, day: str, month: str, weekday: str, other: str) -> str:
    """Return the RRULE that the editor's fields make; empty where nothing repeats."""
    if every not in EVERY:
        return other.strip() if every == "other" else ""
    frequency, interval = EVERY[every]
    parts = [("FREQ", frequency), ("INTERVAL", interval if interval != "1" else "")]
    parts += [("BYMONTH", month if every == "year" else "")]
    parts += [("BYMONTHDAY", day if every not in ("day", "week") else "")]
    parts += [("BYDAY", weekday if every == "week" else "")]
    return ";".join(f"{name}={value.strip()}" for name, value in parts if value.strip())


def repetition_in_words(language: Language, rule: str) -> str:
    """Return a repetition in words; a rule that has no simple ones as it is."""
    parts = dict(part.split("=", 1) for part in rule.split(";") if "=" in part)
    lists = {name: values.split(",") for name, values in parts.items() if name.startswith("BY")}
    frequency, interval = parts.get("FREQ", ""), parts.get("INTERVAL", "1")
    unit = {other: name for name, (other, every) in EVERY.items() if every == "1"}.get(frequency)
    if unit is None or not set(parts) <= _NAMED_PARTS or not _is_simple(lists):
        return rule
    named = next((name for name, value in EVERY.items() if value == (frequency, interval)), "")
    said = say(language, f"every-{named}") if named else say(language, f"every-n-{unit}", count=interval)
    return ", ".join([said, *_days_in_words(language, lists)])


def _is_simple(lists: Mapping[str, list[str]]) -> bool:
    days, months = lists.get("BYMONTHDAY", []), lists.get("BYMONTH", [])
    return (
        all(re.fullmatch(r"[1-9]|[12]\d|3[01]|-1", day) for day in days)
        and all(re.fullmatch(r"[1-9]|1[0-2]", month) for month in months)
        and not ("-1" in days and (months or len(days) > 1))
        and set(lists.get("BYDAY", [])) <= set(WEEKDAYS)
    )


def _days_in_words(language: Language, lists: Mapping[str, list[str]]) -> Iterator[str]:
    months, days = lists.get("BYMONTH", []), lists.get("BYMONTHDAY", [])
    of_month, alone = words()[language]["months"], words()[language]["months-alone"]
    if days == ["-1"]:
        yield say(language, "on-last-day")
    elif days and months:
        for number in map(int, months):
            for day in days:
                yield say(language, "on-day-of-month", day=day, month=of_month[number - 1], number=number)
    elif days:
        yield from (say(language, "on-day", day=day) for day in days)
    else:
        yield from (alone[int(number) - 1] for number in months)
    yield from (words()[language]["weekdays"][WEEKDAYS.index(day)] for day in lists.get("BYDAY", []))


def deadline_in_words(language: Language, values: Mapping[str, str]) -> str:
    """Return what a deadline was understood to be; empty where there is none."""
    kind = values.get("deadline_kind", "none")
    start, due = (day_in_words(language, values.get(column, "")) for column in ("start_date", "due_date"))
    bound = values.get("deadline_bound", "")
    days = " – ".join(dict.fromkeys(day for day in (start, due) if day))
    if bound and days and not (bound == "in" and start not in ("", due)):  # a span says by itself that it is one
        days = f"{say(language, f'bound-{bound}')} {days}"
    repeated = repetition_in_words(language, values["recurrence"]) if values.get("recurrence") else ""
    named = "" if (kind == "date" and days) or kind == "none" or repeated else say(language, f"kind-{kind}")
    return " · ".join(part for part in (named, repeated, days) if part)
