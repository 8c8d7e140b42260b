"""How sure a row is: the share of rows with the same signs that were right as a whole on annotated documents.

The weights are logistic ones over the development documents and the project's corpus; `python -m
benchmarks.reliability` fits them and says what they are worth on documents that had no say in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import exp

from extractors.findings import Finding
from models.records import Deadline

# Of what a frame of this kind takes, the share that is a task; a rule of `assignments.toml` may name its own.
TASK = {
    "assign": 0.94,
    "subject": 0.9,
    "direct": 0.89,
    "imperative": 0.92,
    "present": 0.88,
    "passive": 0.58,
    "item": 0.6,
}
TABLE_ROW = 0.98
SOFT = 0.6
DOUBTFUL = 0.62  # a task of which a third of its kind are none
# What each sign adds to the logarithm of the odds that a row is right; other signs add nothing.
WEIGHTS: Mapping[str, float] = {
    "action short": -1.0,
    "deadline none prose": -0.8,
    "deadline none table": -0.3,
    "deadline passed down": -0.2,
    "deadline-before-document": -0.4,
    "deadline-half-understood": -0.5,
    "deadline-hard-to-read": -0.3,
    "deadline-vague": -0.4,
    "deadline-year-inferred": -0.4,
    "frame assign": 0.1,
    "frame direct": -0.5,
    "frame doubtful": -0.7,
    "frame imperative": 0.1,
    "frame passive": -0.1,
    "frame present": 0.1,
    "frame prose": -0.8,
    "frame subject": 0.4,
    "frame sure": 1.2,
    "frame table": 0.8,
    "lead inferred": -1.1,
    "lead missing": -0.3,
    "lead prose passed down": 0.8,
    "lead table own": 0.8,
    "lead table passed down": -0.2,
    "leads prose": -0.3,
    "leads table": 0.4,
    "row": 2.0,
}
CAUTION = 0.9  # taken off: documents of others hold what these did not
_SURE = 0.97  # the share of a rule that says itself how right it is
_SHORT = 40  # characters of an action
_TROUBLED_PAGE = 0.5  # the confidence left on a page of which nothing could be read well


def row_confidence(finding: Finding, deadline: Deadline | None, page_quality: float) -> float:
    """Return the share of rows like this one that are right as a whole, 0 to 1; `page_quality` is 0 to 1."""
    page = min(1.0, _TROUBLED_PAGE + page_quality * (1 - _TROUBLED_PAGE))
    odds = sum(WEIGHTS.get(sign, 0.0) for sign in signs(finding, deadline)) - CAUTION
    return round(page / (1 + exp(-odds)), 2)


def signs(finding: Finding, deadline: Deadline | None) -> Iterator[str]:
    """Yield what tells how sure a row is; the first holds for all."""
    yield "row"
    yield f"frame {finding.kind or finding.origin}"
    if finding.kind and finding.confidence >= _SURE:
        yield "frame sure"
    if finding.confidence < DOUBTFUL:
        yield "frame doubtful"
    yield f"lead {_lead_place(finding)}"
    if len(finding.leads) > 1:
        yield f"leads {finding.origin}"
    if finding.action.end - finding.action.start < _SHORT:
        yield "action short"
    if deadline is None:
        yield f"deadline none {finding.origin}"
    elif not finding.dated:
        yield "deadline passed down"
    yield from (*finding.reasons, *(deadline.reasons if deadline else ()))


def is_inferred(finding: Finding) -> bool:
    """Tell whether the lead stands nowhere near the task: it is the addressee, or the only unit told to do anything."""
    return any(rule.endswith((".letter.addressee", ".document.only-lead")) for rule in finding.rules)


def _lead_place(finding: Finding) -> str:
    if not finding.leads:
        return "missing"
    if is_inferred(finding):
        return "inferred"
    return f"{finding.origin} own" if finding.named else f"{finding.origin} passed down"
