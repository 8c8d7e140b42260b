"""Rows as the page shows them: cells in groups, each with its doubts in words, its rules and its place. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from models.columns import SEPARATOR
from models.records import Language
from models.store import DocumentRow, Note, TaskRow, columns_of_reason
from pipeline.review.wording import (
    column_name,
    day_in_words,
    deadline_in_words,
    reason_words,
    repetition_in_words,
    say,
    value_name,
)

DEADLINE = ("deadline_text", "deadline_kind", "deadline_bound", "start_date", "due_date", "recurrence")
# The cells of a row in the order of the page -> the columns that each shows and edits as one.
CELLS: Mapping[str, tuple[str, ...]] = {
    "task": ("task",),
    "lead_unit": ("lead_unit",),
    "coordinating_units": ("coordinating_units",),
    "deadline": DEADLINE,
    "deliverable": ("deliverable",),
    "references": ("references",),
}
# The same for what the document says of itself.
DOCUMENT_CELLS = ("document_number", "document_date", "document_type", "issuer", "document_title", "signer", "language")
# Which source of a row tells where a cell's words stand and which rules took them.
_SOURCE = {"deadline": "deadline_text"}
Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class CellView:
    """A cell: its name, what stands in it, how it was understood, why to doubt it, who or which rules made it."""

    name: str
    label: str
    text: str
    understood: str
    doubts: tuple[str, ...]
    rules: tuple[str, ...]
    machine: str
    note: Note | None
    spans: Spans


@dataclass(frozen=True, slots=True)
class RowView:
    """A row with its cells; `places` are the spans of the whole passage, `open` says that a person should look."""

    row: TaskRow
    cells: tuple[CellView, ...]
    places: Spans

    @property
    def open(self) -> bool:
        return any(cell.doubts for cell in self.cells)


def row_view(row: TaskRow, language: Language) -> RowView:
    """Return a row as it is shown in the reader's language."""
    cells = cells_of(row, CELLS, language)
    also = row.sources["also_at"].spans if "also_at" in row.sources else ()
    return RowView(row, cells, ((row.start, row.end), *also))


def cells_of(row: TaskRow, names: Iterable[str], language: Language) -> tuple[CellView, ...]:
    """Return some cells of a row as they are shown."""
    doubts = _doubts(row, language)
    return tuple(_cell(row, name, doubts.get(name, ()), language) for name in names)


def _doubts(row: TaskRow, language: Language) -> dict[str, tuple[str, ...]]:
    """Return cell -> why to doubt it; what speaks of the row as a whole stands with the task."""
    found: dict[str, tuple[str, ...]] = {}
    for code in filter(None, row.values.get("review_reasons", "").split(SEPARATOR)):
        columns = row.conflicts if code == "machine-changed" else columns_of_reason(code)
        names = [name for name, own in CELLS.items() if set(own) & set(columns)][:1] or ["task"]
        if code == "machine-changed":
            names = [name for name, own in CELLS.items() if set(own) & set(columns)] or ["task"]
        for name in names:
            found[name] = (*found.get(name, ()), reason_words(language, code))
    return found


def _cell(row: TaskRow, name: str, doubts: Sequence[str], language: Language) -> CellView:
    columns = CELLS[name]
    source = row.sources.get(_SOURCE.get(name, name))
    rules = source.rules if source else ()
    if name == "task" and row.values.get("rules"):
        rules = tuple(row.values["rules"].split(SEPARATOR))[:1]
    notes = [row.notes[column] for column in columns if column in row.notes]
    changed = [note for note in notes if note.value != (note.machine or "")]
    return CellView(
        name=name,
        label=column_name(language, name),
        text=row.values.get(columns[0], ""),
        understood=deadline_in_words(language, row.values) if name == "deadline" else "",
        doubts=tuple(doubts),
        rules=rules,
        machine=_machine(row, columns, language),
        note=max(changed, key=lambda note: note.action_id, default=None),
        spans=source.spans if source else (),
    )


def _machine(row: TaskRow, columns: Sequence[str], language: Language) -> str:
    """Return what the machine says where something else stands; empty where it agrees or never spoke."""
    if not any(column in row.machine for column in columns):
        return ""
    if len(columns) == 1:
        return row.machine[columns[0]] or "—"
    said = {column: row.machine.get(column, row.values.get(column, "")) for column in columns}
    words = " · ".join(part for part in (said["deadline_text"], deadline_in_words(language, said)) if part)
    return words or say(language, "kind-none")


def shown(column: str, value: str, language: Language) -> str:
    """Return the value of one column as people read it."""
    if not value:
        return ""
    if column.endswith("_date"):
        return day_in_words(language, value)
    if column == "recurrence":
        return repetition_in_words(language, value)
    return value_name(language, column, value)


def ordered(rows: Sequence[TaskRow], order: str) -> list[TaskRow]:
    """Return rows with the doubtful ones first, then those nobody has looked at; or as the document has them."""
    if order != "doubt":
        return list(rows)
    return sorted(rows, key=lambda row: (not row.values["review_reasons"], row.values["review_status"] != "new"))


def left(document: DocumentRow) -> int:
    """Return the share of a document's rows that people have looked at, in percent."""
    return 100 if not document.tasks else round(100 * (document.tasks - document.unreviewed) / document.tasks)
