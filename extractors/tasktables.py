"""Tasks in tables: columns told by their headings, group rows, inherited and repeated cells, one row a task."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from extractors import lexicon
from extractors.assignments import analyse
from extractors.base import Context
from extractors.deadlines import find_deadlines, read_deadline_cell
from extractors.findings import Finding
from extractors.prose import SILENT_ROLES
from extractors.structure import Outline, Point
from extractors.units import UnitName, find_unit_lists, split_units
from models.records import Block, Cell, Deadline, Document, Language, Span

MAX_HEADER_ROWS = 4
_BULLET = re.compile(r"^\s*(?:[-–—•●+*▪]|\d{1,2}[.)])\s*(?=\S)", re.MULTILINE)
_DIGITS = re.compile(r"[\s\d.()]*")
_ROW_LABEL = re.compile(r"^\s*(?:[IVXLC]+|\d+(?:\.\d+)*|[A-ZĐА-Я]|[a-zđа-я])[.)]?\s*$")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what: role -> column numbers, and the rules that told so."""

    roles: Mapping[str, tuple[int, ...]]
    rules: tuple[str, ...]
    first_row: int
    width: int


@dataclass(frozen=True, slots=True)
class Group:
    """What a group row says for the rows below it."""

    leads: tuple[UnitName, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    commands: bool = True


def find_table_tasks(document: Document, outline: Outline, context: Context) -> list[Finding]:
    """Return the tasks of the document's tables, in text order."""
    findings: list[Finding] = []
    previous: Columns | None = None
    for number, point in enumerate((p for p in outline.points if p.is_table), start=1):
        grid = Grid(document.text, point.block)
        columns = read_columns(grid, outline.language) or _continued(previous, grid)
        if not columns or point.role in SILENT_ROLES - {"aim", "result"}:
            continue
        previous = columns
        label = _table_label(outline, point, number)
        findings += _rows(grid, columns, label, outline.language, _local_context(outline, point, context))
    return findings


class Grid:
    """A table's cells by row and column; a merged cell stands in every place that it covers."""

    def __init__(self, text: str, block: Block) -> None:
        self.text = text
        covered: dict[int, dict[int, Cell]] = {}
        for cell in block.cells:
            for row in range(cell.row, cell.row + cell.row_span):
                for column in range(cell.column, cell.column + cell.column_span):
                    covered.setdefault(row, {}).setdefault(column, cell)
        rows = {row: list(dict.fromkeys(cells[column] for column in sorted(cells))) for row, cells in covered.items()}
        self.width = _usual_width(rows.values())
        self.height = 1 + max(rows, default=-1)
        self.places: dict[tuple[int, int], Cell] = {}
        for row, cells in rows.items():
            for column, cell in enumerate(_spread(cells, covered[row], self.width)):
                self.places[row, column] = cell

    def cell(self, row: int, column: int) -> Cell | None:
        return self.places.get((row, column))

    def words(self, row: int, column: int) -> str:
        cell = self.cell(row, column)
        return self.text[cell.start : cell.end].strip() if cell else ""

    def filled(self, row: int) -> list[Cell]:
        """Return the row's own cells that hold words, from left to right."""
        cells = dict.fromkeys(self.places[row, column] for column in range(self.width) if (row, column) in self.places)
        return [cell for cell in cells if self.text[cell.start : cell.end].strip()]

    def span(self, row: int) -> Span:
        cells = [cell for cell in self.filled(row) if cell.row == row] or self.filled(row)
        return Span(min(cell.start for cell in cells), max(cell.end for cell in cells))


def _usual_width(rows: Iterable[list[Cell]]) -> int:
    """Return how many cells the rows have, group rows left out; sections of one table may draw their lines apart, so
    the count tells more than the grid does."""
    counts = Counter(len(cells) for cells in rows if len(cells) > 1)
    return counts.most_common(1)[0][0] if counts else 1


def _spread(cells: list[Cell], covered: Mapping[int, Cell], width: int) -> list[Cell]:
    """Lay a row's cells over the usual columns: in order where the counts agree, else by the share of the grid."""
    if len(cells) == width:
        return cells
    grid = 1 + max(covered)
    return [covered[min(covered, key=lambda column: abs(column - place * grid / width))] for place in range(width)]


def read_columns(grid: Grid, language: Language) -> Columns | None:
    """Tell the columns by the heading rows at the top; None where the table is no task table."""
    best: Columns | None = None
    for first in range(min(MAX_HEADER_ROWS, grid.height)):
        for last in range(first, min(first + MAX_HEADER_ROWS - 1, grid.height - 1)):
            columns = _columns(grid, first, last, language)
            if columns and (best is None or len(columns.rules) > len(best.rules)):
                best = columns
    return best


def _columns(grid: Grid, first: int, last: int, language: Language) -> Columns | None:
    roles: dict[str, list[int]] = {}
    rules: list[str] = []
    for column in range(grid.width):
        heading = " ".join(dict.fromkeys(grid.words(row, column) for row in range(first, last + 1)))
        rule = _heading_rule(heading, language)
        if rule:
            roles.setdefault(rule.values["role"], []).append(column)
            rules.append(rule.id)
    useful = {"leads", "deadline", "coordinators"} & roles.keys()
    if "task" not in roles or not useful:
        return None
    return Columns({role: tuple(found) for role, found in roles.items()}, tuple(rules), _first_row(grid, last), grid.width)


def _heading_rule(heading: str, language: Language) -> lexicon.Rule | None:
    if not heading or len(heading) > 120:
        return None
    found = [(rule, match.start()) for rule in lexicon.load(language, "tables").rules if (match := rule.pattern.search(heading))]
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


def _continued(previous: Columns | None, grid: Grid) -> Columns | None:
    """A table without heading that is as wide as the one before goes on with its columns."""
    if previous is None or not grid.height:
        return None
    return replace(previous, first_row=0) if grid.width == previous.width > 2 else None


def _table_label(outline: Outline, point: Point, number: int) -> str:
    words = lexicon.load(outline.language, "structure").words
    path = outline.section(point)
    return "/".join(filter(None, [path, f"{words['table'][0]} {number}"]))


def _local_context(outline: Outline, point: Point, context: Context) -> Context:
    """Take the year of the nearest heading above the table, where it names one."""
    before = outline.points[max(0, point.index - 6) : point.index]
    for other in reversed([*outline.ancestors(point), *before]):
        years = [int(year) for year in re.findall(r"(?<![\d/.№-])(20\d\d)(?![\d/])", other.body.of(outline.text))]
        if years and max(years) - min(years) <= 1 and len(other.body.of(outline.text)) < 300:
            return replace(context, year=min(years), last_year=max(years))
    return context


def _rows(grid: Grid, columns: Columns, label: str, language: Language, context: Context) -> Iterator[Finding]:
    row_word = lexicon.load(language, "structure").words["row"][0]
    group, above = Group(), Group()
    for row in range(columns.first_row, grid.height):
        if not grid.filled(row) or _repeats_heading(grid, row, columns, language):
            continue
        heading = _group(grid, row, columns, language, context)
        if heading:
            group = heading
            continue
        task = _task_cell(grid, row, columns)
        if task is None or not _has_words(grid.text[task.start : task.end]):
            continue
        found = list(_row_findings(grid, row, task, columns, f"{label}/{row_word} {row - columns.first_row + 1}", language, context, group, above))
        if found:
            above = Group(found[0].leads, found[0].deadlines)
        yield from found


def _has_words(text: str) -> bool:
    return sum(char.isalpha() for char in text) >= 4


def _repeats_heading(grid: Grid, row: int, columns: Columns, language: Language) -> bool:
    first = columns.roles["task"][0]
    rule = _heading_rule(grid.words(row, first), language) if len(grid.words(row, first)) < 40 else None
    others = [_heading_rule(grid.words(row, c), language) for r in ("leads", "deadline") for c in columns.roles.get(r, ())]
    return bool(rule and rule.values["role"] == "task" and any(other and other.values["role"] in ("leads", "deadline") for other in others))


def _task_cell(grid: Grid, row: int, columns: Columns) -> Cell | None:
    cells = [grid.cell(row, column) for column in columns.roles["task"]]
    filled = [cell for cell in cells if cell and cell.row == row and grid.text[cell.start : cell.end].strip()]
    return filled[0] if filled else None


def _group(grid: Grid, row: int, columns: Columns, language: Language, context: Context) -> Group | None:
    """Read a group row: its words stand in one cell alone, merged or with nothing beside it but a number."""
    cells = [cell for cell in grid.filled(row) if cell.row == row and not _ROW_LABEL.match(grid.text[cell.start : cell.end])]
    if len(cells) != 1 or any(cell.row < row for cell in grid.filled(row) if cell.column not in columns.roles.get("number", ())):
        return None
    cell = cells[0]
    text = grid.text[cell.start : cell.end]
    wide = sum(grid.cell(row, column) is cell for column in range(grid.width)) >= max(2, grid.width - 1)
    short = len(text.split()) <= 30 and not text.rstrip().endswith((";", "."))
    if not wide and not (short and (cell.bold or text.isupper() or _roman_label(grid, row))):
        return None
    lists = find_unit_lists(text, language, context.acronyms)
    leads: tuple[UnitName, ...] = ()
    if lists and len(text) - (lists[-1].span.end - lists[0].span.start) <= 8:
        leads = tuple(UnitName(name.name, name.span.shifted(cell.start)) for found in lists for name in found.names)
    deadlines = read_deadline_cell(text, context) or find_deadlines(text, context)
    return Group(leads, _shift(deadlines, cell.start))


def _roman_label(grid: Grid, row: int) -> bool:
    return any(re.fullmatch(r"\s*(?:[IVXLC]+|[A-ZĐА-Я])[.)]?\s*", grid.text[cell.start : cell.end]) for cell in grid.filled(row))


def _shift(deadlines: Sequence[Deadline], offset: int) -> tuple[Deadline, ...]:
    return tuple(replace(deadline, span=deadline.span.shifted(offset)) for deadline in deadlines)


def _row_findings(
    grid: Grid, row: int, task: Cell, columns: Columns, section: str, language: Language, context: Context,
    group: Group, above: Group,
) -> Iterator[Finding]:
    leads, lead_named = _units(grid, row, columns.roles.get("leads", ()), language, above.leads)
    coordinators, _ = _units(grid, row, columns.roles.get("coordinators", ()), language, ())
    deadlines = _deadlines(grid, row, columns, context, above.deadlines, group)
    product = " ".join(" ".join(grid.words(row, column).split()) for column in columns.roles.get("product", ()))
    for span in _task_spans(grid.text, task):
        text = span.of(grid.text)
        own = find_deadlines(text, context)
        assignment = analyse(text, own, context)
        named = _moved(assignment.leads, span.start) if assignment and not lead_named else ()
        helpers = _moved(assignment.coordinators, span.start) if assignment else ()
        yield Finding(
            action=span,
            passage=grid.span(row),
            section=section,
            leads=leads or named or group.leads,
            coordinators=coordinators or tuple(unit for unit in helpers if unit.name not in {u.name for u in leads}),
            deadlines=deadlines or _shift(own, span.start) or group.deadlines,
            confidence=0.95 if leads and deadlines else 0.85,
            rules=columns.rules,
            deliverable=product,
            origin="table",
        )


def _moved(names: Sequence[UnitName], offset: int) -> tuple[UnitName, ...]:
    return tuple(UnitName(name.name, name.span.shifted(offset)) for name in names)


def _units(
    grid: Grid, row: int, numbers: Sequence[int], language: Language, above: tuple[UnitName, ...]
) -> tuple[tuple[UnitName, ...], bool]:
    """Return the units of the columns, and whether they hold any words."""
    same = {word.casefold() for word in lexicon.load(language, "tables").words.get("same", ())}
    found: dict[str, UnitName] = {}
    named = False
    for cell in dict.fromkeys(grid.cell(row, column) for column in numbers):
        text = grid.text[cell.start : cell.end] if cell else ""
        if not text.strip() or cell is None or named:
            continue
        if text.strip().casefold() in same:
            return above, True
        named = True
        for unit in split_units(text, language):
            found.setdefault(unit.name, UnitName(unit.name, unit.span.shifted(cell.start)))
    return tuple(found.values()), named


def _deadlines(
    grid: Grid, row: int, columns: Columns, context: Context, above: tuple[Deadline, ...], group: Group
) -> tuple[Deadline, ...]:
    """Return the deadlines of the first deadline column that holds words; a column of months only frames the next."""
    same = {word.casefold() for word in lexicon.load(context.language, "tables").words.get("same", ())}
    month: tuple[Deadline, ...] = ()
    for cell in dict.fromkeys(grid.cell(row, column) for column in columns.roles.get("deadline", ())):
        text = grid.text[cell.start : cell.end] if cell else ""
        if not text.strip() or cell is None:
            continue
        if text.strip().casefold() in same:
            return above
        day = _day_of_month(text, cell, month or group.deadlines, context.language)
        found = (day,) if day else _shift(read_deadline_cell(text, context), cell.start)
        if not (len(found) == 1 and _is_month(found[0])):
            return found or month
        month = month or found
    return month


def _day_of_month(text: str, cell: Cell, frames: Sequence[Deadline], language: Language) -> Deadline | None:
    """Read a cell that holds only days ("25-26") in the month that a group row or the column before it names."""
    days = [int(number) for number in re.findall(r"\d+", text)]
    month = next((deadline for deadline in frames if _is_month(deadline)), None)
    if not days or month is None or month.due is None or not re.fullmatch(r"[\d\s.,;–—-]+", text):
        return None
    if not 1 <= min(days) <= max(days) <= month.due.day or len(days) > 31:
        return None
    first, last = month.due.replace(day=min(days)), month.due.replace(day=max(days))
    return Deadline(
        kind="date" if first == last else "period",
        text=f"{month.text}, {text.strip()}",
        span=cell.span,
        bound="in",
        start=first,
        due=last,
        rule=f"{language}.table.day-of-group-month",
        reasons=month.reasons,
    )


def _is_month(deadline: Deadline) -> bool:
    return deadline.kind == "date" and deadline.due is not None and (deadline.due + timedelta(days=1)).day == 1


def _task_spans(text: str, cell: Cell) -> list[Span]:
    """Return the task of a cell, or its tasks where several bullets stand in it."""
    words = text[cell.start : cell.end]
    starts = [match.end() for match in _BULLET.finditer(words)]
    if len(starts) < 2 or _BULLET.match(words) is None:
        skip = _BULLET.match(words)
        return [_stripped(text, Span(cell.start + (skip.end() if skip else 0), cell.end))]
    marks = [match.start() for match in _BULLET.finditer(words)][1:] + [len(words)]
    return [_stripped(text, Span(cell.start + start, cell.start + end)) for start, end in zip(starts, marks, strict=True)]


def _stripped(text: str, span: Span) -> Span:
    words = span.of(text)
    return Span(span.start + len(words) - len(words.lstrip()), span.end - (len(words) - len(words.rstrip())))
