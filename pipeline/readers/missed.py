"""Cells of scanned tables that Tesseract passed over, lone digits above all, are read again on a sheet of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from pipeline.readers import tesseract
from pipeline.readers.pages.grids import Grid, grids_of
from pipeline.readers.pages.sheets import Rule
from pipeline.readers.tesseract import Recognised

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

_INSET = 5  # pixels at the edge of a cell where remains of its lines may stand
_SMALLEST = 8  # pixels: what is lower or narrower is dirt
_MARGIN = 30  # pixels of paper around a cell's ink
_GAP = 70  # pixels between pieces in a row: three blanks
_ONE_LINE = 70  # pixels: no line of text is higher
_WIDTH = 2000  # pixels of the sheet
_DOUBTFUL = 0.6  # mean confidence below which a cell is read again
_UNREAD = 0.12  # share of a cell's ink outside of all words' boxes from which it is read again
_MOST = 120  # cells a page: more than this is no table but a raster
_ONE_BLOCK = 6  # page segmentation mode
_DARK = 150


class Piece(NamedTuple):
    """A cell's ink on the page (left, top, right, bottom in pixels) and the words read there so far."""

    left: int
    top: int
    right: int
    bottom: int
    words: list[Recognised]

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


def with_missed(
    words: list[Recognised], image: Image, rules: tuple[list[Rule], list[Rule]], model: str, dpi: int
) -> list[Recognised]:
    """Return the words of a page and those of cells that hold ink outside of words, or words read unsurely."""
    pieces = [piece for grid in grids_of(*rules) for piece in _pieces(grid, words, image, dpi / 72)]
    if not pieces or len(pieces) > _MOST:
        return words
    sheet, places = _pasted(image, pieces)
    found: list[list[Recognised]] = [[] for _ in pieces]
    for word in tesseract.read_words(sheet, model, dpi, layout=_ONE_BLOCK):
        index = _owner(word, pieces, places)
        if index is not None:
            found[index].append(_moved(word, pieces[index], places[index], index))
    for piece, again in zip(pieces, found, strict=True):
        if _worth(again) > _worth(piece.words):
            words = [word for word in words if word not in piece.words] + again
    return words


def _pieces(grid: Grid, words: Sequence[Recognised], image: Image, scale: float) -> list[Piece]:
    """Return the cells of a grid that are to be read again."""
    import numpy as np

    pixels = np.asarray(image)
    pieces = []
    for cell in grid.cells:
        x0, y0, x1, y1 = (round(edge * scale) for edge in grid.edges(cell))
        inside = [word for word in words if x0 <= _middle(word)[0] < x1 and y0 <= _middle(word)[1] < y1]
        ink = pixels[max(y0 + _INSET, 0) : y1 - _INSET, max(x0 + _INSET, 0) : x1 - _INSET] < _DARK
        if inside and _is_sure(inside) and _unread(ink, inside, x0 + _INSET, y0 + _INSET) < _UNREAD:
            continue
        rows, columns = np.nonzero(ink.sum(axis=1) > 1)[0], np.nonzero(ink.sum(axis=0) > 1)[0]
        if len(rows) < _SMALLEST or len(columns) < _SMALLEST // 2:
            continue
        left, top = x0 + _INSET + int(columns[0]), y0 + _INSET + int(rows[0])
        pieces.append(Piece(left, top, x0 + _INSET + int(columns[-1]), y0 + _INSET + int(rows[-1]), inside))
    return pieces


def _is_sure(words: Sequence[Recognised]) -> bool:
    return sum(word.confidence * len(word.text) for word in words) >= _DOUBTFUL * sum(len(word.text) for word in words)


def _unread(ink: np.ndarray, words: Sequence[Recognised], left: int, top: int) -> float:
    """Return the share of a cell's ink that lies in no word's box."""
    rest = ink.copy()
    for word in words:
        x, y = word.left - left, word.top - top
        rest[max(y - 3, 0) : y + word.height + 3, max(x - 3, 0) : x + word.width + 3] = False
    return float(rest.sum()) / max(1, int(ink.sum()))


def _middle(word: Recognised) -> tuple[float, float]:
    return word.left + word.width / 2, word.top + word.height / 2


def _worth(words: Sequence[Recognised]) -> float:
    return sum(word.confidence**2 * len(word.text) for word in words)


def _pasted(image: Image, pieces: Sequence[Piece]) -> tuple[Image, list[tuple[int, int]]]:
    """Return a sheet with the pieces, and where each lies: low ones in rows like the words of a line, as Tesseract
    reads numbers in a row more surely than one by one; high ones below each other."""
    from PIL import Image as images

    places: list[tuple[int, int]] = [(0, 0)] * len(pieces)
    x, y, row = _MARGIN, _MARGIN, 0
    for index in sorted(range(len(pieces)), key=lambda index: pieces[index].height > _ONE_LINE):
        piece = pieces[index]
        if x > _MARGIN and (piece.height > _ONE_LINE or row > _ONE_LINE or x + piece.width > _WIDTH):
            x, y, row = _MARGIN, y + row + 2 * _MARGIN, 0
        places[index] = (x, y + (max(_ONE_LINE - piece.height, 0)))
        x, row = x + piece.width + _GAP, max(row, piece.height, _ONE_LINE)
    width = max(x + piece.width for piece, (x, _) in zip(pieces, places, strict=True)) + _MARGIN
    sheet = images.new("L", (max(width, _WIDTH // 2), y + row + 2 * _MARGIN), 255)
    for piece, place in zip(pieces, places, strict=True):
        sheet.paste(image.crop((piece.left, piece.top, piece.right + 1, piece.bottom + 1)), place)
    return sheet, places


def _owner(word: Recognised, pieces: Sequence[Piece], places: Sequence[tuple[int, int]]) -> int | None:
    """Return the number of the piece that a word of the sheet lies on."""
    x, y = _middle(word)
    for index, (piece, (left, top)) in enumerate(zip(pieces, places, strict=True)):
        if left - 6 <= x <= left + piece.width + 6 and top - 6 <= y <= top + piece.height + 6:
            return index
    return None


def _moved(word: Recognised, piece: Piece, place: tuple[int, int], index: int) -> Recognised:
    """Return a word of the sheet in its place on the page, on a line of its own kind."""
    right, down = piece.left - place[0], piece.top - place[1]
    return word._replace(
        left=word.left + right,
        top=word.top + down,
        baseline=word.baseline + down,
        line=1000 * (index + 10) + word.line,
    )
