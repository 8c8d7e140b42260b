"""The register as a file: what stands in it, that it comes back as it went out, and that it is never half written."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.columns import COLUMN_NAMES, COLUMNS
from models.errors import UsageError
from models.records import Deadline, Unit
from pipeline.register import csv_bytes, defused, json_lines, read_register, rows, write_register
from tests.samples import TEXT, extraction, found, task

EMPTY = dict.fromkeys(COLUMN_NAMES, "")


def _row(**values: str) -> dict[str, str]:
    return EMPTY | values


def test_a_row_holds_what_was_found_in_the_published_columns() -> None:
    first, second = rows(extraction())
    assert tuple(first) == COLUMN_NAMES
    known = {name: value for name, value in first.items() if value}
    made = extraction()
    assert known == {
        "task_id": task().id,
        "document_id": made.document_id,
        "document_number": "12/2026",
        "document_type": "order",
        "document_date": "2026-05-04",
        "document_title": "On the pier",
        "issuer": "Harbour Master",
        "signer": "A. Sailor",
        "language": "en",
        "section": "1",
        "page": "1",
        "task": TEXT.split("\n")[0],
        "lead_unit": "Harbour Office",
        "coordinating_units": "Fire Brigade",
        "deadline_text": "by 1 June 2026",
        "deadline_kind": "date",
        "deadline_bound": "by",
        "due_date": "2026-06-01",
        "references": "7/QĐ-UBND; 8",
        "confidence": "0.90",
        "review_reasons": "deadline-year-inferred",
        "review_status": "new",
        "rules": "en.subject.modal; en.limit",
        "source_text": TEXT.split("\n")[0],
        "source_file": "harbour.txt",
        "source_sha256": made.document.sha256,
    }
    assert (second["deadline_kind"], second["due_date"], second["confidence"]) == ("none", "", "0.00")


def test_rows_stand_in_document_order() -> None:
    assert [row["section"] for row in rows(extraction())] == ["1", "2"]


def test_every_cell_of_a_required_column_is_filled_and_of_a_closed_one_is_a_known_value() -> None:
    for row in rows(extraction()):
        for column in COLUMNS:
            assert row[column.name] or not column.required
            assert row[column.name] in ("", *column.values) or not column.values


def test_unit_ids_keep_the_places_of_the_names() -> None:
    span = found(TEXT, "Fire Brigade")
    units = (Unit("Post; Office", span), Unit("Fire\nBrigade", span, id="fire"))
    (row,) = rows(extraction(tasks=(task(leads=units, coordinators=units[:1]),)))
    assert (row["lead_unit"], row["lead_unit_id"]) == ("Post, Office; Fire Brigade", "; fire")
    assert row["coordinating_unit_ids"] == ""


def test_the_file_is_utf8_with_crlf_and_one_header_line() -> None:
    data = csv_bytes(rows(extraction(text='Đếm thuyền, "ghi"\nsổ')))
    assert data.startswith(b"task_id,parent_task_id,")
    assert data.decode().count("\r\n") == 3
    table = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
    assert [row["task"] for row in table] == ['Đếm thuyền, "ghi"', "sổ"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+84 24", "-2", "@SUM(A1)", "\tx", "\rx", "\nx", " =1", "＝1", "- trình", "'=1"]
)
def test_a_cell_that_a_spreadsheet_would_run_is_defused_and_stays_readable(text: str) -> None:
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "1=1", "a-b", "'quoted'", "II.3.b", "2026-01-01", "FREQ=MONTHLY", "(-2)"])
def test_a_harmless_cell_stays_as_it_is(text: str) -> None:
    assert defused(text) == text


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30))
@example("'=x")
@example("''-x")
@example("a\r\nb\n\rc")
def test_what_is_written_is_read_back(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "register.csv"
        write_register(path, [_row(task=text, source_file="a.txt")])
        assert read_register(path) == [_row(task=text, source_file="a.txt")]


def test_json_lines_hold_numbers_as_numbers_and_cells_as_they_are() -> None:
    made = task(text="=1+1", confidence=0.9, deadline=Deadline("date", "x", found(TEXT, "by"), due=date(2026, 6, 1)))
    line = json.loads(json_lines(rows(extraction(tasks=(made,)))))
    assert (line["page"], line["confidence"], line["task"]) == (1, 0.9, "=1+1")
    assert (line["due_date"], line["start_date"]) == ("2026-06-01", None)
    assert tuple(line) == COLUMN_NAMES


def test_a_register_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "new" / "register.csv"
    write_register(path, rows(extraction()))
    before = path.read_bytes()

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipeline.wholefile.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_register(path, [])
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == ["register.csv"]


def test_rows_that_fail_half_way_leave_the_old_register(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    write_register(path, [])

    def broken() -> Iterator[dict[str, str]]:
        yield _row(task="one")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_register(path, broken())
    assert read_register(path) == []


def test_a_register_may_be_read_by_whom_the_folder_allows_and_a_link_stays_a_link(tmp_path: Path) -> None:
    path, link = tmp_path / "register.csv", tmp_path / "link.csv"
    link.symlink_to(path)
    write_register(link, [])
    assert link.is_symlink()
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask


def test_what_cannot_be_renamed_over_is_written_to() -> None:
    write_register(Path(os.devnull), rows(extraction()))
    assert not Path(os.devnull).is_file()


def test_a_register_of_another_program_is_read_with_its_missing_columns_empty(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_text("\ufefftask,source_file\r\nCount,a.txt\r\n\r\n", encoding="utf-8")
    assert read_register(path) == [_row(task="Count", source_file="a.txt")]


@pytest.mark.parametrize("data", [b"", b"name,age\r\nA,1\r\n", b"\xff\xfe\x00\x01"])
def test_what_is_no_register_is_said_to_be_none(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes(data)
    with pytest.raises(UsageError, match=r"register\.csv"):
        read_register(path)


def test_half_a_character_is_no_reason_to_stop() -> None:
    made = extraction()
    broken = replace(made, header=replace(made.header, title="a\ud800b"))
    assert b"a?b" in csv_bytes(rows(broken))
