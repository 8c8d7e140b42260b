"""Taking actions back: an undo is an action too, so it can be undone, and nothing is ever deleted."""

from __future__ import annotations

from sqlalchemy import Connection, Row, select

from models.errors import UsageError
from models.store.acting import Cell, Desk, Done, EditConflictError, act, desk
from models.store.cells import PRESENT
from models.store.database import Store, reading
from models.tables import actions, documents, edits


def undo(store: Store, action_id: int, *, who: str, why: str = "") -> Done:
    """Bring back what stood before an action, whoever did it. Raises EditConflictError `undo-conflict` where somebody
    built on it since, UsageError `action-unknown`."""
    with reading(store) as connection:
        query = select(documents.c.document_id, actions.c.kind).join(
            documents, documents.c.key == actions.c.document_key
        )
        found = connection.execute(query.where(actions.c.action_id == action_id)).one_or_none()
    if found is None:
        raise UsageError("action-unknown", action=action_id)
    with desk(store, found.document_id) as held:
        _check(held, action_id)
        kind = "redo" if found.kind == "undo" else "undo"
        return act(held, kind, who, why, list(_cells_before(held, action_id)), undoes=action_id)


def undo_last(store: Store, *, who: str) -> Done:
    """Take back the last thing a person did that isn't undone.

    Raises EditConflictError, UsageError `nothing-to-undo`.
    """
    with reading(store) as connection:
        for action in _actions_of(connection, who):
            if action.undoes is None and not _is_undone(connection, action.action_id):
                break
        else:
            raise UsageError("nothing-to-undo")
    return undo(store, action.action_id, who=who)


def redo_last(store: Store, *, who: str) -> Done:
    """Do again what the person last undid, if nothing was done since. Raises EditConflictError, UsageError."""
    with reading(store) as connection:
        for action in _actions_of(connection, who):
            if action.kind == "undo" and not _is_undone(connection, action.action_id):
                break
            if action.undoes is None:
                raise UsageError("nothing-to-undo")
        else:
            raise UsageError("nothing-to-undo")
    return undo(store, action.action_id, who=who)


def _actions_of(connection: Connection, who: str) -> list[Row[tuple[int, int | None, str]]]:
    query = select(actions.c.action_id, actions.c.undoes, actions.c.kind).where(actions.c.who == who)
    return list(connection.execute(query.order_by(actions.c.action_id.desc()).limit(1000)))


def _is_undone(connection: Connection, action_id: int) -> bool:
    query = select(actions.c.action_id).where(actions.c.undoes == action_id)
    return any(not _is_undone(connection, later) for later in connection.scalars(query).all())


def _edits_of(held: Desk, action_id: int) -> list[tuple[int | None, str]]:
    query = select(edits.c.task_key, edits.c.column).where(edits.c.action_id == action_id).order_by(edits.c.edit_id)
    return [(row.task_key, row.column) for row in held.connection.execute(query)]


def _check(held: Desk, action_id: int) -> None:
    """Raise where a cell no longer is as the action left it, or a row that it made has been worked on since."""
    replayed = held.state.replay
    for cell in _edits_of(held, action_id):
        stands, left = replayed.standing[cell], replayed.after[cell, action_id]
        if stands != left:
            raise _conflict(held, cell, left.note.value if left.note else "")
        if cell[1] == PRESENT:
            _check_untouched(held, cell[0], stands.action_id)


def _check_untouched(held: Desk, task_key: int | None, made_by: int) -> None:
    """Raise where somebody has worked on a row since the action that brought it in; what stood before is no matter."""
    for (key, column), standing in held.state.replay.standing.items():
        if key == task_key and standing.note and standing.action_id > made_by:
            raise _conflict(held, (key, column), "")


def _conflict(held: Desk, cell: tuple[int | None, str], expected: str) -> EditConflictError:
    note = held.state.replay.standing[cell].note
    task = next((row.task_id for row in held.rows.values() if row.key == cell[0]), "")
    both = {"expected": expected, "current": note.value if note else "", "attempted": ""}
    return EditConflictError(
        "undo-conflict", task=task, column=cell[1], **both, who=note.who if note else "", at=note.at if note else ""
    )


def _cells_before(held: Desk, action_id: int) -> list[Cell]:
    cells = []
    for key, column in _edits_of(held, action_id):
        note = held.state.replay.before[(key, column), action_id].note
        cells.append(Cell(key, column, note.value if note else None, note.machine if note else None))
    return cells
