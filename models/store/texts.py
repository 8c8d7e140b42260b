"""The texts that were read: what the spans of rows point into."""

from __future__ import annotations

import zlib
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from models.errors import UsageError
from models.records import Span
from models.store.database import Store, reading
from models.tables import documents, readings, runs


@dataclass(frozen=True, slots=True)
class ReadText:
    """A text as read from a file: the file's name when last recorded, its hash, the part of an archive, the text."""

    reading_id: int
    document_id: str
    file_name: str
    sha256: str
    part: int
    media_type: str
    pages: int
    warnings: tuple[str, ...]
    text: str


def read_text(store: Store, reading_id: int) -> ReadText:
    """Return a text that rows point into. Raises UsageError `text-unknown`."""
    query = (
        select(readings, documents.c.document_id, runs.c.file_name)
        .join(documents, documents.c.key == readings.c.document_key)
        .join(runs, runs.c.reading_id == readings.c.reading_id)
        .where(readings.c.reading_id == reading_id)
        .order_by(runs.c.run_id.desc())
        .limit(1)
    )
    with reading(store) as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        raise UsageError("text-unknown", reading=reading_id)
    text, warnings = unpacked(row.text), tuple(row.warnings.split())
    return ReadText(
        reading_id, row.document_id, row.file_name, row.sha256, row.part, row.media_type, row.pages, warnings, text
    )


def passage(connection: Connection, document_key: int, reading_id: int, span: Span) -> str:
    """Return the words of a span of one of the document's texts. Raises UsageError `text-unknown`."""
    query = select(readings.c.text).where(readings.c.reading_id == reading_id, readings.c.document_key == document_key)
    blob = connection.scalar(query)
    if blob is None:
        raise UsageError("text-unknown", reading=reading_id)
    return span.of(unpacked(blob))


def unpacked(blob: bytes) -> str:
    """Return a text from the form in which it is kept."""
    return zlib.decompress(blob).decode("utf-8")


def file_names(store: Store, reading_ids: Collection[int]) -> dict[int, str]:
    """Return the names of the files of some readings, under which they were last recorded."""
    with reading(store) as connection:
        return {key: name for key, (name, _) in file_of_reading(connection, reading_ids).items()}


def file_of_reading(connection: Connection, reading_ids: Collection[int] | None = None) -> dict[int, tuple[str, str]]:
    """Return name and hash of the file of readings, all unless named, under which they were last recorded."""
    latest = select(func.max(runs.c.run_id)).group_by(runs.c.reading_id)
    if reading_ids is not None:
        latest = latest.where(runs.c.reading_id.in_(reading_ids))
    query = (
        select(readings.c.reading_id, runs.c.file_name, readings.c.sha256)
        .join(runs, runs.c.reading_id == readings.c.reading_id)
        .where(runs.c.run_id.in_(latest))
    )
    return {row.reading_id: (row.file_name, row.sha256) for row in connection.execute(query)}
