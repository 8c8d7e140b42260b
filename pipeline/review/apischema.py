"""The description of the API by OpenAPI: the register's columns with their meanings, and what each answer is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from models.columns import COLUMNS, Column
from models.store import DOCUMENT_COLUMNS, PROGRESS_STATES
from pipeline.outputs.progress import PROGRESS_COLUMNS

_TYPES = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
}
_EXAMPLES: dict[str, Any] = {
    "task_id": "0f3a52c1d8e94b67",
    "document_id": "5be1d20c7a43f988",
    "document_number": "12/2026",
    "document_date": "2026-05-04",
    "page": 1,
    "task": "paint the northern pier",
    "lead_unit": "Harbour Office",
    "deadline_text": "by 1 June 2026",
    "due_date": "2026-06-01",
    "confidence": 0.95,
    "recurrence": "FREQ=MONTHLY;BYMONTHDAY=25",
}
_MOMENT = {"type": "string", "format": "date-time", "examples": ["2026-06-01T08:30:00.000000+00:00"]}
_INTRODUCTION = (
    "The register of tasks as it was last written, for reading. Empty cells are null. Lists come in parts: ask again "
    "with `after` set to `next` until it is null. Every answer has an ETag; sent back as If-None-Match it is answered "
    "with 304 where nothing changed. To follow changes, keep `as_of` of an answer and ask with `changed_since` set to "
    "it: what comes is just what was added, changed or withdrawn since."
)


def _field(column: Column) -> dict[str, Any]:
    kind: dict[str, Any] = dict(_TYPES[column.type])
    if column.values:
        kind["enum"] = list(column.values)
    if not column.required:
        kind["type"] = [kind["type"], "null"]
        if column.values:
            kind["enum"] = [*column.values, None]
    example = {"examples": [_EXAMPLES[column.name]]} if column.name in _EXAMPLES else {}
    return {**kind, "description": column.meaning, **example}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _columns(columns: Iterable[Column]) -> dict[str, Any]:
    return {column.name: _field(column) for column in columns}


def _row() -> dict[str, Any]:
    more = {
        "changed_at": {**_MOMENT, "description": "When the row was first written as it is now, or was withdrawn."},
        "withdrawn": {"type": "boolean", "description": "Whether it has left the register."},
    }
    return {**_columns(COLUMNS), **more}


def _list(name: str, item: str, more: dict[str, Any]) -> dict[str, Any]:
    after = {"type": ["integer", "null"], "description": "Mark of the next part; null at the end.", "examples": [100]}
    return _object({name: {"type": "array", "items": _reference(item)}, "next": after, **more})


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _schemas() -> dict[str, Any]:
    progress = _columns(column for column in PROGRESS_COLUMNS if column.name != "task_id")
    progress["state"]["enum"] = list(PROGRESS_STATES)
    as_of = {**_MOMENT, "type": ["string", "null"], "description": "Moment of the last change in the register."}
    count = {"type": "integer", "minimum": 0}
    document = {
        **_columns(column for column in COLUMNS if column.name in ("document_id", *DOCUMENT_COLUMNS)),
        "tasks": {**count, "description": "How many tasks it has in the register."},
        "unreviewed": {**count, "description": "How many of them nobody has looked at."},
        "first_seen": {**_MOMENT, "description": "When it was first recorded."},
    }
    text = {"type": "string"}
    return {
        "Task": _object(_row()),
        "TaskWithProgress": _object({**_row(), "progress": {"anyOf": [_reference("Progress"), {"type": "null"}]}}),
        "Progress": _object(progress),
        "Document": _object({**document, "document_type": {**document["document_type"], "type": ["string", "null"]}}),
        "Tasks": _list("tasks", "Task", {"as_of": as_of}),
        "Documents": _list("documents", "Document", {}),
        "Problem": _object(
            {
                "type": {**text, "description": "`urn:chidao:` and the code of what happened."},
                "title": {**text, "description": "What happened, in the language that was asked for."},
                "detail": {**text, "description": "What to do about it."},
                "status": {"type": "integer"},
            }
        ),
    }


def _answer(schema: str, told: str, more: Mapping[str, Any] = {}) -> dict[str, Any]:
    headers = {"ETag": {"description": "Mark of this answer.", "schema": {"type": "string"}}}
    return {
        "description": told,
        "headers": headers,
        "content": {"application/json": {"schema": _reference(schema)}, **more},
    }


def _problem(told: str) -> dict[str, Any]:
    return {"description": told, "content": {"application/problem+json": {"schema": _reference("Problem")}}}


_CSV: dict[str, Any] = {
    "text/csv": {"schema": {"type": "string", "description": "The register's columns, changed_at, withdrawn."}}
}
_SAME: dict[int | str, dict[str, Any]] = {304: {"description": "Nothing changed since the answer with that ETag."}}
TASKS: dict[int | str, dict[str, Any]] = {200: _answer("Tasks", "A part of the register.", _CSV), **_SAME}
TASK: dict[int | str, dict[str, Any]] = {
    200: _answer("TaskWithProgress", "The row."),
    404: _problem("There is no such task."),
    **_SAME,
}
DOCUMENTS: dict[int | str, dict[str, Any]] = {200: _answer("Documents", "A part of the documents."), **_SAME}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    401: _problem("Neither a session nor a token."),
    422: _problem("A parameter can't be read."),
}


def description(api: FastAPI) -> dict[str, Any]:
    """Return the whole description."""
    made = get_openapi(title="chidao", version="1", description=_INTRODUCTION, routes=api.routes)
    made["servers"] = [{"url": "/api"}]
    made["components"] = {
        "schemas": _schemas(),
        "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer", "description": "Made by `chidao users token NAME`."},
            "session": {"type": "apiKey", "in": "cookie", "name": "chidao_session"},
        },
    }
    made["security"] = [{"token": []}, {"session": []}]
    return made
