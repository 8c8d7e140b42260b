"""What reviewed rows teach: gold registers, and how right the machine was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from models.columns import SEPARATOR
from models.store.cells import CONFIRMED_COLUMNS, DEADLINE_COLUMNS, REJECTED
from models.store.database import Store, reading
from models.store.queries import document_rows
from models.store.rows import DocumentRow, TaskRow
from models.store.texts import file_of_reading
from models.tables import actions, current_documents

ROW, WHOLE = "row", "whole"  # among the cells of the statistics: that it is a task, and that nothing in it was wrong
# The cells that are told apart -> their columns, and the source that names the rules where it isn't the cell's own.
_CELLS: dict[str, tuple[str, ...]] = {
    column: (column,) for column in CONFIRMED_COLUMNS if column not in DEADLINE_COLUMNS
}
_CELLS["deadline"] = DEADLINE_COLUMNS
_SOURCES = {"deadline": "deadline_text"}


@dataclass(frozen=True, slots=True)
class Statistic:
    """How often the machine was right in a cell, for a language, a rule and a month (YYYY-MM), as people said.

    `cell` is a column, or `deadline` for all that tells it. In `row`, wrong are rows that were rejected, split or
    merged, and `missed` rows that people had to add; in `whole`, also rows of which any cell was corrected. Without a
    rule each row and cell counts once; made by several rules, it counts for each.
    """

    cell: str
    language: str
    rule: str
    month: str
    right: int
    wrong: int
    missed: int


def gold_lines(store: Store, *, unfinished: bool = False) -> Iterator[dict[str, Any]]:
    """Yield the reviewed documents in the form of gold registers, in the order of their recording.

    A document is reviewed when no row is left that nobody has looked at; `unfinished` takes those looked at of all.
    """
    with reading(store) as connection:
        files = file_of_reading(connection)
    for document_id in _document_ids(store, touched=True):
        document, rows = document_rows(store, document_id)
        reviewed = [row for row in rows if row.values["review_status"] != "new"]
        if reviewed and (unfinished or len(reviewed) == len(rows)):
            name = files.get(reviewed[0].reading_id, ("", ""))[0]
            yield _gold_line(document, name, reviewed)


def _document_ids(store: Store, touched: bool = False) -> list[str]:
    """Return all documents in the order of their recording, or those in which somebody has done something."""
    query = select(current_documents.c.document_id).order_by(current_documents.c.document_key)
    if touched:
        query = query.where(current_documents.c.document_key.in_(select(actions.c.document_key)))
    with reading(store) as connection:
        return list(connection.scalars(query))


def _gold_line(document: DocumentRow, file_name: str, rows: list[TaskRow]) -> dict[str, Any]:
    return {
        "document": file_name,
        "language": document.values.get("language", ""),
        "number": document.values.get("document_number", ""),
        "date": document.values.get("document_date", ""),
        "tasks": [_gold_task(number, row) for number, row in enumerate(rows, 1)],
    }


def _gold_task(number: int, row: TaskRow) -> dict[str, Any]:
    return {
        "id": number,
        "core": True,
        "quote": row.values.get("quote") or row.values.get("source_text", ""),
        "lead": _names(row.values.get("lead_unit", "")),
        "coordinating": _names(row.values.get("coordinating_units", "")),
        "deadline": _gold_deadline(row),
    }


def _names(cell: str) -> list[str]:
    return [name for name in cell.split(SEPARATOR) if name]


def _gold_deadline(row: TaskRow) -> dict[str, str]:
    fields = {"text": "deadline_text", "start": "start_date", "due": "due_date", "rrule": "recurrence"}
    kind = row.values.get("deadline_kind") or "none"
    wanted = {"date": ("text", "due"), "period": ("text", "start", "due"), "recurring": ("text", "rrule")}
    names = wanted.get(kind, () if kind == "none" else ("text", "due") if kind == "relative" else ("text",))
    return {"kind": kind, **{name: value for name in names if (value := row.values.get(fields[name], ""))}}


def correction_statistics(store: Store) -> list[Statistic]:
    """Return how right the machine was, by cell, language, rule and month, from all that people confirmed, set,
    rejected, split, merged and added; in the order of these."""
    counts: Counter[tuple[tuple[str, str, str, str], str]] = Counter()
    for document_id in _document_ids(store, touched=True):
        document, rows = document_rows(store, document_id, states=("shown", "rejected", "replaced"))
        for row in rows:
            counts.update(_verdicts(document.values.get("language", ""), row))
    keys = sorted({key for key, _ in counts})
    return [Statistic(*key, *(counts[key, verdict] for verdict in ("right", "wrong", "missed"))) for key in keys]


def last_action(store: Store) -> int:
    """Return the number of the last thing that anybody did: what is learnt stays the same until there is another."""
    with reading(store) as connection:
        return connection.scalar(select(func.max(actions.c.action_id))) or 0


def _verdicts(language: str, row: TaskRow) -> Iterator[tuple[tuple[str, str, str, str], str]]:
    month = row.values["reviewed_at"][:7]
    if row.origin == "added":
        yield (ROW, language, "", month), "missed"
    if row.origin != "machine" or not row.notes:
        return
    rules = ["", *_rules(row)]
    verdicts = {} if row.state == "replaced" or REJECTED in row.notes else dict(_cell_verdicts(row))
    is_task = "right" if verdicts else "wrong"
    whole = "right" if set(verdicts.values()) == {"right"} else "wrong"
    for rule in rules:
        yield (ROW, language, rule, month), is_task
        yield (WHOLE, language, rule, month), whole
    for cell, verdict in verdicts.items():
        for rule in ("", *(_rules(row, cell) or rules[1:2])):
            yield (cell, language, rule, month), verdict


def _cell_verdicts(row: TaskRow) -> Iterator[tuple[str, str]]:
    """Yield the cells that somebody confirmed or set, and whether the machine had them right."""
    for cell, columns in _CELLS.items():
        notes = [row.notes[column] for column in columns if column in row.notes]
        said = [note.value == note.machine for note in notes if note.machine is not None]
        if said:
            yield cell, "right" if all(said) else "wrong"


def _rules(row: TaskRow, cell: str = "") -> list[str]:
    """Return the rules that made a row, or those that took one of its cells."""
    if not cell:
        return list(filter(None, row.values.get("rules", "").split(SEPARATOR)))
    source = row.sources.get(_SOURCES.get(cell, cell))
    return list(source.rules) if source else []
