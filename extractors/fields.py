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

_SHORT = 12  # words of a line that is but a deadline
_COVERED = 0.75  # the share of such a line that the deadline covers


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
    return _only_deadline(body, point, context)


def _only_deadline(body: str, point: Point, context: Context) -> Field | None:
    """Read an unnumbered line that is a deadline and nothing else ("To be completed in May 2027."), as a field."""
    if point.style or point.lead_in or len(body.split()) > _SHORT:
        return None
    found = find_deadlines(body, context)
    covered = sum(deadline.span.end - deadline.span.start for deadline in found)
    if not found or covered < _COVERED * len(body):
        return None
    moved = tuple(replace(deadline, span=deadline.span.shifted(point.body.start)) for deadline in found)
    return Field("deadline", f"{context.language}.field.only-deadline", deadlines=moved)


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
