"""From the pieces a reader finds, in reading order, to a Document: one text, its blocks and cells."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from models.errors import ReadError
from models.records import Block, BlockKind, Cell, Document, Page
from pipeline.readers.characters import clean, continues, soften
from pipeline.readers.pieces import Paragraph, Piece, Table, TableCell
from pipeline.readers.sidebyside import unfold
from pipeline.readers.vietnamese import decode_legacy, is_vietnamese, mend_words

_STROKE = re.compile(r"^[-–—_=*~.·•\s]*$")  # a line drawn between parts of a paper
_SEPARATOR = "\n\x1d\n"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found in a file: pieces in reading order (footnotes last), and what the file says of itself."""

    pieces: tuple[Piece, ...]
    media_type: str
    metadata: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class _Text:
    """The text as it grows, with its length."""

    parts: list[str] = field(default_factory=list)
    length: int = 0

    def add(self, text: str) -> tuple[int, int]:
        """Append a line (or lines) and return its range; an empty one has a place and no separator."""
        if text and self.parts:
            self.parts.append("\n")
            self.length += 1
        start = self.length
        if text:
            self.parts.append(text)
            self.length += len(text)
        return start, self.length


def assemble(file_name: str, data: bytes, reading: Reading) -> Document:
    """Return the document of a file's pieces. Raises ReadError where nothing is left to read."""
    pieces, told, encoding = _decoded(reading)
    pieces = tuple(_whole(_cleaned(unfold(pieces))))
    text = _Text()
    blocks = tuple(block for block in (_block(piece, text) for piece in pieces) if block.start < block.end)
    if not blocks:
        raise ReadError("read-empty", file=file_name)
    metadata = (*told, ("encoding", encoding)) if encoding else told
    return Document(
        file_name=file_name,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=reading.media_type,
        text="".join(text.parts),
        blocks=blocks,
        pages=tuple(Page(number, 0.0, 0.0) for number in range(1, max(block.page for block in blocks) + 1)),
        metadata=tuple((clean(key), clean(value)) for key, value in metadata),
        warnings=reading.warnings,
    )


def texts_of(pieces: Iterable[Piece]) -> Iterator[str]:
    """Yield the texts of paragraphs and cells in reading order."""
    for piece in pieces:
        if isinstance(piece, Paragraph):
            yield piece.text
        else:
            yield from (cell.text for cell in piece.cells)


def with_texts(pieces: Iterable[Piece], texts: Iterable[str]) -> Iterator[Piece]:
    """Yield the pieces with other texts, given in the order of `texts_of`."""
    source = iter(texts)
    for piece in pieces:
        if isinstance(piece, Paragraph):
            yield replace(piece, text=next(source))
        else:
            yield replace(piece, cells=tuple(replace(cell, text=next(source)) for cell in piece.cells))


def _decoded(reading: Reading) -> tuple[tuple[Piece, ...], tuple[tuple[str, str], ...], str]:
    """Return pieces and metadata with old Vietnamese encodings as Unicode, judged over the whole text."""
    told = [value for _, value in reading.metadata]
    text, encoding = decode_legacy(_SEPARATOR.join([*told, *texts_of(reading.pieces)]))
    if not encoding:
        return reading.pieces, reading.metadata, ""
    texts = text.split(_SEPARATOR)
    keys = (key for key, _ in reading.metadata)
    metadata = tuple(zip(keys, texts[: len(told)], strict=True))
    return tuple(with_texts(reading.pieces, texts[len(told) :])), metadata, encoding


def _cleaned(pieces: tuple[Piece, ...]) -> Iterator[Piece]:
    texts = [clean(text) for text in texts_of(pieces)]
    if is_vietnamese("\n".join(texts)):
        texts = [mend_words(text) for text in texts]
    return with_texts(pieces, texts)


def _whole(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield every paragraph as pieces of one line; a line break within a sentence or a centred title is a blank."""
    waiting: Paragraph | None = None
    for piece in _lines(pieces):
        if waiting and isinstance(piece, Paragraph) and _is_broken_title(waiting, piece):
            waiting = replace(waiting, text=f"{waiting.text} {piece.text}")
            continue
        if waiting:
            yield waiting
        waiting = piece if isinstance(piece, Paragraph) else None
        if waiting is None:
            yield piece
    if waiting:
        yield waiting


def _lines(pieces: Iterable[Piece]) -> Iterator[Piece]:
    for piece in pieces:
        if isinstance(piece, Table):
            yield piece
        else:
            lines = soften(piece.text).split("\n")
            yield from (replace(piece, text=line) for line in lines if not _STROKE.match(line))


def _is_broken_title(first: Paragraph, second: Paragraph) -> bool:
    return (
        first.centered and second.centered and first.bold == second.bold and first.page == second.page
        and continues(first.text, second.text)
    )  # fmt: skip


def _block(piece: Piece, text: _Text) -> Block:
    if isinstance(piece, Table):
        return _table(piece, text)
    start, end = text.add(piece.text)
    kind: BlockKind = "heading" if piece.level and piece.kind == "paragraph" else piece.kind
    return Block(kind, start, end, piece.page, piece.level, piece.bold, piece.centered, piece.indent)


def _table(table: Table, text: _Text) -> Block:
    cells = tuple(_cell(cell, text) for cell in table.cells)
    filled = [cell for cell in cells if cell.start < cell.end]
    start, end = (filled[0].start, filled[-1].end) if filled else (text.length, text.length)
    # a cell that is empty before the first filled one would else stand before its table
    cells = tuple(replace(cell, start=start, end=start) if cell.end < start else cell for cell in cells)
    return Block("table", start, end, table.page, cells=cells)


def _cell(cell: TableCell, text: _Text) -> Cell:
    start, end = text.add(cell.text)
    return Cell(start, end, cell.row, cell.column, cell.row_span, cell.column_span, cell.bold)
