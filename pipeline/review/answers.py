"""How the API answers: rows as JSON or CSV, with a mark by which a client knows that nothing changed."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response

from models.columns import COLUMN_NAMES
from models.store import DOCUMENT_COLUMNS, DocumentRow, Progress, PublishedRow
from pipeline.register import defused, typed

MORE_COLUMNS = ("changed_at", "withdrawn")  # behind those of the register


@dataclass(frozen=True, slots=True)
class Answer:
    """What stands around a body: the request, the mark of the next part (0 where there is none), the moment of the
    last change, media type and status."""

    request: Request
    next: int = 0
    as_of: str = ""
    media_type: str = "application/json"
    status: int = 200


def answer(how: Answer, body: object) -> Response:
    """Return a body as JSON, or only that nothing changed where the client has it already."""
    return _marked(how, json.dumps(body, ensure_ascii=False).encode("utf-8", errors="replace"))


def csv_answer(how: Answer, rows: Iterable[PublishedRow]) -> Response:
    """Return rows as CSV, as `register.csv` has them, with two columns more."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*COLUMN_NAMES, *MORE_COLUMNS])
    for row in rows:
        cells = [defused(row.values[name]) for name in COLUMN_NAMES]
        writer.writerow([*cells, row.changed_at, "true" if row.withdrawn else "false"])
    csv_type = Answer(how.request, how.next, how.as_of, "text/csv; charset=utf-8")
    return _marked(csv_type, text.getvalue().encode("utf-8", errors="replace"))


def _marked(how: Answer, data: bytes) -> Response:
    mark = f'"{hashlib.sha256(data + how.as_of.encode() + how.media_type.encode()).hexdigest()[:32]}"'
    headers = {"Cache-Control": "private, no-cache", "Vary": "Accept, Accept-Language, Authorization, Cookie"}
    if how.status < 400:
        headers["ETag"] = mark
    if how.as_of:
        headers["Chidao-As-Of"] = how.as_of
    if how.next:
        following = how.request.url.include_query_params(after=how.next)
        headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
    if how.status < 400 and _is_known(how.request, mark):
        return Response(status_code=304, headers=headers)
    return Response(data, how.status, headers, media_type=how.media_type)


def _is_known(request: Request, mark: str) -> bool:
    """Say whether the client has what the mark names; a proxy may have called it weak."""
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    return mark in known or "*" in known


def row_json(row: PublishedRow) -> dict[str, Any]:
    """Return a row as JSON: numbers as numbers, empty cells as null."""
    return {**typed(row.values), "changed_at": row.changed_at, "withdrawn": row.withdrawn}


def progress_json(progress: Progress) -> dict[str, Any]:
    """Return what was said of the doing of a task."""
    said = progress.said
    values = {"state": said.state, "done_on": said.done_on, "report_reference": said.reference, "note": said.note}
    values |= {"recorded_by": progress.who, "recorded_at": progress.at}
    return {name: value or None for name, value in values.items()}


def document_json(document: DocumentRow) -> dict[str, Any]:
    """Return a document: what it says of itself, and how many tasks it has and how many nobody has looked at."""
    said = {name: document.values.get(name) or None for name in DOCUMENT_COLUMNS}
    counts = {"tasks": document.tasks, "unreviewed": document.unreviewed}
    return {"document_id": document.document_id, **said, **counts, "first_seen": document.first_seen}
