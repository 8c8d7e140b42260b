"""How the tasks of a register stand on a day: done, overdue, due soon, later, undated; by unit and in all.

The terminal, the follow-up page and the report all say these figures.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from extractors.calendar import occurrences
from models.columns import SEPARATOR
from models.errors import message, message_parts
from models.records import Language
from pipeline.register import Row

if TYPE_CHECKING:
    from models.store import Progress

Progresses = Mapping[str, "Progress"]  # what people said of the doing of tasks, by task id
NOTHING_SAID: Progresses = {}
# In one of these each task is; `dropped` are those that people called not applicable.
STATES = ("done", "overdue", "week", "month", "later", "undated", "recurring", "dropped")
COUNTS = ("tasks", *STATES, "leadless")
_LONGEST_WAIT = timedelta(days=366 * 5)
_WIDEST = 48  # characters of a unit's name in the terminal


@dataclass(frozen=True, slots=True)
class Standing:
    """The counts of a unit's tasks by how they stand, and the next day on which a recurring one falls.

    `week` are those due within 7 days, today included, `month` those due in the 8th to the 30th, `leadless` those
    that name nobody who leads. Each task is in one of `STATES`. `key` is the id of the unit where one is known, else
    its name in small letters; it is empty for those without a lead, and `*` for all.
    """

    unit: str
    counts: dict[str, int]
    next_day: date | None = None
    key: str = ""


def standing(rows: Iterable[Row], on: date, progress: Progresses = NOTHING_SAID) -> list[Standing]:
    """Return how the units' tasks stand, in the order of their names, then those without a lead, then all.

    A task of several leads is counted with each of them, and once in all. Left out is what was rejected, and what is
    the same task as in a document known before.
    """
    counted = counted_rows(rows)
    groups: dict[str, tuple[str, list[Row]]] = {}
    for row in counted:
        for key, name in leads(row) or [("", "")]:
            groups.setdefault(key, (name, []))[1].append(row)
    groups = dict(sorted(groups.items(), key=lambda group: (not group[0], group[1][0].casefold())))
    groups["*"] = ("*", counted)
    return [_standing(key, name, own, on, progress) for key, (name, own) in groups.items()]


def counted_rows(rows: Iterable[Row]) -> list[Row]:
    """Leave out what people rejected, and what is the same task as in a document known before."""
    return [row for row in rows if row["review_status"] != "rejected" and not row["same_as"]]


def state_of(row: Row, on: date, progress: Progresses = NOTHING_SAID) -> str:
    """Return the one of `STATES` in which a task is; a recurring duty that was done once goes on."""
    said = progress[row["task_id"]].said.state if row["task_id"] in progress else ""
    recurs = row["deadline_kind"] == "recurring" or bool(row["recurrence"])
    if said == "not-applicable":
        return "dropped"
    if said == "done" and not (recurs and next_day(row, on, progress)):
        return "done"
    if recurs:
        return "recurring"
    if not row["due_date"]:
        return "undated"
    days = (date.fromisoformat(row["due_date"]) - on).days
    if days < 0:
        return "overdue"
    return "week" if days <= 7 else "month" if days <= 30 else "later"


def next_day(row: Row, on: date, progress: Progresses = NOTHING_SAID) -> date | None:
    """Return the next day on which a recurring task falls, after the one for which it was done; None where it has
    ended, or its rule can't be read."""
    start = max(on, date.fromisoformat(row["start_date"])) if row["start_date"] else on
    end = date.fromisoformat(row["due_date"]) if row["due_date"] else on + _LONGEST_WAIT
    said = progress[row["task_id"]].said if row["task_id"] in progress else None
    if said and said.done_on:
        start = max(start, date.fromisoformat(said.done_on) + timedelta(days=1))
    try:
        return next(occurrences(row["recurrence"], start, end), None) if row["recurrence"] else None
    except ValueError:
        return None


def table(standings: Sequence[Standing], language: Language) -> list[str]:
    """Return the lines of a table for the terminal."""
    heads = [message_parts(f"status-{name}", language)[0] for name in ("unit", *COUNTS, "next")]
    body = [_cells(each, language) for each in standings]
    widths = [max(map(len, column)) for column in zip(heads, *body, strict=True)]
    lines = [_line(cells, widths) for cells in (heads, *body)]
    rule = "-" * len(lines[0])
    return [lines[0], rule, *lines[1:-1], rule, lines[-1]]


def leads(row: Row) -> list[tuple[str, str]]:
    """Return key and name of the lead units: the key is the id where one is known, else the name in small letters."""
    names = [name for name in row["lead_unit"].split(SEPARATOR.strip()) if name.strip()]
    ids = row["lead_unit_id"].split(SEPARATOR.strip())
    ids += [""] * (len(names) - len(ids))
    pairs = ((unit_id.strip(), " ".join(name.split())) for unit_id, name in zip(ids, names, strict=False))
    return list({unit_id or unicodedata.normalize("NFC", name).casefold(): name for unit_id, name in pairs}.items())


def _standing(key: str, unit: str, rows: Sequence[Row], on: date, progress: Progresses) -> Standing:
    states = Counter(state_of(row, on, progress) for row in rows)
    counts = {"tasks": len(rows), **{name: states[name] for name in STATES}}
    counts["leadless"] = sum(not row["lead_unit"].strip() for row in rows)
    return Standing(unit, counts, min(_next_days(rows, on, progress), default=None), key)


def _next_days(rows: Iterable[Row], on: date, progress: Progresses) -> Iterator[date]:
    for row in rows:
        day = next_day(row, on, progress) if state_of(row, on, progress) == "recurring" else None
        if day:
            yield day


def progress_of(outputs: Path) -> dict[str, Progress]:
    """Return what people said of the doing of tasks; nothing where nobody reviews the register. Raises StoreError."""
    from pipeline.recorded import has_store, open_store_of

    if not has_store(outputs):
        return {}
    from models.store import close_store, current_progress

    store = open_store_of(outputs)
    try:
        return current_progress(store)
    finally:
        close_store(store)


def _cells(each: Standing, language: Language) -> list[str]:
    name = unit_name(each, language)
    name = name if len(name) <= _WIDEST else name[: _WIDEST - 1] + "…"
    counts = [str(each.counts[count] or "·") for count in COUNTS]
    return [name, *counts, day_text(each.next_day, language)]


def unit_name(each: Standing, language: Language) -> str:
    """Return what a line of the figures is called."""
    code = {"": "status-leadless", "*": "status-all"}.get(each.unit)
    return message(code, language) if code else each.unit


def day_text(day: date | None, language: Language) -> str:
    """Return a day as people write it in numbers; empty where there is none."""
    return day.strftime("%d.%m.%Y" if language == "ru" else "%d/%m/%Y") if day else ""


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    name, *others = cells
    right = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
    return "  ".join([name.ljust(widths[0]), *right]).rstrip()
