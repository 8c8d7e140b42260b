"""Working days, holidays, terms and recurrences: how a time limit is counted, by the rules of a country.

A rule set is a name for three choices: whose holidays count, what counts as a day off, and where a term goes that ends
on a day off. The first day is never counted (Vietnamese Civil Code art. 147, Russian Civil Code art. 191).
"""

from __future__ import annotations

import calendar as months
import functools
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Literal

Unit = Literal["days", "working-days", "weeks", "months", "quarters", "halves", "years"]
Roll = Literal["none", "forward", "back"]
RULES = Path(__file__).parent / "calendar.toml"
_MONTHS = {"months": 1, "quarters": 3, "halves": 6, "years": 12}


@dataclass(frozen=True, slots=True)
class RuleSet:
    """How terms are counted: `country` is an ISO code, `roll` says where a term goes that ends on a day off."""

    name: str
    country: str
    roll: Roll
    source: str


@functools.cache
def rule_sets() -> dict[str, RuleSet]:
    """Return the rule sets by name."""
    data = _data()["rules"]
    return {name: RuleSet(name, rule["country"], rule["roll"], rule["source"]) for name, rule in data.items()}


@functools.cache
def _data() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads(RULES.read_text(encoding="utf-8"))


def is_day_off(day: date, country: str) -> bool:
    """Tell whether a day is a weekend day or public holiday: declared swaps go before the library."""
    worked, off = _swaps(country)
    if day in worked or day in off:
        return day in off
    return day.weekday() >= 5 or day in _holidays(country, day.year)


@functools.cache
def _holidays(country: str, year: int) -> frozenset[date]:
    import holidays

    return frozenset(holidays.country_holidays(country, years=year))


@functools.cache
def _swaps(country: str) -> tuple[frozenset[date], frozenset[date]]:
    swaps = _data().get("swaps", {}).get(country, {})
    return frozenset(swaps.get("worked", ())), frozenset(swaps.get("off", ()))  # type: ignore[arg-type]


def next_working_day(day: date, country: str, step: int = 1) -> date:
    """Return the day itself if it is worked, else the nearest one that is, after it (`step` 1) or before it (-1)."""
    while is_day_off(day, country):
        day += timedelta(days=step)
    return day


def add_period(start: date, number: int, unit: Unit, rules: str = "plain") -> date:
    """Return the last day of a term that begins the day after `start`.

    A month ends on the day of the same number, or the month's last. Raises KeyError for an unknown rule set,
    OverflowError or ValueError beyond the calendar.
    """
    rule = rule_sets()[rules]
    if unit == "working-days":
        return _working_days(start, number, rule.country)
    if unit in _MONTHS:
        end = _add_months(start, number * _MONTHS[unit])
    else:
        end = start + timedelta(days=number * (7 if unit == "weeks" else 1))
    return roll(end, rule)


def roll(day: date, rule: RuleSet) -> date:
    """Move a last day that is a day off as the rule set says."""
    if rule.roll == "none":
        return day
    return next_working_day(day, rule.country, 1 if rule.roll == "forward" else -1)


def _working_days(start: date, number: int, country: str) -> date:
    if number > 10_000:
        raise OverflowError("too many working days")
    day = start
    while number > 0:
        day += timedelta(days=1)
        number -= not is_day_off(day, country)
    return day


def _add_months(start: date, number: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + number, 12)
    return date(year, month + 1, min(start.day, months.monthrange(year, month + 1)[1]))


def occurrences(rrule: str, start: date, end: date) -> Iterator[date]:
    """Yield the days of a recurrence rule from `start` to `end`, both included.

    A day that a month doesn't have (the 31st of June) falls on the month's last. Quarters and half years are those of
    the calendar: they end with March, June ... unless the rule says otherwise. Raises ValueError for no rule.
    """
    from dateutil.rrule import rrulestr

    rule = _with_last_day(rrule, _ending(rrule, start))
    begin = datetime.combine(_anchor(rrule, start), time())
    for moment in rrulestr(rule, dtstart=begin).between(
        datetime.combine(start, time()), datetime.combine(end, time()), inc=True
    ):
        yield moment.date()


def _parts(rrule: str) -> dict[str, str]:
    pairs = (part.split("=", 1) for part in rrule.removeprefix("RRULE:").split(";") if part)
    try:
        return {name.upper(): value for name, value in pairs}
    except ValueError as error:
        raise ValueError(f"no recurrence rule: {rrule!r}") from error


def _anchor(rrule: str, start: date) -> date:
    return start


def _ending(rrule: str, start: date) -> str:
    return rrule


def _with_last_day(rrule: str, rest: str) -> str:
    return rest
