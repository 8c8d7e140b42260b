"""What a scan's letters tell of their type: bold or not, how large, and whether printed or written by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from pipeline.readers.tesseract import Recognised

if TYPE_CHECKING:
    from PIL.Image import Image

_DARK = 150
_BOLD = 1.22  # times the page's usual width of strokes: bold type has 1.4 to 1.5, slanted 0.9
_MOSTLY = 0.75  # share of a line's letters that are bold in a bold line
_FEW = 3  # letters, the strokes of which tell nothing
_ALIKE = 0.4  # sizes that differ less count as the page's usual one: Tesseract's boxes tell them only roughly
_SMALL = 0.9  # of the usual size: lines below each other that are all lower (or the other way round) are set so
_PRINTED = 1.08  # of its line's height: no printed digit is higher, a bracket or comma at its side included
_LONG = 15  # letters of a line from which its height can be believed


def bold_lines(words: Sequence[Recognised], heights: Mapping[int, float], image: Image) -> frozenset[int]:
    """Return the numbers of the lines whose strokes are much wider than is usual on the page for their size."""
    import numpy as np

    ink = np.asarray(image) < _DARK
    starts = ink.copy()
    starts[:, 1:] &= ~ink[:, :-1]
    widths = []
    for word in words:
        box = np.s_[word.top : word.top + word.height, word.left : word.left + word.width]
        widths.append(int(ink[box].sum()) / max(1, int(starts[box].sum())) / heights[word.line])
    common = median([width for word, width in zip(words, widths, strict=True) for _ in word.text] or [0.0])
    wide = _by_line([word for word, width in zip(words, widths, strict=True) if width > _BOLD * common])
    lines = _by_line(words)
    return frozenset(number for number in wide if _length(wide[number]) > max(_FEW, _MOSTLY * _length(lines[number])))


def line_heights(words: Sequence[Recognised]) -> dict[int, float]:
    """Return the height to count with for every line: the page's usual one, its own if that is much different.

    Heights are those from the lowest tail to the highest tip, in pixels. Lines below each other that are all lower, or
    all higher, than usual share a height of their own.
    """
    lines = _by_line(words)
    own = {number: line[0].line_height for number, line in lines.items()}
    usual = median([height for number, height in own.items() for _ in lines[number]] or [0.0])
    heights = {number: usual if abs(height - usual) < _ALIKE * usual else height for number, height in own.items()}
    long = {number for number, line in lines.items() if _length(line) >= _LONG}
    low = {number for number in lines if own[number] < _SMALL * usual}
    high = {number for number in lines if own[number] > usual / _SMALL}
    for others in (low, high):
        pairs = [pair for pair in pairwise(lines) if others.issuperset(pair) and not long.isdisjoint(pair)]
        together = {number for pair in pairs for number in pair}
        common = median([own[number] for number in together & long] or [usual])
        heights |= {number: common for number in together if abs(own[number] - common) < _ALIKE * common}
    return heights


def _by_line(words: Sequence[Recognised]) -> dict[int, list[Recognised]]:
    lines: dict[int, list[Recognised]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    return lines


def _length(line: Sequence[Recognised]) -> int:
    return sum(len(word.text) for word in line)


def without_handwriting(words: Sequence[Recognised], heights: Mapping[int, float], end: float) -> list[Recognised]:
    """Return the words without numbers and dates written by hand in a letterhead, above `end` in pixels.

    They stand higher than any printed digit of their line, and Tesseract misreads them without doubting.
    """
    return [
        word
        for word in words
        if word.top > end or word.height <= _PRINTED * heights[word.line] or not _is_sign(word.text)
    ]


def _is_sign(text: str) -> bool:
    return any(map(str.isdigit, text)) or sum(map(str.isalpha, text)) < 2
