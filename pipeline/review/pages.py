"""The pages to read: documents and what is left to do in them, one beside its rows, tasks that pass filters."""

from __future__ import annotations

from typing import Any, Literal, cast

from fastapi import APIRouter, Request, Response

from models.store import (
    Filter,
    ReadText,
    User,
    document_history,
    document_rows,
    file_names,
    list_documents,
    list_tasks,
    read_text,
)
from models.store.rows import RowState
from pipeline.readers import programs
from pipeline.review.desk import Desk, refresh
from pipeline.review.originals import is_paged, original
from pipeline.review.rendering import events, page, row_html
from pipeline.review.sessions import Clerk, Reader, language_of
from pipeline.review.views import DOCUMENT_CELLS, ordered
from pipeline.review.wording import say

router = APIRouter()
DOCUMENTS_A_PAGE, TASKS_A_PAGE, ROWS_A_PAGE = 50, 50, 50
Pages = Literal["own", "later", "printed", "unprinted", "away"]
Left = Literal["", "unreviewed", "doubtful", "done"]


@router.get("/")
def documents(
    request: Request, user: Reader, words: str = "", lang: str = "", left: str = "", start: int = 0
) -> Response:
    """Show the documents, with what is left to do in each."""
    wanted = cast(Left, left if left in ("unreviewed", "doubtful", "done") else "")
    store = request.app.state.desk.store
    found = list_documents(
        store,
        words=words,
        language=lang,
        left=wanted,
        limit=DOCUMENTS_A_PAGE,
        offset=max(start, 0),
    )
    untitled = [one for one in found.documents if not one.values.get("document_title") and one.reading_ids]
    names = file_names(store, [one.reading_ids[0] for one in untitled])
    shown: dict[str, Any] = {
        "found": found,
        "fields": {"words": words, "lang": lang, "left": wanted},
        "start": max(start, 0),
        "size": DOCUMENTS_A_PAGE,
        "files": {one.document_id: names[one.reading_ids[0]] for one in untitled},
    }
    return page(request, "documents.html", user, **shown)


@router.get("/tasks")
def tasks(request: Request, user: Reader) -> Response:
    """Show tasks of all documents that pass the filters."""
    names = ("unit", "due_from", "due_to", "status", "lang", "kind", "words", "doubt", "order")
    fields = {name: request.query_params.get(name, "") for name in names}
    wanted = Filter(
        unit=fields["unit"],
        due_from=fields["due_from"],
        due_to=fields["due_to"],
        status=fields["status"],
        language=fields["lang"],
        kind=fields["kind"],
        words=fields["words"],
        doubtful=True if fields["doubt"] else None,
    )
    order: Literal["document", "due"] = "due" if fields["order"] == "due" else "document"
    after = request.query_params.get("after", "")
    found = list_tasks(request.app.state.desk.store, wanted, order=order, after=after, limit=TASKS_A_PAGE)
    return page(request, "tasks.html", user, found=found, fields=fields, after=after)


@router.get("/documents/{document_id}")
def document(request: Request, document_id: str, user: Reader) -> Response:
    """Show a document: its page or text on one side, its rows on the other."""
    return page(request, "document.html", user, **rows_of(request, document_id))


@router.get("/documents/{document_id}/rows")
def rows(request: Request, document_id: str, user: Reader) -> Response:
    """Show the rows alone, for the page that shows them already."""
    return rows_pane(request, document_id, user)


def rows_pane(
    request: Request, document_id: str, user: User, *, chosen: str = "", say: str = "", status: int = 200
) -> Response:
    """Return the rows of a document made anew, the chosen one, and what to tell."""
    response = page(request, "rows.html", user, status=status, **rows_of(request, document_id))
    events(response, "Settle", choose={"task": chosen})
    return events(response, say={"text": say, "kind": "error" if status >= 400 else "done"}) if say else response


def rows_of(request: Request, document_id: str) -> dict[str, Any]:
    """Return what the rows of a document are shown from, in the order and part that the address asks for."""
    desk, asked = request.app.state.desk, request.query_params
    order = "document" if asked.get("order") == "document" else "doubt"
    show = asked.get("show", "") if asked.get("show") in ("rejected",) else ""
    states: tuple[RowState, ...] = ("rejected", "withdrawn") if show else ("shown",)
    head, found = document_rows(desk.store, document_id, states=states)
    in_order = ordered(found, order)
    start = _start(asked.get("start", "0"), asked.get("task", ""), [row.task_id for row in in_order])
    texts = [read_text(desk.store, reading_id) for reading_id in dict.fromkeys(head.reading_ids)]
    return {
        "document": head,
        "shown_rows": [row_html(row, language_of(request)) for row in in_order[start : start + ROWS_A_PAGE]],
        "total": len(in_order),
        "start": start,
        "size": ROWS_A_PAGE,
        "fields": {"order": order if order == "document" else "", "show": show},
        "texts": [(text, _pages_of(desk, text)) for text in texts],
        "printer": programs.LIBREOFFICE,
        "document_cells": DOCUMENT_CELLS,
    }


def _pages_of(desk: Desk, text: ReadText) -> Pages:
    """Say whether a text's pages can be looked at: at once, when the places are known, or not at all."""
    if original(desk, text) is None:
        return "away"
    if not is_paged(text):
        return "printed" if programs.find(programs.LIBREOFFICE) else "unprinted"
    return "later" if text.part else "own"


def _start(asked: str, task: str, ids: list[str]) -> int:
    """Return where the part begins that was asked for, by number or by a task that is to be in it."""
    if task in ids:
        return ids.index(task) // ROWS_A_PAGE * ROWS_A_PAGE
    start = int(asked) if asked.isascii() and asked.isdigit() else 0
    return start if start < max(len(ids), 1) else 0


@router.get("/documents/{document_id}/history")
def history(request: Request, document_id: str, user: Reader) -> Response:
    """Show what people did in a document."""
    found = document_history(request.app.state.desk.store, document_id)
    title = say(language_of(request), "history-document")
    return page(request, "history.html", user, events=found, column="", title=title)


@router.post("/refresh")
def look_again(request: Request, user: Clerk) -> Response:
    """Record what the flow has found since, and show the list anew."""
    new = refresh(request.app.state.desk)
    response = Response(status_code=204)
    response.headers["HX-Refresh"] = "true"
    return events(response, say={"text": say(language_of(request), "refreshed", count=new), "kind": "done"})
