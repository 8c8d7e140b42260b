"""All forms by name, each file whole, and changes that count from the export before."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.errors import UsageError
from pipeline.outputs.export import FORMS, ExportOptions, export
from pipeline.register import read_register, write_register
from tests.outputs.made import row

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
DUE = {"due_date": "2026-07-15", "lead_unit": "Cảng vụ"}


def _changes(outputs: Path) -> list[tuple[str, str]]:
    with (outputs / "changes.csv").open(encoding="utf-8", newline="") as handle:
        return [(change["change"], change["column"]) for change in csv.DictReader(handle)]


def test_every_form_is_a_file_and_nothing_half_written_is_left(tmp_path: Path) -> None:
    written = export(tmp_path, [row(1, **DUE)], FORMS, NOW)
    assert {path.relative_to(tmp_path).as_posix() for path in written} == {
        "register.csv",
        "register.schema.json",
        "progress.csv",
        "datapackage.json",
        "changes.csv",
        "register.jsonl",
        "register.xlsx",
        "register.parquet",
        "deadlines.ics",
        "deadlines/cảng-vụ.ics",
        "tracker-list.xlsx",
    }
    assert all(path.stat().st_size for path in written)
    assert not list(tmp_path.rglob("*.tmp"))


def test_the_same_register_gives_the_same_bytes(corpus_rows: list[dict[str, str]], tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    for outputs in (first, second):
        export(outputs, corpus_rows, FORMS, NOW)
    for path in (path for path in first.rglob("*") if path.is_file()):
        assert path.read_bytes() == (second / path.relative_to(first)).read_bytes(), path.name


def test_the_register_comes_back_as_it_went_out(corpus_rows: list[dict[str, str]], tmp_path: Path) -> None:
    export(tmp_path, corpus_rows, ["csv", "jsonl"], NOW)
    assert read_register(tmp_path / "register.csv") == corpus_rows
    lines = [json.loads(line) for line in (tmp_path / "register.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["task"] for line in lines] == [source["task"] for source in corpus_rows]


def test_changes_count_from_the_export_before(tmp_path: Path) -> None:
    export(tmp_path, [row(1)], ["changes"], NOW)
    assert _changes(tmp_path) == [("added", "")]
    export(tmp_path, [row(1, **DUE)], ["changes"], NOW + timedelta(hours=1))
    assert _changes(tmp_path) == [("changed", "lead_unit"), ("changed", "due_date")]
    export(tmp_path, [row(1, **DUE)], ["changes"], NOW + timedelta(hours=2))
    assert _changes(tmp_path) == []


def test_changes_count_from_a_moment_or_a_register(tmp_path: Path) -> None:
    export(tmp_path, [row(1)], ["changes"], NOW)
    export(tmp_path, [row(2)], ["changes"], NOW + timedelta(days=1))
    since = ExportOptions(since=NOW + timedelta(hours=5))
    export(tmp_path, [row(1, **DUE)], ["changes"], NOW + timedelta(days=2), since)
    assert _changes(tmp_path) == [("changed", "lead_unit"), ("changed", "due_date")]
    old = tmp_path / "old.csv"
    write_register(old, [row(1, task="=x")])
    export(tmp_path, [row(1, task="=x")], ["changes"], NOW + timedelta(days=3), ExportOptions(since=old))
    assert _changes(tmp_path) == []


def test_other_forms_are_no_export_from_which_changes_count(tmp_path: Path) -> None:
    export(tmp_path, [row(1)], ["csv", "xlsx"], NOW)
    export(tmp_path, [row(1)], ["changes"], NOW)
    assert _changes(tmp_path) == [("added", "")]


def test_outputs_that_can_not_be_written_are_told(tmp_path: Path) -> None:
    (tmp_path / "outputs").write_text("a file, no folder")
    with pytest.raises(UsageError) as error:
        export(tmp_path / "outputs", [row(1)], ["csv"], NOW)
    assert error.value.code == "folder-unusable"


def test_a_failed_export_is_not_remembered_and_leaves_the_old_file(tmp_path: Path) -> None:
    export(tmp_path, [row(1)], ["parquet"], NOW)
    before = (tmp_path / "register.parquet").read_bytes()
    with pytest.raises(UsageError):
        export(tmp_path, [row(1, page="?")], ["changes", "parquet"], NOW + timedelta(days=1))
    assert (tmp_path / "register.parquet").read_bytes() == before
    assert not (tmp_path / ".exports").exists()
