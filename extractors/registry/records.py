"""What a registry of units holds."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from models.records import Language

UnitKind = Literal["unit", "generic", "collective"]
KINDS: tuple[UnitKind, ...] = ("unit", "generic", "collective")
How = Literal["exact", "abbreviation", "place", "folded", "fuzzy", "head", "part", "through"]


@dataclass(frozen=True, slots=True)
class RegisteredUnit:
    """A unit an office knows; the fields are the columns of its file.

    An `id` with a country in front ("vn.bo-tai-chinh") belongs to that country, any other to the office itself.
    `kind` is "unit" for one body, "generic" for one that exists in every place or ministry (a place may follow its
    name), "collective" for many at once. A name that ends in " *" holds only where a place follows. `valid_to` is the
    last day; `successor` took its tasks over.
    """

    id: str
    name_vi: str = ""
    name_en: str = ""
    name_ru: str = ""
    abbreviations: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    parent: str = ""
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None
    successor: str = ""
    kind: UnitKind = "unit"

    @property
    def country(self) -> str:
        head, dot, _ = self.id.partition(".")
        return head if dot and len(head) == 2 else ""

    @property
    def names(self) -> tuple[str, ...]:
        """All full names; short forms are apart."""
        return tuple(name for name in (self.name_vi, self.name_en, self.name_ru, *self.aliases) if name)

    def name(self, language: Language) -> str:
        """Return the name in the language, else in any."""
        own = {"vi": self.name_vi, "en": self.name_en, "ru": self.name_ru}[language]
        return own or self.names[0]

    def valid(self, on: datetime.date | None) -> bool:
        """Tell whether the unit exists on a day; without a day, whether it has no last one."""
        if on is None:
            return self.valid_to is None
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True, eq=False)
class Registry:
    """The units by id, in the order of their files; equal only to itself, so that look-ups can be remembered."""

    units: Mapping[str, RegisteredUnit]


@dataclass(frozen=True, slots=True)
class Match:
    """The unit a name stands for, how sure that is (0 to 1) and what was compared.

    `how`: "exact" and "abbreviation" are names of the registry; "place" is a generic unit with its place behind;
    "folded" differs in accents or look-alike letters, "fuzzy" in a few letters; "head" is an office-holder who heads
    the unit, "part" are parts of it, "through" is a unit acting through another. `outdated`: the unit does not exist
    on the day asked for.
    """

    id: str
    score: float
    how: How
    outdated: bool = False
