"""The role of a section, told by its heading and holding for what is below: aims, legal bases, results, tasks ..."""

from __future__ import annotations

from dataclasses import replace

from extractors import lexicon
from extractors.points import Point
from extractors.segments import HEADING_WORDS
from models.records import Language

_TITLE_WORDS = 5


def with_roles(points: list[Point], text: str, language: Language) -> list[Point]:
    """Give each point its own role, else that of the section it stands in, else that of the rest of the paper."""
    result: list[Point] = []
    rest = ("", "", "")
    for point in points:
        own = _own_role(point, text, language)
        if own[2] == "rest":
            rest = own
        elif point.style == "annex" or (point.heading and not point.style and own[0]):
            rest = ("", "", "")
        above = result[point.parent] if point.parent >= 0 else None
        if not own[0] and above and _passes_role(above):
            own = (above.role, above.role_rule, above.role_scope)
        role, rule, scope = own if own[0] else rest
        result.append(replace(point, role=role, role_rule=rule, role_scope=scope))
    return result


def _passes_role(point: Point) -> bool:
    """Tell whether a point's role holds for what is below it: a legal basis that ends in "orders:" is over there."""
    return point.role_scope in ("section", "lead-in", "rest") or (point.lead_in and point.role not in ("", "basis"))


def _own_role(point: Point, text: str, language: Language) -> tuple[str, str, str]:
    """Return role, rule id and scope that the point's own words give it: "section" for what stands below a heading,
    "lead-in" below a sentence that ends in a colon, "paragraph" for itself, "rest" for all that follows."""
    if point.is_table:
        return "", "", ""
    body = point.body.of(text)[:600]
    for rule in lexicon.load(language, "structure").rules:
        scope = rule.values.get("scope", "section")
        if scope == "section" and not (point.heading or (point.lead_in and len(body.split()) <= HEADING_WORDS)):
            continue
        if scope == "lead-in" and not point.lead_in:
            continue
        if rule.pattern.match(body):
            return rule.values["role"], rule.id, scope
    return "", "", ""


def is_section_title(point: Point, text: str, language: Language) -> bool:
    """Tell whether an unnumbered line with a colon is a section's title by its words alone ("Required actions:")."""
    body = point.body.of(text)
    if point.is_table or point.style or not body.endswith(":") or len(body.split()) > _TITLE_WORDS:
        return False
    rules = lexicon.load(language, "structure").rules
    return any(rule.values.get("scope", "section") == "section" and rule.pattern.match(body) for rule in rules)
