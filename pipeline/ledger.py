"""What the register is made of, kept so that a round costs no more than what is new.

`ledger.db` in the outputs holds of each document its rows as they are written, what finds its copies, what its tasks
repeat, and what amendments do to them. What a document repeats depends on those known before it with which it shares a
feature, what amends it on those that name its number, and on nothing else: where one comes, goes or changes, only those
are looked at again. All of it can be made anew from what is known, and is where the code has changed or the file is
damaged.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline import known
from pipeline.register import Row, parsed

FILE = "ledger.db"
PATIENCE = 30.0  # seconds to wait for somebody who has the ledger in hand
_TABLES = """
CREATE TABLE files (sha256 TEXT PRIMARY KEY, stamp TEXT NOT NULL, rank INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (key INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, part INTEGER NOT NULL, place INTEGER NOT NULL,
    links TEXT NOT NULL, cells TEXT NOT NULL, amends INTEGER NOT NULL, head TEXT NOT NULL, problems TEXT NOT NULL);
CREATE INDEX documents_by_place ON documents (place);
CREATE INDEX documents_of_file ON documents (sha256, part);
CREATE TABLE bodies (key INTEGER PRIMARY KEY, print BLOB NOT NULL, lines BLOB NOT NULL);
CREATE TABLE features (feature TEXT NOT NULL, key INTEGER NOT NULL, PRIMARY KEY (feature, key)) WITHOUT ROWID;
CREATE INDEX features_of_document ON features (key);
CREATE TABLE numbers (number TEXT NOT NULL, key INTEGER NOT NULL, PRIMARY KEY (number, key)) WITHOUT ROWID;
CREATE INDEX numbers_of_document ON numbers (key);
"""


@dataclass(frozen=True, slots=True)
class Ledger:
    """An open ledger, and where the extractions lie that it is made from."""

    connection: sqlite3.Connection
    outputs: Path


def connected(outputs: Path) -> sqlite3.Connection:
    """Open the ledger, empty where it is missing or was made by other code."""
    mark = int(known.engine()[:7], 16)
    connection = sqlite3.connect(outputs / FILE, timeout=PATIENCE, isolation_level=None)
    connection.execute("PRAGMA synchronous = NORMAL")
    if connection.execute("PRAGMA user_version").fetchone() != (mark,):
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        drops = "".join(f"DROP TABLE {name};" for (name,) in names)
        connection.executescript(f"BEGIN; {drops} {_TABLES} PRAGMA user_version = {mark}; COMMIT;")
    return connection


def lines_of(ledger: Ledger, order: Iterable[str]) -> Iterator[bytes]:
    """Yield the register's lines, a document at a time, of files in an order."""
    query = "SELECT lines FROM documents JOIN bodies USING (key) WHERE sha256 = ? ORDER BY part"
    for sha256 in order:
        yield from (lines for (lines,) in ledger.connection.execute(query, (sha256,)))


def count_of(ledger: Ledger) -> int:
    """Return how many rows the register has."""
    (count,) = ledger.connection.execute("SELECT sum(json_array_length(links)) FROM documents").fetchone()
    return count or 0


def related_rows(outputs: Path) -> Mapping[tuple[str, str], Row]:
    """Return the rows of documents that are something to others, as they were last written, by task and file.

    Nothing where there is no ledger that this code can read. Raises OSError where it can't be read now.
    """
    condition = "links GLOB '*[0-9a-f]*' OR cells GLOB '*:*'"
    query = f"SELECT sha256, lines FROM documents JOIN bodies USING (key) WHERE {condition}"
    place = (outputs / FILE).resolve()
    if not place.is_file():
        return {}
    try:
        with contextlib.closing(sqlite3.connect(f"{place.as_uri()}?mode=ro", timeout=PATIENCE, uri=True)) as connection:
            found = [(sha256, parsed(lines)) for sha256, lines in connection.execute(query)]
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) and "no such" not in str(error):
            raise OSError(None, str(error), str(place)) from error
        return {}
    return {(row["task_id"], sha256): row for sha256, table in found for row in table}


def problems_in(ledger: Ledger) -> Iterator[tuple[str, str]]:
    """Yield file and message code of what was read in part."""
    for (problems,) in ledger.connection.execute("SELECT problems FROM documents WHERE problems <> '[]'"):
        yield from ((file, code) for file, code in json.loads(problems))
