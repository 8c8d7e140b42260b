"""Whatever people and re-extractions do in whatever order: nothing said is lost, ids stay, all is reproducible.

A directive is made of random lines; steps set cells, accept, reject, split, merge, add, undo, and read the directive
again with lines moved, reworded, missed, added and read differently. A plain model of what people said is kept beside.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from models.store import Store, register_rows
from models.store.database import reading, writing
from models.tables import (
    actions,
    current_words,
    document_aliases,
    documents,
    edits,
    findings,
    metadata,
    readings,
    runs,
    tasks,
)
from tests.store.world import STEPS, World, check, check_reproducible, read_again

RECORDED = (documents, document_aliases, readings, runs, tasks, findings, actions, edits)


def _recorded(store: Store) -> list[set[tuple[object, ...]]]:
    with reading(store) as connection:
        return [{tuple(row) for row in connection.execute(select(table))} for table in RECORDED]


def _outlives(store: Store, seed: int, steps: Sequence[Callable[[World], None]]) -> None:
    world = World(store, random.Random(seed))
    world.lines = [world.new_line() for _ in range(world.chance.randint(2, 7))]
    read_again(world)
    for step in steps:
        step(world)
        check(world)
    check_reproducible(world)


_some_steps = st.lists(st.sampled_from(STEPS), min_size=4, max_size=14)
_unhurried = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking takes minutes, the seed says it all
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.slow
@pytest.mark.parametrize("shared_store", ["sqlite"], indirect=True)
@settings(_unhurried, max_examples=300)
@given(seed=st.integers(0, 2**32), steps=_some_steps)
def test_what_people_said_outlives_every_reading(
    shared_store: Store, seed: int, steps: list[Callable[[World], None]]
) -> None:
    _outlives(shared_store, seed, steps)


@pytest.mark.slow
@pytest.mark.xdist_group("postgresql")
@pytest.mark.parametrize("shared_store", ["postgresql"], indirect=True)
@settings(_unhurried, max_examples=300)
@given(seed=st.integers(0, 2**32), steps=_some_steps)
def test_what_people_said_outlives_every_reading_on_postgresql(
    shared_store: Store, seed: int, steps: list[Callable[[World], None]]
) -> None:
    _outlives(shared_store, seed, steps)
    _empty(shared_store)


def _empty(store: Store) -> None:
    """Take out everything: a server that has never gathered statistics is slow with tables that have grown."""
    kept = {"users", "sessions", "recording_lock"}
    with writing(store) as connection:
        for table in (current_words, *reversed(metadata.sorted_tables)):
            if table.name not in kept:
                connection.execute(delete(table))


def test_what_is_recorded_is_only_added_to(store: Store) -> None:
    world = World(store, random.Random(7))
    world.lines = [world.new_line() for _ in range(5)]
    read_again(world)
    for step in STEPS * 3:
        before = _recorded(store)
        step(world)
        assert all(old <= new for old, new in zip(before, _recorded(store), strict=True))
    assert len(list(register_rows(store))) > 0
