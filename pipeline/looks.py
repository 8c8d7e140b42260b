"""Which files of the inbox are whole: nobody writes to them any more, and two looks have found them the same.

Where the system can tell whether somebody has a file open for writing, a short quiet is enough after it was closed;
on network shares, where it can't, a longer one. What was seen is kept from look to look, so that an unchanged file is
not hashed again.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.inbox import Dropped, digest, files_below, name_in

CLOSED_QUIET = 0.3  # seconds without a change, for a file that nobody has open for writing
EMPTY_QUIET = 5.0  # seconds: copying begins with an empty file, and on some shares it stays so for a while


@dataclass(frozen=True, slots=True)
class Sight:
    """A file as the last look saw it: size, time and number; since when (monotonic) it is so; its hash once whole."""

    name: str
    stamp: tuple[int, int, int]
    since: float
    sha256: str = ""
    is_certain: bool = True

    @property
    def is_whole(self) -> bool:
        return bool(self.sha256)


Sights = Mapping[Path, Sight]


def look(inbox: Path, outputs: Path, before: Sights, now: float, quiet: float) -> dict[Path, Sight]:
    """Return what is to be seen in the inbox now; `quiet` is in seconds. Raises OSError where it can't be listed."""
    seen: dict[Path, Sight] = {}
    for path in files_below(inbox, but=outputs):
        stamp = _stamp(path)
        if stamp is None:
            continue  # taken away in the meantime
        old = before.get(path)
        sight = old if old and old.stamp == stamp else Sight(name_in(inbox, path), stamp, now)
        if not (sight.is_whole and sight.is_certain) and _is_quiet(path, sight, now, quiet):
            sight = _hashed(path, sight)
        seen[path] = sight
    return seen


def dropped(sights: Sights) -> list[Dropped]:
    """Return the whole files, each content once, under the first name it is found by."""
    found: dict[str, Dropped] = {}
    for path, sight in sights.items():
        if sight.is_whole:
            found.setdefault(sight.sha256, Dropped(path, sight.name, sight.sha256))
    return list(found.values())


def unfinished(sights: Iterable[Sight]) -> list[str]:
    """Return the names of the files that are still being written."""
    return [sight.name for sight in sights if not sight.is_whole]


def has_writer(path: Path) -> bool | None:
    """Say whether somebody has a file open for writing; None where the system can't tell.

    Linux grants a lease for reading only while nobody does; it is given back at once. Who calls this ignores SIGIO,
    with which the system says that somebody has come in the meantime.
    """
    try:
        import fcntl

        lease, unlock, for_reading = fcntl.F_SETLEASE, fcntl.F_UNLCK, fcntl.F_RDLCK
    except (ImportError, AttributeError):
        return None
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        fcntl.fcntl(handle, lease, for_reading)
        fcntl.fcntl(handle, lease, unlock)
    except OSError as error:
        return True if error.errno == errno.EAGAIN else None
    finally:
        os.close(handle)
    return False


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ino


def _is_quiet(path: Path, sight: Sight, now: float, quiet: float) -> bool:
    waited = now - sight.since
    if waited < CLOSED_QUIET or (sight.stamp[0] == 0 and waited < EMPTY_QUIET):
        return False
    writer = has_writer(path)
    return writer is False or (writer is None and waited >= quiet)


def _hashed(path: Path, sight: Sight) -> Sight:
    """Return a sight with the file's hash; one that can't be opened has that of its name, so that reading it tells why.

    A file that changes while it is hashed stays as it was: the next look sees it anew.
    """
    try:
        sha256, is_certain = digest(path), True
    except OSError:
        sha256, is_certain = hashlib.sha256(sight.name.encode()).hexdigest(), False
    return replace(sight, sha256=sha256, is_certain=is_certain) if _stamp(path) == sight.stamp else sight
