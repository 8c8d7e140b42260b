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
# What each sign adds to the logarithm of the odds that a row is right; other signs add nothing.
WEIGHTS: Mapping[str, float] = {}
CAUTION = 0.7  # taken off: documents of others hold what these did not
_SURE = 0.97
_DOUBTFUL = 0.62
_SHORT, _LONG = 40, 400  # characters of an action
_LONG_NAME = 10  # words of a unit's name
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
    if finding.confidence < _DOUBTFUL:
        yield "frame doubtful"
    yield f"lead {_lead_place(finding)}"
    if len(finding.leads) > 1:
        yield f"leads {finding.origin}"
    if any(len(unit.name.split()) > _LONG_NAME for unit in finding.leads):
        yield "lead long"
    length = finding.action.end - finding.action.start
    if not _SHORT <= length <= _LONG:
        yield "action short" if length < _SHORT else "action long"
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
