"""What every edit has in common: the document is held, what the person saw checked, the action signed and kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from models.errors import ChidaoError, UsageError
from models.store.cells import cleaned
from models.store.current import refresh
from models.store.database import Store, lock_document, writing
from models.store.moments import now
from models.store.rows import DocumentRow, RowState, TaskRow, rows_of
from models.store.state import DocumentState, load_state
from models.tables import actions, documents, edits, tasks


class EditConflictError(ChidaoError):
    """Somebody was faster: nothing was changed.

    `values` hold task, column, `expected` (what the person saw), `current` (what stands), `attempted`, and who set it
    and when. Codes: `edit-conflict` for a cell, `row-changed` for a row, `undo-conflict` for an undo.
    """


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that an action sets; `new` is None where the machine's value shall stand again."""

    task_key: int | None
    column: str
    new: str | None
    machine: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What an action came to: its id (0 where there was nothing to do), the document, and the rows that it touched."""

    action_id: int
    document: DocumentRow
    rows: tuple[TaskRow, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """A document held for an edit: nobody else changes it until the edit is kept."""

    connection: Connection
    state: DocumentState
    document: DocumentRow
    rows: Mapping[str, TaskRow]

    def row(self, task_id: str, *states: RowState) -> TaskRow:
        """Return a row that is in one of the states. Raises UsageError `row-unknown`, `row-closed`."""
        row = self.rows.get(task_id)
        if row is None:
            raise UsageError("row-unknown", task=task_id)
        if row.state not in states:
            raise UsageError("row-closed", task=task_id, state=row.state)
        return row

    def seen(self, task_id: str, version: str, *states: RowState) -> TaskRow:
        """Return a row if it still is as the person saw it. Raises EditConflictError `row-changed`, UsageError."""
        row = self.rows.get(task_id)
        if row is not None and row.version != version:
            last = {"who": row.values["reviewed_by"], "at": row.values["reviewed_at"]}
            raise EditConflictError("row-changed", task=task_id, expected=version, current=row.version, **last)
        return self.row(task_id, *states)


@contextmanager
def desk(store: Store, document_id: str) -> Iterator[Desk]:
    """Hold a document for an edit that is kept whole, or not at all when the block raises."""
    with writing(store) as connection:
        state = load_state(connection, lock_document(connection, document_id))
        document, rows = rows_of(state)
        yield Desk(connection, state, document, {row.task_id: row for row in rows})


def document_of(store: Store, task_id: str) -> str:
    """Return the id of a task's document. Raises UsageError `row-unknown`."""
    query = select(documents.c.document_id).join(tasks, tasks.c.document_key == documents.c.key)
    with store.engine.connect() as connection:
        found = connection.scalar(query.where(tasks.c.task_id == task_id))
    if found is None:
        raise UsageError("row-unknown", task=task_id)
    return str(found)


def act(held: Desk, kind: str, who: str, why: str, cells: Sequence[Cell], undoes: int | None = None) -> Done:
    """Sign and keep an action, and return what it came to. Raises UsageError `who-missing`."""
    if not who.strip():
        raise UsageError("who-missing")
    if not cells:
        return Done(0, held.document, ())
    key = held.state.key
    values = {
        "document_key": key,
        "kind": kind,
        "who": cleaned(who),
        "at": now(),
        "why": cleaned(why),
        "undoes": undoes,
    }
    inserted = held.connection.execute(insert(actions).values(**values)).inserted_primary_key
    assert inserted is not None
    action_id = int(inserted[0])
    held.connection.execute(insert(edits), [_edit(held, action_id, cell) for cell in cells])
    document, rows = refresh(held.connection, key)
    touched = {cell.task_key for cell in cells}
    return Done(action_id, document, tuple(row for row in rows if row.key in touched))


def _edit(held: Desk, action_id: int, cell: Cell) -> dict[str, object]:
    note = held.state.notes.get(cell.task_key, {}).get(cell.column)
    return {
        "action_id": action_id,
        "document_key": held.state.key,
        "task_key": cell.task_key,
        "column": cell.column,
        "old": note.value if note else None,
        "new": cell.new,
        "machine": cell.machine,
    }
