"""The columns of a task table, told by the headings of its first rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from extractors import lexicon
from extractors.grid import Grid
from models.records import Language

MAX_HEADER_ROWS = 4
_HEADING = 120  # characters; longer cells are rather text
_LABEL = 40  # characters of a heading that is sure to be one
_TASK_WORDS = 3  # a column whose cells have fewer words on average doesn't tell what is to be done
_DIGITS = re.compile(r"[\s\d.()]*")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what: role -> column numbers, and the rules that told so; `inferred` where no heading says
    which column tells the task."""

    roles: Mapping[str, tuple[int, ...]]
    rules: tuple[str, ...]
    first_row: int
    width: int
    inferred: bool = False


def read_columns(grid: Grid, language: Language) -> Columns | None:
    """Tell the columns by the heading rows at the top; None where the table is no task table."""
    tops = [
        (first, last)
        for first in range(min(MAX_HEADER_ROWS, grid.height))
        for last in range(first, min(first + MAX_HEADER_ROWS - 1, grid.height - 1))
    ]
    told = [columns for first, last in tops if (columns := _columns(grid, first, last, language))]
    told = told or [columns for first, last in tops if (columns := _by_place(grid, first, last, language))]
    return max(told, key=_tells, default=None)


def _tells(columns: Columns) -> tuple[int, int]:
    """Return how much a reading of the heading tells: of how many columns, and how many things apart."""
    return len(columns.rules), len(columns.roles)


def _columns(grid: Grid, first: int, last: int, language: Language) -> Columns | None:
    headings = _headings(grid, first, last)
    found = _rules(headings, language)
    roles = {rule.values["role"] for rule in found.values()}
    useful = {"leads", "deadline", "coordinators", "lead-then-coordinators"} & roles
    if "task" not in roles or not useful:
        return None
    for column, heading in enumerate(headings):  # what is certainly a heading row may have long headings too
        if len(heading) > _HEADING and (rule := heading_rule(heading[:_HEADING], language)):
            found[column] = rule
    return _by_role(found, _first_row(grid, last), grid.width)


def _by_place(grid: Grid, first: int, last: int, language: Language) -> Columns | None:
    """Where short headings tell who and by when but none says "task": the wordiest column that none knows."""
    found = _rules([heading if len(heading) <= _LABEL else "" for heading in _headings(grid, first, last)], language)
    columns = _by_role(found, _first_row(grid, last), grid.width)
    if not ({"leads", "lead-then-coordinators"} & columns.roles.keys() and "deadline" in columns.roles):
        return None
    words = {column: _words_below(grid, column, columns.first_row) for column in range(grid.width)}
    unknown = [column for column, count in words.items() if column not in found and count >= _TASK_WORDS]
    if not unknown:
        return None
    task = max(unknown, key=words.__getitem__)
    return replace(columns, roles={**columns.roles, "task": (task,)}, inferred=True)


def _headings(grid: Grid, first: int, last: int) -> list[str]:
    return [
        "\n".join(dict.fromkeys(grid.words(row, column) for row in range(first, last + 1)))
        for column in range(grid.width)
    ]


def _rules(headings: Sequence[str], language: Language) -> dict[int, lexicon.Rule]:
    return {column: rule for column, heading in enumerate(headings) if (rule := heading_rule(heading, language))}


def _words_below(grid: Grid, column: int, first_row: int) -> float:
    """Return how many words a cell of the column has on average."""
    cells = dict.fromkeys(grid.cell(row, column) for row in range(first_row, grid.height))
    counts = [len(grid.text[cell.start : cell.end].split()) for cell in cells if cell is not None]
    return sum(counts) / len(counts) if counts else 0


def _by_role(found: Mapping[int, lexicon.Rule], first_row: int, width: int) -> Columns:
    roles: dict[str, list[int]] = {}
    for column in sorted(found):
        roles.setdefault(found[column].values["role"], []).append(column)
    rules = tuple(found[column].id for column in sorted(found))
    return Columns({role: tuple(columns) for role, columns in roles.items()}, rules, first_row, width)


def heading_rule(heading: str, language: Language) -> lexicon.Rule | None:
    if not heading or len(heading) > _HEADING:
        return None
    found = [
        (rule, match.start())
        for rule in lexicon.load(language, "tables").rules
        if (match := rule.pattern.search(heading))
    ]
    if not found:
        return None
    rule, start = found[0]
    if rule.values["role"] == "other":  # "name of the measure, number of participants" is headed by its first words
        return next((other for other, position in found[1:] if position < start), rule)
    return rule


def _first_row(grid: Grid, last: int) -> int:
    """Return the first row behind the heading: cells that reach down and a row of column numbers belong to it."""
    covered = [cell.row + cell.row_span - 1 for cell in grid.filled(last)]
    row = max([last, *(end for end in covered if end - last <= 2)]) + 1
    if row < grid.height and all(_DIGITS.fullmatch(grid.words(row, column)) for column in range(grid.width)):
        row += 1
    return row


def continued(previous: Columns | None, grid: Grid) -> Columns | None:
    """A table without heading that is as wide as the one before goes on with its columns."""
    if previous is None or not grid.height:
        return None
    return replace(previous, first_row=0) if grid.width == previous.width > 2 else None


def repeats_heading(grid: Grid, row: int, columns: Columns, language: Language) -> bool:
    first = columns.roles["task"][0]
    rule = heading_rule(grid.words(row, first), language) if len(grid.words(row, first)) < _LABEL else None
    others = [
        heading_rule(grid.words(row, c), language) for r in ("leads", "deadline") for c in columns.roles.get(r, ())
    ]
    return bool(
        rule
        and rule.values["role"] == "task"
        and any(other and other.values["role"] in ("leads", "deadline") for other in others)
    )
