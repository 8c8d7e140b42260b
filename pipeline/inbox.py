"""The inbox: which files lie in it, and which of them are not yet known by their content."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

# What office programs, browsers and file managers leave lying beside the real files.
_PASSING_PREFIXES = (".", "~$", "~WRL", "~lock")
_PASSING_SUFFIXES = ("~", ".tmp", ".temp", ".part", ".partial", ".crdownload", ".download", ".swp")
_PASSING_NAMES = frozenset({"thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file in the inbox: its path, its name within the inbox (NFC, `/` between folders) and its content's hash."""

    path: Path
    name: str
    sha256: str


def is_passing(name: str) -> bool:
    """Say whether a name is that of a hidden, temporary or lock file."""
    lower = name.casefold()
    return name.startswith(_PASSING_PREFIXES) or lower.endswith(_PASSING_SUFFIXES) or lower in _PASSING_NAMES


def files_below(folder: Path, but: Path | None = None) -> list[Path]:
    """Return the files of a folder and its folders, in the order of their names in any Unicode form; `but` is left out.

    Raises OSError where the folder can't be listed.
    """
    left_out = but.resolve() if but else None
    found = [path for path in _walk(folder) if left_out is None or left_out not in path.resolve().parents]
    return sorted(found, key=lambda path: name_in(folder, path).casefold())


def _walk(folder: Path) -> Iterator[Path]:
    for entry in os.scandir(folder):
        if is_passing(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry))
        elif entry.is_file():
            yield Path(entry)


def name_in(folder: Path, path: Path) -> str:
    """Return the name of a file within the inbox: the same whether the disk keeps letters composed or decomposed."""
    return unicodedata.normalize("NFC", path.relative_to(folder).as_posix())


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal. Raises OSError."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def dropped_files(folder: Path, but: Path | None = None) -> list[Dropped]:
    """Return the files of the inbox, each content once, under the first name it is found by.

    A file that can't be opened has its name as hash, so that reading it tells what is wrong.
    """
    seen: dict[str, Dropped] = {}
    for path in files_below(folder, but):
        name = name_in(folder, path)
        try:
            content = digest(path)
        except FileNotFoundError:
            continue  # taken away in the meantime
        except OSError:
            content = hashlib.sha256(name.encode()).hexdigest()
        seen.setdefault(content, Dropped(path, name, content))
    return list(seen.values())


def new_files(dropped: Collection[Dropped], known: Collection[str]) -> list[Dropped]:
    """Return the files whose content is not among the known hashes."""
    return [file for file in dropped if file.sha256 not in known]
