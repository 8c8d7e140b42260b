"""Which tasks of two tellings of one directive are the same: by their words, or across languages by what stands around.

Both lists are in document order, and pairs keep that order. A pair is given only where the best pairing without it is
clearly worse, so that of several tasks in the same words none is taken for another.
"""

from __future__ import annotations

import bisect
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from models.records import Deadline, Document, Span, Task

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores: TypeAlias = NDArray[np.float64]

DeadlineCells: TypeAlias = tuple[str, str, str, str, str, str]
SAME_WORDS = 0.88  # share of letters in common; of different tasks of one directive fewer than 1 in 100 share 0.66
SAME_SHORT_WORDS = 0.95  # of tasks shorter than _SHORT letters: a single word makes another task of them
_SHORT = 40
_WORD_SCALE = 25.0  # a pair in the same words scores 3, one at the limit 0
_GAP = -1.0  # score of a task or piece that has no partner
# By how much the best pairing without a pair must be worse: by words, by place (there 2 pairs in 1,000 are wrong).
_MARGIN, _MARGIN_BY_PLACE = 1.0, 2.0
_NEVER = -99.0
_LARGEST = 4_000_000  # pairs compared at most: two lists of 2,000

# Translations run side by side: so many pieces of the shorter are followed by the partner's next, and the pairing as
# a whole scores so much. Measured: none of 2,534 pairs of different directives passes, 3 in 100 translations are lost.
_SIDE_BY_SIDE, _PARALLEL = 0.3, 20.0

# Lengths of a piece and its translation: the logarithm of their ratio spreads by _NEAR, of unrelated pieces by _FAR.
_NEAR, _FAR = 0.22, 1.1
_WORST_LENGTH, _RAREST, _ODD_MARK, _ODDEST = -5.0, 4.0, 0.5, 3.0

_ACCENT, _WORD = re.compile(r"[\u0300-\u036f]+"), re.compile(r"\w+")
_DIGITS, _LETTERS = re.compile(r"\d+"), re.compile(r"[^\W\d]+")
_NUMBERED = re.compile(r"\b\w+(?:[-/.]\w+)+")
_CAPITALS = re.compile(r"\b[A-ZĐ]{2,}\b")


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph or table row: where it starts, its length in characters, and marks that no translation changes."""

    start: int
    length: int
    marks: frozenset[str]


@dataclass(frozen=True, slots=True)
class TaskPrint:
    """What tells a task from others; `words` and `numbers` are those of its action, folded, `leads` the units' ids."""

    id: str
    words: str
    numbers: tuple[str, ...]
    start: int
    due: date | None
    recurrence: str
    leads: frozenset[str]
    section: str = ""
    deadline: DeadlineCells = ("", "none", "", "", "", "")


def folded(text: str) -> str:
    """Return a text's words in small letters without accents, as scans lose them, separated by one blank."""
    letters = text.casefold()
    if not letters.isascii():
        letters = _ACCENT.sub("", unicodedata.normalize("NFKD", letters.replace("đ", "d")))
    return " ".join(_WORD.findall(letters))


def number_parts(number: str) -> tuple[tuple[str, ...], str]:
    """Return the digits of a document's number, without leading zeros, and its letters, folded."""
    words = folded(number)
    return tuple(digits.lstrip("0") for digits in _DIGITS.findall(words)), "".join(_LETTERS.findall(words))


def task_print(task: Task, text: str) -> TaskPrint:
    """Return what tells a task of a text from others."""
    words, deadline = folded(task.action.of(text)), task.deadline
    return TaskPrint(
        task.id,
        words,
        tuple(_DIGITS.findall(words)),
        task.action.start,
        deadline.due if deadline else None,
        deadline.recurrence if deadline else "",
        frozenset(unit.id for unit in task.leads if unit.id),
        task.section,
        deadline_cells(deadline),
    )


def deadline_cells(deadline: Deadline | None) -> DeadlineCells:
    """Return a deadline as the register has it, by `DEADLINE_COLUMNS`."""
    if deadline is None:
        return "", "none", "", "", "", ""
    start, due = (day.isoformat() if day else "" for day in (deadline.start, deadline.due))
    return deadline.text, deadline.kind, deadline.bound, start, due, deadline.recurrence


def pieces_of(document: Document) -> tuple[Piece, ...]:
    """Return the paragraphs and table rows of a document, in text order; empty ones are left out."""
    return tuple(_piece(span, document.text) for span in _spans(document) if span.of(document.text).strip())


def _spans(document: Document) -> Iterator[Span]:
    for block in document.blocks:
        rows: dict[int, list[int]] = {}
        for cell in block.cells:
            rows.setdefault(cell.row, []).extend((cell.start, cell.end))
        yield from (Span(min(ends), max(ends)) for ends in rows.values())
        if not block.cells:
            yield block.span


def _piece(span: Span, text: str) -> Piece:
    words = span.of(text)
    marks = {digits.lstrip("0") for digits in _DIGITS.findall(words)}
    if marks:
        marks |= {folded(number) for number in _NUMBERED.findall(words) if _DIGITS.search(number)}
    capitals = set() if words.isupper() else {folded(word) for word in _CAPITALS.findall(words)}
    return Piece(span.start, len(words), frozenset((marks | capitals) - {""}))


def pairs_by_words(new: Sequence[TaskPrint], old: Sequence[TaskPrint]) -> dict[int, int]:
    """Return new place -> old place of the tasks that say the same in one language, with the same numbers and days."""
    import numpy as np
    from rapidfuzz import fuzz, process

    if [task.words for task in new] == [task.words for task in old]:
        return {place: place for place in range(len(new)) if not contradict(new[place], old[place])}
    if not new or not old or len(new) * len(old) > _LARGEST:
        return {}
    alike = process.cdist(
        [task.words for task in new],
        [task.words for task in old],
        scorer=fuzz.ratio,
        score_cutoff=100 * SAME_WORDS,
        dtype=np.float64,
    )
    if not alike.any():
        return {}
    scores = np.where(alike > 0, (alike / 100 - SAME_WORDS) * _WORD_SCALE, _NEVER)
    for row, column in zip(*np.nonzero(alike), strict=True):
        if not _may_pair(new[row], old[column], float(alike[row, column]) / 100):
            scores[row, column] = _NEVER
    return _sure_pairs(scores, _MARGIN)[0]


def _may_pair(new: TaskPrint, old: TaskPrint, alike: float) -> bool:
    short = min(len(new.words), len(old.words)) < _SHORT
    return (
        alike >= (SAME_SHORT_WORDS if short else SAME_WORDS) and new.numbers == old.numbers and not contradict(new, old)
    )


def contradict(new: TaskPrint, old: TaskPrint) -> bool:
    """Tell whether two tasks name different days, recurrences or leads: then they are not the same."""
    days = new.due is not None and old.due is not None and new.due != old.due
    recurrences = bool(new.recurrence and old.recurrence and new.recurrence != old.recurrence)
    return days or recurrences or bool(new.leads and old.leads and not new.leads & old.leads)


def pairs_by_place(
    new: Sequence[TaskPrint], old: Sequence[TaskPrint], new_pieces: Sequence[Piece], old_pieces: Sequence[Piece]
) -> dict[int, int]:
    """Return new place -> old place of the tasks that stand in pieces of which one translates the other.

    None where the documents don't run side by side; where two pieces hold different numbers of tasks, none of theirs.
    """
    if not new or not old or len(new_pieces) * len(old_pieces) > _LARGEST:
        return {}
    matched, score = _sure_pairs(_likeness(new_pieces, old_pieces), _MARGIN_BY_PLACE)
    followed = sum(matched.get(piece + 1) == other + 1 for piece, other in matched.items())
    if score < _PARALLEL or followed < _SIDE_BY_SIDE * min(len(new_pieces), len(old_pieces)):
        return {}
    theirs, ours = _by_piece(old, old_pieces), _by_piece(new, new_pieces)
    pairs: dict[int, int] = {}
    for piece, other in matched.items():
        rows, columns = ours.get(piece, []), theirs.get(other, [])
        if len(rows) == len(columns):
            pairs |= dict(zip(rows, columns, strict=True))
    return {row: column for row, column in pairs.items() if not contradict(new[row], old[column])}


def _by_piece(tasks: Sequence[TaskPrint], pieces: Sequence[Piece]) -> Mapping[int, list[int]]:
    """Return piece -> tasks that begin in it."""
    starts = [piece.start for piece in pieces]
    found: dict[int, list[int]] = {}
    for place, task in enumerate(tasks):
        found.setdefault(bisect.bisect_right(starts, task.start) - 1, []).append(place)
    return found


def _likeness(new: Sequence[Piece], old: Sequence[Piece]) -> Scores:
    """Return how much more likely each pair of pieces is a translation than not (logarithms)."""
    import numpy as np

    lengths, others = (np.log([max(piece.length, 1) for piece in pieces]) for pieces in (new, old))
    ratio = lengths[:, None] - others[None, :]
    scores = np.log(_FAR / _NEAR) - ratio**2 / 2 * (_NEAR**-2 - _FAR**-2)
    scores = np.maximum(scores, _WORST_LENGTH)
    shared = np.zeros(scores.shape)
    ours, theirs = _places(new), _places(old)
    for mark in ours.keys() & theirs.keys():
        cells = np.ix_(ours[mark], theirs[mark])
        often = (len(ours[mark]) * len(theirs[mark])) ** 0.5
        scores[cells] += min(_RAREST, float(np.log(max(scores.shape) / often)))
        shared[cells] += 1
    counts, other_counts = (np.array([len(piece.marks) for piece in pieces]) for pieces in (new, old))
    odd = counts[:, None] + other_counts[None, :] - 2 * shared
    return np.asarray(scores - np.minimum(_ODD_MARK * odd, _ODDEST))


def _places(pieces: Sequence[Piece]) -> Mapping[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place, piece in enumerate(pieces):
        for mark in piece.marks:
            found.setdefault(mark, []).append(place)
    return found


def _sure_pairs(scores: Scores, margin: float) -> tuple[dict[int, int], float]:
    """Return row -> column of the pairs in the best pairing that keeps the order, but for those that are in doubt, and
    the score of the whole."""
    import numpy as np

    before, after = _best(scores), _best(scores[::-1, ::-1])[::-1, ::-1]
    paired = before[:-1, :-1] + scores + after[1:, 1:]
    columns, places = paired.argmax(axis=1), np.arange(len(scores))
    chosen = paired[places, columns]
    paired[places, columns] = _NEVER - abs(before[-1, -1])
    others = np.maximum(paired.max(axis=1), (before[:-1] + _GAP + after[1:]).max(axis=1))
    sure = np.flatnonzero(chosen - others >= margin)
    return {int(row): int(columns[row]) for row in sure}, float(before[-1, -1])


def _best(scores: Scores) -> Scores:
    """Return the best score of pairing the first i rows with the first j columns, for every i and j."""
    import numpy as np

    rows, columns = scores.shape
    gaps = _GAP * np.arange(columns + 1)
    best = np.empty((rows + 1, columns + 1))
    best[0] = gaps
    for row in range(rows):
        reached = best[row] + _GAP
        reached[1:] = np.maximum(reached[1:], best[row, :-1] + scores[row])
        best[row + 1] = gaps + np.maximum.accumulate(reached - gaps)
    return best
