"""Signing in and out, the language of the pages, and the accounts."""

from __future__ import annotations

import threading
import time
from typing import cast
from urllib.parse import unquote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from models.errors import ChidaoError
from models.records import LANGUAGES
from models.store import ROLES, Role, User, change_user, create_user, list_users, open_session, revoke, verify
from pipeline.review.rendering import page
from pipeline.review.sessions import (
    BACK_COOKIE,
    COOKIE,
    FORM_COOKIE,
    LANGUAGE_COOKIE,
    Admin,
    Clerk,
    Fields,
    Form,
    Reader,
    first,
    form_nonce,
    is_own,
    language_of,
    local,
    set_cookie,
)
from pipeline.review.throttle import forgive, seconds_to_wait
from pipeline.review.waiting import beside
from pipeline.review.wording import say

router = APIRouter()
_VERIFYING = threading.BoundedSemaphore(3)  # each takes 64 MB and a core, by design
_HOURS = 12 * 3600
_YEAR = 365 * 24 * 3600


@router.get("/sign-in")
def sign_in_page(request: Request) -> Response:
    """Show the door."""
    return _door(request)


def _door(request: Request, problem: str = "", name: str = "", status: int = 200) -> Response:
    nonce = form_nonce(request)
    response = page(request, "sign_in.html", status=status, problem=problem, name=name, nonce=nonce)
    set_cookie(request, response, FORM_COOKIE, nonce, _HOURS)
    return response


@router.post("/sign-in")
async def sign_in(request: Request, form: Fields) -> Response:
    """Open a session for whoever knows the password."""
    return await beside(request, _sign_in, request, form)


def _sign_in(request: Request, form: Form) -> Response:
    store, language, name = request.app.state.desk.store, language_of(request), first(form, "name").strip()
    if not is_own(request) or first(form, "nonce") != request.cookies.get(FORM_COOKIE):
        return _door(request, say(language, "page-outdated"), name, 403)
    tries, address = request.app.state.tries, request.client.host if request.client else ""
    if wait := seconds_to_wait(tries, name, address, time.monotonic()):
        response = _door(request, say(language, "sign-in-wait", seconds=wait), name, 429)
        response.headers["Retry-After"] = str(wait)
        return response
    with _VERIFYING:
        user = verify(store, name, first(form, "password"))
    if user is None:
        return _door(request, say(language, "sign-in-wrong"), name, 403)
    forgive(tries, name, address)
    response = RedirectResponse(local(unquote(request.cookies.get(BACK_COOKIE, "/"))), 303)
    set_cookie(request, response, COOKIE, open_session(store, user.name), _HOURS)
    response.delete_cookie(BACK_COOKIE)
    return response


@router.post("/sign-out")
def sign_out(request: Request, user: Clerk) -> Response:
    """End the session."""
    revoke(request.app.state.desk.store, request.cookies.get(COOKIE, ""))
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(COOKIE)
    return response


@router.get("/language/{code}")
def choose_language(request: Request, code: str, back: str = "/") -> Response:
    """Keep the language that somebody wants the pages in."""
    response = RedirectResponse(local(back), 303)
    if code in LANGUAGES:
        set_cookie(request, response, LANGUAGE_COOKIE, code, _YEAR)
    return response


@router.get("/people")
def people(request: Request, user: Reader) -> Response:
    """Show the accounts."""
    return _people(request, user)


def _people(request: Request, user: User, problem: str = "", status: int = 200) -> Response:
    accounts = list_users(request.app.state.desk.store)
    return page(request, "people.html", user, status=status, accounts=accounts, roles=ROLES, problem=problem)


@router.post("/people")
def change_people(request: Request, form: Fields, user: Admin) -> Response:
    """Make an account, or change its role, password or whether it may sign in."""
    store, name, password = request.app.state.desk.store, first(form, "name"), first(form, "password")
    role = cast(Role, first(form, "role", "clerk"))
    try:
        if first(form, "what") == "add":
            create_user(store, name, password, role)
        else:
            change_user(store, name, role=role, active=first(form, "active") == "yes", password=password or None)
    except ChidaoError as error:
        return _people(request, user, error.message(language_of(request)), 422)
    return RedirectResponse("/people", 303)
