"""Tasks in running text: which sentences of which points give one, and what they inherit from what stands above."""

from __future__ import annotations

import bisect
from collections.abc import Sequence

from extractors.base import Context
from extractors.clauses import point_tasks, span_tasks
from extractors.fields import Field, apply_field, read_field
from extractors.findings import Finding
from extractors.openings import SILENT_ROLES, Inherited, addressed_to, carried_by, opened
from extractors.points import Outline, Point
from extractors.sentences import sentences
from models.records import Span

_CAPTION_WORDS = 40


def find_prose_tasks(outline: Outline, context: Context, addressees: Sequence[str] = ()) -> list[Finding]:
    """Return the tasks of the document's paragraphs, in text order; whom nothing else names, the addressees do."""
    inherited: dict[int, Inherited] = {-1: addressed_to(addressees, context)}
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
            inherited[point.index] = above if not opens else opened(outline, point, above, context)
            continue
        if opens:
            before = _before_opening(outline, point, above, context)
            findings += before
            origins += [point.index] * len(before)
            inherited[point.index] = opened(outline, point, carried_by(above, before), context)
            if point.lead_in:
                openers.append((point, above))
            continue
        found = [] if point.heading or _is_caption(outline, point) else point_tasks(outline, point, above, context)
        findings += found
        origins += [point.index] * len(found)
        inherited[point.index] = carried_by(above, found)
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
            found += span_tasks(outline, point, last, above, context)
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
    return span_tasks(outline, point, before, above, context) if before.start < before.end else []
