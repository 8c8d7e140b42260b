"""From a name in a document to a unit of the registry: exactly, by its short form, with its place, nearly.

A wrong id is worse than none: a name that fits two units, or only nearly fits in a short name, gets none.
"""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from extractors import lexicon
from extractors.registry.names import Name, folded, name_rules, read_name
from extractors.registry.records import How, Match, RegisteredUnit, Registry
from models.records import Language

# Measured on the starter registry: below it other units' names come near (see tests/extractors/test_registry.py).
FUZZY_LEAST = 0.93
_LONGEST_NAME = 400
_DEEPEST = 3
_SCORES: Mapping[How, float] = {
    "exact": 1.0, "abbreviation": 0.98, "place": 0.95, "folded": 0.95, "through": 0.95, "head": 0.9, "part": 0.8,
}  # fmt: skip
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Index:
    """The names of a registry in one language: key -> ids. `placed` are names that hold only before a place."""

    exact: Mapping[str, tuple[str, ...]]
    short: Mapping[str, tuple[str, ...]]
    folded: Mapping[str, tuple[str, ...]]
    placed: Mapping[str, tuple[str, ...]]
    by_size: Mapping[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Question:
    registry: Registry
    language: Language
    on: datetime.date | None
    country: str


@functools.lru_cache(maxsize=65536)
def find(
    registry: Registry,
    name: str,
    language: Language,
    on: datetime.date | None = None,
    country: str = "",
) -> Match | None:
    """Return the unit that a name stands for, None where that is not sure.

    `on` is the document's date: of units that bore the same name in turn, the one of that day is meant. `country` says
    whose units the document speaks of (see `country_of`); without it, English names count only if they say it
    themselves or are the office's own.
    """
    question = _Question(registry, language, on, country or name_rules(language).country)
    return _find(question, " ".join(name[:_LONGEST_NAME].split()), 0)


def _find(question: _Question, text: str, depth: int) -> Match | None:
    name = read_name(text, question.language)
    if not name.keys:
        return None
    found = _named(question, name) or _with_place(question, name)
    if found is None and depth < _DEEPEST:
        found = _around(question, text, depth)
    return found or _nearly(question, name)


def _named(question: _Question, name: Name) -> Match | None:
    """Look for the whole name: as it is, as a short form, without accents."""
    names = index(question.registry, question.language)
    if len(name.words) == 1 and name.words[0] in names.short:
        return _chosen(question, names.short[name.words[0]], name, "abbreviation")
    for key in dict.fromkeys((name.full_key, name.key)):
        if key in names.exact:
            return _chosen(question, names.exact[key], name, "exact")
    if len(name.keys) == 1:
        return None
    return _chosen(question, names.folded.get(folded(name.full_key, question.language), ()), name, "folded")


def _chosen(question: _Question, ids: Iterable[str], name: Name, how: How) -> Match | None:
    """Return the one unit that is meant: the office's own before others, of the country, existing on the day."""
    country = name.country or question.country
    units = [question.registry.units[unit_id] for unit_id in ids]
    units = [unit for unit in units if not unit.country] or [unit for unit in units if unit.country == country]
    current = [unit for unit in units if unit.valid(question.on)]
    if len(current) == 1:
        return Match(current[0].id, _SCORES[how], how)
    if current or len(units) != 1:
        return None
    return Match(units[0].id, round(_SCORES[how] * 0.9, 3), how, outdated=question.on is not None)


def _with_place(question: _Question, name: Name) -> Match | None:
    """Look for a generic unit with its place behind it: the longest name that fits."""
    names = index(question.registry, question.language)
    for size in range(len(name.keys) - 1, 0, -1):
        key = " ".join(name.keys[:size])
        like = names.folded.get(folded(key, question.language), ()) if size > 1 else ()
        ids = [one for one in names.exact.get(key, like) if question.registry.units[one].kind == "generic"]
        place = Name(name.words[size:], name.keys[size:])
        if ids and _is_place(place, name.keys[size - 1], question.language):
            return _chosen(question, ids, name, "place")
        if key in names.placed and _is_named_place(place, name.keys[size - 1], question.language):
            return _chosen(question, names.placed[key], name, "place")
    return None


def _is_place(place: Name, before: str, language: Language) -> bool:
    """Tell whether words name a place, or a kind of places, behind a unit's name."""
    rules = name_rules(language)
    if place.key in _places(language):
        return True
    known = before in rules.levels or any(key in rules.levels for key in place.keys)
    return known and len(place.keys) <= 8 and _capitalised(place, rules.levels)


def _is_named_place(place: Name, before: str, language: Language) -> bool:
    """Tell whether words name a certain place: one word is enough, several need their kind of place."""
    if name_rules(language).levels.issuperset(place.keys):
        return False
    return _is_place(place, before, language) or (len(place.words) == 1 and place.words[0][:1].isupper())


def _capitalised(place: Name, levels: frozenset[str]) -> bool:
    return all(
        key in levels or word[:1].isupper() or word.isdigit() for word, key in zip(place.words, place.keys, strict=True)
    )


@functools.cache
def _places(language: Language) -> frozenset[str]:
    places = lexicon.load(language, "registry").words.get("places", ())
    return frozenset(read_name(place, language).key for place in places)


def _around(question: _Question, text: str, depth: int) -> Match | None:
    """Look for the unit inside a longer name: the office-holder who heads it, parts of it."""
    for rule in lexicon.load(question.language, "registry").rules:
        match = rule.pattern.match(text)
        if not match:
            continue
        for inner in _inner(match, question.language):
            found = _find(question, inner, depth + 1)
            if found:
                how: How = rule.values["how"]
                return replace(found, score=round(found.score * _SCORES[how], 3), how=how)
    return None


def _inner(match: re.Match[str], language: Language) -> Iterator[str]:
    post = match.groupdict().get("post")
    begins = lexicon.load(language, "registry").maps.get("posts", {})
    words = {key.casefold(): str(value) for key, value in begins.items()}
    start = words.get(" ".join(post.split()).casefold(), "") if post else ""
    if start:
        yield f"{start} {match['unit']}"
    yield match["unit"]


def _nearly(question: _Question, name: Name) -> Match | None:
    """Look for a name that differs in a letter here and there, as misprints and poor scans have it."""
    from rapidfuzz import process
    from rapidfuzz.distance import Levenshtein

    key = folded(name.full_key, question.language)
    if len(name.keys) < 2 or len(key) < 10:
        return None
    names = index(question.registry, question.language)
    candidates = process.extract(
        key,
        names.by_size.get(len(key.split()), ()),
        scorer=Levenshtein.normalized_similarity,
        score_cutoff=FUZZY_LEAST,
        limit=5,
    )
    near = [(other, score) for other, score, _ in candidates if is_misprint(key, other)]
    ids = {unit_id for other, _ in near for unit_id in names.folded[other]}
    chosen = _chosen(question, sorted(ids), name, "folded")
    return replace(chosen, score=round(min(chosen.score, near[0][1]), 3), how="fuzzy") if chosen else None


def is_misprint(key: str, other: str) -> bool:
    """Tell whether names differ as misprints do: one letter a word, no short word, no short first word."""
    from rapidfuzz.distance import Levenshtein

    pairs = list(zip(key.split(), other.split(), strict=True))
    if pairs[0][0] != pairs[0][1] and len(pairs[0][0]) < 6:
        return False
    changed = [(one, two) for one, two in pairs if one != two]
    return all(min(len(one), len(two)) >= 4 and Levenshtein.distance(one, two) == 1 for one, two in changed)


@functools.lru_cache(maxsize=32)
def index(registry: Registry, language: Language) -> Index:
    """Return the names of a registry made comparable in a language."""
    exact: dict[str, list[str]] = {}
    short: dict[str, list[str]] = {}
    placed: dict[str, list[str]] = {}
    for unit in registry.units.values():
        for text in unit.names:
            if _readable(text, language):
                key = read_name(text, language).full_key
                _add(placed if text.endswith("*") else exact, key, unit)
        for text in unit.abbreviations:
            is_word = " " not in text
            _add(short if is_word else exact, text if is_word else read_name(text, language).full_key, unit)
    by_fold: dict[str, list[str]] = {}
    for key, ids in exact.items():
        by_fold.setdefault(folded(key, language), []).extend(ids)
    by_size: dict[int, list[str]] = {}
    for key in by_fold:
        by_size.setdefault(len(key.split()), []).append(key)
    return Index(
        _frozen(exact), _frozen(short), _frozen(by_fold), _frozen(placed),
        {size: tuple(keys) for size, keys in by_size.items()},
    )  # fmt: skip


def _readable(text: str, language: Language) -> bool:
    return bool(_CYRILLIC.search(text)) == (language == "ru")


def _add(names: dict[str, list[str]], key: str, unit: RegisteredUnit) -> None:
    if key and unit.id not in names.setdefault(key, []):
        names[key].append(unit.id)


def _frozen(names: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(dict.fromkeys(ids)) for key, ids in names.items()}


def current(registry: Registry, unit_id: str, on: datetime.date) -> str:
    """Return the id of the unit that has a unit's tasks on a day: itself or the last known successor."""
    seen: set[str] = set()
    while unit_id not in seen:
        seen.add(unit_id)
        unit = registry.units[unit_id]
        if not unit.successor or unit.valid_to is None or on <= unit.valid_to:
            break
        unit_id = unit.successor
    return unit_id


@functools.lru_cache(maxsize=512)
def country_of(text: str, language: Language) -> str:
    """Return the country whose units a document speaks of: the one it names most, by language where it names none.

    "xx" stands for a country of which the registry knows nothing; empty where nothing is known.
    """
    file = lexicon.load(language, "registry")
    cues = file.maps.get("cues", {})
    counts: dict[str, int] = {}
    if cues:
        for match in re.finditer(rf"(?<!\w){lexicon.alternatives(tuple(cues))}", text.replace("’", "'")):
            code = cues.get(" ".join(match[0].split()), "")
            counts[code] = counts.get(code, 0) + 1
    default = str(file.settings.get("country", ""))
    return max(counts, key=lambda code: (counts[code], code == default)) if counts else default
