"""Deadlines in running text and in the cells of a column that holds them, with the day, span or recurrence they name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extractors.base import Context
from extractors.deadlines.evaluate import Read, evaluate, is_past
from extractors.deadlines.grammar import Grammar, grammar
from extractors.deadlines.times import Setting
from models.records import Deadline, Span

HALF_UNDERSTOOD = "deadline-half-understood"
_WHOLE_YEAR = 364
_WEIGHT = {"date": 0, "period": 1, "relative": 2, "recurring": 3, "event": 4, "ongoing": 5, "none": 6}


def find_deadlines(text: str, context: Context) -> tuple[Deadline, ...]:
    """Return the deadlines of a passage of running text, in text order; spans are of the text."""
    found = _read(text, Setting(grammar(context.language), context))
    return tuple(deadline for deadline in found if not is_past(deadline, context.document_date))


def read_deadline_cell(text: str, context: Context) -> tuple[Deadline, ...]:
    """Return the deadlines of a cell that holds deadlines: bare values count, what isn't understood is kept as words."""
    rules = grammar(context.language)
    found = _read(text, Setting(rules, context, cell=True))
    return found or _not_understood(text, rules)


def primary(deadlines: Sequence[Deadline]) -> Deadline | None:
    """Return the deadline of a task that goes into its row: the binding one, among equals the first."""
    if not deadlines:
        return None
    return min(deadlines, key=_weight)


def _weight(deadline: Deadline) -> tuple[int, int]:
    """A limit on some day goes before a whole year, both before what has no day."""
    whole_year = bool(deadline.start and deadline.due and (deadline.due - deadline.start).days >= _WHOLE_YEAR)
    return _WEIGHT[deadline.kind], 2 * (deadline.kind == "date" and not deadline.due) + whole_year


def _read(text: str, setting: Setting) -> tuple[Deadline, ...]:
    found = setting.grammar.scan(text, cell=setting.cell)
    return tuple(deadline for frame in found for deadline in evaluate(Read(frame, setting, text)))


def _not_understood(text: str, rules: Grammar) -> tuple[Deadline, ...]:
    """Keep the words of a cell that speaks of time in a way no rule knows."""
    words = text.strip()
    pattern = rules.settings.get("looks_like_time")
    if not pattern or not re.search(pattern, words.lower()):
        return ()
    start = text.index(words)
    return (Deadline("none", words, Span(start, start + len(words)), reasons=(HALF_UNDERSTOOD,)),)
