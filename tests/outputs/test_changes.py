"""What changed between two registers, and the exports that are kept to tell it."""

from __future__ import annotations

import csv
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import UsageError
from pipeline.outputs import history
from pipeline.outputs.changes import CHANGE_COLUMNS, changes, changes_csv
from pipeline.register import Row
from tests.outputs.made import row

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
KEYS = ("change", "task_id", "column", "old_value", "new_value")


def _said(old: list[dict[str, str]], new: list[dict[str, str]]) -> list[tuple[str, ...]]:
    found = [tuple(change[key] for key in KEYS) for change in changes(old, new)]
    return [(kind, str(int(task, 16)), *rest) for kind, task, *rest in found]


def test_tasks_come_and_go_and_cells_change() -> None:
    old = [row(1), row(2, due_date="2026-06-01", lead_unit="Cảng vụ"), row(3)]
    new = [row(4), row(2, due_date="2026-07-01", lead_unit="Cảng vụ", review_status="corrected"), row(3)]
    assert _said(old, new) == [
        ("added", "4", "", "", ""),
        ("changed", "2", "due_date", "2026-06-01", "2026-07-01"),
        ("changed", "2", "review_status", "new", "corrected"),
        ("withdrawn", "1", "", "", ""),
    ]


def test_a_value_set_and_a_value_emptied_are_changes() -> None:
    assert _said([row(1, signer="A")], [row(1, issuer="B")]) == [
        ("changed", "1", "issuer", "", "B"),
        ("changed", "1", "signer", "A", ""),
    ]


def test_a_change_names_its_document_and_the_task_as_it_stands_now() -> None:
    (change,) = changes([row(1, task="Sơn cầu")], [row(1, task="Sơn lại cầu")])
    assert {change[name] for name in ("document_number", "source_file", "task")} == {
        "12/QĐ-UBND",
        "cầu-cảng.docx",
        "Sơn lại cầu",
    }


def test_the_same_register_in_another_order_has_not_changed() -> None:
    table = [row(number) for number in range(20)]
    assert _said(table, random.Random(7).sample(table, 20)) == []


def test_an_id_that_stands_twice_is_paired_in_order() -> None:
    twice = [row(1, source_file="a.pdf"), row(1, source_file="a.docx")]
    assert _said(twice, twice) == []
    assert _said(twice, twice[:1]) == [("withdrawn", "1", "", "", "")]


ROWS = st.lists(
    st.builds(row, st.integers(1, 6), signer=st.sampled_from(["", "A", "B"]), page=st.sampled_from(["1", "2"])),
    unique_by=lambda made: made["task_id"],
)


@given(ROWS, ROWS)
def test_the_changes_lead_from_the_old_register_to_the_new_one(
    old: list[dict[str, str]], new: list[dict[str, str]]
) -> None:
    state = {made["task_id"]: dict(made) for made in old}
    wanted = {made["task_id"]: made for made in new}
    for change in changes(old, new):
        if change["change"] == "withdrawn":
            del state[change["task_id"]]
        elif change["change"] == "added":
            state[change["task_id"]] = dict(wanted[change["task_id"]])
        else:
            assert state[change["task_id"]][change["column"]] == change["old_value"]
            state[change["task_id"]][change["column"]] = change["new_value"]
    assert state == wanted


def test_the_file_holds_the_documented_columns_and_runs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "changes.csv"
    path.write_bytes(changes_csv([row(1, signer="=1")], [row(1, signer="+2")]))
    with path.open(encoding="utf-8", newline="") as handle:
        (change,) = csv.DictReader(handle)
    assert tuple(change) == tuple(column.name for column in CHANGE_COLUMNS)
    assert (change["old_value"], change["new_value"]) == ("'=1", "'+2")


def _tables(outputs: Path, *moments: datetime | None) -> list[list[Row]]:
    return [history.exported(outputs, moment) for moment in moments]


def test_an_export_is_found_again_by_the_moment_at_which_it_stood(tmp_path: Path) -> None:
    first, second = [row(1, task="=1\r\n\u2028x")], [row(1), row(2)]
    history.remember(tmp_path, first, NOW)
    history.remember(tmp_path, second, NOW + timedelta(hours=2))
    hours = [NOW + timedelta(hours=number) for number in (0, 1, 2, 99)]
    assert _tables(tmp_path, *hours, None) == [first, first, second, second, second]


def test_a_moment_of_another_zone_is_the_same_moment(tmp_path: Path) -> None:
    history.remember(tmp_path, [row(1)], datetime.fromisoformat("2026-11-25T15:00:00+07:00"))
    assert history.exports(tmp_path) == [NOW]


def test_nothing_stood_before_the_first_export(tmp_path: Path) -> None:
    assert _tables(tmp_path, None, NOW) == [[], []]


def test_what_is_older_than_the_exports_kept_is_refused(tmp_path: Path) -> None:
    history.remember(tmp_path, [row(1)], NOW)
    with pytest.raises(UsageError) as error:
        history.exported(tmp_path, NOW - timedelta(days=1))
    assert error.value.code == "export-unknown"


def test_the_oldest_exports_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "KEPT", 2)
    for number in range(4):
        history.remember(tmp_path, [row(number)], NOW + timedelta(days=number))
    assert history.exports(tmp_path) == [NOW + timedelta(days=2), NOW + timedelta(days=3)]


def test_a_damaged_export_is_told(tmp_path: Path) -> None:
    history.remember(tmp_path, [row(1)], NOW)
    (kept,) = (tmp_path / history.FOLDER).iterdir()
    kept.write_bytes(kept.read_bytes()[:40])
    with pytest.raises(UsageError) as error:
        history.exported(tmp_path)
    assert error.value.code == "register-unreadable"
