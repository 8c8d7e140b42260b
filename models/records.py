"""The records every part of chidao speaks in: frozen, plain, with offsets into the text they speak of.

A Document is one text. Everything found in it is a Span of that text, and every span leads to pages and boxes
through the document's words. Boxes are in points (1/72 inch) with the origin at the top left of the page.
"""

from __future__ import annotations

import bisect
import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Language = Literal["vi", "en", "ru"]
LANGUAGES: tuple[Language, ...] = ("vi", "en", "ru")

ReadingMethod = Literal["native", "text-layer", "repaired-text-layer", "ocr"]
BlockKind = Literal["paragraph", "heading", "table", "footnote"]
DocumentType = Literal[
    "decision", "plan", "directive", "notice", "dispatch", "resolution", "order", "minutes", "letter", "other"
]
DeadlineKind = Literal["date", "period", "recurring", "relative", "event", "ongoing", "none"]
DeadlineBound = Literal["", "before", "by", "in", "from"]
ReviewStatus = Literal["new", "accepted", "corrected", "rejected"]


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters, `text[start:end]`."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]

    def within(self, other: Span) -> bool:
        return other.start <= self.start and self.end <= other.end

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def shifted(self, offset: int) -> Span:
        return Span(self.start + offset, self.end + offset)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points from the page's top left corner."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Word:
    """A stretch of the document's text and the box it stands in; words are in text order."""

    start: int
    end: int
    box: Box
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Page:
    """A page, its size in points, the way it was read and how far the reading can be trusted (0 to 1)."""

    number: int
    width: float
    height: float
    method: ReadingMethod = "native"
    quality: float = 1.0
    rotation: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: where its text stands, its place in the grid and how many rows and columns it covers."""

    start: int
    end: int
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    bold: bool = False

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, table or footnote. `level` is the outline level where the format knows it (1 is the top),
    `indent` the left indent in points; `cells` are in reading order and only tables have them."""

    kind: BlockKind
    start: int
    end: int
    page: int = 1
    level: int = 0
    bold: bool = False
    centered: bool = False
    indent: float = 0.0
    cells: tuple[Cell, ...] = ()

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Document:
    """One directive as read from a file: NFC text, its blocks in reading order, the place of its words.

    `words` is empty for formats without pages; every position is then on page 1 and has no box. `file_name` is the
    name as dropped, `sha256` the hash of the file's bytes, `warnings` are message codes of `models.errors`.
    """

    file_name: str
    sha256: str
    media_type: str
    text: str
    blocks: tuple[Block, ...]
    pages: tuple[Page, ...] = (Page(1, 0.0, 0.0),)
    words: tuple[Word, ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()
    part: int = 0
    _starts: tuple[int, ...] = field(default=(), repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self._starts and self.words:
            object.__setattr__(self, "_starts", tuple(word.start for word in self.words))

    def words_in(self, span: Span) -> Iterator[Word]:
        """Yield the words that overlap the span, in text order."""
        index = max(0, bisect.bisect_right(self._starts, span.start) - 1)
        for word in self.words[index:]:
            if word.start >= span.end:
                return
            if word.end > span.start:
                yield word

    def page_of(self, position: int) -> int:
        """Return the 1-based page of a character."""
        if self.words:
            for word in self.words_in(Span(position, len(self.text))):
                return word.box.page
        return self.block_at(position).page if self.blocks else 1

    def boxes_of(self, span: Span) -> tuple[Box, ...]:
        """Return one box a line of the span, in reading order; empty where the format has no pages."""
        lines: list[Box] = []
        for word in self.words_in(span):
            box = word.box
            if lines and lines[-1].page == box.page and _same_line(lines[-1], box):
                last = lines[-1]
                lines[-1] = Box(
                    box.page, min(last.x0, box.x0), min(last.y0, box.y0), max(last.x1, box.x1), max(last.y1, box.y1)
                )
            else:
                lines.append(box)
        return tuple(lines)

    def block_at(self, position: int) -> Block:
        """Return the last block that starts at or before the position."""
        index = bisect.bisect_right(self.blocks, position, key=lambda block: block.start) - 1
        return self.blocks[max(index, 0)]


def _same_line(left: Box, right: Box) -> bool:
    overlap = min(left.y1, right.y1) - max(left.y0, right.y0)
    return overlap > 0.5 * min(left.y1 - left.y0, right.y1 - right.y0) and right.x0 >= left.x0


@dataclass(frozen=True, slots=True)
class DocumentReference:
    """A document cited in the text, by its number: `57-NQ/TW`."""

    number: str
    span: Span
    date: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """What a document says of itself; a field that it doesn't say is empty or None."""

    language: Language
    type: DocumentType = "other"
    number: str = ""
    date: datetime.date | None = None
    issuer: str = ""
    title: str = ""
    signer: str = ""
    addressees: tuple[str, ...] = ()
    references: tuple[DocumentReference, ...] = ()
    reasons: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deadline:
    """A time limit: the words, what kind it is and the days it names.

    `start` and `due` are the span named; `due` is the last day of the time named, whatever the bound. `recurrence` is
    an RFC 5545 RRULE value. `base` says what a relative deadline counts from. `reasons` are review reason codes.
    """

    kind: DeadlineKind
    text: str
    span: Span
    bound: DeadlineBound = ""
    start: datetime.date | None = None
    due: datetime.date | None = None
    recurrence: str = ""
    base: str = ""
    rule: str = ""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit or office-holder as the document names it, in the nominative; `id` comes from the unit registry."""

    name: str
    span: Span
    id: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One row of the register, before a person has seen it. Spans are of the document's text."""

    id: str
    span: Span
    action: Span
    text: str
    section: str
    page: int
    leads: tuple[Unit, ...] = ()
    coordinators: tuple[Unit, ...] = ()
    deadline: Deadline | None = None
    deliverable: str = ""
    references: tuple[str, ...] = ()
    parent_id: str = ""
    confidence: float = 0.0
    reasons: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    same_as: str = ""
    also_at: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Extraction:
    """A document with everything found in it."""

    document: Document
    document_id: str
    header: Header
    tasks: tuple[Task, ...]
