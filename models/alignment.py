"""Which tasks of a new extraction are tasks already known: by their words, their place and their neighbours. Pure.

Words are compared without case, marks of punctuation and blanks, so that a better scan, another format or better rules
find the tasks that people worked on. Order helps, but a document may have been rearranged.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

# Share of letters in common. Measured on 59 real directives: of two different tasks of one directive, 99 in 100 share
# less than 0.62 (Vietnamese, English; Russian ones often repeat themselves); a task cut by a quarter keeps 0.77.
ALIKE = 0.66
ALIKE_IN_PLACE = 0.6  # where the section is the same and so are both neighbours
_SECTION, _CONTEXT, _ORDER, _PREFERRED = 0.06, 0.05, 0.08, 0.2
_TWIN = 0.2  # among tasks in the same words, the same units and days weigh more than the place
_SHINGLE = 3


@dataclass(frozen=True, slots=True)
class Place:
    """A task as alignment sees it: its words, where it stands, and what else tells it from its like (units, days).

    `preferred` is a known task that the last reading had: it is looked for before withdrawn ones and people's rows.
    """

    words: str
    section: str = ""
    context: str = ""
    preferred: bool = False


def normalised(text: str) -> str:
    """Return the words of a text without case and punctuation, separated by one blank."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


def coverage(known: str, new: str) -> float:
    """Return the share of the known text's three-word runs that the new text has too (0 to 1)."""
    wanted = _shingles(known)
    return len(wanted & _shingles(new)) / len(wanted) if wanted else 0.0


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = normalised(text).split()
    if len(words) < _SHINGLE:
        return {tuple(words)} if words else set()
    return set(zip(*(words[offset:] for offset in range(_SHINGLE)), strict=False))


def align(known: Sequence[Place], new: Sequence[Place]) -> dict[int, int]:
    """Return new index -> known index for the tasks that are the same. Both are in document order."""
    old_words, new_words = ([normalised(place.words) for place in places] for places in (known, new))
    pairs = _unique_words(old_words, new_words)
    candidates = _candidates(known, new, old_words, new_words, pairs)
    taken = set(pairs.values())
    for _, _, new_index, old_index in sorted(candidates):
        if new_index not in pairs and old_index not in taken:
            pairs[new_index] = old_index
            taken.add(old_index)
    return pairs


def _unique_words(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Pair what has the same words and no double on either side: certain wherever it stands."""
    old_counts, new_counts = Counter(old), Counter(new)
    place = {words: index for index, words in enumerate(old) if words and old_counts[words] == 1}
    return {index: place[words] for index, words in enumerate(new) if new_counts[words] == 1 and words in place}


def _candidates(
    known: Sequence[Place],
    new: Sequence[Place],
    old_words: Sequence[str],
    new_words: Sequence[str],
    sure: dict[int, int],
) -> list[tuple[float, float, int, int]]:
    """Return (minus score, distance, new index, known index) of all pairs alike enough to be the same task."""
    from rapidfuzz import fuzz, process

    rows = [index for index in range(len(new)) if index not in sure and new_words[index]]
    taken = set(sure.values())
    columns = [index for index in range(len(known)) if index not in taken and old_words[index]]
    if not rows or not columns:
        return []
    matrix = process.cdist(
        [new_words[row] for row in rows],
        [old_words[column] for column in columns],
        scorer=fuzz.ratio,
        score_cutoff=100 * ALIKE_IN_PLACE,
    )
    ranks = _Ranks(sure, len(known), len(new))
    found: list[tuple[float, float, int, int]] = []
    for i, j in zip(*matrix.nonzero(), strict=True):
        row, column, alike = rows[i], columns[j], float(matrix[i, j]) / 100
        order = ranks.order(row, column)
        in_place = order == 1.0 and new[row].section == known[column].section
        if alike >= (ALIKE_IN_PLACE if in_place else ALIKE):
            score = alike + _bonus(known[column], new[row], alike == 1.0) + _ORDER * order
            found.append((-score, ranks.distance(row, column), row, column))
    return found


def _bonus(old: Place, new: Place, twins: bool) -> float:
    context = _TWIN * (old.context == new.context) if twins else _CONTEXT * _alike(old.context, new.context)
    return context + _SECTION * (old.section == new.section) + _PREFERRED * old.preferred


def _alike(left: str, right: str) -> float:
    from rapidfuzz import fuzz

    return 1.0 if left == right else float(fuzz.ratio(normalised(left), normalised(right))) / 100


class _Ranks:
    """Where tasks stand between the pairs that are sure."""

    def __init__(self, sure: dict[int, int], known: int, new: int) -> None:
        back = {old: index for index, old in sure.items()}
        self._before_new = _nearest([sure.get(index, -1) for index in range(new)], -1)
        self._after_new = _nearest([sure.get(index, -1) for index in reversed(range(new))], known)[::-1]
        self._before_old = _nearest([index if index in back else -1 for index in range(known)], -1)
        self._after_old = _nearest([i if i in back else -1 for i in reversed(range(known))], known)[::-1]
        self._known, self._new = max(known, 1), max(new, 1)

    def order(self, new: int, old: int) -> float:
        """Return 1 where both neighbours among the sure pairs agree, 0.5 where one does, else 0."""
        before = self._before_new[new] == self._before_old[old]
        return 0.5 * before + 0.5 * (self._after_new[new] == self._after_old[old])

    def distance(self, new: int, old: int) -> float:
        """Return how far the places are apart as shares of the documents."""
        return abs(new / self._new - old / self._known)


def _nearest(values: Sequence[int], start: int) -> list[int]:
    """Return, for each place, the last value before it that isn't -1."""
    result, last = [], start
    for value in values:
        result.append(last)
        last = value if value >= 0 else last
    return result
