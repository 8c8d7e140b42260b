"""From "every quarter, before the 20th of its last month" to a recurrence rule (RFC 5545)."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from extractors import lexicon
from extractors.deadlines.grammar import Found, Time
from extractors.deadlines.times import resolve, span_ends
from extractors.deadlines.years import Setting
from models.records import Language

HALF_UNDERSTOOD = "deadline-half-understood"
_FREQUENCIES = {
    "days": ("DAILY", 1),
    "working-days": ("DAILY", 1),
    "weeks": ("WEEKLY", 1),
    "fortnights": ("WEEKLY", 2),
    "months": ("MONTHLY", 1),
    "quarters": ("MONTHLY", 3),
    "terms": ("MONTHLY", 4),  # of a school
    "halves": ("MONTHLY", 6),
    "years": ("YEARLY", 1),
}
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_MONTHS_A_YEAR = 12
_DAYS_A_WEEK = 7
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A recurrence rule; `start` and `end` are the span over which it holds or from which it counts, where named."""

    rrule: str
    start: date | None = None
    end: date | None = None
    reasons: tuple[str, ...] = ()


def recurrences(found: Found, setting: Setting) -> tuple[Recurrence, ...]:
    """Return the rules of a recurring frame: several where its dates fall on different days of the month."""
    dated = found.inside.get("date", ())
    if dated:
        return _yearly(dated, setting)
    grammar, groups = setting.grammar, found.groups
    unit = grammar.value("units", groups.get("unit", "")) or found.rule.values.get("unit", "")
    if unit not in _FREQUENCIES:
        return (Recurrence("", reasons=(HALF_UNDERSTOOD,)),)
    frequency, interval = _FREQUENCIES[unit]
    number = grammar.number(groups["n"]) if "n" in groups else found.rule.values.get("n", 1)
    if not number:
        return (Recurrence("", reasons=(HALF_UNDERSTOOD,)),)
    frequency, interval, reasons = _times(frequency, interval * number, _per(found, setting))
    if found.inside.get("month"):
        return (_in_months(found.inside["month"], setting, through="to" in found.groups),)
    rule = _rule(frequency, interval, _details(found, setting, frequency))
    start, end = _over(found, setting)
    return (Recurrence(rule, start or _anchor(found, setting), end, reasons),)


def _rule(frequency: str, interval: int, details: Sequence[str]) -> str:
    parts = [f"FREQ={frequency}", *([f"INTERVAL={interval}"] if interval > 1 else []), *details]
    return ";".join(parts)


def _per(found: Found, setting: Setting) -> int:
    """Return how many times a unit of time it happens."""
    words = found.groups.get("times")
    if words is None:
        return int(found.rule.values.get("times", 1))
    return setting.grammar.number(words) or 1


def _times(frequency: str, interval: int, times: int) -> tuple[str, int, tuple[str, ...]]:
    """Turn "twice a year" into every six months; what doesn't divide keeps the longer unit and a reason."""
    if times <= 1:
        return frequency, interval, ()
    months = interval * (_MONTHS_A_YEAR if frequency == "YEARLY" else 1)
    if frequency in ("YEARLY", "MONTHLY") and months % times == 0:
        return "MONTHLY", months // times, ()
    return frequency, interval, (HALF_UNDERSTOOD,)


def _details(found: Found, setting: Setting, frequency: str) -> list[str]:
    """Return the days within the unit: of the month, or of the week."""
    days = [int(number) for number in _NUMBER.findall(found.groups.get("mday", ""))]
    if "mday" in found.groups and not days:
        days = [setting.grammar.number(found.groups["mday"]) or 0]
    details = [f"BYMONTHDAY={','.join(map(str, days))}"] if days and all(days) and max(days) <= 31 else []
    if "lastday" in found.groups:
        days, details = [-1], ["BYMONTHDAY=-1"]
    if "business" in found.groups and days:
        return [f"BYDAY={','.join(_WEEKDAYS[:5])}", f"BYSETPOS={days[0]}"]
    weekdays = _weekdays(found, setting)
    if weekdays:
        ordinals = _ordinals(found, setting) if frequency == "MONTHLY" else []
        details = [f"BYDAY={','.join(n + day for n in ordinals or [''] for day in weekdays)}"]
    return details


@functools.cache
def _between(language: Language) -> re.Pattern[str]:
    """What stands between the parts of a list: "on Mondays and Thursdays"."""
    joiners = lexicon.alternatives(lexicon.load(language, "units").words["joiners"])
    return re.compile(rf"\s*[,;]\s*|\s+{joiners}\s+")


def _ordinals(found: Found, setting: Setting) -> list[str]:
    words = _between(setting.grammar.language).split(found.groups.get("nth", ""))
    return [str(number) for word in words if (number := setting.grammar.value("ordinals", word))]


def _weekdays(found: Found, setting: Setting) -> list[str]:
    names = _between(setting.grammar.language).split(found.groups.get("wd", ""))
    numbers = [setting.grammar.value("weekdays", name) for name in names if name]
    return [_WEEKDAYS[number] for number in numbers if number is not None]


def _yearly(times: Sequence[Time], setting: Setting) -> tuple[Recurrence, ...]:
    """Each year on some dates: one rule where they share the day of the month."""
    ends = [resolve(time, Setting(setting.grammar, setting.context, year=2000)).end for time in times]
    days = [end for end in ends if end]
    if len(days) != len(times):
        return (Recurrence("FREQ=YEARLY", reasons=("deadline-impossible",)),)
    months = {day: sorted({other.month for other in days if other.day == day}) for day in {d.day for d in days}}
    return tuple(
        Recurrence(f"FREQ=YEARLY;BYMONTH={','.join(map(str, months[day]))};BYMONTHDAY={day}")
        for day in dict.fromkeys(d.day for d in days)
    )


def _in_months(times: Sequence[Time], setting: Setting, *, through: bool) -> Recurrence:
    """Each year in some months, or `through` all from the first to the last."""
    months: list[int] = []
    for time in times:
        days = resolve(time, Setting(setting.grammar, setting.context, year=2000))
        if days.start and days.end:
            first, last = days.start.month, days.end.month
            listed = {first, *_months_between(time, setting), last}
            months += sorted(listed) if "list" in time.fields else range(first, last + 1)
    if not months:
        return Recurrence("FREQ=YEARLY", reasons=("deadline-impossible",))
    if through and months[0] < months[-1]:
        months = list(range(months[0], months[-1] + 1))
    return Recurrence(f"FREQ=YEARLY;BYMONTH={','.join(map(str, months))}")


def _months_between(time: Time, setting: Setting) -> list[int]:
    """Return the months of "March, June and September" that are neither its first nor its last."""
    grammar = setting.grammar
    words = _WORD.findall(time.fields.get("more", ""))
    return [month for word in words if (month := grammar.value("months", word) or grammar.number(word))]


def _over(found: Found, setting: Setting) -> tuple[date | None, date | None]:
    """Return the span over which the duty recurs: "from June to October 2026"."""
    times = found.inside.get("over", ())
    if len(times) == 1:
        days = resolve(times[0], setting)
        return days.start, days.end
    if len(times) == 2:
        first, last = span_ends(times[0], times[1], setting)
        return first.start, last.end
    return None, None


def _anchor(found: Found, setting: Setting) -> date | None:
    """Return the first day of a quarterly or half-yearly duty whose month is told: the unit's last, or the one after.

    The interval alone doesn't say in which months it falls due.
    """
    written, place = setting.context.document_date, found.rule.values.get("place")
    days = _NUMBER.findall(found.groups.get("mday", ""))
    if not (written and place and days):
        return None
    months = _FREQUENCIES[found.rule.values.get("unit", "quarters")][1]
    rest = {"last": 0, "next": 1}[place] % months
    for step in range(months + 1):
        year, month = divmod(written.month - 1 + step, _MONTHS_A_YEAR)
        if (month + 1) % months == rest and (step or int(days[0]) >= written.day):
            return date(written.year + year, month + 1, min(int(days[0]), 28))
    return None
