"""Which document a file is, and whether its text is one that is known: by ids, header and words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, select

from models.alignment import coverage
from models.records import Extraction
from models.store.cells import folded
from models.store.texts import unpacked
from models.tables import current_documents, document_aliases, readings, runs

SAME_TEXT = 0.5  # share of a text's three-word runs; a scan with one wrong letter in fifty keeps three in four


def find_document(connection: Connection, extraction: Extraction, values: Mapping[str, str]) -> int | None:
    """Return the key of the document that the extraction is of: known by its id, its file, or its header and words."""
    key = connection.scalar(
        select(document_aliases.c.document_key).where(document_aliases.c.alias == extraction.document_id)
    )
    if key is None:
        document = extraction.document
        same_file = (readings.c.sha256 == document.sha256) & (readings.c.part == document.part)
        key = connection.scalar(select(readings.c.document_key).where(same_file).limit(1))
    return key if key is not None else _find_alike(connection, extraction.document.text, values)


def _find_alike(connection: Connection, text: str, values: Mapping[str, str]) -> int | None:
    """Return a document that an other reading gave another id: no header field against it, and the same words."""
    language, day = values.get("language", ""), values.get("document_date", "")
    query = select(current_documents.c.document_key, current_documents.c.body).where(
        current_documents.c.language == language
    )
    if day:
        query = query.where(current_documents.c.document_date.in_((day, "")))
    for key, body in connection.execute(query):
        if _agrees(json.loads(body)["values"], values):
            for known in _texts(connection, key):
                if coverage(known, text) >= SAME_TEXT and coverage(text, known) >= SAME_TEXT:
                    return int(key)
    return None


def _agrees(known: Mapping[str, str], new: Mapping[str, str]) -> bool:
    """Say whether two headers can be of one document: nothing differs that both name, and something is the same."""
    same = 0
    for column in ("document_number", "document_date", "document_title"):
        left, right = (folded(values.get(column, "")) for values in (known, new))
        if left and right and left != right and column != "document_title":
            return False
        same += bool(left) and left == right
    return same > 0


def _texts(connection: Connection, document_key: int) -> list[str]:
    query = (
        select(readings.c.text).where(readings.c.document_key == document_key).order_by(readings.c.reading_id.desc())
    )
    return [unpacked(blob) for blob in connection.scalars(query.limit(4))]


def _runs_of(connection: Connection, document_key: int) -> list[Row[Any]]:
    query = (
        select(
            runs.c.text_number, runs.c.leads, runs.c.reading_id, readings.c.sha256, readings.c.part, readings.c.by_ocr
        )
        .join(readings, readings.c.reading_id == runs.c.reading_id)
        .where(runs.c.document_key == document_key)
        .order_by(runs.c.run_id.desc())
    )
    return list(connection.execute(query))


def _reading(connection: Connection, reading_id: int) -> Row[Any]:
    return connection.execute(select(readings).where(readings.c.reading_id == reading_id)).one()


def text_number(connection: Connection, document_key: int, reading_id: int) -> int:
    """Return the number of the text that a reading is of: one of the document's known texts, or the next."""
    new, known = _reading(connection, reading_id), _runs_of(connection, document_key)
    for run in known:
        if (run.sha256, run.part) == (new.sha256, new.part):
            return int(run.text_number)
    text = unpacked(new.text)
    for run in (run for run in known if run.leads):
        other = unpacked(_reading(connection, run.reading_id).text)
        if max(coverage(other, text), coverage(text, other)) >= SAME_TEXT:
            return int(run.text_number)
    return max((run.text_number for run in known), default=0) + 1


def may_lead(connection: Connection, document_key: int, reading_id: int, number: int) -> bool:
    """Say whether a reading may take the place of the one that now leads its text: it is of the same file, or is
    read at least as well and not only a part of it."""
    leading = next((run for run in _runs_of(connection, document_key) if run.text_number == number and run.leads), None)
    if leading is None:
        return True
    new = _reading(connection, reading_id)
    if (leading.sha256, leading.part) == (new.sha256, new.part):
        return True
    if new.by_ocr and not leading.by_ocr:
        return False
    return coverage(unpacked(_reading(connection, leading.reading_id).text), unpacked(new.text)) >= SAME_TEXT
