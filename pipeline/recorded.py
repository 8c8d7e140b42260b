"""From what the flow keeps to the store, and from the store to the register: people's edits over the machine's values.

The store is `store.db` in the outputs folder, or the database that CHIDAO_STORE names by its URL.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from extractors.amending import REASON
from models.columns import DEADLINE_COLUMNS, SEPARATOR
from pipeline import known
from pipeline.hold import register_turn
from pipeline.ledger import related_rows
from pipeline.register import Row, rows, write_register
from pipeline.wholefile import write_whole

if TYPE_CHECKING:
    from models.store import Store

_MARKS = "recorded.json"


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


def write_recorded_register(outputs: Path) -> int:
    """Write the machine's rows with people's edits over them, all that is kept being recorded first; return how many.

    Raises OSError and StoreError.
    """
    from models.store import close_store

    store = open_store_of(outputs)
    try:
        record_kept(store, outputs)
        return write_reviewed_register(store, outputs)
    finally:
        close_store(store)


def write_reviewed_register(store: Store, outputs: Path) -> int:
    """Write the register with people's edits over the machine's values, whole; return how many rows it has.

    What each row is to those of other documents is taken from the ledger. One writer at a time. Raises OSError.
    """
    from models.store import publish, register_rows

    with register_turn(outputs):
        related = related_rows(outputs)
        rows_now = [_with_relations(row, related) for row in register_rows(store)]
        write_register(outputs / "register.csv", rows_now)
        publish(store, rows_now)
    return len(rows_now)


def _with_relations(row: Row, related: Mapping[tuple[str, str], Row]) -> Row:
    """Return a row with what it is to those of other documents; a deadline that a person has set stays."""
    written = related.get((row["task_id"], row["source_sha256"]))
    if written is None:
        return row
    names = ["same_as", "amends", "amends_document_id", "amended_by", "first_deadline_text", "first_due_date"]
    is_as_found = not written["amended_by"] or (row["deadline_text"], row["due_date"]) == (
        written["first_deadline_text"],
        written["first_due_date"],
    )
    if written["amended_by"] and is_as_found:
        names += DEADLINE_COLUMNS
    reasons = row["review_reasons"].split(SEPARATOR) if row["review_reasons"] else []
    if REASON in written["review_reasons"].split(SEPARATOR) and REASON not in reasons and is_as_found:
        reasons.append(REASON)
    return {**row, **{name: written[name] for name in names}, "review_reasons": SEPARATOR.join(reasons)}
