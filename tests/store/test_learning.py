"""Gold registers and statistics from what people said."""

from __future__ import annotations

from models.records import Span
from models.store import (
    Change,
    Statistic,
    Store,
    accept,
    add,
    correction_statistics,
    document_rows,
    gold_lines,
    last_action,
    reject,
    set_cells,
)
from tests.store.makers import COUNT, PAINT, REPORT, directive, record, row, rows_by_words


def _review(store: Store) -> str:
    """Accept one row, correct and accept another, reject the third, add one."""
    document_id = record(store, directive()).document_id
    rows = rows_by_words(store, document_id)
    paint, count, report = (rows[line.words] for line in (PAINT, COUNT, REPORT))
    accept(store, {paint.task_id: paint.version}, who="An")
    monthly = {
        "lead_unit": Change("Port Police", "Navy; Fish Market"),
        "deadline_kind": Change("none", "recurring"),
        "deadline_text": Change("", "every morning"),
        "recurrence": Change("", "FREQ=DAILY"),
    }
    set_cells(store, count.task_id, monthly, who="An")
    accept(store, {count.task_id: row(store, count.task_id).version}, who="An")
    assert list(gold_lines(store)) == []
    reject(store, {report.task_id: report.version}, who="An")
    document = document_rows(store, document_id)[0]
    add(store, document_id, document.reading_ids[0], Span(0, 22), {"lead_unit": "Navy"}, who="An")
    return document_id


def test_a_reviewed_register_is_gold(store: Store) -> None:
    _review(store)
    (line,) = gold_lines(store)
    assert {key: line[key] for key in ("document", "language", "number", "date")} == {
        "document": "order.pdf",
        "language": "en",
        "number": "12/2026",
        "date": "2026-05-04",
    }
    assert line["tasks"] == [
        {
            "id": 1,
            "core": True,
            "quote": PAINT.words,
            "lead": ["Harbour Office"],
            "coordinating": [],
            "deadline": {"kind": "date", "text": "by 2026-06-01", "due": "2026-06-01"},
        },
        {
            "id": 2,
            "core": True,
            "quote": PAINT.words[:22],
            "lead": ["Navy"],
            "coordinating": [],
            "deadline": {"kind": "none"},
        },
        {
            "id": 3,
            "core": True,
            "quote": COUNT.words,
            "lead": ["Navy", "Fish Market"],
            "coordinating": [],
            "deadline": {"kind": "recurring", "text": "every morning", "rrule": "FREQ=DAILY"},
        },
    ]


def test_unfinished_documents_are_gold_only_when_asked_for(store: Store) -> None:
    document_id = record(store, directive()).document_id
    paint = rows_by_words(store, document_id)[PAINT.words]
    accept(store, {paint.task_id: paint.version}, who="An")
    assert list(gold_lines(store)) == []
    assert [task["quote"] for line in gold_lines(store, unfinished=True) for task in line["tasks"]] == [PAINT.words]


def test_statistics_tell_how_right_the_machine_was(store: Store) -> None:
    assert correction_statistics(store) == []
    document_id = _review(store)
    found = {(line.cell, line.rule): line for line in correction_statistics(store)}
    month = row(store, rows_by_words(store, document_id)[PAINT.words].task_id).values["reviewed_at"][:7]
    assert found["lead_unit", "en.lead"] == Statistic("lead_unit", "en", "en.lead", month, 1, 1, 0)
    assert found["task", "en.lead"] == Statistic("task", "en", "en.lead", month, 2, 0, 0)
    assert found["row", "en.lead"] == Statistic("row", "en", "en.lead", month, 2, 1, 0)
    assert found["whole", "en.lead"] == Statistic("whole", "en", "en.lead", month, 1, 2, 0)
    assert found["row", ""] == Statistic("row", "en", "", month, 2, 1, 1)


def test_a_deadline_is_one_cell_and_counts_for_the_rule_that_took_it(store: Store) -> None:
    _review(store)
    found = {(line.cell, line.rule): (line.right, line.wrong) for line in correction_statistics(store)}
    assert found["deadline", "en.limit"] == (1, 0)  # the day that was confirmed
    assert found["deadline", "en.lead"] == (0, 1)  # where the machine saw none, by the rule that made the row


def test_what_is_learnt_stays_until_somebody_does_something(store: Store) -> None:
    document_id = record(store, directive()).document_id
    before = last_action(store)
    paint = rows_by_words(store, document_id)[PAINT.words]
    accept(store, {paint.task_id: paint.version}, who="An")
    assert last_action(store) > before
