"""The lines of a document's head, cut into segments that say what they are: motto, number, date, kind, text ...

The rules of `header.toml` carry the roles. Whole lines: noise, approval, annex, parent (the paper of which this is an
annex), addressee, subject, sender, copy, approver, authority, organ-of, place. Parts of lines: motto, kind at the
start, number, and dates where what stands before them is of role `before`; between a date and its number a place may
stand (`between`). What is left over is text.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from extractors.dates import WrittenDate, written_dates
from extractors.lexicon import Rule, load
from models.records import Document, Language, Span

WHOLE = ("noise", "approval", "annex", "parent", "addressee", "subject", "sender", "copy", "organ-of", "approver")
_LATE = ("authority", "place")
_LETTERHEAD_COLUMNS = 3  # a table with more is no letterhead
_MOST_LINES = 45
_SENTENCE = 220  # characters from which on a closed line is a sentence of the body, not a title
_PARAGRAPH = 450
_PROSE = 40  # characters behind a date that make a closed line a sentence
_COLUMN_GAP = re.compile(r"\s{3,}|\t+|\s\|\s")
_TRIM = " \t\n\u00a0"


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, or a line of a table cell; `table` marks the place of a table that is no letterhead."""

    text: str
    span: Span
    kind: str = "paragraph"
    table: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a line and its role; `values` are what its rule read."""

    role: str
    text: str
    span: Span
    line: int
    rule: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    type: str = ""
    title: str = ""
    date: WrittenDate | None = None
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document as lines; those before `body` are its head, cut into `head`."""

    language: Language
    lines: tuple[Line, ...]
    body: int
    head: tuple[Segment, ...]

    def of(self, *roles: str) -> tuple[Segment, ...]:
        return tuple(segment for segment in self.head if segment.role in roles)


def read_sheet(document: Document, language: Language) -> Sheet:
    """Return the lines of a document with its head told from its body."""
    return sheet_of(tuple(lines_of(document)), language)


def sheet_of(lines: tuple[Line, ...], language: Language) -> Sheet:
    """Return lines with the head that they begin with told from the body."""
    body = _body(lines, language)
    head = tuple(segment for index in range(body) for segment in cut(lines[index], index, language))
    return Sheet(language, lines, body, head)


@functools.cache
def rules_of(language: Language, role: str) -> tuple[Rule, ...]:
    """Return the header rules of a role, in order."""
    return tuple(rule for rule in load(language, "header").rules if rule.values.get("role") == role)


def first_match(language: Language, role: str, text: str) -> tuple[Rule, re.Match[str]] | None:
    """Return the first rule of a role that matches and its match."""
    for rule in rules_of(language, role):
        match = rule.pattern.search(text)
        if match:
            return rule, match
    return None


def cut(line: Line, index: int, language: Language) -> Iterator[Segment]:
    """Yield the segments of a line, in its order."""
    if line.table:
        return
    rest = line.text
    for match in _mottos(rest, language):
        rest = rest[: match.start()] + " " * 3 + " " * (len(match[0]) - 3) + rest[match.end() :]
    if rest != line.text:
        yield Segment("motto", line.text, line.span, index)
    for chunk in _chunks(rest, language):
        yield from _classified(chunk.of(rest), line.span.start + chunk.start, index, language)


def _mottos(text: str, language: Language) -> list[re.Match[str]]:
    return [match for rule in rules_of(language, "motto") for match in rule.pattern.finditer(text) if len(match[0]) > 3]


def _chunks(text: str, language: Language) -> Iterator[Span]:
    """Yield the stretches between wide gaps, without blanks at their ends; a blank to be filled in is no gap."""
    gaps = [Span(gap.start(), gap.end()) for gap in _COLUMN_GAP.finditer(text)]
    marks = [segment.span for segment in _marked(text, 0, language)] if gaps else []
    inner = [gap for gap in gaps if not any(gap.within(mark) for mark in marks)]
    start = 0
    for end, following in [*((gap.start, gap.end) for gap in inner), (len(text), len(text))]:
        piece = text[start:end]
        if piece.strip():
            yield Span(start + len(piece) - len(piece.lstrip(_TRIM)), start + len(piece.rstrip(_TRIM)))
        start = following


def _classified(text: str, offset: int, index: int, language: Language) -> Iterator[Segment]:
    whole = _whole(text, offset, index, language, WHOLE)
    if whole:
        yield whole
        return
    kind = first_match(language, "kind", text)
    start = 0
    if kind and kind[1].end() > 0:
        segment = _kind_segment(kind, text, offset, index)
        start = kind[1].end()
        parts = list(_parts(text[start:], offset + start, index, language, after_kind=True))
        yield _alone(segment, parts)
        yield from parts
    else:
        yield from _parts(text, offset, index, language)


def _whole(text: str, offset: int, index: int, language: Language, roles: Iterable[str]) -> Segment | None:
    for role in roles:
        found = first_match(language, role, text)
        if found:
            rule, match = found
            span = Span(offset, offset + len(text))
            return Segment(role, text, span, index, rule.id, _values(match), str(rule.values.get("type", "")))
    return None


def _values(match: re.Match[str]) -> Mapping[str, str]:
    return MappingProxyType({name: value.strip() for name, value in match.groupdict().items() if value})


def _kind_segment(found: tuple[Rule, re.Match[str]], text: str, offset: int, index: int) -> Segment:
    rule, match = found
    values = _values(match)
    kind = next((name for name in values if name != "number"), "other")
    span = Span(offset, offset + match.end())
    title = str(rule.values.get("title", ""))
    return Segment("kind", text[: match.end()], span, index, rule.id, values, kind, title)


def _alone(segment: Segment, parts: list[Segment]) -> Segment:
    """Mark a kind that has its line for itself, but for its number and date."""
    alone = all(part.role in ("number", "date", "place", "noise") for part in parts)
    return Segment(
        segment.role, segment.text, segment.span, segment.line, segment.rule, segment.values, segment.type,
        segment.title, None, alone,
    )  # fmt: skip


def _parts(text: str, offset: int, index: int, language: Language, after_kind: bool = False) -> Iterator[Segment]:
    """Yield the number and dates of a stretch and what stands around them."""
    position, dated = 0, False
    for segment in _marked(text, index, language):
        if segment.span.start < position:
            continue
        before = text[position : segment.span.start]
        issuer = first_match(language, "before-in-kind", before) if after_kind else None
        if issuer:
            yield from _plain(issuer[1]["text"], offset + position, index, language)
        elif before.strip() and not _leads(before, segment, language, after_date=dated):
            continue
        elif before.strip() and segment.role == "number":
            yield from _plain(before, offset + position, index, language)
        position = segment.span.end
        dated = segment.role == "date"
        yield Segment(
            segment.role, segment.text, segment.span.shifted(offset), index, segment.rule, segment.values,
            date=segment.date,
        )  # fmt: skip
    yield from _plain(text[position:], offset + position, index, language)


def _marked(text: str, index: int, language: Language) -> list[Segment]:
    """Return the numbers and dates that may be the document's own, in order, with spans in the text."""
    found: list[Segment] = []
    for rule in rules_of(language, "number"):
        for match in rule.pattern.finditer(text):
            span = Span(match.start(), match.end())
            if not any(span.overlaps(other.span) for other in found):
                found.append(Segment("number", match[0], span, index, rule.id, _values(match)))
    for date in written_dates(text, language):
        if not _in_prose(text, date.span) and not any(date.span.overlaps(other.span) for other in found):
            found.append(Segment("date", date.span.of(text), date.span, index, date.rule, date=date))
    return sorted(found, key=lambda segment: segment.span.start)


def _in_prose(text: str, span: Span) -> bool:
    """Tell whether a sentence goes on behind a date: then it is not the document's own."""
    return len(text) - span.end > _PROSE and text.rstrip()[-1:] in ".;:!?"


def _leads(before: str, segment: Segment, language: Language, *, after_date: bool) -> bool:
    """Tell whether the words before a number or date are those that stand before a document's own.

    Between the date and the number a place may stand.
    """
    if segment.role == "number" and ":" in segment.text:
        return True
    if segment.role == "number" and after_date and first_match(language, "between", before):
        return True
    return first_match(language, "before", before) is not None


def _plain(text: str, offset: int, index: int, language: Language) -> Iterator[Segment]:
    stripped = text.strip(_TRIM + ".,;|")
    if not stripped:
        return
    start = offset + text.index(stripped)
    late = _whole(stripped, start, index, language, (*WHOLE, *_LATE))
    yield late or Segment("text", stripped, Span(start, start + len(stripped)), index)


def lines_of(document: Document) -> Iterator[Line]:
    """Yield the paragraphs and the lines of letterheads set as tables; a table of data is one empty line."""
    for block in document.blocks:
        if block.kind == "footnote":
            continue
        if block.kind != "table":
            yield Line(block.span.of(document.text), block.span, block.kind)
            continue
        if max((cell.column + cell.column_span for cell in block.cells), default=0) > _LETTERHEAD_COLUMNS:
            yield Line("", block.span, table=True)
            continue
        for cell in block.cells:
            yield from _cell_lines(document.text, cell.span)


def _cell_lines(text: str, span: Span) -> Iterator[Line]:
    start = span.start
    for piece in span.of(text).split("\n"):
        if piece.strip():
            yield Line(piece, Span(start, start + len(piece)), "cell")
        start += len(piece) + 1


def _body(lines: tuple[Line, ...], language: Language) -> int:
    """Return the index of the first line of the body: a basis, a point, a sentence, a table of data."""
    for index, line in enumerate(lines[:_MOST_LINES]):
        if index == 0 and first_match(language, "addressee", line.text):
            continue
        if line.table or first_match(language, "body", line.text):
            return index
        length = len(line.text.strip())
        if length > _PARAGRAPH or (length > _SENTENCE and line.text.rstrip()[-1:] in ".:;!?…"):
            return index
    return min(len(lines), _MOST_LINES)
