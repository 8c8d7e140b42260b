"""The follow-up page: how the tasks stand, by unit and in all; where people say what is done; the report as PDF."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, cast

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, RedirectResponse

from models.store import (
    PROGRESS_STATES,
    ProgressState,
    Said,
    Store,
    all_published,
    current_progress,
    last_entries,
    progress_mark,
    published_mark,
    record_progress,
    undo_progress,
)
from pipeline.followup.figures import COLUMNS, FollowUp, Item, follow_up
from pipeline.followup.rendering import STYLE, figures_html, report_pdf
from pipeline.outputs.progress import write_progress
from pipeline.review.rendering import page, part, query
from pipeline.review.sessions import Clerk, Fields, Reader, first, language_of
from pipeline.review.waiting import beside

router = APIRouter()


@router.get("/follow-up")
def show(request: Request, user: Reader, unit: str = "", on: str = "") -> Response:
    """Show how the tasks stand."""
    language, asked = language_of(request), {"unit": unit.strip(), "on": on}
    found = _found(request, unit, on)
    form = _form(request, query(asked), last_entries(request.app.state.desk.store))
    shown = figures_html(found, language, form=form)
    return page(request, "follow_up.html", user, figures=shown, found=found, fields=asked)


def _form(request: Request, asked: str, last: dict[str, int]) -> Callable[[Item], str]:
    """Return what makes the form by which people say how a task is done."""

    def made(item: Item) -> str:
        known = {"item": item, "states": PROGRESS_STATES, "asked": asked, "today": date.today().isoformat()}
        return part(request, "progress.html", seen=last.get(item.row["task_id"], 0), **known)

    return made


def _found(request: Request, unit: str, on: str) -> FollowUp:
    store = request.app.state.desk.store
    return _kept(store, published_mark(store), progress_mark(store), _day(on), unit)


@functools.lru_cache(maxsize=16)
def _kept(store: Store, _register: str, _progress: int, on: date, unit: str) -> FollowUp:
    """Count anew only what has changed: the marks grow with each change."""
    return follow_up(all_published(store, COLUMNS), on, current_progress(store), unit)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.today()


@router.post("/follow-up/progress")
def say(request: Request, form: Fields, user: Clerk) -> Response:
    """Keep what somebody says of the doing of a task."""
    state = cast(ProgressState, first(form, "state"))
    done_on = first(form, "done_on") if state == "done" else ""
    said = Said(state, done_on, first(form, "reference"), first(form, "note"))
    record_progress(_store(request), first(form, "task"), said, seen=_number(first(form, "seen")), who=user.name)
    return _back(request, form)


@router.post("/follow-up/undo")
def undo(request: Request, form: Fields, user: Clerk) -> Response:
    """Take back the last entry of a task."""
    undo_progress(_store(request), _number(first(form, "entry")), who=user.name)
    return _back(request, form)


def _store(request: Request) -> Store:
    return cast(Store, request.app.state.desk.store)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _back(request: Request, form: dict[str, list[str]]) -> Response:
    write_progress(request.app.state.desk.outputs)
    asked = first(form, "asked")
    return RedirectResponse(f"/follow-up{f'?{asked}' if asked else ''}", 303)


@router.get("/follow-up.pdf")
async def report(request: Request, user: Reader, unit: str = "", on: str = "") -> Response:
    """Return the report for the weekly meeting."""
    return await beside(request, _report, request, unit, on)


def _report(request: Request, unit: str, on: str) -> Response:
    found = _found(request, unit, on)
    name = f'inline; filename="chidao-{found.on.isoformat()}.pdf"'
    headers: dict[str, Any] = {"Content-Disposition": name}
    return Response(report_pdf(found, language_of(request)), headers=headers, media_type="application/pdf")


@router.get("/follow-up.css")
def style() -> Response:
    """Return the style sheet, which the report uses too."""
    return FileResponse(Path(STYLE), media_type="text/css")
