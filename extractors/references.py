"""Documents cited in a text by their number, with the date that stands beside it."""

from __future__ import annotations

import re
from datetime import date

from extractors.dates import written_dates
from extractors.lexicon import RuleFile, load
from models.records import DocumentReference, Language, Span

_REACH = 60  # characters between a number and its date, and the length of the date


def find_references(text: str, language: Language) -> tuple[DocumentReference, ...]:
    """Return the documents cited by number, in text order; where readings overlap, the earlier rule's is taken."""
    file = load(language, "references")
    found: list[DocumentReference] = []
    for rule in file.rules:
        for match in rule.pattern.finditer(text):
            span = Span(match.start("number"), match.end("number"))
            if not any(span.overlaps(other.span) for other in found):
                found.append(DocumentReference(normalised(span.of(text)), span, _date_beside(text, span, file)))
    return tuple(sorted(found, key=lambda reference: reference.span.start))


def normalised(number: str) -> str:
    """Return a number with single blanks, and none around its slashes, dashes and dots."""
    number = re.sub(r"\s+", " ", number.strip())
    return re.sub(r"(?<=\d)\s+(?=[/-])|(?<=[/-])\s+", "", number)


def _date_beside(text: str, number: Span, file: RuleFile) -> date | None:
    """Return the date right after the number, or right before it where the language writes it there."""
    start = max(0, number.start - _REACH)
    window = text[start : number.end + _REACH]
    for written in written_dates(window, file.language):
        day = written.span.shifted(start)
        if day.start >= number.end and _joined(text[number.end : day.start], "dated", file):
            return written.value
        if day.end <= number.start and _joined(text[day.end : number.start], "named", file):
            return written.value
    return None


def _joined(between: str, part: str, file: RuleFile) -> bool:
    return file.pattern(file.parts[part]).fullmatch(between) is not None
