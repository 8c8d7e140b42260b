"""The same directive in several files: as PDF, DOCX or scan, or in another language, and its tasks matched one to one.

Two documents are the same directive by number, date and issuer; where a header lacks one of them, as in a poor scan, by
the words of nearly all their tasks, and across languages by the documents that they cite in the same order. A wrong
link is worse than none: what the headers contradict is never the same.
"""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from extractors.amendments import Amendment, find_amendment
from extractors.pairing import Piece, TaskPrint, folded, number_parts, pairs_by_place, pairs_by_words, task_print
from extractors.registry import Registry, country_of, find, starter
from extractors.sketches import Postings, remember, sharing, sketch
from models.records import Extraction, Header, Language

# Shares of the tasks of the shorter document that must be found in the other one, by how sure the headers are.
_FEW, _HALF, _MOST, _NEARLY_ALL = 0.3, 0.5, 0.8, 0.9
_LEAST_TASKS = 3  # tasks that tell a directive by their words
_LEAST_DATED = 2  # of them, with numbers or days: what else is the same every year
_LEAST_CITED, _SAME_ORDER = 5, 0.8  # documents cited that tell a directive, share of them in the same order
_SAME_NAME, _SHORTEST_NAME = 93, 8
_LEAST_RUNS = 12  # runs of words that two sketches share before their texts are compared
_MOST_CANDIDATES = 20

Pieces = Callable[[int], Sequence[Piece]]
_CYRILLIC = re.compile(r"[а-я]")


@dataclass(frozen=True, slots=True)
class Print:
    """What is remembered of a document to find it again in another file or language.

    `digits` and `letters` are those of its number; `cited` the documents that it cites, in text order. `rank` says
    when it became known; of two equal ones the first given was.
    """

    language: Language
    date: datetime.date | None
    digits: tuple[str, ...]
    letters: str
    issuer: str
    issuer_id: str
    cited: tuple[str, ...]
    tasks: tuple[TaskPrint, ...]
    rank: int = 0
    number: str = ""
    document_id: str = ""
    amendment: Amendment | None = None

    @property
    def is_named(self) -> bool:
        """Whether it says its number and date."""
        return bool(self.digits and self.date)


def print_of(extraction: Extraction, rank: int = 0, units: Registry | None = None) -> Print:
    """Return what is to be remembered of a document; its tasks are in text order."""
    header, document = extraction.header, extraction.document
    whole = "header-number-missing" not in header.reasons
    digits, letters = number_parts(header.number if whole else "")
    tasks = sorted(extraction.tasks, key=lambda task: task.span.start)
    return Print(
        header.language,
        header.date,
        digits,
        letters,
        folded(header.issuer).replace(" ", ""),
        _issuer_id(header, units or starter()),
        tuple(folded(reference.number) for reference in header.references),
        tuple(task_print(task, document.text) for task in tasks),
        rank,
        header.number,
        extraction.document_id,
        find_amendment(extraction),
    )


def _issuer_id(header: Header, units: Registry) -> str:
    """Return the registry's id of the one body that issued a document; bodies that exist in every place have none."""
    if not header.issuer:
        return ""
    country = country_of(f"{header.issuer} {header.title}", header.language)
    match = find(units, header.issuer, header.language, header.date, country)
    return match.id if match and units.units[match.id].kind == "unit" else ""


@dataclass(frozen=True, slots=True)
class Told:
    """A document as others are held against it: its print, what its tasks repeat, and its pieces, seldom asked for."""

    print: Print
    links: tuple[str, ...]
    pieces: Callable[[], Sequence[Piece]]


def earlier_tasks(prints: Sequence[Print], pieces: Pieces) -> list[tuple[str, ...]]:
    """Return for each document and each of its tasks the id of the same task in a document known before, or "".

    `pieces` returns those of the document at a place; it is asked for few: those that may be the same in two languages.
    """
    order = sorted(range(len(prints)), key=lambda place: prints[place].rank)
    seen: Postings = {}
    told: list[Told] = []
    for place in order:
        new, features, own = prints[place], features_of(prints[place]), functools.partial(pieces, place)
        links = links_of(new, own, (told[other] for other in candidates(features, seen)))
        remember(seen, [*features.names, *features.words, *features.cited], len(told))
        told.append(Told(new, links, own))
    found = dict(zip(order, told, strict=True))
    return [found[place].links for place in range(len(prints))]


class Features(NamedTuple):
    """What leads to a document: what it may be called, a sample of its words, the documents that it cites."""

    names: frozenset[str]
    words: frozenset[str]
    cited: frozenset[str]


def features_of(one: Print) -> Features:
    """Return what leads to a document; nothing leads to one without tasks."""
    if not one.tasks:
        return Features(frozenset(), frozenset(), frozenset())
    digits = ".".join(one.digits)
    dated = [f"named {digits} {one.date}"] if one.is_named else []
    lettered = [f"numbered {digits} {one.letters}"] if digits and one.letters else []
    words = sketch(" ".join(task.words for task in one.tasks))
    cited = (f"cites {number}" for number in one.cited)
    return Features(frozenset([*dated, *lettered]), frozenset(f"words {run}" for run in words), frozenset(cited))


def candidates(features: Features, seen: Postings) -> list[int]:
    """Return the places of the documents that may be the same, by name before those by content.

    `seen` says which of the documents known before have a feature, at least of those asked for, in their order.
    """
    names, words, cited = features
    by_words = sharing(seen, words, min(_LEAST_RUNS, len(words) // 4 + 1))
    by_cited = sharing(seen, cited, _LEAST_CITED - 1)
    return list(dict.fromkeys((*sorted(sharing(seen, names, 1)), *by_words, *by_cited)))


def links_of(new: Print, pieces: Callable[[], Sequence[Piece]], others: Iterable[Told]) -> tuple[str, ...]:
    """Return for each task of a document the id of the same task in one of the others, or "".

    Each is linked to the first of its kind, in documents of its own language first; the others come likeliest first.
    """
    links = [""] * len(new.tasks)
    likely = list(islice((other for other in others if may_be(new, other.print)), _MOST_CANDIDATES))
    for other in sorted(likely, key=lambda other: other.print.language != new.language):
        if all(links):
            break
        for ours, theirs in _pairs(new, pieces, other).items():
            root = other.links[theirs] or other.print.tasks[theirs].id
            if not links[ours] and root not in links:
                links[ours] = root
    return tuple(links)


def may_be(new: Print, old: Print) -> bool:
    """Tell whether nothing in two headers says that they are of different directives; their tasks have no say."""
    return not (
        _differ(new.date, old.date)
        or _differ(new.digits, old.digits)
        or _differ(new.issuer_id, old.issuer_id)
        or (_differ(new.letters, old.letters) and _same_script(new, old))
    )


def _differ(new: object, old: object) -> bool:
    return bool(new and old and new != old)


def _same_script(new: Print, old: Print) -> bool:
    return bool(_CYRILLIC.search(new.letters)) == bool(_CYRILLIC.search(old.letters))


def _pairs(new: Print, pieces: Callable[[], Sequence[Piece]], other: Told) -> dict[int, int]:
    """Return new place -> old place of the same tasks; none where the documents are not surely the same."""
    old = other.print
    if new.language == old.language:
        pairs = pairs_by_words(new.tasks, old.tasks)
        return pairs if _enough_words(new, old, pairs) else {}
    needed = _needed_across(new, old)
    if needed > 1:
        return {}
    pairs = pairs_by_place(new.tasks, old.tasks, pieces(), other.pieces())
    return pairs if len(pairs) >= needed * min(len(new.tasks), len(old.tasks)) else {}


def _enough_words(new: Print, old: Print, pairs: Mapping[int, int]) -> bool:
    """Tell whether so many tasks say the same that, with their headers, the documents are one directive."""
    issuers = issuers_agree(new, old)
    shorter, longer = sorted((len(new.tasks), len(old.tasks)))
    if new.is_named and old.is_named:
        return len(pairs) >= shorter * {True: _FEW, None: _HALF, False: _NEARLY_ALL}[issuers]
    if issuers is False or len(pairs) < max(_LEAST_TASKS, _HALF * longer):
        return False
    if _agree(new.date, old.date) or _agree(new.digits, old.digits):
        return len(pairs) >= _MOST * shorter
    dated = sum(bool(new.tasks[place].numbers or new.tasks[place].due) for place in pairs)
    return len(pairs) >= _NEARLY_ALL * shorter and dated >= _LEAST_DATED


def _needed_across(new: Print, old: Print) -> float:
    """Return the share of tasks that must be found in another language; 2 where the headers say too little."""
    if new.is_named and old.is_named:
        return _FEW
    if _agree(new.digits, old.digits) and (_agree(new.letters, old.letters) or _agree(new.issuer_id, old.issuer_id)):
        return _HALF
    return _HALF if _agree(new.date, old.date) and _cite_the_same(new.cited, old.cited) else 2.0


def _agree(new: object, old: object) -> bool:
    return bool(new and new == old)


def _cite_the_same(new: Sequence[str], old: Sequence[str]) -> bool:
    """Tell whether two texts cite several documents, and the same ones in the same order."""
    from rapidfuzz.distance import LCSseq

    several = min(len(set(new)), len(set(old))) >= _LEAST_CITED
    return several and LCSseq.normalized_similarity(new, old) >= _SAME_ORDER


def issuers_agree(new: Print, old: Print) -> bool | None:
    """Tell whether two documents in one language name the same issuer, None where one names none."""
    from rapidfuzz import fuzz

    if not new.issuer or not old.issuer:
        return None
    if _agree(new.issuer_id, old.issuer_id) or fuzz.ratio(new.issuer, old.issuer) >= _SAME_NAME:
        return True
    short, long = sorted((new.issuer, old.issuer), key=len)
    return len(short) >= _SHORTEST_NAME and short in long
