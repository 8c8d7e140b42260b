"""Tables drawn with characters in plain text: boxes of bars, and columns of blanks under a ruled heading."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.readers.characters import begins_point
from pipeline.readers.pieces import Table, table_of

_BARS = "|¦│║┃"
_RULE = re.compile(r"^\s*[-+=_|¦│║┃─━═┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬:*\s]+$")
_STROKES = re.compile(r"[-=_─━═]{8,}|(?:[-=_─━═]{2,}[+|¦│┼┬┴╬╦╩:\s]+){2,}")
_FEWEST_ROWS = 2


def is_rule(line: str) -> bool:
    """Tell whether a line is a horizontal rule: strokes and crossings only."""
    return bool(_RULE.match(line) and _STROKES.search(line))


def take_table(lines: Sequence[str], start: int) -> tuple[Table, int] | None:
    """Return the table that begins at a line and the line after it, or None where none does."""
    return _take_boxed(lines, start) or _take_ruled(lines, start)


def _take_boxed(lines: Sequence[str], start: int) -> tuple[Table, int] | None:
    """A table whose every line has the same number of bars; rules part the rows if there are any inside."""
    end, groups, counts = start, [[]], set[int]()  # type: tuple[int, list[list[list[str]]], set[int]]
    while end < len(lines) and lines[end].strip():
        if is_rule(lines[end]):
            groups.append([])
        elif bars := sum(lines[end].count(bar) for bar in _BARS):
            counts.add(bars)
            groups[-1].append(_parts(lines[end]))
        else:
            break
        end += 1
    groups = [group for group in groups if group]
    if len(counts) != 1 or sum(map(len, groups)) < _FEWEST_ROWS:
        return None
    rows = [_merged(group) for group in groups] if len(groups) > 2 else _rows_of(groups)
    rows = _without_margins(rows)
    return (table_of(rows), end) if len(rows) >= _FEWEST_ROWS and len(rows[0]) > 1 else None


def _parts(line: str) -> list[str]:
    return [part.strip() for part in re.split(f"[{_BARS}]", line.rstrip("\n"))]


def _rows_of(groups: list[list[list[str]]]) -> list[list[str]]:
    """Rows without rules between them: a line with an empty first cell goes on with the row above it."""
    rows: list[list[str]] = []
    for number, group in enumerate(groups):
        if number == 0 and len(groups) > 1:
            rows.append(_merged(group))
            continue
        for parts in group:
            first = next((part for part in parts[:2] if part), "")
            if rows and not first and number == len(groups) - 1 and len(rows) > (len(groups) > 1):
                rows[-1] = _merged([rows[-1], parts])
            else:
                rows.append(parts)
    return rows


def _merged(group: list[list[str]]) -> list[str]:
    return [_joined([parts[column] for parts in group]) for column in range(len(group[0]))]


def _joined(texts: Sequence[str]) -> str:
    """Join the lines of a cell: blanks within a paragraph, a line break before a bullet or number."""
    joined = ""
    for text in (text.strip() for text in texts):
        if not text:
            continue
        if not joined or (joined.endswith("-") and len(joined) > 1 and joined[-2].isalpha()):
            joined += text
        else:
            joined += ("\n" if begins_point(text) and joined[-1] in ".;:" else " ") + text
    return joined


def _without_margins(rows: list[list[str]]) -> list[list[str]]:
    """Drop the outer columns that are empty because the lines begin and end with a bar."""
    for side in (0, -1):
        while rows and rows[0] and not any(row[side] for row in rows):
            rows = [row[1:] if side == 0 else row[:-1] for row in rows]
    return rows


def _take_ruled(lines: Sequence[str], start: int) -> tuple[Table, int] | None:
    """A table whose heading stands between two rules with bars, its body in columns of blanks below."""
    if not is_rule(lines[start]):
        return None
    closing = next((index for index in range(start + 1, min(start + 12, len(lines))) if is_rule(lines[index])), 0)
    heading = lines[start + 1 : closing]
    cuts = _cuts(heading)
    if not closing or not cuts:
        return None
    end = closing + 1
    while end < len(lines) and not is_rule(lines[end]) and not (_blank(lines, end) and _blank(lines, end + 1)):
        end += 1
    rows = [_row(heading, cuts), *(_row(group, cuts) for group in _groups(lines[closing + 1 : end]))]
    end += end < len(lines) and is_rule(lines[end])
    return (table_of(rows), end) if len(rows) >= _FEWEST_ROWS else None


def _cuts(heading: Sequence[str]) -> list[int]:
    """Return the places of the bars that stand in all lines of a heading."""
    if not heading or not all(line.strip() for line in heading):
        return []
    places = [{index for index, letter in enumerate(line) if letter in _BARS} for line in heading]
    return sorted(set.intersection(*places))


def _blank(lines: Sequence[str], index: int) -> bool:
    return index >= len(lines) or not lines[index].strip()


def _groups(lines: Sequence[str]) -> list[list[str]]:
    """Part the body of a ruled table into rows at its blank lines."""
    groups: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]


def _row(lines: Sequence[str], cuts: Sequence[int]) -> list[str]:
    columns: list[list[str]] = [[] for _ in range(len(cuts) + 1)]
    for line in lines:
        previous = 0
        for column, cut in enumerate([*(_nearest_blank(line, cut) for cut in cuts), len(line)]):
            columns[column].append(line[previous:cut].strip(_BARS + " "))
            previous = max(previous, cut)
    return [_joined(texts) for texts in columns]


def _nearest_blank(line: str, cut: int) -> int:
    """Return the cut, moved to the next blank where it would part a word."""
    if cut >= len(line) or line[cut] in _BARS:
        return cut
    for step in range(4):
        for place in (cut + step, cut - step):
            if place >= len(line) or (place > 0 and line[place].isspace()):
                return place
    return cut
