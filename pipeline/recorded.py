"""From what the flow keeps to the store, and from the store to the register: people's edits over the machine's values.

The store is `store.db` in the outputs folder, or the database that CHIDAO_STORE names by its URL.
"""

from __future__ import annotations

import os
from pathlib import Path

from models.store import Store, open_store, record_extraction, register_rows
from pipeline import known
from pipeline.register import rows, write_register


def store_place(outputs: Path) -> Path | str:
    """Return where the store of an outputs folder is: a file, or a database's URL."""
    return os.environ.get("CHIDAO_STORE") or outputs / "store.db"


def open_store_of(outputs: Path) -> Store:
    """Open the store of an outputs folder, made where it is missing. Raises StoreError."""
    return open_store(store_place(outputs))


def record_kept(store: Store, outputs: Path) -> int:
    """Record everything that the flow has kept, and return how many of the readings had something new to say.

    What is recorded already is compared and not written again. Raises OSError.
    """
    new = 0
    for sha256, entry in sorted(known.load(outputs).items(), key=lambda item: (item[1].name.casefold(), item[0])):
        for extraction in known.extractions(outputs, {sha256: entry}):
            new += record_extraction(store, extraction, list(rows(extraction)), software=entry.engine).is_new
    return new


def write_reviewed_register(store: Store, outputs: Path) -> None:
    """Write the register with people's edits over the machine's values, whole. Raises OSError."""
    write_register(outputs / "register.csv", register_rows(store))
