"""How sure a row is: the shares of tasks, leads and deadlines of its kind that were right on annotated documents.

The figures are rounded shares over the development documents and the project's corpus; they are few, so that they hold
for documents of others too. A row's confidence is the share of rows like it that are right as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import prod

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
# Of the tasks found, the share whose lead is right, by where the lead stands.
_LEAD = {"missing": 0.6, "inferred": 0.45, "text": 0.93, "cell": 0.98}
# Of the tasks found, the share whose deadline is right, by what is doubtful about it.
_DEADLINE = {
    "deadline-base-missing": 0.55,
    "deadline-vague": 0.6,
    "deadline-half-understood": 0.6,
    "deadline-year-missing": 0.6,
    "deadline-hard-to-read": 0.7,
    "deadline-year-inferred": 0.94,
}
_SILENT = 0.94
_DATED = 0.98
_TROUBLED_PAGE = 0.5  # the confidence left on a page of which nothing could be read well


def row_confidence(finding: Finding, deadline: Deadline | None, page_quality: float) -> float:
    """Return the share of rows like this one that are right as a whole, 0 to 1; `page_quality` is 0 to 1."""
    page = min(1.0, _TROUBLED_PAGE + page_quality * (1 - _TROUBLED_PAGE))
    return round(finding.confidence * _LEAD[_lead_place(finding)] * _deadline_share(finding, deadline) * page, 2)


def is_inferred(finding: Finding) -> bool:
    """Tell whether the lead stands nowhere near the task: it is the addressee, or the only unit told to do anything."""
    return any(rule.endswith((".letter.addressee", ".document.only-lead")) for rule in finding.rules)


def _lead_place(finding: Finding) -> str:
    if not finding.leads:
        return "missing"
    if is_inferred(finding):
        return "inferred"
    return "cell" if finding.origin == "table" and finding.named else "text"


def _deadline_share(finding: Finding, deadline: Deadline | None) -> float:
    if deadline is None:
        return _DATED if finding.origin == "table" else _SILENT
    return _DATED * _least(_DEADLINE.get(reason, 1.0) for reason in deadline.reasons)


def _least(shares: Iterable[float]) -> float:
    return prod(sorted(shares)[:1])
