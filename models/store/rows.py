"""The rows of one document, made from what is recorded: the machine's values with people's laid over. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

from models.columns import SEPARATOR
from models.store.cells import (
    ACCEPTED,
    CONFIRMED_COLUMNS,
    DECISIONS,
    DOCUMENT_COLUMNS,
    ID_COLUMNS,
    MACHINE_CHANGED,
    NO_LONGER_FOUND,
    PLACE,
    PRESENT,
    REJECTED,
    REPLACED_BY,
    TASK_COLUMNS,
    columns_of_reason,
)
from models.store.replay import Note
from models.store.state import CellSource, DocumentState, Found, KnownTask, Notes, Values, sources_from

# shown: in the register. replaced: split or merged into others. withdrawn: no longer found, and nobody touched it.
# absent: found only by a reading that doesn't lead, or a person's row that was undone.
RowState = Literal["shown", "rejected", "replaced", "withdrawn", "absent"]
FOUND, NOT_FOUND = "found", "not found"


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A row as it stands. `version` changes whenever anything in the row does; name it when you edit.

    `values` are the task's own columns (the document's stand in its DocumentRow); `machine` holds what the machine
    says now in the cells where something else stands, `conflicts` the cells where it changed its mind after a person
    had spoken; `notes` the cells people set or confirmed. `sources` say where the machine took its values; spans are
    of the text of reading `reading_id`.
    """

    key: int
    task_id: str
    document_id: str
    origin: str
    state: RowState
    position: int
    version: str
    values: Mapping[str, str]
    machine: Mapping[str, str]
    conflicts: tuple[str, ...]
    notes: Mapping[str, Note]
    replaced_by: str
    reading_id: int
    start: int
    end: int
    is_known_to_machine: bool
    sources: Mapping[str, CellSource]


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document as it stands, with what is left to do in it."""

    key: int
    document_id: str
    first_seen: str
    values: Mapping[str, str]
    machine: Mapping[str, str]
    conflicts: tuple[str, ...]
    notes: Mapping[str, Note]
    reading_ids: tuple[int, ...]
    tasks: int
    unreviewed: int
    doubtful: int


def rows_of(state: DocumentState) -> tuple[DocumentRow, list[TaskRow]]:
    """Return the document and all its rows in document order, also those that the register leaves out."""
    order = _order(state)
    rows = [_task_row(state, task, position) for position, task in enumerate(order)]
    shown = [row for row in rows if row.state == "shown"]
    notes = state.notes.get(None, {})
    machine = _document_values(state)
    values = {**machine, **{column: note.value for column, note in notes.items()}}
    document = DocumentRow(
        key=state.key,
        document_id=state.document_id,
        first_seen=state.first_seen,
        values=values,
        machine=_differing(machine, values, DOCUMENT_COLUMNS),
        conflicts=_conflicts(machine, notes, DOCUMENT_COLUMNS),
        notes=notes,
        reading_ids=tuple(run.reading_id for run in state.runs),
        tasks=len(shown),
        unreviewed=sum(row.values["review_status"] == "new" for row in shown),
        doubtful=sum(bool(row.values["review_reasons"]) for row in shown),
    )
    return document, rows


def _document_values(state: DocumentState) -> Values:
    """Return what the machine read of the document as a whole: the first text that says something of a cell counts."""
    values: Values = {}
    for run in state.runs:
        values.update({column: value for column, value in run.document_values.items() if not values.get(column)})
    return values


def _order(state: DocumentState) -> list[KnownTask]:
    """Return the tasks in document order; one without a place of its own stands behind the one it came after."""
    placed = sorted((task for task in state.tasks if state.is_found(task.key)), key=lambda task: _place(state, task))
    before = _predecessors(state)
    for task in state.tasks:
        if not state.is_found(task.key):
            anchor = task.after_key if task.origin != "machine" else before.get(task.key)
            index = next((i for i, other in enumerate(placed) if other.key == anchor), None)
            placed.insert(_behind(placed, index), task)
    return placed


def _place(state: DocumentState, task: KnownTask) -> tuple[int, int]:
    found = state.found[task.key]
    return found.text_number, found.position


def _behind(placed: Sequence[KnownTask], index: int | None) -> int:
    """Return the place behind a task and behind the people's rows that already stand there."""
    if index is None:
        return len(placed)
    anchor = placed[index].key
    index += 1
    while index < len(placed) and placed[index].origin != "machine" and placed[index].after_key == anchor:
        index += 1
    return index


def _predecessors(state: DocumentState) -> dict[int, int | None]:
    """Return, for what the machine no longer finds, the task before it in the run that last found it."""
    runs: dict[int, list[tuple[int, int]]] = {}
    for key, found in state.found.items():
        runs.setdefault(found.run_id, []).append((found.position, key))
    result: dict[int, int | None] = {}
    for places in runs.values():
        ordered = [key for _, key in sorted(places)]
        result.update(zip(ordered, [None, *ordered], strict=False))
    return result


def _task_row(state: DocumentState, task: KnownTask, position: int) -> TaskRow:
    notes, found = state.notes.get(task.key, {}), state.found.get(task.key)
    machine = found.values if found else {}
    conflicts = _conflicts(machine, notes, CONFIRMED_COLUMNS)
    where = _row_state(state, task, notes)
    values = _values(task, machine, notes)
    values["review_reasons"] = SEPARATOR.join(_reasons(machine, notes, conflicts, _is_lost(state, task, notes)))
    replaced_by = notes[REPLACED_BY].value if REPLACED_BY in notes else ""
    content = [where, values, conflicts, replaced_by]
    return TaskRow(
        key=task.key,
        task_id=task.task_id,
        document_id=state.document_id,
        origin=task.origin,
        state=where,
        position=position,
        version=_digest(content),
        values=values,
        machine=_differing(machine, values, TASK_COLUMNS),
        conflicts=conflicts,
        notes=notes,
        replaced_by=replaced_by,
        is_known_to_machine=found is not None,
        sources=found.sources if found else {},
        **_location(found, notes),
    )


def _row_state(state: DocumentState, task: KnownTask, notes: Notes) -> RowState:
    if REPLACED_BY in notes:
        return "replaced"
    if task.origin != "machine" and PRESENT not in notes:
        return "absent"
    if REJECTED in notes:
        return "rejected"
    if state.is_found(task.key) or notes:
        return "shown"
    return "withdrawn" if task.key in state.found else "absent"


def _is_lost(state: DocumentState, task: KnownTask, notes: Notes) -> bool:
    """Say whether the machine lost a task after people had spoken of it, and nobody has accepted that since."""
    if task.key not in state.found or state.is_found(task.key):
        return False
    return ACCEPTED not in notes or notes[ACCEPTED].machine == FOUND


def _conflicts(machine: Mapping[str, str], notes: Notes, columns: Sequence[str]) -> tuple[str, ...]:
    """Return the cells where the machine now says what it didn't when a person spoke, and not what the person said."""
    return tuple(
        column
        for column in columns
        if (note := notes.get(column)) is not None
        and note.machine is not None
        and machine.get(column, "") not in (note.machine, note.value)
    )


def _differing(machine: Mapping[str, str], values: Mapping[str, str], columns: Sequence[str]) -> Values:
    """Return what the machine says in the cells where something else stands; nothing if it never spoke of the row."""
    told = {column: machine.get(column, "") for column in columns if machine}
    return {column: value for column, value in told.items() if value != values.get(column, "")}


def _values(task: KnownTask, machine: Mapping[str, str], notes: Notes) -> Values:
    spoken = {column: note.value for column, note in notes.items() if column not in DECISIONS}
    values = {**machine, **spoken, "task_id": task.task_id}
    for ids, names in ID_COLUMNS.items():
        if ids not in spoken and names in spoken and spoken[names] != machine.get(names, ""):
            values[ids] = ""
    last = max(notes.values(), key=lambda note: note.action_id, default=None)
    values.setdefault("confidence", "1.00")
    values["review_status"] = _status(task, notes)
    values["reviewed_by"], values["reviewed_at"] = (last.who, last.at) if last else ("", "")
    return values


def _status(task: KnownTask, notes: Notes) -> str:
    if REJECTED in notes:
        return "rejected"
    changed = any(note.value != note.machine for column, note in notes.items() if column not in DECISIONS)
    if task.origin != "machine" or changed:
        return "corrected"
    return "accepted" if ACCEPTED in notes else "new"


def _reasons(machine: Mapping[str, str], notes: Notes, conflicts: Sequence[str], lost: bool) -> list[str]:
    """Return the machine's reasons that no person has answered, and what happened after a person spoke."""
    said = [reason for reason in machine.get("review_reasons", "").split(SEPARATOR) if reason]
    open_ = [
        reason
        for reason in said
        if ACCEPTED not in notes and not any(column in notes for column in columns_of_reason(reason))
    ]
    return [*open_, *([MACHINE_CHANGED] if conflicts else []), *([NO_LONGER_FOUND] if lost else [])]


def _location(found: Found | None, notes: Notes) -> dict[str, int]:
    """Return where the row's words stand: where the machine last found them, else as marked by a person."""
    reading_id = start = end = 0
    if found:
        reading_id, start, end = found.reading_id, found.start, found.end
    elif PLACE in notes:
        reading_id, start, end = map(int, notes[PLACE].value.split(":"))
    return {"reading_id": reading_id, "start": start, "end": end}


def dumped(value: Any) -> str:
    """Return JSON as the store keeps it: always the same for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _digest(value: Any) -> str:
    return hashlib.sha256(dumped(value).encode()).hexdigest()[:16]


def row_json(row: TaskRow | DocumentRow) -> str:
    """Return a row as JSON."""
    return json.dumps(row, default=_fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _fields(record: Any) -> dict[str, Any]:
    """Return a record's fields without copying what is in them, as dataclasses.asdict would."""
    return {field.name: getattr(record, field.name) for field in fields(record)}


def _notes_from(data: Mapping[str, Any]) -> Notes:
    return {column: Note(**note) for column, note in data.items()}


def task_row_from(data: dict[str, Any]) -> TaskRow:
    """Return a row from what its JSON holds."""
    data["sources"] = sources_from(data["sources"])
    return TaskRow(**{**data, "conflicts": tuple(data["conflicts"]), "notes": _notes_from(data["notes"])})


def document_row_from(data: dict[str, Any]) -> DocumentRow:
    """Return a document from what its JSON holds."""
    lists = {"conflicts": tuple(data["conflicts"]), "reading_ids": tuple(data["reading_ids"])}
    return DocumentRow(**{**data, **lists, "notes": _notes_from(data["notes"])})
