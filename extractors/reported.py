"""The paper that a web article reports: its number and kind where the article says that it was issued, its day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from extractors.dates import written_dates
from extractors.letterhead import Sheet, first_match
from extractors.references import find_references, normalised
from models.records import Document, Language

_LEAD_LINES = 7  # an article names the paper it reports at its beginning; later ones are background
_OLD = 45  # days before publication from which on a paper is no news
_ISO = re.compile(r"(?<!\d)(20\d\d)-(\d\d)-(\d\d)(?!\d)")
_STAMP = re.compile(r"(?<!\d)(20\d\d)(?P<mark>[/-]?)(0[1-9]|1[0-2])(?P=mark)(0[1-9]|[12]\d|3[01])(?=\d{6,}|[/_.-]|$)")


@dataclass(frozen=True, slots=True)
class Report:
    """What an article says of the paper it reports; `values` are what the rule read."""

    values: Mapping[str, str]
    date: date | None
    rule: str


@dataclass(frozen=True, slots=True)
class Publication:
    """The day an article was published, what says so, and whether day and month may be the other way round."""

    date: date | None = None
    rule: str = ""
    unclear: bool = False


def published(document: Document, language: Language) -> Publication:
    """Return the day an article was published, by its byline or else by the stamp in its address."""
    metadata = dict(document.metadata)
    said = metadata.get("published", "")
    match = _ISO.search(said)
    if match and (day := _day(match, (1, 2, 3))):
        return Publication(day, "metadata.published")
    for written in written_dates(said, language):
        if written.value:
            return Publication(written.value, "metadata.published", written.unclear)
    match = _STAMP.search(metadata.get("source", "") or metadata.get("url", ""))
    if match and (day := _day(match, (1, 3, 4))):
        return Publication(day, "metadata.source")
    return Publication()


def find_report(document: Document, sheet: Sheet) -> Report | None:
    """Return the paper that the lead of an article says was signed or issued."""
    day_out = published(document, sheet.language).date
    for line in sheet.lines[:_LEAD_LINES]:
        found = None if line.table else first_match(sheet.language, "reported", line.text)
        if not found:
            continue
        rule, match = found
        day = _date_of(line.text, match, sheet, day_out)
        if not (day and day_out and abs((day_out - day).days) > _OLD):
            values = {name: value.strip() for name, value in match.groupdict().items() if value}
            return Report(values, day, rule.id)
    return None


def _date_of(text: str, match: re.Match[str], sheet: Sheet, day_out: date | None) -> date | None:
    """Return the day beside the number or, before it in the sentence, the day of signing; the year may be unsaid."""
    number = normalised(match["number"])
    for reference in find_references(text, sheet.language):
        if reference.number == number and reference.date:
            return reference.date
    for written in reversed(written_dates(text[: match.start("number")], sheet.language)):
        if written.value:
            return written.value
        if written.day and written.month and day_out:
            return _nearest(written.day, written.month, day_out)
    return None


def _nearest(day: int, month: int, near: date) -> date | None:
    """Return the day of the year nearest before another day."""
    for year in (near.year, near.year - 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= near:
            return found
    return None


def _day(match: re.Match[str], order: tuple[int, int, int]) -> date | None:
    try:
        return date(*(int(match[group]) for group in order))
    except ValueError:
        return None
