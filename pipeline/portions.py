"""A large inbox in portions, each read by a process of its own, on this machine or another that sees the same folders.

One process holds the outputs, hands out the portions, and alone writes the register. Who reads a portion writes what
was found in each file, whole, and one line about it to a journal that belongs to that portion; a portion that is silent
for long is handed out again without the files of which its journal tells.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from models.errors import ChidaoError, ReadError
from pipeline import known
from pipeline.bundles import Outcome
from pipeline.inbox import Dropped
from pipeline.known import Known

SIZE = 24  # files of a portion: starting one takes seconds
SILENT = 60.0  # seconds without a sign of life, after which a portion is handed out again
BEAT, LOOK = 5.0, 0.3  # seconds between two signs of life, and between two looks
MOST_TRIES = 3


class Pool(Protocol):
    """What hands portions to those who read them."""

    def submit(self, files: Sequence[Dropped], journal: str) -> str:
        """Hand out a portion and return what it is called."""

    def is_over(self, name: str) -> bool:
        """Say whether a portion has ended, in whatever way."""

    def drop(self, name: str) -> None:
        """Let nobody begin a portion, or go on with it."""


@dataclass(slots=True)
class _Portion:
    """A portion that was handed out: its files, of which it has told so far, and when it last gave a sign of life."""

    name: str
    journal: str
    left: dict[str, Dropped]
    tries: int
    told: int = 0
    beat: int = 0
    since: float = field(default_factory=time.monotonic)


def read_in_portions(files: Sequence[Dropped], outputs: Path, pool: Pool) -> Iterator[Outcome]:
    """Yield what became of each file, as it is told; one that nobody has read in the end is a failure that may pass."""
    portions = [_handed_out(files[at : at + SIZE], pool, 1) for at in range(0, len(files), SIZE)]
    while portions:
        for portion in list(portions):
            is_over = pool.is_over(portion.name)  # before the journal is read: what it told is then all there
            yield from _told(portion, outputs)
            if is_over or _is_silent(portion, outputs):
                pool.drop(portion.name)
                portions.remove(portion)
                yield from _left(portion, pool, portions)
        time.sleep(LOOK)


def _handed_out(files: Sequence[Dropped], pool: Pool, tries: int) -> _Portion:
    journal = uuid.uuid4().hex
    return _Portion(pool.submit(files, journal), journal, {file.sha256: file for file in files}, tries)


def _told(portion: _Portion, outputs: Path) -> Iterator[Outcome]:
    """Yield what a portion has told since the last look."""
    lines = known.journal_lines(outputs, portion.journal)[portion.told :]
    for sha256, values, line in lines:
        portion.told += 1
        file, entry = portion.left.pop(sha256, None), Known(**values)
        if file:
            error = ReadError(entry.code, **entry.values) if entry.code else None
            yield file, {"file": file.name} if error else line, error


def _is_silent(portion: _Portion, outputs: Path) -> bool:
    """Say whether a portion that was begun has given no sign of life for long."""
    with contextlib.suppress(OSError):
        beat = known.journal_path(outputs, portion.journal).stat().st_mtime_ns
        if beat != portion.beat:
            portion.beat, portion.since = beat, time.monotonic()
    return bool(portion.beat) and time.monotonic() - portion.since > SILENT


def _left(portion: _Portion, pool: Pool, portions: list[_Portion]) -> Iterator[Outcome]:
    """Hand out again what a portion has left, or give it up."""
    left = list(portion.left.values())
    if left and portion.tries < MOST_TRIES:
        portions.append(_handed_out(left, pool, portion.tries + 1))
        return
    for file in left:
        yield file, {"file": file.name}, ReadError("read-unreadable", file=file.name, reason="no worker has read it")


@contextlib.contextmanager
def told_to(outputs: Path, journal: str) -> Iterator[None]:
    """Give signs of life in a portion's journal."""
    path, ended = known.journal_path(outputs, journal), threading.Event()
    outputs.mkdir(parents=True, exist_ok=True)
    path.touch()

    def beat() -> None:
        while not ended.wait(BEAT):
            with contextlib.suppress(OSError):
                os.utime(path)

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def tell(outputs: Path, journal: str, file: Dropped, line: Mapping[str, Any], error: ChidaoError | None) -> None:
    """Write down what became of a file of a portion. Raises OSError."""
    entry = known.failed(file.name, error) if error else Known(file.name, known.engine())
    known.note(outputs, file.sha256, entry, journal, dict(line))


def packed_files(files: Sequence[Dropped]) -> str:
    """Return files as they are handed to another process."""
    return json.dumps([[str(file.path), file.name, file.sha256] for file in files])


def unpacked_files(text: str) -> tuple[Dropped, ...]:
    """Return what `packed_files` was given."""
    return tuple(Dropped(Path(path), name, sha256) for path, name, sha256 in json.loads(text))
