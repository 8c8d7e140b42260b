"""The doing of tasks: done, in progress or not applicable, as signed entries of which the last of a task stands.

It is kept apart from the edits: that a task is done says nothing of whether its row is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

from sqlalchemy import Connection, Row, Select, func, insert, select

from models.errors import UsageError
from models.store.acting import EditConflictError
from models.store.cells import cleaned
from models.store.database import Store, reading, writing
from models.store.moments import now
from models.tables import progress, tasks

ProgressState = Literal["done", "in-progress", "not-applicable"]
PROGRESS_STATES: tuple[ProgressState, ...] = get_args(ProgressState)


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says of the doing of a task: the state, the ISO day it was done on (only of what is done), the
    number of the report, a note. An empty state says nothing any more."""

    state: ProgressState | Literal[""]
    done_on: str = ""
    reference: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """An entry: what was said of which task, by whom and when (ISO 8601); `undoes` is the entry it took back."""

    entry_id: int
    task_id: str
    said: Said
    who: str = field(compare=False)
    at: str = field(compare=False)
    undoes: int | None = None


def record_progress(store: Store, task_id: str, said: Said, *, seen: int, who: str) -> Progress:
    """Say how the doing of a task stands; `seen` is the entry that stood when the person looked, 0 where none did.

    The same again keeps no new entry. Raises EditConflictError `progress-changed`, UsageError `row-unknown`,
    `progress-invalid`, `who-missing`.
    """
    said = checked_progress(said)
    with writing(store) as connection:
        return _added(connection, task_id, said, seen, who)


def record_all_progress(store: Store, entries: Mapping[str, tuple[Said, int]], *, who: str) -> list[Progress]:
    """Say how many tasks stand, all of them or none: task id -> what is said and the entry that was seen.

    Raises as `record_progress`.
    """
    checked = {task_id: (checked_progress(said), seen) for task_id, (said, seen) in entries.items()}
    with writing(store) as connection:
        return [_added(connection, task_id, *checked[task_id], who) for task_id in sorted(checked)]


def checked_progress(said: Said) -> Said:
    """Return what is said, without what XML and databases can't hold. Raises UsageError `progress-invalid`."""
    done_on = said.done_on.strip()
    is_known = said.state in ("", *PROGRESS_STATES)
    if not is_known or (done_on and said.state != "done") or (done_on and not _is_day(done_on)):
        raise UsageError("progress-invalid", state=said.state, day=done_on)
    texts = (" ".join(cleaned(text).split()) for text in (said.reference, said.note))
    return Said(said.state, done_on, *texts)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def undo_progress(store: Store, entry_id: int, *, who: str) -> Progress:
    """Bring back what stood before the last entry of a task, as an entry too: undoing that one is doing it again.

    Raises EditConflictError `progress-changed` where somebody has added another since, UsageError `action-unknown`.
    """
    with writing(store) as connection:
        query = select(tasks.c.task_id).join(progress, progress.c.task_key == tasks.c.key)
        task_id = connection.scalar(query.where(progress.c.entry_id == entry_id))
        if task_id is None:
            raise UsageError("action-unknown", action=entry_id)
        _hold(connection, task_id)
        before = list(connection.execute(_entries().where(tasks.c.task_id == task_id)))[-2:]
        stood = _progress(before[0]).said if len(before) == 2 else Said("")
        return _added(connection, task_id, stood, entry_id, who, undoes=entry_id)


def _added(
    connection: Connection, task_id: str, said: Said, seen: int, who: str, undoes: int | None = None
) -> Progress:
    if not who.strip():
        raise UsageError("who-missing")
    key = _hold(connection, task_id)
    last = connection.execute(_latest().where(tasks.c.key == key)).one_or_none()
    stands = _progress(last) if last else None
    if undoes is None and said == (stands.said if stands else Said("")):
        return stands or Progress(0, task_id, said, "", "")
    if seen != (stands.entry_id if stands else 0):
        last_said = {"who": stands.who, "at": stands.at} if stands else {"who": "", "at": ""}
        raise EditConflictError("progress-changed", task=task_id, attempted=said.state, **last_said)
    return _inserted(connection, key, Progress(0, task_id, said, cleaned(who), now(), undoes))


def _inserted(connection: Connection, key: int, entry: Progress) -> Progress:
    said = entry.said
    values = {"state": said.state, "done_on": said.done_on, "reference": said.reference, "note": said.note}
    values |= {"who": entry.who, "at": entry.at}
    added = connection.execute(insert(progress).values(task_key=key, undoes=entry.undoes, **values))
    assert added.inserted_primary_key is not None
    return Progress(int(added.inserted_primary_key[0]), entry.task_id, said, entry.who, entry.at, entry.undoes)


def _hold(connection: Connection, task_id: str) -> int:
    """Return the key of a task, and let nobody else say anything of it until the transaction ends."""
    key = connection.scalar(select(tasks.c.key).where(tasks.c.task_id == task_id).with_for_update())
    if key is None:
        raise UsageError("row-unknown", task=task_id)
    return int(key)


def current_progress(store: Store, task_ids: Iterable[str] | None = None) -> dict[str, Progress]:
    """Return what stands of each task of which something is said, or of those of some tasks, by task id."""
    query = _latest() if task_ids is None else _latest().where(tasks.c.task_id.in_(list(task_ids)))
    with reading(store) as connection:
        entries = [_progress(row) for row in connection.execute(query)]
    return {entry.task_id: entry for entry in entries if entry.said.state}


def last_entries(store: Store) -> dict[str, int]:
    """Return the last entry of each task, also where nothing is said any more: what an edit must have seen."""
    with reading(store) as connection:
        return {row.task_id: row.entry_id for row in connection.execute(_latest())}


def task_ids(store: Store) -> set[str]:
    """Return the ids of all tasks that were ever recorded."""
    with reading(store) as connection:
        return set(connection.scalars(select(tasks.c.task_id)))


def progress_history(store: Store, task_id: str) -> list[Progress]:
    """Return all that was said of the doing of a task, oldest first."""
    with reading(store) as connection:
        return [_progress(row) for row in connection.execute(_entries().where(tasks.c.task_id == task_id))]


def progress_mark(store: Store) -> int:
    """Return a number that grows with each entry."""
    with reading(store) as connection:
        return int(connection.scalar(select(func.max(progress.c.entry_id))) or 0)


def _entries() -> Select[tuple[object, ...]]:
    query = select(*progress.c, tasks.c.task_id).join(tasks, tasks.c.key == progress.c.task_key)
    return query.order_by(progress.c.entry_id)


def _latest() -> Select[tuple[object, ...]]:
    last = select(func.max(progress.c.entry_id)).group_by(progress.c.task_key)
    return _entries().where(progress.c.entry_id.in_(last))


def _progress(row: Row[tuple[object, ...]]) -> Progress:
    said = Said(row.state, row.done_on, row.reference, row.note)
    return Progress(row.entry_id, row.task_id, said, row.who, row.at, row.undoes)
