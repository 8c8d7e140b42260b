"""A file that holds a letter and the decision it forwards: the desk shows both, each with its own pages."""

from __future__ import annotations

from pathlib import Path

from models.records import Span
from models.store import document_rows, list_documents, read_text
from pipeline.review.desk import Desk
from pipeline.review.layout import image_of, layout_of
from tests.review.made import take_in

FILE = Path(__file__).parents[2] / "corpus/documents/vi-cong-van-chuyen-quyet-dinh.pdf"
DECISION, ROW = "907/QĐ-UBND", "Thay cầu dẫn, lắp lan can bến Cây Dừng"
PAGES, ANNEX_PAGE = [2, 3], 3


def test_rows_of_the_second_paper_lead_to_its_pages(desk: Desk) -> None:
    assert take_in(desk, FILE.name, FILE.read_bytes()) == 2
    numbers = {found.values.get("document_number"): found for found in list_documents(desk.store).documents}
    _, rows = document_rows(desk.store, numbers[DECISION].document_id)
    row = next(row for row in rows if row.values["task"] == ROW)
    assert (row.values["page"], row.reading_id is not None) == (str(ANNEX_PAGE), True)
    text = read_text(desk.store, row.reading_id or 0)
    layout = layout_of(desk, text)
    assert [page[0] for page in layout["pages"]] == PAGES
    start = text.text.index(ROW)
    span = Span(start, start + len(ROW))
    on = {page for begin, end, page, *_ in layout["words"] if Span(begin, end).within(span)}
    assert on == {ANNEX_PAGE}
    assert image_of(desk, text, ANNEX_PAGE) is not None
    assert image_of(desk, text, ANNEX_PAGE + 1) is None
