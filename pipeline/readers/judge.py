"""Judges the text layer of a page before it is believed: is it there, is it the page's own, does it make sense."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pipeline.readers.pages.sheets import Sheet
from pipeline.readers.textquality import is_broken, language_of, oddity

if TYPE_CHECKING:
    from pipeline.readers.textlayer import Drawing

Verdict: TypeAlias = Literal["native", "scanned", "nonsense", "patchy"]

_FEW_WORDS = 12  # words that a stamp or an e-signature brings onto a scan
_COVERED = 0.55  # share of a page that an image must cover to be a scan of it
_ODD = 0.18  # share of odd words from which a text is not to be believed
_ENOUGH_WORDS = 40  # words from which a text must show its language


def verdict(sheet: Sheet, drawing: Drawing) -> Verdict:
    """Return what a page's text layer is worth, by its words and by what the page draws besides.

    `scanned`: an image of the page, with no text or with words laid over it; `nonsense`: characters that spell
    nothing; `patchy`: sound but for a few words whose characters the file doesn't explain.
    """
    words = [token.text for line in sheet.lines for token in line.tokens]
    covered = _coverage(drawing)
    if len(words) < _FEW_WORDS and (covered > 0.3 or (not words and drawing.outlines > 200)):
        return "scanned"
    if covered >= _COVERED and (drawing.hidden or covered >= 0.9):
        return "scanned"
    if oddity(words) > _ODD or (len(words) >= _ENOUGH_WORDS and language_of(words) is None and not _is_table(sheet)):
        return "nonsense"
    return "patchy" if any(map(is_broken, words)) else "native"


def _is_table(sheet: Sheet) -> bool:
    """Tell whether a page is mostly ruled: tables of names and numbers have few of a language's common words."""
    return len(sheet.vertical) > 3 and len(sheet.horizontal) > 3


def _coverage(drawing: Drawing) -> float:
    """Return the share of the page that its images cover, overlaps counted twice at most up to the whole."""
    area = drawing.width * drawing.height or 1.0
    total = 0.0
    for x0, y0, x1, y1 in drawing.images:
        width = min(max(x0, x1), drawing.width) - max(min(x0, x1), 0)
        height = min(max(y0, y1), drawing.height) - max(min(y0, y1), 0)
        total += max(width, 0) * max(height, 0) / area
    return min(total, 1.0)


def is_drawn_over_ink(document: Any, sheet: Sheet) -> bool:
    """Tell whether a page's words stand where its images already have ink: then they are a layer over a scan."""
    from pipeline.readers.images import ink_behind

    boxes = [token for line in sheet.lines for token in line.tokens if len(token.text) > 2][:200]
    if not boxes:
        return True
    behind = ink_behind(
        document, sheet.number, [(t.x0, t.top + 0.2 * t.size, t.x1, t.bottom - 0.2 * t.size) for t in boxes]
    )
    return sum(0.03 < share < 0.75 for share in behind) > 0.5 * len(boxes)
