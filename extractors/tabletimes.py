"""When in a table: cells that hold part of the month or year that a column or row before them names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from extractors.base import Context
from extractors.calendar import occurrences
from extractors.deadlines import read_deadline_cell
from extractors.findings import shifted
from models.records import Cell, Deadline, Language


def says_less(found: Sequence[Deadline], frame: Sequence[Deadline]) -> bool:
    """Tell whether a cell says less of the time than the column of months or the year before it."""
    if not found or not frame:
        return bool(frame)
    held = {"recurring"} if _is_month(frame[0]) else {"recurring", "ongoing"}
    return not any(deadline.due or deadline.kind in held for deadline in found)


def is_frame(deadline: Deadline) -> bool:
    """Tell whether a deadline is a month or a whole year, within which a further column may say more."""
    due, start = deadline.due, deadline.start
    year = start and due and (start.month, start.day, due.month, due.day) == (1, 1, 12, 31)
    return _is_month(deadline) or (deadline.kind == "date" and bool(year))


def cell_deadlines(text: str, cell: Cell, frame: Sequence[Deadline], context: Context) -> tuple[Deadline, ...]:
    day = _day_of_month(text, cell, frame, context.language) or _part_of_month(text, cell, frame, context)
    return (day,) if day else shifted(read_deadline_cell(text, context), cell.start)


def _part_of_month(text: str, cell: Cell, frames: Sequence[Deadline], context: Context) -> Deadline | None:
    """Read a cell that holds part of a month ("first ten days", "last Friday of the month") in the month before it."""
    month = next((deadline for deadline in frames if _is_month(deadline)), None)
    if month is None or month.start is None or month.due is None:
        return None
    whole = read_deadline_cell(f"{month.text}, {text.strip()}", context)
    if len(whole) == 1 and len(whole[0].text) > len(month.text) and whole[0].due:
        return replace(whole[0], span=cell.span)
    alone = read_deadline_cell(text, context)
    weekday = len(alone) == 1 and "FREQ=MONTHLY;BYDAY=" in alone[0].recurrence
    days = list(occurrences(alone[0].recurrence, month.start, month.due)) if weekday else []
    if not days:
        return None
    return replace(month, text=f"{month.text}, {text.strip()}", span=cell.span, start=days[0], due=days[-1])


def _day_of_month(text: str, cell: Cell, frames: Sequence[Deadline], language: Language) -> Deadline | None:
    """Read a cell that holds only days ("25-26") in the month that a group row or the column before it names."""
    days = [int(number) for number in re.findall(r"\d+", text)]
    month = next((deadline for deadline in frames if _is_month(deadline)), None)
    if not days or month is None or month.due is None or not re.fullmatch(r"[\d\s.,;–—-]+", text):
        return None
    if not 1 <= min(days) <= max(days) <= month.due.day or len(days) > 31:
        return None
    first, last = month.due.replace(day=min(days)), month.due.replace(day=max(days))
    return Deadline(
        kind="date" if first == last else "period",
        text=f"{month.text}, {text.strip()}",
        span=cell.span,
        bound="in",
        start=first,
        due=last,
        rule=f"{language}.table.day-of-group-month",
        reasons=month.reasons,
    )


def _is_month(deadline: Deadline) -> bool:
    due, start = deadline.due, deadline.start
    if deadline.kind != "date" or due is None or (due + timedelta(days=1)).day != 1:
        return False
    return start is None or (start.year, start.month) == (due.year, due.month)
