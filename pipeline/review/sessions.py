"""Who is asking: sessions in a cookie, a token against forged requests, and what each role may do."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

from fastapi import Depends, HTTPException, Request, Response

from models.records import LANGUAGES, Language
from models.store import ROLES, Role, User, session_user

COOKIE, LANGUAGE_COOKIE = "chidao_session", "chidao_language"
FORM_COOKIE, BACK_COOKIE = "chidao_form", "chidao_back"  # of the sign-in page: its token, and where to go from it
_LONGEST_FORM = 1_000_000  # bytes
Form = dict[str, list[str]]


class SignInNeededError(Exception):
    """Nobody is signed in."""


def language_of(request: Request) -> Language:
    """Return the language chosen, else the first of the browser's that is spoken here, else English."""
    asked = [request.cookies.get(LANGUAGE_COOKIE, "")]
    asked += [part.strip()[:2].lower() for part in request.headers.get("accept-language", "").split(",")]
    return next((language for name in asked for language in LANGUAGES if name == language), "en")


async def user_of(request: Request) -> User:
    """Return who is signed in, asked of the store on the spot: passing the question to a thread would cost more.

    Raises SignInNeededError.
    """
    token = request.cookies.get(COOKIE, "")
    user = session_user(request.app.state.desk.store, token) if token else None
    if user is None:
        raise SignInNeededError
    return user


def csrf_token(request: Request) -> str:
    """Return the token that every change has to bring: made from the session, which no other site can read."""
    session = request.cookies.get(COOKIE, "")
    return hashlib.sha256(f"csrf\x1f{session}".encode()).hexdigest()


async def form_of(request: Request) -> Form:
    """Return the fields of a form, empty ones too. Raises HTTPException 413."""
    body = await body_of(request, _LONGEST_FORM)
    if body is None:
        raise HTTPException(413, "form-too-long")
    return parse_qs(body.decode("utf-8", errors="replace"), keep_blank_values=True)


async def body_of(request: Request, most: int) -> bytes | None:
    """Return what was sent; None where it is more than so many bytes, of which no more are kept."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)


def first(form: Form, name: str, default: str = "") -> str:
    """Return the first value of a field."""
    return form.get(name, [default])[0]


def may(user: User, role: Role) -> bool:
    """Say whether a user may do what a role may: each role may also do what those before it may."""
    return ROLES.index(user.role) >= ROLES.index(role)


Reader = Annotated[User, Depends(user_of)]
Fields = Annotated[Form, Depends(form_of)]


def _changing(role: Role) -> Callable[..., User]:
    """Return what a change depends on: a user of that role, with the token. Raises HTTPException 403."""

    def check(request: Request, user: Reader, form: Fields) -> User:
        check_token(request, request.headers.get("x-csrf") or first(form, "csrf"))
        if not may(user, role):
            raise HTTPException(403, "not-allowed")
        return user

    return check


def check_token(request: Request, given: str) -> None:
    """Refuse a change that a page of this session has not asked for. Raises HTTPException 403."""
    if not hmac.compare_digest(given.encode(), csrf_token(request).encode()) or not is_own(request):
        raise HTTPException(403, "page-outdated")


def sending(request: Request, user: Reader) -> User:
    """Return who sends a file, which is no form: the token is in a header, and nothing else has read the body."""
    check_token(request, request.headers.get("x-csrf", ""))
    return user


Sender = Annotated[User, Depends(sending)]
Clerk = Annotated[User, Depends(_changing("clerk"))]
Reviewer = Annotated[User, Depends(_changing("reviewer"))]
Admin = Annotated[User, Depends(_changing("admin"))]


def is_own(request: Request) -> bool:
    """Say whether a change comes from a page of this server, as far as the browser tells."""
    origin = request.headers.get("origin", "")
    return not origin or urlsplit(origin).netloc == request.headers.get("host", "")


def form_nonce(request: Request) -> str:
    """Return the token of the sign-in form, where there is no session yet to make one from."""
    return request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(24)


def set_cookie(request: Request, response: Response, name: str, value: str, seconds: int) -> None:
    """Set a cookie that scripts can't read and other sites can't send."""
    secure = request.url.scheme == "https"
    response.set_cookie(name, value, max_age=seconds, httponly=True, samesite="strict", secure=secure, path="/")


def local(address: str) -> str:
    """Return an address within this server, the list where it is another's."""
    parts = urlsplit(address)
    is_local = address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.netloc
    return address if is_local and "\\" not in address else "/"
