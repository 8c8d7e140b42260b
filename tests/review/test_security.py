"""What holds for every route: nobody comes in unsigned, nothing changes without the token, nothing foreign is kept."""

from __future__ import annotations

import re

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from models.records import LANGUAGES
from pipeline.review import accounts, changes, learnt, pages, sources, workbooks
from pipeline.review.app import create_app
from pipeline.review.desk import Desk
from tests.review.conftest import SignIn

ROUTES = [
    (method, re.sub(r"\{[^}]+\}", "1", route.path))
    for part in (accounts, changes, learnt, pages, sources, workbooks)
    for route in part.router.routes
    if isinstance(route, APIRoute)
    for method in route.methods or ()
]
OPEN = {("GET", "/sign-in"), ("POST", "/sign-in"), ("GET", "/language/1")}


def test_every_route_but_the_door_asks_who_is_there(desk: Desk) -> None:
    client = TestClient(create_app(desk), follow_redirects=False)
    assert len(ROUTES) > 30
    for method, path in set(ROUTES) - OPEN:
        answer = client.request(method, path)
        assert (answer.status_code, answer.headers.get("location")) == (303, "/sign-in"), (method, path)


@pytest.mark.parametrize("role", ["Clerk", "Admin"])
def test_every_change_needs_the_token_of_the_session(desk: Desk, sign_in: SignIn, role: str) -> None:
    client = sign_in(role)
    del client.headers["X-CSRF"]
    for method, path in ROUTES:
        assert method in {"GET", "POST"}
        if method == "POST":
            assert client.post(path, data={"csrf": "0" * 64}).status_code == 403, path


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_address_is_told_in_words(desk: Desk, sign_in: SignIn, language: str) -> None:
    client = sign_in("Clerk")
    client.get(f"/language/{language}")
    for path, status in (("/nowhere", 404), ("/readings/x/text", 422), ("/?start=x", 422), ("/static/none.js", 404)):
        answer = client.get(path)
        assert answer.status_code == status, path
        assert f'<html lang="{language}">' in answer.text, path
        assert "not found" not in answer.text.casefold(), path


def test_a_form_without_end_is_cut_off(desk: Desk, sign_in: SignIn) -> None:
    client = sign_in("Clerk")
    assert client.post("/refresh", content=b"a=" + b"b" * 1_000_001).status_code == 413


def test_what_nobody_foresaw_is_told_without_a_trace_of_code(
    desk: Desk, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = sign_in("Clerk").cookies["chidao_session"]

    def fail(*_arguments: object, **_named: object) -> None:
        raise RuntimeError("the disk is on fire")

    monkeypatch.setattr("pipeline.review.pages.list_documents", fail)
    client = TestClient(create_app(desk), raise_server_exceptions=False, cookies={"chidao_session": session})
    answer = client.get("/")
    assert (answer.status_code, "administrator" in answer.text, "on fire" in answer.text) == (500, True, False)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
