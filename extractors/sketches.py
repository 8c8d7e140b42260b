"""Finding what shares much among many: features that few things have lead to those that have them."""

from __future__ import annotations

import heapq
import zlib
from collections import Counter
from collections.abc import Hashable, Iterable

Postings = dict[Hashable, list[int]]
SKETCH = 64  # runs of words kept of a text
_RUN = 3
COMMON = 200  # a feature that more things have tells nothing


def sketch(words: str) -> frozenset[int]:
    """Return a sample of a text's three-word runs: of two texts, about as much is shared as of all their runs."""
    parts = words.split()
    runs = zip(*(parts[offset:] for offset in range(_RUN)), strict=False)
    return frozenset(heapq.nsmallest(SKETCH, {zlib.crc32(" ".join(run).encode()) for run in runs}))


def remember(postings: Postings, features: Iterable[Hashable], place: int) -> None:
    """Keep that what stands at a place has these features."""
    for feature in features:
        places = postings.setdefault(feature, [])
        if len(places) <= COMMON:
            places.append(place)


def sharing(postings: Postings, features: Iterable[Hashable], least: int) -> list[int]:
    """Return the places that share at least so many of the features, those with most first, then in their order."""
    lists = (postings.get(feature, ()) for feature in features)
    counts = Counter(place for places in lists if len(places) <= COMMON for place in places)
    enough = (place for place, count in counts.items() if count >= least)
    return sorted(enough, key=lambda place: (-counts[place], place))
