"""What the pages work on: the store, the outputs it is filled from, and the register made anew."""

from __future__ import annotations

import logging
import multiprocessing
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from models.store import Store, close_store, count_rows
from pipeline.recorded import open_store_of, record_kept, write_reviewed_register

_PAUSE = 0.3  # seconds from an edit to the writing of the register
_LARGE = 5_000  # rows
_SHARE = 4  # times as long as a large register takes to write, it is left alone: reviewers come first


class RegisterWriter:
    """A thread that writes the register soon after edits: one writing for many quick edits, none lost at the end."""

    def __init__(self, store: Store, outputs: Path) -> None:
        self._store, self._outputs = store, outputs
        self._changed, self._ended = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, name="register", daemon=True)
        self._thread.start()

    def changed(self) -> None:
        """Say that an edit was kept."""
        self._changed.set()

    def close(self) -> None:
        """Write what is not yet written, and end."""
        self._ended.set()
        self._changed.set()
        self._thread.join()

    def _work(self) -> None:
        pause = _PAUSE
        while not self._ended.is_set():
            self._changed.wait()
            self._ended.wait(pause)
            self._changed.clear()
            started = time.perf_counter()
            self._write()
            pause = max(_PAUSE, _SHARE * (time.perf_counter() - started))
        if self._changed.is_set():  # the end came while the last writing was under way
            self._write()

    def _write(self) -> None:
        try:
            if count_rows(self._store) < _LARGE or self._ended.is_set():
                write_reviewed_register(self._store, self._outputs)
            else:
                _write_apart(self._outputs)
        except Exception:  # the disk is full or the folder away: the store has all, the next edit tries again
            logging.getLogger(__name__).exception("the register could not be written")


def _write_apart(outputs: Path) -> None:
    """Write the register in a process of its own, which takes no turns of the interpreter from the pages."""
    process = multiprocessing.get_context("spawn").Process(target=_write_low, args=(outputs,), daemon=True)
    process.start()
    process.join()
    if process.exitcode:
        raise OSError(f"the process that writes the register ended with {process.exitcode}")


def _write_low(outputs: Path) -> None:
    """Write the register, after everybody who has something more pressing to do."""
    if hasattr(os, "nice"):
        os.nice(10)
    store = open_store_of(outputs)
    write_reviewed_register(store, outputs)
    close_store(store)


@dataclass(frozen=True, slots=True)
class Desk:
    """An open desk. `inbox` is where the originals lie, None where nobody has said; `units` is the office's file of
    units that was given, None where it is the one in the outputs."""

    store: Store
    outputs: Path
    inbox: Path | None
    writer: RegisterWriter
    units: Path | None = None


@contextmanager
def open_desk(outputs: Path, inbox: Path | None = None, units: Path | None = None) -> Iterator[Desk]:
    """Open the store of the outputs, record what the flow has kept, and write the register.

    Raises StoreError, OSError.
    """
    store = open_store_of(outputs)
    writer = RegisterWriter(store, outputs)
    try:
        desk = Desk(store, outputs, inbox, writer, units)
        refresh(desk)
        yield desk
    finally:
        writer.close()
        close_store(store)


def refresh(desk: Desk) -> int:
    """Record what the flow has kept since, and return how many readings were new. Raises OSError."""
    new = record_kept(desk.store, desk.outputs)
    desk.writer.changed()
    return new
