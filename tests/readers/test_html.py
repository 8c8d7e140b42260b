"""HTML: a saved page's article, lists with numbers, tables; the same annex as from Word."""

from __future__ import annotations

import pytest

from models.records import Document
from pipeline.readers import read_bytes
from tests.readers.made import assert_whole, rows, table, tables, texts, word


def read(html: str | bytes, name: str = "page.html") -> Document:
    document = read_bytes(name, html if isinstance(html, bytes) else html.encode())[0]
    assert_whole(document)
    return document


PAGE = """<!DOCTYPE html><html><head><title>Notice 12</title><meta charset="utf-8">
<script>var a = "Ministry shall";</script><style>p {color: red}</style></head><body>
<nav><a href="/">Home</a> <a href="/news">News</a></nav>
<div class="cookie-banner"><p>We use cookies to improve this site. You may refuse them.</p></div>
<div id="wrap"><div class="breadcrumb"><a href="/">Home</a> / <a href="/n">Notices</a></div>
<div class="main"><h1>Notice of the<br>conclusions</h1>
<p style="text-align:center"><b>No. 12/TB</b></p>
<p>The Minister assigned the following tasks to the units of the Ministry, to be done within this year:</p>
<ol><li>The Office shall prepare the programme;</li><li><p>The Inspectorate shall:</p>
<ol type="a"><li>check the sites;</li><li>report monthly.</li></ol></li></ol>
<p style="display:none">Draft: do not publish</p>
<p>The Department of Finance is to report before 15&nbsp;July&#8203; 2026.</p></div>
<ul class="links"><li><a href="/1">Flood warnings for the north</a></li><li><a href="/2">A new bridge opens</a></li>
<li><a href="/3">Sports day</a></li></ul></div>
<footer><p>Copyright of the Ministry</p></footer></body></html>"""


def test_the_article_is_taken_and_what_stands_around_it_left() -> None:
    assert texts(read(PAGE)) == [
        "Notice of the conclusions",
        "No. 12/TB",
        "The Minister assigned the following tasks to the units of the Ministry, to be done within this year:",
        "1. The Office shall prepare the programme;",
        "2. The Inspectorate shall:",
        "a. check the sites;",
        "b. report monthly.",
        "The Department of Finance is to report before 15 July 2026.",
    ]


def test_headings_weight_place_and_nesting_are_kept() -> None:
    blocks = read(PAGE).blocks
    assert (blocks[0].kind, blocks[0].level) == ("heading", 1)
    assert blocks[1].bold
    assert blocks[1].centered
    assert not blocks[2].bold
    assert 0 == blocks[2].indent < blocks[3].indent < blocks[5].indent


def test_a_head_beside_the_body_is_no_leftover() -> None:
    body = "".join(
        f"<p>{number}. Sở Nội vụ báo cáo kết quả công tác tháng {number} trước ngày 25.</p>" for number in range(1, 12)
    )
    document = read(
        f"<body><div><div><table><tr><td><p>UBND TỈNH</p></td><td><p>CỘNG HÒA</p></td></tr></table></div>"
        f"<div>{body}</div></div></body>"
    )
    assert texts(document)[:2] == ["UBND TỈNH", "CỘNG HÒA"]


def test_breaks_part_paragraphs_outside_sentences() -> None:
    document = read("<div>BỘ TÀI CHÍNH<br>VỤ NGÂN SÁCH<br><br>Các đơn vị báo cáo<br>kết quả trước ngày 5.</div>")
    assert texts(document) == ["BỘ TÀI CHÍNH", "VỤ NGÂN SÁCH", "Các đơn vị báo cáo kết quả trước ngày 5."]


def test_spans_of_cells_make_one_grid() -> None:
    document = read(
        "<table border=1><tr><th rowspan=2>TT<th rowspan=2>Việc<th colspan=2>Đơn vị<tr><th>Chủ trì<th>Phối hợp"
        "<tr><td>1<td><p>Rà soát</p><p>- quy định;</p><td rowspan=2>Sở A<td>Sở B<tr><td>2<td>Báo cáo<td></table>"
    )
    cells = {cell.span.of(document.text): cell for cell in tables(document)[0].cells if cell.end > cell.start}
    assert (cells["Đơn vị"].column, cells["Đơn vị"].column_span, cells["Phối hợp"].column) == (2, 2, 3)
    assert (cells["Sở A"].row, cells["Sở A"].row_span, cells["Báo cáo"].column) == (2, 2, 1)
    assert "Rà soát\n- quy định;" in cells


def test_a_table_that_only_lays_out_the_page_is_read_through() -> None:
    body = "".join(f"<p>Пункт {number} устанавливает порядок отчётности.</p>" for number in range(20))
    document = read(
        f"<table><tr><td>{body}<table border=1><tr><td>№<td>Мера<tr><td>1<td>Осмотр</table></td></tr></table>"
    )
    assert len(document.blocks) == 21
    assert rows(document, tables(document)[0]) == [["№", "Мера"], ["1", "Осмотр"]]


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1251", "koi8-r"])
def test_the_encoding_is_the_one_that_the_page_names(encoding: str) -> None:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={encoding}">'
    page = f"<html><head>{meta}</head><p>Отчёт за год</p>"
    assert texts(read(page.encode(encoding))) == ["Отчёт за год"]


def test_a_page_saved_under_another_name_is_read_as_html() -> None:
    assert texts(read("<html><body><p>Điều 1</p></body></html>", "van-ban.doc")) == ["Điều 1"]


def test_the_same_annex_gives_the_same_rows_from_word_and_from_html() -> None:
    annex = [
        ["TT", "Nhiệm vụ", "Chủ trì", "Thời hạn"],
        ["1", "Xây dựng quy chế", "Vụ A", "Quý I/2026"],
        ["2", "Tổng kết", "Vụ B", "12/2026"],
    ]
    page = (
        "<table border='1'>"
        + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in annex)
        + "</table>"
    )
    from_word = read_bytes("a.docx", word(table(annex)))[0]
    from_page = read(page)
    assert rows(from_word, tables(from_word)[0]) == rows(from_page, tables(from_page)[0]) == annex


def test_a_small_table_whose_borders_a_style_sheet_draws_is_a_table() -> None:
    document = read(
        "<p>Tasks:</p><table class=list><tr><td>Task<td>Due<tr><td>Plan<td>May<tr><td>Report<td>June</table>"
    )
    assert rows(document, tables(document)[0]) == [["Task", "Due"], ["Plan", "May"], ["Report", "June"]]


def test_captions_of_pictures_are_left_out() -> None:
    figure = "<figure><img src=a><figcaption>Opening day</figcaption></figure>"
    document = read(f"<p>The plan is out.</p>{figure}<p>Crews at work. Photo: Desk</p>")
    assert texts(document) == ["The plan is out."]
