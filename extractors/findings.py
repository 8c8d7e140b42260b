"""What the prose and table readers hand to linking: a task found, before it has an id."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.units import UnitName
from models.records import Deadline, Span


@dataclass(frozen=True, slots=True)
class Finding:
    """A task as found in one place of the document. All spans are of the document's text.

    `action` is the task's own words, `passage` the whole point, sentence or row that says so. Deadlines stand in the
    order of their weight: the task's own before inherited ones. `named` and `dated` tell whether lead and deadline are
    the task's own or inherited.
    """

    action: Span
    passage: Span
    section: str
    leads: tuple[UnitName, ...]
    coordinators: tuple[UnitName, ...]
    deadlines: tuple[Deadline, ...]
    confidence: float
    rules: tuple[str, ...]
    reasons: tuple[str, ...] = ()
    deliverable: str = ""
    parent: Span | None = None
    named: bool = False
    dated: bool = False
    origin: str = "prose"
