"""Readers: one file a format, from bytes to Documents, chosen by what the bytes are and not by the file's name."""

from __future__ import annotations

from pathlib import Path

from models.errors import ChidaoError, ReadError
from models.records import Document
from pipeline.readers.formats import Format, recognise


def read_file(path: Path) -> tuple[Document, ...]:
    """Return the documents of a file: several for archives and messages. Raises ReadError, and nothing else."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReadError("read-unreadable", file=path.name, reason=error.strerror or str(error)) from error
    return read_bytes(path.name, data, path)


def read_bytes(file_name: str, data: bytes, path: Path | None = None, depth: int = 0) -> tuple[Document, ...]:
    """Return the documents of a file's bytes; `path` spares a copy where a reader needs a file, `depth` counts
    the archives and messages around it. Raises ReadError, and nothing else."""
    try:
        return _read(file_name, data, path, depth)
    except ChidaoError as error:
        error.values.setdefault("file", file_name)
        raise
    except Exception as error:  # a damaged file may fail anywhere in a library: it is one flagged line
        raise ReadError("read-broken", file=file_name) from error


def _read(file_name: str, data: bytes, path: Path | None, depth: int) -> tuple[Document, ...]:
    if not data.strip(b"\x00 \t\r\n"):
        raise ReadError("read-empty", file=file_name)
    kind = recognise(file_name, data)
    if kind in ("pdf", "image"):
        return _read_paged(kind, file_name, data, path)
    if kind in ("zip", "mail"):
        from pipeline.readers import mail

        return mail.read_container(kind, file_name, data, depth)
    from pipeline.readers.builder import assemble

    return (assemble(file_name, data, _reading(kind, data)),)


def _reading(kind: Format, data: bytes):  # type: ignore[no-untyped-def]
    match kind:
        case "markdown":
            from pipeline.readers.markdown import read_markdown

            return read_markdown(data)
        case "html":
            from pipeline.readers.html import read_html

            return read_html(data)
        case "docx":
            from pipeline.readers.docx import read_docx

            return read_docx(data)
        case "xlsx":
            from pipeline.readers.xlsx import read_xlsx

            return read_xlsx(data)
        case "doc" | "rtf" | "odt" | "xls" | "ods":
            from pipeline.readers.doc import read_old

            return read_old(kind, data)
        case _:
            from pipeline.readers.text import read_text

            return read_text(data)
