"""The API: what it gives is what `register.csv` says, by the description that it publishes."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator

from models.columns import COLUMN_NAMES, COLUMNS
from models.records import LANGUAGES
from models.store import Said, find_task, record_progress, reject, revoke_token, set_cell
from pipeline import cli
from pipeline.recorded import write_reviewed_register
from pipeline.register import read_register
from pipeline.review.app import create_app
from pipeline.review.desk import Desk
from tests.review.conftest import SignIn


def _ids(client: TestClient, query: str = "") -> list[str]:
    answer = client.get(f"/api/tasks{query}")
    assert answer.status_code == 200, answer.text
    return [row["task_id"] for row in answer.json()["tasks"]]


def test_rows_are_those_of_the_register(api: TestClient, desk: Desk) -> None:
    rows = api.get("/api/tasks").json()["tasks"]
    written = read_register(desk.outputs / "register.csv")
    assert len(rows) == len(written) == 3
    for row, expected in zip(rows, written, strict=True):
        for column in COLUMNS:
            cell, value = expected[column.name], row[column.name]
            assert (
                value is None
                if not cell
                else float(value) == float(cell)
                if column.type == "number"
                else str(value) == cell
            )


def test_csv_is_the_register_with_two_columns_more(api: TestClient, desk: Desk) -> None:
    by_accept = api.get("/api/tasks", headers={"Accept": "text/csv"})
    assert by_accept.headers["content-type"] == "text/csv; charset=utf-8"
    assert api.get("/api/tasks?format=csv").content == by_accept.content
    assert api.get("/api/tasks?format=json", headers={"Accept": "text/csv"}).json()["tasks"]
    lines = list(csv.DictReader(io.StringIO(by_accept.text, newline="")))
    assert tuple(lines[0]) == (*COLUMN_NAMES, "changed_at", "withdrawn")
    with (desk.outputs / "register.csv").open(encoding="utf-8", newline="") as file:
        register = list(csv.DictReader(file))
    assert [{name: line[name] for name in COLUMN_NAMES} for line in lines] == register


def test_filters(api: TestClient) -> None:
    paint, count, prices = _ids(api)
    assert _ids(api, "?unit=harbour%20office") == [paint]
    assert _ids(api, "?due_before=2026-06-02") == [paint]
    assert _ids(api, "?due_before=2026-06-01") == _ids(api, "?due_after=2026-06-01") == []
    assert _ids(api, "?due_after=2026-05-31") == [paint]
    assert _ids(api, "?status=new&language=en") == [paint, count, prices]
    assert _ids(api, "?status=accepted") == _ids(api, "?language=vi") == _ids(api, "?document=none") == []
    document = api.get("/api/documents").json()["documents"][0]["document_id"]
    assert len(_ids(api, f"?document={document}")) == 3


def test_parts_follow_by_their_link(api: TestClient) -> None:
    seen, address = [], "/api/tasks?limit=1"
    while address:
        answer = api.get(address)
        seen += [row["task_id"] for row in answer.json()["tasks"]]
        link = re.fullmatch(r'<(.+)>; rel="next"', answer.headers.get("link", ""))
        assert (answer.json()["next"] is None) == (link is None)
        address = link[1] if link else ""
    assert seen == _ids(api)


def test_changed_since_is_just_what_changed_and_what_left(api: TestClient, desk: Desk) -> None:
    before = api.get("/api/tasks").json()
    paint, count, _ = (row["task_id"] for row in before["tasks"])
    since = f"?changed_since={before['as_of'].replace('+', '%2B')}"
    assert _ids(api, since) == []
    set_cell(desk.store, paint, "lead_unit", "Fire Brigade", expected="Harbour Office", who="Clerk")
    reject(desk.store, {count: find_task(desk.store, count)[1].version}, who="Clerk")
    write_reviewed_register(desk.store, desk.outputs)
    rows = api.get(f"/api/tasks{since}").json()["tasks"]
    assert [(row["task_id"], row["lead_unit"], row["withdrawn"]) for row in rows] == [
        (paint, "Fire Brigade", False),
        (count, "Port Police", True),
    ]
    assert count not in _ids(api)
    assert _ids(api, f"?changed_since={before['as_of']}") == [paint, count]  # a plus sign that came as a blank
    assert len(_ids(api, "?changed_since=2026-01-01")) == 4 - 1


def test_nothing_is_sent_twice_to_who_has_it(api: TestClient, desk: Desk) -> None:
    first = api.get("/api/tasks")
    again = api.get("/api/tasks", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert api.get("/api/tasks", headers={"If-None-Match": f'"x", W/{first.headers["etag"]}'}).status_code == 304
    assert api.get("/api/tasks?format=csv").headers["etag"] != first.headers["etag"]
    paint = first.json()["tasks"][0]["task_id"]
    set_cell(desk.store, paint, "lead_unit", "Fire Brigade", expected="Harbour Office", who="Clerk")
    write_reviewed_register(desk.store, desk.outputs)
    assert api.get("/api/tasks", headers={"If-None-Match": first.headers["etag"]}).status_code == 200


def test_one_task_tells_its_progress(api: TestClient, desk: Desk) -> None:
    paint = _ids(api)[0]
    assert api.get(f"/api/tasks/{paint}").json()["progress"] is None
    record_progress(desk.store, paint, Said("done", "2026-05-30", "15/BC"), seen=0, who="Clerk")
    said = api.get(f"/api/tasks/{paint}").json()["progress"]
    assert (said["state"], said["done_on"], said["report_reference"], said["note"]) == (
        "done",
        "2026-05-30",
        "15/BC",
        None,
    )
    assert said["recorded_by"] == "Clerk"


@pytest.mark.parametrize(
    ("address", "status", "kind"),
    [
        ("/api/tasks/nothing", 404, "row-unknown"),
        ("/api/tasks?due_before=2026-02-31", 422, "api-parameter"),
        ("/api/tasks?status=rejected", 422, "api-parameter"),
        ("/api/tasks?limit=0", 422, "api-parameter"),
        ("/api/tasks?after=x", 422, "api-parameter"),
        ("/api/tasks?changed_since=yesterday", 422, "api-moment"),
        ("/api/tasks?changed_since=2026-06-01T08:30:00", 422, "api-moment"),
        ("/api/units", 404, "api-unknown"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_wrong_is_said_in_a_sentence(
    api: TestClient, address: str, status: int, kind: str, language: str
) -> None:
    answer = api.get(address, headers={"Accept-Language": language})
    body = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert (body["status"], body["type"]) == (status, f"urn:chidao:{kind}")
    assert body["title"].endswith(".")
    assert "{" not in body["title"] + body["detail"]


def test_nobody_comes_in_without_a_session_or_a_token(desk: Desk, api: TestClient, sign_in: SignIn) -> None:
    stranger = TestClient(create_app(desk))
    for path in ("tasks", "tasks/x", "documents", "openapi.json"):
        refused = stranger.get(f"/api/{path}", headers={"Authorization": "Bearer guessed"})
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, 'Bearer realm="chidao"')
    assert sign_in("Clerk").get("/api/tasks").status_code == 200
    assert api.post("/api/tasks").status_code == 405
    revoke_token(desk.store, "tracker")
    assert api.get("/api/tasks").status_code == 401


def test_a_token_is_no_session(api: TestClient) -> None:
    assert api.get("/follow-up", follow_redirects=False).status_code == 303


def test_the_command_makes_and_ends_tokens(desk: Desk, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    place = ["--outputs", str(desk.outputs), "--lang-of-messages", "en"]
    assert cli.main(["users", "token", "the tracker", *place]) == 0
    token = capsys.readouterr().out.strip()
    client = TestClient(create_app(desk), headers={"Authorization": f"Bearer {token}"})
    assert client.get("/api/tasks").status_code == 200
    assert cli.main(["users", "revoke", "the tracker", *place]) == 0
    assert client.get("/api/tasks").status_code == 401
    assert cli.main(["users", "revoke", "the tracker", *place]) == 2


def _schema(api: TestClient, path: str) -> tuple[dict[str, Any], dict[str, Any]]:
    described = api.get("/api/openapi.json").json()
    content = described["paths"][path]["get"]["responses"]["200"]["content"]
    return described, {**content["application/json"]["schema"], "components": described["components"]}


@pytest.mark.parametrize("path", ["/tasks", "/tasks/{task_id}", "/documents"])
def test_answers_hold_to_their_description(api: TestClient, desk: Desk, path: str) -> None:
    described, schema = _schema(api, path)
    assert described["openapi"].startswith("3.1")
    first = _ids(api)[0]
    record_progress(desk.store, first, Said("done", "2026-05-30"), seen=0, who="Clerk")
    Draft202012Validator(schema).validate(api.get(f"/api{path.replace('{task_id}', first)}").json())
    Draft202012Validator.check_schema(schema)


def test_every_column_and_parameter_is_described(api: TestClient) -> None:
    described = api.get("/api/openapi.json").json()
    fields = described["components"]["schemas"]["Task"]["properties"]
    assert [fields[column.name]["description"] for column in COLUMNS] == [column.meaning for column in COLUMNS]
    named = {one["name"]: one for one in described["paths"]["/tasks"]["get"]["parameters"]}
    assert set(named) == {
        "unit",
        "due_before",
        "due_after",
        "changed_since",
        "status",
        "language",
        "document",
        "limit",
        "after",
        "format",
    }
    assert all(one["description"] for one in named.values())
    for operation in (item["get"] for item in described["paths"].values()):
        assert {"401", "422", "304"} <= set(operation["responses"])
