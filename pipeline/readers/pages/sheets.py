"""What every way of reading a page yields: words in boxes and ruling lines, in the frame the page is read in.

The text layer and OCR both make sheets; everything after them (columns, tables, paragraphs) is the same for both.
Lengths are in points, the origin is the top left corner, y grows downwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from models.records import Box, ReadingMethod

Affine: TypeAlias = tuple[float, float, float, float, float, float]

IDENTITY: Affine = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Token(NamedTuple):
    """A word and its box; `raised` marks superscripts, `glued` a word that follows the one before without a blank."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    bold: bool = False
    confidence: float = 1.0
    raised: bool = False
    glued: bool = False


class Rule(NamedTuple):
    """A horizontal or vertical ruling line: `at` is its constant coordinate, `start` and `end` its extent."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class Sheet:
    """One page ready for layout. `lines` are runs of words on one baseline with no wide gap between them.

    `upended` are lines written upwards or downwards: kept in table cells, dropped in the margins; `legends` are the
    texts of signature fields. `to_page` takes a point of the reading frame to the page as the file shows it; `turn` is
    the clockwise quarter turn (0, 90, 180, 270) that brings that page upright; `page_width` and `page_height` are
    those of the page as shown, `width` and `height` those of the reading frame.
    """

    number: int
    width: float
    height: float
    page_width: float
    page_height: float
    lines: list[Line] = field(default_factory=list)
    upended: list[Line] = field(default_factory=list)
    horizontal: list[Rule] = field(default_factory=list)
    vertical: list[Rule] = field(default_factory=list)
    legends: list[str] = field(default_factory=list)
    method: ReadingMethod = "native"
    quality: float = 1.0
    turn: int = 0
    to_page: Affine = IDENTITY


@dataclass(slots=True)
class Line:
    """Words beside each other on one baseline."""

    tokens: list[Token]
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    baseline: float
    page: int = 0

    @property
    def text(self) -> str:
        parts: list[str] = []
        for token in self.tokens:
            parts.append(token.text if token.glued or not parts else " " + token.text)
        return "".join(parts)

    @property
    def bold(self) -> bool:
        letters = sum(len(token.text) for token in self.tokens)
        return 2 * sum(len(token.text) for token in self.tokens if token.bold) > 1.6 * letters

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


def line_of(tokens: list[Token], page: int = 0) -> Line:
    """Return the line that the words, given from left to right, stand on."""
    plain = [token for token in tokens if not token.raised] or tokens
    widest = max(plain, key=lambda token: len(token.text))
    return Line(
        tokens,
        tokens[0].x0,
        min(token.top for token in plain),
        max(token.x1 for token in tokens),
        max(token.bottom for token in plain),
        widest.size,
        widest.bottom,
        page,
    )


def joined(lines: list[Line]) -> Line:
    """Return lines that stand beside each other as one line."""
    if len(lines) == 1:
        return lines[0]
    return line_of([token for line in sorted(lines, key=lambda line: line.x0) for token in line.tokens], lines[0].page)


def page_box(sheet: Sheet, token: Token) -> Box:
    """Return the box of a word on the page as the file shows it."""
    a, b, c, d, e, f = sheet.to_page
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (token.x0, token.x1) for y in (token.top, token.bottom)]
    xs, ys = zip(*corners, strict=True)
    return Box(sheet.number, round(min(xs), 2), round(min(ys), 2), round(max(xs), 2), round(max(ys), 2))
