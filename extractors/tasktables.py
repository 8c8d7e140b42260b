"""Tasks in tables: columns told by their headings, group rows, inherited and repeated cells, one row a task."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from extractors import lexicon
from extractors.assignments import analyse
from extractors.base import Context
from extractors.columns import Columns, continued, read_columns, repeats_heading
from extractors.deadlines import find_deadlines, read_deadline_cell
from extractors.findings import Finding, moved, shifted
from extractors.grid import Grid
from extractors.openings import SILENT_ROLES
from extractors.points import Outline, Point
from extractors.unitcells import split_units
from extractors.units import find_unit_lists
from extractors.unitwords import UnitName
from models.records import Cell, Deadline, Document, Language, Span

_BULLET = re.compile(r"^\s*(?:[-–—•●+*▪]|\d{1,2}[.)])\s*(?=\S)", re.MULTILINE)
_ROW_LABEL = re.compile(r"^\s*(?:[IVXLC]+|\d+(?:\.\d+)*|[A-ZĐА-Я]|[a-zđа-я])[.)]?\s*$")


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
        columns = read_columns(grid, outline.language) or continued(previous, grid)
        if not columns or point.role in SILENT_ROLES - {"aim", "result"}:
            continue
        previous = columns
        label = _table_label(outline, point, number)
        findings += _rows(grid, columns, label, outline.language, _local_context(outline, point, context))
    return findings


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
        if not grid.filled(row) or repeats_heading(grid, row, columns, language):
            continue
        heading = _group(grid, row, columns, language, context)
        if heading:
            group = heading
            continue
        task = _task_cell(grid, row, columns)
        if task is None or not _has_words(grid.text[task.start : task.end]):
            continue
        found = list(
            _row_findings(
                grid,
                row,
                task,
                columns,
                f"{label}/{row_word} {row - columns.first_row + 1}",
                language,
                context,
                group,
                above,
            )
        )
        if found:
            above = Group(found[0].leads, found[0].deadlines)
        yield from found


def _has_words(text: str) -> bool:
    return sum(char.isalpha() for char in text) >= 4


def _task_cell(grid: Grid, row: int, columns: Columns) -> Cell | None:
    cells = [grid.cell(row, column) for column in columns.roles["task"]]
    filled = [cell for cell in cells if cell and cell.row == row and grid.text[cell.start : cell.end].strip()]
    return filled[0] if filled else None


def _group(grid: Grid, row: int, columns: Columns, language: Language, context: Context) -> Group | None:
    """Read a group row: its words stand in one cell alone, merged or with nothing beside it but a number."""
    cells = [
        cell for cell in grid.filled(row) if cell.row == row and not _ROW_LABEL.match(grid.text[cell.start : cell.end])
    ]
    if len(cells) != 1 or any(
        cell.row < row for cell in grid.filled(row) if cell.column not in columns.roles.get("number", ())
    ):
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
    return Group(leads, shifted(deadlines, cell.start))


def _roman_label(grid: Grid, row: int) -> bool:
    return any(
        re.fullmatch(r"\s*(?:[IVXLC]+|[A-ZĐА-Я])[.)]?\s*", grid.text[cell.start : cell.end])
        for cell in grid.filled(row)
    )


def _row_findings(
    grid: Grid,
    row: int,
    task: Cell,
    columns: Columns,
    section: str,
    language: Language,
    context: Context,
    group: Group,
    above: Group,
) -> Iterator[Finding]:
    leads, lead_named = _units(grid, row, columns.roles.get("leads", ()), language, above.leads)
    coordinators, _ = _units(grid, row, columns.roles.get("coordinators", ()), language, ())
    deadlines = _deadlines(grid, row, columns, context, above.deadlines, group)
    product = " ".join(" ".join(grid.words(row, column).split()) for column in columns.roles.get("product", ()))
    for span in _task_spans(grid.text, task):
        text = span.of(grid.text)
        own = find_deadlines(text, context)
        assignment = analyse(text, own, context)
        named = moved(assignment.leads, span.start) if assignment and not lead_named else ()
        helpers = moved(assignment.coordinators, span.start) if assignment else ()
        yield Finding(
            action=span,
            passage=grid.span(row),
            section=section,
            leads=leads or named or group.leads,
            coordinators=coordinators or tuple(unit for unit in helpers if unit.name not in {u.name for u in leads}),
            deadlines=deadlines or shifted(own, span.start) or group.deadlines,
            confidence=0.95 if leads and deadlines else 0.85,
            rules=columns.rules,
            deliverable=product,
            origin="table",
        )


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
        found = (day,) if day else shifted(read_deadline_cell(text, context), cell.start)
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
