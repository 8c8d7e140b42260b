"""The commands: an account made through a pipe, and the page served on this machine alone."""

from __future__ import annotations

import io
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from models.store import close_store, list_users, open_store, verify
from pipeline import cli
from tests.review.made import PASSWORD, drop, keep

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def own_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHIDAO_STORE", raising=False)


def _add(outputs: Path, password: str, monkeypatch: pytest.MonkeyPatch, *more: str) -> int:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n"))
    return cli.main(["users", "add", "Lan", "--outputs", str(outputs), "--lang-of-messages", "vi", *more])


def test_an_account_is_made_and_signs_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _add(tmp_path, PASSWORD, monkeypatch, "--role", "admin") == 0
    assert "quản trị" in capsys.readouterr().out
    assert _add(tmp_path, PASSWORD, monkeypatch) == 2
    assert _add(tmp_path, "short", monkeypatch) == 2
    store = open_store(tmp_path / "store.db")
    assert [(user.name, user.role) for user in list_users(store)] == [("Lan", "admin")]
    assert verify(store, "Lan", PASSWORD) is not None
    assert verify(store, "Lan", PASSWORD + " ") is None
    close_store(store)


def test_the_page_is_served_on_the_loopback_and_the_register_is_written_before_the_end(tmp_path: Path) -> None:
    keep(tmp_path / "outputs", drop(tmp_path / "inbox"))
    port = _free_port()
    command = [sys.executable, "-m", "pipeline.cli", "review", "--lang-of-messages", "en"]
    command += ["--outputs", str(tmp_path / "outputs"), "--port", port]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        said = served.stdout.readline()
        assert f"http://127.0.0.1:{port}/" in said
        assert "chidao users add" in served.stdout.readline()
        page = _page(f"http://127.0.0.1:{port}/sign-in")
        served.terminate()
    assert "<form" in page
    assert served.returncode == 0
    assert "paint the northern pier" in (tmp_path / "outputs" / "register.csv").read_text(encoding="utf-8")


def _page(address: str) -> str:
    """Return a page, waiting until the server listens."""
    for _ in range(100):
        try:
            with urlopen(address, timeout=5) as answer:
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"nobody listens at {address}")


def _free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])
