"""What readers find in a file before it becomes a Document: paragraphs and tables with their own texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from models.records import BlockKind

_LAYOUT_ROWS, _UNSURE_ROWS, _LAYOUT_COLUMNS = 6, 2, 3


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; line breaks in its text part it unless a sentence runs over them. `indent` is in points."""

    text: str
    kind: BlockKind = "paragraph"
    page: int = 1
    level: int = 0
    bold: bool = False
    centered: bool = False
    indent: float = 0.0


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell with its place in the grid; line breaks in its text part real paragraphs."""

    text: str
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; cells in reading order."""

    cells: tuple[TableCell, ...]
    page: int = 1

    @property
    def rows(self) -> int:
        return max((cell.row + cell.row_span for cell in self.cells), default=0)

    @property
    def columns(self) -> int:
        return max((cell.column + cell.column_span for cell in self.cells), default=0)


Piece = Paragraph | Table


def table_of(rows: Iterable[Sequence[str]], page: int = 1) -> Table:
    """Return a table of plain rows of cell texts."""
    return Table(
        tuple(TableCell(text, row, column) for row, texts in enumerate(rows) for column, text in enumerate(texts)), page
    )


def is_layout(table: Table, bordered: bool | None) -> bool:
    """Tell whether a table only sets paragraphs side by side, as the head and the signature of a paper are set.

    `bordered` is None where the file doesn't say.
    """
    if table.columns == 1:
        return not bordered or table.rows == 1
    most = 1 if bordered else _LAYOUT_ROWS if bordered is False else _UNSURE_ROWS
    return table.columns <= _LAYOUT_COLUMNS and table.rows <= most


def in_reading_order(table: Table) -> Iterator[TableCell]:
    """Yield the cells of a layout table column by column; labels with their values beside them row by row."""
    if _has_labels(table):
        yield from sorted(table.cells, key=lambda cell: (cell.row, cell.column))
    else:
        yield from sorted(table.cells, key=lambda cell: (cell.column, cell.row))


def _has_labels(table: Table) -> bool:
    labels = [cell.text.strip() for cell in table.cells if cell.column == 0 and cell.text.strip()]
    short = (len(label.split()) < 3 or label.endswith(":") for label in labels)
    return table.rows > 1 and len(labels) > 1 and all(short) and not any("\n" in label for label in labels)


def joined_tables(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield the pieces with tables that follow one another in the same columns as one, its head not repeated."""
    waiting: Table | None = None
    for piece in pieces:
        if isinstance(piece, Paragraph) and not piece.text.strip():
            continue
        if isinstance(piece, Table) and waiting is not None and _goes_on(waiting, piece):
            waiting = _joined(waiting, piece)
            continue
        if waiting is not None:
            yield waiting
        waiting = piece if isinstance(piece, Table) else None
        if waiting is None:
            yield piece
    if waiting is not None:
        yield waiting


def _goes_on(first: Table, second: Table) -> bool:
    if first.columns != second.columns or first.columns < 2:
        return False
    return first.rows == 1 or _row(first, 0) == _row(second, 0)


def _row(table: Table, row: int) -> list[tuple[int, str]]:
    return [(cell.column, " ".join(cell.text.split())) for cell in table.cells if cell.row == row]


def _joined(first: Table, second: Table) -> Table:
    skipped = 1 if _row(first, 0) == _row(second, 0) else 0
    offset = first.rows - skipped
    more = tuple(replace(cell, row=cell.row + offset) for cell in second.cells if cell.row >= skipped)
    return Table((*first.cells, *more), first.page)
