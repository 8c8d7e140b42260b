"""Years that begin in no January and their parts: school years and terms, fiscal years, seasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from extractors.deadlines.years import SEASON_TURN, VAGUE, Days, Setting, Span, four_digits, span_of_months, with_year


def season(fields: Mapping[str, int], setting: Setting) -> Days:
    """Read a school year or its part, a fiscal year or a season of the year."""
    for field, spans in (("sh", "school_halves"), ("sq", "school_quarters")):
        if field in fields:
            return school_part(spans, fields[field], fields, setting)
    if "s" in fields:
        first = fields["s"]
        if first == 12:  # a winter has two years
            return Days(None, None, (VAGUE,))
        days = with_year(fields, setting, lambda year: span_of_months(year, first, first + 2))
        return replace(days, reasons=(*days.reasons, VAGUE))
    if "fy" in fields:
        return _fiscal_year(fields, setting)
    first = four_digits(fields["y0"]) if "y0" in fields else four_digits(fields["y"]) - 1
    return replace(school_year(first, setting), several=True)


def _fiscal_year(fields: Mapping[str, int], setting: Setting) -> Days:
    """Read a fiscal year, or a quarter or half of it; it begins where the country whose notation it is begins it."""
    last = four_digits(fields["fy"])
    if "y0" in fields and last != fields["y0"] + 1:
        raise ValueError("fiscal year")
    begin, end = setting.grammar.settings["fiscal_year_of_two" if "y0" in fields else "fiscal_year"].split("/")
    first, length, number = _month_day(last - 1, begin), 3 if "q" in fields else 6, fields.get("q", fields.get("h"))
    if number is None:
        return Days(first, _month_day(last, end), (VAGUE,))
    opening = _later(first, length * (fields.get("q0", number) - 1))
    return Days(opening, _later(first, length * number) - timedelta(days=1), (VAGUE,), several="q0" in fields)


def _later(first: date, count: int) -> date:
    """Return the first day of a month so many months after another."""
    year, month = divmod(first.year * 12 + first.month - 1 + count, 12)
    return date(year, month + 1, 1)


def school_year(first: int, setting: Setting) -> Days:
    """Return the school year that begins in a year."""
    begin, end = setting.grammar.settings["school_year"].split("/")
    return Days(_month_day(first, begin), _month_day(first + 1, end))


def _month_day(year: int, words: str) -> date:
    month, day = words.split("-")
    return date(year, int(month), int(day))


def school_part(spans: str, number: int, fields: Mapping[str, int], setting: Setting) -> Days:
    """Read a half or quarter of a school year; schools end them on days of their own, so it is a reading."""
    begin, end = setting.grammar.settings[spans][number - 1].split("/")

    def span(year: int) -> Span:
        return _month_day(year, begin), _month_day(year, end)

    if "y0" in fields:
        first = four_digits(fields["y0"])
        days = Days(*span(first if span(first)[0].month >= SEASON_TURN else first + 1))
    else:
        days = with_year(fields, setting, span)
    return replace(days, reasons=(*days.reasons, VAGUE))
