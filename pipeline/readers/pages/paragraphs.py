"""Lines become paragraphs: what ends one and what goes on over lines, columns and pages."""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pipeline.readers.pages.sheets import Line

MARKER = re.compile(
    r"^(?:[-–—•+*▪○●◦►§]\s?(?=\S)"
    r"|o\s(?=[A-ZА-ЯĐ])"
    r"|[(]?(?:\d{1,3}|[a-zđа-я]|[ivxlcIVXLC]{1,6})[)](?=\s|[^\W\d_])"
    r"|\d{1,2}(?:[.](?:\d{1,2}|[a-z]{1,4})(?![^\W_]))*[.)](?=\s|[^\W\d_])"
    r"|\d{1,2}(?:[.]\d{1,2}){1,4}(?=\s[^\W\d_])"
    r"|(?:[IVXLC]{1,6}|[ivxl]{1,5}|[a-z])[.](?=\s|[^\W\d_]{2})"
    r"|[A-ZĐА-Я][.](?=\s[^\W\d_]{2,}\s))"
)
_LISTED = re.compile(r"[.…_]{4,}\s*(?:\d{1,4}|[ivx]{1,5})$")
_DASH = re.compile(r"^[-–—]")
_ENDED = re.compile(r"[.;:!?…][\"”»’)\]]*$|/\.$")
_UNFINISHED = re.compile(r"[,(\-–]$")
_LETTER = re.compile(r"[^\W\d_]")
_APART = 1.28  # times the usual line distance: more is a new paragraph
_LEADING = 1.25  # of the font size: the line distance where a document doesn't tell
_STEP = 5.0  # points: what counts as an indent


@dataclass(slots=True)
class Column:
    """The edges that a flow's lines keep to, and the usual distance of baselines by rounded font size.
    `beside` marks a column with another beside it."""

    left: float
    right: float
    distances: Mapping[int, float]
    beside: bool = False

    def distance(self, line: Line) -> float:
        """Return the usual line distance at a line's font size."""
        return self.distances.get(round(line.size)) or _LEADING * line.size


@dataclass(slots=True)
class Paragraph:
    """Lines that are one paragraph; `column` is the one of its last line."""

    lines: list[Line]
    page: int
    column: Column
    centered: bool = False
    footnote: bool = False
    in_cell: bool = False

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)

    @property
    def bold(self) -> bool:
        return all(line.bold for line in self.lines)


def paragraphs_of(lines: list[Line], page: int, column: Column, in_cell: bool = False) -> list[Paragraph]:
    """Return the paragraphs of lines that stand one below the other."""
    result: list[Paragraph] = []
    for line in lines:
        if result and not _breaks(result[-1], line, column):
            result[-1].lines.append(line)
            result[-1].centered &= is_centered(line, column)
        else:
            result.append(Paragraph([line], page, column, is_centered(line, column), in_cell=in_cell))
    return result


def column_of(lines: list[Line], distances: Mapping[int, float], edges: tuple[float, float] | None = None) -> Column:
    """Return the edges of a flow of lines, which may be those of the page, and its usual line distances."""
    left = edges[0] if edges else min(line.x0 for line in lines)
    right = edges[1] if edges else max(line.x1 for line in lines)
    return Column(left, right, distances)


def line_distances(lines: list[Line]) -> dict[int, float]:
    """Return, by rounded font size, the most usual distance between neighbouring baselines, in points."""
    steps: dict[int, list[float]] = {}
    for above, below in itertools.pairwise(lines):
        step = below.baseline - above.baseline
        if 0.8 * below.size < step < 2.6 * below.size and abs(above.size - below.size) < 0.6:
            steps.setdefault(round(below.size), []).append(step)
    return {size: _most_usual(found) for size, found in steps.items() if len(found) > 2}


def _most_usual(steps: list[float]) -> float:
    """Return the middle of the half-point-wide range that holds most values, the smaller of two equal ones."""
    steps = sorted(steps)
    counts = [
        (bisect.bisect_right(steps, start + 0.8) - bisect.bisect_left(steps, start - 0.1), -start)
        for start in dict.fromkeys(steps)
    ]
    start = -max(counts)[1]
    near = [step for step in steps if start - 0.1 <= step <= start + 0.8]
    return sum(near) / len(near)


def is_centered(line: Line, column: Column) -> bool:
    """Tell whether a line stands in the middle of its column with room on both sides."""
    left, _right = line.x0 - column.left, column.right - line.x1
    width = column.right - column.left
    return left > 0.06 * width and _is_symmetric(line, column) and not MARKER.match(line.text)


def _is_symmetric(line: Line, column: Column) -> bool:
    off = abs((line.x0 - column.left) - (column.right - line.x1))
    return off < max(0.02 * (column.right - column.left), 4)


def _breaks(paragraph: Paragraph, line: Line, column: Column) -> bool:
    """Tell whether a line starts a new paragraph."""
    last = paragraph.lines[-1]
    tests: tuple[Callable[[Paragraph, Line, Line, Column], bool | None], ...] = (
        _listed, _apart, _marked, _sided, _restyled, _middled, _shifted, _short
    )  # fmt: skip
    for test in tests:
        answer = test(paragraph, last, line, column)
        if answer is not None:
            return answer
    return False


def _listed(paragraph: Paragraph, last: Line, line: Line, column: Column) -> bool | None:
    """A line of a table of contents stands for itself."""
    return True if _LISTED.search(last.text) else None


def _apart(paragraph: Paragraph, last: Line, line: Line, column: Column) -> bool | None:
    """A gap wider than the paragraph's own line distance parts; smaller fonts have smaller distances."""
    step = line.baseline - last.baseline
    usual = last.baseline - paragraph.lines[-2].baseline if len(paragraph.lines) > 1 else column.distance(line)
    usual = max(usual, 1.05 * line.size)
    if step > max(_APART * usual, usual + 2.5):
        return not (step < 1.6 * usual and _runs_on(last, line, column))
    return True if step < -0.5 * last.size else None


def _runs_on(last: Line, line: Line, column: Column) -> bool:
    """A full line in mid-sentence before a small letter."""
    return fills(last, line, column) and not ended(last.text) and line.text[:1].islower() and not last.bold


def _marked(paragraph: Paragraph, last: Line, line: Line, column: Column) -> bool | None:
    """A numbering marker starts a paragraph, unless it is a dash or number that the line break happened to hit."""
    match = MARKER.match(line.text)
    if not match:
        return None
    first = paragraph.lines[0]
    if not fills(last, line, column):
        return True
    if first.x0 > line.x0 + _STEP and abs(line.x0 - column.left) < _STEP and not _DASH.match(line.text):
        return False  # first lines are set in, this one is not
    if ended(last.text):
        return True
    hangs = line.x0 - column.left < _STEP or abs(line.x0 - last.x0) < _STEP
    if line.x0 - last.x0 > _STEP and len(paragraph.lines) > 1:
        return True
    if _DASH.match(line.text) and hangs and not MARKER.match(first.text):
        return False
    if MARKER.match(first.text) and abs(line.x0 - first.x0) < _STEP < abs(_body(first) - first.x0):
        return abs(line.x0 - last.x0) > _STEP or len(paragraph.lines) == 1
    return False if hangs else None


def _body(line: Line) -> float:
    """Return where the text after the marker of a line begins."""
    return line.tokens[1].x0 if len(line.tokens) > 1 else line.x0


def _restyled(paragraph: Paragraph, last: Line, line: Line, column: Column) -> bool | None:
    """Another size, or bold against plain, parts a heading from what follows."""
    if abs(line.size - last.size) > 0.12 * max(line.size, last.size):
        return not (fills(last, line, column) and line.text[:1].islower())
    if last.bold != line.bold and paragraph.bold == last.bold:
        starts_bold, ends_bold = line.tokens[0].bold, last.tokens[-1].bold
        if starts_bold == ends_bold and not is_centered(line, column):
            return None
        return not (fills(last, line, column) and not line.text[:1].isupper())
    if _capitals(last.text) != _capitals(line.text) and not fills(last, line, column):
        return True
    return None


def _sided(paragraph: Paragraph, last: Line, line: Line, column: Column) -> bool | None:
    """In a letterhead or signature, where lines are centred and short, what goes on is shown by a small letter, or by
    a line that leaves no room for the next word; titles in capitals tell nothing by their length."""
    if not column.beside or ended(last.text):
        return None
    plain = not (_capitals(last.text) or _capitals(line.text) or last.bold or line.bold or MARKER.match(line.text))
    return False if line.text[:1].islower() or (plain and fills(last, line, column)) else None


def _middled(paragraph: Paragraph, last: Line, line: Line, column: Column) -> bool | None:
    """Centred lines of one style are one title; a centred line and a plain one are not."""
    if column.beside:
        return None
    before, now = is_centered(last, column), is_centered(line, column)
    if now and (before or (last.bold and line.bold and _is_symmetric(last, column))):
        return ended(last.text)
    if now and line.text[:1].islower() and _is_symmetric(last, column) and not ended(last.text):
        return False
    runs_on = before and line.text[:1].islower() and not ended(last.text) and not last.bold
    if before != now and not runs_on and abs(line.x0 - last.x0) > 1.5 and not fills(last, line, column):
        return True if before or line.x0 - column.left > 3 * line.size else None
    return None


def _shifted(paragraph: Paragraph, last: Line, line: Line, column: Column) -> bool | None:
    """A first line stands in from its paragraph's other lines, or hangs out with its marker."""
    if paragraph.in_cell and fills(last, line, column) and not ended(last.text):
        return None  # the edges of a cell are known, and its text may be centred
    shift = line.x0 - last.x0
    first = paragraph.lines[0]
    if len(paragraph.lines) == 1:
        if shift > _STEP:
            hanging = MARKER.match(first.text) and line.x0 <= _body(first) + _STEP
            return None if hanging else True
        return None
    if abs(shift) > _STEP and not (fills(last, line, column) and line.text[:1].islower() and not ended(last.text)):
        return True
    return None


def _short(paragraph: Paragraph, last: Line, line: Line, column: Column) -> bool | None:
    """A line that had room for the next word ended its paragraph, unless a narrower block goes on in mid-sentence."""
    if fills(last, line, column):
        return True if paragraph.in_cell and last.text.endswith(";") and line.text[:1].isupper() else None
    unfinished = line.text[:1].islower() or (last.text.endswith(",") and not paragraph.in_cell)
    if ended(last.text) or not unfinished:
        return True
    if abs(line.x0 - last.x0) < _STEP:
        return False
    return column.right - last.x1 > 0.45 * (column.right - column.left)


def fills(last: Line, line: Line, column: Column) -> bool:
    """Tell whether the next line's first word had no room at the end of the last line."""
    word = line.tokens[0]
    room = column.right - last.x1
    if is_centered(last, column):
        room += last.x0 - column.left
    return room < word.x1 - word.x0 + 0.6 * last.size


def ended(text: str) -> bool:
    """Tell whether a text ends like a sentence or a point."""
    return bool(_ENDED.search(text))


def goes_on(last: Paragraph, following: Paragraph) -> bool:
    """Tell whether a paragraph is the rest of the one that the page before ended in."""
    text, line = last.text, following.lines[0]
    if last.centered or following.centered or last.footnote != following.footnote:
        return False
    if MARKER.match(line.text) and not _UNFINISHED.search(text):
        return False
    if ended(text) or _capitals(line.text) != _capitals(last.lines[-1].text):
        return False
    if last.bold and not (following.bold and line.text[:1].islower()):
        return False
    if line.text[:1].islower() or _UNFINISHED.search(text):
        return True
    return (
        _is_solid(last.lines[-1])
        and line.x0 - following.column.left < 3 * _STEP
        and fills(last.lines[-1], line, last.column)
    )


def _is_solid(line: Line) -> bool:
    """Tell whether a line is text from end to end, not an office and a name far apart."""
    pairs = zip(line.tokens, line.tokens[1:], strict=False)
    return all(right.x0 - left.x1 < 1.5 * line.size for left, right in pairs)


def _capitals(text: str) -> bool:
    letters = "".join(_LETTER.findall(text))
    return len(letters) > 3 and letters.isupper()
