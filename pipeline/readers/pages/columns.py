"""Text that stands side by side: the two columns of a letterhead, a signature beside a distribution list.

Lines that share a baseline but are parted by a gap running down several lines are columns: the left one is read
before the right one. A label with its value beside it ("FROM:", "SUBJECT:") is read label first, row by row.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.readers.pages.sheets import Line, joined

_MARKER_ONLY = re.compile(
    r"^(?:[(]?(?:\d{1,3}(?:\.(?:\d{1,3}|[a-z]{1,4}))*|[a-zđа-я]|[ivxlcIVXLC]{1,5})[.)]|\d{1,2}(?:\.\d{1,2})+|[-–—•+*▪○●◦§o])$"
)
_NEAR = 2.0  # line heights between rows of one region
_ALIGNED = 3.0  # points
_LABEL = 24  # letters: the longest label


@dataclass(slots=True)
class Pair:
    """Two lines side by side and the gap between them."""

    left: Line
    right: Line

    @property
    def gap(self) -> tuple[float, float]:
        return self.left.x1, self.right.x0


@dataclass(slots=True)
class Flow:
    """Lines that stand one below the other, and the edges of the column they stand in if it is one beside another."""

    lines: list[Line]
    edges: tuple[float, float] | None = None


def flows(lines: list[Line], edges: tuple[float, float] | None = None) -> list[Flow]:
    """Return the lines of a page, from top to bottom, as flows; `edges` are those of the column they stand in."""
    result: list[Flow] = []
    rest = _with_markers(lines)
    while rest:
        region = _first_region(rest)
        if region is None:
            return [*result, *_single(rest, edges)]
        before, left, right, after = region
        result += _single(before, edges)
        outer = edges or (min(line.x0 for line in lines), max(line.x1 for line in lines))
        result += _side_by_side(left, right, outer)
        rest = after
    return result


def _single(lines: list[Line], edges: tuple[float, float] | None) -> list[Flow]:
    return [Flow([joined(row) for row in rows_of(lines)], edges)] if lines else []


def rows_of(lines: list[Line]) -> Iterator[list[Line]]:
    """Group lines that overlap by more than half their height into rows, from top to bottom."""
    row: list[Line] = []
    for line in sorted(lines, key=lambda line: line.middle):
        if row and not any(_beside(line, other) for other in row):
            yield sorted(row, key=lambda line: line.x0)
            row = []
        row.append(line)
    if row:
        yield sorted(row, key=lambda line: line.x0)


def _beside(line: Line, other: Line) -> bool:
    overlap = min(line.bottom, other.bottom) - max(line.top, other.top)
    return overlap > 0.5 * min(line.bottom - line.top, other.bottom - other.top)


def _with_markers(lines: list[Line]) -> list[Line]:
    """Join a numbering marker with the text that a tab parts from it."""
    result: list[Line] = []
    for row in rows_of(lines):
        while len(row) > 1 and _MARKER_ONLY.match(row[0].text) and row[1].x0 - row[0].x1 < 6 * row[0].size:
            row[:2] = [joined(row[:2])]
        result += row
    return result


def _first_region(lines: list[Line]) -> tuple[list[Line], list[Line], list[Line], list[Line]] | None:
    """Return the lines before, left of, right of and after the first gap that runs down several lines."""
    pairs = [Pair(a, b) for row in rows_of(lines) for a, b in itertools.pairwise(row)]
    for index, pair in enumerate(pairs):
        start, end = pair.gap
        members = [pair]
        for other in pairs[index + 1 :]:
            low, high = max(start, other.gap[0]), min(end, other.gap[1])
            if high - low < 0.5 * pair.left.size or not _close(members[-1], other):
                continue
            if _is_crossed(lines, members[-1], other, low, high):
                break
            if other.left is members[-1].left or other.right is members[-1].right:
                continue
            start, end = low, high
            members.append(other)
        region = _extended(lines, members, start, end)
        if region is not None:
            return region
    return None


def _close(pair: Pair, other: Pair) -> bool:
    height = pair.left.bottom - pair.left.top
    return min(other.left.top, other.right.top) - max(pair.left.bottom, pair.right.bottom) < 6 * height


def _is_crossed(lines: list[Line], pair: Pair, other: Pair, start: float, end: float) -> bool:
    """Tell whether a line between two pairs runs across the gap."""
    above, below = pair.left.middle, other.left.middle
    return any(above < line.middle < below and line.x0 < start and line.x1 > end for line in lines)


def _extended(
    lines: list[Line], pairs: list[Pair], start: float, end: float
) -> tuple[list[Line], list[Line], list[Line], list[Line]] | None:
    """Take in the lines that go on below and between the pairs on either side of the gap, which may narrow."""
    first = min(min(pair.left.top, pair.right.top) for pair in pairs)
    last = max(max(pair.left.bottom, pair.right.bottom) for pair in pairs)
    members = {id(line) for pair in pairs for line in (pair.left, pair.right)}
    left, right = [pair.left for pair in pairs], [pair.right for pair in pairs]
    before: list[Line] = []
    after: list[Line] = []
    for line in lines:
        if id(line) in members:
            continue
        if line.bottom <= first + 1:
            before.append(line)
        elif not after and line.x1 < end - 2 and line.x0 < start and _follows(line, left, last):
            left.append(line)
            start = max(start, line.x1)
        elif not after and line.x0 > start + 2 and _follows(line, right, last):
            right.append(line)
            end = min(end, line.x0)
        else:
            after.append(line)
    left.sort(key=lambda line: line.top)
    right.sort(key=lambda line: line.top)
    return (before, left, right, after) if _is_region(pairs, left, right, before) else None


def _is_region(pairs: list[Pair], left: list[Line], right: list[Line], before: list[Line]) -> bool:
    """Tell whether a gap parts columns: it runs down two rows, or one wide gap has more lines on one side.

    A gap in one line of a paragraph, below a line that runs across it, parts nothing.
    """
    if len(pairs) > 1:
        return True
    pair = pairs[0]
    above = max(before, key=lambda line: line.bottom, default=None)
    if above and _is_broken_line(pair, above):
        return False
    wide = pair.right.x0 - pair.left.x1 > 2 * pair.left.size
    label = pair.left.text.endswith(":") and any(
        abs(line.x0 - pair.right.x0) < _ALIGNED for line in right if line is not pair.right
    )
    return label or (wide and (len(list(rows_of(left))) > 1 or len(list(rows_of(right))) > 1))


def _is_broken_line(pair: Pair, above: Line) -> bool:
    """Tell whether a pair is one line of a paragraph, under a line that runs across its gap, with a word lost."""
    if not (above.x0 < pair.left.x1 and above.x1 > pair.right.x0) or pair.left.text.endswith(":"):
        return False
    close = pair.left.baseline - above.baseline < 1.5 * pair.left.size
    flush = abs(pair.right.x1 - above.x1) < 0.4 * above.size and pair.left.x0 - above.x0 < 5 * above.size
    return close or (flush and pair.right.x0 - pair.left.x1 < 6 * above.size)


def _follows(line: Line, column: list[Line], last: float) -> bool:
    """Tell whether a line goes on with a column, not too far below it."""
    if line.bottom <= last:
        return True
    return line.top - max(other.bottom for other in column) < _NEAR * line.size


def _side_by_side(left: list[Line], right: list[Line], outer: tuple[float, float]) -> list[Flow]:
    """Return the columns one after the other, labels each with the lines beside them."""
    labels = [line for line in left if any(_beside(line, other) for other in right)]
    if not _are_labels(labels, right) or any(line.top < labels[-1].top for line in left if line not in labels):
        end, start = max(line.x1 for line in left), min(line.x0 for line in right)
        return [*flows(left, (outer[0], end)), *flows(right, (start, outer[1]))]
    result: list[Flow] = []
    for index, label in enumerate(labels):
        below = labels[index + 1].top - 1 if index + 1 < len(labels) else float("inf")
        above = label.top - label.size if index else float("-inf")
        beside = [line for line in right if above <= line.top < below - 0.5 * label.size]
        right = [line for line in right if line not in beside]
        row = [line for line in beside if _beside(line, label)]
        rest = [line for line in beside if line not in row]
        result.append(Flow([joined([label, *row]), *rest]))
    rest = [*right, *(line for line in left if line not in labels)]
    return [*result, *_single(rest, None)]


def _are_labels(left: list[Line], right: list[Line]) -> bool:
    """Tell whether a left column holds the labels of what stands beside them: short, flush, fewer than the lines."""
    if all(line.text.endswith(":") for line in left):
        return True
    flush = all(abs(line.x0 - column[0].x0) < _ALIGNED for column in (left, right) for line in column)
    short = all(len(line.text) <= _LABEL for line in left)
    return len(left) > 1 and flush and short and max(len(line.text) for line in right) > 2 * _LABEL
