"""The office's own file of units, laid over the starter registry: read as spreadsheets save it, written whole.

It is written as UTF-8 with a byte order mark, by which a spreadsheet knows Vietnamese and Russian letters.
"""

from __future__ import annotations

import codecs
from pathlib import Path

from extractors.registry import Registry, adopt, read_registry, starter
from models.errors import UsageError
from models.records import Language
from pipeline.wholefile import write_whole


def load_registry(path: Path | None = None) -> Registry:
    """Return the starter registry with an office's file over it; without a file, the starter. Raises UsageError."""
    if path is None or not path.exists():
        return starter()
    return read_registry(_text(path), starter())


def adopt_into(
    path: Path,
    spellings: list[str],
    language: Language,
    alias_of: str = "",
    unit_id: str = "",
    parent: str = "",
) -> Registry:
    """Take spellings into the office's file and return the registry as it is then. Raises UsageError."""
    text = _text(path) if path.exists() else ""
    changed = adopt(text, load_registry(path), spellings, language, alias_of, unit_id, parent)
    registry = read_registry(changed, starter())
    write_whole(path, codecs.BOM_UTF8 + changed.encode())
    return registry


def _text(path: Path) -> str:
    data = path.read_bytes()
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError("units-not-utf8", file=path.name) from None
