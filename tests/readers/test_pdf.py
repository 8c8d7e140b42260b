"""The born-digital PDF: words, paragraphs, columns, what is left out, and the errors of bad files."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from models.errors import ReadError
from models.records import Document, Span
from pipeline.readers.pdf import page_image, read_pdf
from tests.readers.made import texts
from tests.readers.pdfs import Page, pdf

LOCKED = f"/ID [<00><00>] /Encrypt << /Filter /Standard /V 1 /R 2 /O <{'41' * 32}> /U <{'42' * 32}> /P -4 >>"
BODY = [
    "The Harbour Office keeps the register of moorings and publishes it on the",
    "first working day of every month, so that the owners of boats can see what",
    "is free.",
]


def read(tmp_path: Path, *pages: Page, trailer: str = "") -> Document:
    path = tmp_path / "made.pdf"
    path.write_bytes(pdf(list(pages), trailer))
    return read_pdf(path)


def test_lines_of_a_paragraph_are_one_block_and_words_lead_to_their_boxes(tmp_path: Path) -> None:
    page = Page()
    page.lines(100, 100, BODY)
    document = read(tmp_path, page)
    assert texts(document) == [" ".join(BODY)]
    assert document.pages[0].method == "native"
    start = document.text.index("first working day")
    (box,) = document.boxes_of(Span(start, start + len("first working day")))
    assert (box.page, round(box.x0), round(box.x1)) == (1, 100, 100 + 6 * len("first working day"))
    assert box.y0 < 115 < box.y1
    assert [document.text[word.start : word.end] for word in document.words] == " ".join(BODY).split()


def test_letters_of_a_fallback_font_drawn_later_stand_in_their_words(tmp_path: Path) -> None:
    page = Page()
    page.text(100, 100, "Đ c l p")
    page.text(106, 100, "ộ")
    page.text(130, 100, "ậ")
    assert read(tmp_path, page).text == "Độc lập"


def test_decomposed_letters_are_composed(tmp_path: Path) -> None:
    page = Page()
    page.text(100, 100, unicodedata.normalize("NFD", "é"))
    assert unicodedata.is_normalized("NFC", read(tmp_path, page).text)


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["steps of mitiga-", "tion follow"], "steps of mitigation follow"),
        (["well-known names: the well-", "known ones"], "well-known names: the well-known ones"),
        (["Decree 30/ND-", "CP of May"], "Decree 30/ND-CP of May"),
        (["the plan of 2021-", "2025 ends"], "the plan of 2021-2025 ends"),
        (["a so\u00ad", "called plan"], "a socalled plan"),
        (["trade -", "and more"], "trade - and more"),
    ],
)
def test_hyphens_at_line_ends(tmp_path: Path, lines: list[str], joined: str) -> None:
    page = Page()
    page.lines(100, 100, lines)
    assert read(tmp_path, page).text == joined


def test_first_line_indents_and_markers_part_paragraphs(tmp_path: Path) -> None:
    page = Page()
    y = page.lines(130, 100, ["The mayor has asked every district of the city to send in the list"])
    y = page.lines(100, y, ["of its bridges by the end of the month, with their age and their state."])
    y = page.lines(130, y, ["Each district answers for what its own list says, and keeps the old"])
    y = page.lines(100, y, ["lists in its archive."])
    y = page.lines(130, y, ["1. Repair the bridges whose railings are missing before the winter and"])
    y = page.lines(100, y, ["paint them."])
    page.lines(130, y, ["2. Report to the council."])
    blocks = texts(read(tmp_path, page))
    assert [block.split()[0] for block in blocks] == ["The", "Each", "1.", "2."]
    assert blocks[2].endswith("winter and paint them.")


def test_hanging_points_keep_their_lines(tmp_path: Path) -> None:
    page = Page()
    page.text(100, 100, "a)")
    page.lines(124, 100, ["name the officer who answers for the list of bridges in", "every district;"])
    page.text(100, 130, "b)")
    page.text(124, 130, "publish the list.")
    assert texts(read(tmp_path, page)) == [
        "a) name the officer who answers for the list of bridges in every district;",
        "b) publish the list.",
    ]


def test_a_sentence_that_runs_over_the_page_is_whole(tmp_path: Path) -> None:
    first, second = Page(), Page()
    first.lines(
        100, 730, ["The port police count the boats at the northern mole on every", "Monday and send the figures to"]
    )
    first.text(290, 810, "1")
    second.lines(100, 80, ["the harbour office on the same day.", "Next, the figures are published."])
    second.text(290, 810, "2")
    document = read(tmp_path, first, second)
    assert "send the figures to the harbour office on the same day." in document.text
    assert document.page_of(document.text.index("harbour office on")) == 2


def test_running_heads_page_numbers_and_margin_text_are_left_out(tmp_path: Path) -> None:
    pages = []
    for number, word in enumerate(("north", "south", "east", "west"), 1):
        page = Page()
        page.text(200, 40, f"Gazette of the City, No. {number}")
        page.text(290, 815, f"- {number} -")
        page.text(20, 400, "printer on DSK30", size=5, turned="up")
        page.lines(100, 100, [f"The {word} gate is kept by the watch of the {word} ward, who open it."])
        pages.append(page)
    document = read(tmp_path, *pages)
    assert texts(document) == [
        f"The {word} gate is kept by the watch of the {word} ward, who open it."
        for word in ("north", "south", "east", "west")
    ]


def test_a_letterhead_of_two_columns_is_read_column_by_column(tmp_path: Path) -> None:
    page = Page()
    page.text(90, 80, "UBND TỈNH HẢI TÂY", bold=False)
    page.text(108, 96, "SỞ XÂY DỰNG", bold=True)
    page.text(100, 116, "Số: 12/KH-SXD")
    page.text(300, 82, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True)
    page.text(330, 98, "Độc lập - Tự do - Hạnh phúc", bold=True)
    page.text(320, 118, "Hải Tây, ngày 5 tháng 3 năm 2026")
    page.text(250, 170, "KẾ HOẠCH", size=14, bold=True)
    page.lines(90, 200, ["Sở Xây dựng ban hành kế hoạch kiểm tra các công trình trên địa bàn tỉnh"])
    assert texts(read(tmp_path, page)) == [
        "UBND TỈNH HẢI TÂY",
        "SỞ XÂY DỰNG",
        "Số: 12/KH-SXD",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Hải Tây, ngày 5 tháng 3 năm 2026",
        "KẾ HOẠCH",
        "Sở Xây dựng ban hành kế hoạch kiểm tra các công trình trên địa bàn tỉnh",
    ]


def test_a_signature_stands_beside_the_distribution_list(tmp_path: Path) -> None:
    page = Page()
    page.lines(90, 100, ["This plan is to be carried out by all the units that are named in it above."])
    page.lines(90, 150, ["Copies:", "- the ministry;", "- the archive."], size=11)
    page.text(400, 150, "THE DIRECTOR", bold=True)
    page.text(400, 180, "A. N. Other", bold=True)
    assert texts(read(tmp_path, page))[1:] == [
        "Copies:",
        "- the ministry;",
        "- the archive.",
        "THE DIRECTOR",
        "A. N. Other",
    ]


def test_labels_are_read_with_the_values_beside_them(tmp_path: Path) -> None:
    page = Page()
    page.text(90, 100, "FROM:")
    page.text(200, 100, "Jane Roe")
    page.text(90, 140, "SUBJECT:")
    page.lines(200, 140, ["Moorings at the northern", "mole"])
    assert read(tmp_path, page).text.split("\n")[:2] == ["FROM: Jane Roe", "SUBJECT: Moorings at the northern"]


def test_footnotes_are_kept_apart_and_their_numbers_out_of_the_words(tmp_path: Path) -> None:
    page = Page()
    page.text(100, 600, "Every owner of a boat reports to the office")
    page.text(100 + 6 * 43, 596, "1", size=7)
    page.text(100 + 6 * 43 + 5, 600, "by the first of May of the year.")
    page.rule(100, 740, 240, 740)
    page.text(100, 752, "1", size=6)
    page.text(106, 755, "As the statute of the port has it.", size=9)
    document = read(tmp_path, page)
    assert [block.kind for block in document.blocks] == ["paragraph", "footnote"]
    assert texts(document)[0] == "Every owner of a boat reports to the office by the first of May of the year."


def test_a_square_metre_keeps_its_power(tmp_path: Path) -> None:
    page = Page()
    page.text(100, 100, "plots of 600 m")
    page.text(100 + 6 * 14, 96, "2", size=7)
    assert read(tmp_path, page).text == "plots of 600 m²"


def test_spaced_out_capitals_are_one_word(tmp_path: Path) -> None:
    page = Page()
    page.text(100, 100, "П Р И К А З Ы В А Ю :".replace(" :", ":"))
    assert read(tmp_path, page).text == "ПРИКАЗЫВАЮ:"


def test_filled_in_form_fields_are_read_where_they_stand(tmp_path: Path) -> None:
    page = Page()
    page.text(100, 100, "Number       of the register, entered by the clerk of the port")
    page.fields.append((146.0, 100.0, 12.0, "417"))
    assert read(tmp_path, page).text.startswith("Number 417 of the register")


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_boxes_are_of_the_page_as_shown(tmp_path: Path, rotate: int) -> None:
    page = Page(rotate=rotate)
    page.lines(100, 100, BODY)
    document = read(tmp_path, page)
    assert document.text == " ".join(BODY)
    shown = document.pages[0]
    assert (shown.width > shown.height) == (rotate in (90, 270))
    assert all(
        0 <= w.box.x0 < w.box.x1 <= shown.width and 0 <= w.box.y0 < w.box.y1 <= shown.height for w in document.words
    )


def test_a_page_written_sideways_is_read_and_its_turn_told(tmp_path: Path) -> None:
    page = Page()
    for number, line in enumerate(BODY):
        page.text(100 + 15 * number, 700, line, turned="up")
    document = read(tmp_path, page)
    assert document.text == " ".join(BODY)
    assert document.pages[0].rotation == 90
    assert document.words[0].box.y1 - document.words[0].box.y0 > document.words[0].box.x1 - document.words[0].box.x0


def test_the_page_image_is_a_png_of_the_size_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "made.pdf"
    page = Page()
    page.box(100, 100, 300, 300)
    path.write_bytes(pdf([page]))
    image = page_image(path, 1, dpi=36)
    assert image.startswith(b"\x89PNG")
    assert int.from_bytes(image[16:20], "big") == pytest.approx(595 / 2, abs=1)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.7\nnothing that follows makes sense", "read-broken"),
        (pdf([Page()]), "read-empty"),
        (pdf([Page()], LOCKED), "read-encrypted"),
    ],
    ids=["broken", "empty", "encrypted"],
)  # fmt: skip
def test_what_cannot_be_read_is_said(tmp_path: Path, data: bytes, code: str) -> None:
    path = tmp_path / "bad.pdf"
    path.write_bytes(data)
    with pytest.raises(ReadError) as caught:
        read_pdf(path)
    assert caught.value.code == code
    assert "bad.pdf" in caught.value.message("en")


def test_a_subject_in_the_left_column_goes_on_with_a_capital_where_its_line_is_full(tmp_path: Path) -> None:
    page = Page()
    for x, y, text in (
        (110, 100, "No. 418/PP"),
        (70, 116, "On Order 907 of the County"),
        (115, 132, "Harbour Board"),
        (330, 100, "HARBOUR COUNTY"),
        (330, 116, "Northern Mole, 4 May 2026"),
    ):
        page.text(x, y, text, 10)
    assert texts(read(tmp_path, page))[:2] == ["No. 418/PP", "On Order 907 of the County Harbour Board"]
