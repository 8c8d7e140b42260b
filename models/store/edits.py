"""What people do to a row: set cells, accept, reject, restore. Each names what the person saw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from models.errors import UsageError
from models.store.acting import Cell, Desk, Done, EditConflictError, act, desk, document_of
from models.store.cells import ACCEPTED, CONFIRMED_COLUMNS, DOCUMENT_COLUMNS, ID_COLUMNS, PRESENT, REJECTED, checked
from models.store.database import Store
from models.store.rows import FOUND, NOT_FOUND, DocumentRow, TaskRow


@dataclass(frozen=True, slots=True)
class Change:
    """A cell's new value, and the value that the person saw when setting it."""

    expected: str
    value: str


def set_cell(store: Store, task_id: str, column: str, value: str, *, expected: str, who: str, why: str = "") -> Done:
    """Set one cell of a row. Raises EditConflictError `edit-conflict`, UsageError."""
    return set_cells(store, task_id, {column: Change(expected, value)}, who=who, why=why)


def set_cells(store: Store, task_id: str, changes: Mapping[str, Change], *, who: str, why: str = "") -> Done:
    """Set cells of a row as one action; the document's own columns are set for all its rows.

    A cell that has the value already isn't in conflict. Raises EditConflictError `edit-conflict`, UsageError.
    """
    with desk(store, document_of(store, task_id)) as held:
        row = held.row(task_id, "shown", "rejected")
        cells = [
            cell
            for column, change in changes.items()
            for cell in _changed(held.document if column in DOCUMENT_COLUMNS else row, column, change)
        ]
        return act(held, "set", who, why, [*cells, *_outdated_ids(row, cells)])


def _outdated_ids(row: TaskRow, cells: Sequence[Cell]) -> Iterator[Cell]:
    """Let go of the unit ids that somebody confirmed where the units' names change and no ids come with them."""
    named = {cell.column: cell.new for cell in cells}
    for ids, names in ID_COLUMNS.items():
        if named.get(names, row.values.get(names)) != row.values.get(names) and ids not in named and ids in row.notes:
            yield Cell(row.key, ids, None)


def set_document_cells(
    store: Store, document_id: str, changes: Mapping[str, Change], *, who: str, why: str = ""
) -> Done:
    """Set cells of a document as one action. Raises EditConflictError `edit-conflict`, UsageError."""
    with desk(store, document_id) as held:
        if other := [column for column in changes if column not in DOCUMENT_COLUMNS]:
            raise UsageError("cell-read-only", column=other[0])
        cells = [cell for column, change in changes.items() for cell in _changed(held.document, column, change)]
        return act(held, "set", who, why, cells)


def _changed(row: TaskRow | DocumentRow, column: str, change: Change) -> Iterator[Cell]:
    value, stands = checked(column, change.value), row.values.get(column, "")
    note = row.notes.get(column)
    if value == stands and note is not None and column not in row.conflicts:
        return
    if value != stands and _plain(change.expected) != _plain(stands):
        last = {"who": note.who if note else "", "at": note.at if note else ""}
        task = row.task_id if isinstance(row, TaskRow) else ""
        both = {"expected": change.expected, "current": stands, "attempted": value}
        raise EditConflictError("edit-conflict", task=task, column=column, **both, **last)
    yield Cell(row.key if isinstance(row, TaskRow) else None, column, value, _machine_value(row, column))


def _plain(value: str) -> str:
    return " ".join(value.split())


def _machine_value(row: TaskRow | DocumentRow, column: str) -> str | None:
    """Return what the machine says of a cell now; None where it has never spoken of the row."""
    if isinstance(row, TaskRow) and not row.is_known_to_machine:
        return None
    return row.machine.get(column, row.values.get(column, ""))


def accept(store: Store, versions: Mapping[str, str], *, who: str, why: str = "") -> Done:
    """Say that rows of one document are right as they stand: their values no longer change with the machine's.

    `versions` are task id -> the version seen. A rejected row is restored by it.
    Raises EditConflictError `row-changed`, UsageError.
    """
    with _desk_of(store, versions) as held:
        rows = [held.seen(task_id, version, "shown", "rejected") for task_id, version in versions.items()]
        return act(held, "accept", who, why, [cell for row in rows for cell in _accepted(held, row)])


def _accepted(held: Desk, row: TaskRow) -> Iterator[Cell]:
    for column in (*CONFIRMED_COLUMNS, *(ids for ids in ID_COLUMNS if row.values.get(ids))):
        if column not in row.notes or column in row.conflicts:
            yield Cell(row.key, column, row.values.get(column, ""), _machine_value(row, column))
    if row.state == "rejected":
        yield Cell(row.key, REJECTED, None)
    yield Cell(row.key, ACCEPTED, "yes", FOUND if held.state.is_found(row.key) else NOT_FOUND)


def reject(store: Store, versions: Mapping[str, str], *, who: str, why: str = "") -> Done:
    """Say that rows of one document are no tasks: they leave the register and stay in the store.

    Raises EditConflictError `row-changed`, UsageError.
    """
    with _desk_of(store, versions) as held:
        rows = [held.seen(task_id, version, "shown") for task_id, version in versions.items()]
        return act(held, "reject", who, why, [Cell(row.key, REJECTED, "yes") for row in rows])


def restore(store: Store, versions: Mapping[str, str], *, who: str, why: str = "") -> Done:
    """Bring back rows of one document that were rejected, or that the machine no longer finds.

    Raises EditConflictError `row-changed`, UsageError.
    """
    with _desk_of(store, versions) as held:
        rows = [held.seen(task_id, version, "rejected", "withdrawn") for task_id, version in versions.items()]
        rejected = [Cell(row.key, REJECTED, None) for row in rows if row.state == "rejected"]
        kept = [Cell(row.key, PRESENT, "yes") for row in rows if PRESENT not in row.notes]
        return act(held, "restore", who, why, [*rejected, *kept])


def _desk_of(store: Store, versions: Mapping[str, str]) -> AbstractContextManager[Desk]:
    if not versions:
        raise UsageError("row-unknown", task="")
    return desk(store, document_of(store, next(iter(versions))))
