"""Excel workbooks: lines above the table, merged cells, dates, several sheets."""

from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl
from openpyxl.styles import Border, Font, Side

from pipeline.readers import read_bytes
from tests.readers.made import assert_whole, rows, tables, texts


def saved(workbook: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def task_list() -> openpyxl.Workbook:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "Nhiệm vụ"
    lines: list[list[object]] = [
        ["UBND TỈNH BÌNH HẢI", None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        ["DANH MỤC NHIỆM VỤ"],
        [],
        ["TT", "Nhiệm vụ", "Đơn vị", "Thời hạn"],
        ["A", "Chuyển đổi số"],
        [1, "Xây dựng kho dữ liệu", "Sở KHCN", datetime(2026, 7, 15)],
        [2.0, "Tập huấn", "Sở Nội vụ", date(2026, 9, 30)],
        [3, "Mua sắm", None, 0.5],
        [],
        ["Người lập: Lê Văn B"],
    ]
    for line in lines:
        sheet.append(line)
    side = Side(style="thin")
    for row in sheet["A4:D8"]:
        for cell in row:
            cell.border = Border(left=side, right=side, top=side, bottom=side)
    sheet.merge_cells("B5:D5")
    sheet.merge_cells("C7:C8")
    sheet["D6"].number_format = "dd/mm/yyyy"
    sheet["D7"].number_format = "yyyy-mm-dd"
    sheet["D8"].number_format = "0%"
    sheet["A4"].font = Font(bold=True)
    return workbook


def test_a_task_list_is_lines_and_a_table() -> None:
    document = read_bytes("list.xlsx", saved(task_list()))[0]
    assert_whole(document)
    block = tables(document)[0]
    assert texts(document)[:3] == ["UBND TỈNH BÌNH HẢI", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "DANH MỤC NHIỆM VỤ"]
    assert texts(document)[-1] == "Người lập: Lê Văn B"
    assert rows(document, block) == [
        ["TT", "Nhiệm vụ", "Đơn vị", "Thời hạn"],
        ["A", "Chuyển đổi số"],
        ["1", "Xây dựng kho dữ liệu", "Sở KHCN", "15/07/2026"],
        ["2", "Tập huấn", "Sở Nội vụ", "2026-09-30"],
        ["3", "Mua sắm", "50%"],
    ]
    spans = {cell.span.of(document.text): (cell.row_span, cell.column_span) for cell in block.cells}
    assert spans["Chuyển đổi số"] == (1, 3)
    assert spans["Sở Nội vụ"] == (2, 1)
    assert block.cells[0].bold
    assert not block.cells[-1].bold


def test_every_visible_sheet_is_read_under_its_name() -> None:
    workbook = task_list()
    second = workbook.create_sheet("Quý II")
    for line in (["№", "Мера", "Срок"], ["1", "Осмотр", "май"], ["2", "Ремонт", "июнь"]):
        second.append(line)
    workbook.create_sheet("Ẩn").sheet_state = "hidden"
    workbook["Ẩn"]["A1"] = "không đọc"
    document = read_bytes("list.xlsx", saved(workbook))[0]
    headings = [block.span.of(document.text) for block in document.blocks if block.kind == "heading"]
    assert headings == ["Nhiệm vụ", "Quý II"]
    assert rows(document, tables(document)[1])[1] == ["1", "Осмотр", "май"]
    assert "không đọc" not in document.text
