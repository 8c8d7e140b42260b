"""Ruling lines become grids: which rectangles of a page are the cells of a table.

A grid is made of the lines that touch each other. Cells that no line parts are one cell; what has fewer than two rows
or columns is a box around text, not a table.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.readers.pages.sheets import Rule

_SNAP = 2.5  # points: lines this near to each other are one
_REACH = 4.0  # points: lines that end this near to each other touch
_NARROW = 5.0  # points: what is narrower than this is no column or row
_COVERED = 0.6  # share of a cell's side that a line must cover to part it from its neighbour


@dataclass(frozen=True, slots=True)
class GridCell:
    """A rectangle of a grid and the rows and columns it covers."""

    row: int
    column: int
    row_span: int
    column_span: int


@dataclass(slots=True)
class Grid:
    """The lines of a table: `xs` and `ys` are the edges of its columns and rows."""

    xs: list[float]
    ys: list[float]
    cells: list[GridCell]

    def edges(self, cell: GridCell) -> tuple[float, float, float, float]:
        return (
            self.xs[cell.column],
            self.ys[cell.row],
            self.xs[cell.column + cell.column_span],
            self.ys[cell.row + cell.row_span],
        )


def grids_of(horizontal: list[Rule], vertical: list[Rule]) -> list[Grid]:
    """Return the tables that ruling lines draw, from top to bottom."""
    across, down = _merged(horizontal), _merged(vertical)
    grids = [_grid(rows, columns) for rows, columns in _touching(across, down) if len(rows) > 1 and columns]
    found = [grid for grid in grids if grid and len(grid.cells) > 1]
    return sorted(found, key=lambda grid: grid.ys[0])


def _merged(rules: list[Rule]) -> list[Rule]:
    """Join pieces of one line."""
    result: list[Rule] = []
    band: list[Rule] = []
    for rule in sorted(rules):
        if band and rule.at - band[0].at > _SNAP:
            result += _joined(band)
            band = []
        band.append(rule)
    return result + (_joined(band) if band else [])


def _joined(band: list[Rule]) -> list[Rule]:
    at = sum(rule.at for rule in band) / len(band)
    result: list[Rule] = []
    for rule in sorted(band, key=lambda rule: rule.start):
        if result and rule.start - result[-1].end <= _REACH:
            result[-1] = Rule(at, result[-1].start, max(result[-1].end, rule.end))
        else:
            result.append(Rule(at, rule.start, rule.end))
    return result


def _touching(across: list[Rule], down: list[Rule]) -> Iterable[tuple[list[Rule], list[Rule]]]:
    """Return the groups of lines that cross or touch each other."""
    parents = list(range(len(across) + len(down)))

    def root(index: int) -> int:
        while parents[index] != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    for i, row in enumerate(across):
        for j, column in enumerate(down):
            if _meet(row, column):
                parents[root(i)] = root(len(across) + j)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, row in enumerate(across):
        groups.setdefault(root(i), ([], []))[0].append(row)
    for j, column in enumerate(down):
        groups.setdefault(root(len(across) + j), ([], []))[1].append(column)
    return groups.values()


def _meet(row: Rule, column: Rule) -> bool:
    return (
        row.start - _REACH <= column.at <= row.end + _REACH and column.start - _REACH <= row.at <= column.end + _REACH
    )


def _grid(rows: list[Rule], columns: list[Rule]) -> Grid | None:
    """Return the grid of lines that touch; missing outer lines are put in where the others end."""
    left, right = min(rule.start for rule in rows), max(rule.end for rule in rows)
    top, bottom = min(rule.start for rule in columns), max(rule.end for rule in columns)
    xs = _edges([rule.at for rule in columns], left, right)
    ys = _edges([rule.at for rule in rows], top, bottom)
    if len(xs) < 3 or len(ys) < 2:
        return None
    return Grid(xs, ys, _cells(xs, ys, rows, columns))


def _edges(places: list[float], low: float, high: float) -> list[float]:
    result: list[float] = []
    for place in sorted([*places, low, high]):
        if not result or place - result[-1] > _NARROW:
            result.append(place)
    return result


def _cells(xs: list[float], ys: list[float], rows: list[Rule], columns: list[Rule]) -> list[GridCell]:
    """Merge the elementary rectangles that no line parts into cells."""
    width, height = len(xs) - 1, len(ys) - 1
    owner = [[(i, j) for j in range(width)] for i in range(height)]
    for i in range(height):
        for j in range(width):
            up = i > 0 and not _covers(rows, ys[i], xs[j], xs[j + 1])
            back = j > 0 and not _covers(columns, xs[j], ys[i], ys[i + 1])
            if back:
                owner[i][j] = owner[i][j - 1]
            if up:
                _unite(owner, owner[i][j], owner[i - 1][j])
    boxes: dict[tuple[int, int], list[int]] = {}
    for i in range(height):
        for j in range(width):
            box = boxes.setdefault(owner[i][j], [i, j, i, j])
            box[:] = [min(box[0], i), min(box[1], j), max(box[2], i), max(box[3], j)]
    return [GridCell(i, j, last_i - i + 1, last_j - j + 1) for i, j, last_i, last_j in sorted(boxes.values())]


def _unite(owner: list[list[tuple[int, int]]], old: tuple[int, int], new: tuple[int, int]) -> None:
    if old != new:
        for line in owner:
            line[:] = [new if place == old else place for place in line]


def _covers(rules: list[Rule], at: float, start: float, end: float) -> bool:
    """Tell whether lines at a place cover most of a stretch."""
    covered = sum(
        max(0.0, min(rule.end, end) - max(rule.start, start)) for rule in rules if abs(rule.at - at) <= _NARROW
    )
    return covered >= _COVERED * (end - start)
