"""The words of a page go into the cells of its grids."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.readers.pages.columns import rows_of
from pipeline.readers.pages.grids import Grid, GridCell, grids_of
from pipeline.readers.pages.paragraphs import Paragraph, column_of, line_distances, paragraphs_of
from pipeline.readers.pages.sheets import Line, Rule, Sheet, Token, joined, line_of

SAME_EDGE = 7.0  # points: how far the columns of a continued table may shift
_BLANK = 0.5  # of the font size: no cells stand nearer to each other
_INSIDE = 0.3  # of the font size: how far a letter's line stands from the ends of its word
_ROW = 2.0  # of the font size: the height of a row of one line
_PADDING = 5.4  # points between a cell's edge and its text where the text doesn't tell; Word's default


@dataclass(slots=True)
class TableCell:
    """A cell: its place in the table, how many rows and columns it covers, and its paragraphs.

    `tops` marks a cell that is empty in the first row of a page, where that row is no rest of the one before.
    """

    row: int
    column: int
    row_span: int
    column_span: int
    paragraphs: list[Paragraph] = field(default_factory=list)
    tops: bool = False

    @property
    def text(self) -> str:
        return "\n".join(paragraph.text for paragraph in self.paragraphs)


@dataclass(slots=True)
class Table:
    """A table: its cells in reading order, its column edges, where it begins on its first page and ends on its last."""

    cells: list[TableCell]
    xs: list[float]
    page: int
    top: float
    bottom: float
    rows: int

    def row(self, number: int) -> list[TableCell]:
        return [cell for cell in self.cells if cell.row == number]


def tables_of(sheet: Sheet, before: Table | None = None) -> tuple[list[Table], list[Line]]:
    """Return the ruled tables of a page and the lines that stand outside of them.

    What has too few cells for a table is one if the last table of the page before, `before`, has the same columns.
    """
    lines = sheet.lines
    tables: list[Table] = []
    for grid in grids_of(sheet.horizontal, [rule for rule in sheet.vertical if not _is_stroke(rule, sheet.lines)]):
        inside, outside = _parted(lines, grid)
        upended, _ = _parted(sheet.upended, grid)
        rest = before is not None and not tables and _same_edges(grid.xs, before.xs)
        table = _table(grid, inside, upended, sheet.number, rest)
        if table is not None:
            tables.append(table)
            lines = outside
    return tables, lines


def _is_stroke(rule: Rule, lines: list[Line]) -> bool:
    """Tell whether a vertical line of an image is that of a letter: no longer than a row, within a word."""
    return any(
        token.x0 + _INSIDE * token.size < rule.at < token.x1 - _INSIDE * token.size
        and rule.end - rule.start < _ROW * token.size
        and min(rule.end, token.bottom) - max(rule.start, token.top) > 0.5 * token.size
        for line in lines
        if line.x0 < rule.at < line.x1 and line.top < rule.end and line.bottom > rule.start
        for token in line.tokens
    )


def _parted(lines: list[Line], grid: Grid) -> tuple[list[Line], list[Line]]:
    """Part the lines into those inside a grid and the others."""
    inside: list[Line] = []
    outside: list[Line] = []
    for line in lines:
        within = grid.ys[0] - 1 <= line.middle <= grid.ys[-1] + 1
        middle = (line.x0 + line.x1) / 2
        (inside if within and grid.xs[0] - 2 <= middle <= grid.xs[-1] + 2 else outside).append(line)
    return inside, outside


def _same_edges(xs: list[float], others: list[float]) -> bool:
    return len(xs) == len(others) and all(abs(x - y) <= SAME_EDGE for x, y in zip(xs, others, strict=True))


def _table(grid: Grid, lines: list[Line], upended: list[Line], page: int, rest: bool) -> Table | None:
    """Fill a grid; None if what it holds is no table but boxed text, and not the rest of one."""
    if any(_is_crossed(x, lines) for x in grid.xs[1:-1]):
        return None
    content: dict[GridCell, list[Line]] = {cell: [] for cell in grid.cells}
    owners = {
        (i, j): cell
        for cell in grid.cells
        for i in range(cell.row, cell.row + cell.row_span)
        for j in range(cell.column, cell.column + cell.column_span)
    }
    for line in lines:
        for place, tokens in _pieces(grid, line):
            content[owners[place]].append(line_of(tokens, page))
    for line in upended:
        content[owners[_place(grid, (line.x0 + line.x1) / 2, line.middle)]].append(line)
    filled = [cell for cell, found in content.items() if found]
    rows, columns = {cell.row for cell in filled}, {cell.column for cell in filled}
    if not filled or not (rest or (len(rows) > 1 and len(columns) > 1 and len(filled) > 2)):
        return None
    cells = [
        TableCell(cell.row, cell.column, cell.row_span, cell.column_span, _paragraphs(grid, cell, found, page))
        for cell, found in content.items()
    ]
    return Table(cells, grid.xs, page, grid.ys[0], grid.ys[-1], len(grid.ys) - 1)


def _is_crossed(wall: float, lines: list[Line]) -> bool:
    """Tell whether many lines run across an inner line with no more than a blank there: a fold through prose."""
    beside = [line for line in lines if line.x0 < wall < line.x1]
    gaps = (
        (right.x0 - left.x1) / line.size
        for line in beside
        for left, right in itertools.pairwise(line.tokens)
        if left.x0 < wall < right.x1
    )
    crossing = sum(gap < _BLANK for gap in gaps)
    return crossing >= 5 and crossing > 0.4 * len(lines)


def _pieces(grid: Grid, line: Line) -> Iterator[tuple[tuple[int, int], list[Token]]]:
    """Cut a line where it runs from one column of the grid into the next."""
    places = (_place(grid, (token.x0 + token.x1) / 2, line.middle) for token in line.tokens)
    for place, pairs in itertools.groupby(zip(places, line.tokens, strict=True), key=lambda pair: pair[0]):
        yield place, [token for _, token in pairs]


def _place(grid: Grid, x: float, y: float) -> tuple[int, int]:
    row = min(max(bisect.bisect_right(grid.ys, y) - 1, 0), len(grid.ys) - 2)
    column = min(max(bisect.bisect_right(grid.xs, x) - 1, 0), len(grid.xs) - 2)
    return row, column


def _paragraphs(grid: Grid, cell: GridCell, lines: list[Line], page: int) -> list[Paragraph]:
    """Return the paragraphs of a cell; its edges, less the padding, are the edges that its lines keep to."""
    if not lines:
        return []
    rows = [joined(row) for row in rows_of(lines)]
    left, _, right, _ = grid.edges(cell)
    padding = min(_PADDING, max(0.0, min(row.x0 for row in rows) - left))
    column = column_of(rows, line_distances(rows), (left + padding, right - padding))
    return paragraphs_of(rows, page, column, in_cell=True)
