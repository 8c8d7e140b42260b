"""The read-only API for trackers: the register as last written, what changed in it since a moment, the documents."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Literal

from fastapi import Depends, FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from models.errors import ChidaoError, UsageError, message_parts
from models.records import Language
from models.store import Wanted, current_progress, documents_after, published_row, published_rows, session_user
from models.store import token_name as program_of
from pipeline.review.answers import Answer, answer, csv_answer, document_json, progress_json, row_json
from pipeline.review.apischema import DOCUMENTS, PROBLEMS, TASK, TASKS, description
from pipeline.review.desk import Desk
from pipeline.review.sessions import COOKIE, language_of

MOST = 1000  # rows of one answer
_STATUS = {"row-unknown": 404, "api-no-access": 401}
_ISO = r"^\d{4}-\d\d-\d\d$"

Limit = Annotated[int, Query(ge=1, le=MOST, description="Most rows of the answer.")]
After = Annotated[int, Query(ge=0, description="The mark `next` of the part before; empty for the first part.")]
Day = Annotated[date | None, Query(description="An ISO day, which is itself left out.", examples=["2026-07-01"])]
LanguageCode = Annotated[Language | None, Query(description="Language of the document.")]


def create_api(desk: Desk) -> FastAPI:
    """Return the application that is mounted at `/api`."""
    api = FastAPI(title="chidao", docs_url=None, redoc_url=None, openapi_url=None)
    api.state.desk = desk
    for kind, told in ((ChidaoError, _told), (RequestValidationError, _misasked), (HTTPException, _refused)):
        api.add_exception_handler(kind, told)
    access = [Depends(_admitted)]
    api.get("/tasks", dependencies=access, responses={**TASKS, **PROBLEMS}, summary="Rows of the register")(tasks)
    api.get("/tasks/{task_id}", dependencies=access, responses={**TASK, **PROBLEMS}, summary="One row")(task)
    api.get("/documents", dependencies=access, responses={**DOCUMENTS, **PROBLEMS}, summary="Documents")(documents)
    api.get("/openapi.json", dependencies=access, include_in_schema=False)(openapi)
    return api


def _admitted(request: Request) -> None:
    """Let in who has a session of the page, or a program with its token. Raises UsageError `api-no-access`."""
    store = request.app.state.desk.store
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and program_of(store, token.strip()):
        return
    session = request.cookies.get(COOKIE, "")
    if not session or session_user(store, session) is None:
        raise UsageError("api-no-access")


def tasks(
    request: Request,
    unit: Annotated[str, Query(description="Name or id of a lead or coordinating unit, whole.")] = "",
    due_before: Day = None,
    due_after: Day = None,
    changed_since: Annotated[
        str, Query(description="A moment with offset, best `as_of` of an earlier answer: only what changed after it.")
    ] = "",
    status: Annotated[Literal["new", "accepted", "corrected"] | None, Query(description="Review status.")] = None,
    language: LanguageCode = None,
    document: Annotated[str, Query(description="Id of a document.", examples=["0123456789abcdef"])] = "",
    limit: Limit = 100,
    after: After = 0,
    format: Annotated[Literal["json", "csv"] | None, Query(description="As the header Accept says, else JSON.")] = None,  # noqa: A002
) -> Response:
    """Rows in the order in which they were first written; with `changed_since` also those withdrawn since."""
    wanted = Wanted(
        unit=unit,
        due_before=due_before.isoformat() if due_before else "",
        due_after=due_after.isoformat() if due_after else "",
        changed_since=_moment(changed_since) if changed_since else None,
        status=status or "",
        language=language or "",
        document_id=document,
    )
    page = published_rows(request.app.state.desk.store, wanted, after=after, limit=limit)
    how = Answer(request, next=page.next, as_of=page.as_of)
    if _wants_csv(request, format):
        return csv_answer(how, page.rows)
    rows = [row_json(row) for row in page.rows]
    return answer(how, {"tasks": rows, "next": page.next or None, "as_of": page.as_of or None})


def _moment(text: str) -> datetime:
    """Return a moment; a day alone is its beginning in UTC. A plus sign may have come as a blank, as forms write it."""
    try:
        if len(text) == len("2026-01-01"):
            return datetime.combine(date.fromisoformat(text), time(), UTC)
        moment = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
    except ValueError as error:
        raise UsageError("api-moment", moment=text) from error
    if moment.tzinfo is None:
        raise UsageError("api-moment", moment=text)
    return moment


def _wants_csv(request: Request, asked: str | None) -> bool:
    accepted = request.headers.get("accept", "").split(",")
    types = [part.split(";")[0].strip().lower() for part in accepted]
    named = [kind for kind in types if kind in ("text/csv", "application/json")]
    return asked == "csv" or (asked is None and named[:1] == ["text/csv"])


def task(request: Request, task_id: str) -> Response:
    """A row of the register with what was said of its doing, also where it was withdrawn."""
    store = request.app.state.desk.store
    row = published_row(store, task_id)
    said = current_progress(store, [task_id]).get(task_id)
    return answer(Answer(request), {**row_json(row), "progress": progress_json(said) if said else None})


def documents(request: Request, language: LanguageCode = None, limit: Limit = 100, after: After = 0) -> Response:
    """Documents in the order in which they were recorded, with their numbers of tasks."""
    found = documents_after(request.app.state.desk.store, language=language or "", after=after, limit=limit + 1)
    following = found[limit - 1].key if len(found) > limit else 0
    shown = [document_json(one) for one in found[:limit]]
    return answer(Answer(request, next=following), {"documents": shown, "next": following or None})


def openapi(request: Request) -> Response:
    """Return the description of this interface, by OpenAPI 3.1."""
    return answer(Answer(request), description(request.app))


def _told(request: Request, error: Exception) -> Response:
    assert isinstance(error, ChidaoError)
    return _problem(request, error.code, _STATUS.get(error.code, 422), error.values)


def _misasked(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    place = error.errors()[0]
    named = {"name": str(place["loc"][-1]), "value": str(place.get("input", ""))[:100]}
    return _problem(request, "api-parameter", 422, named)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = "api-read-only" if error.status_code == 405 else "api-unknown"
    return _problem(request, code, error.status_code, {"path": request.url.path})


def _problem(request: Request, code: str, status: int, values: dict[str, Any]) -> Response:
    happened, next_step = message_parts(code, language_of(request), values)
    body = {"type": f"urn:chidao:{code}", "title": happened, "detail": next_step, "status": status}
    found = answer(Answer(request, media_type="application/problem+json", status=status), body)
    if status == 401:
        found.headers["WWW-Authenticate"] = 'Bearer realm="chidao"'
    return found
