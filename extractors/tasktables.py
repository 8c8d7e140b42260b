"""Tasks in tables: columns told by their headings, group rows, inherited and repeated cells, one row a task."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extractors import lexicon
from extractors.assignments import analyse
from extractors.base import Context, years_of
from extractors.columns import Columns, continued, read_columns, repeats_heading
from extractors.confidence import SOFT, TABLE_ROW
from extractors.deadlines import find_deadlines, read_deadline_cell
from extractors.findings import Finding, moved, shifted
from extractors.grid import Grid
from extractors.openings import SILENT_ROLES
from extractors.points import Outline, Point
from extractors.sentences import sentences
from extractors.tabletimes import cell_deadlines, is_frame, says_less
from extractors.unitcells import split_helpers, split_units
from extractors.units import find_unit_lists
from extractors.unitwords import UnitName
from models.records import Cell, Deadline, Document, Language, Span

_LEADING = frozenset({"leads", "lead-then-coordinators"})
_CAPTION = 300  # characters; a longer paragraph is no caption of a table
_SHORT_NOTE = 40  # characters
_GROUP_WORDS = 30
_MARGIN = 8  # characters beside the units in a group row that names nothing else
_CAPITAL_LABEL = re.compile(r"\s*(?:[IVXLC]+|[A-ZĐА-Я])[.)]?\s*")
_BULLET = re.compile(r"^\s*(?:[-–—•●+*▪]|\d{1,2}(?:\.\d{1,2})+[.)]?(?=\s)|\d{1,2}[.)](?!\d))\s*(?=\S)", re.MULTILINE)
_ROW_LABEL = re.compile(r"^\s*(?:[IVXLC]+|\d+(?:\.\d+)*|[A-ZĐА-Я]|[a-zđа-я])[.)]?\s*$")


@dataclass(frozen=True, slots=True)
class Group:
    """What a group row says for the rows below it."""

    leads: tuple[UnitName, ...] = ()
    deadlines: tuple[Deadline, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A task table that is being read: its grid, its columns, where it stands and what is known around it."""

    grid: Grid
    columns: Columns
    label: str
    context: Context

    def words(self, cell: Cell | None) -> str:
        return self.grid.text[cell.start : cell.end] if cell else ""

    def section(self, row: int) -> str:
        word = lexicon.load(self.context.language, "structure").words["row"][0]
        return f"{self.label}/{word} {row - self.columns.first_row + 1}"


def find_table_tasks(document: Document, outline: Outline, context: Context) -> list[Finding]:
    """Return the tasks of the document's tables, in text order."""
    findings: list[Finding] = []
    previous: Columns | None = None
    for number, point in enumerate((p for p in outline.points if p.is_table), start=1):
        grid = Grid(document.text, point.block)
        columns = read_columns(grid, outline.language) or continued(previous, grid)
        if not columns or point.role in SILENT_ROLES - {"aim", "result"}:
            continue
        previous = columns
        label = _table_label(outline, point, number)
        table = Table(grid, columns, label, _local_context(outline, point, context))
        findings += _rows(
            table, Group() if _LEADING & columns.roles.keys() else _lead_in_above(outline, point, context)
        )
    return findings


def _table_label(outline: Outline, point: Point, number: int) -> str:
    words = lexicon.load(outline.language, "structure").words
    path = outline.section(point)
    return "/".join(filter(None, [path, f"{words['table'][0]} {number}"]))


def _local_context(outline: Outline, point: Point, context: Context) -> Context:
    """Take the year of the nearest heading above the table, where it names one; where the title names a year, an
    unmarked line (an approval stamp, a date of signing) doesn't outweigh it."""
    before = outline.points[max(0, point.index - 6) : point.index]
    for other in reversed([*outline.ancestors(point), *before]):
        words = other.body.of(outline.text)
        if len(words) >= _CAPTION or (context.year and not other.style):
            continue
        year, last_year = years_of(words)
        if year:
            return replace(context, year=year, last_year=last_year)
    return context


def _lead_in_above(outline: Outline, point: Point, context: Context) -> Group:
    """Return who the sentence before a table tells to do what is in it: "The Office shall see to the following:"."""
    before = outline.points[point.index - 1] if point.index else None
    if before is None or before.is_table or not before.lead_in:
        return Group()
    last = sentences(outline.text, before.body, outline.language)[-1]
    words = last.of(outline.text)
    assignment = analyse(words, find_deadlines(words, context), context)
    return Group(moved(assignment.leads, last.start)) if assignment else Group()


def _rows(table: Table, group: Group) -> Iterator[Finding]:
    above = Group()
    for row in range(table.columns.first_row, table.grid.height):
        if not table.grid.filled(row) or repeats_heading(table.grid, row, table.columns, table.context.language):
            continue
        heading = _group(table, row)
        if heading:
            group = heading
            continue
        task = _task_cell(table, row)
        if task is None or not _has_words(table.words(task), table.context.language):
            continue
        found = list(_row_findings(table, row, task, group, above))
        if found:
            above = Group(found[0].leads, found[0].deadlines)
        yield from found


def _has_words(text: str, language: Language) -> bool:
    """Tell whether a cell names something to do: not a number, not the label of sums."""
    totals = lexicon.load(language, "tables").words.get("totals", ())
    return sum(char.isalpha() for char in text) >= 4 and text.strip(" :.").casefold() not in totals


def _task_cell(table: Table, row: int) -> Cell | None:
    cells = [table.grid.cell(row, column) for column in table.columns.roles["task"]]
    filled = [cell for cell in cells if cell and cell.row == row and table.words(cell).strip()]
    return min(filled, key=lambda cell: cell.row_span > 1, default=None)  # a cell over rows heads them


def _group(table: Table, row: int) -> Group | None:
    """Read a group row: its words stand in one cell alone, merged or with nothing beside it but a number."""
    grid, filled = table.grid, table.grid.filled(row)
    numbers = table.columns.roles.get("number", ())
    words = [cell for cell in filled if cell.row == row and not _ROW_LABEL.match(table.words(cell))]
    cells = [cell for cell in words if cell.column not in numbers] or words
    if len(cells) != 1 or any(cell.row < row for cell in filled if cell.column not in numbers):
        return None
    cell, text = cells[0], table.words(cells[0])
    wide = sum(grid.cell(row, column) is cell for column in range(grid.width)) >= max(2, grid.width - 1)
    short = len(text.split()) <= _GROUP_WORDS and not text.rstrip().endswith((";", "."))
    display = cell.bold or text.isupper() or _roman_label(table, row) or _worded_label(table, row)
    if not wide and not (short and display):
        return None
    lists = find_unit_lists(text, table.context.language, table.context.acronyms)
    leads: tuple[UnitName, ...] = ()
    if lists and len(text) - (lists[-1].span.end - lists[0].span.start) <= _MARGIN:
        leads = moved([name for found in lists for name in found.names], cell.start)
    deadlines = read_deadline_cell(text, table.context) or find_deadlines(text, table.context)
    return Group(leads, shifted(deadlines, cell.start))


def _roman_label(table: Table, row: int) -> bool:
    return any(_CAPITAL_LABEL.fullmatch(table.words(cell)) for cell in table.grid.filled(row))


def _worded_label(table: Table, row: int) -> bool:
    """Tell whether a row has words for a number ("Theme B") where other rows have numbers."""
    labels = [table.grid.words(row, column) for column in table.columns.roles.get("number", ())]
    return any(len(label.split()) > 1 and label.split()[0].isalpha() for label in labels)


def _row_findings(table: Table, row: int, task: Cell, group: Group, above: Group) -> Iterator[Finding]:
    leads, coordinators = _row_units(table, row, above)
    deadlines = _deadlines(table, row, above.deadlines, group)
    roles = table.columns.roles
    product = " ".join(" ".join(table.grid.words(row, column).split()) for column in roles.get("product", ()))
    for span in _task_spans(table.grid.text, task):
        text = span.of(table.grid.text)
        own = find_deadlines(text, table.context)
        assignment = analyse(text, own, table.context)
        named = moved(assignment.leads, span.start) if assignment and leads is None else ()
        helpers = moved(assignment.coordinators, span.start) if assignment else ()
        lead_names = {unit.name for unit in leads or ()}
        yield Finding(
            action=span,
            passage=table.grid.span(row),
            section=table.section(row),
            leads=leads or named or group.leads,
            coordinators=coordinators or tuple(unit for unit in helpers if unit.name not in lead_names),
            deadlines=deadlines or shifted(own, span.start) or group.deadlines,
            confidence=SOFT if table.columns.inferred else TABLE_ROW,
            rules=table.columns.rules,
            deliverable=product,
            origin="table",
            named=bool(leads),
            dated=bool(deadlines or own),
        )


def _row_units(table: Table, row: int, above: Group) -> tuple[tuple[UnitName, ...] | None, tuple[UnitName, ...]]:
    """Return leads and coordinators of a row; the leads are None where no cell speaks of them."""
    roles = table.columns.roles
    leads = _units(table, row, roles.get("leads", ()), above.leads)
    coordinators = _units(table, row, roles.get("coordinators", ()), ()) or ()
    both = _units(table, row, roles.get("lead-then-coordinators", ()), above.leads)
    if leads is None and both:
        return both[:1], (*both[1:], *coordinators)
    return leads, coordinators or _helpers(table, row)


def _helpers(table: Table, row: int) -> tuple[UnitName, ...]:
    """Return who assists by the cells that name who leads."""
    cells = dict.fromkeys(table.grid.cell(row, column) for column in table.columns.roles.get("leads", ()))
    found = [(cell, split_helpers(table.words(cell), table.context.language)) for cell in cells if cell]
    return tuple(name for cell, names in found for name in moved(names, cell.start))


def _units(table: Table, row: int, numbers: Sequence[int], above: tuple[UnitName, ...]) -> tuple[UnitName, ...] | None:
    """Return the units of the first of the columns that holds words, None where none does."""
    for cell in dict.fromkeys(table.grid.cell(row, column) for column in numbers):
        text = table.words(cell)
        if cell is None or not text.strip():
            continue
        if text.strip().casefold() in _same(table.context.language):
            return above
        return moved(split_units(text, table.context.language), cell.start)
    return None


@functools.cache
def _same(language: Language) -> frozenset[str]:
    """What a cell says that repeats the one above it."""
    return frozenset(word.casefold() for word in lexicon.load(language, "tables").words.get("same", ()))


def _deadlines(table: Table, row: int, above: tuple[Deadline, ...], group: Group) -> tuple[Deadline, ...]:
    """Return the deadlines of the first deadline column that holds words, with the start that its own column names.

    A column of months only frames the next; without a deadline column, short notes are looked into.
    """
    roles, frame = table.columns.roles, group.deadlines
    month: tuple[Deadline, ...] = ()
    for cell in dict.fromkeys(table.grid.cell(row, column) for column in roles.get("deadline", roles.get("other", ()))):
        text = table.words(cell)
        if cell is None or not text.strip() or ("deadline" not in roles and len(text) > _SHORT_NOTE):
            continue
        if text.strip().casefold() in _same(table.context.language):
            return above
        found = cell_deadlines(text, cell, month or frame, table.context)
        if not (len(found) == 1 and is_frame(found[0])):
            return month if says_less(found, month) else _started(found, table, row)
        month = month or found
    return _started(month, table, row)


def _started(found: tuple[Deadline, ...], table: Table, row: int) -> tuple[Deadline, ...]:
    """Give the first deadline the start day that stands in a column of its own."""
    for column in table.columns.roles.get("start", ()):
        starts = read_deadline_cell(table.grid.words(row, column), table.context)
        start = starts[0].start or starts[0].due if starts else None
        if found and start and found[0].due and start <= found[0].due:
            return (replace(found[0], kind="period", start=start), *found[1:])
    return found


def _task_spans(text: str, cell: Cell) -> list[Span]:
    """Return the task of a cell, or its tasks where several bullets stand in it."""
    words = text[cell.start : cell.end]
    bullets = list(_BULLET.finditer(words))
    if len(bullets) < 2 or bullets[0].start():
        skip = _BULLET.match(words)
        return [_stripped(text, Span(cell.start + (skip.end() if skip else 0), cell.end))]
    ends = [*(bullet.start() for bullet in bullets[1:]), len(words)]
    return [
        _stripped(text, Span(cell.start + bullet.end(), cell.start + end))
        for bullet, end in zip(bullets, ends, strict=True)
    ]


def _stripped(text: str, span: Span) -> Span:
    words = span.of(text)
    return Span(span.start + len(words) - len(words.lstrip()), span.end - (len(words) - len(words.rstrip())))
