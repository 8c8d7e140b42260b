"""Tasks in running text: which sentences of which points give one, and what they inherit from what stands above."""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors import lexicon
from extractors.assignments import Assignment, analyse
from extractors.base import Context
from extractors.deadlines import find_deadlines, read_deadline_cell
from extractors.fields import Field, apply_field, read_field
from extractors.findings import Finding
from extractors.structure import Outline, Point, sentences
from extractors.units import UnitName, find_unit_lists, split_units
from models.records import Deadline, Span

SILENT_ROLES = frozenset(
    "aim basis result background definition general force closing recipients signature control funding".split()
)
_CONFIDENCE = {"assign": 0.95, "subject": 0.9, "direct": 0.85, "imperative": 0.85, "present": 0.8, "passive": 0.5, "item": 0.7}
_WITHOUT_LEAD = 0.2
_SOFT = 0.3
_CAPTION_WORDS = 40
_SEMICOLON = re.compile(r";\s+")
_SHORTEST_ACTION = 3
_LABEL = re.compile(r"([^:]{4,40}\d[^:]{0,20}):\s")
_NAME_WORDS = 10


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


def find_prose_tasks(outline: Outline, context: Context) -> list[Finding]:
    """Return the tasks of the document's paragraphs, in text order."""
    inherited: dict[int, Inherited] = {-1: Inherited()}
    findings: list[Finding] = []
    origins: list[int] = []
    openers: list[tuple[Point, Inherited]] = []
    has_children = {point.parent for point in outline.points}
    for point in outline.points:
        above = inherited.get(point.parent, inherited[-1])
        opens = (point.heading or point.lead_in) and point.index in has_children
        field = None if point.is_table or point.heading else read_field(outline.text, point, context)
        if field:
            inherited[point.index] = above
            findings = _with_field(field, point, findings, origins, outline)
            continue
        if point.is_table or point.role in SILENT_ROLES:
            inherited[point.index] = above if not opens else _opened(outline, point, above, context)
            continue
        if opens:
            before = _before_opening(outline, point, above, context)
            findings += before
            origins += [point.index] * len(before)
            inherited[point.index] = _opened(outline, point, _carried(above, before), context)
            if point.lead_in:
                openers.append((point, above))
            continue
        found = [] if point.heading or _is_caption(outline, point) else _point_tasks(outline, point, above, context)
        findings += found
        origins += [point.index] * len(found)
        inherited[point.index] = _carried(above, found)
    findings += _childless(outline, openers, findings, context)
    return sorted(findings, key=lambda finding: finding.passage.start)


def _with_field(
    field: Field, point: Point, findings: list[Finding], origins: Sequence[int], outline: Outline
) -> list[Finding]:
    """Give a field line to the tasks before it that stand under the same heading or point, back to the last field
    line of its kind."""
    first = len(findings)
    while first and _shares_section(outline.points[origins[first - 1]], point, outline):
        if any(rule == field.rule for rule in findings[first - 1].rules):
            break
        first -= 1
    return findings[:first] + apply_field(field, findings[first:])


def _shares_section(task: Point, field: Point, outline: Outline) -> bool:
    if task.parent == field.parent or task.index == field.parent:
        return True
    return any(ancestor.index == field.parent for ancestor in outline.ancestors(task)) and field.parent >= 0


def _childless(
    outline: Outline, openers: Sequence[tuple[Point, Inherited]], findings: Sequence[Finding], context: Context
) -> list[Finding]:
    """Return the lead-ins below which no task was found: they are tasks themselves, and what follows is their list."""
    found: list[Finding] = []
    starts = [finding.passage.start for finding in findings]
    for point, above in openers:
        end = _subtree_end(outline, point)
        if bisect.bisect_left(starts, point.span.start) == bisect.bisect_left(starts, end):
            last = sentences(outline.text, point.body, outline.language)[-1]
            found += _span_tasks(outline, point, last, above, context)
    return found


def _subtree_end(outline: Outline, point: Point) -> int:
    """Return where the last point below this one ends."""
    inside, end = {point.index}, point.span.end
    for other in outline.points[point.index + 1 :]:
        if other.parent not in inside:
            break
        inside.add(other.index)
        end = other.span.end
    return end


def _is_caption(outline: Outline, point: Point) -> bool:
    """Tell whether a paragraph is a title or caption: unnumbered, short, no full stop, in no list."""
    body = point.body.of(outline.text)
    listed = point.parent >= 0 and (outline.points[point.parent].lead_in or outline.points[point.parent].style)
    return not (point.style or listed or body.endswith((".", ";", ":", "!"))) and len(body.split()) <= _CAPTION_WORDS


def _before_opening(outline: Outline, point: Point, above: Inherited, context: Context) -> list[Finding]:
    """Return the tasks of a lead-in's sentences before the one that ends in a colon."""
    if not point.lead_in:
        return []
    last = sentences(outline.text, point.body, outline.language)[-1]
    before = Span(point.body.start, last.start)
    return _span_tasks(outline, point, before, above, context) if before.start < before.end else []


def _carried(above: Inherited, found: Sequence[Finding]) -> Inherited:
    """A point with sub-points passes on its own lead ("Giao Sở X ...: - ...") where it names one."""
    if not found or not found[0].leads:
        return above
    return replace(above, leads=found[0].leads, commands=True, addressed=False)


def _opened(outline: Outline, point: Point, above: Inherited, context: Context) -> Inherited:
    """Read a heading or lead-in: the units and deadlines it names hold for what is below."""
    text = point.body.of(outline.text)
    deadlines = _passed_on(_shift(find_deadlines(text, context), point.body.start), point)
    last = sentences(outline.text, point.body, outline.language)[-1]
    sentence = last.of(outline.text)
    assignment = analyse(sentence, find_deadlines(sentence, context), context)
    leads, rules, addressed = above.leads, above.rules, above.addressed and assignment is None and not point.heading
    coordinators = above.coordinators
    if assignment and assignment.leads and _passes_leads(assignment, point, above, sentence):
        leads, rules = _moved(assignment.leads, last.start), (assignment.rule,)
        addressed = len(sentence[assignment.action :].split()) < _SHORTEST_ACTION
    else:
        whole = _whole_units(text, point, context)
        if whole:
            leads, rules, addressed = _moved(whole, point.body.start), (f"{outline.language}.heading.units",), True
    if assignment and assignment.coordinators:
        coordinators = _moved(assignment.coordinators, last.start)
    elif leads != above.leads:
        coordinators = ()
    commands = point.role == "tasks" or leads != above.leads or above.commands and not point.heading
    commands = commands or point.lead_in and (bool(assignment) or _is_command(text, outline))
    items = point.lead_in and bool(_item_cue(outline.language).search(text))
    return Inherited(leads, coordinators, deadlines or above.deadlines, rules, commands, items, addressed)


def _passed_on(deadlines: tuple[Deadline, ...], point: Point) -> tuple[Deadline, ...]:
    """Return the deadlines that hold below: a heading may speak of what is monthly without setting a limit."""
    return tuple(deadline for deadline in deadlines if point.lead_in or deadline.kind in ("date", "period", "relative"))


def _passes_leads(assignment: Assignment, point: Point, above: Inherited, sentence: str) -> bool:
    """Tell whether the units of a lead-in hold below it: not those through whom somebody acts, nor the issuer's own
    ("the Committee issues this plan as follows:")."""
    if point.role == "basis":
        return assignment.kind == "assign"
    if point.heading and not point.lead_in:
        return not sentence[assignment.action :].strip()
    return not (assignment.kind == "direct" and above.leads)


def _whole_units(text: str, point: Point, context: Context) -> tuple[UnitName, ...]:
    """Return the units of a heading that names units and nothing else ("2. Bộ Y tế:"), or "duties of <unit>"."""
    lists = find_unit_lists(text, context.language, context.acronyms)
    if not lists:
        return ()
    rest = (text[: lists[0].span.start] + text[lists[-1].span.end :]).strip(" :.,;-–—")
    rest = _heading_words(context.language).sub("", rest).strip(" :.,;-–—()")
    if not rest:
        return tuple(name for found in lists for name in found.names)
    if lists[0].span.start == 0 and len(lists) == 1 and len(text.split()) <= _NAME_WORDS:
        return split_units(text.rstrip(" :."), context.language)
    return ()


@functools.cache
def _heading_words(language: str) -> re.Pattern[str]:
    rules = lexicon.load(language, "assignments")  # type: ignore[arg-type]
    words = rules.words.get("headingwords", ()) or ("\0",)
    return re.compile(rf"(?<!\w){lexicon.alternatives(words)}(?!\w)", re.IGNORECASE)


@functools.cache
def _item_cue(language: str) -> re.Pattern[str]:
    """What a lead-in says when the points below it are tasks even where they hold no verb of duty."""
    rules = lexicon.load(language, "assignments")  # type: ignore[arg-type]
    return rules.pattern(r"(?<!\w){itemcue}\W*:\s*$")


def _is_command(text: str, outline: Outline) -> bool:
    return bool(_cue(outline.language).search(text))


@functools.cache
def _cue(language: str) -> re.Pattern[str]:
    return lexicon.load(language, "assignments").pattern(r"(?<!\w){leadcue}(?!\w)")  # type: ignore[arg-type]


def _shift(deadlines: Sequence[Deadline], offset: int) -> tuple[Deadline, ...]:
    return tuple(replace(deadline, span=deadline.span.shifted(offset)) for deadline in deadlines)


def _moved(names: Sequence[UnitName], offset: int) -> tuple[UnitName, ...]:
    return tuple(UnitName(name.name, name.span.shifted(offset)) for name in names)


def _point_tasks(outline: Outline, point: Point, above: Inherited, context: Context) -> list[Finding]:
    return _span_tasks(outline, point, point.body, above, context)


def _span_tasks(outline: Outline, point: Point, span: Span, above: Inherited, context: Context) -> list[Finding]:
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
def _joiner(language: str) -> re.Pattern[str]:
    words = lexicon.load(language, "units").words["joiners"]  # type: ignore[arg-type]
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
def _anaphora(language: str) -> re.Pattern[str]:
    rules = lexicon.load(language, "assignments")  # type: ignore[arg-type]
    words = rules.words.get("anaphora", ()) or ("\0",)
    return re.compile(rf"\W*{lexicon.alternatives(words)}(?!\w)", re.IGNORECASE)


def _extended(finding: Finding, sentence: Span, deadlines: Sequence[Deadline]) -> Finding:
    own = (*_shift(deadlines, sentence.start), *(finding.deadlines if finding.dated else ()))
    dated = finding.dated or bool(deadlines)
    return replace(finding, deadlines=own if dated else finding.deadlines, dated=dated, passage=Span(finding.passage.start, sentence.end))


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
    if not _is_task(assignment, point, above, follows, _has_day(deadlines)):
        return None
    own = _moved(assignment.leads, sentence.start) if assignment else ()
    leads = above.leads if kind == "direct" and above.leads else own or above.leads
    start = sentence.start + (assignment.action if assignment else 0)
    if len(Span(start, sentence.end).of(outline.text).split()) < _SHORTEST_ACTION:
        return None
    confidence = _CONFIDENCE[kind] - (0 if leads else _WITHOUT_LEAD) - (_SOFT if assignment and assignment.soft else 0)
    return Finding(
        action=Span(start, sentence.end),
        passage=sentence,
        section=outline.section(point),
        leads=leads,
        coordinators=_coordinators(assignment, sentence, leads, above),
        deadlines=_shift(deadlines, sentence.start) or above.deadlines,
        confidence=round(max(confidence, 0.05), 2),
        named=bool(own),
        dated=bool(deadlines),
        rules=((assignment.rule,) if assignment else (f"{outline.language}.list.item",)) + (() if own else above.rules),
    )


def _coordinators(
    assignment: Assignment | None, sentence: Span, leads: Sequence[UnitName], above: Inherited
) -> tuple[UnitName, ...]:
    """Return who assists by the sentence itself and by the lead-in above it."""
    own = _moved(assignment.coordinators, sentence.start) if assignment else ()
    inherited = above.coordinators if not (assignment and assignment.leads) else ()
    taken = {unit.name for unit in (*leads, *own)}
    return (*own, *(unit for unit in inherited if unit.name not in taken))


def _is_task(assignment: Assignment | None, point: Point, above: Inherited, follows: bool, dated: bool) -> bool:
    if assignment is None:
        return not follows and above.commands and (above.items and bool(point.style) or above.addressed)
    if assignment.kind == "present":
        return above.commands or bool(above.leads)
    if assignment.kind == "passive":
        return (above.commands or bool(above.leads)) and (dated or not follows)
    return True
