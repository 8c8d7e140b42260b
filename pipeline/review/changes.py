"""What people do to rows: each change names what was seen, is signed, and comes back as the rows that then stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response

from models.columns import COLUMNS
from models.records import Span
from models.store import (
    Change,
    Done,
    EditConflictError,
    TaskRow,
    User,
    accept,
    add,
    cell_history,
    document_rows,
    find_task,
    merge,
    read_text,
    redo_last,
    reject,
    restore,
    set_cells,
    set_document_cells,
    split,
    undo_last,
)
from pipeline.review.pages import rows_pane
from pipeline.review.rendering import page
from pipeline.review.sessions import Clerk, Fields, Form, Reader, Reviewer, first, language_of
from pipeline.review.unitpicker import ids_of, suggestions
from pipeline.review.views import CELLS, DEADLINE, DOCUMENT_CELLS
from pipeline.review.wording import EVERY, WEEKDAYS, column_name, deadline_in_words, repetition, rule_of, say

router = APIRouter()
_VALUES = {column.name: column.values for column in COLUMNS}
_IDS = {"lead_unit": "lead_unit_id", "coordinating_units": "coordinating_unit_ids"}


def _done(request: Request, done: Done, user: User, key: str, chosen: str = "") -> Response:
    """Answer a change with the rows as they stand, the one to look at next and what was done."""
    request.app.state.desk.writer.changed()
    return rows_pane(request, done.document.document_id, user, chosen=chosen, say=say(language_of(request), key))


def _too_late(request: Request, error: EditConflictError, document_id: str, user: User, task_id: str) -> Response:
    """Show what stands now, and tell who was faster: nothing was overwritten."""
    return rows_pane(request, document_id, user, chosen=task_id, say=error.message(language_of(request)), status=409)


@router.get("/tasks/{task_id}/edit/{name}")
def editor(request: Request, task_id: str, name: str, user: Reader) -> Response:
    """Show the fields of one cell of a row."""
    if name not in CELLS:
        raise HTTPException(404, "page-outdated")
    document, row = find_task(request.app.state.desk.store, task_id)
    values = dict(row.values)
    return page(
        request,
        "editor.html",
        user,
        row=row,
        name=name,
        columns=CELLS[name],
        values=values,
        machine={column: row.machine[column] for column in CELLS[name] if column in row.machine},
        document=document,
        action=f"/tasks/{task_id}/cells",
        **_choices(values),
    )


def _choices(values: Mapping[str, str]) -> dict[str, Any]:
    return {
        "choices": _VALUES,
        "repeats": repetition(values.get("recurrence", "")),
        "every": [*EVERY, "other"],
        "weekdays": WEEKDAYS,
    }


@router.get("/documents/{document_id}/edit/{column}")
def document_editor(request: Request, document_id: str, column: str, user: Reader) -> Response:
    """Show the field of one cell of the document."""
    document, _ = document_rows(request.app.state.desk.store, document_id, states=())
    name = column if column in DOCUMENT_CELLS else DOCUMENT_CELLS[0]
    return page(
        request,
        "editor.html",
        user,
        row=None,
        name=name,
        columns=(name,),
        values=document.values,
        machine={name: document.machine[name]} if name in document.machine else {},
        document=document,
        action=f"/documents/{document_id}/cells",
        **_choices({}),
    )


@router.post("/tasks/{task_id}/cells")
def set_row(request: Request, task_id: str, form: Fields, user: Clerk) -> Response:
    """Set the cells of a row that the fields name."""
    store = request.app.state.desk.store
    document, row = find_task(store, task_id)
    changes = _with_ids(row, document.values, _changes(form), request)
    try:
        done = set_cells(store, task_id, changes, who=user.name, why=first(form, "why"))
    except EditConflictError as error:
        return _too_late(request, error, document.document_id, user, task_id)
    return _done(request, done, user, "done-set", task_id)


@router.post("/documents/{document_id}/cells")
def set_document(request: Request, document_id: str, form: Fields, user: Clerk) -> Response:
    """Set the cells of a document that the fields name."""
    try:
        done = set_document_cells(request.app.state.desk.store, document_id, _changes(form), who=user.name)
    except EditConflictError as error:
        return _too_late(request, error, document_id, user, "")
    return _done(request, done, user, "done-set")


def _changes(form: Form) -> dict[str, Change]:
    """Return column -> what was seen and what shall stand, from the fields `seen.COLUMN` and `COLUMN`."""
    values = _values(form)
    seen = {name.removeprefix("seen."): first(form, name) for name in form if name.startswith("seen.")}
    return {column: Change(seen[column], value) for column, value in values.items() if column in seen}


def _values(form: Form) -> dict[str, str]:
    """Return column -> value; a repetition is put together from its fields."""
    columns = {column for own in CELLS.values() for column in own} | set(DOCUMENT_CELLS)
    values = {name: first(form, name) for name in form if name in columns}
    if "every" in form:
        fields = {name: first(form, name) for name in ("every", "day", "month", "weekday", "other")}
        values["recurrence"] = rule_of(**fields) if values.get("deadline_kind") == "recurring" else ""
    if values.get("deadline_kind") == "none":
        values |= {column: "" for column in DEADLINE if column in values and column != "deadline_kind"}
    return values


def _with_ids(
    row: TaskRow, document: Mapping[str, str], changes: dict[str, Change], request: Request
) -> dict[str, Change]:
    """Name the registry's ids with units whose names change, where it knows any of them."""
    found = dict(changes)
    for names, ids in _IDS.items():
        if names in changes and changes[names].value != row.values.get(names, ""):
            known = ids_of(request.app.state.desk, changes[names].value, document)
            if known:
                found[ids] = Change(row.values.get(ids, ""), known)
    return found


@router.post("/tasks/{task_id}/accept")
def accept_row(request: Request, task_id: str, form: Fields, user: Reviewer) -> Response:
    """Say that a row is right as it stands."""
    return _decide(request, "accept", task_id, form, user)


@router.post("/tasks/{task_id}/reject")
def reject_row(request: Request, task_id: str, form: Fields, user: Reviewer) -> Response:
    """Say that a row is no task."""
    return _decide(request, "reject", task_id, form, user)


@router.post("/tasks/{task_id}/restore")
def restore_row(request: Request, task_id: str, form: Fields, user: Reviewer) -> Response:
    """Bring a row back that was rejected or is no longer found."""
    return _decide(request, "restore", task_id, form, user)


def _decide(request: Request, what: str, task_id: str, form: Form, user: User) -> Response:
    store, act = request.app.state.desk.store, {"accept": accept, "reject": reject, "restore": restore}[what]
    try:
        done = act(store, {task_id: first(form, "version")}, who=user.name)
    except EditConflictError as error:
        return _too_late(request, error, find_task(store, task_id)[0].document_id, user, task_id)
    return _done(request, done, user, f"done-{what}", first(form, "next") or task_id)


@router.get("/tasks/{task_id}/split")
def split_fields(request: Request, task_id: str, user: Reader) -> Response:
    """Show the fields of the two rows that shall stand in the place of one."""
    document, row = find_task(request.app.state.desk.store, task_id)
    return page(request, "split.html", user, row=row, document=document)


@router.post("/tasks/{task_id}/split")
def split_row(request: Request, task_id: str, form: Fields, user: Reviewer) -> Response:
    """Put two or more rows in the place of one; parts without words are left out."""
    store = request.app.state.desk.store
    document, row = find_task(store, task_id)
    leads = form.get("lead_unit", [])
    parts = [
        {"task": task, **({"lead_unit": lead} if lead != row.values.get("lead_unit", "") else {})}
        for task, lead in zip(form.get("task", []), leads, strict=False)
        if task.strip()
    ]
    try:
        done = split(store, task_id, parts, version=first(form, "version"), who=user.name)
    except EditConflictError as error:
        return _too_late(request, error, document.document_id, user, task_id)
    new = [touched.task_id for touched in done.rows if touched.task_id != task_id]
    return _done(request, done, user, "done-split", new[0] if new else "")


@router.post("/documents/{document_id}/merge")
def merge_rows(request: Request, document_id: str, form: Fields, user: Reviewer) -> Response:
    """Put one row in the place of several."""
    versions = dict(zip(form.get("task", []), form.get("version", []), strict=False))
    try:
        done = merge(request.app.state.desk.store, versions, who=user.name)
    except EditConflictError as error:
        return _too_late(request, error, document_id, user, next(iter(versions), ""))
    new = [row.task_id for row in done.rows if row.task_id not in versions]
    return _done(request, done, user, "done-merge", new[0] if new else "")


@router.get("/documents/{document_id}/add")
def add_fields(request: Request, document_id: str, reading: int, start: int, end: int, user: Reader) -> Response:
    """Show the fields of a row made from a passage that somebody has marked."""
    store = request.app.state.desk.store
    document, _ = document_rows(store, document_id, states=())
    words = Span(start, end).of(read_text(store, reading).text)
    place: dict[str, Any] = {"reading": reading, "start": start, "end": end, "passage": words}
    return page(request, "add.html", user, document=document, **place, **_choices({}))


@router.post("/documents/{document_id}/add")
def add_row(request: Request, document_id: str, form: Fields, user: Clerk) -> Response:
    """Add a row from a passage of the text."""
    numbers = [first(form, name) for name in ("reading", "start", "end")]
    if not all(number.isascii() and number.isdigit() for number in numbers):
        raise HTTPException(422, "page-outdated")
    reading, start, end = map(int, numbers)
    values = {column: value for column, value in _values(form).items() if value.strip()}
    done = add(request.app.state.desk.store, document_id, reading, Span(start, end), values, who=user.name)
    return _done(request, done, user, "done-add", done.rows[0].task_id if done.rows else "")


@router.post("/documents/{document_id}/undo")
def undo_change(request: Request, document_id: str, user: Clerk) -> Response:
    """Take back the last thing the reader did, in whatever document."""
    return _back(request, "undo", document_id, user)


@router.post("/documents/{document_id}/redo")
def redo_change(request: Request, document_id: str, user: Clerk) -> Response:
    """Do again what was taken back last."""
    return _back(request, "redo", document_id, user)


def _back(request: Request, what: str, document_id: str, user: User) -> Response:
    try:
        done = (undo_last if what == "undo" else redo_last)(request.app.state.desk.store, who=user.name)
    except EditConflictError as error:
        return _too_late(request, error, document_id, user, "")
    request.app.state.desk.writer.changed()
    language = language_of(request)
    shown = [row.task_id for row in done.rows if row.state == "shown"]
    told = say(language, f"done-{what}")
    if done.document.document_id != document_id:
        told = say(language, "done-elsewhere", number=done.document.values.get("document_number", ""))
    return rows_pane(request, document_id, user, chosen=shown[0] if shown else "", say=told)


@router.get("/tasks/{task_id}/history/{name}")
def history(request: Request, task_id: str, name: str, user: Reader) -> Response:
    """Show how a cell came to stand as it does."""
    language, store = language_of(request), request.app.state.desk.store
    found = [event for column in CELLS.get(name, ()) for event in cell_history(store, task_id, column)]
    found = [event for event in found if event.old or event.new or event.kind != "machine"]
    found = sorted(found, key=lambda event: (event.at, event.action_id), reverse=True)
    return page(request, "history.html", user, events=found, column=name, title=column_name(language, name))


@router.get("/units")
def units(request: Request, user: Reader, q: str = "", lang: str = "") -> Response:
    """Suggest units for what was typed last."""
    found = suggestions(request.app.state.desk, q.split(";")[-1].strip(), lang)
    return page(request, "units.html", user, found=found)


@router.get("/deadline-words")
def deadline_words(request: Request, user: Reader) -> Response:
    """Say in words what the fields of a deadline mean."""
    form: Form = {name: [value] for name, value in request.query_params.items()}
    return Response(deadline_in_words(language_of(request), _values(form)), media_type="text/plain; charset=utf-8")
