"""Working days, holidays, terms and recurrences: how a time limit is counted, by the rules of a country.

A rule set is a name for three choices: whose holidays count, where a term goes that ends on a day off, and who says so.
The first day is never counted. Public holidays come from the package `holidays`; `calendar.toml` holds the rule sets
and the day swaps that governments declare from year to year.
"""

from __future__ import annotations

import calendar as months
import functools
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

Unit = Literal["days", "working-days", "weeks", "months", "quarters", "halves", "years"]
Roll = Literal["none", "forward", "back"]
DATA = Path(__file__).parent / "calendar.toml"
LONGEST = 10_000  # working days; a longer term is a misreading
_MONTHS = {"months": 1, "quarters": 3, "halves": 6, "years": 12}
_SUNDAYS = 5  # date.weekday() of Saturday
_YEAR = 12


@dataclass(frozen=True, slots=True)
class RuleSet:
    """How terms are counted: `country` is an ISO code, empty where only weekends are days off."""

    name: str
    country: str
    roll: Roll
    source: str


@functools.cache
def rule_sets() -> Mapping[str, RuleSet]:
    """Return the rule sets by name."""
    rules = _data()["rules"]
    return MappingProxyType({name: RuleSet(name, r["country"], r["roll"], r["source"]) for name, r in rules.items()})


@functools.cache
def _data() -> dict[str, Any]:
    return tomllib.loads(DATA.read_text(encoding="utf-8"))


def is_day_off(day: date, country: str) -> bool:
    """Tell whether a day is a weekend day or a public holiday; declared swaps go before the library."""
    worked, off = _swaps(country)
    if day in worked or day in off:
        return day in off
    return day.weekday() >= _SUNDAYS or day in _holidays(country, day.year)


@functools.cache
def _holidays(country: str, year: int) -> frozenset[date]:
    if not country:
        return frozenset()
    import holidays

    return frozenset(holidays.country_holidays(country, years=year))


@functools.cache
def _swaps(country: str) -> tuple[frozenset[date], frozenset[date]]:
    swaps = _data().get("swaps", {}).get(country, {})
    return frozenset(swaps.get("worked", ())), frozenset(swaps.get("off", ()))


def next_working_day(day: date, country: str, step: int = 1) -> date:
    """Return the day itself if it is worked, else the nearest one that is: after it (`step` 1) or before it (-1)."""
    while is_day_off(day, country):
        day += timedelta(days=step)
    return day


def roll(day: date, rule: RuleSet) -> date:
    """Move a last day that is a day off as the rule set says."""
    if rule.roll == "none":
        return day
    return next_working_day(day, rule.country, 1 if rule.roll == "forward" else -1)


def add_period(start: date, number: int, unit: Unit, rules: str = "plain") -> date:
    """Return the last day of a term that begins the day after `start`.

    A month ends on the day of the same number or, where there is none, on the month's last. A term in working days
    can't end on a day off. Raises KeyError for an unknown rule set, OverflowError or ValueError beyond the calendar.
    """
    rule = rule_sets()[rules]
    if unit == "working-days":
        return _add_working_days(start, number, rule.country)
    if unit in _MONTHS:
        return roll(_add_months(start, number * _MONTHS[unit]), rule)
    return roll(start + timedelta(days=number * (7 if unit == "weeks" else 1)), rule)


def _add_working_days(start: date, number: int, country: str) -> date:
    if number > LONGEST:
        raise OverflowError(f"{number} working days")
    day = start
    while number > 0:
        day += timedelta(days=1)
        number -= not is_day_off(day, country)
    return day


def _add_months(start: date, number: int) -> date:
    year, month = divmod(start.year * _YEAR + start.month - 1 + number, _YEAR)
    return date(year, month + 1, min(start.day, months.monthrange(year, month + 1)[1]))


def occurrences(rrule: str, start: date, end: date) -> Iterator[date]:
    """Yield the days of a recurrence rule from `start` to `end`, both included.

    A duty of a week, month, quarter, half or year without a day falls on the unit's last day, as reports do. A day that
    a month doesn't have falls on its last. Raises ValueError for what is no rule.
    """
    parts = _parts(rrule)
    if parts["FREQ"] not in ("MONTHLY", "YEARLY") or "BYDAY" in parts:
        yield from _by_library(parts, start, end)
        return
    step = int(parts.get("INTERVAL", "1")) * (1 if parts["FREQ"] == "MONTHLY" else _YEAR)
    days = [int(day) for day in parts.get("BYMONTHDAY", "-1").split(",")]
    for year, month in _due_months(parts, step, start, end):
        for day in sorted({_day_of(year, month, number) for number in days}):
            if start <= day <= min(end, _until(parts)):
                yield day


def _parts(rrule: str) -> dict[str, str]:
    try:
        parts = dict(part.split("=", 1) for part in rrule.strip().removeprefix("RRULE:").split(";") if part)
    except ValueError as error:
        raise ValueError(f"no recurrence rule: {rrule!r}") from error
    if "FREQ" not in parts:
        raise ValueError(f"no recurrence rule: {rrule!r}")
    return parts


def _until(parts: Mapping[str, str]) -> date:
    return datetime.strptime(parts["UNTIL"][:8], "%Y%m%d").date() if "UNTIL" in parts else date.max


def _due_months(parts: Mapping[str, str], step: int, start: date, end: date) -> Iterator[tuple[int, int]]:
    """Yield the months in which a duty falls due: those named, or every `step` months.

    With a day of the month the first is that of `start`; without, the units are those of the calendar: a quarter ends
    with March, a half year with June.
    """
    first = start.year * _YEAR + start.month - 1
    named = [int(month) for month in parts["BYMONTH"].split(",")] if "BYMONTH" in parts else []
    for index in range(first, end.year * _YEAR + end.month):
        year, month = divmod(index, _YEAR)
        if named:
            years = step // _YEAR if parts["FREQ"] == "YEARLY" else 1
            due = month + 1 in named and (year - start.year) % years == 0
        elif "BYMONTHDAY" in parts:
            due = (index - first) % step == 0
        else:
            due = (index + 1) % step == 0 if step <= _YEAR else (index - first) % step == 0
        if due:
            yield year, month + 1


def _day_of(year: int, month: int, number: int) -> date:
    last = months.monthrange(year, month)[1]
    return date(year, month, min(number, last) if number > 0 else max(1, last + 1 + number))


def _by_library(parts: Mapping[str, str], start: date, end: date) -> Iterator[date]:
    """Expand rules of days, weeks and weekdays; a week without a day ends on Friday."""
    from dateutil.rrule import rrulestr

    rule = ";".join(f"{name}={value}" for name, value in parts.items())
    if parts["FREQ"] == "WEEKLY" and "BYDAY" not in parts:
        rule += ";BYDAY=FR"
    moments = rrulestr(rule, dtstart=datetime.combine(start, time()))
    for moment in moments.xafter(datetime.combine(start, time()), inc=True):
        if moment.date() > end:
            return
        yield moment.date()
