"""The published schema: Frictionless Table Schema of the columns, and the data package of what was written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from models.columns import COLUMNS, Column

SCHEMA_FILE = "register.schema.json"
_HEX_ID = r"[0-9a-f]{16}"
_UNIT_ID = r"[a-z0-9]+(?:[.-][a-z0-9]+)*"
_CODE = r"[a-z]+(?:-[a-z]+)*"
# What the text of a column looks like, by column; as in XML Schema, a pattern holds for the whole cell.
_PATTERNS = {
    "task_id": _HEX_ID,
    "parent_task_id": _HEX_ID,
    "same_as": _HEX_ID,
    "document_id": _HEX_ID,
    "amends_document_id": rf"{_HEX_ID}(?:; {_HEX_ID})*",
    "source_sha256": r"[0-9a-f]{64}",
    "lead_unit_id": rf"(?:{_UNIT_ID})?(?:; (?:{_UNIT_ID})?)*",
    "coordinating_unit_ids": rf"(?:{_UNIT_ID})?(?:; (?:{_UNIT_ID})?)*",
    "recurrence": r"FREQ=(?:DAILY|WEEKLY|MONTHLY|YEARLY)(?:;[A-Z]+=[A-Z0-9,+-]+)*",
    "review_reasons": rf"{_CODE}(?:; {_CODE})*",
}
_LIMITS: Mapping[str, Mapping[str, float]] = {"page": {"minimum": 1}, "confidence": {"minimum": 0, "maximum": 1}}
_FORMATS = {"date": "%Y-%m-%d", "datetime": "%Y-%m-%dT%H:%M:%S%z"}
_DIALECT = {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\r\n", "header": True}


def register_schema() -> dict[str, Any]:
    """Return the Table Schema of `register.csv`: each task stands in it once."""
    return table_schema(COLUMNS, unique="task_id")


def table_schema(columns: Sequence[Column], unique: str = "") -> dict[str, Any]:
    """Return the Table Schema of some columns; the one named is the key."""
    fields = [_field(column, column.name == unique) for column in columns]
    key = {"primaryKey": [unique]} if unique else {}
    return {"fields": fields, "missingValues": [""], **key}


def _field(column: Column, unique: bool) -> dict[str, Any]:
    constraints: dict[str, Any] = {
        **({"required": True} if column.required else {}),
        **({"unique": True} if unique else {}),
        **({"enum": list(column.values)} if column.values else {}),
        **({"pattern": _PATTERNS[column.name]} if column.name in _PATTERNS else {}),
        **_LIMITS.get(column.name, {}),
    }
    field = {"name": column.name, "type": column.type, "description": column.meaning}
    form = {"format": _FORMATS[column.type]} if column.type in _FORMATS else {}
    return {**field, **form, **({"constraints": constraints} if constraints else {})}


def data_package(resources: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return the descriptor of the tables that lie beside it."""
    title = "Tasks, units and deadlines of official directives"
    return {"name": "chidao-register", "title": title, "profile": "data-package", "resources": list(resources)}


def table_resource(file: str, description: str, schema: dict[str, Any] | str) -> dict[str, Any]:
    """Return the entry of a CSV file in the data package; the schema stands in it or is named as a file."""
    return {
        "name": file.removesuffix(".csv"),
        "path": file,
        "description": description,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": _DIALECT,
        "schema": schema,
    }


def json_bytes(descriptor: Mapping[str, Any]) -> bytes:
    """Return a descriptor as it is published."""
    return (json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n").encode()
