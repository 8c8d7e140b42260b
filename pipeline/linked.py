"""The rows of a register in which copies and translations of a directive name the tasks that were known before."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from extractors.pairing import Piece, pieces_of
from extractors.sameness import Print, earlier_tasks, print_of
from models.records import Document, Extraction
from pipeline.register import Row, rows

_AT_HAND = 64  # documents whose pieces are kept: a few copies of one directive are compared at a time


def linked_rows(found: Iterable[tuple[int, Extraction]], document: Callable[[int], Document]) -> list[Row]:
    """Return the rows of all documents, in the order given, with what is the same as a task known before.

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

    links = chain.from_iterable(earlier_tasks(prints, pieces))
    return [{**row, "same_as": link} if link else row for row, link in zip(table, links, strict=True)]
