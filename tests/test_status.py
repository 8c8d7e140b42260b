"""How tasks stand on a day, by unit and in all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from models.columns import COLUMN_NAMES
from models.records import LANGUAGES, Language
from models.store import Progress, ProgressState, Said
from pipeline import cli
from pipeline.register import write_register
from pipeline.status import STATES, next_day, standing, state_of, table

ON = date(2026, 11, 25)


def _row(lead: str = "Harbour Office", due: str = "", **cells: str) -> dict[str, str]:
    kind = "date" if due else "none"
    return dict.fromkeys(COLUMN_NAMES, "") | {"lead_unit": lead, "due_date": due, "deadline_kind": kind} | cells


@pytest.mark.parametrize(
    ("due", "state"),
    [
        ("2026-11-24", "overdue"),
        ("2026-11-25", "week"),
        ("2026-12-02", "week"),
        ("2026-12-03", "month"),
        ("2026-12-25", "month"),
        ("2026-12-26", "later"),
        ("", "undated"),
    ],
)
def test_a_day_belongs_to_one_count(due: str, state: str) -> None:
    assert state_of(_row(due=due), ON) == state


def test_a_recurring_task_has_a_next_day_and_is_never_overdue() -> None:
    monthly = _row(deadline_kind="recurring", recurrence="FREQ=MONTHLY;BYMONTHDAY=20")
    assert (state_of(monthly, ON), next_day(monthly, ON)) == ("recurring", date(2026, 12, 20))
    ended = {**monthly, "due_date": "2026-06-30"}
    assert (state_of(ended, ON), next_day(ended, ON)) == ("recurring", None)
    assert next_day({**monthly, "start_date": "2027-02-01"}, ON) == date(2027, 2, 20)
    assert next_day({**monthly, "recurrence": "FREQ=SOMETIMES"}, ON) is None


def test_units_are_counted_by_id_each_lead_has_the_task_and_all_has_it_once() -> None:
    rows = [
        _row("Harbour Office; Fire Brigade", "2026-01-01", lead_unit_id="HO; "),
        _row("the Harbour Office", "2026-11-30", lead_unit_id="HO"),
        _row("fire brigade", deadline_kind="recurring", recurrence="FREQ=MONTHLY;BYMONTHDAY=25"),
        _row(""),
        _row("Fire Brigade", "2026-01-01", same_as="other"),
        _row("Fire Brigade", "2026-01-01", review_status="rejected"),
    ]
    found = {each.unit: each for each in standing(rows, ON)}
    assert list(found) == ["Fire Brigade", "Harbour Office", "", "*"]
    shown = {unit: {name: count for name, count in each.counts.items() if count} for unit, each in found.items()}
    assert shown == {
        "Fire Brigade": {"tasks": 2, "overdue": 1, "recurring": 1},
        "Harbour Office": {"tasks": 2, "overdue": 1, "week": 1},
        "": {"tasks": 1, "undated": 1, "leadless": 1},
        "*": {"tasks": 4, "overdue": 1, "week": 1, "undated": 1, "recurring": 1, "leadless": 1},
    }
    assert found["Fire Brigade"].next_day == found["*"].next_day == date(2026, 11, 25)
    assert sum(found["*"].counts[name] for name in STATES) == found["*"].counts["tasks"]


def _said(state: ProgressState, done_on: str = "") -> dict[str, Progress]:
    return {"": Progress(1, "", Said(state, done_on), "Anna", "2026-11-20T08:00:00+00:00")}


def test_what_was_done_is_no_longer_overdue_and_what_is_not_applicable_is_dropped() -> None:
    late = _row(due="2026-01-01")
    assert state_of(late, ON, _said("done", "2026-11-20")) == "done"
    assert state_of(late, ON, _said("done")) == "done"
    assert state_of(late, ON, _said("not-applicable")) == "dropped"
    assert state_of(late, ON, _said("in-progress")) == "overdue"


def test_a_recurring_duty_done_once_goes_on_with_the_day_after() -> None:
    monthly = _row(deadline_kind="recurring", recurrence="FREQ=MONTHLY;BYMONTHDAY=25")
    assert next_day(monthly, ON) == ON
    done = _said("done", "2026-11-25")
    assert (state_of(monthly, ON, done), next_day(monthly, ON, done)) == ("recurring", date(2026, 12, 25))
    assert state_of({**monthly, "due_date": "2026-11-30"}, ON, done) == "done"
    assert state_of(monthly, ON, _said("not-applicable")) == "dropped"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_terminal_shows_a_table_in_three_languages(
    language: Language, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_register(tmp_path / "register.csv", [_row(due="2026-11-30"), _row("Fire Brigade")])
    arguments = ["status", "--outputs", str(tmp_path), "--on", "2026-11-25", "--lang-of-messages", language]
    assert cli.main(arguments) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith({"vi": "Đơn vị chủ trì", "en": "Lead unit", "ru": "Ответственный"}[language])
    assert lines[-1].split()[-10:] == ["2", "·", "·", "1", "·", "·", "1", "·", "·", "·"]
    assert [line.split("  ")[0] for line in lines[2:4]] == ["Fire Brigade", "Harbour Office"]


def test_an_empty_register_has_a_table_too() -> None:
    assert len(table(standing([], ON), "en")) == 4


def test_without_a_register_the_command_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["status", "--outputs", str(tmp_path)]) == 2
    assert "register.csv" in capsys.readouterr().err
