"""What people do to rows: it stands, it is signed, it can be taken back, and who comes late is told."""

from __future__ import annotations

import pytest

from models.errors import UsageError
from models.records import Span
from models.store import (
    Change,
    EditConflictError,
    Store,
    accept,
    add,
    cell_history,
    merge,
    redo_last,
    register_rows,
    reject,
    restore,
    row_history,
    set_cell,
    set_cells,
    set_document_cells,
    split,
    undo,
    undo_last,
)
from tests.store.makers import (
    COUNT,
    PAINT,
    REPORT,
    id_of,
    row,
    rows_by_words,
    the_document,
    words_of,
)


def test_a_cell_set_stands_in_the_register_and_is_signed(store: Store, document_id: str) -> None:
    task = id_of(store, document_id, PAINT.words)
    done = set_cell(store, task, "lead_unit", " Port Police ;Navy", expected="Harbour Office", who="An", why="phone")
    assert done.rows[0].values["lead_unit"] == "Port Police; Navy"
    line = next(line for line in register_rows(store) if line["task_id"] == task)
    assert (line["lead_unit"], line["review_status"], line["reviewed_by"]) == ("Port Police; Navy", "corrected", "An")
    assert line["reviewed_at"].endswith("+00:00")
    assert line["due_date"] == "2026-06-01"
    events = cell_history(store, task, "lead_unit")
    assert [(event.kind, event.by, event.new, event.why) for event in events] == [
        ("machine", "1", "Harbour Office", ""),
        ("set", "An", "Port Police; Navy", "phone"),
    ]


def test_a_row_shows_what_the_machine_says_beside_what_a_person_set(store: Store, document_id: str) -> None:
    task = id_of(store, document_id, PAINT.words)
    set_cells(
        store,
        task,
        {"due_date": Change("2026-06-01", "2026-06-15"), "deadline_kind": Change("date", "date")},
        who="An",
    )
    found = row(store, task)
    assert found.machine == {"due_date": "2026-06-01"}
    assert found.conflicts == ()
    assert found.sources["lead_unit"].rules == ("en.lead",)


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("due_date", "2026-02-31", "cell-invalid"),
        ("due_date", "15/07/2026", "cell-invalid"),
        ("deadline_kind", "soon", "cell-invalid"),
        ("deadline_kind", "", "cell-invalid"),
        ("recurrence", "every month", "cell-invalid"),
        ("task", " ", "cell-invalid"),
        ("page", "0", "cell-invalid"),
        ("confidence", "1.00", "cell-read-only"),
        ("no_such_column", "1", "cell-read-only"),
    ],
)
def test_a_cell_takes_only_what_its_column_may_hold(
    store: Store, document_id: str, column: str, value: str, code: str
) -> None:
    found = rows_by_words(store, document_id)[PAINT.words]
    with pytest.raises(UsageError) as error:
        set_cell(store, found.task_id, column, value, expected=found.values.get(column, ""), who="An")
    assert error.value.code == code
    assert row(store, found.task_id) == found


def test_of_two_reviewers_on_a_cell_the_second_is_told(store: Store, document_id: str) -> None:
    task = id_of(store, document_id, PAINT.words)
    set_cell(store, task, "lead_unit", "Port Police", expected="Harbour Office", who="An")
    with pytest.raises(EditConflictError) as error:
        set_cell(store, task, "lead_unit", "Navy", expected="Harbour Office", who="Bình")
    told = error.value.values
    assert (told["expected"], told["current"], told["attempted"], told["who"]) == (
        "Harbour Office",
        "Port Police",
        "Navy",
        "An",
    )
    assert row(store, task).values["lead_unit"] == "Port Police"
    set_cell(store, task, "due_date", "2026-06-02", expected="2026-06-01", who="Bình")  # another cell is free
    set_cell(store, task, "lead_unit", "Port Police", expected="Harbour Office", who="Bình")  # the same is no conflict


def test_of_two_reviewers_on_a_row_the_second_is_told(store: Store, document_id: str) -> None:
    found = rows_by_words(store, document_id)[PAINT.words]
    set_cell(store, found.task_id, "deliverable", "a pier", expected="", who="An")
    for attempt in (accept, reject):
        with pytest.raises(EditConflictError) as error:
            attempt(store, {found.task_id: found.version}, who="Bình")
        assert (error.value.code, error.value.values["who"]) == ("row-changed", "An")
    with pytest.raises(EditConflictError):
        split(store, found.task_id, [{"task": "a"}, {"task": "b"}], version=found.version, who="Bình")
    assert row(store, found.task_id).state == "shown"


def test_unit_ids_go_with_the_units_that_they_name(store: Store, document_id: str) -> None:
    task = id_of(store, document_id, PAINT.words)
    both = {"lead_unit": Change("Harbour Office", "Navy"), "lead_unit_id": Change("", "navy")}
    set_cells(store, task, both, who="An")
    assert row(store, task).values["lead_unit_id"] == "navy"
    set_cell(store, task, "lead_unit", "Port Police", expected="Navy", who="An")
    assert row(store, task).values.get("lead_unit_id", "") == ""
    undo_last(store, who="An")
    assert row(store, task).values["lead_unit_id"] == "navy"


def test_an_accepted_row_keeps_its_values_and_loses_its_doubts(store: Store, document_id: str) -> None:
    found = rows_by_words(store, document_id)[COUNT.words]
    assert found.values["review_reasons"] == "deadline-vague"
    done = accept(store, {found.task_id: found.version}, who="An")
    assert (done.rows[0].values["review_status"], done.rows[0].values["review_reasons"]) == ("accepted", "")
    assert (done.document.unreviewed, done.document.doubtful) == (2, 0)


def test_a_doubt_about_a_cell_is_answered_by_setting_it(store: Store, document_id: str) -> None:
    found = rows_by_words(store, document_id)[COUNT.words]
    set_cell(store, found.task_id, "deliverable", "a list", expected="", who="An")
    assert row(store, found.task_id).values["review_reasons"] == "deadline-vague"
    set_cell(store, found.task_id, "deadline_kind", "ongoing", expected="none", who="An")
    assert row(store, found.task_id).values["review_reasons"] == ""


def test_a_rejected_row_leaves_the_register_and_comes_back(store: Store, document_id: str) -> None:
    found = rows_by_words(store, document_id)[COUNT.words]
    rejected = reject(store, {found.task_id: found.version}, who="An", why="no task").rows[0]
    assert COUNT.words not in {line["task"] for line in register_rows(store)}
    lines = {line["task"]: line for line in register_rows(store, with_rejected=True)}
    assert lines[COUNT.words]["review_status"] == "rejected"
    restore(store, {found.task_id: rejected.version}, who="Bình")
    assert row(store, found.task_id).state == "shown"
    assert row(store, found.task_id).values["review_status"] == "new"
    assert [(event.kind, event.column) for event in row_history(store, found.task_id)] == [
        ("reject", "rejected"),
        ("restore", "rejected"),
        ("restore", "present"),
    ]


def test_a_split_row_is_replaced_by_its_parts_in_its_place(store: Store, document_id: str) -> None:
    found = rows_by_words(store, document_id)[PAINT.words]
    parts = [{"task": "paint the pier"}, {"task": "paint the sheds", "lead_unit": "Navy", "due_date": "2026-09-01"}]
    split(store, found.task_id, parts, version=found.version, who="An")
    assert words_of(store, document_id) == ["paint the pier", "paint the sheds", COUNT.words, REPORT.words]
    rows = rows_by_words(store, document_id)
    assert rows["paint the pier"].values["lead_unit"] == "Harbour Office"
    assert rows["paint the sheds"].values["due_date"] == "2026-09-01"
    assert rows["paint the sheds"].values["source_text"] == PAINT.words
    assert set(row(store, found.task_id).replaced_by.split("; ")) == {
        rows["paint the pier"].task_id,
        rows["paint the sheds"].task_id,
    }
    undo_last(store, who="An")
    assert words_of(store, document_id) == [PAINT.words, COUNT.words, REPORT.words]
    redo_last(store, who="An")
    assert words_of(store, document_id) == ["paint the pier", "paint the sheds", COUNT.words, REPORT.words]


def test_merged_rows_become_one_with_all_their_units(store: Store, document_id: str) -> None:
    rows = rows_by_words(store, document_id)
    chosen = {rows[words].task_id: rows[words].version for words in (COUNT.words, REPORT.words)}
    merged = merge(store, chosen, who="An")
    words = f"{COUNT.words}; {REPORT.words}"
    assert words_of(store, document_id) == [PAINT.words, words]
    found = rows_by_words(store, document_id)[words]
    assert found.values["lead_unit"] == "Port Police; Fish Market"
    assert (found.values["due_date"], found.values["deadline_kind"]) == ("2026-07-15", "date")
    undo(store, merged.action_id, who="Bình")
    assert words_of(store, document_id) == [PAINT.words, COUNT.words, REPORT.words]


def test_a_row_is_added_from_a_passage_in_its_place(store: Store, document_id: str) -> None:
    document = the_document(store, document_id)
    start = len(PAINT.words) + 1
    span = Span(start + 6, start + 23)
    added = add(store, document_id, document.reading_ids[0], span, {"lead_unit": "Navy"}, who="An").rows[0]
    assert added.values["task"] == added.values["source_text"] == "the fishing boats"
    assert words_of(store, document_id) == [PAINT.words, COUNT.words, "the fishing boats", REPORT.words]
    assert (added.reading_id, added.start, added.end) == (document.reading_ids[0], span.start, span.end)
    with pytest.raises(UsageError):
        add(store, document_id, document.reading_ids[0], Span(5, 5), {}, who="An")
    undo_last(store, who="An")
    assert words_of(store, document_id) == [PAINT.words, COUNT.words, REPORT.words]
    assert row(store, added.task_id).state == "absent"


def test_a_cell_of_the_document_is_set_for_all_rows(store: Store, document_id: str) -> None:
    task = id_of(store, document_id, PAINT.words)
    set_cell(store, task, "document_date", "2026-05-05", expected="2026-05-04", who="An")
    set_document_cells(store, document_id, {"issuer": Change("Harbour Master", "Port Authority")}, who="An")
    assert {(line["document_date"], line["issuer"]) for line in register_rows(store)} == {
        ("2026-05-05", "Port Authority")
    }
    assert the_document(store, document_id).machine == {"document_date": "2026-05-04", "issuer": "Harbour Master"}
    assert [event.by for event in cell_history(store, task, "document_date")] == ["1", "An"]


def test_who_edits_must_be_known_and_a_closed_row_stays_closed(store: Store, document_id: str) -> None:
    found = rows_by_words(store, document_id)[COUNT.words]
    with pytest.raises(UsageError) as error:
        accept(store, {found.task_id: found.version}, who=" ")
    assert error.value.code == "who-missing"
    split(store, found.task_id, [{"task": "a"}, {"task": "b"}], version=found.version, who="An")
    with pytest.raises(UsageError) as error:
        set_cell(store, found.task_id, "task", "c", expected=COUNT.words, who="An")
    assert error.value.code == "row-closed"
    with pytest.raises(UsageError) as error:
        set_cell(store, "no such task", "task", "c", expected="", who="An")
    assert error.value.code == "row-unknown"
