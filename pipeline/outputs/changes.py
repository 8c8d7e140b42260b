"""What became of a register between two exports: tasks added and withdrawn, cells changed with old and new value."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from models.columns import COLUMN_NAMES, Column
from pipeline.register import Row, defused

CHANGE_COLUMNS: tuple[Column, ...] = (
    Column("change", "string", "What happened to the task.", ("added", "changed", "withdrawn"), required=True),
    Column("task_id", "string", "The task, as in the register.", required=True),
    Column("column", "string", "The register's column that changed; empty for a whole task.", COLUMN_NAMES),
    Column("old_value", "string", "What stood in it; empty where nothing did."),
    Column("new_value", "string", "What stands in it now; empty where nothing does."),
    Column("document_number", "string", "Number of the task's document, as in the register."),
    Column("source_file", "string", "File of the task's document, as in the register.", required=True),
    Column("task", "string", "What is to be done: as it stands now, or stood last.", required=True),
)
_NAMES = tuple(column.name for column in CHANGE_COLUMNS)


def changes(old: Sequence[Row], new: Sequence[Row]) -> Iterator[Row]:
    """Yield one row a task added or withdrawn and one a changed cell.

    Added and changed tasks come in the order of the new register, cells in the order of the columns; then come the
    withdrawn tasks in the order of the old one. A `task_id` that stands twice is paired in order. Any column counts,
    those of the review too.
    """
    before, after = _keyed(old), _keyed(new)
    for key, row in after.items():
        if key not in before:
            yield _change("added", row)
        elif row != before[key]:
            yield from _cells(before[key], row)
    for key, row in before.items():
        if key not in after:
            yield _change("withdrawn", row)


def _keyed(rows: Iterable[Row]) -> dict[tuple[str, int], Row]:
    seen: Counter[str] = Counter()
    keyed: dict[tuple[str, int], Row] = {}
    for row in rows:
        seen[row["task_id"]] += 1
        keyed[row["task_id"], seen[row["task_id"]]] = row
    return keyed


def _cells(old: Row, new: Row) -> Iterator[Row]:
    for name in COLUMN_NAMES:
        before, after = old.get(name, ""), new.get(name, "")
        if before != after:
            yield {**_change("changed", new), "column": name, "old_value": before, "new_value": after}


def _change(kind: str, row: Row) -> dict[str, str]:
    return dict.fromkeys(_NAMES, "") | {"change": kind} | {name: row[name] for name in _NAMES if name in row}


def changes_csv(old: Sequence[Row], new: Sequence[Row]) -> bytes:
    """Return the changes as UTF-8 CSV by RFC 4180, with cells defused as in the register."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_NAMES)
    writer.writerows([defused(row[name]) for name in _NAMES] for row in changes(old, new))
    return text.getvalue().encode("utf-8", errors="replace")
