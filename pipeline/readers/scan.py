"""Reads scans: page images of a PDF, and PNG, JPEG and TIFF files, by OCR with all cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.errors import ReadError
from models.records import Document
from pipeline.readers.images import DPI, rendered, rendered_pages, without_stamps
from pipeline.readers.judge import is_drawn_over_ink
from pipeline.readers.mending import mend
from pipeline.readers.ocr import first_guess, first_turn, ocr_sheet
from pipeline.readers.pages.sheets import Sheet
from pipeline.readers.textquality import oddity

if TYPE_CHECKING:
    from PIL.Image import Image

_TRUSTED = 0.7  # OCR confidence below which a text layer that makes sense is preferred
_LARGEST = 5000  # pixels: longer sides are made smaller


def read_doubtful(path: Path, sheets: list[Sheet], doubtful: Mapping[int, str]) -> list[Sheet]:
    """Return the sheets with the doubtful ones read again from their images, where that reads better."""
    with rendered_pages(path) as document:
        again = [sheet.number for sheet in sheets if _needs_ocr(document, sheet, doubtful.get(sheet.number, ""))]
        found = _read_all(again, lambda number: rendered(document, number))
        for sheet in sheets:
            if doubtful.get(sheet.number) == "patchy":
                mend(sheet, rendered(document, sheet.number))
    return [_better(sheet, found[sheet.number]) if sheet.number in found else sheet for sheet in sheets]


def read_image(path: Path, sha256: str = "") -> Document:
    """Return an image file, of one page or more, as a document. Raises ReadError and MissingProgramError."""
    from pipeline.readers.pdf import document_of

    media_type, pages = image_pages(path)
    found = _read_all(list(range(1, len(pages) + 1)), lambda number: pages[number - 1])
    return document_of([found[number] for number in sorted(found)], path, sha256, media_type)


def image_pages(path: Path) -> tuple[str, list[Image]]:
    """Return the media type of an image file and its pages at the resolution of OCR. Raises ReadError."""
    from PIL import Image, ImageSequence, UnidentifiedImageError

    try:
        with Image.open(path) as file:
            return Image.MIME.get(file.format or "", "image/*"), [
                _prepared(page) for page in ImageSequence.Iterator(file)
            ]
    except Image.DecompressionBombError as error:  # so many pixels that no scanner makes them
        raise ReadError("read-too-large", file=path.name) from error
    except (UnidentifiedImageError, OSError, ValueError) as error:
        raise ReadError("read-broken", file=path.name) from error


def _needs_ocr(document: Any, sheet: Sheet, judged: str) -> bool:
    """Tell whether a page is to be read from its image; text over a picture that has no ink there is the page's own."""
    if judged == "scanned" and sheet.lines:
        return is_drawn_over_ink(document, sheet)
    return judged in ("scanned", "nonsense")


def _read_all(numbers: list[int], image_of: Callable[[int], Image]) -> dict[int, Sheet]:
    """Read pages in parallel, one Tesseract a core; each page's image is made when its turn comes."""
    if not numbers:
        return {}
    first = without_stamps(image_of(numbers[0]))
    turn = first_turn(first)
    guess = first_guess(first, turn)

    def read(number: int) -> Sheet:
        return (
            ocr_sheet(first, number, guess, turn=turn)
            if number == numbers[0]
            else ocr_sheet(image_of(number), number, guess)
        )

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return {sheet.number: sheet for sheet in pool.map(read, numbers)}


def _better(layer: Sheet, ocr: Sheet) -> Sheet:
    """Return the OCR of a page, or its text layer if OCR is unsure and the layer makes sense."""
    words = [token.text for line in layer.lines for token in line.tokens]
    if ocr.quality < _TRUSTED and len(words) > 30 and oddity(words) < 0.05:
        layer.method, layer.quality = "text-layer", 0.7
        return layer
    ocr.legends = layer.legends
    return ocr


def _prepared(page: Image) -> Image:
    """Return a page image at the resolution that OCR counts with: A4 wide paper at 300 dpi where it doesn't say."""
    from PIL import Image, ImageOps

    image = ImageOps.exif_transpose(page)
    stated = page.info.get("dpi", (0, 0))[0]
    dpi = float(stated) if 70 <= float(stated or 0) <= 1200 else max(image.size) / 11.7
    scale = min(DPI / dpi, _LARGEST / max(image.size))
    if image.mode == "1":
        image = image.convert("L")
    image = image.convert("RGB") if image.mode not in ("L", "RGB") else image.copy()
    if abs(scale - 1) < 0.05:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS)
