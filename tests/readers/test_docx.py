"""Word files: numbers as shown, merged cells, text boxes, changes, notes, the two-column head."""

from __future__ import annotations

import pytest

from models.records import Document
from pipeline.readers import read_bytes
from tests.readers.made import assert_whole, p, rows, table, tables, texts, word


def read(body: str, numbering: str = "") -> Document:
    document = read_bytes("paper.docx", word(body, numbering))[0]
    assert_whole(document)
    return document


def level(depth: int, kind: str, text: str, more: str = "") -> str:
    form = f"<w:numFmt w:val='{kind}'/>{more}<w:lvlText w:val='{text}'/>"
    return f"<w:lvl w:ilvl='{depth}'><w:start w:val='1'/>{form}</w:lvl>"


NUMBERING = (
    "<w:abstractNum w:abstractNumId='0'>"
    + level(0, "upperRoman", "%1.")
    + level(1, "decimal", "%2.")
    + level(2, "lowerLetter", "%3)")
    + level(3, "bullet", "-")
    + "</w:abstractNum><w:abstractNum w:abstractNumId='1'>"
    + level(0, "decimal", "%1.")
    + level(1, "decimal", "%1.%2.")
    + "</w:abstractNum>"
    "<w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num><w:num w:numId='2'><w:abstractNumId w:val='1'/></w:num>"
    "<w:num w:numId='3'><w:abstractNumId w:val='1'/><w:lvlOverride w:ilvl='0'><w:startOverride w:val='1'/>"
    "</w:lvlOverride></w:num>"
)


def point(text: str, depth: int, number: int = 1) -> str:
    return p(text, f"<w:numPr><w:ilvl w:val='{depth}'/><w:numId w:val='{number}'/></w:numPr>")


def test_automatic_numbers_are_shown_as_word_shows_them() -> None:
    document = read(
        point("Mục tiêu", 0) + point("Chung", 1) + point("một", 2) + point("hai", 2) + point("chi tiết", 3)
        + point("Riêng", 1) + point("ba", 2) + point("Nhiệm vụ", 0) + point("Thể chế", 1),
        NUMBERING,
    )  # fmt: skip
    assert texts(document) == [
        "I. Mục tiêu", "1. Chung", "a) một", "b) hai", "- chi tiết", "2. Riêng", "a) ba", "II. Nhiệm vụ", "1. Thể chế",
    ]  # fmt: skip


def test_numbers_of_several_levels_and_lists_that_start_anew() -> None:
    body = point("Общие", 0, 2) + point("Цель", 1, 2) + point("Срок", 1, 2) + point("Меры", 0, 2) + point("Сбор", 1, 2)
    body += point("Иной список", 0, 3) + p("без номера") + point("продолжение", 0, 3)
    assert texts(read(body, NUMBERING)) == [
        "1. Общие", "1.1. Цель", "1.2. Срок", "2. Меры", "2.1. Сбор", "1. Иной список", "без номера", "2. продолжение",
    ]  # fmt: skip


def test_headings_weight_and_place_are_kept() -> None:
    document = read(
        p("Chương I", "<w:outlineLvl w:val='0'/>")
        + p("QUYẾT ĐỊNH", "<w:jc w:val='center'/>", "<w:b/>")
        + p("Nội dung", "<w:ind w:left='720'/>", "<w:b w:val='0'/>")
    )
    first, second, third = document.blocks
    assert (first.kind, first.level) == ("heading", 1)
    assert (second.bold, second.centered, second.level) == (True, True, 0)
    assert (third.bold, third.centered, third.indent) == (False, False, 36.0)


def test_merged_cells_keep_their_place_in_the_grid() -> None:
    across = f"<w:tcPr><w:gridSpan w:val='3'/></w:tcPr>{p('A. Nhóm việc')}"
    begun = f"<w:tcPr><w:vMerge w:val='restart'/></w:tcPr>{p('Sở Y tế')}"
    goes_on = f"<w:tcPr><w:vMerge/></w:tcPr>{p('')}"
    document = read(
        table(
            [
                ["TT", "Việc", "Đơn vị"],
                [across],
                ["1", "Rà soát", begun],
                ["2", "Báo cáo", goes_on],
                ["3", "Họp", "Sở Xây dựng"],
            ]
        )
    )
    block = tables(document)[0]
    assert rows(document, block) == [
        ["TT", "Việc", "Đơn vị"], ["A. Nhóm việc"], ["1", "Rà soát", "Sở Y tế"], ["2", "Báo cáo"],
        ["3", "Họp", "Sở Xây dựng"],
    ]  # fmt: skip
    spans = {
        cell.span.of(document.text): (cell.row, cell.column, cell.row_span, cell.column_span) for cell in block.cells
    }
    assert spans["A. Nhóm việc"] == (1, 0, 1, 3)
    assert spans["Sở Y tế"] == (2, 2, 2, 1)
    assert spans["Sở Xây dựng"] == (4, 2, 1, 1)


def test_bullets_in_a_cell_stay_lines_and_nested_tables_are_read() -> None:
    inner = f"{p('- việc một;')}{p('- việc hai.')}{table([['kỳ', 'quý I'], ['hạn', '31/3']])}{p('')}"
    document = read(table([["TT", "Việc"], ["1", inner], ["2", "khác"]]))
    assert rows(document, tables(document)[0])[1] == ["1", "- việc một;\n- việc hai.\nkỳ\nquý I\nhạn\n31/3"]


def test_the_two_column_head_is_read_column_by_column() -> None:
    head = table(
        [[p("BỘ CÔNG NGHỆ") + p("Số: 5/QĐ-BCN"), p("CỘNG HÒA") + p("Hà Nội, ngày 2 tháng 3 năm 2026")]], borders=False
    )
    signature = table([[p("Nơi nhận:") + p("- Như Điều 2;"), p("BỘ TRƯỞNG") + p("Lê Văn A")]], borders=False)
    document = read(head + p("Điều 1. Nội dung") + signature)
    assert texts(document) == [
        "BỘ CÔNG NGHỆ", "Số: 5/QĐ-BCN", "CỘNG HÒA", "Hà Nội, ngày 2 tháng 3 năm 2026", "Điều 1. Nội dung",
        "Nơi nhận:", "- Như Điều 2;", "BỘ TRƯỞNG", "Lê Văn A",
    ]  # fmt: skip


def test_labels_with_values_beside_them_are_read_row_by_row() -> None:
    document = read(
        table([["FROM:", "The Director"], ["SUBJECT:", "Annual plans of the bureaus"]], borders=False) + p("Text")
    )
    assert texts(document) == ["FROM:", "The Director", "SUBJECT:", "Annual plans of the bureaus", "Text"]


def test_a_table_whose_head_stands_in_a_table_of_its_own_is_one_table() -> None:
    document = read(
        table([["№", "Мера", "Срок", "Кто"]])
        + p("")
        + table([["1", "Осмотр", "май", "Отдел"], ["2", "Ремонт", "июнь", "Отдел"]])
    )
    assert [block.kind for block in document.blocks] == ["table"]
    assert [row[0] for row in rows(document, tables(document)[0])] == ["№", "1", "2"]


def test_a_repeated_head_of_a_continued_table_is_dropped() -> None:
    head = ["TT", "Việc", "Hạn"]
    document = read(table([head, ["1", "a", "b"]]) + table([head, ["2", "c", "d"]]))
    assert rows(document, tables(document)[0]) == [head, ["1", "a", "b"], ["2", "c", "d"]]


def test_changes_are_read_as_accepted_and_hidden_words_left_out() -> None:
    document = read(
        "<w:p><w:r><w:t xml:space='preserve'>trước ngày </w:t></w:r>"
        "<w:del w:id='1' w:author='a'><w:r><w:delText>10/5</w:delText></w:r></w:del>"
        "<w:ins w:id='2' w:author='a'><w:r><w:t>20/5</w:t></w:r></w:ins>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r></w:p>"
        + p("Sở Tài ", "<w:rPr><w:del w:id='3' w:author='a'/></w:rPr>")
        + p("chính báo cáo")
    )
    assert texts(document) == ["trước ngày 20/5", "Sở Tài chính báo cáo"]


def test_a_text_box_is_read_once() -> None:
    box = f"<w:txbxContent>{p('DỰ THẢO LẦN 2')}</w:txbxContent>"
    document = read(
        "<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:wsp><wps:txbx>"
        f"{box}</wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{box}"
        "</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>TỜ TRÌNH</w:t></w:r></w:p>"
    )
    assert texts(document) == ["TỜ TRÌNH", "DỰ THẢO LẦN 2"]


def test_line_breaks_part_paragraphs_and_not_sentences() -> None:
    document = read(
        "<w:p><w:r><w:t>KẾ HOẠCH</w:t><w:br/><w:t>Triển khai công tác</w:t><w:br/><w:t>phòng chống lụt bão</w:t></w:r>"
        "<w:r><w:tab/><w:t>năm 2026</w:t></w:r></w:p>"
    )
    assert texts(document) == ["KẾ HOẠCH", "Triển khai công tác phòng chống lụt bão năm 2026"]


def test_pages_are_counted_where_word_has_laid_them_out() -> None:
    turned = "<w:p><w:r><w:lastRenderedPageBreak/><w:t>Trang hai</w:t></w:r></w:p>"
    document = read(
        p("Trang một")
        + turned
        + "<w:p><w:r><w:t>chữ </w:t><w:lastRenderedPageBreak/><w:t>vắt</w:t></w:r></w:p>"
        + p("ba")
    )
    assert [block.page for block in document.blocks] == [1, 2, 2, 3]
    assert len(document.pages) == 3


def test_the_cells_of_a_row_share_its_page_breaks() -> None:
    broken = "<w:p><w:r><w:t>đầu </w:t><w:lastRenderedPageBreak/><w:t>cuối</w:t></w:r></w:p>"
    document = read(table([["TT", "Việc"], [broken, broken]]) + p("sau bảng"))
    assert document.blocks[-1].page == 2


def test_a_table_of_contents_is_left_out() -> None:
    contents = (
        "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj></w:sdtPr>"
        f"<w:sdtContent>{p('I. Mục tiêu ..... 1')}</w:sdtContent></w:sdt>"
    )
    control = f"<w:sdt><w:sdtContent>{p('Điều 1. Mục tiêu')}</w:sdtContent></w:sdt>"
    assert texts(read(contents + control)) == ["Điều 1. Mục tiêu"]


@pytest.mark.parametrize(
    ("shown", "encoding"),
    [
        ("Uû ban nh©n d©n tØnh yªu cÇu c¸c së, ban, ngµnh b¸o c¸o tr\u00adíc ngµy 30/6.", "tcvn3"),
        ("UÛy ban nhaân daân tænh yeâu caàu caùc sôû, ban, ngaønh baùo caùo tröôùc ngaøy 30/6.", "vni"),
    ],
)
def test_old_fonts_are_read_by_what_their_letters_say(shown: str, encoding: str) -> None:
    ministry = "Uỷ" if encoding == "tcvn3" else "Ủy"
    body = p(shown).replace("\u00ad", "</w:t><w:softHyphen/><w:t>")
    document = read(body + p("Nguyễn Thị Đào"))
    assert texts(document) == [
        "Uỷ ban nhân dân tỉnh yêu cầu các sở, ban, ngành báo cáo trước ngày 30/6.".replace("Uỷ", ministry),
        "Nguyễn Thị Đào",
    ]  # fmt: skip
    assert ("encoding", encoding) in document.metadata
