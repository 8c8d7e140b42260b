"""The register as an Excel file: what stands in it, that it runs nothing, and that other programs read it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import get_column_letter

from models.columns import COLUMN_NAMES
from models.records import LANGUAGES, Language
from pipeline.outputs.workbook import LONGEST_TEXT
from pipeline.outputs.xlsx import xlsx_bytes
from pipeline.register import csv_bytes
from tests.outputs.made import FORMULAS, row


def _sheet(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data)).active


def _cell(sheet: Any, name: str, line: int = 2) -> Any:
    return sheet.cell(line, COLUMN_NAMES.index(name) + 1)


def test_cells_have_their_types() -> None:
    sheet = _sheet(xlsx_bytes([row(1, due_date="2026-07-15", reviewed_at="2026-06-01T08:30:00+07:00")]))
    due = _cell(sheet, "due_date")
    assert (due.value, due.is_date, due.number_format) == (datetime(2026, 7, 15), True, "yyyy-mm-dd")
    assert [_cell(sheet, name).value for name in ("page", "confidence", "reviewed_at", "signer")] == [
        3,
        0.95,
        "2026-06-01T08:30:00+07:00",
        None,
    ]


@pytest.mark.parametrize(
    ("column", "cell"),
    [("due_date", "31/02/2026"), ("document_date", "1890-05-01"), ("page", "iii"), ("confidence", "high")],
)
def test_what_excel_can_not_hold_or_is_of_no_type_stays_text(column: str, cell: str) -> None:
    assert _cell(_sheet(xlsx_bytes([row(1, **{column: cell})])), column).value == cell


def test_the_header_stays_in_sight_and_filters() -> None:
    sheet = _sheet(xlsx_bytes([row(1), row(2)]))
    last = get_column_letter(len(COLUMN_NAMES))
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", f"A1:{last}3")
    assert tuple(cell.value for cell in sheet[1]) == COLUMN_NAMES


@pytest.mark.parametrize(
    ("language", "words"), [("vi", "Đến hạn: Ngày cuối"), ("en", "Due: Last day"), ("ru", "Срок: Последний день")]
)
def test_a_header_says_what_it_means_in_the_clerks_language(language: Language, words: str) -> None:
    sheet = _sheet(xlsx_bytes([], language))
    assert _cell(sheet, "due_date", 1).comment.text.startswith(words)
    assert all(cell.comment.text for cell in sheet[1])


def test_long_words_wrap_in_wide_columns() -> None:
    sheet = _sheet(xlsx_bytes([row(1)]))
    assert _cell(sheet, "task").alignment.wrap_text
    assert not _cell(sheet, "source_text").alignment.wrap_text
    assert sheet.column_dimensions["M"].width == 70


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_text_is_run_as_a_formula_nor_becomes_one_when_edited(cell: str) -> None:
    written = _cell(_sheet(xlsx_bytes([row(1, task=cell)])), "task")
    assert (written.value, written.data_type, written.quotePrefix) == (cell, "s", True)


def test_what_looks_like_an_error_or_number_is_text() -> None:
    sheet = _sheet(xlsx_bytes([row(1, task="#REF!", document_number="0012", section="1.10")]))
    assert [_cell(sheet, name).value for name in ("task", "document_number", "section")] == ["#REF!", "0012", "1.10"]
    assert _cell(sheet, "task").data_type == "s"


def test_broken_characters_and_endless_cells_are_no_reason_to_stop() -> None:
    sheet = _sheet(xlsx_bytes([row(1, task="a\x00\x1f\ud800b", source_text="x" * 40_000)]))
    assert _cell(sheet, "task").value == "a���b"
    assert len(_cell(sheet, "source_text").value) == LONGEST_TEXT


def test_the_same_register_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    first = xlsx_bytes([row(1, due_date="2026-07-15")])
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert xlsx_bytes([row(1, due_date="2026-07-15")]) == first
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert b"2000-01-01T00:00:00Z</dcterms:modified>" in parts.read("docProps/core.xml")


@pytest.mark.parametrize("language", LANGUAGES)
def test_pandas_reads_the_register_of_the_corpus(corpus_rows: list[dict[str, str]], language: Language) -> None:
    frame = pd.read_excel(io.BytesIO(xlsx_bytes(corpus_rows, language)), keep_default_na=False)
    assert tuple(frame.columns) == COLUMN_NAMES
    assert frame["task"].tolist() == [source["task"] for source in corpus_rows]
    due = [f"{day:%Y-%m-%d}" if isinstance(day, datetime) else day for day in frame["due_date"]]
    assert due == [source["due_date"] for source in corpus_rows]


TEXTS = ("task_id", "task", "lead_unit", "deadline_text", "recurrence", "section", "source_file", "document_number")


@pytest.mark.slow
@pytest.mark.parametrize("form", ["register.csv", "register.xlsx"])
def test_libreoffice_opens_it_right(
    form: str, corpus_rows: list[dict[str, str]], as_csv: Callable[[Path], Path], tmp_path: Path
) -> None:
    path = tmp_path / form
    path.write_bytes((csv_bytes if form.endswith("csv") else xlsx_bytes)(corpus_rows))
    with as_csv(path).open(encoding="utf-8-sig", newline="") as handle:
        read = list(csv.DictReader(handle))
    assert len(read) == len(corpus_rows)
    for name in TEXTS:
        assert [_plain(line[name]) for line in read] == [_plain(source[name]) for source in corpus_rows]


def _plain(cell: str) -> str:
    """A cell without the apostrophe that makes it text, and with the line ends of one system."""
    return cell.removeprefix("'").replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.slow
@pytest.mark.parametrize("form", ["register.csv", "register.xlsx"])
def test_libreoffice_runs_no_cell(form: str, as_csv: Callable[[Path], Path], tmp_path: Path) -> None:
    path = tmp_path / form
    table = [row(number, task=cell) for number, cell in enumerate(FORMULAS)]
    path.write_bytes((csv_bytes if form.endswith("csv") else xlsx_bytes)(table))
    with as_csv(path).open(encoding="utf-8-sig", newline="") as handle:
        shown = [line["task"].lstrip("'") for line in csv.DictReader(handle)]
    assert shown == [cell.lstrip("'") for cell in FORMULAS]


def test_pandas_reads_the_csv(corpus_rows: list[dict[str, str]]) -> None:
    frame = pd.read_csv(io.BytesIO(csv_bytes(corpus_rows)), dtype=str, keep_default_na=False)
    assert tuple(frame.columns) == COLUMN_NAMES
    assert [_plain(cell) for cell in frame["source_text"]] == [_plain(source["source_text"]) for source in corpus_rows]
