"""The register as an Excel file for people: header in sight, filters, days as days, a column's meaning as comment."""

from __future__ import annotations

from collections.abc import Sequence

from models.columns import COLUMN_NAMES, COLUMNS, Column
from models.errors import UsageError, message_parts
from models.records import Language
from pipeline.outputs.cells import Value, value
from pipeline.outputs.workbook import Cells, header, new_sheet, new_workbook, saved
from pipeline.register import Row

SHEET = "register"
_USUAL_WIDTH = 16
_WIDTHS = {
    "task": 70,
    "source_text": 70,
    "document_title": 40,
    "lead_unit": 32,
    "coordinating_units": 40,
    "deliverable": 32,
    "deadline_text": 28,
    "issuer": 28,
    "review_reasons": 28,
    "rules": 28,
    "source_file": 28,
    "page": 8,
    "language": 10,
}
# Wrapped text makes a row as high as its longest cell: these may be pages long, or say nothing to a reader.
_UNWRAPPED = {"source_text", "rules", "source_sha256"}
_WRAPPED = [name in _WIDTHS and name not in _UNWRAPPED for name in COLUMN_NAMES]


def xlsx_bytes(rows: Sequence[Row], language: Language = "en") -> bytes:
    """Return the register as an Excel file; the comments of the header are in the language given."""
    from openpyxl.utils import get_column_letter

    workbook = new_workbook()
    sheet = new_sheet(workbook, SHEET, [_WIDTHS.get(name, _USUAL_WIDTH) for name in COLUMN_NAMES])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{len(rows) + 1}"
    header(sheet, COLUMN_NAMES, (_comment(column, language) for column in COLUMNS))
    cells = Cells(sheet)
    for row in rows:
        sheet.append(list(cells.row((_value(row, column) for column in COLUMNS), _WRAPPED)))
    return saved(workbook)


def _comment(column: Column, language: Language) -> str:
    label, meaning = message_parts(f"column-{column.name.replace('_', '-')}", language)
    return f"{label}: {meaning}"


def _value(row: Row, column: Column) -> Value | None:
    """Return a cell's value; a moment stays text, since Excel knows no offsets, and so does what can't be read."""
    if column.type in ("string", "datetime"):
        return row[column.name]
    try:
        return value(row, column)
    except UsageError:
        return row[column.name]
