"""The registry as a file that a clerk edits in a spreadsheet: read with tolerance, checked, written plainly.

Columns may stand in any order and be separated by commas, semicolons or tabs (a Vietnamese or Russian Excel writes
semicolons); lines that begin with # are notes; days may be written 2025-03-01, 01/03/2025 or 01.03.2025 (the day
first).
"""

from __future__ import annotations

import csv
import datetime
import functools
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from extractors.registry.records import KINDS, RegisteredUnit, Registry
from models.errors import UsageError

COLUMNS = (
    "id", "name_vi", "name_en", "name_ru", "abbreviations", "aliases",
    "parent", "valid_from", "valid_to", "successor", "kind",
)  # fmt: skip
_STARTER = Path(__file__).with_name("units.csv")
_ID = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
_NOTE = "#"
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")


class _Reader(Protocol):
    """What `csv.reader` gives: rows, and the number of the line read last."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...


@functools.cache
def starter() -> Registry:
    """Return the registry that ships with the package."""
    return read_registry(_STARTER.read_text(encoding="utf-8"))


def read_registry(csv_text: str, base: Registry | None = None) -> Registry:
    """Read an office's file and lay it over a base: the same id replaces, new ids add.

    Raises UsageError with the line and the cell that can't be used.
    """
    units = dict(base.units) if base else {}
    units.update(read_units(csv_text))
    for unit in units.values():
        for column, other in (("parent", unit.parent), ("successor", unit.successor)):
            if other and other not in units:
                raise UsageError("units-unknown-id", unit=unit.id, column=column, value=other)
    return Registry(MappingProxyType(units))


def read_units(csv_text: str) -> Mapping[str, RegisteredUnit]:
    """Return the units of one file by id. Raises UsageError."""
    text = csv_text.removeprefix("\ufeff")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    units: dict[str, RegisteredUnit] = {}
    try:
        for line, cells in _rows(reader):
            unit = _unit(cells, line)
            if unit.id in units:
                raise UsageError("units-id-twice", line=line, value=unit.id)
            units[unit.id] = unit
    except csv.Error as error:
        raise UsageError("units-bad-cell", line=reader.line_num, column="id", value=str(error)) from error
    return MappingProxyType(units)


def _rows(reader: _Reader) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the line number and the cells by column of each row that holds anything; missing cells are empty."""
    header: list[str] = []
    for row in reader:
        values = [" ".join(value.split()) for value in row]
        if not any(values) or values[0].startswith(_NOTE):
            continue
        if header:
            cells = dict.fromkeys(COLUMNS, "") | dict(zip(header, values, strict=False))
            yield reader.line_num, cells
            continue
        header = [value.casefold() for value in values]
        if "id" not in header:
            raise UsageError("units-no-header", columns=", ".join(COLUMNS))


def write_units(units: Iterable[RegisteredUnit]) -> str:
    """Return the CSV text of units, header first."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(getattr(unit, column)) for column in COLUMNS] for unit in units)
    return stream.getvalue()


def with_unit(csv_text: str, unit: RegisteredUnit) -> str:
    """Return the text of a file with a unit in the place of the line of its id, or behind the last one.

    All else stays as it was: order, notes, further columns, separator, line ends. Columns that the file lacks and the
    unit needs are added behind the others.
    """
    csv_text = csv_text.removeprefix("\ufeff")
    lines = csv_text.splitlines(keepends=True)
    delimiter, end = _delimiter(csv_text), "\r\n" if "\r\n" in csv_text else "\n"
    places = list(_places(lines, delimiter))
    if not places:
        return csv_text + write_units([unit])
    start, stop, first = places[0]
    header = [" ".join(value.split()).casefold() for value in first]
    needed = [name for name in COLUMNS if name not in header and _cell(getattr(unit, name))]
    columns = [*header, *needed]
    if needed:
        lines[start:stop] = [_as_line([*first, *needed], delimiter, end), *[""] * (stop - start - 1)]
    if not lines[-1].endswith(("\n", "\r")):
        lines[-1] += end
    known = (
        place for place in places[1:] if dict(zip(header, place[2], strict=False)).get("id", "").strip() == unit.id
    )
    start, stop, row = next(known, (len(lines), len(lines), []))
    others = dict(zip(columns, row, strict=False))
    cells = [_cell(getattr(unit, name)) if name in COLUMNS else others.get(name, "") for name in columns]
    return "".join([*lines[:start], _as_line(cells, delimiter, end), *lines[stop:]])


def _places(lines: Sequence[str], delimiter: str) -> Iterator[tuple[int, int, list[str]]]:
    """Yield the first line, the line behind the last and the cells of each row, the header first; notes are no rows."""
    reader = csv.reader(lines, delimiter=delimiter)
    before = 0
    for row in reader:
        if any(map(str.strip, row)) and not row[0].startswith(_NOTE):
            yield before, reader.line_num, row
        before = reader.line_num


def _as_line(cells: Sequence[str], delimiter: str, end: str) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator=end).writerow(cells)
    return stream.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(value)
    return value.isoformat() if isinstance(value, datetime.date) else str(value or "")


def _delimiter(text: str) -> str:
    lines = (line for line in text.splitlines() if line.strip() and not line.lstrip().startswith(_NOTE))
    header = next(lines, "")
    return max(",;\t", key=header.count)


def _unit(cells: Mapping[str, str], line: int) -> RegisteredUnit:
    kind = next((known for known in KINDS if known == (cells["kind"].casefold() or "unit")), None)
    if not _ID.fullmatch(cells["id"]):
        raise UsageError("units-bad-cell", line=line, column="id", value=cells["id"])
    if kind is None:
        raise UsageError("units-bad-cell", line=line, column="kind", value=cells["kind"])
    unit = RegisteredUnit(
        cells["id"],
        cells["name_vi"],
        cells["name_en"],
        cells["name_ru"],
        _several(cells["abbreviations"]),
        _several(cells["aliases"]),
        cells["parent"],
        _day(cells["valid_from"], line, "valid_from"),
        _day(cells["valid_to"], line, "valid_to"),
        cells["successor"],
        kind,
    )
    if not unit.names:
        raise UsageError("units-no-name", line=line, value=unit.id)
    return unit


def _several(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in cell.split(";") if part.strip()))


def _day(cell: str, line: int, column: str) -> datetime.date | None:
    if not cell:
        return None
    match = _DAY_FIRST.fullmatch(cell)
    try:
        if match:
            return datetime.date(int(match[3]), int(match[2]), int(match[1]))
        return datetime.date.fromisoformat(cell)
    except ValueError:
        raise UsageError("units-bad-cell", line=line, column=column, value=cell) from None
