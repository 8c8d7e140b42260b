"""What a heading or lead-in says for the points below it: units, deadlines, and that tasks follow."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors import lexicon
from extractors.assignments import Assignment, analyse
from extractors.base import Context
from extractors.deadlines import find_deadlines
from extractors.findings import SHORTEST_ACTION, Finding, moved, shifted
from extractors.points import Outline, Point
from extractors.sentences import sentences
from extractors.unitcells import split_units
from extractors.units import find_unit_lists
from extractors.unitwords import UnitName
from models.records import Deadline, Language, Span

SILENT_ROLES = frozenset(
    (
        "aim",
        "basis",
        "result",
        "background",
        "definition",
        "force",
        "closing",
        "recipients",
        "signature",
        "control",
        "form",
        "contents",
    )
)
RESERVED_ROLES = frozenset({"funding", "general"})  # here only what a unit is told to do is a task
_NAME_WORDS = 10
_BRACKETED = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Inherited:
    """What holds for the points below a heading or lead-in."""

    leads: tuple[UnitName, ...] = ()
    coordinators: tuple[UnitName, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    rules: tuple[str, ...] = ()
    commands: bool = False
    items: bool = False
    addressed: bool = False


def addressed_to(addressees: Sequence[str], context: Context) -> Inherited:
    """Return what a letter's address says of the requests in it."""
    nowhere = Span(0, 0)
    names = [unit.name for addressee in addressees for unit in split_units(addressee, context.language)]
    return Inherited(
        leads=tuple(UnitName(name, nowhere) for name in names),
        rules=(f"{context.language}.letter.addressee",) if names else (),
    )


def opened(outline: Outline, point: Point, above: Inherited, context: Context) -> Inherited:
    """Read a heading or lead-in: the units and deadlines it names hold for what is below."""
    text = point.body.of(outline.text)
    last = sentences(outline.text, point.body, outline.language)[-1]
    sentence = last.of(outline.text)
    assignment = analyse(sentence, find_deadlines(sentence, context), context)
    passage = last if point.lead_in else point.body
    deadlines = shifted(find_deadlines(passage.of(outline.text), context), passage.start)
    deadlines = _passed_on(deadlines, point, assignment)
    leads, rules, addressed = above.leads, above.rules, above.addressed and assignment is None and not point.heading
    coordinators = above.coordinators
    if assignment and assignment.leads and _passes_leads(assignment, point, above, sentence):
        leads, rules = moved(assignment.leads, last.start), (assignment.rule,)
        addressed = len(sentence[assignment.action :].split()) < SHORTEST_ACTION
    else:
        whole = whole_units(text, point, context)
        if whole:
            leads, rules, addressed = moved(whole, point.body.start), (f"{outline.language}.heading.units",), True
    if assignment and assignment.coordinators:
        coordinators = moved(assignment.coordinators, last.start)
    elif leads != above.leads:
        coordinators = ()
    commands = point.role == "tasks" or leads != above.leads or (above.commands and not point.heading)
    commands = commands or (point.lead_in and (bool(assignment) or _is_command(text, outline)))
    items = point.lead_in and bool(_item_cue(outline.language).search(text))
    return Inherited(leads, coordinators, deadlines or above.deadlines, rules, commands, items, addressed)


def _passed_on(deadlines: tuple[Deadline, ...], point: Point, assignment: Assignment | None) -> tuple[Deadline, ...]:
    """Return the deadlines that hold below: a heading may speak of what is monthly, and a lead-in of what has happened
    before the meeting concluded, without setting a limit."""
    if point.role in ("basis", "background", "result", "signature") and not (assignment and assignment.leads):
        return ()
    kinds = {"date", "period", "relative"}
    if point.lead_in and (assignment or point.role != "basis"):
        kinds.add("recurring")
    if point.lead_in and assignment and assignment.leads:
        kinds |= {"event", "ongoing"}
    return tuple(deadline for deadline in deadlines if deadline.kind in kinds)


def _passes_leads(assignment: Assignment, point: Point, above: Inherited, sentence: str) -> bool:
    """Tell whether the units of a lead-in hold below it: not those through whom somebody acts, nor the issuer's own
    ("the Committee issues this plan as follows:")."""
    if point.role == "basis":
        return assignment.kind == "assign"
    if point.heading and not point.lead_in:
        return not sentence[assignment.action :].strip()
    return not (assignment.kind == "direct" and above.leads)


def whole_units(text: str, point: Point, context: Context) -> tuple[UnitName, ...]:
    """Return the units of a heading that names units and nothing else ("2. Bộ Y tế:"), or "duties of <unit>"."""
    lists = find_unit_lists(text, context.language, context.acronyms)
    if not lists:
        return ()
    ends = [0, *(found.span.end for found in lists)]
    starts = [*(found.span.start for found in lists), len(text)]
    rest = " ".join(text[end:start] for end, start in zip(ends, starts, strict=True))
    rest = _BRACKETED.sub("", _heading_words(context.language).sub("", rest))
    if not any(char.isalnum() for char in rest):
        return tuple(name for found in lists for name in found.names)
    if lists[0].span.start == 0 and len(lists) == 1 and len(text.split()) <= _NAME_WORDS:
        return split_units(text.rstrip(" :."), context.language)
    return ()


@functools.cache
def _heading_words(language: Language) -> re.Pattern[str]:
    rules = lexicon.load(language, "assignments")
    words = rules.words.get("headingwords", ()) or ("\0",)
    return re.compile(rf"(?<!\w){lexicon.alternatives(words)}(?!\w)", re.IGNORECASE)


@functools.cache
def _item_cue(language: Language) -> re.Pattern[str]:
    """What a lead-in says when the points below it are tasks even where they hold no verb of duty."""
    rules = lexicon.load(language, "assignments")
    return rules.pattern(r"(?<!\w){itemcue}\W*:\s*$")


def _is_command(text: str, outline: Outline) -> bool:
    return bool(_cue(outline.language).search(text))


@functools.cache
def _cue(language: Language) -> re.Pattern[str]:
    return lexicon.load(language, "assignments").pattern(r"(?<!\w){leadcue}(?!\w)")


def carried_by(above: Inherited, found: Sequence[Finding]) -> Inherited:
    """A point with sub-points passes on its own lead ("Giao Sở X ...: - ...") where it names one."""
    if not found or not found[0].leads:
        return above
    return replace(above, leads=found[0].leads, commands=True, addressed=False)
