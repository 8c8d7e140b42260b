"""What the pages say, in the three languages: `words.toml`, the messages, and days and repetitions in words."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from datetime import date
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
    fields = repetition(rule)
    if fields["every"] not in EVERY:
        return rule
    said = [say(language, f"every-{fields['every']}")]
    month = int(fields["month"] or 0)
    if fields["day"] and 1 <= month <= 12:
        name = words()[language]["months"][month - 1]
        said.append(say(language, "on-day-of-month", day=fields["day"], month=name, number=month))
    elif fields["day"]:
        said.append(say(language, "on-day", day=fields["day"]))
    elif 1 <= month <= 12:
        said.append(words()[language]["months"][month - 1])
    if fields["weekday"]:
        said.append(words()[language]["weekdays"][WEEKDAYS.index(fields["weekday"])])
    return ", ".join(said)


def deadline_in_words(language: Language, values: Mapping[str, str]) -> str:
    """Return what a deadline was understood to be; empty where there is none."""
    kind = values.get("deadline_kind", "none")
    start, due = (day_in_words(language, values.get(column, "")) for column in ("start_date", "due_date"))
    bound = values.get("deadline_bound", "")
    days = " – ".join(day for day in (start, due) if day)
    if bound and days:
        days = f"{say(language, f'bound-{bound}')} {days}"
    repeated = repetition_in_words(language, values["recurrence"]) if values.get("recurrence") else ""
    named = "" if (kind == "date" and days) or kind == "none" or repeated else say(language, f"kind-{kind}")
    return " · ".join(part for part in (named, repeated, days) if part)
