"""Names the registry does not know, put together for a reviewer, and taken into the office's own file."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from extractors.registry.csvfile import read_units, with_unit
from extractors.registry.matching import find, index
from extractors.registry.names import folded, name_rules, read_name
from extractors.registry.records import Match, RegisteredUnit, Registry
from models.errors import UsageError
from models.records import Language

_SAME_NAME = 92.0
_NEAR_ENOUGH = 70.0
_NOT_IN_IDS = re.compile(r"[^a-z0-9]+")
_TRANSLITERATION = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфхцыэ", "abvgdeziyklmnoprstufhcye", strict=True))
    | {"ё": "e", "ж": "zh", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya", "ъ": "", "ь": "", "đ": "d"}
)


@dataclass(frozen=True, slots=True)
class UnknownUnit:
    """An unknown unit: its commonest spelling, all spellings with how often they stand, and the nearest known units."""

    name: str
    language: Language
    count: int
    spellings: tuple[tuple[str, int], ...]
    nearest: tuple[Match, ...] = ()


def unknown_names(
    registry: Registry,
    names: Iterable[tuple[str, Language]],
    on: datetime.date | None = None,
    country: str = "",
) -> tuple[UnknownUnit, ...]:
    """Return the units that names stand for and the registry lacks, the most frequent first.

    A name given twice counts twice; spellings that differ in case, accents or a letter are one unit.
    """
    counts = Counter((" ".join(name.split()), language) for name, language in names if name.strip())
    groups: dict[tuple[str, Language], Counter[str]] = {}
    for (name, language), count in counts.most_common():
        if find(registry, name, language, on, country) is None:
            groups.setdefault(_group(name, language, groups), Counter())[name] += count
    found = [_unknown(registry, spellings, language, country) for (_, language), spellings in groups.items()]
    return tuple(sorted(found, key=lambda unit: (-unit.count, unit.name)))


def _group(name: str, language: Language, groups: Iterable[tuple[str, Language]]) -> tuple[str, Language]:
    """Return the group of which the name is a spelling, or a new one."""
    from rapidfuzz import fuzz

    key = folded(read_name(name, language).key, language) or name.casefold()
    for other, other_language in groups:
        same_size = len(other.split()) == len(key.split())
        if other_language == language and same_size and fuzz.ratio(key, other, score_cutoff=_SAME_NAME):
            return other, language
    return key, language


def _unknown(registry: Registry, spellings: Counter[str], language: Language, country: str) -> UnknownUnit:
    name = spellings.most_common(1)[0][0]
    near = nearest(registry, name, language, country)
    return UnknownUnit(name, language, spellings.total(), tuple(spellings.most_common()), near)


def nearest(registry: Registry, name: str, language: Language, country: str = "", limit: int = 3) -> tuple[Match, ...]:
    """Return known units of resembling names, the likest first: suggestions for a person, never ids for a row."""
    from rapidfuzz import fuzz, process

    names = index(registry, language).folded
    wanted = country or name_rules(language).country
    best: dict[str, float] = {}
    key = folded(read_name(name, language).key, language)
    for other, score, _ in process.extract(
        key, list(names), scorer=fuzz.token_sort_ratio, score_cutoff=_NEAR_ENOUGH, limit=20
    ):
        for unit_id in names[other]:
            if registry.units[unit_id].country in ("", wanted) or not wanted:
                best.setdefault(unit_id, score)
    return tuple(Match(unit_id, round(score / 100, 3), "fuzzy") for unit_id, score in list(best.items())[:limit])


def adopt(
    office_csv: str,
    registry: Registry,
    spellings: Sequence[str],
    language: Language,
    alias_of: str = "",
    unit_id: str = "",
    parent: str = "",
) -> str:
    """Return the office's file with spellings taken in: as aliases of a known unit, or as a new one.

    A unit of the starter registry is copied into the office's file, where it replaces the starter's; all else in that
    file stays. A new unit is named by the first spelling and gets an id made of it unless one is given. Raises
    UsageError for an unknown `alias_of`, an id already in use, or no spelling.
    """
    # A cell that begins so would be run as a formula by a spreadsheet.
    bare = (" ".join(name.replace(";", ",").split()).lstrip("=+-@ ") for name in spellings)
    names = tuple(dict.fromkeys(name for name in bare if name))
    if not names:
        raise UsageError("units-no-spelling")
    units = read_units(office_csv)
    if alias_of:
        known = units.get(alias_of) or registry.units.get(alias_of)
        if known is None:
            raise UsageError("units-unknown-id", unit=names[0], column="id", value=alias_of)
        return with_unit(office_csv, replace(known, aliases=tuple(dict.fromkeys((*known.aliases, *names)))))
    new_id = unit_id or _new_id(names[0], {*units, *registry.units})
    if new_id in units or new_id in registry.units:
        raise UsageError("units-id-taken", value=new_id)
    name_vi, name_en, name_ru = (names[0] if language == own else "" for own in ("vi", "en", "ru"))
    unit = RegisteredUnit(new_id, name_vi, name_en, name_ru, aliases=names[1:], parent=parent)
    return with_unit(office_csv, unit)


def _new_id(name: str, taken: Iterable[str]) -> str:
    plain = folded(name.casefold(), "vi").translate(_TRANSLITERATION)
    stem = _NOT_IN_IDS.sub("-", plain).strip("-")[:60].strip("-") or "unit"
    used, number, new_id = set(taken), 2, stem
    while new_id in used:
        new_id, number = f"{stem}-{number}", number + 1
    return new_id
