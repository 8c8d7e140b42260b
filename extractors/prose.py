"""Tasks in running text: which sentences of which points give one, and what they inherit from what stands above."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from extractors.assignments import analyse
from extractors.base import Context
from extractors.cards import find_cards, with_fields
from extractors.clauses import point_tasks, span_tasks
from extractors.columns import read_columns
from extractors.findings import Finding
from extractors.grid import Grid
from extractors.openings import SILENT_ROLES, Inherited, addressed_to, carried_by, opened, whole_units
from extractors.points import Outline, Point
from extractors.sentences import sentences
from extractors.unitwords import UnitName
from models.records import Language, Span

_CAPTION_WORDS = 40
_SHORT_LIST = 60  # words
_LED_TASKS = 5  # from so many tasks with a lead on, a directive is one that names its leads
_HEADING_OF_UNITS = 14
_AGAIN = 2  # times a unit is named before it is taken for the one a document speaks to


@dataclass(slots=True)
class _Reading:
    """What has been read of a document so far; `origins` are the points the findings come from, `running` the leads
    that go on from paragraph to paragraph, by parent."""

    outline: Outline
    context: Context
    inherited: dict[int, Inherited]
    findings: list[Finding] = field(default_factory=list)
    origins: list[int] = field(default_factory=list)
    openers: list[tuple[Point, Inherited]] = field(default_factory=list)
    running: dict[int, tuple[UnitName, ...]] = field(default_factory=dict)

    def add(self, point: Point, found: Sequence[Finding]) -> None:
        """Add the findings of a point; the task of a point above it is their parent."""
        above = next((p.index for p in self.outline.ancestors(point) if p.index in self.origins), None)
        parent = None if above is None else self.findings[self.origins.index(above)].action
        self.findings += [replace(finding, parent=parent) for finding in found]
        self.origins += [point.index] * len(found)


def find_prose_tasks(outline: Outline, context: Context, addressees: Sequence[str] = ()) -> list[Finding]:
    """Return the tasks of the document's paragraphs, in text order; whom nothing else names, the addressees do."""
    reading = _Reading(outline, context, {-1: addressed_to(addressees, context)})
    cards = find_cards(outline, context)
    lines = {line for card in cards for line in card.lines}
    parents = {point.parent for point in outline.points}
    for point in outline.points:
        above = reading.inherited.get(point.parent, reading.inherited[-1])
        if point.index in lines:
            reading.inherited[point.index] = above
            continue
        opens = point.index in parents and (point.heading or point.lead_in or _names_units(point, outline, context))
        reading.inherited[point.index] = _read_point(reading, point, above, opens)
    reading.findings = with_fields(cards, reading.findings, reading.origins, outline)
    reading.findings += _childless(outline, reading.openers, reading.findings, context)
    findings = _without_orientation(sorted(reading.findings, key=lambda finding: finding.passage.start))
    return _with_only_lead(findings, context.language)


def _with_only_lead(findings: list[Finding], language: Language) -> list[Finding]:
    """Give what names nobody to the one whom the document names again and again, where it names nobody else."""
    leads = [finding.leads for finding in findings if finding.leads]
    names = {tuple(unit.name for unit in units) for units in leads}
    if len(names) != 1 or len(leads) < _AGAIN:
        return findings
    rule = f"{language}.document.only-lead"
    return [
        finding if finding.leads else replace(finding, leads=leads[0], rules=(*finding.rules, rule))
        for finding in findings
    ]


def _without_orientation(findings: list[Finding]) -> list[Finding]:
    """Drop what a directive that gives its tasks to units only says to everybody: no lead, no day, no verb of its own
    kind of product. Careful readers differ on such sentences; where nobody is named anywhere they are all there is."""
    led = sum(bool(finding.leads) for finding in findings)
    if led < _LED_TASKS:
        return findings
    return [finding for finding in findings if finding.leads or finding.deadlines]


def _names_units(point: Point, outline: Outline, context: Context) -> bool:
    """Tell whether a numbered point is the heading of a unit although it ends in a full stop ("3. UBND xã A.")."""
    body = point.body.of(outline.text)
    numbered = point.style and not point.style.startswith("bullet")
    if not numbered or point.role in SILENT_ROLES or len(body.split()) > _HEADING_OF_UNITS:
        return False
    if not whole_units(body, point, context):
        return False
    assignment = analyse(body, (), context)
    return assignment is None or not assignment.leads or not any(map(str.isalnum, body[assignment.action :]))


def _read_point(reading: _Reading, point: Point, above: Inherited, opens: bool) -> Inherited:
    """Read one point into the reading; returns what holds for the points below it."""
    outline, context = reading.outline, reading.context
    if point.is_table or point.role in SILENT_ROLES:
        if opens and point.role_scope == "lead-in" and not point.heading:
            reading.add(point, _before_opening(outline, point, above, context))
        if point.role_scope == "paragraph" and not opens:
            reading.add(point, _behind_first(outline, point, above, context))
        return opened(outline, point, above, context) if opens else above
    if opens:
        before = _before_opening(outline, point, above, context)
        reading.add(point, before)
        if point.lead_in:
            reading.openers.append((point, above))
        return opened(outline, point, carried_by(above, before), context)
    if point.heading or _is_caption(outline, point):
        return above
    found = point_tasks(outline, point, _with_running(reading, point, above), context)
    reading.add(point, found)
    return carried_by(above, found)


def _with_running(reading: _Reading, point: Point, above: Inherited) -> Inherited:
    """Let the lead of "Direct the Office: submit ..." run on over the unnumbered paragraphs that name nobody."""
    last = reading.findings[-1] if reading.findings else None
    if last and last.named and reading.outline.points[reading.origins[-1]].parent == point.parent:
        colon = reading.outline.text[: last.action.start].rstrip().endswith(":")
        reading.running[point.parent] = last.leads if colon else ()
    leads = reading.running.get(point.parent, ())
    return replace(above, leads=leads) if leads and not above.leads and not point.style else above


def _childless(
    outline: Outline, openers: Sequence[tuple[Point, Inherited]], findings: Sequence[Finding], context: Context
) -> list[Finding]:
    """Return the lead-ins below which no task was found: they are tasks themselves, and what follows is their list."""
    found: list[Finding] = []
    starts = [finding.passage.start for finding in findings]
    for point, above in reversed(openers):  # so that a lead-in knows where one below it begins
        end = _subtree_end(outline, point)
        if _holds_task_table(outline, point, end):
            continue
        if bisect.bisect_left(starts, point.span.start) == bisect.bisect_left(starts, end):
            end = min([end, *(task.passage.start for task in found if task.passage.start > point.span.start)])
            last = sentences(outline.text, point.body, outline.language)[-1]
            found += [_with_list(task, end, outline.text) for task in span_tasks(outline, point, last, above, context)]
    return found


def _holds_task_table(outline: Outline, point: Point, end: int) -> bool:
    """Tell whether a table of tasks stands below a lead-in: its rows are the tasks."""
    below = (other for other in outline.points[point.index + 1 :] if other.span.start < end)
    tables = (Grid(outline.text, other.block) for other in below if other.is_table)
    return any(read_columns(grid, outline.language) for grid in tables)


def _with_list(task: Finding, end: int, text: str) -> Finding:
    """Add the list below a lead-in to its task: to the passage always, to the task's own words where it is short."""
    action = Span(task.action.start, end)
    short = len(action.of(text).split()) <= _SHORT_LIST
    return replace(task, action=action if short else task.action, passage=Span(task.passage.start, end))


def _subtree_end(outline: Outline, point: Point) -> int:
    """Return where the last point below this one ends."""
    inside, end = {point.index}, point.span.end
    for other in outline.points[point.index + 1 :]:
        if other.parent not in inside:
            break
        inside.add(other.index)
        end = other.span.end
    return end


def _behind_first(outline: Outline, point: Point, above: Inherited, context: Context) -> list[Finding]:
    """Return what the sentences behind the first order of a unit by a day, where only the first tells that the
    paragraph gives no tasks ("Nothing in this order requires new funds. The Treasurer shall identify ...")."""
    rest = sentences(outline.text, point.body, outline.language)[1:]
    if not rest or point.role not in ("force", "definition"):
        return []
    reserved = replace(point, role="general")
    told = span_tasks(outline, reserved, Span(rest[0].start, rest[-1].end), above, context)
    return [task for task in told if task.dated]


def _is_caption(outline: Outline, point: Point) -> bool:
    """Tell whether a paragraph is a title or caption: unnumbered, short, one sentence without full stop, in no list."""
    body = point.body.of(outline.text)
    listed = point.parent >= 0 and (outline.points[point.parent].lead_in or outline.points[point.parent].style)
    ended = body.endswith((".", ";", ":", "!")) or len(sentences(outline.text, point.body, outline.language)) > 1
    return not (point.style or listed or ended) and len(body.split()) <= _CAPTION_WORDS


def _before_opening(outline: Outline, point: Point, above: Inherited, context: Context) -> list[Finding]:
    """Return the tasks of a lead-in's sentences before the one that ends in a colon."""
    if not point.lead_in:
        return []
    last = sentences(outline.text, point.body, outline.language)[-1]
    before = Span(point.body.start, last.start)
    return span_tasks(outline, point, before, above, context) if before.start < before.end else []
