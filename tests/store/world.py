"""A directive that people and re-extractions change at random, and beside it a plain model of what people said."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from models.records import Span
from models.store import (
    CONFIRMED_COLUMNS,
    Store,
    TaskRow,
    accept,
    add,
    document_rows,
    merge,
    reject,
    restore,
    set_cell,
    split,
    undo_last,
)
from models.store.database import reading
from models.store.rows import rows_of
from models.store.state import load_state
from tests.store.makers import Line, directive, record

WORDS = [
    "harbour", "pier", "boat", "market", "bridge", "school", "forest", "river", "road", "tower", "census",
    "budget", "report", "survey", "water", "energy", "winter", "summer", "teacher", "doctor", "library",
    "museum", "railway", "airport", "village", "district", "tax", "licence", "storm", "flood", "seed", "cattle",
    "wheat", "timber", "cement", "copper", "fishery", "archive", "statute", "ballot", "clinic", "vaccine",
    "orchard", "reservoir", "turbine", "cable", "satellite", "quarry", "ferry", "customs", "pension", "housing",
    "stadium", "theatre", "festival",
]  # fmt: skip
UNITS = ("Harbour Office", "Port Police", "Fish Market", "Navy", "Ministry of Roads")
STATES = ("shown", "rejected", "replaced", "withdrawn", "absent")
_numbers = itertools.count(1)

Said = dict[str, dict[str, str]]


@dataclass
class World:
    """A directive, the ids its lines had, what people said, and what they had said before each of their actions."""

    store: Store
    chance: random.Random
    number: int = field(default_factory=lambda: next(_numbers))
    lines: list[tuple[int, Line]] = field(default_factory=list)
    missed: set[int] = field(default_factory=set)
    ids: dict[int, str] = field(default_factory=dict)
    said: Said = field(default_factory=dict)
    decided: dict[str, str] = field(default_factory=dict)
    before: list[tuple[Said, dict[str, str]]] = field(default_factory=list)
    document_id: str = ""
    count: int = 0

    def rows(self, *states: str) -> list[TaskRow]:
        found = document_rows(self.store, self.document_id, states=STATES)[1]
        return [row for row in found if row.state in states]

    def pick(self, *states: str) -> TaskRow | None:
        rows = self.rows(*states)
        return self.chance.choice(rows) if rows else None

    def remember(self) -> None:
        self.before.append(({task: dict(cells) for task, cells in self.said.items()}, dict(self.decided)))

    def new_line(self) -> tuple[int, Line]:
        self.count += 1
        words = " ".join(self.chance.sample(WORDS, self.chance.randint(9, 13)))
        return self.count, Line(words, self.chance.choice(UNITS), self.chance.choice(("", "2026-06-01", "2026-09-30")))


def read_again(world: World) -> None:
    """Read the directive as it now is, and hold the ids against those that the lines had."""
    lines = [line for _, line in world.lines]
    made = directive(
        lines,
        number=f"{world.number}/2026",
        file_name=f"{world.chance.choice('abc')}-{world.number}.pdf",
        missed=[line for key, line in world.lines if key in world.missed],
    )
    recorded = record(world.store, made, software=str(world.chance.randint(1, 3)))
    world.document_id = recorded.document_id
    texts = {task.span.of(made.document.text): task.id for task in made.tasks}
    for key, line in world.lines:
        if key not in world.missed:
            task_id = recorded.task_ids[texts[line.words]]
            assert world.ids.get(key) in (None, task_id), f"{line.words} was {world.ids.get(key)}, is {task_id}"
            world.ids[key] = task_id
    assert len(set(world.ids.values())) == len(world.ids), "two lines share an id"


def _rearrange(world: World) -> None:
    world.chance.shuffle(world.lines)
    read_again(world)


def _reword(world: World) -> None:
    """Misread one word of some lines that were found, and let the machine read other units and days."""
    for index, (key, line) in enumerate(world.lines):
        if key in world.missed or world.chance.random() < 0.5:
            continue
        words = line.words.split()
        words[world.chance.randrange(len(words))] = world.chance.choice(WORDS)
        changed = replace(line, words=" ".join(words), lead=world.chance.choice(UNITS))
        world.lines[index] = key, changed
    read_again(world)


def _miss(world: World) -> None:
    world.missed = {key for key, _ in world.lines if world.chance.random() < 0.3}
    read_again(world)


def _grow(world: World) -> None:
    world.lines.insert(world.chance.randint(0, len(world.lines)), world.new_line())
    read_again(world)


def _set(world: World) -> None:
    row = world.pick("shown", "rejected")
    if row is None:
        return
    column, value = world.chance.choice(
        [
            ("lead_unit", world.chance.choice(UNITS)),
            ("deliverable", "a list"),
            ("due_date", "2027-01-31"),
            ("due_date", ""),
        ]
    )
    world.remember()
    done = set_cell(world.store, row.task_id, column, value, expected=row.values.get(column, ""), who="An")
    if done.action_id == 0:
        world.before.pop()
    world.said.setdefault(row.task_id, {})[column] = value


def _accept(world: World) -> None:
    if row := world.pick("shown", "rejected"):
        world.remember()
        accept(world.store, {row.task_id: row.version}, who="An")
        values = {column: row.values.get(column, "") for column in CONFIRMED_COLUMNS}
        world.said.setdefault(row.task_id, {}).update(values)
        world.decided.pop(row.task_id, None)


def _reject(world: World) -> None:
    if row := world.pick("shown"):
        world.remember()
        reject(world.store, {row.task_id: row.version}, who="An")
        world.decided[row.task_id] = "rejected"


def _restore(world: World) -> None:
    if row := world.pick("rejected", "withdrawn"):
        world.remember()
        restore(world.store, {row.task_id: row.version}, who="An")
        world.decided[row.task_id] = "shown"


def _split(world: World) -> None:
    if row := world.pick("shown"):
        world.remember()
        words = row.values["task"].split()
        half = len(words) // 2 or 1
        parts = [{"task": " ".join(words[:half])}, {"task": " ".join(words[half:]) or "the rest"}]
        done = split(world.store, row.task_id, parts, version=row.version, who="An")
        world.decided[row.task_id] = "replaced"
        _made(world, [made for made in done.rows if made.task_id != row.task_id])


def _merge(world: World) -> None:
    rows = world.rows("shown")
    if len(rows) >= 2:
        world.remember()
        chosen = world.chance.sample(rows, 2)
        done = merge(world.store, {row.task_id: row.version for row in chosen}, who="An")
        world.decided.update({row.task_id: "replaced" for row in chosen})
        _made(world, [made for made in done.rows if made.task_id not in {row.task_id for row in chosen}])


def _add(world: World) -> None:
    document = document_rows(world.store, world.document_id)[0]
    world.remember()
    span = Span(0, len(world.lines[0][1].words) // 2)
    done = add(world.store, world.document_id, document.reading_ids[-1], span, {"lead_unit": "Navy"}, who="An")
    _made(world, done.rows)


def _made(world: World, rows: object) -> None:
    for row in rows:  # type: ignore[attr-defined]
        assert row.state == "shown"
        world.said[row.task_id] = {"task": row.values["task"], "lead_unit": row.values.get("lead_unit", "")}
        world.decided[row.task_id] = "shown"


def _undo(world: World) -> None:
    if world.before:
        undo_last(world.store, who="An")
        world.said, world.decided = world.before.pop()


STEPS: tuple[Callable[[World], None], ...] = (
    *(_set, _set, _accept, _reject, _restore, _split, _merge, _add, _undo, _undo),
    *(_rearrange, _reword, _miss, _grow, read_again),
)


def check(world: World) -> None:
    """Hold every row against the plain model of what people said."""
    rows = {row.task_id: row for row in world.rows(*STATES)}
    for task_id, cells in world.said.items():
        kept = {column: rows[task_id].values.get(column, "") for column in cells}
        assert kept == cells
        assert rows[task_id].state == world.decided.get(task_id, "shown")
    assert {task_id: rows[task_id].state for task_id in world.decided} == world.decided


def check_reproducible(world: World) -> None:
    """Make the rows anew from what is recorded, and hold them against those that stand."""
    with reading(world.store) as connection:
        key = document_rows(world.store, world.document_id)[0].key
        document, rows = rows_of(load_state(connection, key))
    assert document_rows(world.store, world.document_id, states=STATES) == (document, tuple(rows))
