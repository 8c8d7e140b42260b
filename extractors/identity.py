"""The number and date of a document: in its head, in what the file states, below the signature, in an annex's title.

A number or date for which the paper has a place that is blank or unreadable is kept as far as it is printed, and
flagged; it is then not taken from a stamp or a byline.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from extractors.dates import written_dates
from extractors.letterhead import Segment, Sheet, cut, first_match
from extractors.lexicon import load
from extractors.references import find_references, normalised
from extractors.reported import Report, published
from extractors.signature import Signature, first_annex
from models.records import Document, DocumentReference, Language, Span

_TAIL = 6  # lines below a signature in which date and number may stand
_SHORT = 80  # characters of the longest line that is a date or number and no sentence
_NUMBER_KEYS, _DATE_KEYS = ("number",), ("date_signed", "date-signed", "signed", "date")


@dataclass(frozen=True, slots=True)
class Found:
    """A number or date with the rule that found it and why a person should look at it."""

    number: str = ""
    date: date | None = None
    rule: str = ""
    reasons: tuple[str, ...] = ()
    span: Span | None = None


def below_signature(sheet: Sheet, signature: Signature | None) -> tuple[Segment, ...]:
    """Return the segments below the signature, where some papers have date, number and issuer."""
    end = first_annex(sheet, sheet.body)
    start = signature.line + 1 if signature and signature.line >= sheet.body else max(sheet.body, end - _TAIL)
    closing = (
        index
        for index in range(sheet.body, end)
        if not sheet.lines[index].table and first_match(sheet.language, "closing-issuer", sheet.lines[index].text)
    )
    start = next(closing, start)
    return tuple(segment for index in range(start, min(start + _TAIL, end)) for segment in _short(sheet, index))


def _short(sheet: Sheet, index: int) -> tuple[Segment, ...]:
    """Cut a line below a signature; sentences there are no numbers and dates."""
    line = sheet.lines[index]
    return tuple(cut(line, index, sheet.language)) if len(line.text) <= _SHORT else ()


def find_number(document: Document, sheet: Sheet, tail: tuple[Segment, ...], report: Report | None) -> Found:
    head = [*_kind_numbers(sheet), *_numbers(sheet.head, sheet.language)]
    below = [found for found in _numbers(tail, sheet.language) if not found.reasons]
    parent = _parent(sheet)
    candidates = [
        *(found for found in head if not found.reasons),
        *_from_metadata(document),
        *below,
        *([Found(number=parent.number, rule="parent")] if parent else []),
        *([Found(number=normalised(report.values["number"]), rule=report.rule)] if report else []),
    ]
    partial = sorted((found for found in head if found.reasons), key=lambda found: not found.number)
    return next(iter([*candidates, *partial]), Found())


def _kind_numbers(sheet: Sheet) -> list[Found]:
    return [
        Found(number=normalised(kind.values["number"]), rule=kind.rule, span=kind.span)
        for kind in sheet.of("kind")
        if kind.values.get("number")
    ]


def _numbers(segments: tuple[Segment, ...], language: Language) -> list[Found]:
    """Return the numbers among segments; one that isn't whole has a reason."""
    file = load(language, "header")
    whole = file.pattern(file.parts["complete"])
    found = []
    for segment in segments:
        if segment.role == "number":
            number = normalised(segment.values.get("number", "")).replace(" ", "").strip(".…_,;:'\"")
            reasons = () if whole.fullmatch(number) else ("header-number-missing",)
            found.append(Found(number=number, rule=segment.rule, reasons=reasons, span=segment.span))
    return found


def _from_metadata(document: Document) -> list[Found]:
    """Return number and date that the file itself states, as the front matter of a Markdown file does."""
    values = dict(document.metadata)
    number = next((values[key] for key in _NUMBER_KEYS if values.get(key, "").strip(" '\"")), "")
    return [Found(number=number.strip(" '\""), rule="metadata.number")] if number else []


def _parent(sheet: Sheet) -> DocumentReference | None:
    """Return the paper to which an annex that came alone belongs, as the lines at its top name it."""
    marks = sheet.of("annex", "parent")
    if not marks:
        return None
    start, end = marks[0].line, max(mark.line for mark in marks) + 4
    text = " ".join(line.text for line in sheet.lines[start : min(end, max(sheet.body, marks[-1].line + 1))])
    return next(iter(find_references(text, sheet.language)), None)


def find_date(
    document: Document, sheet: Sheet, tail: tuple[Segment, ...], report: Report | None, kind: Segment | None
) -> Found:
    head = _dates(sheet.head)
    parent = _parent(sheet)
    candidates = [
        *(found for found in head if found.date),
        *_metadata_date(document),
        *(found for found in _dates(tuple(part for part in tail if part.date and not part.date.bare)) if found.date),
        *([Found(date=parent.date, rule="parent")] if parent and parent.date else []),
        *([Found(date=report.date, rule=report.rule)] if report and report.date else []),
    ]
    slots = [*(found for found in head if not found.date), *_blank_slots(sheet)]
    if not slots:
        candidates += [*_in_kind(sheet, kind), *_labelled(sheet, kind), *_published(document, sheet)]
    return next(iter([*candidates, *slots]), Found())


def _dates(segments: tuple[Segment, ...]) -> list[Found]:
    """Return the dates among segments; one that is incomplete, impossible or ambiguous has a reason."""
    found = []
    for segment in segments:
        if segment.date is not None:
            problem = segment.date.problem
            reasons = (f"header-date-{problem}",) if problem else ()
            found.append(Found(date=segment.date.value, rule=segment.rule, reasons=reasons, span=segment.span))
    return found


def _blank_slots(sheet: Sheet) -> list[Found]:
    """Return a missing date for a line that has the label of the date, and nothing readable behind it."""
    dated = {segment.line for segment in sheet.of("date")}
    for index in range(sheet.body):
        found = first_match(sheet.language, "date-slot", sheet.lines[index].text)
        if found and index not in dated:
            return [Found(rule=found[0].id, reasons=("header-date-missing",))]
    return []


def _metadata_date(document: Document) -> list[Found]:
    values = dict(document.metadata)
    for key in _DATE_KEYS:
        try:
            return [Found(date=date.fromisoformat(values.get(key, "").strip(" '\"")[:10]), rule=f"metadata.{key}")]
        except ValueError:
            continue
    return []


def _published(document: Document, sheet: Sheet) -> list[Found]:
    issue = published(document, sheet.language)
    reasons = ("header-date-ambiguous",) if issue.unclear else ()
    return [Found(date=issue.date, rule=issue.rule, reasons=reasons)] if issue.date else []


def _in_kind(sheet: Sheet, kind: Segment | None) -> list[Found]:
    """Return the date in the title line of minutes: that of the meeting."""
    if kind is None or kind.type != "minutes" or not kind.title:
        return []
    return [reading for reading in _dates(tuple(_labelled_parts(sheet, kind.line))) if reading.date]


def _labelled(sheet: Sheet, kind: Segment | None) -> list[Found]:
    """Return a date that a label in the document says is that of signing, drawing up, adoption or meeting."""
    found = []
    for index, line in enumerate(sheet.lines):
        label = None if line.table else first_match(sheet.language, "labelled-date", line.text)
        if label and _holds(label[0].values, index, sheet, kind):
            found += [
                reading for reading in _dates(tuple(_labelled_parts(sheet, index, label[1].end()))) if reading.date
            ]
    return [reading for reading in found if reading.date]


def _holds(values: Mapping[str, Any], index: int, sheet: Sheet, kind: Segment | None) -> bool:
    """Tell whether a label counts: some do `only` in papers of a kind or in the `head`, most on short lines."""
    if values.get("head") and index >= sheet.body:
        return False
    if values.get("only"):
        return kind is not None and kind.type == values["only"]
    return bool(values.get("long") or values.get("head")) or len(sheet.lines[index].text) <= _SHORT


def _labelled_parts(sheet: Sheet, index: int, start: int = 0) -> list[Segment]:
    text = sheet.lines[index].text
    offset = sheet.lines[index].span.start
    return [
        Segment("date", written.span.of(text), written.span.shifted(offset), index, written.rule, date=written)
        for written in written_dates(text, sheet.language)
        if written.span.start >= start
    ]
