"""The text layer of a PDF page: its characters with their places, and the lines and boxes drawn on it.

A device of pdfminer's own interpreter gathers just what the layout needs, which takes half the time of building all
of a page's objects. Words are put together by place, not by the order of drawing, so that Vietnamese letters which a
fallback font draws later stand where they belong.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdffont import PDFFont, PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFStream, resolve1
from pdfminer.utils import apply_matrix_rect, mult_matrix

from pipeline.readers.pages.glyphs import UNKNOWN, Glyph
from pipeline.readers.pages.sheets import IDENTITY, Affine, Rule

_THIN = 3.0  # points: a filled rectangle this thin is a ruling line
_SHORT = 4.0  # points: what is shorter rules nothing
_FORCE_BOLD = 1 << 18  # flag of a font descriptor (PDF 32000-1, table 123)
_BOLD_NAME = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)
_SYMBOL_NAME = re.compile(r"symbol|wingding|dingbat|webding", re.IGNORECASE)
_HIDDEN, _STROKED = 3, 2  # text rendering modes (PDF 32000-1, table 106)


@dataclass(slots=True)
class Drawing:
    """What a page draws: characters by the quarter turn that brings them upright, rules, the boxes of images.

    Characters are in the frame of the page after that turn, all else in the frame of the page as shown.
    """

    width: float
    height: float
    glyphs: dict[int, list[Glyph]] = field(default_factory=dict)
    horizontal: list[Rule] = field(default_factory=list)
    vertical: list[Rule] = field(default_factory=list)
    images: list[tuple[float, float, float, float]] = field(default_factory=list)
    hidden: int = 0
    outlines: int = 0

    def place(self, turn: int, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the page as shown comes to lie when the page is turned clockwise."""
        if turn == 90:
            return self.height - y, x
        if turn == 180:
            return self.width - x, self.height - y
        if turn == 270:
            return y, self.width - x
        return x, y


class PageReader:
    """Reads one page after the other with the fonts kept in between."""

    def __init__(self) -> None:
        self._resources = PDFResourceManager()
        self._device = _Device(self._resources)
        self._interpreter = PDFPageInterpreter(self._resources, self._device)

    def drawing(self, page: PDFPage) -> Drawing:
        """Return what the page draws, its filled-in form fields and stamps included."""
        base, width, height = _frame(page)
        self._device.drawing = drawing = Drawing(width, height)
        self._interpreter.render_contents(page.resources, page.contents, ctm=base)
        return drawing

    def fields(self, page: PDFPage) -> list[Drawing]:
        """Return what each form field, stamp and free text of the page shows."""
        base, width, height = _frame(page)
        drawings = []
        for stream, matrix in _appearances(page):
            self._device.drawing = drawing = Drawing(width, height)
            resources = resolve1(stream.get("Resources")) or page.resources
            self._interpreter.render_contents(resources, [stream], ctm=mult_matrix(matrix, base))
            if drawing.glyphs:
                drawings.append(drawing)
        return drawings


def _frame(page: PDFPage) -> tuple[Affine, float, float]:
    """Return the matrix to the page as shown (origin top left, y down), its width and its height in points."""
    x0, y0, x1, y1 = page.cropbox
    width, height = abs(x1 - x0), abs(y1 - y0)
    if page.rotate == 90:
        return (0, 1, 1, 0, -y0, -x0), height, width
    if page.rotate == 180:
        return (-1, 0, 0, 1, x1, -y0), width, height
    if page.rotate == 270:
        return (0, -1, -1, 0, y1, x1), height, width
    return (1, 0, 0, -1, -x0, y1), width, height


def _appearances(page: PDFPage) -> list[tuple[PDFStream, Affine]]:
    """Return the appearance streams of form fields, stamps and free texts with their matrices (12.5.5)."""
    found = []
    for reference in resolve1(page.annots) or ():
        annotation = resolve1(reference)
        if not isinstance(annotation, dict) or resolve1(annotation.get("F", 0)) & 2:
            continue
        if getattr(annotation.get("Subtype"), "name", "") not in ("Widget", "FreeText", "Stamp"):
            continue
        stream = resolve1((resolve1(annotation.get("AP")) or {}).get("N"))
        if isinstance(stream, dict):
            stream = resolve1(stream.get(getattr(annotation.get("AS"), "name", "")))
        box, area = resolve1(annotation.get("Rect")), isinstance(stream, PDFStream) and resolve1(stream.get("BBox"))
        if box and area:
            found.append((stream, _fitted(stream, [resolve1(v) for v in area], [resolve1(v) for v in box])))
    return found


def _fitted(stream: PDFStream, area: Sequence[float], box: Sequence[float]) -> Affine:
    parts = [float(resolve1(v)) for v in resolve1(stream.get("Matrix")) or IDENTITY]
    matrix: Affine = (parts[0], parts[1], parts[2], parts[3], parts[4], parts[5])
    x0, y0, x1, y1 = apply_matrix_rect(matrix, (area[0], area[1], area[2], area[3]))
    left, right = sorted((box[0], box[2]))
    low, high = sorted((box[1], box[3]))
    a = (right - left) / (x1 - x0) if x1 > x0 else 1.0
    d = (high - low) / (y1 - y0) if y1 > y0 else 1.0
    return mult_matrix(matrix, (a, 0, 0, d, left - x0 * a, low - y0 * d))


class _Font:
    """What the layout needs of a font: whether it is bold, and the text and width of its characters."""

    def __init__(self, font: PDFFont) -> None:
        name = font.fontname if isinstance(font.fontname, str) else str(font.fontname)
        self.font = font  # kept alive, so that its id stays its own
        self.bold = bool(_BOLD_NAME.search(name)) or bool(font.flags & _FORCE_BOLD)
        self.unknown = "•" if _SYMBOL_NAME.search(name) else UNKNOWN
        self.scale = math.hypot(*getattr(font, "fontmatrix", (0.001, 0))[:2]) / 0.001
        self.characters: dict[int, tuple[str, float]] = {}

    def character(self, code: int) -> tuple[str, float]:
        known = self.characters.get(code)
        if known is None:
            try:
                text = self.font.to_unichr(code)
            except PDFUnicodeNotDefined:
                text = self.unknown
            known = self.characters[code] = (text, self.font.char_width(code))
        return known


class _Device(PDFTextDevice):
    """Takes the interpreter's calls and writes down characters, rules and images."""

    def __init__(self, resources: PDFResourceManager) -> None:
        super().__init__(resources)
        self.ctm: Affine = IDENTITY
        self.drawing = Drawing(0, 0)
        self._fonts: dict[int, _Font] = {}

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        font = self._fonts.get(id(textstate.font)) or self._fonts.setdefault(id(textstate.font), _Font(textstate.font))
        matrix = mult_matrix(textstate.matrix, self.ctm)
        scaling, size = textstate.scaling * 0.01, textstate.fontsize
        letter, word = textstate.charspace * scaling, textstate.wordspace * scaling
        if textstate.font.is_multibyte():
            word = 0
        visible = self._sink(matrix, font, textstate)
        x, y = textstate.linematrix
        for part in seq:
            if isinstance(part, (int, float)):
                x -= part * 0.001 * size * scaling
            elif isinstance(part, bytes):
                for code in textstate.font.decode(part):
                    text, width = font.character(code)
                    step = width * size * scaling + letter
                    visible(x, x + max(step, 0.0), y, text)
                    x += step + (word if code == 32 else 0)
        textstate.linematrix = (x, y)

    def _sink(self, matrix: Affine, font: _Font, state: Any) -> Any:
        """Return the function that writes down a character drawn from x0 to x1 on y with this matrix."""
        a, b, c, d, e, f = matrix
        size = abs(state.fontsize) * math.hypot(c, d) * font.scale
        turn = (0 if a > 0 else 180) if abs(a) >= abs(b) else 90 if b < 0 else 270
        bold, rise, place = font.bold or state.render == _STROKED, state.rise, self.drawing.place
        if state.render == _HIDDEN:
            self.drawing.hidden += 1
        glyphs = self.drawing.glyphs.setdefault(turn, [])

        def add(x0: float, x1: float, y: float, text: str) -> None:
            y += rise
            left, base = place(turn, a * x0 + c * y + e, b * x0 + d * y + f)
            right, _ = place(turn, a * x1 + c * y + e, b * x1 + d * y + f)
            glyphs.append(Glyph(left, right, base, size, text, bold))

        return add

    def render_image(self, name: str, stream: PDFStream) -> None:
        self.drawing.images.append(apply_matrix_rect(self.ctm, (0, 0, 1, 1)))

    def paint_path(self, graphicstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Sequence[Any]) -> None:
        start: tuple[float, float] | None = None
        points: list[tuple[float, float]] = []
        a, b, c, d, e, f = self.ctm
        for operator, *numbers in path:
            if operator == "m" and points:
                self._outline(points, stroke, fill)
                points = []
            if operator == "h":
                if start:
                    points.append(start)
                continue
            x, y = numbers[-2:]
            points.append((a * x + c * y + e, b * x + d * y + f))
            if operator == "m":
                start = points[0]
        self._outline(points, stroke, fill)

    def _outline(self, points: list[tuple[float, float]], stroke: bool, fill: bool) -> None:
        """Write down the ruling lines of one subpath: a thin filled box is one, a stroked outline one a side."""
        if len(points) < 2:
            return
        if len(points) > 12:
            self.drawing.outlines += 1
            return
        xs, ys = [x for x, _ in points], [y for _, y in points]
        width, height = max(xs) - min(xs), max(ys) - min(ys)
        if min(width, height) <= _THIN and (fill or len(points) == 2 or stroke):
            self._rule(min(xs), min(ys), max(xs), max(ys))
        elif stroke:
            for (x0, y0), (x1, y1) in itertools.pairwise(points):
                if abs(x1 - x0) <= 1 or abs(y1 - y0) <= 1:
                    self._rule(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))

    def _rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        if x1 - x0 >= max(_SHORT, y1 - y0):
            self.drawing.horizontal.append(Rule((y0 + y1) / 2, x0, x1))
        elif y1 - y0 >= _SHORT:
            self.drawing.vertical.append(Rule((x0 + x1) / 2, y0, y1))
