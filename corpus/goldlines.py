"""From sources to gold registers: every task with its words, units and deadline, one JSON line a built file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from corpus.sourcefile import Block, Cell, Deadline, Row, Source, Table, Task, Unit, squeezed, without_label

UNIT_BREAK = re.compile(r"[;\n]\s*(?:[-–+]\s*)?")


def source_text(source: Source) -> str:
    """The words of a source in reading order, blanks squeezed: what every gold quote has to occur in."""
    head = source.head
    parts = [*head.superior, *head.issuer, *head.lines, head.number_line, head.place_date, head.kind, head.subject]
    parts += [f"{label} {value}" for label, value in head.fields]
    for block in source.body:
        parts += [block.text, *(_table_texts(block.table) if block.table else [])]
    return squeezed(" ".join(parts))


def _table_texts(table: Table) -> Iterator[str]:
    for row in table.rows:
        yield from ([row.group] if isinstance(row.group, str) else row.group or [])
        yield from (_text(cell) for cell in row.cells)


def _text(cell: str | Cell | None) -> str:
    return cell.text if isinstance(cell, Cell) else cell or ""


def cut(text: str, starts: str | None, ends: str | None) -> str:
    """The part of a text from its words `starts` to its words `ends`, both included; raises ValueError if missing."""
    begin = text.index(starts) if starts else 0
    end = text.index(ends, begin) + len(ends) if ends else len(text)
    return text[begin:end]


def gold_tasks(source: Source) -> list[dict[str, Any]]:
    """The tasks of a source in the form of the gold registers; ids are given in document order where left out."""
    tasks = [task for block in source.body for task in _block_tasks(block)] or source.gold
    return [_as_gold(number, task) for number, task in enumerate(tasks, 1)]


def _block_tasks(block: Block) -> Iterator[Task]:
    if block.table:
        for index, row in enumerate(block.table.rows):
            yield from (_row_task(block.table, index, row, task) for task in row.task)
    text = squeezed(without_label(block.text))
    for task in block.task:
        quote = task.quote or cut(text, task.starts, task.ends)
        yield task.model_copy(update={"quote": quote})


def _row_task(table: Table, index: int, row: Row, task: Task) -> Task:
    """A row's task, completed from the columns of the table."""
    words = task.quote or squeezed(cut(_text(row.cells[table.task_column or 0]), task.starts, task.ends))
    changed: dict[str, Any] = {"quote": words}
    if task.lead is None and table.lead_column is not None:
        changed["lead"] = _units(_standing(table, index, table.lead_column))
    if "coordinating" not in task.model_fields_set and table.coordinating_column is not None:
        changed["coordinating"] = _units(_standing(table, index, table.coordinating_column))
    if task.deadline.text is None and task.deadline.kind != "none" and table.deadline_column is not None:
        said = squeezed(_standing(table, index, table.deadline_column))
        changed["deadline"] = task.deadline.model_copy(update={"text": said})
    return task.model_copy(update=changed)


def _standing(table: Table, index: int, column: int) -> str:
    """The text that stands in a cell, or in the merged cell that covers it."""
    while index >= 0 and table.rows[index].cells[column] is None:
        index -= 1
    return _text(table.rows[index].cells[column])


def _units(cell: str) -> list[Unit]:
    parts = (part.strip(" -–\n") for part in UNIT_BREAK.split(cell.lstrip("- ")))
    return [" ".join(part.split()) for part in parts if part]


def _as_gold(number: int, task: Task) -> dict[str, Any]:
    return {
        "id": task.id or number,
        "core": task.core,
        "quote": squeezed(task.quote or ""),
        "lead": task.lead or [],
        "coordinating": task.coordinating,
        "deadline": _deadline(task.deadline),
    }


def _deadline(deadline: Deadline) -> dict[str, Any]:
    return deadline.model_dump(exclude_none=True)


def gold_line(source: Source, suffix: str) -> str:
    """The JSON line of one built file."""
    record = {
        "document": f"{source.name}.{suffix}",
        "language": source.language,
        "number": source.number,
        "date": source.date,
        "tasks": gold_tasks(source),
    }
    return json.dumps(record, ensure_ascii=False)


def complaints(source: Source) -> list[str]:
    """What is wrong with a source's gold: quotes and deadline words that its text doesn't hold, ids used twice."""
    text, found = source_text(source), []
    tasks = gold_tasks(source)
    for task in tasks:
        where = f"{source.name} task {task['id']}"
        if not task["quote"] or task["quote"] not in text:
            found.append(f"{where}: the text has no {task['quote']!r}")
        for part in re.split(r"\s*\.\.\.\s*", task["deadline"].get("text", "")):
            if squeezed(part) not in text:
                found.append(f"{where}: the text has no deadline {part!r}")
    if len({task["id"] for task in tasks}) != len(tasks):
        found.append(f"{source.name}: an id is used twice")
    if source.gold and any(_inline(block) for block in source.body):
        found.append(f"{source.name}: tasks stand both at their blocks and in `gold`")
    return found


def _inline(block: Block) -> bool:
    return bool(block.task) or bool(block.table and any(row.task for row in block.table.rows))
