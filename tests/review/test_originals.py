"""Files without pages are shown as printed, and what came in an archive or message as if it had come alone."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from models.errors import ReadError
from models.store import TaskRow, document_rows, list_documents
from pipeline.readers import printed as printing
from pipeline.readers import programs
from pipeline.review.desk import Desk
from tests.review.conftest import SignIn
from tests.review.made import PASSWORD, take_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

CORPUS = Path(__file__).parents[2] / "corpus/documents"
FORWARDED = CORPUS / "ru-pismo-s-prikazom.docx"  # a letter of one page and the order that it forwards
NOTICE = CORPUS / "vi-thong-bao-ket-luan-hop.pdf"
TEXT = b"ORDER No. 77/2026\n\nThe Lamp Office shall mend the lamps on the quay by 3 June 2026."
needs_office = pytest.mark.skipif(programs.find(programs.LIBREOFFICE) is None, reason="LibreOffice is not installed")


def _archive(name: str, data: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, data)
    return packed.getvalue()


def _message(name: str, data: bytes) -> bytes:
    message = EmailMessage()
    message["Subject"] = "Papers"
    message.set_content("See below.")
    message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def _rows_of(desk: Desk, number: str) -> tuple[str, tuple[TaskRow, ...]]:
    """Return the id and the rows of a document by its number."""
    documents = {found.values.get("document_number"): found for found in list_documents(desk.store).documents}
    return documents[number].document_id, document_rows(desk.store, documents[number].document_id)[1]


def _pages_of_words(client: TestClient, row: TaskRow) -> tuple[list[int], set[int]]:
    """Return the pages that are shown beside a row, and those on which its passage stands."""
    layout = client.get(f"/readings/{row.reading_id}/layout").json()
    on = {page for start, end, page, *_ in layout["words"] if start >= row.start and end <= row.end}
    return [page[0] for page in layout["pages"]], on


@needs_office
def test_the_second_paper_of_a_word_file_has_its_printed_pages(desk: Desk, sign_in: SignIn) -> None:
    assert take_in(desk, FORWARDED.name, FORWARDED.read_bytes()) == 2
    client, (document_id, rows) = sign_in("Clerk"), _rows_of(desk, "17-од")
    assert _pages_of_words(client, rows[0]) == ([2, 3], {2})
    assert client.get(f"/readings/{rows[0].reading_id}/pages/3").content.startswith(b"\xff\xd8")
    assert client.get(f"/readings/{rows[0].reading_id}/pages/4").status_code == 404
    assert re.search(r'data-pages="0"\s+data-paged="', client.get(f"/documents/{document_id}").text)


@needs_office
def test_a_file_is_printed_once_and_one_that_fails_is_not_tried_at_each_look(
    desk: Desk, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def failing(kind: str, data: bytes, target: str) -> bytes:
        tried.append(kind)
        raise ReadError("read-too-slow")

    take_in(desk, "lamps.txt", TEXT)
    client, (_, rows) = sign_in("Clerk"), _rows_of(desk, "77/2026")
    monkeypatch.setattr(printing, "converted", failing)
    for _ in range(2):
        assert client.get(f"/readings/{rows[0].reading_id}/layout").json() == {"pages": [], "words": []}
        assert client.get(f"/readings/{rows[0].reading_id}/pages/1").status_code == 404
    assert tried == ["html"]


@pytest.mark.parametrize("packed", [_archive, _message])
def test_what_was_packed_has_its_pages(desk: Desk, sign_in: SignIn, packed: Callable[[str, bytes], bytes]) -> None:
    take_in(desk, "packed.eml", packed("Thư mục/Thông báo.pdf", NOTICE.read_bytes()))
    client, (document_id, rows) = sign_in("Clerk"), _rows_of(desk, "142/TB-VPUBND")
    row = next(row for row in rows if row.values["page"] == "2")
    assert _pages_of_words(client, row) == ([1, 2, 3], {2})
    assert client.get(f"/readings/{row.reading_id}/pages/2").content.startswith(b"\xff\xd8")
    assert 'data-pages="3"' in client.get(f"/documents/{document_id}").text
    assert desk.inbox
    (desk.inbox / "packed.eml").write_bytes(packed("Thông báo.pdf", b"another"))
    for kept in (desk.outputs / "layouts").iterdir():
        kept.unlink()
    assert client.get(f"/readings/{row.reading_id}/layout").json() == {"pages": [], "words": []}


def test_without_libreoffice_the_text_is_shown_and_the_package_named(
    desk: Desk, page: Page, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "find", lambda program: None)
    take_in(desk, "lamps.txt", TEXT)
    _look_at(page, address, _rows_of(desk, "77/2026")[0])
    assert "mend the lamps" in page.inner_text("#sheets pre")
    assert programs.LIBREOFFICE.package in page.inner_text("#viewer-state")


@needs_office
def test_the_passage_of_a_text_file_is_boxed_on_its_print(desk: Desk, page: Page, address: str) -> None:
    take_in(desk, "lamps.txt", TEXT)
    _look_at(page, address, _rows_of(desk, "77/2026")[0])
    page.wait_for_selector("#sheets rect.passage")
    page.wait_for_function("() => document.querySelector('#sheets img').naturalWidth > 1000")
    assert [figure.get_attribute("data-page") for figure in page.query_selector_all("#sheets figure")] == ["1"]
    assert page.inner_text("#viewer-state") == ""


def _look_at(page: Page, address: str, document_id: str) -> None:
    page.goto(f"{address}/sign-in")
    page.fill("input[name=name]", "Reviewer")
    page.fill("input[type=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("table.list")
    page.goto(f"{address}/documents/{document_id}")
    page.wait_for_selector("#sheets figure, #sheets pre")
