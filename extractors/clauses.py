"""The sentences of a point as tasks: clauses with leads of their own, explanations, deadlines that follow."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors import lexicon
from extractors.assignments import Assignment, analyse, begins_item
from extractors.base import Context
from extractors.confidence import SOFT, TASK
from extractors.deadlines import find_deadlines, read_deadline_cell
from extractors.fields import Field, filled, inline_pieces, read_line, read_names
from extractors.findings import SHORTEST_ACTION, SHORTEST_OF_UNIT, Finding, moved, shifted
from extractors.openings import RESERVED_ROLES, Inherited
from extractors.points import Outline, Point
from extractors.sentences import sentences
from extractors.units import find_unit_lists
from extractors.unitwords import UnitName, grammar
from models.records import Deadline, Language, Span

_DAYS = frozenset({"date", "period", "recurring", "relative"})
_SPLITTING = frozenset({"assign", "subject", "direct", "imperative"})
_CONTENT_WORD = 5  # letters
_LAST_BRACKET = re.compile(r"\(([^()]{3,120})\)[\s.;]*$")
_SEMICOLON = re.compile(r";\s+")
_LABEL = re.compile(r"([^:]{4,40}\d[^:]{0,20}):\s")


def point_tasks(outline: Outline, point: Point, above: Inherited, context: Context) -> list[Finding]:
    return span_tasks(outline, point, point.body, above, context)


def span_tasks(outline: Outline, point: Point, span: Span, above: Inherited, context: Context) -> list[Finding]:
    found: list[Finding] = []
    for piece in inline_pieces(outline.text, span, context):
        for sentence in sentences(outline.text, piece, outline.language):
            line = _field_of(outline.text, sentence, context) if found else None
            if line:
                found = [filled(task, line) for task in found]
                found[-1] = replace(found[-1], passage=Span(found[-1].passage.start, sentence.end))
                continue
            for clause in _clauses(outline.text, sentence, context):
                _add_clause(found, clause, outline, point, above)
    return [_with_bracket(task, outline.text, context) for task in found]


def _field_of(text: str, sentence: Span, context: Context) -> Field | None:
    """Read a sentence behind a task as a field of it: "Responsible: ...", or but a name and a day."""
    words = sentence.of(text).rstrip(" ;")
    return read_line(words, sentence.start, context) or read_names(words, sentence.start, context)


def _with_bracket(task: Finding, text: str, context: Context) -> Finding:
    """Let the people or units in brackets at the end of a task lead it, where nothing else says who does."""
    bracket = _LAST_BRACKET.search(task.passage.of(text))
    if task.leads or not bracket:
        return task
    line = _field_of(text, Span(*bracket.span(1)).shifted(task.passage.start), context)
    return filled(task, line) if line and line.role == "leads" else task


@dataclass(frozen=True, slots=True)
class _Clause:
    """A sentence or a part of one, with what was found in it; its deadlines have spans in the clause."""

    span: Span
    text: str
    language: Language
    deadlines: tuple[Deadline, ...]
    assignment: Assignment | None

    @property
    def dated(self) -> bool:
        return any(deadline.kind in _DAYS for deadline in self.deadlines)


def _read(text: str, span: Span, context: Context) -> _Clause:
    words = span.of(text)
    deadlines = _found_deadlines(words, context)
    return _Clause(span, words, context.language, deadlines, analyse(words, deadlines, context))


def _add_clause(found: list[Finding], clause: _Clause, outline: Outline, point: Point, above: Inherited) -> None:
    if found and _only_deadline(clause) and not _second_action(clause, outline.text):
        found[-1] = _extended(found[-1], clause, clause.deadlines)
        return
    if found and (_explains(clause, found[-1], outline.language) or _dates(clause, found[-1], outline.text)):
        known = found[-1].dated and _has_day(found[-1].deadlines)
        found[-1] = _extended(found[-1], clause, () if known else clause.deadlines)
        return
    led = found and (found[-1].named or (found[-1].leads and not above.leads))
    carried = replace(above, leads=found[-1].leads) if led else above
    finding = _finding(outline, point, clause, carried, bool(found))
    if finding:
        found.append(finding)
    elif found:
        found[-1] = replace(found[-1], passage=Span(found[-1].passage.start, clause.span.end))


def _found_deadlines(text: str, context: Context) -> tuple[Deadline, ...]:
    """Return the deadlines of a sentence; a bare day before a colon is one ("5 March 2027: submit the list")."""
    found = find_deadlines(text, context)
    label = _LABEL.match(text)
    if label and not any(deadline.span.start < label.end() for deadline in found):
        return read_deadline_cell(label[1], context) + found
    return found


def _clauses(text: str, sentence: Span, context: Context) -> list[_Clause]:
    """Split a sentence at semicolons, and at 'and' before a deadline or a unit, where what follows has a lead of its
    own, or both sides a day of their own."""
    result = [_read(text, sentence, context)]
    for match in _joints(text, sentence, context):
        before = Span(result[-1].span.start, match.start())
        after = _read(text, Span(match.end(), sentence.end), context)
        if after.assignment is None or after.assignment.kind not in _SPLITTING:
            continue
        first = _read(text, before, context)
        if after.assignment.leads or (after.dated and first.dated):
            result[-1:] = [first, after]
    return result


def _joints(text: str, sentence: Span, context: Context) -> list[re.Match[str]]:
    """Return where a sentence may be split: at semicolons, at 'and' before a deadline, at 'and to' behind one, at
    ', and' before a unit."""
    found = list(_SEMICOLON.finditer(text, sentence.start, sentence.end))
    deadlines = find_deadlines(sentence.of(text), context)
    for before, after in itertools.pairwise(deadlines):
        end, start = sentence.start + before.span.end, sentence.start + after.span.start
        behind = _joiner_behind(context.language).match(text, end, start)
        ahead = _joiner_before(context.language).search(text, max(sentence.start, start - 12), start)
        found += [joiner for joiner in (behind, ahead) if joiner]
        found += [] if behind or ahead else _and_to(context.language).finditer(text, end, start)
    lists = find_unit_lists(sentence.of(text), context.language, context.acronyms)
    starts = {sentence.start + unit_list.span.start for unit_list in lists}
    for joiner in _comma_and(context.language).finditer(text, sentence.start, sentence.end):
        found += [joiner] if joiner.end() in starts else []
    return sorted(found, key=lambda match: match.start())


@functools.cache
def _joiner_before(language: Language) -> re.Pattern[str]:
    words = lexicon.load(language, "units").words["joiners"]
    return re.compile(rf",?\s+{lexicon.alternatives(words)}\s*,?\s*$", re.IGNORECASE)


@functools.cache
def _joiner_behind(language: Language) -> re.Pattern[str]:
    words = lexicon.load(language, "units").words["joiners"]
    return re.compile(rf",?\s+{lexicon.alternatives(words)}\s+", re.IGNORECASE)


@functools.cache
def _and_to(language: Language) -> re.Pattern[str]:
    """Where the second of two actions begins: "to approve the plan by June and to report in July"."""
    joiners = lexicon.load(language, "units").words["joiners"]
    particles = lexicon.load(language, "assignments").words.get("particles", ()) or ("\0",)
    return re.compile(rf",?\s+{lexicon.alternatives(joiners)}\s+{lexicon.alternatives(particles)}\s+", re.IGNORECASE)


@functools.cache
def _comma_and(language: Language) -> re.Pattern[str]:
    words = lexicon.load(language, "units").words["joiners"]
    return re.compile(rf",\s+{lexicon.alternatives(words)}\s+", re.IGNORECASE)


def _has_day(deadlines: Sequence[Deadline]) -> bool:
    return any(deadline.kind in _DAYS for deadline in deadlines)


def _explains(clause: _Clause, before: Finding, language: Language) -> bool:
    """Tell whether a sentence explains the one before it and sets no second date."""
    if not _anaphora(language).match(clause.text):
        return False
    return not (clause.assignment and before.dated and _has_day(before.deadlines) and clause.dated)


def _dates(clause: _Clause, before: Finding, text: str) -> bool:
    """Tell whether a passive sentence sets the day of what the one before it orders: "hold hearings. The hearings shall
    be concluded by April"."""
    if clause.assignment is None or clause.assignment.kind != "passive" or before.dated or not clause.dated:
        return False
    subject = clause.text.casefold().split()[:4]
    ordered = before.passage.of(text).casefold()
    return any(len(word) >= _CONTENT_WORD and word in ordered for word in subject)


def _only_deadline(clause: _Clause) -> bool:
    """Tell whether a sentence is nothing but a deadline: "To be completed in July 2026."."""
    covered = sum(deadline.span.end - deadline.span.start for deadline in clause.deadlines)
    led = bool(clause.assignment and clause.assignment.leads)
    return bool(clause.deadlines) and covered >= 0.6 * len(clause.text.strip(" .;")) and not led


def _second_action(clause: _Clause, text: str) -> bool:
    """Tell whether a clause behind 'and' gives an action beside its deadline: "and submit it no later than 5 May"."""
    if clause.assignment is None or text[: clause.span.start].rstrip().endswith((".", "!", "?")):
        return False
    dated = sum(len(deadline.text.split()) for deadline in clause.deadlines)
    return len(clause.text.split()) - dated >= SHORTEST_OF_UNIT and not grammar(clause.language).syllables


@functools.cache
def _anaphora(language: Language) -> re.Pattern[str]:
    rules = lexicon.load(language, "assignments")
    words = rules.words.get("anaphora", ()) or ("\0",)
    return re.compile(rf"\W*{lexicon.alternatives(words)}(?!\w)", re.IGNORECASE)


def _extended(finding: Finding, clause: _Clause, deadlines: Sequence[Deadline]) -> Finding:
    own = (*shifted(deadlines, clause.span.start), *(finding.deadlines if finding.dated else ()))
    dated = finding.dated or bool(deadlines)
    passage = Span(finding.passage.start, clause.span.end)
    return replace(finding, deadlines=own if dated else finding.deadlines, dated=dated, passage=passage)


def _finding(outline: Outline, point: Point, clause: _Clause, above: Inherited, follows: bool) -> Finding | None:
    """Return the clause as a task, None where it is none; `follows` tells whether its point gave one already."""
    if not _is_task(clause, point, above, follows):
        return None
    assignment, offset = clause.assignment, clause.span.start
    action = Span(offset + (assignment.action if assignment else 0), clause.span.end)
    if len(action.of(outline.text).split()) < _shortest(assignment, clause.language):
        return None
    own = moved(assignment.leads, offset) if assignment else ()
    through = assignment is not None and assignment.kind == "direct" and bool(above.leads)
    leads = above.leads if through else own or above.leads
    rule = assignment.rule if assignment else f"{outline.language}.list.item"
    return Finding(
        action=action,
        passage=clause.span,
        section=outline.section(point),
        leads=leads,
        coordinators=_coordinators(assignment, clause.span, leads, above),
        deadlines=shifted(clause.deadlines, offset) or above.deadlines,
        confidence=_confidence(assignment),
        named=bool(own),
        dated=bool(clause.deadlines),
        rules=(rule, *(() if own else above.rules)),
        kind=assignment.kind if assignment else "",
    )


def _confidence(assignment: Assignment | None) -> float:
    """Return how likely what a frame takes is a task."""
    if assignment is None:
        return TASK["item"]
    return min(assignment.confidence or TASK[assignment.kind], SOFT if assignment.soft else 1)


def _shortest(assignment: Assignment | None, language: Language) -> int:
    """Return how many words an action has at least; two syllables of a syllabic language are but one word."""
    told = assignment is not None and assignment.leads and assignment.kind in ("assign", "subject")
    return SHORTEST_OF_UNIT if told and not grammar(language).syllables else SHORTEST_ACTION


def _coordinators(
    assignment: Assignment | None, sentence: Span, leads: Sequence[UnitName], above: Inherited
) -> tuple[UnitName, ...]:
    """Return who assists by the sentence itself; by the lead-in above it where it names neither lead nor partners."""
    own = moved(assignment.coordinators, sentence.start) if assignment else ()
    inherited = above.coordinators if not (assignment and assignment.leads) else ()
    leading = {unit.name for unit in leads}
    return own or tuple(unit for unit in inherited if unit.name not in leading)


def _is_task(clause: _Clause, point: Point, above: Inherited, follows: bool) -> bool:
    assignment = clause.assignment
    if point.role in RESERVED_ROLES:
        if assignment is not None and assignment.kind == "present":
            return bool(above.leads) and bool(point.style)
        return assignment is not None and assignment.kind in ("assign", "subject") and bool(assignment.leads)
    if assignment is None:
        dated = clause.dated and point.role == "tasks"
        listed = ((above.items or dated) and bool(point.style)) or above.addressed
        return not follows and above.commands and listed and begins_item(clause.text, clause.language)
    if assignment.kind == "present":
        return above.commands or bool(above.leads)
    if assignment.kind == "passive":
        return clause.dated or (above.commands and not follows)
    return True
