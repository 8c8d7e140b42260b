"""Replaying the edits of a document: which cells people's words stand in, and what each action left. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

CellKey = tuple[int | None, str]


@dataclass(frozen=True, slots=True)
class Note:
    """A cell as a person left it: the value, the machine's value that was seen, who, when, why, by which action."""

    value: str
    machine: str | None
    who: str
    at: str
    why: str
    action_id: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in a cell: a person's note or none, and the action that made it so (0 where nobody has)."""

    note: Note | None = None
    action_id: int = 0


class Edit(Protocol):
    """A line of the edits with its action."""

    action_id: int
    undoes: int | None
    task_key: int | None
    column: str
    new: str | None
    machine: str | None
    who: str
    at: str
    why: str


@dataclass(frozen=True, slots=True)
class Replay:
    """What stands now in each cell that a person ever touched, and what stood before and after each action."""

    standing: Mapping[CellKey, Standing]
    before: Mapping[tuple[CellKey, int], Standing]
    after: Mapping[tuple[CellKey, int], Standing]

    def notes(self) -> dict[int | None, dict[str, Note]]:
        """Return the notes that stand, by task key and column."""
        notes: dict[int | None, dict[str, Note]] = {}
        for (task_key, column), standing in self.standing.items():
            if standing.note:
                notes.setdefault(task_key, {})[column] = standing.note
        return notes


def replay(edits: Iterable[Edit]) -> Replay:
    """Replay edits in their order; undoing an action brings back just what stood before it, with its signature."""
    standing: dict[CellKey, Standing] = {}
    before: dict[tuple[CellKey, int], Standing] = {}
    after: dict[tuple[CellKey, int], Standing] = {}
    for edit in edits:
        cell = (edit.task_key, edit.column)
        before[cell, edit.action_id] = standing.get(cell, Standing())
        standing[cell] = before[cell, edit.undoes] if edit.undoes is not None else _set(edit)
        after[cell, edit.action_id] = standing[cell]
    return Replay(standing, before, after)


def _set(edit: Edit) -> Standing:
    if edit.new is None:
        return Standing(None, edit.action_id)
    return Standing(Note(edit.new, edit.machine, edit.who, edit.at, edit.why, edit.action_id), edit.action_id)
