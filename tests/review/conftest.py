"""A desk over a made directive, with an account of each role."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from models.store import ROLES, close_store, create_user, open_store
from pipeline.recorded import record_kept
from pipeline.review.app import create_app
from pipeline.review.desk import Desk, open_desk
from tests.review.made import PASSWORD, drop, keep

SignIn = Callable[[str], TestClient]


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an inbox and outputs whose store has the directive and the accounts, for copying."""
    folder = tmp_path_factory.mktemp("desk")
    keep(folder / "outputs", drop(folder / "inbox"))
    store = open_store(folder / "outputs" / "store.db")
    for role in ROLES:
        create_user(store, role.title(), PASSWORD, role)
    record_kept(store, folder / "outputs")
    close_store(store)
    return folder


@pytest.fixture
def desk(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk of the test's own."""
    monkeypatch.delenv("CHIDAO_STORE", raising=False)
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    with open_desk(tmp_path / "outputs", tmp_path / "inbox") as opened:
        yield opened


@pytest.fixture
def sign_in(desk: Desk) -> SignIn:
    """Return how to come in as somebody: a client with the session and the token against forged requests."""

    def come_in(name: str) -> TestClient:
        client = TestClient(create_app(desk), follow_redirects=False)
        nonce = client.get("/sign-in").text.split('name="nonce" value="')[1].split('"')[0]
        answer = client.post("/sign-in", data={"name": name, "password": PASSWORD, "nonce": nonce})
        assert answer.status_code == 303
        token = client.get("/").text.split('"X-CSRF": "')[1].split('"')[0]
        client.headers["X-CSRF"] = token
        return client

    return come_in
