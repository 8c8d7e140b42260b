"""What Word has besides plain paragraphs: read alike from its own file, old Word, OpenDocument and the printed PDF.

The paper has automatic numbers, a tracked change, a text box, a heading cell written upwards, and a table in a
landscape section whose last row runs over the page by a line.
"""

from __future__ import annotations

import functools

import pytest

from models.records import Document
from pipeline.readers import programs, read_bytes
from tests.readers.annexfiles import converted
from tests.readers.made import p, rows, tables, word

ROWS = 25
WIDTHS = (900, 7000, 3000, 3000)
HEADING = ["Số thứ tự", "Nhiệm vụ giao cho các xã", "Cơ quan chủ trì", "Thời hạn hoàn thành"]
POINTS = "- Sửa cống số {0}.\n- Nạo vét kênh số {0} dài hơn hai mươi ki lô mét qua ba xã ven sông của huyện."
BEFORE = [
    "ỦY BAN NHÂN DÂN HUYỆN MỚI",
    "1. Chuẩn bị vật tư trước mùa mưa.",
    "2. Rà soát danh mục vật tư.",
    "Giao Sở Thủy lợi sửa chữa đê bao.",
    "Hoàn thành trước 30/6/2026",
    "Phụ lục sau đây giao việc cho các xã.",
]
AFTER = "Ủy ban nhân dân huyện yêu cầu các xã thực hiện nghiêm kế hoạch này."
NUMBERING = (
    "<w:abstractNum w:abstractNumId='5'><w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='decimal'/>"
    "<w:lvlText w:val='%1.'/></w:lvl></w:abstractNum><w:num w:numId='5'><w:abstractNumId w:val='5'/></w:num>"
)
CHANGED = (
    "<w:p><w:r><w:t xml:space='preserve'>Giao Sở Thủy lợi </w:t></w:r><w:del w:id='1' w:author='a'><w:r><w:delText>"
    "kiểm tra</w:delText></w:r></w:del><w:ins w:id='2' w:author='a'><w:r><w:t>sửa chữa</w:t></w:r></w:ins><w:r>"
    "<w:t xml:space='preserve'> đê bao.</w:t></w:r></w:p>"
)
BOXED = "<w:txbxContent><w:p><w:r><w:t>Hoàn thành trước 30/6/2026</w:t></w:r></w:p></w:txbxContent>"
BOX = (
    "<w:p><w:r><w:pict><v:shape id='b' style='position:absolute;width:200pt;height:40pt;margin-left:150pt'>"
    f"<v:textbox>{BOXED}</v:textbox></v:shape></w:pict></w:r></w:p>"
)
needs_office = pytest.mark.skipif(programs.find(programs.LIBREOFFICE) is None, reason="LibreOffice is not installed")


def _section(width: int, height: int, turned: str = "") -> str:
    sides = " ".join(f"w:{side}='1134'" for side in ("top", "right", "bottom", "left"))
    margins = f"<w:pgMar {sides} w:header='0' w:footer='0' w:gutter='0'/>"
    return f"<w:sectPr><w:pgSz w:w='{width}' w:h='{height}'{turned}/>{margins}</w:sectPr>"


def _cell(text: str, width: int, more: str = "") -> str:
    runs = "<w:br/>".join(f"<w:t>{line}</w:t>" for line in text.split("\n"))
    properties = f"<w:tcPr><w:tcW w:w='{width}' w:type='dxa'/>{more}</w:tcPr>"
    return f"<w:tc>{properties}<w:p><w:r>{runs}</w:r></w:p></w:tc>"


def _table() -> str:
    sides = "".join(f"<w:{side} w:val='single'/>" for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    upwards = ["<w:textDirection w:val='btLr'/>", "", "", ""]
    head = "".join(map(_cell, HEADING, WIDTHS, upwards))
    lines = ["<w:tr><w:trPr><w:trHeight w:val='1400'/></w:trPr>" + head + "</w:tr>"]
    lines += ["<w:tr>" + "".join(map(_cell, row, WIDTHS)) + "</w:tr>" for row in _rows()]
    columns = "".join(f"<w:gridCol w:w='{width}'/>" for width in WIDTHS)
    properties = f"<w:tblPr><w:tblBorders>{sides}</w:tblBorders></w:tblPr><w:tblGrid>{columns}</w:tblGrid>"
    return f"<w:tbl>{properties}{''.join(lines)}</w:tbl>"


def _rows() -> list[list[str]]:
    return [[str(n), POINTS.format(n), "Sở Thủy lợi", f"{n}/6/2026"] for n in range(1, ROWS + 1)]


@functools.cache
def _paper() -> bytes:
    listed = "<w:numPr><w:ilvl w:val='0'/><w:numId w:val='5'/></w:numPr>"
    landscape = _section(16838, 11906, " w:orient='landscape'")
    points = p("Chuẩn bị vật tư trước mùa mưa.", listed) + p("Rà soát danh mục vật tư.", listed)
    before = p(BEFORE[0]) + points + CHANGED + BOX + 3 * p("") + p(BEFORE[-1], _section(11906, 16838))
    return word(before + _table() + p("", landscape) + p(AFTER), NUMBERING)


def _read(kind: str) -> Document:
    (document,) = read_bytes(f"paper.{kind}", _paper() if kind == "docx" else converted(_paper(), kind))
    return document


def _prose(document: Document) -> list[str]:
    return [block.span.of(document.text) for block in document.blocks if block.kind != "table"]


@pytest.mark.parametrize(
    "kind", ["docx", pytest.param("doc", marks=needs_office), pytest.param("odt", marks=needs_office)]
)
def test_files_of_word_processors(kind: str) -> None:
    document = _read(kind)
    (table,) = tables(document)
    assert _prose(document) == [*BEFORE, AFTER]
    assert rows(document, table) == [HEADING, *_rows()]


@needs_office
def test_the_printed_pdf() -> None:
    document = _read("pdf")
    (table,) = tables(document)
    prose = _prose(document)
    assert (prose[:3], prose[4:]) == (BEFORE[:3], [*BEFORE[4:], AFTER])  # the change is printed, struck through
    assert rows(document, table) == [HEADING, *_rows()]
    assert {page.width > page.height for page in document.pages} == {True, False}
    assert {box.page for cell in table.cells for box in document.boxes_of(cell.span)} >= {2, 3, 4}
