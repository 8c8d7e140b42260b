"""Text layers of PDFs in old Vietnamese encodings, also several in one file and on one page, and in tables."""

from __future__ import annotations

import textwrap

import pytest

from models.records import Document
from pipeline.readers import read_bytes
from tests.readers.made import rows, tables
from tests.readers.pdfs import XS, Page, grid, pdf
from tests.readers.test_vietnamese import TEXT, old

LINES = textwrap.wrap(TEXT, 70)


def _written(page: Page, encoding: str, y: float) -> float:
    return page.lines(60, y, [old(line, encoding) if encoding else line for line in LINES], size=11)


def _read(*pages: Page) -> Document:
    (document,) = read_bytes("old.pdf", pdf(list(pages)))
    return document


@pytest.mark.parametrize("encodings", [["tcvn3"], ["vni"], ["tcvn3", "", "vni"], ["", "vni"]])
def test_pages_in_encodings_of_their_own(encodings: list[str]) -> None:
    pages = [Page() for _ in encodings]
    for page, encoding in zip(pages, encodings, strict=True):
        _written(page, encoding, 100)
    document = _read(*pages)
    assert document.text.replace("\n", " ").count(TEXT) == len(encodings)
    assert [page.method for page in document.pages] == ["repaired-text-layer" if e else "native" for e in encodings]


def test_several_encodings_on_one_page() -> None:
    page, y = Page(), 100.0
    for encoding in ("tcvn3", "", "vni"):
        y = _written(page, encoding, y) + 20
    assert _read(page).text.replace("\n", " ").count(TEXT) == 3


@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
def test_cells_of_a_table(encoding: str) -> None:
    page = Page()
    page.lines(60, 80, [old("Phụ lục giao nhiệm vụ cho các cơ quan", encoding)], size=11)
    content = [
        ["STT", "Nhiệm vụ", "Chủ trì", "Thời hạn"],
        ["1", "Kiểm tra tiến độ giải ngân", "Sở Tài chính", "Quý II/2026"],
    ]
    grid(page, XS, [100, 130, 165], 9, [[[old(cell, encoding)] for cell in row] for row in content])
    document = _read(page)
    (table,) = tables(document)
    assert rows(document, table) == content
    assert all(document.boxes_of(cell.span) for cell in table.cells)
