"""A desk over a made directive, with an account of each role, and a browser to look at it."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn
from fastapi.testclient import TestClient

from models.store import ROLES, close_store, create_user, open_store
from pipeline.recorded import record_kept
from pipeline.review.app import create_app
from pipeline.review.desk import Desk, open_desk
from tests.review.made import PASSWORD, drop, keep

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
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


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    """The address of a running desk."""
    server = uvicorn.Server(uvicorn.Config(create_app(desk), port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(5)


@pytest.fixture
def page(address: str) -> Iterator[Page]:
    """A browser page that may ask nobody but the desk, and has met no error when the test is over."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    problems: list[str] = []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--lang=en-US"])
        opened: Page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        opened.set_default_timeout(15_000)
        opened.on("console", lambda told: problems.append(told.text) if told.type == "error" else None)
        opened.on("pageerror", lambda error: problems.append(str(error)))
        opened.on("request", lambda asked: None if asked.url.startswith(address) else problems.append(asked.url))
        yield opened
        browser.close()
    assert [problem for problem in problems if "409" not in problem] == []
