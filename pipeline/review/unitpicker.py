"""Units to choose from: those of the register, most frequent first, and those of the registry by any of their names."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from extractors.registry import Registry, find
from models.columns import SEPARATOR
from models.records import LANGUAGES, Language
from models.store import folded, known_units
from pipeline.review.desk import Desk
from pipeline.unitfile import office_file, registry_of

_MOST = 12


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A unit to choose: the name that will stand in the cell, what else tells it, and its number of rows."""

    name: str
    about: str
    count: int


def suggestions(desk: Desk, typed: str, language: str) -> list[Suggestion]:
    """Return the units that begin with what was typed, or have a word that does."""
    found = [Suggestion(name, "", count) for name, count in known_units(desk.store, typed, limit=_MOST)]
    named = {folded(one.name) for one in found}
    wanted = folded(typed)
    matching = [unit for unit in _names(_registry(desk), _language(language)) if wanted and _begins(wanted, unit[2])]
    for name, about, keys in sorted(matching, key=lambda unit: not unit[2][0].startswith(wanted)):
        if len(found) < _MOST and keys[0] not in named:
            found.append(Suggestion(name, about, 0))
            named.add(keys[0])
    return found


def _begins(wanted: str, keys: Sequence[str]) -> bool:
    """Say whether one of the names has a word from which on it begins so."""
    return any(key.startswith(wanted) or f" {wanted}" in key for key in keys)


def ids_of(desk: Desk, names: str, document: Mapping[str, str]) -> str:
    """Return the registry's ids of several units in their order; empty where none is known."""
    language = _language(document.get("language", ""))
    day = document.get("document_date", "")
    on = date.fromisoformat(day) if day else None
    parts = [name.strip() for name in names.split(";") if name.strip()]
    matches = [find(_registry(desk), name, language, on) for name in parts]
    return SEPARATOR.join(match.id if match else "" for match in matches) if any(matches) else ""


def _language(name: str) -> Language:
    return next((language for language in LANGUAGES if language == name), "en")


def _registry(desk: Desk) -> Registry:
    return registry_of(office_file(desk.units, desk.outputs))


@functools.lru_cache(maxsize=8)
def _names(registry: Registry, language: Language) -> list[tuple[str, str, list[str]]]:
    """Return (name, what else it is called, folded names, its own first) of each unit, in the document's language."""
    return [
        (
            (name := unit.name(language)).removesuffix(" *"),
            ", ".join(other for other in (*unit.abbreviations, *unit.aliases) if other != name)[:80],
            [folded(other) for other in (name, *unit.names, *unit.abbreviations)],
        )
        for unit in registry.units.values()
        if unit.valid(None)
    ]
