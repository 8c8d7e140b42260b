"""The same directive in several files: as PDF, DOCX or scan, or in another language, and its tasks matched one to one.

Two documents are the same directive by number, date and issuer; where a header lacks one of them, as in a poor scan, by
the words of nearly all their tasks, and across languages by the documents that they cite in the same order. A wrong
link is worse than none: what the headers contradict is never the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from extractors.pairing import Piece, TaskPrint, folded, pairs_by_place, pairs_by_words, pieces_of, task_prints
from extractors.registry import Registry, country_of, find, starter
from extractors.sketches import Sketches
from models.records import Extraction, Header, Language

# Shares of the tasks of the shorter document that must be found in the other one.
_FEW, _HALF, _MOST, _NEARLY_ALL = 0.3, 0.5, 0.7, 0.9
_LEAST_TASKS = 3  # that tell a directive by its words alone
_LEAST_CITED = 5  # different documents cited that tell a directive across languages
_SAME_ORDER = 0.8  # share of the documents cited that both cite in the same order
_SAME_NAME = 0.93
_MOST_CANDIDATES = 50

_DIGITS, _CYRILLIC = re.compile(r"\d+"), re.compile(r"[а-я]")


@dataclass(frozen=True, slots=True)
class Print:
    """What is remembered of a document to find it again in another file or language.

    `digits` and `letters` are those of its number; `cited` the documents that it cites, in text order. `rank` says
    when it became known; of two equal ones the first given was.
    """

    language: Language
    date: date | None
    digits: tuple[str, ...]
    letters: str
    issuer: str
    issuer_id: str
    cited: tuple[str, ...]
    tasks: tuple[TaskPrint, ...]
    pieces: tuple[Piece, ...]
    rank: int = 0

    @property
    def is_named(self) -> bool:
        """Whether it says its number and date."""
        return bool(self.digits and self.date)


def print_of(extraction: Extraction, rank: int = 0, units: Registry | None = None) -> Print:
    """Return what is to be remembered of a document; its tasks are in text order."""
    header, document = extraction.header, extraction.document
    whole = "header-number-missing" not in header.reasons
    number = folded(header.number) if whole else ""
    pieces = pieces_of(document)
    tasks = sorted(extraction.tasks, key=lambda task: task.span.start)
    return Print(
        header.language,
        header.date,
        tuple(digits.lstrip("0") for digits in _DIGITS.findall(number)),
        "".join(re.findall(r"[^\W\d]", number)),
        folded(header.issuer).replace(" ", ""),
        _issuer_id(header, units or starter()),
        tuple(folded(reference.number) for reference in header.references),
        task_prints(tasks, document.text, pieces),
        pieces,
        rank,
    )


def _issuer_id(header: Header, units: Registry) -> str:
    """Return the registry's id of the one body that issued a document; bodies that exist in every place have none."""
    if not header.issuer:
        return ""
    country = country_of(f"{header.issuer} {header.title}", header.language)
    match = find(units, header.issuer, header.language, header.date, country)
    return match.id if match and units.units[match.id].kind == "unit" else ""


@dataclass(slots=True)
class _Seen:
    """The documents before the present one, by what they may be found again by."""

    by_name: dict[tuple[tuple[str, ...], date | None], list[int]] = field(default_factory=dict)
    words: Sketches = field(default_factory=Sketches)
    cited: Sketches = field(default_factory=Sketches)


def earlier_tasks(prints: Sequence[Print]) -> list[tuple[str, ...]]:
    """Return for each document and each of its tasks the id of the same task in a document known before, or ""."""
    order = sorted(range(len(prints)), key=lambda place: prints[place].rank)
    nameless = any(not one.is_named for one in prints)
    seen = _Seen()
    found: list[tuple[str, ...]] = [()] * len(prints)
    for place in order:
        found[place] = _linked(prints, place, seen, found)
        _remember(prints[place], place, seen, nameless)
    return found


def _linked(prints: Sequence[Print], place: int, seen: _Seen, found: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Link a document's tasks to those of the copies known: of its own language first, then each other language."""
    new = prints[place]
    links = [""] * len(new.tasks)
    for other in _candidates(prints, place, seen):
        if all(links):
            break
        old = prints[other]
        roots = [link or task.id for link, task in zip(found[other], old.tasks, strict=True)]
        for ours, theirs in _pairs(new, old).items():
            if not links[ours] and roots[theirs] not in links:
                links[ours] = roots[theirs]
    return tuple(links)


def _candidates(prints: Sequence[Print], place: int, seen: _Seen) -> list[int]:
    """Return the places of the documents that may be the same: the first of each language before its other copies."""
    new = prints[place]
    if not new.tasks:
        return []
    by_name = seen.by_name.get((new.digits, new.date), ()) if new.is_named else ()
    unnamed = (*seen.words.alike(_words(new)), *seen.cited.alike(new.cited))
    places = dict.fromkeys((*by_name, *unnamed))
    allowed = [other for other in places if _may_be(new, prints[other])][:_MOST_CANDIDATES]
    return sorted(allowed, key=lambda other: prints[other].language != new.language)


def _remember(new: Print, place: int, seen: _Seen, nameless: bool) -> None:
    if not new.tasks:
        return
    if new.is_named:
        seen.by_name.setdefault((new.digits, new.date), []).append(place)
    if nameless:
        seen.words.add(_words(new), place)
        seen.cited.add(new.cited, place)


def _words(one: Print) -> Iterable[str]:
    return (task.words for task in one.tasks)


def _may_be(new: Print, old: Print) -> bool:
    """Tell whether nothing in two headers says that they are of different directives."""
    if new.date and old.date and new.date != old.date:
        return False
    if new.digits and old.digits and new.digits != old.digits:
        return False
    if new.issuer_id and old.issuer_id and new.issuer_id != old.issuer_id:
        return False
    return not (new.letters and old.letters and _same_script(new, old) and new.letters != old.letters)


def _same_script(new: Print, old: Print) -> bool:
    return bool(_CYRILLIC.search(new.letters)) == bool(_CYRILLIC.search(old.letters))
