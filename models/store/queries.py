"""What pages and exports ask of the store. All read the derived tables; none changes anything."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Column, ColumnElement, Connection, Select, func, literal_column, select, tuple_

from models.columns import COLUMN_NAMES
from models.errors import UsageError
from models.store.cells import folded
from models.store.database import Store, reading
from models.store.rows import DocumentRow, RowState, TaskRow, document_row_from, task_row_from
from models.store.texts import file_of_reading
from models.tables import current_bodies, current_documents, current_tasks, current_units, current_words, readings

COUNTED = 2_000  # a list of more rows says 'more than': counting them all would cost more than showing them
SHOWN: tuple[RowState, ...] = ("shown",)
Order = Literal["document", "due"]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows: by unit (name or id), days of the due date (ISO, both ends in), review status, language, deadline
    kind, words (each the start of a word of the row), document, and whether a person should look."""

    unit: str = ""
    due_from: str = ""
    due_to: str = ""
    status: str = ""
    language: str = ""
    kind: str = ""
    words: str = ""
    document_id: str = ""
    doubtful: bool | None = None


@dataclass(frozen=True, slots=True)
class TaskPage:
    """Part of a list: rows, the documents that they stand in by id, how many rows there are in all (at most COUNTED),
    and the mark after which the next part begins, empty at the end."""

    rows: tuple[TaskRow, ...]
    documents: Mapping[str, DocumentRow]
    total: int
    next: str


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """Part of the list of documents, and how many there are in all."""

    documents: tuple[DocumentRow, ...]
    total: int


def list_documents(
    store: Store,
    *,
    words: str = "",
    language: str = "",
    left: Literal["", "unreviewed", "doubtful", "done"] = "",
    limit: int = 50,
    offset: int = 0,
) -> DocumentPage:
    """Return documents, latest first, by words of their number, title and issuer, and by what is left to do."""
    table = current_documents.c
    conditions = [table.words.contains(word, autoescape=True) for word in folded(words).split()]
    conditions += [table.language == language] if language else []
    conditions += {
        "unreviewed": [table.unreviewed > 0],
        "doubtful": [table.doubtful > 0],
        "done": [table.unreviewed == 0],
    }.get(left, [])
    query = select(table.body).where(*conditions).order_by(table.document_date.desc(), table.document_key.desc())
    with reading(store) as connection:
        total = connection.scalar(select(func.count()).select_from(current_documents).where(*conditions)) or 0
        found = _joined(connection, query.limit(limit).offset(offset).subquery().c.body)
    documents = sorted(map(document_row_from, found), key=_latest_first, reverse=True)
    return DocumentPage(tuple(documents), total)


def count_rows(store: Store) -> int:
    """Return how many rows the register has."""
    with reading(store) as connection:
        return int(connection.scalar(select(func.sum(current_documents.c.tasks))) or 0)


def _latest_first(document: DocumentRow) -> tuple[str, int]:
    return document.values.get("document_date", ""), document.key


def _joined(connection: Connection, bodies: ColumnElement[str]) -> list[Any]:
    """Return the bodies of a query as they were before they became JSON, in any order.

    They come as one text: fetched one by one, each would cost a turn of the interpreter's lock, and with ten readers
    at once that is most of the time.
    """
    return list(json.loads(f"[{connection.scalar(select(func.aggregate_strings(bodies, ','))) or ''}]"))


def list_tasks(
    store: Store, wanted: Filter = Filter(), *, order: Order = "document", after: str = "", limit: int = 50
) -> TaskPage:
    """Return rows of the register in the order of the documents or of their due dates, from a mark on."""
    sort = _ORDERS[order]
    query = select(current_tasks.c.task_key, *sort).order_by(*sort)
    with reading(store) as connection:
        conditions = _conditions(connection, wanted)
        found = query.where(*conditions).limit(COUNTED).cte()
        total = select(func.count()).select_from(found).scalar_subquery()
        if after:
            part = query.where(*conditions, tuple_(*sort) > tuple_(*_mark(after))).limit(limit + 1).subquery()
        else:
            part = select(found).order_by(*(found.c[column.name] for column in sort)).limit(limit + 1).subquery()
        bodies = select(current_bodies.c.body).join(part, part.c.task_key == current_bodies.c.task_key).subquery()
        text = select(func.aggregate_strings(bodies.c.body, ",")).scalar_subquery()
        counted, joined = connection.execute(select(total, text)).one()
        rows = [task_row_from(data) for data in json.loads(f"[{joined or ''}]")]
        documents = _documents(connection, {row.document_id for row in rows})
    rows.sort(key=lambda row: _place(order, row, documents))
    last = json.dumps(_place(order, rows[limit - 1], documents)) if len(rows) > limit else ""
    return TaskPage(tuple(rows[:limit]), documents, counted, last)


_ORDERS: dict[Order, tuple[Column[Any], ...]] = {
    "document": (current_tasks.c.document_key, current_tasks.c.position),
    "due": (current_tasks.c.due_date, current_tasks.c.task_key),
}


def _place(order: Order, row: TaskRow, documents: Mapping[str, DocumentRow]) -> tuple[str | int, int]:
    """Return where a row stands in an order, as the database sees it."""
    if order == "due":
        return row.values.get("due_date", ""), row.key
    return documents[row.document_id].key, row.position


def _mark(after: str) -> list[Any]:
    try:
        first, second = json.loads(after)
    except ValueError as error:
        raise UsageError("mark-invalid", mark=after) from error
    return [first, second]


def _conditions(connection: Connection, wanted: Filter) -> list[ColumnElement[bool]]:
    table = current_tasks.c
    status = wanted.status
    found: list[ColumnElement[bool]] = [table.state == ("rejected" if status == "rejected" else "shown")]
    found += [table.review_status == status] if status else []
    found += [table.language == wanted.language] if wanted.language else []
    found += [table.deadline_kind == wanted.kind] if wanted.kind else []
    found += [table.doubtful == wanted.doubtful] if wanted.doubtful is not None else []
    found += [table.due_date >= (wanted.due_from or "0")] if wanted.due_from or wanted.due_to else []
    found += [table.due_date <= wanted.due_to] if wanted.due_to else []
    if wanted.unit:
        keys = select(current_units.c.task_key).where(current_units.c.unit == folded(wanted.unit))
        found.append(table.task_key.in_(keys))
    if wanted.document_id:
        keys = select(current_documents.c.document_key).where(current_documents.c.document_id == wanted.document_id)
        found.append(table.document_key.in_(keys))
    if words := folded(wanted.words).split():
        found.append(table.task_key.in_(_keys_with(connection, words)))
    return found


def _keys_with(connection: Connection, words: Collection[str]) -> Select[tuple[int]]:
    """Return the query for the rows that hold words with all these beginnings; the words are folded."""
    query = select(current_words.c.rowid)
    if connection.dialect.name == "sqlite":
        wanted = " ".join(f'"{word}"*' for word in words)
        return query.where(literal_column("current_words").op("MATCH")(wanted))
    vector = func.to_tsvector(literal_column("'simple'"), current_words.c.words)
    wanted = " & ".join(f"'{word}':*" for word in words)
    return query.where(vector.op("@@")(func.to_tsquery(literal_column("'simple'"), wanted)))


def _documents(connection: Connection, document_ids: Collection[str]) -> dict[str, DocumentRow]:
    query = select(current_documents.c.body).where(current_documents.c.document_id.in_(document_ids))
    rows = map(document_row_from, _joined(connection, query.subquery().c.body))
    return {row.document_id: row for row in rows}


def document_rows(
    store: Store, document_id: str, *, states: Collection[str] = SHOWN
) -> tuple[DocumentRow, tuple[TaskRow, ...]]:
    """Return a document and its rows in document order. Raises UsageError `document-unknown`."""
    with reading(store) as connection:
        documents = _documents(connection, [document_id])
        if document_id not in documents:
            raise UsageError("document-unknown", document=document_id)
        document = documents[document_id]
        return document, tuple(_rows_of_document(connection, document.key, states))


def _rows_of_document(connection: Connection, key: int, states: Collection[str]) -> list[TaskRow]:
    query = (
        select(current_bodies.c.body)
        .join(current_tasks, current_tasks.c.task_key == current_bodies.c.task_key)
        .where(current_tasks.c.document_key == key, current_tasks.c.state.in_(states))
    )
    rows = map(task_row_from, _joined(connection, query.subquery().c.body))
    return sorted(rows, key=lambda row: row.position)


def find_task(store: Store, task_id: str) -> tuple[DocumentRow, TaskRow]:
    """Return a row in whatever state, and its document. Raises UsageError `row-unknown`."""
    query = select(current_bodies.c.body).join(current_tasks, current_tasks.c.task_key == current_bodies.c.task_key)
    with reading(store) as connection:
        body = connection.scalar(query.where(current_tasks.c.task_id == task_id))
        if body is None:
            raise UsageError("row-unknown", task=task_id)
        row = task_row_from(json.loads(body))
        return _documents(connection, [row.document_id])[row.document_id], row


def known_units(store: Store, beginning: str = "", *, limit: int = 20) -> list[tuple[str, int]]:
    """Return the units named in the register that begin so, with their number of rows, most frequent first."""
    start, count = folded(beginning), func.count().label("count")
    query = select(current_units.c.unit, count).group_by(current_units.c.unit)  # the index has all of it, but no names
    if start:
        query = query.where(current_units.c.unit >= start, current_units.c.unit < start + "\U0010ffff")
    most = query.order_by(count.desc(), current_units.c.unit).limit(limit).subquery()
    named = select(func.min(current_units.c.name)).where(current_units.c.unit == most.c.unit).scalar_subquery()
    with reading(store) as connection:
        rows = connection.execute(select(named, most.c.count).order_by(most.c.count.desc(), most.c.unit))
        return [(name, number) for name, number in rows.tuples()]


def register_rows(
    store: Store, *, document_ids: Collection[str] | None = None, with_rejected: bool = False
) -> Iterator[dict[str, str]]:
    """Yield the register's rows with all columns, in document order, documents in the order of their recording."""
    states: tuple[RowState, ...] = ("shown", "rejected") if with_rejected else SHOWN
    with reading(store) as connection:
        files = file_of_reading(connection)
        query = select(current_documents.c.body).order_by(current_documents.c.document_key)
        if document_ids is not None:
            query = query.where(current_documents.c.document_id.in_(document_ids))
        for document in map(document_row_from, map(json.loads, connection.scalars(query).all())):
            for row in _rows_of_document(connection, document.key, states):
                yield register_row(document, row, files.get(row.reading_id, ("", "")))


def recorded_files(store: Store) -> set[str]:
    """Return the hashes of the files from which something was recorded."""
    with reading(store) as connection:
        return set(connection.scalars(select(readings.c.sha256).distinct()))


def register_row(document: DocumentRow, row: TaskRow, file: tuple[str, str]) -> dict[str, str]:
    """Return one row with all columns of the register; the file is its name and hash."""
    values = {
        **document.values,
        **row.values,
        "document_id": document.document_id,
        "source_file": file[0],
        "source_sha256": file[1],
    }
    return {column: values.get(column, "") for column in COLUMN_NAMES}
