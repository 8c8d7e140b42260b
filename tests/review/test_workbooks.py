"""Excel files by the page: taken along, brought back corrected, shown cell by cell, and applied when told to."""

from __future__ import annotations

import io
import re
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from openpyxl import load_workbook

from models.records import LANGUAGES
from models.store import TaskRow, document_rows, list_documents, set_cell
from pipeline.review.desk import Desk
from pipeline.xlsx_round_trip import LAYOUT
from tests.review.conftest import SignIn

HTMX = {"HX-Request": "true"}


def _rows(desk: Desk) -> list[TaskRow]:
    return list(document_rows(desk.store, list_documents(desk.store).documents[0].document_id)[1])


def _corrected(client: TestClient, values: dict[str, str], row: int = 2) -> bytes:
    """Return the file that the page gives, with cells of one row corrected."""
    workbook = load_workbook(io.BytesIO(client.get("/excel/register.xlsx").content))
    for column, value in values.items():
        workbook.worksheets[0].cell(row, LAYOUT.index(column) + 1).value = value
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def _bring(client: TestClient, content: bytes, name: str = "sửa.xlsx") -> Response:
    answer: Response = client.post("/excel", content=content, headers={**HTMX, "X-File-Name": quote(name)})
    return answer


def _apply(client: TestClient, preview: Response, **form: object) -> Response:
    found = re.search(r'action="(/excel/[^"]+)"', preview.text)
    assert found
    answer: Response = client.post(found[1], data=form)
    return answer


def test_a_file_goes_out_for_all_and_for_one_document(desk: Desk, sign_in: SignIn) -> None:
    client = sign_in("Clerk")
    whole = client.get("/excel/register.xlsx?sheets=1")
    assert whole.headers["content-disposition"].startswith("attachment")
    assert load_workbook(io.BytesIO(whole.content)).sheetnames[0] == "12 2026"
    one = client.get(f"/excel/register.xlsx?document={_rows(desk)[0].document_id}")
    assert "12-2026.xlsx" in one.headers["content-disposition"]
    assert client.get("/excel/register.xlsx?document=none").status_code == 404


def test_a_correction_is_shown_and_then_applied_signed(desk: Desk, sign_in: SignIn) -> None:
    client = sign_in("Reviewer")
    preview = _bring(client, _corrected(client, {"lead_unit": "Pier <b>Guard</b>", "review_status": "accepted"}))
    assert preview.status_code == 200
    assert "sửa.xlsx" in preview.text
    assert "Pier &lt;b&gt;Guard&lt;/b&gt;" in preview.text
    assert _rows(desk)[0].values["lead_unit"] == "Harbour Office"
    assert "Written: 1 cells, 1 decisions" in _apply(client, preview).text
    row = _rows(desk)[0]
    assert (row.values["lead_unit"], row.notes["lead_unit"].who) == ("Pier <b>Guard</b>", "Reviewer")
    assert row.notes["lead_unit"].why == "sửa.xlsx"
    assert _apply(client, preview).status_code == 422  # once is enough


def test_what_somebody_else_changed_is_overwritten_only_where_ticked(desk: Desk, sign_in: SignIn) -> None:
    client, task = sign_in("Reviewer"), _rows(desk)[0].task_id
    data = _corrected(client, {"lead_unit": "Pier Guard", "deliverable": "a pier"})
    set_cell(desk.store, task, "lead_unit", "Navy", expected="Harbour Office", who="Clerk")
    preview = _bring(client, data)
    assert '<td class="doubtful">Navy</td>' in preview.text
    left = _apply(client, preview)
    assert "Pier Guard" in left.text
    assert (_rows(desk)[0].values["lead_unit"], _rows(desk)[0].values["deliverable"]) == ("Navy", "a pier")
    ticked = _apply(client, _bring(client, data), overwrite=[f"{task}:lead_unit"])
    assert ticked.status_code == 200
    assert _rows(desk)[0].values["lead_unit"] == "Pier Guard"


def test_what_was_changed_after_the_preview_is_left(desk: Desk, sign_in: SignIn) -> None:
    client, task = sign_in("Reviewer"), _rows(desk)[0].task_id
    preview = _bring(client, _corrected(client, {"lead_unit": "Pier Guard"}))
    set_cell(desk.store, task, "lead_unit", "Navy", expected="Harbour Office", who="Clerk")
    assert "Pier Guard" in _apply(client, preview, overwrite=[f"{task}:lead_unit"]).text
    assert _rows(desk)[0].values["lead_unit"] == "Navy"


def test_a_clerk_corrects_cells_but_decides_nothing(desk: Desk, sign_in: SignIn) -> None:
    client = sign_in("Clerk")
    preview = _bring(client, _corrected(client, {"lead_unit": "Pier Guard", "review_status": "rejected"}))
    assert "Your role may not" in preview.text
    _apply(client, preview)
    assert (_rows(desk)[0].state, _rows(desk)[0].values["lead_unit"]) == ("shown", "Pier Guard")


def test_a_preview_is_its_owners(desk: Desk, sign_in: SignIn) -> None:
    client = sign_in("Reviewer")
    preview = _bring(client, _corrected(client, {"lead_unit": "Pier Guard"}))
    other = sign_in("Admin")
    other.app.state.uploads = client.app.state.uploads  # type: ignore[attr-defined]
    assert _apply(other, preview).status_code == 422
    assert _rows(desk)[0].values["lead_unit"] == "Harbour Office"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_that_cannot_be_taken_is_told(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    client = sign_in("Reviewer")
    client.get(f"/language/{language}")
    said = {_bring(client, b"no workbook", "<a>.xlsx").headers["hx-trigger"]}
    locked = bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le")
    said.add(_bring(client, locked).headers["hx-trigger"])
    monkeypatch.setattr("pipeline.review.workbooks.MOST_BYTES", 5)
    too_large = _bring(client, b"no workbook")
    assert too_large.status_code == 422
    said.add(too_large.headers["hx-trigger"])
    monkeypatch.setattr("pipeline.review.workbooks._MOST_ROWS", 2)
    answer = client.get("/excel/register.xlsx")
    assert (answer.status_code, "chidao export xlsx" in answer.text) == (422, True)
    assert len(said) == 3


def test_a_file_without_the_token_is_not_read(sign_in: SignIn) -> None:
    client = sign_in("Admin")
    assert client.post("/excel", content=b"x", headers={"X-CSRF": "0" * 64}).status_code == 403
