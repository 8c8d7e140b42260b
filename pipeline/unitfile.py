"""The office's own file of units, laid over the starter registry: read as spreadsheets save it, written whole.

It is written as UTF-8 with a byte order mark, by which a spreadsheet knows Vietnamese and Russian letters.
"""

from __future__ import annotations

import codecs
import functools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import cast

from extractors.registry import Registry, adopt, read_registry, starter, unknown_names
from models.errors import UsageError
from models.records import Language
from pipeline.wholefile import write_whole

OFFICE_FILE = "units.csv"  # its name beside the register, where none is given


def office_file(given: Path | None, outputs: Path | None = None) -> Path | None:
    """Return the office's file of units: the one given, else the one in the outputs, else none.

    Raises UsageError where the one given isn't there or can't be used.
    """
    if given and not given.is_file():
        raise UsageError("units-missing", file=str(given))
    own = outputs / OFFICE_FILE if outputs and not given else given
    if own is None or not own.is_file():
        return None
    registry_of(own)
    return own


def stamp(path: Path | None) -> str:
    """Return what tells whether a file of units was changed since. Raises OSError."""
    if path is None:
        return ""
    found = path.stat()
    return f"{path.resolve()} {found.st_size} {found.st_mtime_ns}"


def registry_of(path: Path | None) -> Registry:
    """Return the registry with an office's file as it lies there now; read once as long as it stays. Raises UsageError
    and OSError."""
    return _loaded(path, stamp(path)) if path else starter()


@functools.lru_cache(maxsize=4)
def _loaded(path: Path, _stamp: str) -> Registry:
    return load_registry(path)


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
    and the known unit nearest to it with its likeness from 0 to 1; the most frequent first."""
    for unit in unknown_names(registry, _names(rows)):
        nearest = f"  ~ {unit.nearest[0].id} {unit.nearest[0].score:.2f}" if unit.nearest else ""
        yield f"{unit.count:5d}  {unit.name}{nearest}"


def language_of(name: str, rows: Iterable[Mapping[str, str]]) -> Language | None:
    """Return the language in which the register names a unit most often, None where it doesn't."""
    languages = Counter(language for other, language in _names(rows) if other.casefold() == name.casefold())
    return languages.most_common(1)[0][0] if languages else None


def _names(rows: Iterable[Mapping[str, str]]) -> list[tuple[str, Language]]:
    """Return the units of a register with the language of their document, each as often as it is named."""
    return [
        (name.strip(), cast(Language, row["language"]))
        for row in rows
        for column in ("lead_unit", "coordinating_units")
        for name in row[column].split(";")
        if name.strip()
    ]


def _text(path: Path) -> str:
    data = path.read_bytes()
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError("units-not-utf8", file=path.name) from None
