"""What reviewed rows teach: gold registers, and how right the machine was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from models.columns import SEPARATOR
from models.store.cells import CONFIRMED_COLUMNS, REJECTED
from models.store.database import Store, reading
from models.store.queries import document_rows
from models.store.rows import DocumentRow, TaskRow
from models.store.texts import file_of_reading
from models.tables import current_documents

ROW = "row"  # the row as a whole, among the columns of the statistics


@dataclass(frozen=True, slots=True)
class Statistic:
    """How often the machine was right in a column, for a language, a rule and a month (YYYY-MM), as people said.

    In column `row`, wrong are rows rejected or split or merged, and `missed` rows that people had to add (they have no
    rule). A row made by several rules counts for each.
    """

    column: str
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
    for document_id in _document_ids(store):
        document, rows = document_rows(store, document_id)
        reviewed = [row for row in rows if row.values["review_status"] != "new"]
        if reviewed and (unfinished or len(reviewed) == len(rows)):
            name = files.get(reviewed[0].reading_id, ("", ""))[0]
            yield _gold_line(document, name, reviewed)


def _document_ids(store: Store) -> list[str]:
    with reading(store) as connection:
        query = select(current_documents.c.document_id).order_by(current_documents.c.document_key)
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
    """Return how right the machine was, by column, language, rule and month, from all that people confirmed, set,
    rejected, split, merged and added; in the order of these."""
    counts: Counter[tuple[tuple[str, str, str, str], str]] = Counter()
    for document_id in _document_ids(store):
        document, rows = document_rows(store, document_id, states=("shown", "rejected", "replaced"))
        for row in rows:
            counts.update(_verdicts(document.values.get("language", ""), row))
    keys = sorted({key for key, _ in counts})
    return [Statistic(*key, *(counts[key, verdict] for verdict in ("right", "wrong", "missed"))) for key in keys]


def _verdicts(language: str, row: TaskRow) -> Iterator[tuple[tuple[str, str, str, str], str]]:
    month = row.values["reviewed_at"][:7]
    if row.origin == "added":
        yield (ROW, language, "", month), "missed"
    if row.origin != "machine" or not row.notes:
        return
    wrong = row.state == "replaced" or REJECTED in row.notes
    for rule in row.values.get("rules", "").split(SEPARATOR):
        yield (ROW, language, rule, month), "wrong" if wrong else "right"
        for column in CONFIRMED_COLUMNS:
            note = row.notes.get(column)
            if note and note.machine is not None and not wrong:
                yield (column, language, rule, note.at[:7]), "right" if note.value == note.machine else "wrong"
