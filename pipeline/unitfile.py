"""The office's own file of units, laid over the starter registry: read as spreadsheets save it, written whole.

It is written as UTF-8 with a byte order mark, by which a spreadsheet knows Vietnamese and Russian letters.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import cast

from extractors.registry import Registry, adopt, read_registry, starter, unknown_names
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


def unknown_lines(rows: Iterable[Mapping[str, str]], registry: Registry) -> Iterator[str]:
    """Yield one line a unit of the register that the registry lacks: how often it is named, its commonest spelling
    and the known unit nearest to it; the most frequent first."""
    names = [
        (name.strip(), cast(Language, row["language"]))
        for row in rows
        for column in ("lead_unit", "coordinating_units")
        for name in row[column].split(";")
        if name.strip()
    ]
    for unit in unknown_names(registry, names):
        nearest = f"  ~ {unit.nearest[0].id}" if unit.nearest else ""
        yield f"{unit.count:5d}  {unit.name}{nearest}"


def _text(path: Path) -> str:
    data = path.read_bytes()
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError("units-not-utf8", file=path.name) from None
