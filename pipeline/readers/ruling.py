"""The ruling lines of a page image: found, told from folds and streaks of the scanner, and taken out."""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.readers.pages.sheets import Rule

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

_RULE_DPI = 150
_TOUCH = 5  # pixels at that resolution between the end of a line and the line it touches
_BESIDE = 5  # pixels at that resolution from a line to where ink on both sides shows that it is crossed


def ruling_lines(image: Image, dpi: int) -> tuple[list[Rule], list[Rule], Image]:
    """Return the horizontal and vertical lines of a straight grey image in points, and the image without them."""
    import numpy as np
    from PIL import Image as images

    factor = max(1, round(dpi / _RULE_DPI))
    grey = np.asarray(image)
    ink = grey < min(190, max(90, int(np.median(grey[::4, ::4])) - 50))
    small = _reduced(ink, factor)
    across, across_ink = _uncrossed(small, small, round(0.9 * _RULE_DPI), 0.2)
    letters = small & ~_grown(across)
    found = _uncrossed(_turned(small), _turned(letters), round(0.35 * _RULE_DPI), 0.02)
    down, down_ink = _turned(found[0]), _turned(found[1])
    across_ink, across = across_ink | (short := _bridging(small, down, round(0.15 * _RULE_DPI))), across | short
    short = _turned(_bridging(_turned(small), _turned(across), round(0.1 * _RULE_DPI)))
    down_ink, down = down_ink | short, down | short
    unit = 72 * factor / dpi
    rules = _rules(across, unit), _rules(_turned(down), unit)
    if not (across_ink.any() and down_ink.any()):
        return *rules, image  # underlines stay: taking them out hurts the dots below Vietnamese letters
    mask = np.zeros(ink.shape, bool)
    grown = np.repeat(np.repeat(_grown(across_ink | down_ink), factor, 0), factor, 1)
    mask[: grown.shape[0], : grown.shape[1]] = grown
    return *rules, images.fromarray(np.where(mask & ink, np.uint8(255), grey))


def _reduced(ink: np.ndarray, factor: int) -> np.ndarray:
    """Return a mask in which each square of pixels with any ink is one pixel."""
    height, width = (side // factor * factor for side in ink.shape)
    rows = functools.reduce(operator.or_, (ink[y:height:factor, :width] for y in range(factor)))
    return functools.reduce(operator.or_, (rows[:, x::factor] for x in range(factor))).copy()


def _turned(mask: np.ndarray) -> np.ndarray:
    """Return a mask with rows and columns exchanged."""
    import numpy as np

    return np.ascontiguousarray(mask.T)


def long_runs(ink: np.ndarray, length: int) -> np.ndarray:
    """Return the pixels that lie in horizontal runs of ink of at least a length, gaps of two pixels bridged."""
    import numpy as np

    closed = ink.copy()
    closed[:, 1:-1] |= ink[:, :-2] & ink[:, 2:]
    closed[:, 1:-2] |= ink[:, :-3] & ink[:, 3:]
    wide = max(0, ink.shape[1] - length + 1)  # places at which such a run may begin
    begins, reached = closed, 1
    while reached < length and begins.any():  # a run of twice a length is two of it, side by side
        step = min(reached, length - reached)
        begins, reached = begins[:, : -step or None] & begins[:, step:], reached + step
    runs = np.zeros_like(ink)
    if reached < length or not begins.any():
        return runs
    covered = np.pad(begins[:, :wide], ((0, 0), (0, length - 1)))
    reached = 1
    while reached < length:
        step = min(reached, length - reached)
        covered[:, step:] |= covered[:, :-step].copy()
        reached += step
    return covered


def _run_ends(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the row, start and end of every horizontal run of a mask."""
    import numpy as np

    padded = np.zeros((mask.shape[0], mask.shape[1] + 2), bool)
    padded[:, 1:-1] = mask
    width = mask.shape[1] + 1
    edges = np.flatnonzero(padded[:, 1:] != padded[:, :-1])  # of a flat array: many times as fast as of a square one
    rows, starts = np.divmod(edges[::2], width)
    return rows, starts, edges[1::2] % width


def _uncrossed(ink: np.ndarray, letters: np.ndarray, length: int, most: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the horizontal lines of at least a length that letters cross in no more than a share of their length.

    Folds and streaks of the scanner are crossed by the text. The second mask is the ink to take out before reading:
    those lines, and of the others what crosses no letter.
    """
    import numpy as np

    runs = long_runs(ink, length)
    if not runs.any():
        return runs, runs
    beside = np.zeros_like(ink)
    beside[_BESIDE:-_BESIDE] = letters[: -2 * _BESIDE] & letters[2 * _BESIDE :]
    crossed = np.zeros((runs.shape[0], runs.shape[1] + 1), np.int32)
    np.cumsum(runs & beside, axis=1, out=crossed[:, 1:])
    kept = np.zeros_like(runs)
    for row, start, end in _spans(runs):
        if crossed[row, end] - crossed[row, start] <= most * (end - start):
            kept[row, start:end] = True
    return kept, kept | (runs & ~_widened(beside))


def _bridging(ink: np.ndarray, walls: np.ndarray, length: int) -> np.ndarray:
    """Return the short horizontal lines that run from one vertical line to another: sides of narrow cells."""
    import numpy as np

    if not walls.any():
        return walls
    runs, _ = _uncrossed(ink, ink, length, 0.2)
    near = walls.copy()
    for step in range(1, _TOUCH + 1):
        near[:, step:] |= walls[:, :-step]
        near[:, :-step] |= walls[:, step:]
    kept = np.zeros_like(runs)
    for row, start, end in _spans(runs):
        if near[row, start] and near[row, end - 1]:
            kept[row, start:end] = True
    return kept


def _widened(mask: np.ndarray) -> np.ndarray:
    """Return a mask with two pixels more at either end of each horizontal run."""
    wide = mask.copy()
    for step in (1, 2):
        wide[:, step:] |= mask[:, :-step]
        wide[:, :-step] |= mask[:, step:]
    return wide


def _spans(runs: np.ndarray) -> Iterator[tuple[int, int, int]]:
    """Yield the row, start and end of every run of a mask."""
    rows, starts, ends = _run_ends(runs)
    yield from zip(rows.tolist(), starts.tolist(), ends.tolist(), strict=True)


def _grown(mask: np.ndarray) -> np.ndarray:
    grown = mask.copy()
    grown[1:] |= mask[:-1]
    grown[:-1] |= mask[1:]
    grown[:, 1:] |= mask[:, :-1]
    grown[:, :-1] |= mask[:, 1:]
    return grown


def _rules(runs: np.ndarray, unit: float) -> list[Rule]:
    """Return the runs of a mask as lines in points; the rows of a thick line are several."""
    return [Rule((row + 0.5) * unit, start * unit, end * unit) for row, start, end in _spans(runs)]
