"""Lists and filters."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from models.errors import UsageError
from models.store import (
    Filter,
    Store,
    TaskRow,
    accept,
    document_rows,
    known_units,
    list_documents,
    list_tasks,
    register_rows,
    reject,
    set_cell,
)
from tests.store.makers import COUNT, PAINT, REPORT, Line, directive, record

BOAT = Line("đếm số thuyền đánh cá mỗi buổi sáng", "Sở Giao thông", "2026-08-31")
HAY = Line("заготовить сено для всех хозяйств района", "Управление сельского хозяйства")


@pytest.fixture(autouse=True)
def _recorded(store: Store) -> None:
    fleet = directive((BOAT,), number="5/KH", file_name="b.pdf", title="Kế hoạch đội tàu", language="vi")
    hay = directive((HAY,), number="77-р", file_name="c.pdf", title="О сене", language="ru", day=date(2025, 1, 9))
    record(store, directive((PAINT, COUNT, REPORT)))
    record(store, replace(fleet, header=replace(fleet.header, date=date(2026, 6, 1))))
    record(store, hay)


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Filter(), [PAINT, COUNT, REPORT, BOAT, HAY]),
        (Filter(unit="port police"), [COUNT]),
        (Filter(unit="so giao thong"), [BOAT]),
        (Filter(unit="SỞ GIAO THÔNG"), [BOAT]),
        (Filter(unit="police"), []),
        (Filter(due_from="2026-07-01"), [REPORT, BOAT]),
        (Filter(due_to="2026-07-15"), [PAINT, REPORT]),
        (Filter(due_from="2026-06-02", due_to="2026-07-15"), [REPORT]),
        (Filter(language="ru"), [HAY]),
        (Filter(status="accepted"), [REPORT]),
        (Filter(status="new", language="en"), [PAINT]),
        (Filter(status="rejected"), []),
        (Filter(kind="none"), [COUNT, HAY]),
        (Filter(doubtful=True), [COUNT]),
        (Filter(doubtful=False, language="en"), [PAINT, REPORT]),
        (Filter(words="thuyen"), [BOAT]),
        (Filter(words="Thuyền đánh"), [BOAT]),
        (Filter(words="fish boat"), [COUNT]),
        (Filter(words="сен хоз"), [HAY]),
        (Filter(words="boat pier"), []),
        (Filter(words="\"' OR * NEAR(pier"), []),
    ],
    ids=lambda value: repr(value.words or value) if isinstance(value, Filter) else "",
)
def test_rows_are_found_by(store: Store, wanted: Filter, words: list[Line]) -> None:
    rows = {row.values["task"]: row for row in list_tasks(store).rows}
    accept(store, {rows[REPORT.words].task_id: rows[REPORT.words].version}, who="An")
    set_cell(store, rows[COUNT.words].task_id, "deliverable", "a list", expected="", who="An")
    page = list_tasks(store, wanted)
    assert [row.values["task"] for row in page.rows] == [line.words for line in words]
    assert (page.total, page.next) == (len(words), "")
    assert set(page.documents) == {row.document_id for row in page.rows}


@pytest.mark.parametrize("order", ["document", "due"])
def test_a_long_list_comes_in_parts(store: Store, order: str) -> None:
    whole = list_tasks(store, order=order).rows  # type: ignore[arg-type]
    parts: list[TaskRow] = []
    after = ""
    for _ in range(3):
        page = list_tasks(store, order=order, after=after, limit=2)  # type: ignore[arg-type]
        parts += page.rows
        after = page.next
    assert tuple(parts) == whole
    assert after == ""
    with pytest.raises(UsageError):
        list_tasks(store, after="nonsense")


def test_rows_by_due_date_begin_with_those_that_have_none(store: Store) -> None:
    dues = [row.values.get("due_date", "") for row in list_tasks(store, order="due").rows]
    assert dues == sorted(dues)


def test_documents_are_listed_latest_first_with_what_is_left(store: Store) -> None:
    page = list_documents(store)
    assert [row.values["document_number"] for row in page.documents] == ["5/KH", "12/2026", "77-р"]
    assert [(row.tasks, row.unreviewed, row.doubtful) for row in page.documents] == [(1, 1, 0), (3, 3, 1), (1, 1, 0)]
    assert list_documents(store, limit=1, offset=1).documents == page.documents[1:2]
    assert page.total == 3


def test_documents_are_found_by_words_language_and_what_is_left(store: Store) -> None:
    def numbers(**wanted: str) -> list[str]:
        return [row.values["document_number"] for row in list_documents(store, **wanted).documents]  # type: ignore[arg-type]

    assert numbers(words="doi tau") == ["5/KH"]
    assert numbers(words="сен") == ["77-р"]
    assert numbers(words="50%") == []
    assert numbers(language="en") == ["12/2026"]
    assert numbers(left="doubtful") == ["12/2026"]
    row = list_tasks(store, Filter(language="ru")).rows[0]
    accept(store, {row.task_id: row.version}, who="An")
    assert numbers(left="done") == ["77-р"]
    assert numbers(left="unreviewed") == ["5/KH", "12/2026"]


def test_units_are_offered_by_their_beginning(store: Store) -> None:
    assert known_units(store, "so g") == [("Sở Giao thông", 1)]
    assert [name for name, _ in known_units(store)] == sorted(
        ["Fish Market", "Harbour Office", "Port Police", "Sở Giao thông", "Управление сельского хозяйства"]
    )


def test_rejected_rows_are_found_only_when_asked_for(store: Store) -> None:
    row = list_tasks(store, Filter(language="ru")).rows[0]
    reject(store, {row.task_id: row.version}, who="An")
    assert list_tasks(store, Filter(language="ru")).total == 0
    assert [found.task_id for found in list_tasks(store, Filter(status="rejected")).rows] == [row.task_id]
    assert document_rows(store, row.document_id)[1] == ()
    _, rows = document_rows(store, row.document_id, states=("rejected",))
    assert len(rows) == 1


def test_the_register_of_some_documents(store: Store) -> None:
    document_id = list_documents(store).documents[0].document_id
    assert [line["task"] for line in register_rows(store, document_ids=[document_id])] == [BOAT.words]
