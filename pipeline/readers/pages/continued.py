"""A table that runs over pages becomes one again: rows cut by the page are joined, repeated headings dropped."""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.readers.pages.paragraphs import MARKER, Paragraph, ended
from pipeline.readers.pages.tables import SAME_EDGE, Table, TableCell

_SPACES = re.compile(r"\s+")
_FUZZY = 20  # letters from which rows may differ a little and still be the same heading
_ALIKE = 0.88
_FULL_COLUMN = 5  # cells from which on a column without an empty one says that none is left empty
_HEADING_ROWS = 4  # how many rows of a repeated heading are looked for


def is_continued(first: Table, second: Table) -> bool:
    """Tell whether two tables, the second at the top of the page after the first, have the same columns."""
    if abs(first.xs[0] - second.xs[0]) > 3 * SAME_EDGE or abs(first.xs[-1] - second.xs[-1]) > 3 * SAME_EDGE:
        return False
    few, many = sorted((first.xs[1:-1], second.xs[1:-1]), key=len)
    shared = sum(any(abs(x - other) <= SAME_EDGE for other in many) for x in few)
    return shared >= max(1, round(0.7 * len(few))) and len(few) >= 0.5 * len(many)


def continued(first: Table, second: Table) -> Table:
    """Return two parts of a table as one."""
    xs = _edges(first.xs, second.xs)
    first, second = _on_edges(first, xs), _on_edges(second, xs)
    second = _without_heading(first, second)
    offset = first.rows
    rows = second.rows
    cells = list(first.cells)
    if rows and _is_cut(first, second):
        _join_rows(first, second)
        second.cells = [cell for cell in second.cells if cell.row > 0]
        offset, rows = first.rows - 1, second.rows
    elif rows:
        second.cells = [replace(cell, tops=cell.row == 0 and not cell.paragraphs) for cell in second.cells]
    cells += [replace(cell, row=cell.row + offset) for cell in second.cells]
    return Table(cells, xs, first.page, first.top, second.bottom, offset + rows)


def finished(table: Table) -> Table:
    """Return a table without the rows and columns in which no text begins, its cells in reading order."""
    table = _lengthened(table)
    columns = sorted({cell.column for cell in table.cells if cell.paragraphs})
    rows = sorted({cell.row for cell in table.cells if cell.paragraphs})
    cells = []
    for cell in table.cells:
        row, row_end = _index(rows, cell.row), _index(rows, cell.row + cell.row_span)
        column, column_end = _index(columns, cell.column), _index(columns, cell.column + cell.column_span)
        if row_end > row and column_end > column:
            cells.append(TableCell(row, column, row_end - row, column_end - column, cell.paragraphs))
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return replace(table, cells=cells, rows=len(rows))


def _lengthened(table: Table) -> Table:
    """Return a table in which what is merged over rows goes on below a page break, where its cell has no text.

    A cell that is empty at the top of a page is such a rest if it covers rows itself, or if no other cell of its
    column is empty.
    """
    rests = sorted((cell for cell in table.cells if cell.tops), key=lambda cell: cell.row)
    for rest in rests:
        column = [cell for cell in table.cells if (cell.column, cell.column_span) == (rest.column, rest.column_span)]
        above = next((cell for cell in column if cell.row + cell.row_span == rest.row), None)
        others = [cell for cell in column if not cell.tops]
        full = len(others) >= _FULL_COLUMN and all(cell.paragraphs for cell in others)
        if above and above.paragraphs and (rest.row_span > 1 or full):
            above.row_span += rest.row_span
            table.cells.remove(rest)
    return table


def _index(places: list[int], place: int) -> int:
    return sum(other < place for other in places)


def _edges(first: list[float], second: list[float]) -> list[float]:
    """Return the edges of both; those of the second that lie near one of the first count as that one."""
    extra = [x for x in second[1:-1] if all(abs(x - other) > SAME_EDGE for other in first)]
    return sorted([*first, *(x for x in extra if first[0] < x < first[-1])])


def _on_edges(table: Table, xs: list[float]) -> Table:
    """Return the table with its columns counted on other edges."""
    places = [min(range(len(xs)), key=lambda index: abs(xs[index] - x)) for x in table.xs]
    places[0], places[-1] = 0, len(xs) - 1
    cells = []
    for cell in table.cells:
        start, end = places[cell.column], places[cell.column + cell.column_span]
        if end > start:
            cells.append(replace(cell, column=start, column_span=end - start))
    return replace(table, cells=cells, xs=xs)


def _plain(cells: list[TableCell]) -> str:
    return "|".join(_SPACES.sub("", cell.text).casefold() for cell in cells if cell.paragraphs)


def _same_row(left: str, right: str) -> bool:
    """Tell whether two rows say the same, give or take a letter that OCR misread or a cell that it missed."""
    from difflib import SequenceMatcher

    if left == right:
        return True
    if min(len(left), len(right)) < _FUZZY or abs(left.count("|") - right.count("|")) > 1:
        return False
    return SequenceMatcher(None, left, right, autojunk=False).ratio() > _ALIKE


def _without_heading(first: Table, second: Table) -> Table:
    """Drop the rows at the top of the second part that repeat those at the top of the first, and those into which
    their cells reach down."""
    same = 0
    for row in range(min(_HEADING_ROWS, second.rows - 1, first.rows)):
        text = _plain(second.row(row))
        if row >= same and text and not _same_row(text, _plain(first.row(row))):
            break
        if text:
            same = max([same, *(cell.row + cell.row_span for cell in second.row(row) if cell.row_span < _HEADING_ROWS)])
    same = min(same, second.rows - 1)
    cells = [replace(cell, row=cell.row - same) for cell in second.cells if cell.row >= same]
    return replace(second, cells=cells, rows=second.rows - same)


def _is_cut(first: Table, second: Table) -> bool:
    """Tell whether the first row of the second part is the rest of the last row of the first part.

    It is when its key cell is empty and the rows before have one, or when a cell goes on in mid-sentence; a new row
    begins where text stands under an empty cell of the last row or a marker opens the key cell.
    """
    above = {cell.column: cell for cell in first.cells if cell.row + cell.row_span == first.rows}
    below = {cell.column: cell for cell in second.row(0)}
    filled = [column for column, cell in below.items() if cell.paragraphs]
    if not filled or any(column not in above for column in filled):
        return False
    if any(not above[column].paragraphs for column in filled):
        return False
    key = min(above)
    keyed = above[key].paragraphs and _share_of_keys(first, key) > 0.6
    if keyed:
        return not below[key].paragraphs if key in below else False
    return any(_goes_on(above[column], below[column]) for column in filled)


def _share_of_keys(table: Table, key: int) -> float:
    cells = [cell for cell in table.cells if cell.column == key]
    return sum(bool(cell.paragraphs) for cell in cells) / max(len(cells), 1)


def _goes_on(above: TableCell, below: TableCell) -> bool:
    text = below.text
    return not ended(above.text) and text[:1].islower() and not MARKER.match(text)


def _join_rows(first: Table, second: Table) -> None:
    """Put the paragraphs of a row's rest under those of its beginning."""
    above = {cell.column: cell for cell in first.cells if cell.row + cell.row_span == first.rows}
    for cell in second.row(0):
        if cell.row_span > 1:
            above[cell.column].row_span += cell.row_span - 1
        if cell.paragraphs:
            above[cell.column].paragraphs = _run_together(above[cell.column].paragraphs, cell.paragraphs)


def _run_together(above: list[Paragraph], below: list[Paragraph]) -> list[Paragraph]:
    last, following = above[-1], below[0]
    if (
        MARKER.match(following.text)
        or ended(last.text)
        or (following.text[:1].isupper() and not _full(last, following))
    ):
        return [*above, *below]
    return [*above[:-1], replace(last, lines=[*last.lines, *following.lines]), *below[1:]]


def _full(last: Paragraph, following: Paragraph) -> bool:
    word = following.lines[0].tokens[0]
    return last.column.right - last.lines[-1].x1 < word.x1 - word.x0 + 0.6 * last.lines[-1].size
