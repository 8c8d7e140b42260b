"""Lines that give one field of the tasks above them: "Responsible: ...", "Срок: ...", "Thời gian thực hiện: ..."."""

from __future__ import annotations

from dataclasses import dataclass, replace

from extractors import lexicon
from extractors.base import Context
from extractors.deadlines import find_deadlines, read_deadline_cell
from extractors.points import Point
from extractors.unitcells import split_units
from extractors.unitwords import UnitName
from models.records import Deadline


@dataclass(frozen=True, slots=True)
class Field:
    """A field line: what it gives ("leads", "coordinators", "deadline", "product", "other") and its values."""

    role: str
    rule: str
    units: tuple[UnitName, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    words: str = ""


def read_field(text: str, point: Point, context: Context) -> Field | None:
    """Read a paragraph as a field line; None where it is none."""
    body = point.body.of(text).rstrip(" ;")
    for rule in lexicon.load(context.language, "fields").rules:
        match = rule.pattern.match(body)
        if match:
            return _field(rule, match["value"], point.body.start + match.start("value"), context)
    return None


def _field(rule: lexicon.Rule, value: str, offset: int, context: Context) -> Field:
    role = rule.values["role"]
    if role in ("leads", "coordinators"):
        names = split_units(value, context.language)
        return Field(role, rule.id, tuple(UnitName(name.name, name.span.shifted(offset)) for name in names))
    if role == "deadline":
        found = read_deadline_cell(value, context) or find_deadlines(value, context)
        moved = tuple(replace(deadline, span=deadline.span.shifted(offset)) for deadline in found)
        return Field(role, rule.id, deadlines=moved)
    return Field(role, rule.id, words=" ".join(value.split()))
