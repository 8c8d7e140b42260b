"""The desk of the review pages, with its register written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from models.store import create_token
from pipeline.recorded import write_reviewed_register
from pipeline.review.app import create_app
from pipeline.review.desk import Desk
from tests.review import conftest as review

prepared = review.prepared
sign_in = review.sign_in


@pytest.fixture
def desk(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk of the test's own; the clerk's edits are written by the tests, not by the thread."""
    yield from _written(review.desk.__wrapped__(prepared, tmp_path, monkeypatch))  # type: ignore[attr-defined]


def _written(desks: Iterator[Desk]) -> Iterator[Desk]:
    for desk in desks:
        write_reviewed_register(desk.store, desk.outputs)
        yield desk


@pytest.fixture
def api(desk: Desk) -> TestClient:
    """A program with a token, and no session."""
    client = TestClient(create_app(desk))
    client.headers["Authorization"] = f"Bearer {create_token(desk.store, 'tracker')}"
    return client
