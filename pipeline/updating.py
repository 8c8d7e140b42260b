"""Bringing the ledger up to date: what is new is entered, and what it may matter to is looked at again."""

from __future__ import annotations

import contextlib
import functools
import heapq
import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from extractors.amending import amended_cells, numbers_of
from extractors.pairing import Piece, pieces_of
from extractors.sameness import Features, Print, Told, candidates, features_of, links_of, may_be, print_of
from models.records import Extraction
from pipeline import known
from pipeline.extract import problems_of
from pipeline.ledger import FILE, Ledger, connected
from pipeline.linked import completed
from pipeline.register import csv_lines, rows

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")
_LARGEST_PARTS = 1 << 20  # documents of one file
_AT_HAND = 64  # documents whose pieces are kept: a few copies of one directive are compared at a time


def with_ledger(outputs: Path, order: Sequence[str], use: Callable[[Ledger], T]) -> T:
    """Bring the ledger up to date with the files known, in the order in which they became known, and use it.

    A damaged one is made anew. Raises OSError, also for what SQLite says of the disk.
    """
    for is_last in (False, True):
        try:
            with contextlib.closing(connected(outputs)) as connection:
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


def _bring_up(ledger: Ledger, order: Sequence[str]) -> None:
    had = dict(ledger.connection.execute("SELECT sha256, stamp FROM files ORDER BY rank"))
    now = {sha256: known.stamp(ledger.outputs, sha256) for sha256 in order}
    kept = [sha256 for sha256, stamp in had.items() if now.get(sha256) == stamp]
    doubtful, numbers = set[int](), set[str]()
    for sha256 in had.keys() - set(kept):
        numbers |= _numbers_in(ledger, sha256)
        doubtful |= _left_out(ledger, sha256)
    _rank(ledger, {sha256: rank for rank, sha256 in enumerate(order)})
    last_kept = max((rank for rank, sha256 in enumerate(order) if had.get(sha256) == now[sha256]), default=-1)
    for rank, sha256 in enumerate(order):
        if had.get(sha256) != now[sha256]:
            entered = _entered(ledger, sha256, now[sha256], rank)
            numbers |= _numbers_in(ledger, sha256)
            doubtful |= entered.union(*(_later_sharing(ledger, key) for key in entered if rank < last_kept))
    if kept != [sha256 for sha256 in order if had.get(sha256) == now[sha256]]:  # what came first is another one now
        doubtful |= {key for (key,) in ledger.connection.execute("SELECT key FROM documents")}
        numbers |= {number for (number,) in ledger.connection.execute("SELECT number FROM numbers")}
    for key in _linked(ledger, doubtful) | _amended(ledger, numbers):
        _write_lines(ledger, key)


def _left_out(ledger: Ledger, sha256: str) -> set[int]:
    """Leave out a file, and return the documents for which that may matter."""
    keys = [key for (key,) in ledger.connection.execute("SELECT key FROM documents WHERE sha256 = ?", (sha256,))]
    doubtful = set[int]().union(*(_later_sharing(ledger, key) for key in keys)) - set(keys)
    for table in ("documents", "bodies", "features", "numbers"):
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
    own = print_of(extraction)
    features = features_of(own)
    head, problems = _prints().dump_json(replace(own, tasks=())), json.dumps([*problems_of([extraction])])
    links, cells = json.dumps([""] * len(own.tasks)), json.dumps([{}] * len(own.tasks))
    place, amends = rank * _LARGEST_PARTS + part, own.amendment is not None
    values = (None, sha256, part, place, links, cells, amends, head, problems)
    key = ledger.connection.execute("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values).lastrowid
    assert key is not None
    body = (key, _prints().dump_json(own), csv_lines(rows(extraction)))
    ledger.connection.execute("INSERT INTO bodies VALUES (?, ?, ?)", body)
    pairs = [(feature, key) for feature in (*features.names, *features.words, *features.cited)]
    ledger.connection.executemany("INSERT OR IGNORE INTO features VALUES (?, ?)", pairs)
    ledger.connection.executemany("INSERT INTO numbers VALUES (?, ?)", [(number, key) for number in numbers_of(own)])
    return key


def _numbers_in(ledger: Ledger, sha256: str) -> set[str]:
    query = "SELECT number FROM documents JOIN numbers USING (key) WHERE sha256 = ?"
    return {number for (number,) in ledger.connection.execute(query, (sha256,))}


def _later_sharing(ledger: Ledger, key: int) -> set[int]:
    """Return the documents known later than one that share a feature with it."""
    query = """
        SELECT DISTINCT other.key FROM documents AS own JOIN features AS feature ON feature.key = own.key
        JOIN features AS shared ON shared.feature = feature.feature JOIN documents AS other ON other.key = shared.key
        WHERE own.key = ? AND other.place > own.place
    """
    return {other for (other,) in ledger.connection.execute(query, (key,))}


def _linked(ledger: Ledger, doubtful: Iterable[int]) -> set[int]:
    """Link documents to those known before, look again at the later ones for which that may matter, and return those
    that repeat others than before."""
    place_of = "SELECT place FROM documents WHERE key = ?"
    places = ((ledger.connection.execute(place_of, (key,)).fetchone(), key) for key in doubtful)
    waiting = [(place[0], key) for place, key in places if place]  # of those left out none
    heapq.heapify(waiting)
    done, changed = set[int](), set[int]()
    while waiting:
        place, key = heapq.heappop(waiting)
        if key not in done:
            done.add(key)
            if _linked_anew(ledger, key, place):
                changed.add(key)
                for later in _later_sharing(ledger, key):
                    heapq.heappush(waiting, (ledger.connection.execute(place_of, (later,)).fetchone()[0], later))
    return changed


def _linked_anew(ledger: Ledger, key: int, place: int) -> bool:
    """Link a document's tasks, and say whether they repeat others than before."""
    own = _told(ledger, "key", key)
    seen = _seen(ledger, features_of(own.print), place)
    likely = (other for other in candidates(features_of(own.print), seen) if may_be(own.print, _head(ledger, other)))
    others = (_told(ledger, "place", other) for other in likely)
    links = links_of(own.print, own.pieces, others)
    if links == own.links:
        return False
    ledger.connection.execute("UPDATE documents SET links = ? WHERE key = ?", (json.dumps(links), key))
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


def _amended(ledger: Ledger, numbers: Iterable[str]) -> set[int]:
    """Find out what amendments do to the documents with some numbers, and return those to which they do something else
    than before."""
    of_number = "SELECT key FROM numbers WHERE number = ?"
    keys = {key for number in numbers for (key,) in ledger.connection.execute(of_number, (number,))}
    return {key for key in keys if _amended_anew(ledger, key)}


def _amended_anew(ledger: Ledger, key: int) -> bool:
    query = """
        SELECT DISTINCT documents.key, amends FROM numbers AS own JOIN numbers AS near USING (number)
        JOIN documents ON documents.key = near.key WHERE own.key = ? ORDER BY place
    """
    near = ledger.connection.execute(query, (key,)).fetchall()
    (before,) = ledger.connection.execute("SELECT cells FROM documents WHERE key = ?", (key,)).fetchone()
    if not any(amends for _, amends in near) and not any(json.loads(before)):
        return False
    prints = {other: _told(ledger, "key", other).print for other, _ in near}
    cells = json.dumps(amended_cells(prints[key], list(prints.values())), ensure_ascii=False)
    ledger.connection.execute("UPDATE documents SET cells = ? WHERE key = ?", (cells, key))
    return bool(cells != before)


def _write_lines(ledger: Ledger, key: int) -> None:
    """Write the rows of a document with what they are to those of others."""
    query = "SELECT sha256, part, links, cells FROM documents WHERE key = ?"
    sha256, part, links, cells = ledger.connection.execute(query, (key,)).fetchone()
    found = rows(known.found_in(ledger.outputs, sha256)[part])
    lines = csv_lines(completed(*each) for each in zip(found, json.loads(links), json.loads(cells), strict=True))
    ledger.connection.execute("UPDATE bodies SET lines = ? WHERE key = ?", (lines, key))


@functools.lru_cache(_AT_HAND)
def _pieces(outputs: Path, sha256: str, part: int, stamp: str) -> Sequence[Piece]:
    """Return the pieces of a document; `stamp` tells its readings apart."""
    return pieces_of(known.found_in(outputs, sha256)[part].document)


@functools.cache
def _prints() -> TypeAdapter[Print]:
    from pydantic import TypeAdapter

    return TypeAdapter(Print)
