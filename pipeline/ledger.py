"""What the register is made of, kept so that a round costs no more than what is new.

`ledger.db` in the outputs holds of each document its rows as they are written, what finds its copies, and what its
tasks repeat. What a document repeats depends on those known before it with which it shares a feature, and on nothing
else: where one comes, goes or changes, only the later ones that share one with it are looked at again. All of it can be
made anew from what is known, and is where the code has changed or the file is damaged.
"""

from __future__ import annotations

import contextlib
import csv
import functools
import heapq
import io
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from extractors.pairing import Piece, pieces_of
from extractors.sameness import Features, Print, Told, candidates, features_of, links_of, may_be, print_of
from models.columns import COLUMN_NAMES
from models.records import Extraction
from pipeline import known
from pipeline.extract import problems_of
from pipeline.register import csv_lines, rows

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")
FILE = "ledger.db"
PATIENCE = 30.0  # seconds to wait for somebody who reads the ledger
_LARGEST_PARTS = 1 << 20  # documents of one file
_AT_HAND = 64  # documents whose pieces are kept: a few copies of one directive are compared at a time
_SAME_AS = COLUMN_NAMES.index("same_as")
_TABLES = """
CREATE TABLE files (sha256 TEXT PRIMARY KEY, stamp TEXT NOT NULL, rank INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (key INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, part INTEGER NOT NULL, place INTEGER NOT NULL,
    links TEXT NOT NULL, head TEXT NOT NULL, problems TEXT NOT NULL);
CREATE INDEX documents_by_place ON documents (place);
CREATE INDEX documents_of_file ON documents (sha256, part);
CREATE TABLE bodies (key INTEGER PRIMARY KEY, print BLOB NOT NULL, lines BLOB NOT NULL);
CREATE TABLE features (feature TEXT NOT NULL, key INTEGER NOT NULL, PRIMARY KEY (feature, key)) WITHOUT ROWID;
CREATE INDEX features_of_document ON features (key);
"""


@dataclass(frozen=True, slots=True)
class Ledger:
    """An open ledger, and where the extractions lie that it is made from."""

    connection: sqlite3.Connection
    outputs: Path


def with_ledger(outputs: Path, order: Sequence[str], use: Callable[[Ledger], T]) -> T:
    """Bring the ledger up to date with the files known, in the order in which they became known, and use it.

    A damaged one is made anew. Raises OSError, also for what SQLite says of the disk.
    """
    for is_last in (False, True):
        try:
            with contextlib.closing(_connected(outputs)) as connection:
                ledger = Ledger(connection, outputs)
                with connection:
                    connection.execute("BEGIN IMMEDIATE")
                    _bring_up(ledger, order)
                return use(ledger)
        except sqlite3.OperationalError as error:
            raise OSError(None, str(error), str(outputs / FILE)) from error
        except sqlite3.DatabaseError:
            if is_last:
                raise
            (outputs / FILE).unlink()
    raise AssertionError("unreachable")


def _connected(outputs: Path) -> sqlite3.Connection:
    """Open the ledger, empty where it is missing or was made by other code."""
    mark = int(known.engine()[:7], 16)
    connection = sqlite3.connect(outputs / FILE, timeout=PATIENCE, isolation_level=None)
    connection.execute("PRAGMA synchronous = NORMAL")
    if connection.execute("PRAGMA user_version").fetchone() != (mark,):
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        drops = "".join(f"DROP TABLE {name};" for (name,) in names)
        connection.executescript(f"BEGIN; {drops} {_TABLES} PRAGMA user_version = {mark}; COMMIT;")
    return connection


def _bring_up(ledger: Ledger, order: Sequence[str]) -> None:
    had = dict(ledger.connection.execute("SELECT sha256, stamp FROM files ORDER BY rank"))
    now = {sha256: known.stamp(ledger.outputs, sha256) for sha256 in order}
    kept = [sha256 for sha256, stamp in had.items() if now.get(sha256) == stamp]
    doubtful = set[int]()
    for sha256 in had.keys() - set(kept):
        doubtful |= _left_out(ledger, sha256)
    _rank(ledger, {sha256: rank for rank, sha256 in enumerate(order)})
    last_kept = max((rank for rank, sha256 in enumerate(order) if had.get(sha256) == now[sha256]), default=-1)
    for rank, sha256 in enumerate(order):
        if had.get(sha256) != now[sha256]:
            entered = _entered(ledger, sha256, now[sha256], rank)
            doubtful |= entered.union(*(_later_sharing(ledger, key) for key in entered if rank < last_kept))
    if kept != [sha256 for sha256 in order if had.get(sha256) == now[sha256]]:  # what came first is another one now
        doubtful |= {key for (key,) in ledger.connection.execute("SELECT key FROM documents")}
    _link(ledger, doubtful)


def _left_out(ledger: Ledger, sha256: str) -> set[int]:
    """Leave out a file, and return the documents for which that may matter."""
    keys = [key for (key,) in ledger.connection.execute("SELECT key FROM documents WHERE sha256 = ?", (sha256,))]
    doubtful = set[int]().union(*(_later_sharing(ledger, key) for key in keys)) - set(keys)
    for table in ("documents", "bodies", "features"):
        ledger.connection.executemany(f"DELETE FROM {table} WHERE key = ?", ((key,) for key in keys))
    ledger.connection.execute("DELETE FROM files WHERE sha256 = ?", (sha256,))
    return doubtful


def _rank(ledger: Ledger, ranks: Mapping[str, int]) -> None:
    """Number the files anew where their order has changed."""
    before = ledger.connection.execute("SELECT sha256, rank FROM files").fetchall()
    moved = [(ranks[sha256], sha256) for sha256, rank in before if ranks[sha256] != rank]
    ledger.connection.executemany("UPDATE files SET rank = ? WHERE sha256 = ?", moved)
    places = ((rank * _LARGEST_PARTS, sha256) for rank, sha256 in moved)
    ledger.connection.executemany("UPDATE documents SET place = ? + part WHERE sha256 = ?", places)


def _entered(ledger: Ledger, sha256: str, stamp: str, rank: int) -> set[int]:
    """Enter what was found in a file, and return its documents' keys."""
    ledger.connection.execute("INSERT INTO files VALUES (?, ?, ?)", (sha256, stamp, rank))
    found = known.found_in(ledger.outputs, sha256)
    return {_entered_document(ledger, sha256, part, rank, extraction) for part, extraction in enumerate(found)}


def _entered_document(ledger: Ledger, sha256: str, part: int, rank: int, extraction: Extraction) -> int:
    own, features = print_of(extraction), features_of(print_of(extraction))
    head, problems = _prints().dump_json(replace(own, tasks=())), json.dumps([*problems_of([extraction])])
    values = (sha256, part, rank * _LARGEST_PARTS + part, json.dumps([""] * len(own.tasks)), head, problems)
    insert = "INSERT INTO documents (sha256, part, place, links, head, problems) VALUES (?, ?, ?, ?, ?, ?)"
    key = ledger.connection.execute(insert, values).lastrowid
    assert key is not None
    body = (key, _prints().dump_json(own), csv_lines(rows(extraction)))
    ledger.connection.execute("INSERT INTO bodies VALUES (?, ?, ?)", body)
    pairs = [(feature, key) for feature in (*features.names, *features.words, *features.cited)]
    ledger.connection.executemany("INSERT OR IGNORE INTO features VALUES (?, ?)", pairs)
    return key


def _later_sharing(ledger: Ledger, key: int) -> set[int]:
    """Return the documents known later than one that share a feature with it."""
    query = """
        SELECT DISTINCT other.key FROM documents AS own JOIN features AS feature ON feature.key = own.key
        JOIN features AS shared ON shared.feature = feature.feature JOIN documents AS other ON other.key = shared.key
        WHERE own.key = ? AND other.place > own.place
    """
    return {other for (other,) in ledger.connection.execute(query, (key,))}


def _link(ledger: Ledger, doubtful: Iterable[int]) -> None:
    """Link documents to those known before, and look again at the later ones for which that may matter."""
    place_of = "SELECT place FROM documents WHERE key = ?"
    places = ((ledger.connection.execute(place_of, (key,)).fetchone(), key) for key in doubtful)
    waiting = [(place[0], key) for place, key in places if place]  # of those left out none
    heapq.heapify(waiting)
    done = set[int]()
    while waiting:
        place, key = heapq.heappop(waiting)
        if key not in done:
            done.add(key)
            if _linked_anew(ledger, key, place):
                for later in _later_sharing(ledger, key):
                    heapq.heappush(waiting, (ledger.connection.execute(place_of, (later,)).fetchone()[0], later))


def _linked_anew(ledger: Ledger, key: int, place: int) -> bool:
    """Link a document's tasks, and say whether they repeat others than before."""
    own = _told(ledger, "key", key)
    seen = _seen(ledger, features_of(own.print), place)
    likely = (other for other in candidates(features_of(own.print), seen) if may_be(own.print, _head(ledger, other)))
    others = (_told(ledger, "place", other) for other in likely)
    links = links_of(own.print, own.pieces, others)
    if links == own.links:
        return False
    (lines,) = ledger.connection.execute("SELECT lines FROM bodies WHERE key = ?", (key,)).fetchone()
    ledger.connection.execute("UPDATE documents SET links = ? WHERE key = ?", (json.dumps(links), key))
    ledger.connection.execute("UPDATE bodies SET lines = ? WHERE key = ?", (_with_links(lines, links), key))
    return True


def _seen(ledger: Ledger, features: Features, place: int) -> dict[object, list[int]]:
    """Return the places before one at which documents have some of the features, by feature."""
    found: dict[object, list[int]] = {}
    query = "SELECT place FROM features JOIN documents USING (key) WHERE feature = ? AND place < ? ORDER BY place"
    for feature in (*features.names, *features.words, *features.cited):
        found[feature] = [other for (other,) in ledger.connection.execute(query, (feature, place))]
    return found


def _head(ledger: Ledger, place: int) -> Print:
    """Return the print of the document at a place without its tasks."""
    (head,) = ledger.connection.execute("SELECT head FROM documents WHERE place = ?", (place,)).fetchone()
    return _prints().validate_json(head)


def _told(ledger: Ledger, column: str, value: int) -> Told:
    query = f"SELECT print, links, sha256, part FROM documents JOIN bodies USING (key) WHERE {column} = ?"
    body, links, sha256, part = ledger.connection.execute(query, (value,)).fetchone()
    pieces = functools.partial(_pieces, ledger.outputs, sha256, part, known.stamp(ledger.outputs, sha256))
    return Told(_prints().validate_json(body), tuple(json.loads(links)), pieces)


@functools.lru_cache(_AT_HAND)
def _pieces(outputs: Path, sha256: str, part: int, stamp: str) -> Sequence[Piece]:
    """Return the pieces of a document; `stamp` tells its readings apart."""
    return pieces_of(known.found_in(outputs, sha256)[part].document)


@functools.cache
def _prints() -> TypeAdapter[Print]:
    from pydantic import TypeAdapter

    return TypeAdapter(Print)


def _with_links(lines: bytes, links: Sequence[str]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    for cells, link in zip(csv.reader(io.StringIO(lines.decode(), newline="")), links, strict=True):
        writer.writerow([*cells[:_SAME_AS], link, *cells[_SAME_AS + 1 :]])
    return text.getvalue().encode()


def lines_of(ledger: Ledger, order: Iterable[str]) -> Iterator[bytes]:
    """Yield the register's lines, a document at a time, of files in an order."""
    query = "SELECT lines FROM documents JOIN bodies USING (key) WHERE sha256 = ? ORDER BY part"
    for sha256 in order:
        yield from (lines for (lines,) in ledger.connection.execute(query, (sha256,)))


def count_of(ledger: Ledger) -> int:
    """Return how many rows the register has."""
    (count,) = ledger.connection.execute("SELECT sum(json_array_length(links)) FROM documents").fetchone()
    return count or 0


def copies_in(ledger: Ledger) -> dict[tuple[str, str], str]:
    """Return what each row repeats, by task and file."""
    query = "SELECT sha256, links, lines FROM documents JOIN bodies USING (key) WHERE links GLOB '*[0-9a-f]*'"
    found: dict[tuple[str, str], str] = {}
    for sha256, links, lines in ledger.connection.execute(query):
        tasks = (cells[0] for cells in csv.reader(io.StringIO(lines.decode(), newline="")))
        found |= {(task, sha256): link for task, link in zip(tasks, json.loads(links), strict=True) if link}
    return found


def problems_in(ledger: Ledger) -> Iterator[tuple[str, str]]:
    """Yield file and message code of what was read in part."""
    for (problems,) in ledger.connection.execute("SELECT problems FROM documents WHERE problems <> '[]'"):
        yield from ((file, code) for file, code in json.loads(problems))
