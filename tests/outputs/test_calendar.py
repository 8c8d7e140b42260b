"""Deadlines as calendars: what icalendar, which wrote them, and vobject, which didn't, read in them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
import vobject  # type: ignore[import-untyped]

from extractors.calendar import occurrences
from pipeline.outputs.calendar import CalendarOptions, by_unit, calendar_bytes, components, unplaced, write_calendars
from tests.outputs.made import row

DUE = {"due_date": "2026-07-15", "lead_unit": "Cảng vụ", "deadline_text": "trước ngày 15/7/2026"}
MONTHLY = {"recurrence": "FREQ=MONTHLY;BYMONTHDAY=31", "deadline_kind": "recurring"}


def _written(*table: dict[str, str], options: CalendarOptions | None = None) -> bytes:
    return calendar_bytes("chidao", (component for _, component in components(table, options)))


def _entries(*table: dict[str, str], options: CalendarOptions | None = None) -> list[Any]:
    calendar = icalendar.Calendar.from_ical(_written(*table, options=options))
    assert not any(part.errors for part in calendar.walk())
    return list(calendar.subcomponents)


def test_a_due_day_is_a_todo() -> None:
    (todo,) = _entries(row(1, **DUE))
    assert (todo.name, todo["UID"], todo["DUE"].dt) == ("VTODO", f"{1:016x}@chidao", date(2026, 7, 15))
    assert (todo["SUMMARY"], todo["DTSTAMP"].dt) == ("Sơn lại cầu cảng số 1", datetime(2026, 5, 4, tzinfo=UTC))
    assert "DTSTART" not in todo


def test_a_time_with_two_ends_starts_and_is_due() -> None:
    (todo,) = _entries(row(1, start_date="2026-07-01", due_date="2026-09-30"))
    assert (todo["DTSTART"].dt, todo["DUE"].dt) == (date(2026, 7, 1), date(2026, 9, 30))


def test_a_day_that_starts_on_itself_has_no_start_since_due_must_be_later() -> None:
    (todo,) = _entries(row(1, start_date="2026-07-01", due_date="2026-07-01"))
    assert "DTSTART" not in todo


def test_programs_without_todos_get_events_of_a_whole_day() -> None:
    (event,) = _entries(row(1, **DUE), options=CalendarOptions(dates="events"))
    assert (event.name, event["DTSTART"].dt, event["TRANSP"]) == ("VEVENT", date(2026, 7, 15), "TRANSPARENT")


def test_a_recurring_duty_is_an_event_with_its_rule() -> None:
    (event,) = _entries(row(1, **MONTHLY))
    assert (event.name, event["DTSTART"].dt) == ("VEVENT", date(2026, 5, 31))
    assert event["RRULE"].to_ical() == b"FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("vi", ["Chủ trì: Cảng vụ", "Thời hạn: trước ngày 15/7/2026", "Ở đâu: cầu-cảng.docx, II.3, trang 3"]),
        ("en", ["Lead: Cảng vụ", "Deadline: trước ngày 15/7/2026", "Where: cầu-cảng.docx, II.3, page 3"]),
        ("ru", ["Ответственный: Cảng vụ", "Срок: trước ngày 15/7/2026", "Где: cầu-cảng.docx, II.3, стр. 3"]),
    ],
)
def test_the_description_speaks_the_documents_language(language: str, words: list[str]) -> None:
    (todo,) = _entries(row(1, **DUE, language=language, section="II.3"))
    lines = str(todo["DESCRIPTION"]).split("\n")
    assert lines[0] == "Sơn lại cầu cảng số 1"
    assert set(words) <= set(lines)


def test_a_long_task_is_cut_in_the_summary_only() -> None:
    long = "quét dọn bến tàu " * 40
    (todo,) = _entries(row(1, **DUE, task=long))
    assert len(todo["SUMMARY"]) < 190
    assert str(todo["SUMMARY"]).endswith("quét dọn …")
    assert long in str(todo["DESCRIPTION"])


def test_a_review_moves_the_stamp() -> None:
    (todo,) = _entries(row(1, **DUE, reviewed_at="2026-06-01T08:30:00+07:00"))
    assert todo["DTSTAMP"].dt == datetime(2026, 6, 1, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(("cells", "related"), [(DUE, "END"), (MONTHLY, None)])
def test_alarms_ring_before_the_day_if_asked_for(cells: dict[str, str], related: str | None) -> None:
    (entry,) = _entries(row(1, **cells), options=CalendarOptions(alarm_days=3))
    (alarm,) = entry.subcomponents
    assert (alarm["TRIGGER"].dt, alarm["TRIGGER"].params.get("RELATED")) == (timedelta(days=-3), related)
    assert not _entries(row(1, **cells))[0].subcomponents


def test_tasks_without_a_day_rejected_ones_and_copies_stand_in_no_calendar() -> None:
    kept, rejected = row(1, **DUE), row(2, **DUE, review_status="rejected")
    copy, no_day = row(3, **DUE, same_as=kept["task_id"]), row(4)
    alone = row(5, **DUE, same_as=rejected["task_id"])
    found = _entries(kept, rejected, copy, no_day, alone)
    assert [entry["UID"] for entry in found] == [f"{number:016x}@chidao" for number in (1, 5)]


def test_a_rule_that_is_none_costs_only_its_own_entry() -> None:
    table = [row(1, recurrence="FREQ=SOMETIMES"), row(2, **MONTHLY), row(3, recurrence="?", due_date="2026-07-01")]
    assert [entry["UID"][:16] for entry in _entries(*table)] == [f"{number:016x}" for number in (2, 3)]
    assert unplaced(table) == [f"{1:016x}"]


def test_a_duty_of_an_undated_document_counts_from_the_earliest_document() -> None:
    undated = row(1, **MONTHLY, document_date="")
    assert unplaced([undated]) == [undated["task_id"]]
    (event,) = _entries(undated, row(2, document_date="2026-02-03"), row(3))
    assert event["DTSTART"].dt == date(2026, 2, 28)


HOSTILE = "a\r\nEND:VCALENDAR\r\nBEGIN:VEVENT\x00; , \\ \ud800 \x1f«đ»"


def test_words_can_not_break_out_of_their_property() -> None:
    table = [row(1, **DUE | {"lead_unit": HOSTILE}, task=HOSTILE, document_number=HOSTILE)]
    (todo,) = _entries(*table)
    assert str(todo["SUMMARY"]).startswith("a END:VCALENDAR BEGIN:VEVENT")
    assert _written(*table).count(b"\r\nEND:VCALENDAR") == 1


def test_a_foreign_library_reads_every_deadline_of_the_corpus(corpus_rows: list[dict[str, str]]) -> None:
    data = _written(*corpus_rows)
    calendar = vobject.readOne(data.decode())
    todos = {todo.uid.value: todo.due.value for todo in calendar.vtodo_list}
    events = {event.uid.value: event for event in calendar.vevent_list}
    expected = {f"{r['task_id']}@chidao": r for r in corpus_rows if r["due_date"] or r["recurrence"]}
    assert {*todos, *events} == set(expected)
    assert len(todos) > 50
    assert len(events) > 20
    for uid, due in todos.items():
        assert due == date.fromisoformat(expected[uid]["due_date"])
    for uid, event in events.items():
        _check_days(event, expected[uid])


def _check_days(event: Any, source: dict[str, str]) -> None:
    start = date.fromisoformat(source["start_date"] or source["document_date"] or event.dtstart.value.isoformat())
    end = min(date.fromisoformat(source["due_date"] or "9999-12-31"), start + timedelta(days=800))
    moments = event.getrruleset(addRDate=True).between(_at(start), _at(end), inc=True)
    assert [moment.date() for moment in moments] == list(occurrences(source["recurrence"], start, end))


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def test_lines_are_folded_at_75_octets(corpus_rows: list[dict[str, str]]) -> None:
    lines = _written(*corpus_rows).split(b"\r\n")
    assert max(map(len, lines)) <= 75


def test_each_lead_has_a_calendar_named_by_its_id_else_its_name(tmp_path: Path) -> None:
    table = [
        row(1, due_date="2026-07-01", lead_unit="Bộ Tài chính; Cảng vụ", lead_unit_id="vn.bo-tai-chinh; "),
        row(2, due_date="2026-07-02", lead_unit="cảng vụ"),
        row(3, due_date="2026-07-03"),
        row(4, lead_unit="Sở Y tế"),
    ]
    paths = write_calendars(tmp_path, table)
    found = {path.relative_to(tmp_path).as_posix(): _uids(path) for path in paths}
    assert found == {
        "deadlines.ics": [1, 2, 3],
        "deadlines/vn.bo-tai-chinh.ics": [1],
        "deadlines/cảng-vụ.ics": [1, 2],
    }
    names = [icalendar.Calendar.from_ical(path.read_bytes())["X-WR-CALNAME"] for path in paths]
    assert names == ["chidao", "Cảng vụ", "Bộ Tài chính"]


def _uids(path: Path) -> list[int]:
    calendar = icalendar.Calendar.from_ical(path.read_bytes())
    return [int(str(part["UID"]).split("@")[0], 16) for part in calendar.subcomponents]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..", "/", "a" * 500, "Ban chỉ đạo " * 30, "…", "a\x00b", "\ud800"]
)
def test_no_name_of_a_unit_leads_out_of_the_folder(name: str, tmp_path: Path) -> None:
    ((slug, _),) = by_unit(components([row(1, due_date="2026-07-01", lead_unit=name)])).items()
    paths = write_calendars(tmp_path / "outputs", [row(1, due_date="2026-07-01", lead_unit=name)])
    assert slug
    assert [path.parent for path in paths] == [tmp_path / "outputs", tmp_path / "outputs" / "deadlines"]
    assert all(path.is_file() for path in paths)


def test_the_calendar_of_a_unit_without_deadlines_goes_and_foreign_ones_stay(tmp_path: Path) -> None:
    write_calendars(tmp_path, [row(1, **DUE)])
    foreign = tmp_path / "deadlines" / "holidays.ics"
    foreign.write_text("BEGIN:VCALENDAR\r\nPRODID:-//somebody//\r\nEND:VCALENDAR\r\n")
    write_calendars(tmp_path, [row(1, **DUE | {"lead_unit": "Sở Y tế"})])
    assert {path.name for path in (tmp_path / "deadlines").iterdir()} == {"sở-y-tế.ics", "holidays.ics"}


def test_the_same_register_gives_the_same_bytes_and_touches_no_file(
    corpus_rows: list[dict[str, str]], tmp_path: Path
) -> None:
    before = {path: (path.read_bytes(), path.stat().st_ino) for path in write_calendars(tmp_path, corpus_rows)}
    after = {path: (path.read_bytes(), path.stat().st_ino) for path in write_calendars(tmp_path, corpus_rows)}
    assert before == after
