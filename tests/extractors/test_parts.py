"""Where one file holds several papers, and where what follows a paper still belongs to it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extractors.header import read_header
from extractors.parts import is_letterhead, parts_of
from models.records import Block, Box, Document, Page, Span, Word

VI_LETTER = """
UBND TỈNH BẾN LIM
SỞ CÔNG TRÌNH THỦY
Số: 418/SCTT-VP
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Bến Lim, ngày 20 tháng 4 năm 2026
Kính gửi: Các phòng thuộc Sở.
Sở gửi kèm Quyết định số 907/QĐ-UBND ngày 14/4/2026 của Ủy ban nhân dân tỉnh để các phòng thực hiện.
Nơi nhận:
- Lưu: VT.
GIÁM ĐỐC
Đặng Thị Khuê
"""
VI_DECISION = """
ỦY BAN NHÂN DÂN
TỈNH BẾN LIM
Số: 907/QĐ-UBND
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Bến Lim, ngày 14 tháng 4 năm 2026
QUYẾT ĐỊNH
Về việc sửa chữa bến đò ngang
Căn cứ Luật Tổ chức chính quyền địa phương;
Điều 1. Giao Sở Tài chính cấp kinh phí.
CHỦ TỊCH
Lâm Quốc Thời
"""
VI_PLAN = """
ỦY BAN NHÂN DÂN
TỈNH BẾN LIM
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
KẾ HOẠCH
Sửa chữa bến đò ngang năm 2026
(Ban hành kèm theo Quyết định số 907/QĐ-UBND ngày 14 tháng 4 năm 2026)
I. MỤC ĐÍCH
"""
VI_FORM = """
Mẫu số 02
TÊN CƠ QUAN
Số: 15/BC-UBND
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
..., ngày 30 tháng 6 năm 2026
BÁO CÁO
Kết quả sửa chữa bến đò
"""
VI_BLANK = """
UBND XÃ
Số: ..../BC-UBND
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
......, ngày ... tháng ... năm ......
BÁO CÁO
Kết quả sửa chữa bến đò
"""
VI_MESSAGE = """
Từ: Văn thư Sở <vanthu@songtrinh.example>
Đã gửi: 20 Tháng Tư 2026 8:15 SA
Đến: Phòng Kỹ thuật
Chủ đề: Kế hoạch sửa chữa bến
Kính chuyển các anh chị kế hoạch để thực hiện.
"""
VI_DRAFT = """
KẾ HOẠCH
Sửa chữa bến đò ngang năm 2026
I. NHIỆM VỤ
1. Phòng Kỹ thuật lập danh mục vật tư trước ngày 27/4/2026.
"""
RU_ORDER = """
УПРАВЛЕНИЕ ПАРОМНЫХ ПЕРЕПРАВ
ПРИКАЗ
05.02.2026 № 17-од
О подготовке переправ
В целях безопасной перевозки людей приказываю:
1. Отделу флота провести освидетельствование паромов.
Начальник управления В.С. Дроздецкий
"""
RU_NEXT = """
УПРАВЛЕНИЕ ПАРОМНЫХ ПЕРЕПРАВ
ПРИКАЗ
06.02.2026 № 18-од
О дежурстве в праздничные дни
В целях охраны причалов приказываю:
1. Отделу связи составить график.
Начальник управления В.С. Дроздецкий
"""
RU_ANNEX = """
Приложение
к приказу управления
от 05.02.2026 № 17-од
ПЛАН
подготовки причалов
1. Отделу флота проверить причалы.
"""
RU_APPROVED = """
УТВЕРЖДАЮ
Начальник управления В.С. Дроздецкий
05.02.2026
ПЛАН
подготовки причалов
1. Отделу флота проверить причалы.
"""
EN_MEMO = """
HARBOUR AUTHORITY
MEMORANDUM FOR ALL STATION HEADS
FROM: Anne Carver, Director
SUBJECT: Order on pier repairs
March 4, 2026
Please find enclosed the order on pier repairs and carry it out.
Respectfully,
Anne Carver
"""
EN_ORDER = """
OFFICE OF THE GOVERNOR
EXECUTIVE ORDER NO. 140
March 2, 2026
Repairing the Piers
By the authority vested in me, it is ordered:
Section 1. The Harbour Authority shall repair the piers by June 1, 2026.
"""
EN_APPENDIX = """
APPENDIX A
OFFICE OF THE GOVERNOR
List of piers
March 2, 2026
1. North pier
"""


def _file(*papers: str, pages: bool = True) -> Document:
    """Return papers as one document, a line a paragraph; each begins a page if the file has pages."""
    text, blocks, words = "", [], []
    for number, paper in enumerate(papers, 1):
        for line in paper.strip().split("\n"):
            start = len(text) + (1 if text else 0)
            text = f"{text}\n{line}" if text else line
            blocks.append(Block("paragraph", start, len(text), number if pages else 1))
            words.append(Word(start, len(text), Box(number, 50.0, 50.0, 70.0, 62.0)))
    sheets = tuple(Page(number, 595.0, 842.0) for number in range(1, len(papers) + 1))
    shown = {"pages": sheets, "words": tuple(words)} if pages else {}
    return Document("file.pdf", "0" * 64, "application/pdf", text, tuple(blocks), **shown)  # type: ignore[arg-type]


SEVERAL = {
    "a letter and the decision it forwards": ((VI_LETTER, VI_DECISION), ["418/SCTT-VP", "907/QĐ-UBND"]),
    "two decisions, the first with its plan": ((VI_DECISION, VI_PLAN, VI_LETTER), ["907/QĐ-UBND", "418/SCTT-VP"]),
    "two orders of one office": ((RU_ORDER, RU_NEXT), ["17-од", "18-од"]),
    "an order with its annex, and an order": ((RU_ORDER, RU_ANNEX, RU_NEXT), ["17-од", "18-од"]),
    "a memorandum and the order": ((EN_MEMO, EN_ORDER), ["", "140"]),
}
PARTED_BY_THE_PAGE = {
    "a printed message and a draft": ((VI_MESSAGE, VI_DRAFT), ["", ""]),
    "a memorandum and a foreign decision": ((EN_MEMO, VI_DECISION), ["", "907/QĐ-UBND"]),
}
ONE = {
    "a decision with the plan issued by it": (VI_DECISION, VI_PLAN),
    "a decision with a filled form": (VI_DECISION, VI_FORM),
    "a decision with a blank form": (VI_DECISION, VI_BLANK),
    "a paper scanned twice": (VI_DECISION, VI_DECISION),
    "an order with its annex": (RU_ORDER, RU_ANNEX),
    "an order with the plan that it approves": (RU_ORDER, RU_APPROVED),
    "an order with its appendix": (EN_ORDER, EN_APPENDIX),
    "one paper": (VI_LETTER,),
}


@pytest.mark.parametrize("pages", [True, False], ids=["pages", "no pages"])
@pytest.mark.parametrize(("papers", "numbers"), SEVERAL.values(), ids=SEVERAL)
def test_several_papers(papers: tuple[str, ...], numbers: list[str], pages: bool) -> None:
    found = parts_of(_file(*papers, pages=pages))
    assert [read_header(part).number for part in found] == numbers
    assert [part.part for part in found] == list(range(len(numbers)))


@pytest.mark.parametrize(("papers", "numbers"), PARTED_BY_THE_PAGE.values(), ids=PARTED_BY_THE_PAGE)
def test_papers_that_the_page_alone_parts(papers: tuple[str, ...], numbers: list[str]) -> None:
    assert [read_header(part).number for part in parts_of(_file(*papers))] == numbers


@pytest.mark.parametrize("pages", [True, False], ids=["pages", "no pages"])
@pytest.mark.parametrize("papers", ONE.values(), ids=ONE)
def test_one_paper(papers: tuple[str, ...], pages: bool) -> None:
    whole = _file(*papers, pages=pages)
    assert parts_of(whole) == (whole,)


def test_parts_keep_the_pages_boxes_and_words_of_the_file() -> None:
    whole = _file(VI_DECISION, VI_PLAN, VI_LETTER)
    first, second = parts_of(whole)
    assert f"{first.text}\n{second.text}" == whole.text
    assert ([page.number for page in first.pages], [page.number for page in second.pages]) == ([1, 2], [3])
    assert second.page_of(0) == 3
    assert {box.page for box in second.boxes_of(Span(0, len(second.text)))} == {3}
    assert [second.text[word.start : word.end] for word in second.words] == VI_LETTER.strip().split("\n")
    assert [block.span.of(second.text) for block in second.blocks] == VI_LETTER.strip().split("\n")
    assert first.sha256 == second.sha256 == whole.sha256


def test_what_the_file_says_of_itself_goes_with_its_first_paper() -> None:
    whole = _file(VI_LETTER, VI_DECISION)
    first, second = parts_of(replace(whole, metadata=(("title", "x"),), _starts=()))
    assert (first.metadata, second.metadata) == ((("title", "x"),), ())


@pytest.mark.parametrize("paper", [VI_LETTER, VI_DECISION, VI_PLAN, VI_BLANK, RU_ORDER, EN_ORDER])
def test_a_letterhead_is_known_by_its_lines(paper: str) -> None:
    assert is_letterhead(paper.strip().split("\n"))


@pytest.mark.parametrize("paper", [RU_ANNEX, EN_APPENDIX, "1. Sở Tài chính cấp kinh phí.\n2. Sở Y tế", "- 4 -"])
def test_what_is_no_letterhead(paper: str) -> None:
    assert not is_letterhead(paper.strip().split("\n"))
