"""Scans: Tesseract itself on rendered pages, as they are and as scanners and clerks leave them."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from models.records import Document
from pipeline.readers.images import DPI, rendered, rendered_pages
from pipeline.readers.mending import mend
from pipeline.readers.pages.sheets import Sheet, Token, line_of
from pipeline.readers.pdf import page_image, read_pdf
from pipeline.readers.scan import read_image
from tests.readers.made import tables
from tests.readers.pdfs import FONT, Page, annex, scanned

CORPUS = Path(__file__).parents[2] / "corpus/documents"
PAGES = {
    "vi": "vi-quyet-dinh-to-cong-tac.pdf",
    "en": "en-binding-directive-gate-controls.pdf",
    "ru": "ru-prikaz-inventarizatsiya.pdf",
}

pytestmark = [
    pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed"),
    pytest.mark.slow,
]


@cache
def page(language: str) -> tuple[Image.Image, Counter[str]]:
    """Return the first page of a document of the corpus as an image, and the words that stand on it."""
    path = CORPUS / PAGES[language]
    with rendered_pages(path) as document:
        image = rendered(document, 1)
    text = read_pdf(path)
    return image, Counter(
        w for word in text.words if word.box.page == 1 for w in words(text.text[word.start : word.end])
    )


def words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFC", text).casefold())


def recall(document: Document, truth: Counter[str]) -> float:
    return sum((Counter(words(document.text)) & truth).values()) / sum(truth.values())


def as_pdf(tmp_path: Path, *images: Image.Image) -> Path:
    path = tmp_path / "scan.pdf"
    images[0].save(path, "PDF", resolution=DPI, save_all=True, append_images=images[1:])
    return path


def stamped(image: Image.Image) -> Image.Image:
    """Put the ink of a red stamp and a blue signature on the text."""
    ink = Image.new("RGB", image.size, "white")
    draw = ImageDraw.Draw(ink)
    draw.ellipse([900, 900, 1400, 1400], outline=(220, 50, 60), width=14)
    draw.ellipse([960, 960, 1340, 1340], outline=(225, 60, 70), width=8)
    draw.line([(300, 1250), (700, 900), (900, 1300), (1200, 950)], fill=(60, 80, 200), width=10)
    return ImageChops.multiply(image, ink)


def skewed(image: Image.Image) -> Image.Image:
    return image.rotate(2.0, fillcolor=(255, 255, 255), resample=Image.Resampling.BILINEAR)


def noisy(image: Image.Image) -> Image.Image:
    noise = Image.effect_noise(image.size, 60).convert("L")
    return Image.blend(image.convert("L"), noise, 0.25).filter(ImageFilter.GaussianBlur(0.7)).convert("RGB")


@pytest.mark.parametrize("language", PAGES)
def test_each_language_is_found_and_read(tmp_path: Path, language: str) -> None:
    image, truth = page(language)
    document = read_pdf(as_pdf(tmp_path, image))
    assert document.pages[0].method == "ocr"
    assert document.pages[0].quality > 0.8
    assert recall(document, truth) > 0.96
    assert all(0 <= word.confidence <= 1 for word in document.words)


@pytest.mark.parametrize("spoiled", [stamped, skewed, noisy])
def test_stamps_skew_and_noise_cost_few_words(tmp_path: Path, spoiled: Callable[[Image.Image], Image.Image]) -> None:
    image, truth = page("vi")
    assert recall(read_pdf(as_pdf(tmp_path, spoiled(image))), truth) > 0.93


def test_pages_turned_each_another_way_are_read_and_their_words_found(tmp_path: Path) -> None:
    image, truth = page("ru")
    turned = [image.rotate(angle, expand=True) for angle in (90, 180, 270)]
    document = read_pdf(as_pdf(tmp_path, *turned))
    assert [shown.rotation for shown in document.pages] == [90, 180, 270]
    assert recall(document, Counter({word: 3 * count for word, count in truth.items()})) > 0.95
    for shown in document.pages:
        boxes = [word.box for word in document.words if word.box.page == shown.number and word.end - word.start > 8]
        assert all(box.x0 >= 0 and box.x1 <= shown.width and box.y1 <= shown.height for box in boxes)
        upright = sum(box.x1 - box.x0 > box.y1 - box.y0 for box in boxes)
        assert (upright > 0.9 * len(boxes)) == (shown.rotation == 180)


@pytest.mark.parametrize(("above", "below"), [("vi", "en"), ("en", "vi"), ("ru", "en"), ("vi", "ru")])
def test_a_page_in_two_languages_is_read_in_both(tmp_path: Path, above: str, below: str) -> None:
    (first, upper), (second, lower) = page(above), page(below)
    half = first.height // 2
    both = first.copy()
    both.paste(second.crop((0, 0, second.width, half)).resize((first.width, half)), (0, half))
    text = words(read_pdf(as_pdf(tmp_path, both)).text)
    own, other = set(upper) - set(lower), set(lower) - set(upper)
    assert len(own & set(text)) > 0.4 * len(own)
    assert len(other & set(text)) > 0.4 * len(other)


@pytest.mark.parametrize("suffix", ["png", "jpg", "tiff"])
def test_image_files_are_read(tmp_path: Path, suffix: str) -> None:
    image, truth = page("en")
    path = tmp_path / f"scan.{suffix}"
    if suffix == "tiff":
        image.convert("L").save(path, save_all=True, append_images=[image.convert("L")], dpi=(DPI, DPI))
    else:
        image.save(path)
    document = read_image(path)
    assert len(document.pages) == (2 if suffix == "tiff" else 1)
    assert recall(document, truth) > 0.96
    picture = page_image(path, len(document.pages), dpi=72)
    size = int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")
    assert size == pytest.approx((document.pages[-1].width, document.pages[-1].height), abs=2)


def test_a_ruled_annex_over_pages_gives_its_rows(tmp_path: Path) -> None:
    pages, expected = annex(20, seed=3)
    try:
        images = [scanned(made) for made in pages]
    except OSError:
        pytest.skip(f"the font {FONT} is not installed")
    path = tmp_path / "annex.pdf"
    images[0].save(path, "PDF", resolution=200, save_all=True, append_images=images[1:])
    document = read_pdf(path)
    (table,) = tables(document)
    found: dict[int, list[str]] = {}
    for cell in table.cells:
        found.setdefault(cell.row, []).append(" ".join(cell.span.of(document.text).split()))
    right = sum(row in list(found.values()) for row in expected)
    assert right >= 19


def test_a_date_that_the_file_does_not_spell_is_read_from_the_page() -> None:
    drawn = Page()
    for start, text in ((0, "The"), (4, "order"), (10, "is"), (13, "of"), (16, "September 2, 2020")):
        drawn.text(60 + 6 * start, 100, text)
    try:
        image = scanned(drawn, DPI)
    except OSError:
        pytest.skip(f"the font {FONT} is not installed")
    tokens = [
        Token(text, 60 + 6 * start, 90, 60 + 6 * (start + len(text)), 103, 12)
        for start, text in ((0, "The"), (4, "order"), (10, "is"), (13, "of"), (16, "\ufffd" * 17))
    ]
    sheet = Sheet(1, 595, 842, 595, 842, lines=[line_of(tokens, 1)])
    mend(sheet, image)
    assert sheet.lines[0].text == "The order is of September 2, 2020"
    assert sheet.method == "repaired-text-layer"
