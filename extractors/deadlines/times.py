"""From a time as written to days: the first and last day of what is named, in the light of the document's date."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from extractors.deadlines.grammar import Grammar, Time
from extractors.deadlines.seasons import school_part, school_year, season
from extractors.deadlines.years import (
    AMBIGUOUS,
    IMPOSSIBLE,
    VAGUE,
    WEEKDAY,
    YEAR_INFERRED,
    YEAR_MISSING,
    Days,
    Setting,
    Span,
    four_digits,
    own_year,
    span_of_months,
    with_year,
)


def resolve(time: Time, setting: Setting) -> Days:
    """Return the days of a time; what no calendar has gives no days and a reason."""
    fields = _numbers(time, setting.grammar)
    try:
        days = _RESOLVERS[time.kind](fields, setting)
    except (ValueError, OverflowError, KeyError):
        return Days(None, None, (IMPOSSIBLE,))
    if days.start and days.end and days.start > days.end:
        return Days(None, None, (*days.reasons, IMPOSSIBLE))
    return _checked(days, time, setting)


def has_year(time: Time) -> bool:
    return "y" in time.fields or "ry" in time.fields


def year_of(time: Time, setting: Setting) -> int | None:
    """Return the year a time names itself, None where it names none."""
    return own_year(_numbers(time, setting.grammar), setting) if has_year(time) else None


def span_ends(first: Time, last: Time, setting: Setting) -> tuple[Days, Days]:
    """Resolve both ends of a span in whatever order their years can be told."""
    if has_year(last) or not has_year(first):
        if not has_year(last) and not has_year(first):
            begin = resolve(first, setting)
            return begin, resolve(last, replace(setting, after=begin.start))
        end = resolve(last, setting)
        if has_year(first):
            return resolve(first, setting), end
        year = year_of(last, setting)
        begin = resolve(first, replace(setting, year=year))
        if begin.start and end.end and begin.start > end.end and year is not None:
            begin = resolve(first, replace(setting, year=year - 1))
        return begin, end
    begin = resolve(first, setting)
    return begin, resolve(last, replace(setting, after=begin.start)) if begin.start else Days(None, None)


def _numbers(time: Time, grammar: Grammar) -> dict[str, int]:
    """Turn the words of the fields into numbers; parts (`begin`, `middle`, `end`) are left to `_part`."""
    numbers: dict[str, int] = {}
    for name, words in time.fields.items():
        map_name = _MAPS.get(name)
        value = grammar.value(map_name, words) if map_name else grammar.number(words)
        if value is None and map_name:
            value = grammar.number(words)
        if isinstance(value, int):
            numbers[name] = value
    if time.fields.get("sep", "none") == time.rule.values.get("both_orders"):
        numbers["both_orders"] = 1
    if time.rule.values.get("school"):
        numbers["school"] = 1
    return numbers


_MAPS = {
    "mn": "months", "mn0": "months", "ry": "years", "wd": "weekdays",
    "nwd": "weekdays", "q": "quarters", "q0": "quarters",
    "h": "halves", "sh": "halves", "sq": "quarters", "tw": "thisweek",
    "n": "ordinals", "part": "portions", "s": "seasons", "m": "monthnumbers",
}  # fmt: skip


def _day(fields: Mapping[str, int], setting: Setting) -> Days:
    if "nwd" in fields:
        return with_year(fields, setting, lambda year: _weekday_of_month(year, fields))
    month, day = _month_number(fields), fields["d"]
    first = fields.get("d0", day)
    other = _other_order(fields, month, day, setting.context.day_first)
    if other == "ambiguous":
        return Days(None, None, (AMBIGUOUS,))
    if other == "swapped":
        month, day, first = day, month, month
    days = with_year(fields, setting, lambda year: (date(year, month, first), date(year, month, day)))
    return replace(days, several=True) if "d0" in fields else days


def _weekday_of_month(year: int, fields: Mapping[str, int]) -> Span:
    """Return the second Friday, or with -1 the last, of a month."""
    weeks = calendar.monthcalendar(year, _month_number(fields))
    days = [week[fields["nwd"]] for week in weeks if week[fields["nwd"]]]
    number = fields["n"]
    if not number or number > len(days):
        raise ValueError("weekday of a month")
    day = date(year, _month_number(fields), days[number - 1 if number > 0 else number])
    return day, day


def _other_order(fields: Mapping[str, int], month: int, day: int, day_first: bool | None) -> str:
    """Tell whether 03/04/2026 can be read in the order of another country; only rules with `both_orders` ask.

    Where the document's other dates tell which order is its own, that is taken.
    """
    if "both_orders" not in fields or month == day:
        return ""
    if month > 12 >= day:
        return "swapped"
    if day > 12 or month > 12 or day_first:
        return ""
    return "ambiguous" if day_first is None else "swapped"


def _month_number(fields: Mapping[str, int]) -> int:
    return fields["mn"] if "mn" in fields else fields["m"]


def _month(fields: Mapping[str, int], setting: Setting) -> Days:
    last = _month_number(fields)
    first = fields.get("mn0", fields.get("m0", last))
    days = with_year(fields, setting, lambda year: span_of_months(year, first, last))
    return _part(replace(days, several=True) if first != last else days, fields)


def _quarter(fields: Mapping[str, int], setting: Setting) -> Days:
    last = fields["q"]
    first = fields.get("q0", last)
    if not (1 <= first <= 4 and 1 <= last <= 4):
        raise ValueError("quarter")
    days = with_year(fields, setting, lambda year: span_of_months(year, 3 * first - 2, 3 * last))
    return _part(replace(days, several=True) if first != last else days, fields)


def _half(fields: Mapping[str, int], setting: Setting) -> Days:
    half = fields["h"]
    if half not in (1, 2):
        raise ValueError("half")
    if "school" in fields and "y" not in fields and setting.of_two_years:
        return school_part("school_halves", half, fields, setting)
    days = with_year(fields, setting, lambda year: span_of_months(year, 6 * half - 5, 6 * half))
    return _part(days, fields)


def _year(fields: Mapping[str, int], setting: Setting) -> Days:
    last = own_year(fields, setting)
    if last is None:
        return _plan_year(fields, setting)
    first = four_digits(fields["y0"]) if "y0" in fields else last
    if first > last and fields["y"] < 100:  # 1999/00
        last += 100 * ((first - last) // 100 + 1)
    days = Days(date(first, 1, 1), date(last, 12, 31), several=first != last)
    return _part(days, fields)


def _plan_year(fields: Mapping[str, int], setting: Setting) -> Days:
    """Return the year that the plan is about, or the document's, for "during the year"."""
    context = setting.context
    if setting.of_two_years:
        return replace(school_year(context.year, setting), reasons=(YEAR_INFERRED,), several=True)
    if context.year and context.last_year in (0, context.year):
        year = context.year
    elif context.document_date:
        year = context.document_date.year
    else:
        return Days(None, None, (YEAR_MISSING,))
    return _part(Days(date(year, 1, 1), date(year, 12, 31), (YEAR_INFERRED,)), fields)


def _decade(fields: Mapping[str, int], setting: Setting) -> Days:
    """Read ten days of a month (`n`: 1 to 3) or half a month (`hm`: 1 or 2)."""
    month, third = _month_number(fields), fields.get("n", 0)
    first, last = ((1, 10), (11, 20), (21, 0))[third - 1] if third else ((1, 15), (16, 0))[fields["h"] - 1]

    def span(year: int) -> Span:
        return date(year, month, first), date(year, month, last or calendar.monthrange(year, month)[1])

    return with_year(fields, setting, span)


def _week(fields: Mapping[str, int], setting: Setting) -> Days:
    """Read the week of a day, or the days 1-7, 8-14 ... of a month as its weeks, which nobody counts alike."""
    if "tw" in fields:
        return _this_week(fields["tw"], setting)
    month, number = _month_number(fields), fields.get("n", 0)

    def of_day(year: int) -> Span:
        return date(year, month, fields["d"]), date(year, month, fields["d"]) + timedelta(days=6)

    if "d" in fields:
        return with_year(fields, setting, of_day)

    def span(year: int) -> Span:
        length = calendar.monthrange(year, month)[1]
        if number < 0:
            return date(year, month, length - 6), date(year, month, length)
        return date(year, month, 7 * number - 6), date(year, month, min(7 * number, length))

    if not -1 <= number <= 5 or number == 0:
        raise ValueError("week")
    days = with_year(fields, setting, span)
    return replace(days, reasons=(*days.reasons, VAGUE))


def _this_week(later: int, setting: Setting) -> Days:
    """Return the week, Monday to Sunday, in which the document was written, or one so many weeks `later`."""
    written = setting.context.document_date
    if written is None:
        return Days(None, None, (VAGUE,))
    monday = written + timedelta(days=7 * later - written.weekday())
    return Days(monday, monday + timedelta(days=6), (VAGUE,))


def _part(days: Days, fields: Mapping[str, int]) -> Days:
    """Narrow a span to its beginning (1), middle (2) or end (3); the first two have no day that all agree on."""
    part = fields.get("part", 3)
    if part == 3 or days.start is None or days.end is None:
        return days
    length = (days.end.year - days.start.year) * 12 + days.end.month - days.start.month + 1
    if length == 1:
        end = days.end.replace(day=10 if part == 1 else 20)
    else:
        months = (length + 2) // 3 if part == 1 else (length + 1) // 2
        year, month = divmod(days.start.month - 2 + months, 12)
        end = span_of_months(days.start.year + year, month + 1, month + 1)[1]
    return replace(days, end=end, reasons=(*days.reasons, VAGUE))


def _checked(days: Days, time: Time, setting: Setting) -> Days:
    """Refuse a day whose weekday is said to be another."""
    weekday = setting.grammar.value("weekdays", time.fields["wd"]) if "wd" in time.fields else None
    if weekday is None or days.end is None or days.end.weekday() == weekday:
        return days
    return Days(None, None, (*(reason for reason in days.reasons if reason != YEAR_INFERRED), WEEKDAY))


_RESOLVERS: dict[str, Callable[[Mapping[str, int], Setting], Days]] = {
    "day": _day, "week": _week, "decade": _decade, "month": _month, "quarter": _quarter, "half": _half,
    "year": _year, "season": season, "adverb": season, "bare": _year,
}  # fmt: skip
