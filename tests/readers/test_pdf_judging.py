"""Text layers that lie, and what is done about each; the judging itself needs no OCR."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.errors import MissingProgramError
from pipeline.readers.judge import verdict
from pipeline.readers.pdf import open_pages, read_pdf
from pipeline.readers.textlayer import PageReader
from pipeline.readers.textquality import language_of, oddity
from pipeline.readers.textsheets import text_sheet
from tests.readers.pdfs import Page, pdf

GREY = (60, 80, bytes([200]) * 4800)
PROSE = {
    "en": "The office of the port shall report to the council in May and to the owners of the boats by the end of June",
    "vi": "Các đơn vị của tỉnh phải báo cáo về việc thực hiện kế hoạch này cho Sở và các cơ quan khác trong năm",
    "ru": "В целях исполнения плана и во исполнение решения от начала года о ремонте причала на берегу и об охране его",
}


def judged(tmp_path: Path, page: Page) -> str:
    path = tmp_path / "made.pdf"
    path.write_bytes(pdf([page]))
    with open_pages(path) as pages:
        return verdict(*text_sheet(PageReader(), next(pages), 1))


def prose(text: str, hidden: bool = False) -> Page:
    page = Page()
    words = text.split()
    for number in range(0, len(words), 8):
        page.text(60, 100 + 2 * number, " ".join(words[number : number + 8]), hidden=hidden)
    return page


@pytest.mark.parametrize("language", PROSE)
def test_running_text_is_believed_and_its_language_known(tmp_path: Path, language: str) -> None:
    assert judged(tmp_path, prose(f"{PROSE[language]} " * 3)) == "native"
    assert language_of(PROSE[language].split()) == language
    assert oddity(PROSE[language].split()) == 0


def test_a_few_words_of_a_signature_on_a_page_image_are_a_scan(tmp_path: Path) -> None:
    page = Page()
    page.image(*GREY)
    page.text(300, 700, "Signed by: Port Authority 2026-03-01")
    assert judged(tmp_path, page) == "scanned"


def test_hidden_words_over_a_page_image_are_a_scan(tmp_path: Path) -> None:
    page = prose(f"{PROSE['en']} " * 3, hidden=True)
    page.image(*GREY)
    assert judged(tmp_path, page) == "scanned"


@pytest.mark.parametrize(
    "text",
    [
        "uY BAN NgAN nAN tiNH HAi TaY cQNG hOA xA HQI cHU NgHiA vIeT nAM dQc lQp tU dO hAnh phUc sO xAy dUng kE hoAch",
        "IIOCTAHOBJIEHI4E aдMинucTpaцuu гopoдa o пoдгoтoвкe к oтoпитeльнoмy пepиoдy и мepaх пo ero oбecпeчeнию вcex",
        "\u001f\u0004\u001e !\"0=>2;5=85 \u0010\u0014\u001c\u0018\u001d ?@8:07 \u0002\u0003 >1 >E@0=5 \u0011\u0012",
        "viÇc thùc hiÖn kÕ ho¹ch cña tØnh",
    ],
    ids=["English OCR over Vietnamese", "two scripts in a word", "low bytes of Cyrillic", "low bytes of Vietnamese"],
)  # fmt: skip
def test_words_that_no_language_writes_so_are_odd(text: str) -> None:
    assert oddity(text.split()) > 0.18


def test_words_without_any_language_are_nonsense(tmp_path: Path) -> None:
    assert judged(tmp_path, prose("brxt klmq wvzt grtp " * 15)) == "nonsense"


def test_a_table_of_names_and_numbers_is_not_nonsense(tmp_path: Path) -> None:
    page = prose("Lindqvist 417 Ostrava 228 " * 15)
    for place in range(60, 500, 80):
        page.rule(place, 80, place, 700)
        page.rule(60, place + 20, 500, place + 20)
    assert judged(tmp_path, page) == "native"


def test_tcvn3_bytes_in_a_text_layer_become_unicode(tmp_path: Path) -> None:
    page = Page()
    y = page.lines(60, 100, ["Uû ban nh©n d©n tØnh yªu cÇu c¸c së, ban, ngµnh triÓn khai thùc hiÖn"])
    page.lines(60, y, ["kÕ ho¹ch nµy vµ b¸o c¸o kÕt qu¶ cho Uû ban nh©n d©n tØnh tr­íc ngµy 15"])
    path = tmp_path / "made.pdf"
    path.write_bytes(pdf([page]))
    document = read_pdf(path)
    assert "ban nhân dân tỉnh yêu cầu các sở, ban, ngành triển khai thực hiện kế hoạch này" in document.text
    assert document.pages[0].method == "repaired-text-layer"


def test_a_text_over_a_letterhead_picture_stays_native(tmp_path: Path) -> None:
    page = Page()
    page.image(60, 80, bytes([255]) * 4800)
    text = prose(f"{PROSE['en']} " * 3)
    page.commands += text.commands
    page.letters |= text.letters
    path = tmp_path / "made.pdf"
    path.write_bytes(pdf([page]))
    document = read_pdf(path)
    assert document.pages[0].method == "native"
    assert document.text.startswith("The office of the port")


def test_without_tesseract_a_scan_names_the_package_and_text_is_still_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    scan = Page()
    scan.image(*GREY)
    path = tmp_path / "made.pdf"
    path.write_bytes(pdf([scan]))
    with pytest.raises(MissingProgramError) as caught:
        read_pdf(path)
    for language in ("vi", "en", "ru"):
        message = caught.value.message(language)
        assert "tesseract-ocr" in message
        assert "made.pdf" in message
    path.write_bytes(pdf([prose(f"{PROSE['en']} " * 3), scan]))
    document = read_pdf(path)
    assert document.text.startswith("The office")
    assert document.warnings == ("pages-unread",)
    assert document.pages[1].quality < 0.5
