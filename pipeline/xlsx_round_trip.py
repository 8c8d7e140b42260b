"""Excel files that go out to be corrected and come back: lists to choose from, days as days, nothing lost between.

A hidden sheet keeps each cell as it went out, so that what comes back tells what the person changed, and what somebody
else changed in the store meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.columns import COLUMNS, Column
from models.errors import UsageError, message_parts
from models.records import Language
from models.store import Store, known_units, register_rows
from pipeline.outputs.cells import Value, value
from pipeline.outputs.workbook import Cells, Sheet, header, new_sheet, new_workbook, saved
from pipeline.register import Row

BASE, UNITS = "chidao", "chidao units"
# What people correct comes first; what only tells them where they are comes behind, and the ids last.
EDITED = (
    "task",
    "deliverable",
    "lead_unit",
    "coordinating_units",
    "deadline_text",
    "deadline_kind",
    "deadline_bound",
    "start_date",
    "due_date",
    "recurrence",
    "references",
    "review_status",
)
SHOWN = ("section", "page", "review_reasons", "source_text", "document_number", "document_date", "document_title")
IDS = ("document_id", "task_id")
LAYOUT = (*EDITED, *SHOWN, *IDS)
_COLUMN = {column.name: column for column in COLUMNS}
_WIDTHS = {"task": 70, "source_text": 70, "lead_unit": 32, "coordinating_units": 36, "deliverable": 28}
_WRAPPED = [name in _WIDTHS and name != "source_text" for name in LAYOUT]
_LAST_ROW = 1_048_576
_OFFERED_UNITS = 2000
_NOT_IN_A_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def export_xlsx(
    store: Store,
    document_ids: Collection[str] | None = None,
    *,
    language: Language = "en",
    sheet_a_document: bool = False,
) -> bytes:
    """Return the register, or some documents of it, as an Excel file to be corrected; rejected rows are in it."""
    rows = list(register_rows(store, document_ids=document_ids, with_rejected=True))
    workbook = new_workbook()
    units = [name for name, _ in known_units(store, limit=_OFFERED_UNITS)]
    for title, part in _sheets(rows, sheet_a_document):
        sheet = new_sheet(workbook, title, [_WIDTHS.get(name, 16) for name in LAYOUT])
        _offer_choices(sheet, len(units))
        header(sheet, *zip(*(_heading(_COLUMN[name], language) for name in LAYOUT), strict=True))
        cells = Cells(sheet)
        for row in part:
            sheet.append(list(cells.row((_typed(row, _COLUMN[name]) for name in LAYOUT), _WRAPPED)))
    _hidden(workbook, UNITS, [[unit] for unit in units])
    _hidden(workbook, BASE, [list(LAYOUT), *([row[name] for name in LAYOUT] for row in rows)])
    return saved(workbook)


def _sheets(rows: Sequence[Row], sheet_a_document: bool) -> Iterator[tuple[str, list[Row]]]:
    """Yield sheets by name; a document's sheet bears its number, as far as Excel allows."""
    if not sheet_a_document or not rows:
        yield "register", list(rows)
        return
    parts: dict[str, list[Row]] = {}
    for row in rows:
        parts.setdefault(row["document_id"], []).append(row)
    names: set[str] = {BASE, UNITS}
    for document_id, part in parts.items():
        wanted = " ".join((part[0]["document_number"] or document_id).translate(_NOT_IN_A_NAME).split())[:26]
        name, number = wanted, 1
        while name.casefold() in names:
            number += 1
            name = f"{wanted} ({number})"
        names.add(name.casefold())
        yield name, part


def _heading(column: Column, language: Language) -> tuple[str, str]:
    label, meaning = message_parts(f"column-{column.name.replace('_', '-')}", language)
    return label, meaning


def _offer_choices(sheet: Sheet, units: int) -> None:
    """Offer the values that a column may hold; units as a help only, for a cell may name several or a new one."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for number, name in enumerate(LAYOUT, 1):
        column = _COLUMN[name]
        if name not in EDITED:
            continue
        if column.values:
            choice = DataValidation("list", formula1=f'"{",".join(column.values)}"', allow_blank=not column.required)
        elif column.type == "date":
            choice = DataValidation("date", operator="greaterThan", formula1="1", allow_blank=True)
        elif name in {"lead_unit", "coordinating_units"} and units:
            choice = DataValidation("list", formula1=f"'{UNITS}'!$A$1:$A${units}", allow_blank=True)
        else:
            continue
        choice.showErrorMessage = name not in {"lead_unit", "coordinating_units"}
        letter = get_column_letter(number)
        choice.add(f"{letter}2:{letter}{_LAST_ROW}")
        sheet.data_validations.append(choice)


def _hidden(workbook: Any, name: str, rows: Sequence[Sequence[str]]) -> None:
    """Add a sheet of plain texts that people don't see."""
    sheet = workbook.create_sheet(name)
    sheet.sheet_state = "hidden"
    cells = Cells(sheet)
    for row in rows:
        sheet.append(list(cells.row(row, [False] * len(row))))


def _typed(row: Row, column: Column) -> Value | None:
    try:
        return value(row, column) if column.type != "datetime" else row[column.name]
    except UsageError:
        return row[column.name]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of an Excel file that came back: its sheet and number, and its cells as texts."""

    sheet: str
    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Returned:
    """An Excel file that came back: its rows, and the cells by task id as they had gone out."""

    lines: tuple[Line, ...]
    base: Mapping[str, Mapping[str, str]]


def read_returned(file: Any, name: str) -> Returned:
    """Read an Excel file that chidao wrote, whatever program saved it since; `file` is a path or an open binary file.

    Raises UsageError `import-unreadable`.
    """
    from openpyxl import load_workbook

    try:
        workbook = load_workbook(file, read_only=True, data_only=True)
        if BASE not in workbook.sheetnames:
            raise UsageError("import-unreadable", file=name, reason=f"{BASE} ?")
        kept = _table(workbook[BASE])
        columns = next(kept, (0, []))[1]
        if "task_id" not in columns:
            raise UsageError("import-unreadable", file=name, reason="task_id ?")
        base = {cells["task_id"]: cells for _, row in kept if (cells := _named(columns, row))["task_id"]}
        titles = [title for title in workbook.sheetnames if title not in (BASE, UNITS)]
        lines = [line for title in titles for line in _lines(workbook[title], title, columns)]
    except UsageError:
        raise
    except Exception as error:  # what openpyxl raises for broken files is of a dozen kinds
        reason = f"{type(error).__name__}: {error}"
        raise UsageError("import-unreadable", file=name, reason=reason) from error
    return Returned(tuple(lines), base)


def _table(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        yield number, [_text(cell) for cell in row]


def _lines(sheet: Any, title: str, columns: Sequence[str]) -> Iterator[Line]:
    for number, row in _table(sheet):
        if number > 1 and any(row):
            yield Line(title, number, _named(columns, row))


def _named(columns: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    return {name: row[index] if index < len(row) else "" for index, name in enumerate(columns)}


def _text(cell: object) -> str:
    """Return a cell as the register writes it, with single blanks: days as ISO days, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.date().isoformat() if isinstance(cell, datetime) else cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())
