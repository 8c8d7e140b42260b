"""Excel workbooks: every visible sheet as its heading, the lines above and below its table, and the table."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from pipeline.readers.builder import Reading
from pipeline.readers.characters import clean
from pipeline.readers.pieces import Paragraph, Piece, Table, TableCell

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_CELLS = 500_000
_DAY_FIRST = re.compile(r"^(?:\[[^\]]*\])*d{1,2}[./\\ -]+m{1,2}[./\\ -]+y{2,4}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Area:
    """A cell with text: its place, how far it is merged, whether it has borders and is bold."""

    text: str
    row: int
    column: int
    row_span: int
    column_span: int
    bordered: bool
    bold: bool


def read_xlsx(data: bytes) -> Reading:
    """Return the pieces of a workbook; formulas are read as the values last computed."""
    import openpyxl

    workbook = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    pieces: list[Piece] = []
    for sheet in sheets:
        found = list(_sheet(sheet))
        if found and len(sheets) > 1:
            pieces.append(Paragraph(sheet.title, level=1))
        pieces += found
    title = workbook.properties.title or ""
    return Reading(tuple(pieces), _MEDIA_TYPE, (("title", title),) if clean(title) else ())


def _sheet(sheet: Worksheet) -> Iterator[Piece]:
    rows = _by_rows(list(_areas(sheet)))
    first, last = _table_rows(rows)
    for row in sorted(rows):
        if row == first:
            yield _table([area for number in rows if first <= number <= last for area in rows[number]])
        elif not first <= row <= last:
            yield from (Paragraph(area.text, bold=area.bold) for area in rows[row])


def _areas(sheet: Worksheet) -> Iterator[_Area]:
    merged = {(span.min_row, span.min_col): span for span in sheet.merged_cells.ranges}
    seen = 0
    for line in sheet.iter_rows():
        for cell in line:
            seen += 1
            text = _shown(cell) if cell.value is not None else ""
            if not text.strip():
                continue
            span = merged.get((cell.row, cell.column))
            height = span.max_row - span.min_row + 1 if span else 1
            width = span.max_col - span.min_col + 1 if span else 1
            bold = bool(cell.font and cell.font.b)
            yield _Area(text, cell.row or 0, cell.column or 0, height, width, _is_bordered(cell), bold)
        if seen > _MOST_CELLS:
            return


def _is_bordered(cell: Cell | MergedCell) -> bool:
    sides = (cell.border.left, cell.border.right, cell.border.top, cell.border.bottom) if cell.border else ()
    return sum(bool(side and side.style) for side in sides) > 1


def _shown(cell: Cell | MergedCell) -> str:
    """Return a cell's value as people see it: days first where its format says so, else ISO dates; no needless .0."""
    content = cell.value
    if isinstance(content, datetime):
        shown = _date(content, str(cell.number_format))
        return shown if content.time() == time(0) else f"{shown} {content:%H:%M}"
    if isinstance(content, date):
        return _date(content, str(cell.number_format))
    if isinstance(content, bool):
        return str(content).upper()
    if isinstance(content, float):
        return _number(content, str(cell.number_format))
    return str(content)


def _date(day: date, number_format: str) -> str:
    return f"{day:%d/%m/%Y}" if _DAY_FIRST.match(number_format) else day.isoformat()[:10]


def _number(content: float, number_format: str) -> str:
    if number_format.endswith("%"):
        return f"{round(content * 100, 6):g}%"
    return str(int(content)) if content.is_integer() and abs(content) < 1e15 else f"{content:.10g}"


def _by_rows(areas: list[_Area]) -> Mapping[int, list[_Area]]:
    rows: dict[int, list[_Area]] = {}
    for area in areas:
        rows.setdefault(area.row, []).append(area)
    return rows


def _table_rows(rows: Mapping[int, list[_Area]]) -> tuple[int, int]:
    """Return the first and last row of a sheet's table: bordered rows where there are borders, else rows of three
    cells or more with what stands between them; (0, -1) where there is none."""
    bordered = [row for row, areas in rows.items() if sum(area.bordered for area in areas) > 1]
    wide = bordered or [row for row, areas in rows.items() if len(areas) > 2]
    if len(wide) < 2:
        return 0, -1
    return min(wide), max(wide)


def _table(areas: list[_Area]) -> Table:
    """Return the areas as a table whose grid has no empty rows or columns."""
    rows = {row: number for number, row in enumerate(sorted({area.row for area in areas}))}
    columns = {column: number for number, column in enumerate(sorted({area.column for area in areas}))}
    return Table(
        tuple(
            TableCell(
                area.text,
                rows[area.row],
                columns[area.column],
                sum(area.row <= row < area.row + area.row_span for row in rows),
                sum(area.column <= column < area.column + area.column_span for column in columns),
                area.bold,
            )
            for area in sorted(areas, key=lambda area: (area.row, area.column))
        )
    )
