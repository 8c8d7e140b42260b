"""The year of a time that names none, in the light of the document's date and of the years its title is about."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from extractors.base import Context
from extractors.deadlines.grammar import Grammar

IMPOSSIBLE = "deadline-impossible"
WEEKDAY = "deadline-weekday"
AMBIGUOUS = "deadline-ambiguous"
YEAR_INFERRED = "deadline-year-inferred"
YEAR_MISSING = "deadline-year-missing"
VAGUE = "deadline-vague"
_SEVERAL_MONTHS = 88  # days: no quarter is shorter
SEASON_TURN = 8  # a plan for a school year begins in August


@dataclass(frozen=True, slots=True)
class Days:
    """The first and last day named; None where no calendar or context has them. `several`: both ends were named."""

    start: date | None
    end: date | None
    reasons: tuple[str, ...] = ()
    several: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """What a time is read in: the language, the document, whether it stands in a cell, a year said elsewhere, and a day
    that it can't precede."""

    grammar: Grammar
    context: Context
    cell: bool = False
    year: int | None = None
    after: date | None = None

    @property
    def of_two_years(self) -> bool:
        """Whether the document is about two years in a row, as papers of a school year are."""
        return bool(self.context.year) and self.context.last_year == self.context.year + 1


def own_year(fields: Mapping[str, int], setting: Setting) -> int | None:
    if "y" in fields:
        return four_digits(fields["y"])
    if "ry" in fields:
        base = setting.context.document_date.year if setting.context.document_date else setting.context.year
        return base + fields["ry"] if base else None
    return setting.year


def four_digits(year: int) -> int:
    return year if year >= 100 else 2000 + year


Span = tuple[date, date]


def span_of_months(year: int, first: int, last: int) -> Span:
    """Return the days from one month to another; a first month after the last is of the year before."""
    begin = date(year - (first > last), first, 1)
    return begin, date(year, last, calendar.monthrange(year, last)[1])


def with_year(fields: Mapping[str, int], setting: Setting, span: Callable[[int], Span]) -> Days:
    """Fix the year of a time: said, or inferred from the context with a reason."""
    year = own_year(fields, setting)
    if year is not None:
        return Days(*span(year))
    year = _inferred_year(setting, span)
    if year is None:
        span(2000)
        return Days(None, None, (YEAR_MISSING,))
    return Days(*span(year), (YEAR_INFERRED,))


def _inferred_year(setting: Setting, span: Callable[[int], Span]) -> int | None:
    context = setting.context
    written = context.document_date
    first, last = context.year, context.last_year or context.year
    if setting.after:
        return _next(setting.after, span)
    if first and last == first + 1:
        return first if span(first)[0] >= date(first, SEASON_TURN, 1) else last
    if first and first == last and (not written or first == written.year or (setting.cell and first > written.year)):
        return first
    if first and written and first == last == written.year + 1 and _mostly_over(written, span):
        return first
    return _next(written, span) if written else None


def _mostly_over(day: date, span: Callable[[int], Span]) -> bool:
    """Tell whether more than half of a span of several months is over: what is planned then is for the year planned."""
    begin, end = span(day.year)
    return (end - begin).days >= _SEVERAL_MONTHS and day - begin > end - day


def _next(day: date, span: Callable[[int], Span]) -> int:
    """Return the first year in which the span does not end before the day; 29 February waits for its year."""
    for year in range(day.year, day.year + 5):
        try:
            if span(year)[1] >= day:
                return year
        except ValueError:
            continue
    span(day.year)
    return day.year
