"""What a page carries besides its text: running heads and feet, page numbers, the printer's marks in the margins."""

from __future__ import annotations

import functools
import re
from collections import defaultdict

from pipeline.readers.pages.sheets import Line, Sheet

_ZONE = 0.1  # share of the page height at the top and at the bottom where running lines stand
_TINY = 5.6  # points: margin marks are set smaller than any text
_NUMBER = re.compile(
    r"^[-–—|(\[ ]*(?:[^\W\d_]{1,6}\.?\s)?(?:\d{1,5}|[ivxlc]{1,6})(?:\s?(?:/|[^\W\d_]{1,6})\s?\d{1,4})?[-–—|)\] .]*$"
)
_DIGITS = re.compile(r"\d+")


def without_furniture(sheets: list[Sheet]) -> None:
    """Take the running lines and page numbers out of the sheets."""
    repeated = _repeated(sheets)
    for sheet in sheets:
        zones = {id(line) for line in _zone(sheet)}
        sheet.lines = [
            line
            for line in sheet.lines
            if id(line) not in zones
            or not (line.size < _TINY or _key(line) in repeated or _is_page_number(sheet, line, repeated))
        ]


def _zone(sheet: Sheet) -> list[Line]:
    top, bottom = _ZONE * sheet.height, (1 - _ZONE) * sheet.height
    return [line for line in sheet.lines if line.bottom < top or line.top > bottom]


def _key(line: Line) -> str:
    return _DIGITS.sub("#", "".join(line.text.split())).casefold()


def _repeated(sheets: list[Sheet]) -> set[str]:
    """Return the lines, numbers aside, that stand at the edge of several pages.

    What stands only on pages with which papers begin is their letterhead.
    """
    pages: defaultdict[str, list[int]] = defaultdict(list)
    for index, sheet in enumerate(sheets):
        for key in {_key(line) for line in _zone(sheet)}:
            pages[key].append(index)
    needed = 2 if len(sheets) < 5 else max(3, 0.25 * len(sheets))
    often = {key: on for key, on in pages.items() if len(on) >= needed and len(key.replace("#", "")) > 3}
    opens = functools.cache(lambda index: _opens_paper(sheets[index]))
    return {key for key, on in often.items() if not all(map(opens, on))}


def _opens_paper(sheet: Sheet) -> bool:
    from extractors.parts import is_letterhead

    return is_letterhead([line.text for line in sorted(sheet.lines, key=lambda line: line.top)])


def _is_page_number(sheet: Sheet, line: Line, repeated: set[str]) -> bool:
    """Tell whether a line is a number that stands, alone or beside a running head, at the edge of the page."""
    if not _NUMBER.match(line.text) or len(line.text) > 16:
        return False
    others = [other for other in sheet.lines if other is not line and _key(other) not in repeated]
    if any(_beside(line, other) for other in others):
        return False
    above = all(other.top >= line.bottom - 1 or other.size < _TINY for other in others)
    below = all(other.bottom <= line.top + 1 or other.size < _TINY for other in others)
    return above or below or line.top > 0.94 * sheet.height or line.bottom < 0.06 * sheet.height


def _beside(line: Line, other: Line) -> bool:
    return min(line.bottom, other.bottom) - max(line.top, other.top) > 0
