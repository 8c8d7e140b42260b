"""What the prose and table readers hand to linking: a task found, before it has an id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors.unitwords import UnitName
from models.records import Deadline, Span

SHORTEST_ACTION = 3  # words; fewer are a label, not a task
SHORTEST_OF_UNIT = 2  # the same behind a unit that the sentence itself tells to act


@dataclass(frozen=True, slots=True)
class Finding:
    """A task as found in one place of the document. All spans are of the document's text.

    `action` is the task's own words, `passage` the whole point, sentence or row that says so, `parent` the action of
    the task of which this one is a part, `also_at` where the document says the same once more. Deadlines stand in the
    order of their weight: the task's own before inherited ones. `named` and `dated` tell whether lead and deadline are
    the task's own or inherited, `kind` is that of the frame that took it (see `Assignment`), empty where none did.
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
    also_at: tuple[Span, ...] = ()
    named: bool = False
    dated: bool = False
    origin: str = "prose"
    kind: str = ""


def shifted(deadlines: Sequence[Deadline], offset: int) -> tuple[Deadline, ...]:
    """Return deadlines found in a passage with their spans in the text the passage stands in."""
    return tuple(replace(deadline, span=deadline.span.shifted(offset)) for deadline in deadlines)


def moved(names: Sequence[UnitName], offset: int) -> tuple[UnitName, ...]:
    """Return units found in a passage with their spans in the text the passage stands in."""
    return tuple(UnitName(name.name, name.span.shifted(offset)) for name in names)
