"""What a scan's letters tell of their type, and of how a page is turned. No Tesseract here."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw, ImageFont

from pipeline.readers.images import uprightness
from pipeline.readers.pagelanguage import other_language
from pipeline.readers.pages.sheets import Sheet, Token, line_of
from pipeline.readers.tesseract import Recognised
from pipeline.readers.typeface import bold_lines, line_heights, without_handwriting
from tests.readers.pdfs import FONT

TEXT = "Each port office reports on boats and piers by May"


def drawn(fonts: list[str], size: int = 40) -> tuple[Image.Image, list[Recognised]]:
    """Return a page with a line in each font, and its words."""
    image = Image.new("L", (1700, 100 * len(fonts) + 100), 255)
    draw = ImageDraw.Draw(image)
    words = []
    for number, name in enumerate(fonts, 1):
        try:
            font = ImageFont.truetype(name, size)
        except OSError:
            pytest.skip(f"the font {name} is not installed")
        x = 60.0
        for text in TEXT.split():
            draw.text((x, 100 * number), text, fill=10, font=font, anchor="ls")
            box = [round(edge) for edge in draw.textbbox((x, 100 * number), text, font=font, anchor="ls")]
            words.append(word(text, number, box[0], box[1], box[2] - box[0], box[3] - box[1], size))
            x += font.getlength(text + " ")
    return image, words


def word(
    text: str, line: int, left: int = 0, top: int = 0, width: int = 50, height: int = 30, line_height: float = 40
) -> Recognised:
    return Recognised(text, left, top, width, height, 0.9, line, top + height, line_height)


def test_a_bold_line_is_told_by_its_strokes() -> None:
    image, words = drawn([FONT, FONT, FONT.replace(".", "-Bold."), FONT])
    assert bold_lines(words, line_heights(words), image) == {3}


def test_small_lines_below_each_other_keep_their_size_and_a_lone_one_is_a_slip() -> None:
    heights = (40, 41, 34, 40, 40, 39, 33, 32, 40)
    words = [word("abcdefghijklmnopqrst", line, line_height=height) for line, height in enumerate(heights)]
    found = line_heights(words)
    assert found[2] == found[0] == 40
    assert found[6] == found[7] == 32.5


def test_numbers_written_by_hand_are_left_out_and_printed_ones_stay() -> None:
    words = [word("No.", 1), word("858", 1, height=55), word("112", 1), word("VIỆT", 1, height=50)]
    assert [kept.text for kept in without_handwriting(words, {1: 40}, 500)] == ["No.", "112", "VIỆT"]
    assert without_handwriting(words, {1: 40}, -1) == words


def test_upside_down_shows_in_latin_lines() -> None:
    image, _ = drawn([FONT] * 8)
    assert uprightness(image) > 1.1
    assert uprightness(image.rotate(180)) < 0.9


@pytest.mark.parametrize(
    ("language", "text", "sure", "other"),
    [
        ("en", "The office of the port shall report to the council by May and to the owners ", 0.95, None),
        ("en", "Can cu Nghi quyet so ngay thang nam cua Chinh phu ve co che xu ly cac du an ", 0.95, "vi"),
        ("vi", "The office of the port shall report to the council by May and to the owners ", 0.95, "en"),
        ("vi", "HaSHAyHTb pencenaTenem KOMHCCHH samectutena aupektopa OHHueHKo cocTaBe Hauano ", 0.4, "ru"),
        ("ru", "Сас Фа рпиоптд Бао сао пат сийа рпи хуу дид пдду тапд уби сдпд фас дас хгуп ", 0.4, "vi"),
    ],
)
def test_parts_in_another_language_are_seen(language: str, text: str, sure: float, other: str | None) -> None:
    tokens = [Token(piece, 0, 0, 9, 9, 12, confidence=sure) for piece in (text * 5).split()]
    assert other_language(Sheet(1, 595, 842, 595, 842, lines=[line_of(tokens, 1)]), language) == other  # type: ignore[arg-type]
