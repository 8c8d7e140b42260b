"""How a cell came to stand as it does: what each run of the machine said, and what people said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, select

from models.errors import UsageError
from models.store.cells import DOCUMENT_COLUMNS
from models.store.database import Store, reading
from models.tables import actions, documents, edits, findings, runs, tasks


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a cell or row. `by` is the person, or the software for `machine`; `new` is None where
    the machine's value was let stand again. `action_id` is 0 for the machine."""

    kind: Literal["machine", "set", "accept", "reject", "restore", "split", "merge", "add", "undo", "redo"]
    at: str
    by: str
    column: str
    old: str | None
    new: str | None
    why: str = ""
    action_id: int = 0
    undoes: int | None = None


def cell_history(store: Store, task_id: str, column: str) -> list[Event]:
    """Return what happened to a cell, oldest first; a run that said the same again is left out.

    Raises UsageError `row-unknown`.
    """
    with reading(store) as connection:
        task = _task(connection, task_id)
        of_document = column in DOCUMENT_COLUMNS
        events = [*_machine_events(connection, task, column), *_edits(connection, task, of_document)]
    return sorted((event for event in events if event.column == column), key=_moment)


def row_history(store: Store, task_id: str) -> list[Event]:
    """Return what people did to a row, oldest first: decisions and cells set. Raises UsageError `row-unknown`."""
    with reading(store) as connection:
        return list(_edits(connection, _task(connection, task_id), False))


def document_history(store: Store, document_id: str, *, limit: int = 200) -> list[Event]:
    """Return what people did in a document, one event an action, latest first; `column` is empty."""
    query = (
        select(actions)
        .join(documents, documents.c.key == actions.c.document_key)
        .where(documents.c.document_id == document_id)
        .order_by(actions.c.action_id.desc())
        .limit(limit)
    )
    with reading(store) as connection:
        return [
            Event(row.kind, row.at, row.who, "", None, None, row.why, row.action_id, row.undoes)
            for row in connection.execute(query)
        ]


def _moment(event: Event) -> tuple[str, int]:
    return event.at, event.action_id


def _task(connection: Connection, task_id: str) -> tuple[int, int]:
    found = connection.execute(
        select(tasks.c.key, tasks.c.document_key).where(tasks.c.task_id == task_id)
    ).one_or_none()
    if found is None:
        raise UsageError("row-unknown", task=task_id)
    return found.key, found.document_key


def _machine_events(connection: Connection, task: tuple[int, int], column: str) -> Iterator[Event]:
    query = (
        select(runs.c.recorded_at, runs.c.software, runs.c.document_values, findings.c.machine_values)
        .join(findings, findings.c.run_id == runs.c.run_id)
        .where(findings.c.task_key == task[0])
        .order_by(runs.c.run_id)
    )
    last: str | None = None
    for row in connection.execute(query):
        values = {**json.loads(row.document_values), **json.loads(row.machine_values)}
        value = values.get(column, "")
        if value != last:
            yield Event("machine", row.recorded_at, row.software, column, last, value)
        last = value


def _edits(connection: Connection, task: tuple[int, int], of_document: bool) -> Iterator[Event]:
    query = select(edits, actions).join(actions, actions.c.action_id == edits.c.action_id)
    where = edits.c.task_key.is_(None) if of_document else edits.c.task_key == task[0]
    query = query.where(where, edits.c.document_key == task[1]).order_by(edits.c.edit_id)
    for row in connection.execute(query):
        yield Event(row.kind, row.at, row.who, row.column, row.old, row.new, row.why, row.action_id, row.undoes)
