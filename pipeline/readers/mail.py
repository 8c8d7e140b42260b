"""Messages and archives: the directives inside, within limits of size, number and depth, never written by name."""

from __future__ import annotations

import email
import email.policy
import hashlib
import io
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from email.message import EmailMessage, Message
from typing import Literal

from models.errors import ChidaoError, MissingProgramError, ReadError
from models.records import Document
from pipeline import readers
from pipeline.readers.builder import assemble
from pipeline.readers.formats import recognise
from pipeline.readers.html import read_html
from pipeline.readers.text import read_text

_MOST_FILES = 500
_MOST_RATIO = 200  # bytes out of one byte in, beyond which an archive is a bomb
_DEEPEST = 3
_PARTIAL = "read-partial"
_IGNORED = ("__macosx", ".ds_store", "thumbs.db", "desktop.ini")
_FEWEST_WORDS = 8  # of a message's own text, to be a document beside its attachments
_PICTURES = ("image/",)


def read_container(kind: Literal["zip", "mail"], file_name: str, data: bytes, depth: int) -> tuple[Document, ...]:
    """Return the documents inside an archive or message, named `outer/inner`.

    Those that can't be read are left out, with a warning on the others; where none can, the first error is raised.
    """
    if depth >= _DEEPEST:
        raise ReadError("read-too-large", file=file_name)
    documents: list[Document] = []
    errors: list[ChidaoError] = []
    for inner, content in _inside(kind, data):
        try:
            documents += readers.read_bytes(f"{file_name}/{inner}", content, depth=depth + 1)
        except ReadError as error:
            errors.append(error)
    if kind == "mail":
        documents = [*_body(file_name, data, alone=not documents), *documents]
    if not documents:
        missing = [error for error in errors if isinstance(error, MissingProgramError)]
        raise (missing or errors or [ReadError("read-empty", file=file_name)])[0]
    if errors:
        documents = [replace(document, warnings=(*document.warnings, _PARTIAL)) for document in documents]
    return tuple(documents)


def unpacked(file_name: str, data: bytes, sha256: str, depth: int = 0) -> bytes | None:
    """Return the file with a hash out of an archive or message, however deep it lies. Raises ReadError."""
    kind = recognise(file_name, data)
    if (kind != "zip" and kind != "mail") or depth >= _DEEPEST:
        return None
    for inner, content in _inside(kind, data):
        if hashlib.sha256(content).hexdigest() == sha256:
            return content
        with suppress(ReadError):
            if (found := unpacked(inner, content, sha256, depth + 1)) is not None:
                return found
    return None


def read_body(file_name: str, data: bytes) -> Document:
    """Return a message's own text. Raises ReadError."""
    for document in _body(file_name, data, alone=True):
        return document
    raise ReadError("read-empty", file=file_name)


def _inside(kind: Literal["zip", "mail"], data: bytes) -> Iterator[tuple[str, bytes]]:
    return _members(data) if kind == "zip" else _parts(data)


def _members(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the files of an archive. Raises ReadError for a password, a bomb, or too many or too large files."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [member for member in archive.infolist() if not member.is_dir() and not _is_ignored(member.filename)]
        total = sum(member.file_size for member in members)
        if len(members) > _MOST_FILES or total > _MOST_RATIO * max(len(data), 1024):
            raise ReadError("read-too-large")
        if any(member.flag_bits & 1 for member in members):
            raise ReadError("read-encrypted")
        for member in members:
            with archive.open(member) as source:
                content = source.read(member.file_size + 1)
            if len(content) > member.file_size:  # the archive lies about its sizes
                raise ReadError("read-too-large")
            yield _harmless(_name(member)), content


def _is_ignored(name: str) -> bool:
    return any(part.lower() in _IGNORED for part in name.replace("\\", "/").split("/"))


def _name(member: zipfile.ZipInfo) -> str:
    """Return a member's name; old archives hold names in the maker's code page, read by the module as cp437."""
    if member.flag_bits & 0x800:
        return member.filename
    raw = member.filename.encode("cp437", errors="replace")
    for encoding in ("utf-8", "cp866"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.filename


def _harmless(name: str) -> str:
    """Return a name that leads nowhere but down: no root, no drive, no way up."""
    parts = name.replace("\\", "/").split("/")
    return "/".join(part.replace(":", "_") for part in parts if part not in ("", ".", "..")) or "file"


def _message(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=email.policy.default)
    if not isinstance(message, EmailMessage):
        raise ReadError("read-broken")
    return message


def _parts(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the attachments of a message; pictures set into its text are no attachments."""
    message = _message(data)
    if message.get_content_type() == "multipart/related":  # a saved web page: its pictures and styles
        return
    for number, part in enumerate(message.iter_attachments(), 1):
        inline = part.get_content_disposition() == "inline" or part.get("Content-ID")
        if inline and part.get_content_type().startswith(_PICTURES):
            continue
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload(0)
            if isinstance(inner, Message):
                yield _harmless(f"{inner.get('Subject') or f'message {number}'}.eml"), inner.as_bytes()
        else:
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and content:
                yield _harmless(part.get_filename() or f"part {number}"), content


def _body(file_name: str, data: bytes, alone: bool) -> Iterator[Document]:
    """Yield the message's own text as a document: always where nothing is attached, else if it says something."""
    message = _message(data)
    part = message.get_body(preferencelist=("html", "plain"))
    content = part.get_payload(decode=True) if part is not None else None
    if part is None or not isinstance(content, bytes) or not content.strip():
        return
    charset = part.get_content_charset() or ""
    if charset:
        content = _utf8(content, charset)
    reading = read_html(content) if part.get_content_type() == "text/html" else read_text(content)
    fields = ((name.lower(), str(message[name])) for name in ("Subject", "From", "To", "Date") if message[name])
    reading = replace(reading, media_type="message/rfc822", metadata=(*reading.metadata, *fields))
    try:
        document = assemble(file_name, data, reading)
    except ReadError:
        return
    if alone or len(document.text.split()) >= _FEWEST_WORDS:
        yield document


def _utf8(content: bytes, charset: str) -> bytes:
    try:
        return content.decode(charset).encode("utf-8")
    except (LookupError, UnicodeDecodeError):
        return content
