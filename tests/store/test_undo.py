"""Edits taken back and done again: signatures, order, and what others built on."""

from __future__ import annotations

import pytest

from models.errors import UsageError
from models.store import (
    EditConflictError,
    Store,
    accept,
    document_history,
    redo_last,
    register_rows,
    reject,
    restore,
    set_cell,
    split,
    undo,
    undo_last,
)
from tests.store.makers import COUNT, PAINT, REPORT, id_of, row, rows_by_words, words_of


def test_everything_is_undone_in_turn_and_done_again(store: Store, document_id: str) -> None:
    before = list(register_rows(store))
    task = id_of(store, document_id, PAINT.words)
    set_cell(store, task, "lead_unit", "Navy", expected="Harbour Office", who="An")
    set_cell(store, task, "lead_unit", "Army", expected="Navy", who="An")
    accept(store, {task: row(store, task).version}, who="An")
    reject(store, {task: row(store, task).version}, who="An")
    after = list(register_rows(store))
    for _ in range(4):
        undo_last(store, who="An")
    assert list(register_rows(store)) == before
    with pytest.raises(UsageError) as error:
        undo_last(store, who="An")
    assert error.value.code == "nothing-to-undo"
    for _ in range(4):
        redo_last(store, who="An")
    assert list(register_rows(store)) == after
    assert [event.kind for event in document_history(store, document_id)] == [
        *["redo"] * 4,
        *["undo"] * 4,
        *["reject", "accept", "set", "set"],
    ]


def test_undoing_gives_back_the_signature_of_who_was_there_before(store: Store, document_id: str) -> None:
    task = id_of(store, document_id, PAINT.words)
    set_cell(store, task, "lead_unit", "Navy", expected="Harbour Office", who="An")
    set_cell(store, task, "lead_unit", "Army", expected="Navy", who="Bình")
    undo_last(store, who="Bình")
    found = row(store, task)
    assert (found.values["lead_unit"], found.values["reviewed_by"], found.notes["lead_unit"].who) == (
        "Navy",
        "An",
        "An",
    )


def test_a_restoring_is_undone_whatever_was_set_before_it(store: Store, document_id: str) -> None:
    task = id_of(store, document_id, PAINT.words)
    reject(store, {task: row(store, task).version}, who="An")
    set_cell(store, task, "lead_unit", "Navy", expected="Harbour Office", who="An")
    restore(store, {task: row(store, task).version}, who="An")
    undo_last(store, who="An")
    found = row(store, task)
    assert (found.state, found.values["lead_unit"]) == ("rejected", "Navy")


def test_nothing_is_undone_that_others_built_on(store: Store, document_id: str) -> None:
    task = id_of(store, document_id, PAINT.words)
    first = set_cell(store, task, "lead_unit", "Navy", expected="Harbour Office", who="An")
    set_cell(store, task, "lead_unit", "Army", expected="Navy", who="Bình")
    with pytest.raises(EditConflictError) as error:
        undo(store, first.action_id, who="An")
    assert (error.value.code, error.value.values["who"]) == ("undo-conflict", "Bình")
    found = rows_by_words(store, document_id)[COUNT.words]
    made = split(store, found.task_id, [{"task": "a"}, {"task": "b"}], version=found.version, who="An")
    part = rows_by_words(store, document_id)["a"]
    split(store, part.task_id, [{"task": "a1"}, {"task": "a2"}], version=part.version, who="Bình")
    with pytest.raises(EditConflictError):
        undo(store, made.action_id, who="An")
    undo_last(store, who="Bình")
    undo(store, made.action_id, who="An")
    assert words_of(store, document_id)[1:] == [COUNT.words, REPORT.words]
