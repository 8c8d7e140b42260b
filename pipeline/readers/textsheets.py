"""A page's drawing becomes a sheet: turned upright, its filled-in form fields put where they stand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.readers.pages.glyphs import Glyph, lines_of
from pipeline.readers.pages.sheets import IDENTITY, Affine, Line, Rule, Sheet, line_of
from pipeline.readers.textlayer import Drawing

if TYPE_CHECKING:
    from pdfminer.pdfpage import PDFPage

    from pipeline.readers.textlayer import PageReader

_LEGACY = re.compile("[\u00a1-\u00ff]")
_REPAIRED = 0.9  # quality of a text layer that had to be decoded or mended
_STAMP_LINES = 3  # a form field of so many lines is a signature's legend, not a word of the text


def text_sheet(reader: PageReader, page: PDFPage, number: int) -> tuple[Sheet, Drawing]:
    """Return the sheet of a page as its text layer has it, and what the page draws."""
    drawing = reader.drawing(page)
    legends: list[str] = []
    for shown in reader.fields(page):
        for turn, glyphs in shown.glyphs.items():
            lines = lines_of(glyphs)
            if len(lines) >= _STAMP_LINES:
                legends.append(" ".join(line.text for line in lines))
            else:
                drawing.glyphs[turn] = _filled_in(drawing.glyphs.get(turn, []), glyphs)
    sheet = sheet_of(drawing, number)
    sheet.legends = legends
    _decode(sheet)
    return sheet, drawing


def _decode(sheet: Sheet) -> None:
    """Put the words of a page in TCVN3 or VNI bytes into Unicode, line by line."""
    text = "\n".join(line.text for line in sheet.lines)
    if not _LEGACY.search(text):
        return
    from pipeline.readers.vietnamese import decode_legacy

    decoded, encoding = decode_legacy(text)
    if not encoding:
        return
    sheet.method, sheet.quality = "repaired-text-layer", _REPAIRED
    for line, new in zip(sheet.lines, decoded.split("\n"), strict=True):
        words = new.split()
        if len(words) == sum(not token.glued for token in line.tokens) == len(line.tokens):
            line.tokens = [token._replace(text=word) for token, word in zip(line.tokens, words, strict=True)]


def _filled_in(glyphs: list[Glyph], field: list[Glyph]) -> list[Glyph]:
    """Put the characters of a form field among those of the page, in the place of the blanks left for them."""
    left, right = min(glyph.x0 for glyph in field), max(glyph.x1 for glyph in field)
    base, size = field[0].baseline, field[0].size
    kept = [
        glyph
        for glyph in glyphs
        if glyph.text.strip() or abs(glyph.baseline - base) > size or not left < glyph.x0 < right
    ]
    if len(kept) < len(glyphs):
        field = [*field, field[-1]._replace(x0=right, x1=right, text=" ")]
    level = [glyph.baseline for glyph in kept if abs(glyph.baseline - base) < 0.4 * size]
    base = min(level, key=lambda other: abs(other - base), default=base)
    return [*kept, *(glyph._replace(baseline=base) for glyph in field)]


def sheet_of(drawing: Drawing, number: int) -> Sheet:
    """Return a drawing as a sheet, turned so that most of its characters stand upright."""
    counts = {turn: len(glyphs) for turn, glyphs in drawing.glyphs.items()}
    turn = max(counts, key=lambda key: counts[key], default=0)
    width, height = (drawing.height, drawing.width) if turn in (90, 270) else (drawing.width, drawing.height)
    sheet = Sheet(number, width, height, drawing.width, drawing.height, turn=turn)
    sheet.to_page = turned_back(turn, drawing.width, drawing.height)
    sheet.horizontal, sheet.vertical = _turned_rules(drawing, turn)
    sheet.lines = lines_of(_on_page(drawing.glyphs.get(turn, []), width, height), sheet.vertical)
    for line in sheet.lines:
        line.page = number
    for other, glyphs in drawing.glyphs.items():
        if other != turn:
            sheet.upended += _upended(glyphs, (other - turn) % 360, sheet)
    return sheet


def _on_page(glyphs: list[Glyph], width: float, height: float) -> list[Glyph]:
    return [glyph for glyph in glyphs if -2 < glyph.x0 < width + 2 and -2 < glyph.baseline < height + 10]


def turned_back(turn: int, width: float, height: float) -> Affine:
    """Return the matrix from a page turned clockwise to the page as shown, whose width and height are given."""
    if turn == 90:
        return (0, -1, 1, 0, 0, height)
    if turn == 180:
        return (-1, 0, 0, -1, width, height)
    if turn == 270:
        return (0, 1, -1, 0, width, 0)
    return IDENTITY


def _turned_rules(drawing: Drawing, turn: int) -> tuple[list[Rule], list[Rule]]:
    across = [_turned(drawing, turn, rule.start, rule.at, rule.end, rule.at) for rule in drawing.horizontal]
    down = [_turned(drawing, turn, rule.at, rule.start, rule.at, rule.end) for rule in drawing.vertical]
    rules = [*across, *down]
    horizontal = [Rule(y0, x0, x1) for x0, y0, x1, y1 in rules if x1 - x0 > y1 - y0]
    vertical = [Rule(x0, y0, y1) for x0, y0, x1, y1 in rules if x1 - x0 <= y1 - y0]
    return horizontal, vertical


def _turned(
    drawing: Drawing, turn: int, x0: float, y0: float, x1: float, y1: float
) -> tuple[float, float, float, float]:
    (ax, ay), (bx, by) = drawing.place(turn, x0, y0), drawing.place(turn, x1, y1)
    return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


def _upended(glyphs: list[Glyph], turn: int, sheet: Sheet) -> list[Line]:
    """Return lines written upwards or downwards with their boxes in the frame of the sheet."""
    a, b, c, d, e, f = turned_back(turn, sheet.width, sheet.height)
    lines = []
    for line in lines_of(glyphs):
        tokens = []
        for token in line.tokens:
            xs = [a * x + c * y + e for x in (token.x0, token.x1) for y in (token.top, token.bottom)]
            ys = [b * x + d * y + f for x in (token.x0, token.x1) for y in (token.top, token.bottom)]
            tokens.append(token._replace(x0=min(xs), top=min(ys), x1=max(xs), bottom=max(ys)))
        lines.append(line_of(tokens, sheet.number))
    return lines
