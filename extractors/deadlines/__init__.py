"""Deadlines in running text and in the cells of a column that holds them, with the days or recurrence they name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extractors.base import Context
from extractors.deadlines.evaluate import Read, evaluate, is_past
from extractors.deadlines.grammar import Grammar, grammar_of, lower
from extractors.deadlines.years import YEAR_INFERRED, Setting
from models.records import Deadline, Span

HALF_UNDERSTOOD = "deadline-half-understood"
_WHOLE_YEAR = 364
_NEAR = 60
_STANDING = ("recurring", "ongoing", "relative")
_WEIGHT = {"date": 0, "period": 1, "relative": 2, "recurring": 3, "event": 4, "ongoing": 5, "none": 6}


def find_deadlines(text: str, context: Context) -> tuple[Deadline, ...]:
    """Return the deadlines of a passage of running text, in text order; spans are of the text."""
    found = _read(text, Setting(grammar_of(context.language), context))
    return tuple(deadline for deadline in found if not is_past(deadline, context.document_date))


def read_deadline_cell(text: str, context: Context) -> tuple[Deadline, ...]:
    """Return the deadlines of a cell that holds them: bare values count, what is not understood is kept as words."""
    rules = grammar_of(context.language)
    found = _read(text, Setting(rules, context, cell=True))
    return _doubted(found, text, rules) if found else _not_understood(text, rules)


def primary(deadlines: Sequence[Deadline]) -> Deadline | None:
    """Return the deadline of a task that goes into its row: the binding one, among equals the first."""
    if len(deadlines) < 2:
        return deadlines[0] if deadlines else None
    first = min(deadlines, key=_weight)
    if first.kind == "date" and first.bound == "from":  # "from 1 March, report every month"
        standing = min((d for d in deadlines if d.kind in _STANDING), key=_weight, default=None)
        return replace(standing, start=first.start) if standing else first
    return first


def _weight(deadline: Deadline) -> tuple[int, int]:
    """A limit on some day goes before a whole year, both before what has no day; "during the year" says least."""
    whole_year = bool(deadline.start and deadline.due and (deadline.due - deadline.start).days >= _WHOLE_YEAR)
    if whole_year and YEAR_INFERRED in deadline.reasons:
        return _WEIGHT["none"], 0
    if deadline.kind == "relative" and not deadline.due:  # "every term, with the results within 15 days of its end"
        return _WEIGHT["recurring"], 3
    return _WEIGHT[deadline.kind], 2 * (deadline.kind == "date" and not deadline.due) + whole_year


def _read(text: str, setting: Setting) -> tuple[Deadline, ...]:
    deadlines: list[Deadline] = []
    for found in setting.grammar.scan(text, cell=setting.cell):
        read = evaluate(Read(found, setting, text))
        if "then" in found.groups and read and deadlines and _continues(deadlines[-1], read[0], text):
            deadlines[-1] = _joined(deadlines[-1], read[0], text)
        else:
            before = deadlines[-1] if deadlines else None
            deadlines += [_yearly_too(deadline, before, text) for deadline in read] if before else read
    return tuple(deadlines)


def _yearly_too(deadline: Deadline, before: Deadline, text: str) -> Deadline:
    """Read the second day of "by 20 November every year, and to the board by 5 December" as of every year too."""
    day = deadline.due
    one_day = deadline.kind == "date" and deadline.bound != "from" and deadline.start in (None, day)
    yearly = before.recurrence.startswith("FREQ=YEARLY;BYMONTH=")
    if not (day and one_day and yearly and YEAR_INFERRED in deadline.reasons):
        return deadline
    if not _in_one_clause(before, deadline, text):
        return deadline
    rule = f"FREQ=YEARLY;BYMONTH={day.month};BYMONTHDAY={day.day}"
    reasons = tuple(reason for reason in deadline.reasons if reason != YEAR_INFERRED)
    return replace(deadline, kind="recurring", start=None, due=None, recurrence=rule, reasons=reasons)


def _continues(first: Deadline, then: Deadline, text: str) -> bool:
    """Tell whether "and quarterly thereafter" goes on from a deadline just before it."""
    near = then.span.start - first.span.end <= _NEAR
    return first.kind in ("date", "relative") and near and _in_one_clause(first, then, text)


def _in_one_clause(first: Deadline, then: Deadline, text: str) -> bool:
    return not set(".;:") & set(text[first.span.end : then.span.start])


def _joined(first: Deadline, then: Deadline, text: str) -> Deadline:
    """Make one recurring deadline that starts with the first."""
    span = Span(first.span.start, then.span.end)
    reasons = tuple(dict.fromkeys((*first.reasons, *then.reasons)))
    return replace(then, span=span, text=span.of(text), start=first.due, base=first.base, reasons=reasons)


def _doubted(found: tuple[Deadline, ...], text: str, rules: Grammar) -> tuple[Deadline, ...]:
    """Flag what was read from a cell whose other words speak of time too."""
    rest = list(text)
    for deadline in found:
        rest[deadline.span.start : deadline.span.end] = " " * (deadline.span.end - deadline.span.start)
    if not re.search(rules.settings["looks_like_time"], lower("".join(rest))):
        return found
    return tuple(replace(deadline, reasons=(*deadline.reasons, HALF_UNDERSTOOD)) for deadline in found)


def _not_understood(text: str, rules: Grammar) -> tuple[Deadline, ...]:
    """Keep the words of a cell that speaks of time in a way no rule knows."""
    words = text.strip()
    if not re.search(rules.settings["looks_like_time"], lower(words)):
        return ()
    start = text.index(words)
    return (Deadline("none", words, Span(start, start + len(words)), reasons=(HALF_UNDERSTOOD,)),)
