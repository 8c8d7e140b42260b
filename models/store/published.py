"""The register as it was last written: what programs read of it, and which of its rows changed since a moment."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, select, update

from models.columns import COLUMN_NAMES
from models.errors import UsageError
from models.store.cells import folded
from models.store.database import Store, reading, writing
from models.store.rows import DocumentRow, document_row_from
from models.tables import current_documents, published, published_units, recording_lock

_UNIT_CELLS = ("lead_unit", "lead_unit_id", "coordinating_units", "coordinating_unit_ids")
_AT_ONCE = 500  # keys in a question: databases take no more than some thousand
_TICK = timedelta(microseconds=1)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: by unit (name or id), due before or after a day (ISO, that day left out), changed after a moment
    (then also rows that were withdrawn), review status, language, document."""

    unit: str = ""
    due_before: str = ""
    due_after: str = ""
    changed_since: datetime | None = None
    status: str = ""
    language: str = ""
    document_id: str = ""


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """A row of the register as last written, or as it stood before it was withdrawn, and when that happened."""

    values: Mapping[str, str]
    changed_at: str
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class PublishedPage:
    """Part of the register; `next` is the mark after which the next part begins, 0 at the end; `as_of` is the moment
    of the last change that is in it, from which to ask what changed since."""

    rows: tuple[PublishedRow, ...]
    next: int
    as_of: str


def publish(store: Store, rows: Iterable[Mapping[str, str]]) -> str:
    """Keep the register as it is written, and return the moment of its last change. One writer at a time.

    A row that is as it was keeps its moment. Changes are kept some hundreds at once, so that no edit waits long; those
    kept at once have one moment, later than every moment before it, whatever the clock says: who asks for what changed
    after `as_of` misses nothing and gets nothing twice.
    """
    made = {row["task_id"]: _body(row) for row in rows}
    digests = {task_id: hashlib.sha256(body.encode()).hexdigest()[:32] for task_id, body in made.items()}
    with reading(store) as connection:
        stood = {row.task_id: row for row in connection.execute(_standing())}
    changed = [task_id for task_id in made if task_id not in stood or stood[task_id].digest != digests[task_id]]
    gone = [row.key for task_id, row in stood.items() if task_id not in made and not row.withdrawn]
    for keys in _parts(gone):
        with _moment(store) as (connection, moment):
            part = update(published).where(published.c.key.in_(keys))
            connection.execute(part.values(withdrawn=True, changed_at=moment, digest=""))
    for ids in _parts(changed):
        with _moment(store) as (connection, moment):
            values = [_values(made[one], digests[one], moment) for one in ids]
            _update(connection, [row for row in values if row["task_id"] in stood])
            _insert(connection, [row for row in values if row["task_id"] not in stood])
            _write_units(connection, {one: made[one] for one in ids})
    return published_mark(store)


def _parts(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + _AT_ONCE] for start in range(0, len(items), _AT_ONCE))


@contextmanager
def _moment(store: Store) -> Iterator[tuple[Connection, str]]:
    """Open a transaction that writes, and give the moment of what it changes."""
    with writing(store) as connection:
        connection.execute(select(recording_lock).with_for_update())
        yield connection, _moment_after(connection.scalar(select(func.max(published.c.changed_at))) or "")


def _standing() -> Any:
    return select(published.c.key, published.c.task_id, published.c.digest, published.c.withdrawn)


def _body(row: Mapping[str, str]) -> str:
    return json.dumps({name: row[name] for name in COLUMN_NAMES if row.get(name)}, ensure_ascii=True)


def _moment_after(last: str) -> str:
    moment = datetime.now(UTC)
    if last:
        moment = max(moment, datetime.fromisoformat(last) + _TICK)
    return _written(moment)


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _values(body: str, digest: str, moment: str) -> dict[str, Any]:
    row = json.loads(body)
    named = {name: row.get(name, "") for name in ("task_id", "document_id", "language", "review_status", "due_date")}
    return {**named, "withdrawn": False, "changed_at": moment, "digest": digest, "body": body}


def _update(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        named = [{f"new_{name}": value for name, value in row.items()} for row in rows]
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in rows[0] if name != "task_id"}
        connection.execute(
            update(published).where(published.c.task_id == bindparam("new_task_id")).values(values), named
        )


def _insert(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(insert(published), list(rows))


def _write_units(connection: Connection, bodies: Mapping[str, str]) -> None:
    query = select(published.c.task_id, published.c.key).where(published.c.task_id.in_(bodies))
    keys = dict(connection.execute(query).tuples().all())
    connection.execute(delete(published_units).where(published_units.c.key.in_(keys.values())))
    units = [{"unit": unit, "key": keys[one]} for one, body in bodies.items() for unit in _units(json.loads(body))]
    if units:
        connection.execute(insert(published_units), units)


def _units(row: Mapping[str, str]) -> set[str]:
    """Return the units of a row, by their names and by their ids, folded."""
    named = (unit for cell in _UNIT_CELLS for unit in row.get(cell, "").split(";"))
    return {unit for name in named if (unit := folded(name))}


def published_rows(store: Store, wanted: Wanted = Wanted(), *, after: int = 0, limit: int = 100) -> PublishedPage:
    """Return rows of the register in the order in which they were first written, from a mark on."""
    query = select(published).where(published.c.key > after, *_conditions(wanted)).order_by(published.c.key)
    with reading(store) as connection:
        found = list(connection.execute(query.limit(limit + 1)))
        as_of = connection.scalar(select(func.max(published.c.changed_at))) or ""
    rows = tuple(_published_row(row) for row in found[:limit])
    return PublishedPage(rows, found[limit - 1].key if len(found) > limit else 0, as_of)


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    table = published.c
    if wanted.changed_since is None:
        yield ~table.withdrawn
    else:
        yield table.changed_at > _written(wanted.changed_since)
    if wanted.due_before or wanted.due_after:
        yield table.due_date > (wanted.due_after or "0")
    if wanted.due_before:
        yield table.due_date < wanted.due_before
    for column, value in ((table.review_status, wanted.status), (table.language, wanted.language)):
        if value:
            yield column == value
    if wanted.document_id:
        yield table.document_id == wanted.document_id
    if wanted.unit:
        yield table.key.in_(select(published_units.c.key).where(published_units.c.unit == folded(wanted.unit)))


def _published_row(row: Any) -> PublishedRow:
    values = dict.fromkeys(COLUMN_NAMES, "") | json.loads(row.body)
    return PublishedRow(values, row.changed_at, row.withdrawn)


def published_row(store: Store, task_id: str) -> PublishedRow:
    """Return one row, also one that was withdrawn. Raises UsageError `row-unknown`."""
    with reading(store) as connection:
        row = connection.execute(select(published).where(published.c.task_id == task_id)).one_or_none()
    if row is None:
        raise UsageError("row-unknown", task=task_id)
    return _published_row(row)


def published_mark(store: Store) -> str:
    """Return the moment of the last change in the register, empty before the first writing."""
    with reading(store) as connection:
        return connection.scalar(select(func.max(published.c.changed_at))) or ""


def all_published(store: Store, columns: Collection[str] = COLUMN_NAMES) -> list[dict[str, str]]:
    """Return the whole register as last written, some columns of it."""
    query = select(published.c.body).where(~published.c.withdrawn).order_by(published.c.key)
    with reading(store) as connection:
        bodies = connection.scalars(query).all()
    return [{column: row.get(column, "") for column in columns} for row in map(json.loads, bodies)]


def documents_after(store: Store, *, language: str = "", after: int = 0, limit: int = 100) -> list[DocumentRow]:
    """Return documents in the order of their recording, those whose key comes after a mark."""
    query = select(current_documents.c.body).where(current_documents.c.document_key > after)
    if language:
        query = query.where(current_documents.c.language == language)
    with reading(store) as connection:
        bodies = connection.scalars(query.order_by(current_documents.c.document_key).limit(limit)).all()
    return [document_row_from(json.loads(body)) for body in bodies]
