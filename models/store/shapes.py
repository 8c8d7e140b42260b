"""What people do to the shape of the register: split a row, merge rows, add one that the machine missed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import insert, select

from models.columns import SEPARATOR
from models.errors import UsageError
from models.records import Span
from models.store.acting import Cell, Desk, Done, act, desk, document_of
from models.store.cells import (
    DEADLINE_COLUMNS,
    ID_COLUMNS,
    PLACE,
    PRESENT,
    REPLACED_BY,
    SOURCE_COLUMNS,
    TASK_COLUMNS,
    checked_all,
    cleaned,
)
from models.store.database import Store
from models.store.rows import TaskRow
from models.store.texts import passage
from models.tables import tasks

_JOINED = ("lead_unit", "coordinating_units", "references")


def split(
    store: Store, task_id: str, parts: Sequence[Mapping[str, str]], *, version: str, who: str, why: str = ""
) -> Done:
    """Put two or more rows in the place of one; each takes the old row's values but for those it names.

    Raises EditConflictError `row-changed`, UsageError `split-too-few`.
    """
    if len(parts) < 2:
        raise UsageError("split-too-few")
    with desk(store, document_of(store, task_id)) as held:
        row = held.seen(task_id, version, "shown")
        common = _carried(row)
        values = [{**common, **checked_all(_with_ids(part))} for part in parts]
        new = [_new_row(held, "split", row.key, f"{task_id}/{number}") for number in range(len(parts))]
        cells = [cell for (key, _), part in zip(new, values, strict=True) for cell in _born(key, part)]
        return act(held, "split", who, why, [*cells, _replaced(row, new)])


def merge(
    store: Store, versions: Mapping[str, str], values: Mapping[str, str] | None = None, *, who: str, why: str = ""
) -> Done:
    """Put one row in the place of several of a document: their words and units joined, the first deadline, and what
    `values` name.

    `versions` are task id -> the version seen. Raises EditConflictError `row-changed`, UsageError `merge-too-few`.
    """
    if len(versions) < 2:
        raise UsageError("merge-too-few")
    with desk(store, document_of(store, next(iter(versions)))) as held:
        rows = [held.seen(task_id, version, "shown") for task_id, version in versions.items()]
        rows.sort(key=lambda row: row.position)
        new = _new_row(held, "merged", rows[0].key, "+".join(row.task_id for row in rows))
        cells = list(_born(new[0], {**_joined(rows), **checked_all(_with_ids(values or {}))}))
        return act(held, "merge", who, why, [*cells, *(_replaced(row, [new]) for row in rows)])


def add(
    store: Store,
    document_id: str,
    reading_id: int,
    span: Span,
    values: Mapping[str, str],
    *,
    who: str,
    why: str = "",
) -> Done:
    """Add a row for a passage marked in a reading's text; without `task` among the values, its words are the task.

    Raises UsageError `passage-empty`, `document-unknown`, `cell-invalid`.
    """
    with desk(store, document_id) as held:
        words = cleaned(passage(held.connection, held.state.key, reading_id, span))
        if not words.strip():
            raise UsageError("passage-empty")
        source = {"source_text": words, "quote": words, PLACE: f"{reading_id}:{span.start}:{span.end}"}
        return _add(held, {"task": words, **values}, source, _row_before(held, reading_id, span), who, why)


def add_unplaced(store: Store, document_id: str, values: Mapping[str, str], *, who: str, why: str = "") -> Done:
    """Add a row whose words nobody marked in the text, at the end of the document; `values` must name the task.

    Raises UsageError `document-unknown`, `cell-invalid`.
    """
    with desk(store, document_id) as held:
        words = cleaned(values.get("task", ""))
        source = {"source_text": words, "quote": words, PLACE: f"{held.document.reading_ids[0]}:0:0"}
        after = max(held.rows.values(), key=lambda row: row.position, default=None)
        return _add(held, {"task": "", **values}, source, after.key if after else None, who, why)


def _add(
    held: Desk, values: Mapping[str, str], source: Mapping[str, str], after: int | None, who: str, why: str
) -> Done:
    born = checked_all({"deadline_kind": "none", **_with_ids(values)})
    key, _ = _new_row(held, "added", after, source[PLACE])
    return act(held, "add", who, why, list(_born(key, {**born, **source})))


def _with_ids(values: Mapping[str, str]) -> dict[str, str]:
    """Name no unit ids where new units come without them: the old ones would be other units'."""
    blank = {ids: "" for ids, names in ID_COLUMNS.items() if names in values}
    return {**blank, **values}


def _carried(row: TaskRow) -> dict[str, str]:
    values = {column: row.values[column] for column in (*TASK_COLUMNS, *SOURCE_COLUMNS) if row.values.get(column)}
    return {**values, PLACE: f"{row.reading_id}:{row.start}:{row.end}"}


def _joined(rows: Sequence[TaskRow]) -> dict[str, str]:
    values = _carried(rows[0])
    values["task"] = "; ".join(row.values.get("task", "").rstrip(" ;.") for row in rows)
    for column in SOURCE_COLUMNS:
        values[column] = "\n".join(dict.fromkeys(row.values.get(column, "") for row in rows))
    for column in _JOINED:
        names = [name for row in rows for name in row.values.get(column, "").split(SEPARATOR) if name]
        values[column] = SEPARATOR.join(dict.fromkeys(names))
    for ids, units in ID_COLUMNS.items():
        if values[units] != rows[0].values.get(units, ""):
            values[ids] = ""
    timed = next((row for row in rows if row.values.get("deadline_kind", "none") != "none"), rows[0])
    return {**values, **{column: timed.values.get(column, "") for column in DEADLINE_COLUMNS}}


def _new_row(held: Desk, origin: str, after: int | None, seed: str) -> tuple[int, str]:
    """Add a task of a person's making behind another, and return its key and id."""
    number = 0
    while True:
        name = f"{origin}\x1f{held.document.document_id}\x1f{seed}\x1f{number}"
        task_id = hashlib.sha256(name.encode()).hexdigest()[:16]
        if held.connection.scalar(select(tasks.c.key).where(tasks.c.task_id == task_id)) is None:
            break
        number += 1
    values = {"task_id": task_id, "document_key": held.state.key, "origin": origin, "after_key": after}
    inserted = held.connection.execute(insert(tasks).values(**values)).inserted_primary_key
    assert inserted is not None
    return int(inserted[0]), task_id


def _born(key: int, values: Mapping[str, str]) -> Iterator[Cell]:
    yield Cell(key, PRESENT, "yes")
    for column, value in values.items():
        yield Cell(key, column, value)


def _replaced(row: TaskRow, new: Sequence[tuple[int, str]]) -> Cell:
    return Cell(row.key, REPLACED_BY, SEPARATOR.join(task_id for _, task_id in new))


def _row_before(held: Desk, reading_id: int, span: Span) -> int | None:
    """Return the last row that starts before a passage in the same text; None where the passage comes first."""
    before = [row for row in held.rows.values() if row.reading_id == reading_id and row.start <= span.start]
    return max(before, key=lambda row: row.position).key if before else None
