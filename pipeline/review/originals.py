"""The files that texts were read from: where they lie, out of archives and messages, and printed if without pages.

What is unpacked and printed is kept by its content in the outputs' `layouts`, made once and made anew at any time.
"""

from __future__ import annotations

import functools
import re
import threading
from pathlib import Path

from models.errors import MissingProgramError, ReadError
from models.records import Document
from models.store import ReadText
from pipeline import known
from pipeline.inbox import digest
from pipeline.review.desk import Desk
from pipeline.wholefile import write_whole

PAGED = ("application/pdf", "image/")
_ENDING = re.compile(r"\.[a-z0-9]{1,8}")
_PRINTING = threading.Lock()  # one at a time: LibreOffice takes a core and much memory


def is_paged(text: ReadText) -> bool:
    """Say whether a text was read from a format that has pages of its own to look at."""
    return text.media_type.startswith(PAGED)


def original(desk: Desk, text: ReadText) -> Path | None:
    """Return the file in the inbox from which a text was read, if it has the same content; or what it was packed in."""
    if desk.inbox is None:
        return None
    entry = known.load(desk.outputs).get(text.sha256)
    for name in dict.fromkeys([*([entry.name] if entry else []), text.file_name]):
        path = desk.inbox / name
        if _is_inside(path, desk.inbox) and _digest_of(path) == text.sha256:
            return path
    around = (desk.inbox / name for name in Path(text.file_name).parents if name.name)
    return next((path for path in around if _is_inside(path, desk.inbox)), None)


def content_of(desk: Desk, text: ReadText) -> Path | None:
    """Return a file that holds what a text was read from, unpacked where it came in another; None where it is away."""
    path = original(desk, text)
    if path is None or _digest_of(path) == text.sha256:
        return path
    ending = Path(text.file_name).suffix.lower()
    kept = desk.outputs / "layouts" / f"{text.sha256}{ending if _ENDING.fullmatch(ending) else ''}"
    if not kept.is_file():
        from pipeline.readers.mail import unpacked

        data = unpacked(path.name, path.read_bytes(), text.sha256)
        if data is None:
            return None
        write_whole(kept, data)
    return kept


def print_of(desk: Desk, content: Path, sha256: str, document: Document | None = None) -> Path | None:
    """Return the print of a file without pages, made if it isn't there yet; `document` is its reading, if at hand.

    None where LibreOffice is missing, or failed: what it can't print today is not tried at each look.
    """
    from pipeline.readers import read_whole
    from pipeline.readers.printed import printed

    kept = desk.outputs / "layouts" / f"{sha256}.print.pdf"
    with _PRINTING:
        if not kept.is_file():
            try:
                data = printed(content, document or read_whole(content))
            except MissingProgramError:
                return None
            except ReadError:
                data = b""
            write_whole(kept, data)
    return kept if kept.stat().st_size else None


def _is_inside(path: Path, folder: Path) -> bool:
    return path.is_file() and path.resolve().is_relative_to(folder.resolve())


def _digest_of(path: Path) -> str:
    stat = path.stat()
    return _digest(path, stat.st_mtime_ns, stat.st_size)


@functools.lru_cache(maxsize=1024)
def _digest(path: Path, _changed: int, _size: int) -> str:
    return digest(path)
