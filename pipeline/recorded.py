"""From what the flow keeps to the store, and from the store to the register: people's edits over the machine's values.

The store is `store.db` in the outputs folder, or the database that CHIDAO_STORE names by its URL.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import known
from pipeline.hold import register_turn
from pipeline.register import Row, read_register, rows, write_register
from pipeline.wholefile import write_whole

if TYPE_CHECKING:
    from models.store import Store

_MARKS = "recorded.json"
Copies = Mapping[tuple[str, str], str]


def store_place(outputs: Path) -> Path | str:
    """Return where the store of an outputs folder is: a file, or a database's URL."""
    return os.environ.get("CHIDAO_STORE") or outputs / "store.db"


def has_store(outputs: Path) -> bool:
    """Say whether anybody reviews this register: from then on it is written from the store."""
    place = store_place(outputs)
    return isinstance(place, str) or place.is_file()


def open_store_of(outputs: Path) -> Store:
    """Open the store of an outputs folder, made where it is missing. Raises StoreError."""
    from models.store import open_store

    return open_store(store_place(outputs))


def record_kept(store: Store, outputs: Path) -> int:
    """Record everything that the flow has kept, and return how many of the readings had something new to say.

    What was recorded as it lies there is not looked at; what is recorded otherwise is compared. Raises OSError.
    """
    from models.store import record_extraction
    from models.store.queries import recorded_files

    new, entries = 0, known.load(outputs)
    before, here = _load_marks(outputs), recorded_files(store)
    marks = {sha256: f"{entries[sha256].engine} {known.stamp(outputs, sha256)}" for sha256 in known.by_name(entries)}
    for sha256, mark in marks.items():
        if sha256 not in here or before.get(sha256) != mark:
            for extraction in known.found_in(outputs, sha256):
                found = list(rows(extraction))
                new += record_extraction(store, extraction, found, software=entries[sha256].engine).is_new
    if before != marks:
        write_whole(outputs / _MARKS, json.dumps(marks, indent=0).encode())
    return new


def _load_marks(outputs: Path) -> dict[str, str]:
    """Return what was recorded, as it lay there then; nothing where that isn't known."""
    try:
        return dict(json.loads((outputs / _MARKS).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def write_recorded_register(outputs: Path, copies: Copies) -> int:
    """Write the machine's rows with people's edits over them, all that is kept being recorded first; return how many.

    `copies` says what each row repeats, by task and file. Raises OSError and StoreError.
    """
    from models.store import close_store

    store = open_store_of(outputs)
    try:
        record_kept(store, outputs)
        return _write(store, outputs, lambda: copies)
    finally:
        close_store(store)


def write_reviewed_register(store: Store, outputs: Path) -> None:
    """Write the register with people's edits over the machine's values, whole. Raises OSError."""
    register = outputs / "register.csv"
    _write(store, outputs, lambda: _copies(read_register(register)) if register.is_file() else {})


def _write(store: Store, outputs: Path, copies_now: Callable[[], Copies]) -> int:
    """Write what the store holds now, with what each row repeats. One writer at a time."""
    from models.store import register_rows

    with register_turn(outputs):
        copies = copies_now()
        rows_now = [{**row, "same_as": copies.get(_place(row), "")} for row in register_rows(store)]
        write_register(outputs / "register.csv", rows_now)
    return len(rows_now)


def _copies(table: Iterable[Row]) -> Copies:
    """Return what each row repeats, by task and file; the store doesn't know of it."""
    return {_place(row): row["same_as"] for row in table if row["same_as"]}


def _place(row: Row) -> tuple[str, str]:
    return row["task_id"], row["source_sha256"]
