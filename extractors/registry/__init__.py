"""The unit registry: which body a name stands for, in three languages and at a date.

The starter registry (`units.csv` beside this file) ships with the package; an office lays its own file over it.
"""

from extractors.registry.csvfile import COLUMNS, read_registry, read_units, starter, write_units
from extractors.registry.matching import country_of, current, find
from extractors.registry.records import KINDS, Match, RegisteredUnit, Registry, UnitKind
from extractors.registry.unknown import UnknownUnit, adopt, unknown_names

__all__ = [
    "COLUMNS",
    "KINDS",
    "Match",
    "RegisteredUnit",
    "Registry",
    "UnitKind",
    "UnknownUnit",
    "adopt",
    "country_of",
    "current",
    "find",
    "read_registry",
    "read_units",
    "starter",
    "unknown_names",
    "write_units",
]
