"""A made annex of many rows, and its rows as read back from whatever file it was sent in.

The table is that of real annexes: a heading of two rows that every page repeats, rows that the pages break where they
will, group rows, units that stand for several rows, several points in a cell.
"""

from __future__ import annotations

import itertools
import random
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from models.records import Block, Document

WIDTHS = (1.5, 7.7, 3.9, 4.0, 4.0, 3.6)  # centimetres of the columns
WORDS = tomllib.loads(Path(__file__).with_name("annex_words.toml").read_text(encoding="utf-8"))
_POINTS = 0.25  # share of the rows whose task is several points
_MERGED = 0.2  # share of the rows that have their unit from the row above
_GROUP_EVERY = 17
_MISREAD = 0.03  # share of a cell's letters that OCR may misread in a row that counts as right
LEFT, ABOVE = "<", "^"  # a cell that the one to the left, or above, goes on in
Row = tuple[str, ...]


@dataclass(frozen=True)
class Annex:
    """The rows of an annex; a row of one text is a group row, `merged` tells the rows whose unit stands above."""

    language: str
    rows: tuple[Row, ...]
    merged: frozenset[int]

    @property
    def heading(self) -> list[list[str]]:
        found: list[list[str]] = WORDS[self.language]["heading"]
        return found


def annex(language: str, count: int, seed: int) -> Annex:
    """Return an annex of `count` numbered rows with long and short cells."""
    chance, words = random.Random(seed), WORDS[language]
    rows: list[Row] = []
    merged: set[int] = set()
    for number in range(1, count + 1):
        if number % _GROUP_EVERY == 1:
            rows.append((f"{words['group']}{1 + number // _GROUP_EVERY}. {chance.choice(words['things']).upper()}",))
        unit = chance.choice(words["units"])
        if number > 1 and len(rows[-1]) > 1 and chance.random() < _MERGED:
            merged.add(len(rows))
            unit = rows[-1][2]
        partners = "; ".join(chance.sample([name for name in words["units"] if name != unit], chance.randint(0, 3)))
        product, term = chance.choice(words["products"]), chance.choice(words["terms"])
        rows.append((str(number), _task(words, chance), unit, partners, product, term))
    return Annex(language, tuple(rows), frozenset(merged))


def _task(words: Mapping[str, Any], chance: random.Random) -> str:
    points = [_sentence(words, chance) for _ in range(chance.randint(2, 4) if chance.random() < _POINTS else 1)]
    return points[0] if len(points) == 1 else "\n".join(f"- {point}" for point in points)


def _sentence(words: Mapping[str, Any], chance: random.Random) -> str:
    parts = chance.sample(words["things"], chance.randint(1, 2))
    ends = chance.sample(words["ends"], chance.randint(0, 3))
    return f"{chance.choice(words['verbs'])} {'; '.join([', '.join(parts), *ends])}."


def lines_of(table: Annex) -> list[list[str]]:
    """Return the heading and the rows cell by cell, with LEFT and ABOVE where another cell goes on."""
    lines = [*table.heading]
    for index, row in enumerate(table.rows):
        cells = [*row, *[LEFT] * (len(WIDTHS) - len(row))]
        lines.append([*cells[:2], ABOVE, *cells[3:]] if index in table.merged else cells)
    return lines


class Place(NamedTuple):
    """A cell: where it stands, how many rows and columns it covers, and its text."""

    row: int
    column: int
    down: int
    across: int
    text: str


def places(table: Annex) -> Iterator[Place]:
    """Yield the cells, the heading first."""
    lines = lines_of(table)
    for row, line in enumerate(lines):
        for column, text in enumerate(line):
            if text not in (LEFT, ABOVE):
                down = _run((other[column] for other in lines[row + 1 :]), ABOVE)
                yield Place(row, column, 1 + down, 1 + _run(line[column + 1 :], LEFT), text)


def _run(cells: Iterable[str], mark: str) -> int:
    return sum(1 for _ in itertools.takewhile(lambda cell: cell == mark, cells))


def read_rows(document: Document) -> list[Row]:
    """Return the rows of a document's tables, each cell with what covers it, blanks squeezed; headings aside.

    A row of which one cell covers the whole width is that one text.
    """
    return [row for block in document.blocks if block.kind == "table" for row in _table_rows(document, block)]


def _table_rows(document: Document, block: Block) -> Iterator[Row]:
    covered: dict[tuple[int, int], str] = {}
    widths: dict[int, int] = {}
    for cell in block.cells:
        widths[cell.row] = max(widths.get(cell.row, 0), cell.column_span)
        for row in range(cell.row, cell.row + cell.row_span):
            for column in range(cell.column, cell.column + cell.column_span):
                covered[row, column] = squeezed(cell.span.of(document.text))
    columns = 1 + max(column for _, column in covered)
    for row in sorted({row for row, _ in covered}):
        cells = tuple(covered.get((row, column), "") for column in range(columns))
        yield cells[:1] if widths.get(row) == columns else cells


def squeezed(text: str) -> str:
    return " ".join(text.split())


def expected(table: Annex) -> list[Row]:
    """Return the rows in the form of `read_rows`."""
    return [tuple(map(squeezed, row)) for row in table.rows]


def right(found: Sequence[Row], wanted: Sequence[Row]) -> int:
    """Return how many of the rows wanted were found whole, in order."""
    from difflib import SequenceMatcher

    numbers: dict[Row, int] = {}
    before, after = ([numbers.setdefault(row, len(numbers)) for row in rows] for rows in (found, wanted))
    return sum(block.size for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks())


def readable(found: Sequence[Row], wanted: Sequence[Row]) -> int:
    """Return how many of the numbered rows wanted were found with every cell in its place, a few letters misread.

    The number itself is not looked at: it says nothing that the row doesn't.
    """
    rows = [row for row in wanted if len(row) > 1]
    return sum(any(_is_like(other, row) for other in found if len(other) == len(row)) for row in rows)


def _is_like(found: Row, wanted: Row) -> bool:
    from rapidfuzz.distance import Levenshtein

    pairs = zip(found[1:], wanted[1:], strict=True)
    return all(Levenshtein.distance(cell, right) <= max(1, _MISREAD * len(right)) for cell, right in pairs)
