"""Words of a text layer whose characters the file doesn't explain are read from the page's image instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.readers import tesseract
from pipeline.readers.images import DPI
from pipeline.readers.pages.sheets import Line, Sheet, Token, page_box
from pipeline.readers.tesseract import MODELS, Recognised
from pipeline.readers.textquality import is_broken, language_of

if TYPE_CHECKING:
    from PIL.Image import Image

_MARGIN = 4.0  # points of paper around a word, without which Tesseract reads badly
_ONE_LINE = 7  # page segmentation mode
_SURE = 0.6  # confidence from which a reading replaces what the file says
_QUALITY = 0.9


def mend(sheet: Sheet, image: Image) -> None:
    """Replace the broken words of a sheet by what the page's image shows in their place, where it is read surely."""
    words = [token.text for line in sheet.lines for token in line.tokens]
    model = MODELS[language_of(words) or "vi"]
    sheet.method, sheet.quality = "repaired-text-layer", _QUALITY
    for line in sheet.lines:
        start = 0
        while start < len(line.tokens):
            end = start
            while end < len(line.tokens) and is_broken(line.tokens[end].text):
                end += 1
            if end > start:
                line.tokens[start:end] = _read_again(sheet, line, start, end, image, model)
            start = max(end, start + 1)


def _read_again(sheet: Sheet, line: Line, start: int, end: int, image: Image, model: str) -> list[Token]:
    """Return the words that stand in the place of some broken ones, or those if nothing is read surely."""
    broken = line.tokens[start:end]
    place = broken[0]._replace(x1=broken[-1].x1)
    box, scale = page_box(sheet, place), DPI / 72
    if sheet.turn:
        return broken
    left, top = (box.x0 - _MARGIN) * scale, (box.y0 - _MARGIN) * scale
    crop = image.convert("L").crop(
        (int(left), int(top), int((box.x1 + _MARGIN) * scale), int((box.y1 + _MARGIN) * scale))
    )
    found = tesseract.read_words(crop, model, DPI, layout=_ONE_LINE)
    if not found or min(word.confidence for word in found) < _SURE:
        return broken
    return [_token(word, place, left / scale) for word in found]


def _token(word: Recognised, place: Token, left: float) -> Token:
    unit = 72 / DPI
    x0 = left + word.left * unit
    return place._replace(text=word.text, x0=x0, x1=x0 + word.width * unit, confidence=word.confidence)
