"""Lines that give one field of the tasks above them: "Responsible: ...", "Срок: ...", "Thời gian thực hiện: ..."."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors import lexicon
from extractors.base import Context
from extractors.deadlines import find_deadlines, read_deadline_cell
from extractors.findings import Finding
from extractors.points import Point
from extractors.unitcells import split_units
from extractors.units import find_unit_lists
from extractors.unitwords import PERSON, UnitName
from models.records import Deadline, Language, Span

_SHORT = 12  # words of a line that is but a deadline
_PEOPLE = re.compile(rf"(?:{PERSON.pattern})(?:\s*,\s*(?:{PERSON.pattern}))*")
_COVERED = 0.75  # the share of such a line that the deadline covers


@dataclass(frozen=True, slots=True)
class Field:
    """A field line: what it gives ("leads", "coordinators", "deadline", "product", "other"), its values, and the label
    of the point that it says it is of."""

    role: str
    rule: str
    units: tuple[UnitName, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    words: str = ""
    point: str = ""


def read_field(text: str, point: Point, context: Context) -> Field | None:
    """Read a paragraph as a field line; None where it is none."""
    body = point.body.of(text).rstrip(" ;")
    line = read_line(body, point.body.start, context)
    if line or point.style or point.lead_in or len(body.split()) > _SHORT:
        return line
    return _only_deadline(body, point.body.start, context)


def read_line(words: str, offset: int, context: Context) -> Field | None:
    """Read words that begin with the name of a field; they start at `offset` in the text."""
    for rule in lexicon.load(context.language, "fields").rules:
        match = rule.pattern.match(words)
        if match:
            line = _field(rule, match["value"], offset + match.start("value"), context)
            return replace(line, point=match.groupdict().get("point") or "")
    return None


def read_names(words: str, offset: int, context: Context) -> Field | None:
    """Read words that name people or units and nothing else but a deadline: "Orlova V.I., by the end of May"."""
    if len(words.split()) > _SHORT:
        return None
    deadlines = find_deadlines(words, context)
    people = _PEOPLE.match(words)
    end = min([deadline.span.start for deadline in deadlines if deadline.span.start], default=len(words))
    end = min(end, people.end()) if people else end
    named = words[:end].strip(" ,;–—-")
    names = split_units(named if people else named.rstrip(" ."), context.language)
    if not names or not all(PERSON.fullmatch(name.name) or _is_whole(name.name, context) for name in names):
        return None
    shift = offset + len(words[:end]) - len(words[:end].lstrip(" ,;–—-"))
    units = tuple(UnitName(name.name, name.span.shifted(shift)) for name in names)
    return Field("leads", f"{context.language}.field.names", units, _moved(deadlines, offset))


def _is_whole(name: str, context: Context) -> bool:
    lists = find_unit_lists(name, context.language, context.acronyms)
    return len(lists) == 1 and lists[0].span == Span(0, len(name))


def inline_pieces(text: str, span: Span, context: Context) -> list[Span]:
    """Cut a paragraph before each field that begins within it ("... the pier. Responsible: Port Office. Due: May")."""
    starts = [match.start("field") for match in _inline(context.language).finditer(text, span.start, span.end)]
    return [Span(start, end) for start, end in zip([span.start, *starts], [*starts, span.end], strict=True)]


@functools.cache
def _inline(language: Language) -> re.Pattern[str]:
    words = lexicon.load(language, "fields").words.get("inline", ()) or ("\0",)
    return re.compile(rf"(?<=[.;,)])\s+(?P<field>{lexicon.alternatives(words)}(?:\s*[:–—]|(?<=\.)\s))", re.IGNORECASE)


def filled(finding: Finding, field: Field) -> Finding:
    """Return a task with a field that it doesn't say itself."""
    rules = (*finding.rules, field.rule)
    if field.role == "leads" and field.units and not _answers_for(field, finding):
        finding = replace(finding, leads=field.units, rules=rules)
    if field.role == "coordinators" and field.units and not finding.coordinators:
        return replace(finding, coordinators=field.units, rules=rules)
    if _says_more(field.deadlines, finding):
        return replace(finding, deadlines=field.deadlines, dated=True, rules=rules)
    if field.role == "product" and not finding.deliverable:
        return replace(finding, deliverable=field.words, rules=rules)
    return finding


def _answers_for(field: Field, finding: Finding) -> bool:
    """Tell whether the people of a field answer for the unit that the sentence itself tells to act."""
    return finding.named and all(PERSON.match(unit.name) for unit in field.units)


def _says_more(deadlines: Sequence[Deadline], finding: Finding) -> bool:
    """Tell whether a field's deadlines outweigh those of a task: its own stay, and so does an inherited day where the
    field has none ("Timeline: completed within 3 months")."""
    if not deadlines or finding.dated:
        return False
    return any(deadline.due for deadline in deadlines) or not any(deadline.due for deadline in finding.deadlines)


def _only_deadline(words: str, offset: int, context: Context) -> Field | None:
    """Read a line that is a deadline and nothing else ("To be completed in May 2027.")."""
    found = find_deadlines(words, context)
    covered = sum(deadline.span.end - deadline.span.start for deadline in found)
    if not found or covered < _COVERED * len(words):
        return None
    return Field("deadline", f"{context.language}.field.only-deadline", deadlines=_moved(found, offset))


def _field(rule: lexicon.Rule, value: str, offset: int, context: Context) -> Field:
    role = rule.values["role"]
    if role in ("leads", "coordinators"):
        names = split_units(value, context.language)
        return Field(role, rule.id, tuple(UnitName(name.name, name.span.shifted(offset)) for name in names))
    if role == "deadline":
        found = read_deadline_cell(value, context) or find_deadlines(value, context)
        return Field(role, rule.id, deadlines=_moved(found, offset))
    return Field(role, rule.id, words=" ".join(value.split()))


def _moved(deadlines: Sequence[Deadline], offset: int) -> tuple[Deadline, ...]:
    return tuple(replace(deadline, span=deadline.span.shifted(offset)) for deadline in deadlines)
