"""What format a file is in, by its first bytes and its members; the name decides only between kinds of text."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Literal

from models.errors import ReadError

Format = Literal[
    "pdf", "image", "docx", "xlsx", "doc", "xls", "rtf", "odt", "ods", "html", "markdown", "mail", "zip", "text"
]

_IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"BM", b"GIF8")
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FIRST_STREAM, _WORD_MAGIC, _LOCKED = 512, b"\xec\xa5", 0x0100  # [MS-DOC] 2.5.2, FibBase
_MOST_BYTES = 400 * 1024 * 1024  # unpacked
_STREAMS: tuple[tuple[str, Format], ...] = (("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"))
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|div|p|table|meta)\b[^>]*>", re.IGNORECASE)
_MAIL_FIELD = re.compile(  # fields that mail servers write; 'From:' and 'Subject:' stand on memoranda too
    rb"^(?:Received|Return-Path|Message-ID|MIME-Version|Content-Type|Delivered-To|X-[\w-]+):",
    re.IGNORECASE | re.MULTILINE,
)
_FROM = re.compile(rb"^From:", re.IGNORECASE | re.MULTILINE)
_FRONT_MATTER = re.compile(rb"\A(?:\xef\xbb\xbf)?---[ \t]*\r?\n")
_HEADING = re.compile(rb"^#{1,6}[ \t]+\S", re.MULTILINE)


def recognise(file_name: str, data: bytes) -> Format:
    """Return the format of a file. Raises ReadError for encrypted, damaged and unknown ones."""
    head = data[:4096]
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):  # before PDF: a PDF may stand in it as it is
        return _archive(data)
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(_COMPOUND):
        return _compound(data)
    if head.startswith(_IMAGES) and not (head.startswith(b"BM") and b"\x00" not in head):
        return "image"
    if head.lstrip().startswith(b"{\\rtf"):
        return "rtf"
    return _text(file_name.lower(), head)


def _archive(data: bytes) -> Format:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if sum(member.file_size for member in archive.infolist()) > _MOST_BYTES:
                raise ReadError("read-too-large")
            kind = archive.read("mimetype").decode("ascii", "replace") if "mimetype" in names else ""
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise ReadError("read-broken") from error
    if "[Content_Types].xml" in names:
        if any(name.startswith("word/") for name in names):
            return "docx"
        if any(name.startswith("xl/") for name in names):
            return "xlsx"
        raise ReadError("read-unknown-format")
    if "opendocument" in kind:
        return "ods" if "spreadsheet" in kind else "odt"
    return "zip"


def _compound(data: bytes) -> Format:
    """Tell the kinds of old Office files by the names of their streams; new ones with a password hide in one too."""
    if "EncryptedPackage".encode("utf-16-le") in data or _is_locked(data):
        raise ReadError("read-encrypted")
    for name, kind in _STREAMS:
        if (name + "\0").encode("utf-16-le") in data:
            return kind
    raise ReadError("read-unknown-format")


def _is_locked(data: bytes) -> bool:
    """Tell whether a .doc has a password: a bit of the flags at the beginning of its first stream."""
    beginning = data[_FIRST_STREAM : _FIRST_STREAM + 12]
    return beginning.startswith(_WORD_MAGIC) and bool(int.from_bytes(beginning[10:12], "little") & _LOCKED)


def _text(name: str, head: bytes) -> Format:
    if name.endswith((".eml", ".mht", ".mhtml")) or (
        (_MAIL_FIELD.match(head) or _FROM.match(head)) and len(_MAIL_FIELD.findall(head)) > 1
    ):
        return "mail"
    if name.endswith((".md", ".markdown")):
        return "markdown"
    if name.endswith((".html", ".htm", ".xhtml")) or _HTML.search(head.replace(b"\x00", b"")[:2048]):
        return "html"
    if _FRONT_MATTER.match(head) and _HEADING.search(head):
        return "markdown"
    return "text"
