"""The rows of a register in which documents speak of each other: copies and translations name the tasks that were known
before, amendments the documents they amend, and tasks whose deadline was changed the first one beside it."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain

from extractors.amending import amended_cells, numbers_of
from extractors.pairing import Piece, pieces_of
from extractors.sameness import Print, earlier_tasks, print_of
from models.columns import SEPARATOR
from models.records import Document, Extraction
from pipeline.register import Row, rows

_AT_HAND = 64  # documents whose pieces are kept: a few copies of one directive are compared at a time


def linked_rows(found: Iterable[tuple[int, Extraction]], document: Callable[[int], Document]) -> list[Row]:
    """Return the rows of all documents, in the order given, with what they are to those of other documents.

    Each extraction has a number in front that says when it became known. `document` returns the document at a place
    once more; few are asked for, so that not all need be kept.
    """
    table: list[Row] = []
    prints: list[Print] = []
    for rank, extraction in found:
        table += rows(extraction)
        prints.append(print_of(extraction, rank))

    @functools.lru_cache(_AT_HAND)
    def pieces(place: int) -> Sequence[Piece]:
        return pieces_of(document(place))

    links, cells = chain.from_iterable(earlier_tasks(prints, pieces)), chain.from_iterable(_amended(prints))
    return [completed(*each) for each in zip(table, links, cells, strict=True)]


def _amended(prints: Sequence[Print]) -> list[list[dict[str, str]]]:
    """Return for each document and each of its tasks the cells that amendments add or change."""
    places: dict[str, list[int]] = defaultdict(list)
    for place in sorted(range(len(prints)), key=lambda place: prints[place].rank):
        for number in numbers_of(prints[place]):
            places[number].append(place)
    order = {place: (one.rank, place) for place, one in enumerate(prints)}
    found = []
    for one in prints:
        near = {place for number in numbers_of(one) for place in places[number]}
        found.append(amended_cells(one, [prints[place] for place in sorted(near, key=order.__getitem__)]))
    return found


def completed(row: Row, link: str, cells: Mapping[str, str]) -> Row:
    """Return a row with the task that it repeats, and with what amendments add or change; the first deadline stays."""
    if not link and not cells:
        return row
    reasons = dict.fromkeys(filter(None, (*row["review_reasons"].split(SEPARATOR), cells.get("review_reasons", ""))))
    first = {"first_deadline_text": row["deadline_text"], "first_due_date": row["due_date"]}
    return {
        **row,
        **(first if "due_date" in cells else {}),
        **cells,
        "same_as": link or cells.get("same_as", ""),
        "review_reasons": SEPARATOR.join(reasons),
    }
