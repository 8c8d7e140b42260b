"""Readers: one file a format, from bytes to Documents, chosen by what the bytes are and not by the file's name."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from models.errors import ChidaoError, ReadError
from models.records import Document
from pipeline.limits import LARGEST_FILE

if TYPE_CHECKING:
    from pipeline.readers.builder import Reading
    from pipeline.readers.formats import Format


def read_file(path: Path) -> tuple[Document, ...]:
    """Return the documents of a file: several for archives, messages and files that hold several papers.

    Raises ReadError, and nothing else.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ReadError("read-too-large", file=path.name)
        data = path.read_bytes()
    except OSError as error:
        raise ReadError("read-unreadable", file=path.name, reason=error.strerror or str(error)) from error
    return read_bytes(path.name, data, path)


def read_bytes(file_name: str, data: bytes, path: Path | None = None, depth: int = 0) -> tuple[Document, ...]:
    """Return the documents of a file's bytes; `path` spares a copy where a reader needs a file, `depth` counts
    the archives and messages around it. Raises ReadError, and nothing else."""
    with _failures_told(file_name):
        return _read(file_name, data, path, depth)


def read_whole(path: Path) -> Document:
    """Return a file that has no pages as one document, though it may hold several papers; of a message its own text.

    Raises ReadError, and nothing else.
    """
    with _failures_told(path.name):
        from pipeline.readers.builder import assemble
        from pipeline.readers.formats import recognise
        from pipeline.readers.mail import read_body

        data = path.read_bytes()
        kind = recognise(path.name, data)
        return read_body(path.name, data) if kind == "mail" else assemble(path.name, data, _reading(kind, data))


@contextmanager
def _failures_told(file_name: str) -> Iterator[None]:
    """Let nothing but ChidaoErrors out, which name the file."""
    try:
        yield
    except ChidaoError as error:
        error.values = {**error.values, "file": error.values.get("file", file_name)}
        raise
    except Exception as error:  # a damaged file may fail anywhere in a library: it is one flagged line
        raise ReadError("read-broken", file=file_name) from error


def _read(file_name: str, data: bytes, path: Path | None, depth: int) -> tuple[Document, ...]:
    from extractors.parts import parts_of
    from pipeline.readers.builder import assemble
    from pipeline.readers.formats import recognise

    if not data.strip(b"\x00 \t\r\n"):
        raise ReadError("read-empty", file=file_name)
    kind = recognise(file_name, data)
    if kind == "pdf" or kind == "image":
        return parts_of(_paged(kind, file_name, data, path))
    if kind == "zip" or kind == "mail":
        from pipeline.readers.mail import read_container

        return read_container(kind, file_name, data, depth)
    return parts_of(assemble(file_name, data, _reading(kind, data)))


def _paged(kind: Literal["pdf", "image"], file_name: str, data: bytes, path: Path | None) -> Document:
    """Read a PDF or image, from a copy where it comes out of an archive or message."""
    if path is None:
        with tempfile.TemporaryDirectory(prefix="chidao-") as folder:
            copy = Path(folder, f"copy{Path(file_name).suffix or '.bin'}")
            copy.write_bytes(data)
            return replace(_paged(kind, file_name, data, copy), file_name=file_name)
    if kind == "pdf":
        from pipeline.readers.pdf import read_pdf

        return read_pdf(path)
    from pipeline.readers.scan import read_image

    return read_image(path)


def _reading(kind: Format, data: bytes) -> Reading:
    match kind:
        case "markdown":
            from pipeline.readers.markdown import read_markdown

            return read_markdown(data)
        case "html":
            from pipeline.readers.html import read_html

            return read_html(data)
        case "docx":
            return _word(data)
        case "xlsx":
            from pipeline.readers.xlsx import read_xlsx

            return read_xlsx(data)
        case "doc" | "rtf" | "odt" | "xls" | "ods":
            from pipeline.readers.doc import read_old

            return read_old(kind, data)
        case _:
            from pipeline.readers.text import read_text

            return read_text(data)


def _word(data: bytes) -> Reading:
    """Read a Word file; one with macros or of a strict kind, that the library refuses, goes through LibreOffice."""
    from pipeline.readers.docx import read_docx

    try:
        return read_docx(data)
    except ReadError as error:
        if error.code != "read-unknown-format":
            raise
        from pipeline.readers.doc import read_old

        return read_old("docm", data)
