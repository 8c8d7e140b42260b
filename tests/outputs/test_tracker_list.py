"""The list that trackers import: five columns that hold to the tracker's terms, and the rest with its reasons."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any

import openpyxl
import pytest

from models.errors import message
from models.records import LANGUAGES, Language
from pipeline.outputs.tracker_list import entries, tracker_bytes
from tests.outputs.made import FORMULAS, row

WHOLE = {
    "lead_unit": "Bộ Tài chính",
    "lead_unit_id": "vn.bo-tai-chinh",
    "coordinating_units": "Bộ Nội vụ; Sở Y tế",
    "coordinating_unit_ids": "vn.bo-noi-vu; vn.so-y-te",
    "start_date": "2026-06-01",
    "due_date": "2026-07-15",
}
DAY = re.compile(r"\d\d/\d\d/\d{4}")


def _sheets(data: bytes) -> dict[str, list[tuple[Any, ...]]]:
    workbook = openpyxl.load_workbook(io.BytesIO(data))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in workbook.worksheets}


def test_a_whole_task_is_a_line_of_five_cells() -> None:
    sheets = _sheets(tracker_bytes([row(1, **WHOLE)]))
    assert sheets["Nhiệm vụ"] == [
        ("Tên nhiệm vụ", "Mã đơn vị chủ trì", "Ngày bắt đầu", "Ngày kết thúc", "Mã đơn vị thực hiện"),
        ("Sơn lại cầu cảng số 1", "vn.bo-tai-chinh", "01/06/2026", "15/07/2026", "vn.bo-noi-vu,vn.so-y-te"),
    ]
    assert len(sheets["Chưa đủ thông tin"]) == 1


@pytest.mark.parametrize(
    ("cells", "start", "end"),
    [
        ({}, "01/06/2026", "15/07/2026"),
        ({"start_date": ""}, "04/05/2026", "15/07/2026"),
        ({"start_date": "2026-07-15"}, "04/05/2026", "15/07/2026"),  # a deadline of one day
        ({"document_date": ""}, "01/06/2026", "15/07/2026"),
    ],
)
def test_the_work_starts_at_the_time_named_else_with_the_document(cells: dict[str, str], start: str, end: str) -> None:
    (entry,) = entries([row(1, **WHOLE | cells)])
    assert (entry.reasons, entry.cells[2:4]) == ((), (start, end))


def test_a_lead_alone_performs_its_task_itself() -> None:
    (entry,) = entries([row(1, **WHOLE | {"coordinating_units": "", "coordinating_unit_ids": ""})])
    assert (entry.reasons, entry.performers) == ((), ("vn.bo-tai-chinh",))


@pytest.mark.parametrize(
    ("cells", "reasons"),
    [
        ({"task": " "}, ["tracker-no-task"]),
        ({"lead_unit": "", "lead_unit_id": ""}, ["tracker-no-lead"]),
        ({"lead_unit": "A; B", "lead_unit_id": "a; b"}, ["tracker-several-leads"]),
        ({"lead_unit": "A; B", "lead_unit_id": "a; "}, ["tracker-several-leads"]),
        ({"lead_unit_id": ""}, ["tracker-lead-without-code"]),
        ({"start_date": "", "document_date": ""}, ["tracker-no-start"]),
        ({"due_date": ""}, ["tracker-no-end"]),
        ({"due_date": "", "recurrence": "FREQ=MONTHLY"}, ["tracker-recurring"]),
        ({"due_date": "2026-05-04"}, ["tracker-end-not-after-start"]),
        ({"due_date": "2026-05-01"}, ["tracker-end-not-after-start"]),
        ({"coordinating_unit_ids": "vn.bo-noi-vu; "}, ["tracker-performer-without-code"]),
        ({"coordinating_unit_ids": ""}, ["tracker-performer-without-code"]),
        ({"lead_unit_id": "", "due_date": ""}, ["tracker-lead-without-code", "tracker-no-end"]),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_task_that_lacks_something_is_on_the_second_sheet(
    cells: dict[str, str], reasons: list[str], language: Language
) -> None:
    source = row(1, **WHOLE | cells)
    first, second = _sheets(tracker_bytes([source], language)).values()
    assert len(first) == 1
    assert second[1][0] == "\n".join(message(code, language) for code in reasons)
    assert second[1][-2:] == (source["task_id"], source["source_file"])


def test_each_task_once_and_none_that_was_rejected() -> None:
    kept = row(1, **WHOLE)
    table = [kept, row(2, **WHOLE, same_as=kept["task_id"]), row(3, **WHOLE, review_status="rejected")]
    assert [entry.row["task_id"] for entry in entries(table)] == [kept["task_id"]]


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_is_run(cell: str) -> None:
    table = [row(1, **WHOLE, task=cell), row(2, task=cell, lead_unit=cell, document_number=cell)]
    workbook = openpyxl.load_workbook(io.BytesIO(tracker_bytes(table)))
    written = [line[0] for sheet in workbook.worksheets for line in sheet.iter_rows(min_row=2, max_col=1)]
    assert {found.data_type for found in written} == {"s"}
    assert workbook.worksheets[0]["A2"].value == " ".join(cell.split())
    assert workbook.worksheets[0]["A2"].quotePrefix or not cell.strip().startswith(("=", "+", "-", "@", "'", "＝"))


def test_every_task_of_the_corpus_is_on_one_of_the_sheets(corpus_rows: list[dict[str, str]]) -> None:
    coded = [_with_codes(source) for source in corpus_rows]
    first, second = _sheets(tracker_bytes(coded)).values()
    assert len(first) - 1 + len(second) - 1 == len(corpus_rows)
    assert len(first) > 50
    for task, lead, start, end, performers in first[1:]:
        assert task
        assert re.fullmatch(r"u[0-9a-f]+", lead)
        assert DAY.fullmatch(start)
        assert DAY.fullmatch(end)
        assert datetime.strptime(start, "%d/%m/%Y") < datetime.strptime(end, "%d/%m/%Y")
        assert re.fullmatch(r"u[0-9a-f]+(,u[0-9a-f]+)*", performers)
    assert all(line[0] for line in second[1:])


def _with_codes(source: dict[str, str]) -> dict[str, str]:
    """Give every unit a code, as an office that keeps its registry would."""
    pairs = (("lead_unit", "lead_unit_id"), ("coordinating_units", "coordinating_unit_ids"))
    codes = {
        code: "; ".join(f"u{name.encode().hex()[:40]}" for name in source[names].split("; ") if name)
        for names, code in pairs
    }
    return source | codes
