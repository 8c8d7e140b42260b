"""The cells of a register as values, for the forms that know types, and the rows in which each task stands once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

from models.columns import SEPARATOR, Column, ColumnType
from models.errors import UsageError
from pipeline.register import Row

Value = str | int | float | date | datetime

_READERS: Mapping[ColumnType, Callable[[str], Value]] = {
    "string": str,
    "integer": int,
    "number": float,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
}


def value(row: Row, column: Column) -> Value | None:
    """Return a cell as its column's type, None where it is empty.

    Raises UsageError `cell-unreadable` where it is something else, as after an edit by hand.
    """
    cell = row[column.name]
    if not cell:
        return None
    try:
        return _READERS[column.type](cell)
    except ValueError as error:
        raise UsageError("cell-unreadable", task=row["task_id"], column=column.name, value=cell) from error


def day(cell: str) -> date | None:
    """Return an ISO day, None where the cell is empty or holds no day."""
    try:
        return date.fromisoformat(cell) if cell else None
    except ValueError:
        return None


def listed(cell: str) -> list[str]:
    """Return the parts of a cell that holds several; an empty part keeps its place."""
    return [part.strip() for part in cell.split(SEPARATOR.strip())] if cell else []


def each_once(rows: Iterable[Row]) -> list[Row]:
    """Leave out what people rejected, and copies (or translations) of a task that is itself among the rows."""
    standing = {row["task_id"]: row for row in rows if row["review_status"] != "rejected"}
    return [row for row in standing.values() if not _is_copy(row, standing)]


def _is_copy(row: Row, standing: Mapping[str, Row]) -> bool:
    return row["same_as"] != row["task_id"] and row["same_as"] in standing
