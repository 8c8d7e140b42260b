"""What a corrected Excel file changes: first shown cell by cell, with what others did meanwhile, then applied."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from models.errors import UsageError
from models.store import (
    Change,
    DocumentRow,
    Done,
    EditConflictError,
    Store,
    TaskRow,
    accept,
    add_unplaced,
    find_task,
    reject,
    restore,
    set_cells,
)
from models.store.cells import checked
from pipeline.xlsx_returned import Line, Returned
from pipeline.xlsx_round_trip import EDITED, LAYOUT

Decision = Literal["accept", "reject", "restore"]


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that the person changed. It is in conflict where the store no longer holds what had gone out."""

    sheet: str
    number: int
    task_id: str
    column: str
    went_out: str
    current: str
    value: str

    @property
    def in_conflict(self) -> bool:
        return _plain(self.current) != self.went_out


@dataclass(frozen=True, slots=True)
class RowDecision:
    """A row whose review status the person changed: accepted, rejected, or taken back from rejection."""

    sheet: str
    number: int
    task_id: str
    went_out: str
    current: str
    decision: Decision
    version: str
    column: Literal["review_status"] = "review_status"

    @property
    def value(self) -> str:
        """The status that the row is to have."""
        return {"accept": "accepted", "reject": "rejected", "restore": "new"}[self.decision]

    @property
    def in_conflict(self) -> bool:
        return self.current != self.went_out


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row that the person added."""

    sheet: str
    number: int
    document_id: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell or row that can't be taken: a message code with its values."""

    sheet: str
    number: int
    column: str
    code: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would change, in the order of the file. Rows that are missing in it are left alone."""

    changes: tuple[CellChange, ...]
    decisions: tuple[RowDecision, ...]
    new_rows: tuple[NewRow, ...]
    problems: tuple[Problem, ...]

    @property
    def edits(self) -> tuple[CellChange | RowDecision, ...]:
        """Cells and decisions, which somebody else may have made otherwise meanwhile."""
        return *self.changes, *self.decisions

    @property
    def conflicts(self) -> tuple[CellChange | RowDecision, ...]:
        return tuple(edit for edit in self.edits if edit.in_conflict)


@dataclass(frozen=True, slots=True)
class Applied:
    """What an import changed, and what it left because somebody was faster."""

    cells: int
    decisions: int
    new_rows: int
    left: tuple[CellChange | RowDecision, ...]
    problems: tuple[Problem, ...]


def preview_import(store: Store, returned: Returned) -> Preview:
    """Say what a file that came back would change, cell by cell; nothing is changed."""
    found: list[CellChange | RowDecision | NewRow | Problem] = []
    seen: set[str] = set()
    homes = _documents_of_sheets(returned)
    for line in returned.lines:
        task_id = line.cells.get("task_id", "")
        if task_id and task_id in seen:
            found.append(Problem(line.sheet, line.number, "task_id", "import-row-twice", {"task": task_id}))
        elif task_id:
            found += _of_row(store, line, returned.base.get(task_id, {}))
        else:
            found.append(_new_row(line, homes.get(line.sheet, "")))
        seen.add(task_id)
    return Preview(
        tuple(part for part in found if isinstance(part, CellChange)),
        tuple(part for part in found if isinstance(part, RowDecision)),
        tuple(part for part in found if isinstance(part, NewRow)),
        tuple(part for part in found if isinstance(part, Problem)),
    )


def _documents_of_sheets(returned: Returned) -> dict[str, str]:
    """Return the document of each sheet that holds only one: a new row needn't name it there."""
    homes: dict[str, set[str]] = {}
    for line in returned.lines:
        homes.setdefault(line.sheet, set()).update({line.cells.get("document_id", "")} - {""})
    return {sheet: documents.pop() for sheet, documents in homes.items() if len(documents) == 1}


def _of_row(store: Store, line: Line, base: Mapping[str, str]) -> Iterator[CellChange | RowDecision | Problem]:
    task_id = line.cells["task_id"]
    changed = {name: text for name in LAYOUT if (text := line.cells.get(name, "")) != base.get(name, "")}
    if not changed:  # most rows of a large file: the store isn't asked
        return
    try:
        document, row = find_task(store, task_id)
    except UsageError as error:
        yield Problem(line.sheet, line.number, "task_id", error.code, error.values)
        return
    if row.state not in {"shown", "rejected"}:
        yield Problem(line.sheet, line.number, "", "row-closed", {"task": task_id, "state": row.state})
        return
    for name, text in changed.items():
        if name == "review_status":
            yield from _decision(line, row, base.get(name, ""), text)
        else:
            yield from _cell(line, document, row, name, base.get(name, ""), text)


def _cell(
    line: Line, document: DocumentRow, row: TaskRow, name: str, went_out: str, text: str
) -> Iterator[CellChange | Problem]:
    try:
        value = checked(name, text) if name in EDITED else None
    except UsageError as error:
        yield Problem(line.sheet, line.number, name, error.code, error.values)
        return
    if value is None:
        yield Problem(line.sheet, line.number, name, "cell-read-only", {"column": name})
        return
    current = {**document.values, **row.values}.get(name, "")
    if value != _plain(current):
        yield CellChange(line.sheet, line.number, row.task_id, name, went_out, current, value)


def _decision(line: Line, row: TaskRow, went_out: str, text: str) -> Iterator[RowDecision | Problem]:
    decisions: dict[str, Decision] = {"accepted": "accept", "rejected": "reject"}
    if text not in {"new", "accepted", "corrected", "rejected"}:
        yield Problem(
            line.sheet, line.number, "review_status", "cell-invalid", {"column": "review_status", "value": text}
        )
        return
    decision = decisions.get(text, "restore" if row.state == "rejected" else None)
    current = row.values["review_status"]
    if decision and text != current:
        yield RowDecision(line.sheet, line.number, row.task_id, went_out, current, decision, row.version)


def _new_row(line: Line, home: str) -> NewRow | Problem:
    document_id = line.cells.get("document_id", "") or home
    values = {name: text for name in EDITED if (text := line.cells.get(name, "")) and name != "review_status"}
    try:
        if not document_id:
            raise UsageError("import-row-homeless")
        checked("task", values.get("task", ""))
        return NewRow(
            line.sheet, line.number, document_id, {name: checked(name, text) for name, text in values.items()}
        )
    except UsageError as error:
        return Problem(line.sheet, line.number, "task", error.code, error.values)


def _plain(text: str) -> str:
    return " ".join(text.split())


def apply_import(
    store: Store, preview: Preview, *, who: str, why: str = "", overwrite: Collection[tuple[str, str]] = ()
) -> Applied:
    """Apply a preview as signed edits, a row's cells as one action.

    A cell or status in conflict is left unless `overwrite` names its task id and column. So is a row that somebody
    changed since the preview was made.
    """
    problems = list(preview.problems)
    chosen = [one for one in preview.changes if not one.in_conflict or (one.task_id, one.column) in overwrite]
    cells = [one for changes in _by_row(chosen) if _told(_set, store, changes, who, why) for one in changes]
    corrected = {one.task_id for one in cells}
    decisions = [
        one
        for one in preview.decisions
        if not one.in_conflict or (one.task_id, one.column) in overwrite
        if _told(_decide, store, one, one.task_id in corrected, who, why)
    ]
    new_rows = 0
    for row in preview.new_rows:
        try:
            new_rows += bool(add_unplaced(store, row.document_id, row.values, who=who, why=why).action_id)
        except UsageError as error:
            problems.append(Problem(row.sheet, row.number, "", error.code, error.values))
    done: set[CellChange | RowDecision] = {*cells, *decisions}
    left = tuple(edit for edit in preview.edits if edit not in done)
    return Applied(len(cells), len(decisions), new_rows, left, tuple(problems))


def _by_row(changes: Collection[CellChange]) -> list[list[CellChange]]:
    rows: dict[str, list[CellChange]] = {}
    for change in changes:
        rows.setdefault(change.task_id, []).append(change)
    return list(rows.values())


def _told(edit: Callable[..., Done], *arguments: object) -> bool:
    """Make an edit, and say whether it was in time."""
    try:
        edit(*arguments)
    except (EditConflictError, UsageError):
        return False
    return True


def _set(store: Store, changes: Collection[CellChange], who: str, why: str) -> Done:
    cells = {change.column: Change(change.current, change.value) for change in changes}
    return set_cells(store, next(iter(changes)).task_id, cells, who=who, why=why)


def _decide(store: Store, decision: RowDecision, corrected: bool, who: str, why: str) -> Done:
    """Decide on a row as it was previewed, or as the same import has just corrected it."""
    row = find_task(store, decision.task_id)[1]
    version = row.version if corrected and row.values["reviewed_by"] == who else decision.version
    act = {"accept": accept, "reject": reject, "restore": restore}[decision.decision]
    return act(store, {decision.task_id: version}, who=who, why=why)
