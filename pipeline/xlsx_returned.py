"""Reading an Excel file that went out to be corrected and came back, whatever program saved it since."""

from __future__ import annotations

import functools
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.columns import COLUMNS
from models.errors import UsageError
from models.records import LANGUAGES
from pipeline.review.wording import value_name

BASE, UNITS = "chidao", "chidao units"  # the hidden sheets: each cell as it went out, the units offered
MOST_BYTES = 64_000_000  # of a file: a register of 100,000 rows takes half of it
_MOST_UNPACKED = 2_000_000_000
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .xls files, and of .xlsx with a password
_LOCKED = "EncryptedPackage".encode("utf-16-le")


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


def read_returned(data: bytes, name: str) -> Returned:
    """Read the bytes of a file that chidao wrote; `name` is what the person calls it.

    Raises UsageError `import-too-large`, `import-encrypted`, `import-unreadable`, `import-foreign`.
    """
    _check(data, name)
    try:
        return _read(data, name)
    except UsageError:
        raise
    except Exception as error:  # what openpyxl raises for broken files is of a dozen kinds
        raise _unreadable(name, f"{type(error).__name__}: {error}") from error


def _check(data: bytes, name: str) -> None:
    """Refuse what would take the machine's memory, and say what is no workbook at all."""
    if len(data) > MOST_BYTES:
        raise UsageError("import-too-large", file=name, most=MOST_BYTES // 1_000_000)
    if data.startswith(_OLD_OR_LOCKED):
        raise UsageError("import-encrypted" if _LOCKED in data else "import-foreign", file=name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise _unreadable(name, str(error)) from error
    if unpacked > _MOST_UNPACKED:
        raise UsageError("import-too-large", file=name, most=MOST_BYTES // 1_000_000)


def _unreadable(name: str, reason: str) -> UsageError:
    return UsageError("import-unreadable", file=name, reason=reason.rstrip("."))


def _read(data: bytes, name: str) -> Returned:
    from openpyxl import load_workbook

    workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    kept = _table(workbook[BASE]) if BASE in workbook.sheetnames else iter(())
    columns = next(kept, (0, []))[1]
    if "task_id" not in columns:
        raise UsageError("import-foreign", file=name)
    base = {cells["task_id"]: cells for _, row in kept if (cells := _named(columns, row))["task_id"]}
    titles = [title for title in workbook.sheetnames if title not in (BASE, UNITS)]
    return Returned(tuple(line for title in titles for line in _lines(workbook[title], title, columns)), base)


def _table(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        yield number, [_text(cell) for cell in row]


def _lines(sheet: Any, title: str, columns: Sequence[str]) -> Iterator[Line]:
    for number, row in _table(sheet):
        if number > 1 and any(row):
            yield Line(title, number, {name: _code(name, text) for name, text in _named(columns, row).items()})


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


def _code(column: str, text: str) -> str:
    """Return a value by its code, in whatever language it was chosen; any other text as it is."""
    return codes().get(column, {}).get(text.casefold(), text)


@functools.cache
def codes() -> Mapping[str, Mapping[str, str]]:
    """Return column -> name of a value in any language -> its code, for the columns that hold one of few values."""
    return {
        column.name: {
            value_name(language, column.name, value).casefold(): value
            for language in LANGUAGES
            for value in column.values
        }
        for column in COLUMNS
        if column.values
    }
