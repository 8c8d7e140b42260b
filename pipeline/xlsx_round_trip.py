"""Excel files that go out to be corrected and come back: lists to choose from, days as days, nothing lost between.

A hidden sheet keeps each cell as it went out, so that what comes back tells what the person changed, and what somebody
else changed in the store meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from models.columns import COLUMNS, SEPARATOR, Column
from models.errors import UsageError, message_parts
from models.records import Language
from models.store import Store, known_units, register_rows
from pipeline.outputs.cells import Value, value
from pipeline.outputs.workbook import Cells, Sheet, header, new_sheet, new_workbook, saved
from pipeline.register import Row
from pipeline.review.wording import reason_words, value_name
from pipeline.xlsx_returned import BASE, UNITS

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
    found = register_rows(store, document_ids=document_ids, with_rejected=True)
    rows = [{**row, "review_reasons": _in_words(row["review_reasons"], language)} for row in found]
    workbook = new_workbook()
    units = [name for name, _ in known_units(store, limit=_OFFERED_UNITS)]
    for title, part in _sheets(rows, sheet_a_document):
        sheet = new_sheet(workbook, title, [_WIDTHS.get(name, 16) for name in LAYOUT])
        _offer_choices(sheet, len(units), language)
        header(sheet, *zip(*(_heading(_COLUMN[name], language) for name in LAYOUT), strict=True))
        cells = Cells(sheet)
        for row in part:
            sheet.append(list(cells.row((_typed(row, _COLUMN[name], language) for name in LAYOUT), _WRAPPED)))
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


def _in_words(reasons: str, language: Language) -> str:
    return " ".join(reason_words(language, code) for code in reasons.split(SEPARATOR) if code)


def _offer_choices(sheet: Sheet, units: int, language: Language) -> None:
    """Offer the values that a column may hold; units as a help only, for a cell may name several or a new one."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for number, name in enumerate(LAYOUT, 1):
        column = _COLUMN[name]
        if name not in EDITED:
            continue
        if column.values:
            names = ",".join(value_name(language, name, value) for value in column.values)
            choice = DataValidation("list", formula1=f'"{names}"', allow_blank=not column.required)
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


def _typed(row: Row, column: Column, language: Language) -> Value | None:
    if column.values and row[column.name]:
        return value_name(language, column.name, row[column.name])
    try:
        return value(row, column) if column.type != "datetime" else row[column.name]
    except UsageError:
        return row[column.name]
