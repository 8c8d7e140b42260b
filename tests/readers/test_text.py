"""Plain text: encodings, paragraphs, tables drawn with characters, what web pages leave behind."""

from __future__ import annotations

import pytest

from models.records import Block, Document
from pipeline.readers import read_bytes


def read(text: str | bytes, name: str = "paper.txt") -> Document:
    data = text if isinstance(text, bytes) else text.encode()
    return read_bytes(name, data)[0]


def texts(document: Document) -> list[str]:
    return [block.span.of(document.text) for block in document.blocks]


def cells(document: Document, block: Block) -> list[list[str]]:
    rows: dict[int, list[str]] = {}
    for cell in block.cells:
        rows.setdefault(cell.row, []).append(cell.span.of(document.text))
    return [rows[row] for row in sorted(rows)]


RUSSIAN = "Администрациям районов представить отчёты о подготовке к зиме до 15 октября текущего года."
VIETNAMESE = "Sở Tài chính chủ trì, phối hợp với các đơn vị liên quan trình Ủy ban nhân dân tỉnh trước ngày 15/7."


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "koi8-r", "cp866"]
)
def test_russian_is_read_in_any_encoding(encoding: str) -> None:
    assert texts(read(RUSSIAN.replace("ё", "е").encode(encoding))) == [RUSSIAN.replace("ё", "е")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
def test_vietnamese_is_read_in_unicode(encoding: str) -> None:
    assert texts(read(VIETNAMESE.encode(encoding))) == [VIETNAMESE]


def test_vietnamese_is_read_in_windows_1258() -> None:
    import unicodedata

    tones = "\u0300\u0301\u0303\u0309\u0323"
    parted = "".join(
        unicodedata.normalize("NFC", letter[:-1]) + letter[-1]
        if letter[-1] in tones
        else unicodedata.normalize("NFC", letter)
        for letter in (_tone_last(letter) for letter in VIETNAMESE)
    )
    assert texts(read(parted.encode("cp1258"))) == [VIETNAMESE]


def _tone_last(letter: str) -> str:
    import unicodedata

    parts = unicodedata.normalize("NFD", letter)
    tones = [part for part in parts if part in "\u0300\u0301\u0303\u0309\u0323"]
    return "".join(part for part in parts if part not in tones) + "".join(tones)


def test_lines_of_a_wrapped_text_become_paragraphs() -> None:
    document = read(
        "     1. Управлению  образования   обеспечить  проведение  проверок\n"
        "готовности школ к новому учебному году и представить сводный отчёт\n"
        "в администрацию района.\n"
        "     2. Финансовому управлению  предусмотреть  средства на ремонт\n"
        "кровли   школ,   пострадавших   от  урагана  в  прошлом  сезоне.\n"
        "     3. Контроль за исполнением настоящего распоряжения  оставляю\n"
        "за собой.\n"
    )
    assert [text[:16] for text in texts(document)] == ["1. Управлению об", "2. Финансовому у", "3. Контроль за и"]
    assert "средства на ремонт кровли школ, пострадавших от урагана" in document.text


def test_lines_below_the_first_word_of_a_numbered_one_go_on_however_short_they_are() -> None:
    document = read(
        "Sau khi nghe các đơn vị báo cáo, chủ tọa giao các phòng làm những việc dưới đây\n"
        "trong tháng này, không chờ đến cuộc họp giao ban của tháng sau như những lần trước\n"
        "  1. Phòng Kho kiểm kê lương thực\n"
        "     dự trữ tại các kho\n"
        "     ven sông.\n"
        "  2. Phòng Cầu cảng sơn lại các phao dẫn luồng từ cửa sông đến bến phà, xong trước\n"
        "     mùa lũ.\n"
    )
    assert [text[:12] for text in texts(document)[1:]] == ["1. Phòng Kho", "2. Phòng Cầu"]


def test_a_sentence_that_a_page_break_parts_is_whole() -> None:
    line = "The agency shall send the plan for the next financial year to the office of the\n"
    first = "Section 1. Plans of the agencies and what is to be in them, by year and by post.\n"
    rest = "controller of accounts, together with a list of the posts that are to be filled.\n"
    document = read(first + line + "\n" + rest + line * 2)
    assert any("office of the controller of accounts" in text for text in texts(document))


def test_a_line_is_a_paragraph_where_nobody_wrapped_them() -> None:
    long = (
        "Bộ Tài chính chủ trì, phối hợp với các bộ, ngành liên quan rà soát, sửa đổi các quy định về quản lý tài sản. "
    )
    document = read(f"{long * 3}\na) việc thứ nhất\nb) việc thứ hai\n{long * 2}\n")
    assert len(document.blocks) == 4


def test_a_number_alone_on_its_line_belongs_to_the_next() -> None:
    assert texts(read("I.\nNHIỆM VỤ\n1.\nVề công tác cán bộ\n-\nRà soát quy hoạch\n")) == [
        "I. NHIỆM VỤ", "1. Về công tác cán bộ", "- Rà soát quy hoạch",
    ]  # fmt: skip


def test_letters_set_apart_and_entities_are_words() -> None:
    assert texts(read("   П Р И К А З\n\nо работе клуба &#34;Маяк&#34; &amp; музея\n\nп р и к а з ы в а ю:\n")) == [
        "ПРИКАЗ", 'о работе клуба "Маяк" & музея', "приказываю:",
    ]  # fmt: skip
    assert texts(read("А и Б с К и О\n")) == ["А и Б с К и О"]


BOXED = """Перечень работ

+----+--------------------+------------+
| №  | Работа             | Срок       |
+----+--------------------+------------+
| 1  | Осмотреть кровлю и | до 1 июня  |
|    | водостоки          |            |
+----+--------------------+------------+
| 2  | Промыть систему    | до 1 июля  |
+----+--------------------+------------+

Директор
"""


def test_a_boxed_table_is_a_table() -> None:
    document = read(BOXED)
    assert [block.kind for block in document.blocks] == ["paragraph", "table", "paragraph"]
    assert cells(document, document.blocks[1]) == [
        ["№", "Работа", "Срок"],
        ["1", "Осмотреть кровлю и водостоки", "до 1 июня"],
        ["2", "Промыть систему", "до 1 июля"],
    ]


def test_columns_of_blanks_under_a_ruled_heading_are_a_table() -> None:
    document = read(
        "--------------------------------------------------------\n"
        "   Учреждение      ¦      Работа       ¦     Срок       \n"
        "--------------------------------------------------------\n"
        "Школа № 3           замена окон         до 1 августа\n"
        "(посёлок Заря)      и дверей\n"
        "\n"
        "Детский сад         ремонт кровли       сентябрь\n"
        "--------------------------------------------------------\n"
    )
    assert cells(document, document.blocks[0])[1:] == [
        ["Школа № 3 (посёлок Заря)", "замена окон и дверей", "до 1 августа"],
        ["Детский сад", "ремонт кровли", "сентябрь"],
    ]


def test_bars_in_prose_are_no_table() -> None:
    document = read("Chọn phương án A | B theo quy định.\nCác đơn vị báo cáo kết quả.\n")
    assert [block.kind for block in document.blocks] == ["paragraph", "paragraph"]


PASTED = """Example.vn - Cổng tin của tỉnh

Tỉnh giao nhiệm vụ phòng chống bão

Báo Biển XanhBáo Biển Xanh03/09/2026

Chủ tịch Ủy ban nhân dân tỉnh yêu cầu các sở, ngành chủ động ứng phó với bão, bảo đảm an toàn cho người dân.

Chủ tịch tỉnh kiểm tra đê biển - Ảnh 1.

Sở Xây dựng kiểm tra các công trình đang thi công, hoàn thành trước ngày 05 tháng 9 năm 2026.

Nguồn: https://example.vn/bao-so-4.html

Bình luận (0)

Không có dữ liệu

Cùng chuyên mục

Chợ nổi ngày cuối tuần
Mùa sen nở sớm
"""


def test_what_a_web_page_leaves_around_an_article_is_left_out() -> None:
    document = read(PASTED)
    assert [text[:20] for text in texts(document)] == [
        "Tỉnh giao nhiệm vụ p", "Báo Biển Xanh 03/09/", "Chủ tịch Ủy ban nhân", "Sở Xây dựng kiểm tra",
    ]  # fmt: skip
    assert {("source", "https://example.vn/bao-so-4.html"), ("published", "03/09/2026")} <= set(document.metadata)


def test_tasks_after_a_source_line_are_kept() -> None:
    tail = "Sở Y tế tổ chức trực cấp cứu tại tất cả các bệnh viện trong thời gian bão đổ bộ vào đất liền.\n" * 3
    assert "Sở Y tế" in read(PASTED.split("Bình luận")[0] + tail).text


def test_two_columns_of_a_letterhead_are_read_one_after_the_other() -> None:
    document = read(
        "ỦY BAN NHÂN DÂN\t\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
        "XÃ BÌNH MINH\t\tĐộc lập - Tự do - Hạnh phúc\n"
        "Số: 12/UBND-VP\t\tBình Minh, ngày 02 tháng 3 năm 2026\n"
        "- Thành phần:\tLãnh đạo các phòng\n- Địa điểm:\tHội trường\n"
    )
    assert texts(document)[:3] == ["ỦY BAN NHÂN DÂN", "XÃ BÌNH MINH", "Số: 12/UBND-VP"]
    assert texts(document)[-2:] == ["- Thành phần: Lãnh đạo các phòng", "- Địa điểm: Hội trường"]


def test_the_text_is_clean_and_its_blocks_cover_it() -> None:
    document = read("Kế\u0301 hoạch\u00a0số\u200b 5\x07\n\n\nĐiều\u00ad 1. Phạm vi\r\n_____________\nHết\n")
    assert "\u200b" not in document.text
    assert "\u00a0" not in document.text
    assert "\u00ad" not in document.text
    assert "\n".join(texts(document)) == document.text
    assert texts(document)[1:] == ["Điều 1. Phạm vi", "Hết"]


def test_hours_and_what_happens_then_stay_together() -> None:
    document = read("Chương trình\n8h00\t\tKhai mạc\n9h00\t\tBáo cáo của các đơn vị\n")
    assert texts(document) == ["Chương trình", "8h00 Khai mạc", "9h00 Báo cáo của các đơn vị"]
