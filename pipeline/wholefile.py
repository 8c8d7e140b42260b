"""Files written whole: somebody who reads one at any moment sees the old one or the new one, never half of either."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable
from pathlib import Path


def write_whole(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Write bytes, or pieces of them, to a temporary file beside `path`, flush it to the disk and rename it into place.

    Missing folders are made. What can't be renamed over (a pipe, a terminal) is written to as it is. Raises OSError.
    """
    chunks = [data] if isinstance(data, bytes) else data
    path = path.resolve()  # a link keeps pointing at what is written
    if path.exists() and not path.is_file():
        path.write_bytes(b"".join(chunks))
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{uuid.uuid4().hex}.tmp")
    try:
        with temporary.open("xb") as handle:
            handle.writelines(chunks)
            handle.flush()
            os.fsync(handle.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    """Make the renaming itself outlive a power cut, where the system can."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
