"""What the pages answer: who may come in, what may be done, what is shown, and that nobody's words run as code."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from models.records import LANGUAGES
from models.store import TaskRow, document_history, document_rows, list_documents, set_cell
from pipeline.register import read_register
from pipeline.review.app import create_app
from pipeline.review.desk import Desk, refresh
from pipeline.review.rendering import FOLDER
from tests.review.conftest import SignIn
from tests.review.made import LAMPS, NUMBER, drop, found, keep

HTMX = {"HX-Request": "true"}


def _document_id(desk: Desk) -> str:
    return list_documents(desk.store).documents[0].document_id


def _rows(desk: Desk) -> list[TaskRow]:
    return list(document_rows(desk.store, _document_id(desk))[1])


def _register(desk: Desk, is_written: Callable[[list[str]], bool]) -> list[dict[str, str]]:
    """Return the register once its leads are as wanted; after ten seconds as it is."""
    path, end = desk.outputs / "register.csv", time.monotonic() + 10
    while time.monotonic() < end:
        if path.is_file() and is_written([row["lead_unit"] for row in read_register(path)]):
            break
        time.sleep(0.05)
    return read_register(path)


def test_who_is_not_signed_in_sees_the_door_and_then_what_was_asked_for(desk: Desk) -> None:
    client = TestClient(create_app(desk), follow_redirects=False)
    answer = client.get("/tasks?kind=date")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert client.get(f"/documents/{_document_id(desk)}", headers=HTMX).headers["hx-redirect"] == "/sign-in"
    nonce = client.get("/sign-in").text.split('name="nonce" value="')[1].split('"')[0]
    wrong = client.post("/sign-in", data={"name": "Reviewer", "password": "guess guess", "nonce": nonce})
    assert wrong.status_code == 403
    assert "chidao_session" not in wrong.cookies
    right = {"name": "Reviewer", "password": "a long enough password"}
    assert client.post("/sign-in", data={**right, "nonce": "another"}).status_code == 403
    answer = client.post("/sign-in", data={**right, "nonce": nonce})
    assert answer.headers["location"] == "/tasks?kind=date"
    cookie = next(value for value in answer.headers.get_list("set-cookie") if value.startswith("chidao_session"))
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()


def test_every_answer_forbids_foreign_content(desk: Desk, sign_in: SignIn) -> None:
    client = sign_in("Reviewer")
    for path in ("/", "/sign-in", f"/documents/{_document_id(desk)}", "/static/desk.css", "/documents/none"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_no_template_or_script_names_another_machine_or_holds_code_or_style_of_its_own() -> None:
    files = [path for path in FOLDER.rglob("*") if path.suffix in {".html", ".js", ".css"}]
    assert len(files) > 10
    for path in files:
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert path.name == "htmx.min.js" or ("http://" not in text and "https://" not in text), path.name
        if path.suffix == ".html":
            assert "style=" not in text, path.name
            assert "onclick" not in text, path.name
            assert "|safe" not in text, path.name


def test_words_of_documents_are_escaped(desk: Desk, sign_in: SignIn) -> None:
    page = sign_in("Reviewer").get(f"/documents/{_document_id(desk)}").text
    assert "publish &lt;b&gt;the prices&lt;/b&gt; &amp; the weights" in page
    assert "<b>the prices" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_there_in_every_language(desk: Desk, sign_in: SignIn, language: str) -> None:
    client, document = sign_in("Admin"), _document_id(desk)
    task = _rows(desk)[2]
    client.get(f"/language/{language}")
    paths = ["/", "/tasks?doubt=1", "/people", f"/documents/{document}", f"/documents/{document}/history"]
    paths += [f"/tasks/{task.task_id}/{rest}" for rest in ("edit/deadline", "edit/lead_unit", "edit/task", "split")]
    paths += [f"/tasks/{task.task_id}/history/deadline", f"/documents/{document}/edit/document_type"]
    paths += [f"/documents/{document}/add?reading={task.reading_id}&start=0&end=9"]
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "{" not in answer.text.split("</head>")[-1].replace('{"X-CSRF"', ""), path
    assert f'<html lang="{language}">' in client.get("/").text


def test_the_list_tells_what_is_left_and_the_doubtful_come_first(desk: Desk, sign_in: SignIn) -> None:
    client = sign_in("Clerk")
    assert NUMBER in client.get("/?left=doubtful").text
    assert NUMBER not in client.get("/?left=done").text
    rows = client.get(f"/documents/{_document_id(desk)}/rows").text
    assert rows.index("publish") < rows.index("paint")
    assert "roughly said" in rows
    in_order = client.get(f"/documents/{_document_id(desk)}/rows?order=document").text
    assert in_order.index("paint") < in_order.index("publish")


def test_filters_find_tasks_by_unit_deadline_status_and_language(desk: Desk, sign_in: SignIn) -> None:
    client = sign_in("Clerk")
    counts = {"": 3, "unit=Port+Police": 1, "kind=recurring": 1, "due_to=2026-06-01": 1, "lang=ru": 0}
    for query, count in counts.items():
        assert f"Tasks: {count}<" in client.get(f"/tasks?{query}").text, query
    assert "Tasks: 3<" in client.get("/tasks?status=new").text
    assert "Tasks: 1<" in client.get("/tasks?doubt=1").text


def test_a_cell_is_set_signed_and_written_to_the_register(desk: Desk, sign_in: SignIn) -> None:
    client, row = sign_in("Clerk"), _rows(desk)[0]
    form = {"seen.lead_unit": "Harbour Office", "lead_unit": "Pier Guard"}
    answer = client.post(f"/tasks/{row.task_id}/cells", data=form, headers=HTMX)
    assert answer.status_code == 200
    assert "Pier Guard" in answer.text
    written = _register(desk, lambda leads: "Pier Guard" in leads)[0]
    assert (written["lead_unit"], written["review_status"], written["reviewed_by"]) == (
        "Pier Guard",
        "corrected",
        "Clerk",
    )
    assert "Harbour Office" in client.get(f"/tasks/{row.task_id}/history/lead_unit").text


def test_the_second_is_told_and_nothing_is_overwritten(desk: Desk, sign_in: SignIn) -> None:
    client, row = sign_in("Reviewer"), _rows(desk)[0]
    set_cell(desk.store, row.task_id, "lead_unit", "Pier Guard", expected="Harbour Office", who="Clerk")
    form = {"seen.lead_unit": "Harbour Office", "lead_unit": "Night Watch"}
    answer = client.post(f"/tasks/{row.task_id}/cells", data=form, headers=HTMX)
    assert answer.status_code == 409
    assert "Pier Guard" in answer.headers["hx-trigger"]
    assert "Clerk" in answer.headers["hx-trigger"]
    assert _rows(desk)[0].values["lead_unit"] == "Pier Guard"
    late = client.post(f"/tasks/{row.task_id}/accept", data={"version": row.version}, headers=HTMX)
    assert late.status_code == 409


def test_a_change_without_the_token_or_from_another_site_or_above_the_role_is_refused(
    desk: Desk, sign_in: SignIn
) -> None:
    client, row = sign_in("Clerk"), _rows(desk)[0]
    form = {"seen.lead_unit": "Harbour Office", "lead_unit": "X"}
    bad = {"X-CSRF": "0" * 64}
    assert client.post(f"/tasks/{row.task_id}/cells", data=form, headers=bad).status_code == 403
    foreign = {"Origin": "http://elsewhere.example"}
    assert client.post(f"/tasks/{row.task_id}/cells", data=form, headers=foreign).status_code == 403
    assert client.post(f"/tasks/{row.task_id}/reject", data={"version": row.version}).status_code == 403
    assert client.post("/people", data={"what": "add", "name": "Eve", "password": "x" * 12}).status_code == 403
    assert _rows(desk)[0].version == row.version


def test_a_deadline_is_set_whole_and_a_wrong_day_is_refused(desk: Desk, sign_in: SignIn) -> None:
    client, row = sign_in("Clerk"), _rows(desk)[1]
    columns = ("deadline_kind", "due_date", "recurrence")
    seen = {f"seen.{column}": row.values.get(column, "") for column in columns}
    fields = {"deadline_kind": "recurring", "due_date": "", "every": "quarter", "day": "25", "month": "", "weekday": ""}
    answer = client.post(f"/tasks/{row.task_id}/cells", data={**seen, **fields, "other": ""}, headers=HTMX)
    assert answer.status_code == 200
    assert "every quarter, on day 25" in answer.text
    assert _rows(desk)[1].values["recurrence"] == "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=25"
    wrong = {"seen.due_date": "", "due_date": "2026-02-31"}
    answer = client.post(f"/tasks/{row.task_id}/cells", data=wrong, headers=HTMX)
    assert (answer.status_code, answer.text) == (422, "")
    assert "2026-02-31" in answer.headers["hx-trigger"]


def test_rows_are_split_merged_rejected_restored_and_all_is_undone(desk: Desk, sign_in: SignIn) -> None:
    client, document = sign_in("Reviewer"), _document_id(desk)
    row = _rows(desk)[1]
    parts = {"version": row.version, "task": ["count the boats", "report the catch", ""]}
    leads = {"lead_unit": ["Port Police", "Fish Market", "Port Police"]}
    assert client.post(f"/tasks/{row.task_id}/split", data={**parts, **leads}, headers=HTMX).status_code == 200
    rows = _rows(desk)
    assert [row.values["task"] for row in rows[1:3]] == ["count the boats", "report the catch"]
    assert [row.values["lead_unit"] for row in rows[1:3]] == ["Port Police", "Fish Market"]
    both = {"task": [row.task_id for row in rows[1:3]], "version": [row.version for row in rows[1:3]]}
    assert client.post(f"/documents/{document}/merge", data=both, headers=HTMX).status_code == 200
    merged = _rows(desk)[1]
    assert merged.values["lead_unit"] == "Port Police; Fish Market"
    gone = client.post(f"/tasks/{merged.task_id}/reject", data={"version": merged.version}, headers=HTMX)
    assert gone.status_code == 200
    assert len(_rows(desk)) == 2
    assert "count the boats" in client.get(f"/documents/{document}/rows?show=rejected").text
    for _ in range(3):
        assert client.post(f"/documents/{document}/undo", headers=HTMX).status_code == 200
    assert [row.values["task"] for row in _rows(desk)] == [task.text for task in found(drop(Path(desk.inbox or ".")))]
    assert client.post(f"/documents/{document}/redo", headers=HTMX).status_code == 200
    assert len(_rows(desk)) == 4


def test_a_row_is_added_from_a_passage(desk: Desk, sign_in: SignIn) -> None:
    client, document, row = sign_in("Clerk"), _document_id(desk), _rows(desk)[0]
    text = client.get(f"/readings/{row.reading_id}/text").text
    start = text.index(LAMPS)
    place = {"reading": row.reading_id, "start": start, "end": start + len(LAMPS)}
    fields = {"task": "light the lamps", "lead_unit": "Night Watch", "deadline_kind": "none"}
    assert client.post(f"/documents/{document}/add", data={**place, **fields}, headers=HTMX).status_code == 200
    added = _rows(desk)[-1]
    assert (added.values["task"], added.values["source_text"]) == ("light the lamps", LAMPS)


def test_words_stand_on_their_page_image(desk: Desk, sign_in: SignIn) -> None:
    client, row = sign_in("Clerk"), _rows(desk)[0]
    layout = client.get(f"/readings/{row.reading_id}/layout").json()
    assert layout["pages"] == [[1, 595.0, 842.0]]
    text = client.get(f"/readings/{row.reading_id}/text").text
    placed = {text[start:end]: page for start, end, page, *_ in layout["words"]}
    assert placed["pier"] == 1
    image = client.get(f"/readings/{row.reading_id}/pages/1")
    assert image.content.startswith(b"\xff\xd8")
    assert client.get(f"/readings/{row.reading_id}/pages/2").status_code == 404


def test_an_original_that_is_gone_or_changed_leaves_the_text(desk: Desk, sign_in: SignIn) -> None:
    client, row = sign_in("Clerk"), _rows(desk)[0]
    assert desk.inbox is not None
    (desk.inbox / "order.pdf").write_bytes(b"something else")
    assert client.get(f"/readings/{row.reading_id}/layout").json() == {"pages": [], "words": []}
    assert client.get(f"/readings/{row.reading_id}/pages/1").status_code == 404
    assert 'data-pages="0"' in client.get(f"/documents/{_document_id(desk)}").text


def test_what_the_flow_finds_later_is_taken_in_and_edits_stay(desk: Desk, sign_in: SignIn) -> None:
    client, row = sign_in("Reviewer"), _rows(desk)[0]
    set_cell(desk.store, row.task_id, "lead_unit", "Pier Guard", expected="Harbour Office", who="Clerk")
    assert desk.inbox is not None
    document = drop(desk.inbox)
    assert refresh(desk) == 0
    keep(desk.outputs, document, found(document)[:2])
    assert client.post("/refresh", headers=HTMX).headers["hx-refresh"] == "true"
    assert [row.values["lead_unit"] for row in _rows(desk)] == ["Pier Guard", "Port Police"]
    leads = ["Pier Guard", "Port Police"]
    assert [row["lead_unit"] for row in _register(desk, leads.__eq__)] == leads
    assert [event.by for event in document_history(desk.store, _document_id(desk))] == ["Clerk"]


def test_units_are_suggested_by_the_register_and_by_any_name_of_the_registry(desk: Desk, sign_in: SignIn) -> None:
    client = sign_in("Clerk")
    assert "Port Police" in client.get("/units?q=port&lang=en").text
    (desk.outputs / "units.csv").write_text(
        "id,name_vi,name_en,name_ru,abbreviations,aliases,parent,valid_from,valid_to,successor,kind\n"
        "quay,,Quay Wardens,,QW,Lamp Men,,,,,unit\n",
        encoding="utf-8",
    )
    assert "Quay Wardens" in client.get("/units?q=Somebody;+lamp&lang=en").text
    row = _rows(desk)[0]
    form = {"seen.lead_unit": "Harbour Office", "lead_unit": "Quay Wardens"}
    client.post(f"/tasks/{row.task_id}/cells", data=form, headers=HTMX)
    assert _rows(desk)[0].values["lead_unit_id"] == "quay"


def test_a_language_link_leads_back_only_here(desk: Desk) -> None:
    client = TestClient(create_app(desk), follow_redirects=False)
    assert client.get("/language/ru?back=/tasks?kind=date").headers["location"] == "/tasks?kind=date"
    for address in ("//elsewhere.example", "https://elsewhere.example/", "/\\elsewhere.example"):
        assert client.get("/language/ru", params={"back": address}).headers["location"] == "/"
