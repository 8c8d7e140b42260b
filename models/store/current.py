"""The derived tables: what stands now, for reading fast. All of it can be thrown away and rebuilt."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, delete, insert, select

from models.columns import SEPARATOR
from models.store.cells import folded
from models.store.database import Store, reading, writing
from models.store.rows import DocumentRow, TaskRow, row_json, rows_of
from models.store.state import load_state
from models.tables import current_bodies, current_documents, current_tasks, current_units, current_words, documents

_UNIT_CELLS = (("lead_unit", "lead_unit_id"), ("coordinating_units", "coordinating_unit_ids"))
_SEARCHED = ("task", "lead_unit", "coordinating_units", "deliverable", "deadline_text", "section", "source_text")


def refresh(connection: Connection, document_key: int) -> tuple[DocumentRow, list[TaskRow]]:
    """Make the derived rows of one document anew, write those that changed, and return all."""
    document, rows = rows_of(load_state(connection, document_key))
    connection.execute(delete(current_documents).where(current_documents.c.document_key == document_key))
    connection.execute(insert(current_documents), _document_values(document))
    query = select(current_tasks.c.task_key, current_tasks.c.digest)
    stood = dict(connection.execute(query.where(current_tasks.c.document_key == document_key)).tuples().all())
    language = document.values.get("language", "")
    changed = [
        (row, body, digest)
        for row in rows
        if stood.get(row.key) != (digest := _digest(language, body := row_json(row)))
    ]
    _forget(connection, [row.key for row, _, _ in changed if row.key in stood])
    _write(connection, document, changed)
    return document, rows


def _digest(language: str, body: str) -> str:
    return hashlib.sha256(f"{language}\n{body}".encode()).hexdigest()[:16]


def _document_values(document: DocumentRow) -> dict[str, object]:
    named = ("document_number", "document_title", "issuer", "document_type")
    return {
        "document_key": document.key,
        "document_id": document.document_id,
        "language": document.values.get("language", ""),
        "document_date": document.values.get("document_date", ""),
        "words": folded(" ".join(document.values.get(column, "") for column in named)),
        "tasks": document.tasks,
        "unreviewed": document.unreviewed,
        "doubtful": document.doubtful,
        "body": row_json(document),
    }


def _forget(connection: Connection, keys: Sequence[int]) -> None:
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        for column in (
            current_tasks.c.task_key,
            current_bodies.c.task_key,
            current_units.c.task_key,
            current_words.c.rowid,
        ):
            connection.execute(delete(column.table).where(column.in_(part)))


def _write(connection: Connection, document: DocumentRow, changed: Sequence[tuple[TaskRow, str, str]]) -> None:
    if not changed:
        return
    connection.execute(insert(current_tasks), [_task_values(document, row, digest) for row, _, digest in changed])
    connection.execute(insert(current_bodies), [{"task_key": row.key, "body": body} for row, body, _ in changed])
    shown = [row for row, _, _ in changed if row.state in {"shown", "rejected"}]
    if units := [unit for row in shown for unit in _units(row)]:
        connection.execute(insert(current_units), units)
    if shown:
        connection.execute(insert(current_words), [{"rowid": row.key, "words": _words(row)} for row in shown])


def _task_values(document: DocumentRow, row: TaskRow, digest: str) -> dict[str, object]:
    return {
        "task_key": row.key,
        "document_key": document.key,
        "position": row.position,
        "task_id": row.task_id,
        "state": row.state,
        "language": document.values.get("language", ""),
        "review_status": row.values["review_status"],
        "doubtful": bool(row.values["review_reasons"]),
        "deadline_kind": row.values.get("deadline_kind", ""),
        "due_date": row.values.get("due_date", ""),
        "digest": digest,
    }


def _units(row: TaskRow) -> Iterator[dict[str, object]]:
    """Yield the units of a row, once by name and once by id where that is known."""
    seen: set[str] = set()
    for names, ids in _UNIT_CELLS:
        listed = row.values.get(names, "").split(SEPARATOR)
        for name in (*listed, *row.values.get(ids, "").split(";")):
            unit = folded(name)
            if unit and unit not in seen:
                seen.add(unit)
                yield {"unit": unit, "task_key": row.key, "name": name.strip()}


def _words(row: TaskRow) -> str:
    words = folded(" ".join(row.values.get(column, "") for column in _SEARCHED)).split()
    return " ".join(dict.fromkeys(words))


def rebuild(store: Store) -> None:
    """Make all derived tables anew from what is recorded."""
    with reading(store) as connection:
        keys = connection.scalars(select(documents.c.key).order_by(documents.c.key)).all()
    for key in keys:
        with writing(store) as connection:
            connection.execute(select(documents.c.key).where(documents.c.key == key).with_for_update())
            old = select(current_tasks.c.task_key).where(current_tasks.c.document_key == key)
            _forget(connection, connection.scalars(old).all())
            refresh(connection, key)
