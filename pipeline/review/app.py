"""The web application: routes, who may come in, what browsers are told not to do."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.errors import ChidaoError
from models.store import EditConflictError
from pipeline.review import accounts, changes, followup, learnt, pages, sources, workbooks
from pipeline.review.api import create_api
from pipeline.review.desk import Desk
from pipeline.review.rendering import FOLDER, events, page
from pipeline.review.sessions import BACK_COOKIE, SignInNeededError, language_of, set_cookie
from pipeline.review.throttle import Tries
from pipeline.review.waiting import few_at_once, long_line
from pipeline.review.wording import say, words

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_FOR_GOOD = "public, max-age=31536000, immutable"  # the address of a static file names its version
_NOT_FOUND = {"document-unknown", "row-unknown", "text-unknown", "action-unknown"}


def create_app(desk: Desk) -> FastAPI:
    """Return the application over an open desk."""
    app = FastAPI(title="chidao", docs_url=None, redoc_url=None, openapi_url=None, lifespan=few_at_once)
    app.state.desk = desk
    app.state.tries = Tries()
    app.state.uploads = {}
    app.state.long_line = long_line()
    app.add_middleware(_guarded)
    app.add_exception_handler(SignInNeededError, _sign_in)
    app.add_exception_handler(ChidaoError, _told)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _misaddressed)
    app.add_exception_handler(Exception, _broken)
    for part in (accounts, pages, sources, changes, workbooks, learnt, followup):
        app.include_router(part.router)
    app.mount("/api", create_api(desk))
    app.mount("/static", StaticFiles(directory=FOLDER / "static"), name="static")
    return app


def _guarded(app: ASGIApp) -> ASGIApp:
    """Forbid foreign content on every answer, and keeping a page that holds somebody's documents."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        is_static = scope["type"] == "http" and scope["path"].startswith("/static/")
        kept = "no-store" if not is_static else _FOR_GOOD if scope["query_string"] else "no-cache"

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                headers.setdefault("Cache-Control", kept)
            await send(message)

        await app(scope, receive, send_guarded)

    return answer


def _sign_in(request: Request, _error: Exception) -> Response:
    """Send whoever isn't signed in to the door, and back again afterwards."""
    if "hx-request" in request.headers:
        return Response(status_code=401, headers={"HX-Redirect": "/sign-in"})
    query = f"?{request.url.query}" if request.url.query else ""
    back = request.url.path + query if request.method == "GET" else "/"
    response = RedirectResponse("/sign-in", 303)
    set_cookie(request, response, BACK_COOKIE, quote(back, safe="/?=&%"), 600)
    return response


def _told(request: Request, error: Exception) -> Response:
    """Tell what is wrong: on the page where a part of it was asked for, else as a page of its own."""
    assert isinstance(error, ChidaoError)
    status = 409 if isinstance(error, EditConflictError) else 404 if error.code in _NOT_FOUND else 422
    return _answer(request, error.message(language_of(request)), status)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    key, language = str(error.detail), language_of(request)
    told = key if key in words()[language] else "page-unknown"
    return _answer(request, say(language, told), error.status_code)


def _misaddressed(request: Request, _error: Exception) -> Response:
    """Tell that an address has something in it that it can't have."""
    return _answer(request, say(language_of(request), "page-unknown"), 422)


def _broken(request: Request, _error: Exception) -> Response:
    """Tell that something failed that nobody foresaw; what it was goes to the log. Nothing else guards this answer."""
    response = _answer(request, say(language_of(request), "went-wrong"), 500)
    response.headers.update(HEADERS)
    return response


def _answer(request: Request, text: str, status: int) -> Response:
    if "hx-request" in request.headers:
        return events(Response(status_code=status), say={"text": text, "kind": "error"})
    return page(request, "told.html", status=status, text=text)
