"""Excel files as chidao writes them: text that is never run as a formula, and the same bytes for the same cells."""

from __future__ import annotations

import functools
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast

from pipeline.outputs.cells import Value
from pipeline.register import defused

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell

Sheet = Any  # the type stubs of openpyxl know little of sheets that are written row by row

LONGEST_TEXT = 32_767  # characters in a cell of Excel
FIRST_YEAR = 1900  # of Excel's calendar: older days are written as text
_EPOCH = datetime(2000, 1, 1)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
# What XML can't hold: control characters, halves of surrogate pairs.
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FORMATS = {date: "yyyy-mm-dd", float: "0.00"}


def new_workbook() -> Workbook:
    """Return an empty workbook that is written row by row, whatever its size."""
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    workbook.properties.created = _EPOCH
    workbook.properties.creator = "chidao"
    return workbook


def new_sheet(workbook: Workbook, name: str, widths: Sequence[int]) -> Sheet:
    """Add a sheet with columns of these widths, in characters, whose first row stays in sight."""
    from openpyxl.utils import get_column_letter

    sheet = workbook.create_sheet(name)
    sheet.freeze_panes = "A2"
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    return sheet


def header(sheet: Sheet, names: Iterable[str], comments: Iterable[str] = ()) -> None:
    """Write the first row: names in bold, each with its comment where there are any."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill

    cells = [WriteOnlyCell(sheet, name) for name in names]
    for cell in cells:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE6F0")
        cell.alignment = Alignment(vertical="top", wrap_text=True)
    for cell, comment in zip(cells, comments, strict=False):
        cell.comment = Comment(comment, "chidao", height=110, width=320)
    sheet.append(cells)


class Cells:
    """Makes the cells of a sheet; styles are kept once a workbook, which is what makes large ones quick."""

    def __init__(self, sheet: Sheet) -> None:
        from openpyxl.cell import WriteOnlyCell

        self._new = functools.partial(WriteOnlyCell, sheet)
        self._styles: dict[tuple[type, bool, bool], Any] = {}

    def row(self, values: Iterable[Value | None], wrapped: Iterable[bool]) -> Iterator[Cell | None]:
        for value, wrap in zip(values, wrapped, strict=True):
            yield None if value in (None, "") else self._cell(value, wrap)

    def _cell(self, value: Value | None, wrap: bool) -> Cell:
        if isinstance(value, str) or (isinstance(value, date) and value.year < FIRST_YEAR):
            value = _text(str(value))
        cell: Any = self._new(value)  # type: ignore[arg-type]  # days are taken too
        is_formula = isinstance(value, str) and defused(value) != value
        key = (type(value), wrap, is_formula)
        if key not in self._styles:
            self._styles[key] = _styled(self._new(), *key)
        cell._style = self._styles[key]._style
        if isinstance(value, str):
            cell.data_type = "s"  # openpyxl takes text that begins with = for a formula
        return cast("Cell", cell)


def _styled(cell: Any, kind: type, wrap: bool, is_formula: bool) -> Any:
    """Style a cell. A quote prefix is Excel's own mark of text: it stays text when somebody edits it."""
    from openpyxl.styles import Alignment

    cell.alignment = Alignment(vertical="top", wrap_text=wrap)
    cell.number_format = _FORMATS.get(kind, "General")
    if is_formula:
        cell.quotePrefix = True
    return cell


def _text(text: str) -> str:
    text = _NOT_XML.sub("�", text)
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def saved(workbook: Workbook) -> bytes:
    """Return the bytes of a workbook without the moment at which they were made."""
    written, packed = io.BytesIO(), io.BytesIO()
    workbook.save(written)
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as result:
        for name in parts.namelist():
            data = parts.read(name)
            if name == "docProps/core.xml":
                data = _MODIFIED.sub(rb"\g<1>" + _EPOCH.isoformat().encode() + b"Z", data)
            result.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
