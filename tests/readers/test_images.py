"""What is done to a page image before OCR: colours, direction, skew, ruling lines. No Tesseract here."""

from __future__ import annotations

import random

import numpy as np
import pytest
from PIL import Image, ImageDraw

from pipeline.readers.images import is_sideways, skew, straightened, without_stamps
from pipeline.readers.ruling import ruling_lines

WIDTH, HEIGHT = 1240, 1754


def lined(colour: tuple[int, int, int] = (20, 20, 20)) -> Image.Image:
    """Return a page at 150 dpi with rows of small blocks where letters would stand."""
    chance = random.Random(1)
    image = Image.new("RGB", (WIDTH, HEIGHT), (252, 252, 250))
    draw = ImageDraw.Draw(image)
    for y in range(200, 1500, 40):
        x = 150
        while x < 1080:
            width = chance.randint(4, 16)
            draw.rectangle([x, y + chance.randint(0, 4), x + width, y + 14], fill=colour)
            x += width + chance.randint(3, 9)
    return image


def ink(image: Image.Image) -> int:
    return int((np.asarray(image.convert("L")) < 140).sum())


def test_red_and_blue_ink_goes_and_black_stays() -> None:
    plain, stamped = lined(), lined()
    draw = ImageDraw.Draw(stamped)
    draw.ellipse([300, 600, 600, 900], outline=(205, 30, 40), width=12)
    draw.line([(200, 700), (800, 1000)], fill=(40, 60, 190), width=8)
    grey = without_stamps(stamped)
    assert np.asarray(grey)[600:612, 440:460].min() > 200
    assert ink(grey) > 0.93 * ink(plain)


@pytest.mark.parametrize("colour", [(190, 30, 30), (30, 50, 170)], ids=["red", "blue"])
def test_text_written_in_colour_stays(colour: tuple[int, int, int]) -> None:
    page = lined(colour)
    grey = np.asarray(without_stamps(page))
    assert (grey < 200).sum() > 0.9 * (np.asarray(page.convert("L")) < 200).sum()


def test_pages_that_lie_on_their_side_are_told() -> None:
    assert not is_sideways(lined())
    assert is_sideways(lined().rotate(90, expand=True))
    assert not is_sideways(Image.new("L", (WIDTH, HEIGHT), 255))


@pytest.mark.parametrize("angle", [-3.0, -0.8, 0.0, 1.4, 4.0])
def test_skew_is_measured_and_taken_out(angle: float) -> None:
    crooked = lined().convert("L").rotate(angle, fillcolor=255)
    assert skew(crooked) == pytest.approx(-angle, abs=0.2)
    assert skew(straightened(crooked, -angle)) == pytest.approx(0, abs=0.2)


def test_the_lines_of_a_table_are_found_and_taken_out() -> None:
    image = Image.new("L", (WIDTH, HEIGHT), 250)
    draw = ImageDraw.Draw(image)
    for y in (300, 420, 540):
        draw.line([(150, y), (1050, y)], fill=20, width=3)
    for x in (150, 400, 1050):
        draw.line([(x, 300), (x, 540)], fill=20, width=3)
    draw.rectangle([200, 340, 206, 356], fill=20)
    horizontal, vertical, clean = ruling_lines(image, 150)
    assert {round(rule.at / 72 * 150 / 10) for rule in horizontal} == {30, 42, 54}
    assert {round(rule.at / 72 * 150 / 10) for rule in vertical} == {15, 40, 105}
    assert ink(clean) < 0.05 * ink(image)
    assert np.asarray(clean)[345, 203] < 100


def test_a_streak_of_the_scanner_through_text_is_no_ruling_line() -> None:
    image = lined().convert("L")
    ImageDraw.Draw(image).line([(503, 150), (503, 1550)], fill=30, width=2)
    _, vertical, _ = ruling_lines(image, 150)
    assert not vertical
