"""Progress of tasks, tokens of programs and what of the register changed: on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from models.errors import UsageError
from models.store import (
    EditConflictError,
    Said,
    Store,
    Wanted,
    all_published,
    create_token,
    current_progress,
    find_task,
    progress_history,
    publish,
    published_row,
    published_rows,
    record_all_progress,
    record_progress,
    register_rows,
    reject,
    revoke_token,
    set_cell,
    token_name,
    undo_progress,
)
from models.store.progress import PROGRESS_STATES
from tests.store.makers import COUNT, PAINT, REPORT, directive, id_of, record

DONE = Said("done", "2026-05-30", "15/BC-CV", "painted twice")


@pytest.fixture
def task_id(store: Store, document_id: str) -> str:
    return id_of(store, document_id, PAINT.words)


def test_an_entry_is_signed_and_the_last_one_stands(store: Store, task_id: str) -> None:
    first = record_progress(store, task_id, Said("in-progress", note="two coats"), seen=0, who="Anna")
    second = record_progress(store, task_id, DONE, seen=first.entry_id, who="Boris")
    assert current_progress(store) == {task_id: second}
    assert (second.said, second.who, second.at[:2]) == (DONE, "Boris", "20")
    assert progress_history(store, task_id) == [first, second]
    assert current_progress(store, ["another"]) == {}


def test_progress_changes_nothing_in_the_register(store: Store, task_id: str) -> None:
    before = list(register_rows(store)), find_task(store, task_id)[1].version
    record_progress(store, task_id, DONE, seen=0, who="Anna")
    assert (list(register_rows(store)), find_task(store, task_id)[1].version) == before


def test_who_comes_second_is_told_and_nothing_is_overwritten(store: Store, task_id: str) -> None:
    record_progress(store, task_id, DONE, seen=0, who="Anna")
    with pytest.raises(EditConflictError) as told:
        record_progress(store, task_id, Said("in-progress"), seen=0, who="Boris")
    assert (told.value.code, told.value.values["who"]) == ("progress-changed", "Anna")
    assert current_progress(store)[task_id].said == DONE
    assert record_progress(store, task_id, DONE, seen=0, who="Boris").who == "Anna"  # the same again is no conflict


def test_two_at_once_keep_one_entry(store: Store, task_id: str) -> None:
    told: list[str] = []

    def say(who: str) -> None:
        try:
            record_progress(store, task_id, Said("in-progress", note=who), seen=0, who=who)
        except EditConflictError as error:
            told.append(error.code)

    threads = [threading.Thread(target=say, args=(f"person {number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == ["progress-changed"] * 5
    assert len(progress_history(store, task_id)) == 1


def test_an_undo_brings_back_what_stood_and_can_be_undone(store: Store, task_id: str) -> None:
    first = record_progress(store, task_id, Said("in-progress"), seen=0, who="Anna")
    second = record_progress(store, task_id, DONE, seen=first.entry_id, who="Anna")
    undone = undo_progress(store, second.entry_id, who="Boris")
    assert (undone.said, undone.undoes, undone.who) == (first.said, second.entry_id, "Boris")
    with pytest.raises(EditConflictError):
        undo_progress(store, second.entry_id, who="Boris")
    assert undo_progress(store, undone.entry_id, who="Boris").said == DONE
    assert len(progress_history(store, task_id)) == 4


def test_undoing_the_first_entry_leaves_nothing_said(store: Store, task_id: str) -> None:
    entry = record_progress(store, task_id, DONE, seen=0, who="Anna")
    undone = undo_progress(store, entry.entry_id, who="Anna")
    assert current_progress(store) == {}
    assert record_progress(store, task_id, DONE, seen=undone.entry_id, who="Anna").said == DONE


@pytest.mark.parametrize(
    "said",
    [Said("done", "2026-02-31"), Said("done", "1/6/2026"), Said("in-progress", "2026-06-01"), Said("lost")],  # type: ignore[arg-type]
)
def test_what_can_not_be_is_refused(store: Store, task_id: str, said: Said) -> None:
    with pytest.raises(UsageError, match="not valid"):
        record_progress(store, task_id, said, seen=0, who="Anna")
    assert progress_history(store, task_id) == []


def test_many_are_kept_all_or_none(store: Store, document_id: str, task_id: str) -> None:
    other = id_of(store, document_id, COUNT.words)
    with pytest.raises(UsageError):
        record_all_progress(store, {other: (DONE, 0), "zzz": (DONE, 0)}, who="Anna")
    assert current_progress(store) == {}
    record_all_progress(store, {other: (DONE, 0), task_id: (Said("not-applicable"), 0)}, who="Anna")
    assert {one: entry.said.state for one, entry in current_progress(store).items()} == {
        other: "done",
        task_id: "not-applicable",
    }


def test_progress_stays_with_its_task_when_the_document_is_read_again(store: Store, task_id: str) -> None:
    record_progress(store, task_id, DONE, seen=0, who="Anna")
    record(store, directive([REPORT, PAINT, COUNT]), software="2")
    assert current_progress(store)[task_id].said == DONE


def test_states_are_those_of_the_interface() -> None:
    assert PROGRESS_STATES == ("done", "in-progress", "not-applicable")


def test_a_token_opens_until_it_is_revoked_and_is_kept_only_as_a_hash(store: Store) -> None:
    token = create_token(store, " tracker  of the office ")
    assert token_name(store, token) == "tracker of the office"
    assert token_name(store, token + "x") is None
    with store.engine.connect() as connection:
        assert token not in str(connection.execute(text("SELECT * FROM tokens")).all())
    newer = create_token(store, "tracker of the office")
    assert (token_name(store, token), token_name(store, newer)) == (None, "tracker of the office")
    revoke_token(store, "tracker of the office")
    assert token_name(store, newer) is None
    with pytest.raises(UsageError, match="no token"):
        revoke_token(store, "tracker of the office")
    with pytest.raises(UsageError, match="no name"):
        create_token(store, "  ")


def _changed(store: Store, since: str) -> dict[str, bool]:
    page = published_rows(store, Wanted(changed_since=datetime.fromisoformat(since)))
    return {row.values["task_id"]: row.withdrawn for row in page.rows}


def test_what_changed_since_a_moment_is_just_what_changed(store: Store, document_id: str, task_id: str) -> None:
    first = publish(store, register_rows(store))
    assert publish(store, register_rows(store)) == first
    assert _changed(store, first) == {}
    set_cell(store, task_id, "lead_unit", "Fire Brigade", expected="Harbour Office", who="Anna")
    second = publish(store, register_rows(store))
    assert _changed(store, first) == {task_id: False}
    gone = id_of(store, document_id, COUNT.words)
    reject(store, {gone: find_task(store, gone)[1].version}, who="Anna")
    third = publish(store, register_rows(store))
    assert _changed(store, second) == {gone: True}
    assert _changed(store, first) == {task_id: False, gone: True}
    added = record(store, directive([PAINT], number="13/2026", file_name="other.pdf"))
    publish(store, register_rows(store))
    assert _changed(store, third) == dict.fromkeys(added.task_ids.values(), False)
    assert published_row(store, gone).withdrawn
    assert {row["task_id"] for row in all_published(store)} == {row["task_id"] for row in register_rows(store)}


def test_a_row_that_comes_back_has_changed(store: Store, task_id: str) -> None:
    rows = list(register_rows(store))
    publish(store, rows)
    away = publish(store, [row for row in rows if row["task_id"] != task_id])
    publish(store, rows)
    assert _changed(store, away) == {task_id: False}


def test_moments_grow_though_the_clock_goes_back(
    store: Store, document_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = list(register_rows(store, document_ids=[document_id]))
    first = publish(store, rows)

    class Slow(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.fromisoformat(first) - timedelta(hours=1)

    monkeypatch.setattr("models.store.published.datetime", Slow)
    assert publish(store, rows[1:]) > first


def test_rows_are_found_by_unit_day_and_part(store: Store, document_id: str) -> None:
    publish(store, register_rows(store))
    paint, report = (id_of(store, document_id, line.words) for line in (PAINT, REPORT))

    def found(**wanted: str) -> list[str]:
        return [row.values["task_id"] for row in published_rows(store, Wanted(**wanted)).rows]  # type: ignore[arg-type]

    assert found(unit="harbour OFFICE") == [paint]
    assert found(due_before="2026-07-15") == [paint]
    assert found(due_after="2026-06-01") == [report]
    assert found(due_after="2026-05-31", due_before="2026-07-16") == [paint, report]
    assert found(language="vi") == found(status="accepted") == found(document_id="0" * 16) == []
    pages, after = [], 0
    while True:
        page = published_rows(store, after=after, limit=1)
        pages += [row.values["task_id"] for row in page.rows]
        if not page.next:
            break
        after = page.next
    assert pages == [row["task_id"] for row in register_rows(store)]


def test_a_change_of_unit_is_found_under_the_new_one_alone(store: Store, task_id: str) -> None:
    publish(store, register_rows(store))
    set_cell(store, task_id, "lead_unit", "Fire Brigade", expected="Harbour Office", who="Anna")
    publish(store, register_rows(store))
    assert [row.values["task_id"] for row in published_rows(store, Wanted(unit="fire brigade")).rows] == [task_id]
    assert published_rows(store, Wanted(unit="Harbour Office")).rows == ()
