"""The sentences of a point as tasks: clauses with leads of their own, explanations, deadlines that follow."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import replace

from extractors import lexicon
from extractors.assignments import Assignment, analyse
from extractors.base import Context
from extractors.deadlines import find_deadlines, read_deadline_cell
from extractors.findings import SHORTEST_ACTION, Finding, moved, shifted
from extractors.openings import Inherited
from extractors.points import Outline, Point
from extractors.sentences import sentences
from extractors.unitwords import UnitName
from models.records import Deadline, Language, Span

_CONFIDENCE = {
    "assign": 0.95,
    "subject": 0.9,
    "direct": 0.85,
    "imperative": 0.85,
    "present": 0.8,
    "passive": 0.5,
    "item": 0.7,
}
_WITHOUT_LEAD = 0.2
_SOFT = 0.3
_SEMICOLON = re.compile(r";\s+")
_LABEL = re.compile(r"([^:]{4,40}\d[^:]{0,20}):\s")


def point_tasks(outline: Outline, point: Point, above: Inherited, context: Context) -> list[Finding]:
    return span_tasks(outline, point, point.body, above, context)


def span_tasks(outline: Outline, point: Point, span: Span, above: Inherited, context: Context) -> list[Finding]:
    found: list[Finding] = []
    for sentence in sentences(outline.text, span, outline.language):
        for clause in _clauses(outline.text, sentence, context):
            _add_clause(found, clause, outline, point, above, context)
    return found


def _add_clause(
    found: list[Finding], clause: Span, outline: Outline, point: Point, above: Inherited, context: Context
) -> None:
    text = clause.of(outline.text)
    deadlines = _found_deadlines(text, context)
    assignment = analyse(text, deadlines, context)
    if found and _only_deadline(text, assignment, deadlines):
        found[-1] = _extended(found[-1], clause, deadlines)
        return
    if found and _explains(text, assignment, deadlines, found[-1], outline):
        found[-1] = _extended(found[-1], clause, () if _has_day(found[-1].deadlines) and found[-1].dated else deadlines)
        return
    carried = replace(above, leads=found[-1].leads) if found and found[-1].named else above
    finding = _finding(outline, point, clause, assignment, deadlines, carried, bool(found))
    if finding:
        found.append(finding)
    elif found:
        found[-1] = replace(found[-1], passage=Span(found[-1].passage.start, clause.end))


def _found_deadlines(text: str, context: Context) -> tuple[Deadline, ...]:
    """Return the deadlines of a sentence; a bare day before a colon is one ("5 March 2027: submit the list")."""
    found = find_deadlines(text, context)
    label = _LABEL.match(text)
    if label and not any(deadline.span.start < label.end() for deadline in found):
        return read_deadline_cell(label[1], context) + found
    return found


def _clauses(text: str, sentence: Span, context: Context) -> list[Span]:
    """Split a sentence at semicolons, and at 'and' before a deadline, where what follows has a lead of its own, or both
    sides a day of their own."""
    result = [sentence]
    for match in _joints(text, sentence, context):
        before, after = Span(result[-1].start, match.start()), Span(match.end(), sentence.end)
        until = _SEMICOLON.search(text, after.start, after.end)
        clause = Span(after.start, until.start() if until else after.end).of(text)
        deadlines = find_deadlines(clause, context)
        assignment = analyse(clause, deadlines, context)
        if assignment is None or assignment.kind == "passive":
            continue
        dated = _has_day(deadlines) and _has_day(find_deadlines(before.of(text), context))
        if assignment.leads or dated:
            result[-1:] = [before, after]
    return result


def _joints(text: str, sentence: Span, context: Context) -> list[re.Match[str]]:
    found = list(_SEMICOLON.finditer(text, sentence.start, sentence.end))
    for deadline in find_deadlines(sentence.of(text), context)[1:]:
        start = sentence.start + deadline.span.start
        joiner = _joiner(context.language).search(text, max(sentence.start, start - 12), start)
        found += [joiner] if joiner else []
    return sorted(found, key=lambda match: match.start())


@functools.cache
def _joiner(language: Language) -> re.Pattern[str]:
    words = lexicon.load(language, "units").words["joiners"]
    return re.compile(rf",?\s+{lexicon.alternatives(words)}\s*,?\s*$", re.IGNORECASE)


def _has_day(deadlines: Sequence[Deadline]) -> bool:
    return any(deadline.kind in ("date", "period", "recurring", "relative") for deadline in deadlines)


def _explains(
    text: str, assignment: Assignment | None, deadlines: Sequence[Deadline], before: Finding, outline: Outline
) -> bool:
    """Tell whether a sentence explains the one before it and sets no second date."""
    if not _anaphora(outline.language).match(text):
        return False
    return not (assignment and before.dated and _has_day(before.deadlines) and _has_day(deadlines))


def _only_deadline(text: str, assignment: Assignment | None, deadlines: Sequence[Deadline]) -> bool:
    """Tell whether a sentence is nothing but a deadline: "To be completed in July 2026."."""
    covered = sum(deadline.span.end - deadline.span.start for deadline in deadlines)
    return bool(deadlines) and covered >= 0.6 * len(text.strip(" .;")) and not (assignment and assignment.leads)


@functools.cache
def _anaphora(language: Language) -> re.Pattern[str]:
    rules = lexicon.load(language, "assignments")
    words = rules.words.get("anaphora", ()) or ("\0",)
    return re.compile(rf"\W*{lexicon.alternatives(words)}(?!\w)", re.IGNORECASE)


def _extended(finding: Finding, sentence: Span, deadlines: Sequence[Deadline]) -> Finding:
    own = (*shifted(deadlines, sentence.start), *(finding.deadlines if finding.dated else ()))
    dated = finding.dated or bool(deadlines)
    return replace(
        finding,
        deadlines=own if dated else finding.deadlines,
        dated=dated,
        passage=Span(finding.passage.start, sentence.end),
    )


def _finding(
    outline: Outline,
    point: Point,
    sentence: Span,
    assignment: Assignment | None,
    deadlines: Sequence[Deadline],
    above: Inherited,
    follows: bool,
) -> Finding | None:
    kind = assignment.kind if assignment else "item"
    quoted = outline.text[sentence.start] in '«“"'
    if (quoted and assignment is None) or not _is_task(assignment, point, above, follows, _has_day(deadlines)):
        return None
    own = moved(assignment.leads, sentence.start) if assignment else ()
    leads = above.leads if kind == "direct" and above.leads else own or above.leads
    start = sentence.start + (assignment.action if assignment else 0)
    if len(Span(start, sentence.end).of(outline.text).split()) < SHORTEST_ACTION:
        return None
    confidence = _CONFIDENCE[kind] - (0 if leads else _WITHOUT_LEAD) - (_SOFT if assignment and assignment.soft else 0)
    return Finding(
        action=Span(start, sentence.end),
        passage=sentence,
        section=outline.section(point),
        leads=leads,
        coordinators=_coordinators(assignment, sentence, leads, above),
        deadlines=shifted(deadlines, sentence.start) or above.deadlines,
        confidence=round(max(confidence, 0.05), 2),
        named=bool(own),
        dated=bool(deadlines),
        rules=((assignment.rule,) if assignment else (f"{outline.language}.list.item",)) + (() if own else above.rules),
    )


def _coordinators(
    assignment: Assignment | None, sentence: Span, leads: Sequence[UnitName], above: Inherited
) -> tuple[UnitName, ...]:
    """Return who assists by the sentence itself and by the lead-in above it."""
    own = moved(assignment.coordinators, sentence.start) if assignment else ()
    inherited = above.coordinators if not (assignment and assignment.leads) else ()
    taken = {unit.name for unit in (*leads, *own)}
    return (*own, *(unit for unit in inherited if unit.name not in taken))


def _is_task(assignment: Assignment | None, point: Point, above: Inherited, follows: bool, dated: bool) -> bool:
    if assignment is None:
        return not follows and above.commands and ((above.items and bool(point.style)) or above.addressed)
    if assignment.kind == "present":
        return above.commands or bool(above.leads)
    if assignment.kind == "passive":
        return above.commands and (dated or not follows)
    return True
