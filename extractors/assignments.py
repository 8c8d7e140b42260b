"""Who is told to do what in one sentence: the frame that gives the task, its leads, coordinators and first word.

Before the frames of `assignments.toml` are tried, the units and deadlines found in the sentence are replaced by <U>
and <D>, and in languages with endings infinitives and verbs of the third person get a mark before them. A frame is
then a short pattern over this tagged sentence; the first that matches counts.
"""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from extractors import lexicon, morphology
from extractors.base import Context
from extractors.repair import repaired
from extractors.units import UnitList, find_unit_lists
from extractors.unitwords import UnitName, grammar
from models.records import Deadline, Language, Span

_UNIT, _DEADLINE = "<U>", "<D>"
_WORD = re.compile(r"[^\W\d_]{3,}")
_INFINITIVE, _FINITE = "‹", "›"


@dataclass(frozen=True, slots=True)
class Assignment:
    """A sentence that gives a task. `action` is where the action starts in the sentence; `kind` is the frame's:
    "assign" (somebody is told to), "subject" (a unit does), "direct" (through somebody else), "imperative", "present"
    (the unit stands in the lead-in), "passive". `confidence` is the rule's own, 0 where it names none."""

    kind: str
    rule: str
    action: int
    leads: tuple[UnitName, ...] = ()
    coordinators: tuple[UnitName, ...] = ()
    soft: bool = False
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Tagged:
    """A sentence with its units and deadlines replaced; `offsets` leads back to the words."""

    text: str
    source: str
    offsets: tuple[tuple[int, int], ...]
    units: dict[int, UnitList]

    def original(self, position: int) -> int:
        index = bisect.bisect_right(self.offsets, (position, 1 << 60)) - 1
        tagged, original = self.offsets[index]
        return original + position - tagged


def analyse(text: str, deadlines: Sequence[Deadline], context: Context) -> Assignment | None:
    """Return what the sentence assigns, None where no frame takes it."""
    tagged = tag(text, deadlines, context)
    for rule in lexicon.load(context.language, "assignments").rules:
        match = rule.pattern.match(tagged.text)
        if match and _stands_in(match, rule.values.get("cases"), tagged):
            return _assignment(rule, match, tagged, context.language)
    return None


def _stands_in(match: re.Match[str], cases: Sequence[str] | None, tagged: Tagged) -> bool:
    """Tell whether the lead stands in one of the cases that a rule asks for."""
    return not cases or not tagged.units[match.start("lead")].cases.isdisjoint(cases)


def begins_item(text: str, language: Language) -> bool:
    """Tell whether a point of a list may be a task although no frame takes it: not a quotation, not a bare unit."""
    if text[:1] in '«“"':
        return False
    lists = find_unit_lists(text, language)
    if lists and lists[0].span.start <= 4 and lists[-1].span.end >= 0.8 * len(text):
        return False
    return bool(_item_start(language).match(text))


@functools.cache
def _item_start(language: Language) -> re.Pattern[str]:
    return lexicon.load(language, "assignments").pattern(r"\W*{itemstart}")


def tag(text: str, deadlines: Sequence[Deadline], context: Context) -> Tagged:
    """Replace the units and deadlines of a sentence, and mark its verbs where the language has endings."""
    text = repaired(text, context.language)
    lists = [_undated(text, units, deadlines) for units in find_unit_lists(text, context.language, context.acronyms)]
    found = _without_overlaps([(d.span, None) for d in deadlines], [(u.span, u) for u in lists])
    pieces: list[str] = []
    offsets: list[tuple[int, int]] = [(0, 0)]
    units: dict[int, UnitList] = {}
    length = position = 0

    def add(piece: str, original: int) -> None:
        nonlocal length
        offsets.append((length, original))
        pieces.append(piece)
        length += len(piece)

    inflected = grammar(context.language).inflected
    for span, unit_list in [*found, (Span(len(text), len(text)), None)]:
        _add_plain(text, position, span.start, inflected, add)
        if span.start < span.end:
            if unit_list:
                units[length] = unit_list
            add(_UNIT if unit_list else _DEADLINE, span.start)
        position = span.end
    offsets.append((length, len(text)))
    return Tagged("".join(pieces), text, tuple(offsets), units)


def _undated(text: str, units: UnitList, deadlines: Sequence[Deadline]) -> UnitList:
    """Take a deadline off the end of the last name: "главам районов в двухнедельный срок"."""
    last, end = units.names[-1] if units.names else None, units.span.end
    for start in (deadline.span.start for deadline in deadlines if deadline.span.end >= end):
        if last and last.span.start < start < end:
            words = last.name.split()[: -len(text[start:end].split())]
            names = (*units.names[:-1], UnitName(" ".join(words).rstrip(","), Span(last.span.start, start)))
            return UnitList(Span(units.span.start, start), names, units.cases)
    return units


def _without_overlaps(
    deadlines: list[tuple[Span, None]], lists: list[tuple[Span, UnitList]]
) -> list[tuple[Span, UnitList | None]]:
    kept: list[tuple[Span, UnitList | None]] = []
    for span, unit_list in sorted([*deadlines, *lists], key=lambda item: (item[0].start, item[1] is not None)):
        if not kept or span.start >= kept[-1][0].end:
            kept.append((span, unit_list))
    return kept


def _add_plain(text: str, start: int, end: int, inflected: bool, add: Callable[[str, int], None]) -> None:
    position = start
    if inflected:
        for match in _WORD.finditer(text, start, end):
            mark = _verb_mark(match[0])
            if mark:
                add(text[position : match.start()], position)
                add(mark, match.start())
                position = match.start()
    if position < end:
        add(text[position:end], position)


@functools.lru_cache(maxsize=65536)
def _verb_mark(word: str) -> str:
    if morphology.is_infinitive(word):
        return _INFINITIVE
    return _FINITE if morphology.is_finite(word) else ""


def _assignment(rule: lexicon.Rule, match: re.Match[str], tagged: Tagged, language: Language) -> Assignment:
    leads = _leads(match, tagged, language)
    kind = rule.values["kind"]
    start = match.end() if kind in ("assign", "subject", "direct") else 0
    action = tagged.original(start)
    told = match.start("lead") if kind == "assign" and match.groupdict().get("lead") else 0
    coordinators = _coordinators(tagged, leads, told, language)
    soft = bool(_soft(language).match(tagged.text, start))
    return Assignment(kind, rule.id, action, leads, coordinators, soft, rule.values.get("confidence", 0.0))


@functools.cache
def _between_persons(language: Language) -> re.Pattern[str]:
    joiners = lexicon.alternatives(lexicon.load(language, "units").words["joiners"])
    return re.compile(rf"\s*(?:,|&|(?<!\w){joiners}(?!\w))\s*(?![^()]*\))")


def _leads(match: re.Match[str], tagged: Tagged, language: Language) -> tuple[UnitName, ...]:
    """Return the units of the group "lead" or "mixed", or the people of the group "persons"."""
    groups = match.groupdict()
    if groups.get("mixed"):  # partners first, the subject last: "in consultation with A and B, C shall"
        return tagged.units[match.start("mixed")].names[-1:]
    if groups.get("lead"):
        return _with_relative(tagged.units[match.start("lead")].names, match, tagged)
    if not groups.get("persons"):
        return ()
    start = tagged.original(match.start("persons"))
    names, position, inflected = [], 0, grammar(language).inflected
    for part in _between_persons(language).split(groups["persons"]):
        position = groups["persons"].index(part, position)
        name = morphology.nominative(part) if inflected else part
        names.append(UnitName(name, Span(start + position, start + position + len(part))))
        position += len(part)
    return tuple(names)


def _with_relative(names: tuple[UnitName, ...], match: re.Match[str], tagged: Tagged) -> tuple[UnitName, ...]:
    """Add the relative clause to the last name: "agencies that provide grants"."""
    if not match.groupdict().get("relative"):
        return names
    clause = Span(tagged.original(match.start("relative")), tagged.original(match.end("relative")))
    words = " ".join(tagged.source[clause.start : clause.end].split())
    return (*names[:-1], UnitName(f"{names[-1].name} {words}", Span(names[-1].span.start, clause.end)))


def _coordinators(tagged: Tagged, leads: Sequence[UnitName], told: int, language: Language) -> tuple[UnitName, ...]:
    """Return who assists; who is named before the one that is told (at `told`) assists the one who tells him."""
    lead_names = {unit.name for unit in leads}
    found: dict[str, UnitName] = {}
    for match in _with(language).finditer(tagged.text, told):
        for unit in tagged.units[match.start("unit")].names:
            if unit.name not in lead_names:
                found.setdefault(unit.name, unit)
    return tuple(found.values())


@functools.cache
def _with(language: Language) -> re.Pattern[str]:
    rules = lexicon.load(language, "assignments")
    opening = "{withstart}" if "withstart" in rules.words else "(?!)"
    return rules.pattern(rf"(?:(?<!\w)(?:{{with}})|^\W*{opening})\s*(?P<unit><U>)")


@functools.cache
def _soft(language: Language) -> re.Pattern[str]:
    return lexicon.load(language, "assignments").pattern(r"\W*(?:{soft})")
