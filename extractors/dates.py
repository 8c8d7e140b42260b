"""Calendar days written in a text, read by the rules of the language, for the header and the documents cited."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from extractors.lexicon import Rule, load
from models.records import Language, Span

Problem = Literal["", "missing", "impossible", "ambiguous"]
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A day as written: what is not printed is None. `unclear` says that day and month may be the other
    way round, `bare` that it is in digits only, as in stamps."""

    span: Span
    rule: str
    day: int | None
    month: int | None
    year: int | None
    unclear: bool = False
    bare: bool = False

    @property
    def value(self) -> date | None:
        """The day, or None where a part is missing or no calendar has it."""
        if self.day is None or self.month is None or self.year is None:
            return None
        try:
            return date(self.year, self.month, self.day)
        except ValueError:
            return None

    @property
    def problem(self) -> Problem:
        if self.day is None or self.month is None or self.year is None:
            return "missing"
        if self.value is None:
            return "impossible"
        return "ambiguous" if self.unclear else ""


def written_dates(text: str, language: Language) -> tuple[WrittenDate, ...]:
    """Return the days written in a text, in its order; of readings that overlap the earlier rule's is taken."""
    found: list[WrittenDate] = []
    for rule in load(language, "dates").rules:
        for match in rule.pattern.finditer(text):
            written = _read(match, rule, language)
            if not any(written.span.overlaps(other.span) for other in found):
                found.append(written)
    return tuple(sorted(found, key=lambda written: written.span.start))


def day_first(text: str, language: Language) -> bool | None:
    """Tell whether a document writes the day before the month, by its dates that can be read in one order only.

    None where they disagree or none tells.
    """
    told: set[bool] = set()
    for rule in load(language, "dates").rules:
        order = rule.values.get("order")
        if order:
            told |= {said for match in rule.pattern.finditer(text) if (said := _day_first(match, order)) is not None}
    return told.pop() if len(told) == 1 else None


def _day_first(match: re.Match[str], order: str) -> bool | None:
    if order != "unclear":
        return order == "day-first"
    day, month = int(match["day"]), int(match["month"])
    return day > _MONTHS if (day > _MONTHS) != (month > _MONTHS) else None


def _read(match: re.Match[str], rule: Rule, language: Language) -> WrittenDate:
    parts = match.groupdict()
    day, month, year = _number(parts.get("day")), _month(parts.get("month"), language), _number(parts.get("year"))
    unclear = False
    if rule.values.get("order") == "unclear" and day and month:
        if month > _MONTHS >= day:
            day, month = month, day
        unclear = day <= _MONTHS and month <= _MONTHS and day != month
    start = match.start() + len(match[0]) - len(match[0].lstrip())
    return WrittenDate(Span(start, match.end()), rule.id, day, month, year, unclear, bool(rule.values.get("bare")))


def _number(text: str | None) -> int | None:
    digits = re.sub(r"\s", "", text or "")
    return int(digits) if digits else None


def _month(text: str | None, language: Language) -> int | None:
    """Return the number of a month given in digits or by its name."""
    if text is None or re.sub(r"\s", "", text).isdigit():
        return _number(text)
    return int(load(language, "dates").maps["months"][text.casefold()])
