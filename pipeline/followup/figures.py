"""What a follow-up meeting looks at on a day: the counts by unit, the tasks behind them, months and loads. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pipeline.register import Row
from pipeline.status import NOTHING_SAID, Progresses, Standing, counted_rows, leads, next_day, standing, state_of

if TYPE_CHECKING:
    from models.store import Progress

COLUMNS = (  # of the register: all that is needed here
    "task_id",
    "document_id",
    "document_number",
    "document_title",
    "task",
    "lead_unit",
    "lead_unit_id",
    "deadline_text",
    "deadline_kind",
    "start_date",
    "due_date",
    "recurrence",
    "review_status",
    "same_as",
)
LISTED = ("overdue", "week", "month", "recurring", "later", "undated", "done", "dropped")
MONTHS = 12  # of the chart, the current one included
_OPEN = ("overdue", "week", "month", "later", "recurring", "undated")


@dataclass(frozen=True, slots=True)
class Item:
    """A task in a list: its row, the day it is due or falls next, and what was said of its doing."""

    row: Row
    day: date | None
    progress: Progress | None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """How things stand on a day, in all or for one unit.

    `lists` holds the tasks by state, earliest first; `months` the first day of each month and how many open tasks fall
    due in it, `overdue` and `beyond` how many before and after these; `loads` the standings of the units that have
    something open, most first.
    """

    on: date
    unit: str
    standings: tuple[Standing, ...]
    lists: Mapping[str, tuple[Item, ...]]
    months: tuple[tuple[date, int], ...]
    overdue: int
    beyond: int
    loads: tuple[Standing, ...]

    @property
    def all(self) -> Standing:
        return self.standings[-1]


def follow_up(rows: Iterable[Row], on: date, progress: Progresses = NOTHING_SAID, unit: str = "") -> FollowUp:
    """Return how the tasks stand, or those that a unit (by name or id) leads."""
    wanted = " ".join(unit.split()).casefold()
    own = [row for row in counted_rows(rows) if not wanted or _is_led_by(row, wanted)]
    standings = [each for each in standing(own, on, progress) if not wanted or _is_wanted(each, wanted)]
    lists: dict[str, list[Item]] = {state: [] for state in LISTED}
    for row in own:
        state = state_of(row, on, progress)
        lists[state].append(_item(row, state, on, progress))
    months, beyond = _months([item for state in ("week", "month", "later") for item in lists[state]], on)
    return FollowUp(
        on=on,
        unit=" ".join(unit.split()),
        standings=tuple(standings),
        lists={state: tuple(sorted(items, key=_earliest)) for state, items in lists.items()},
        months=months,
        overdue=len(lists["overdue"]),
        beyond=beyond,
        loads=_loads(standings[:-1]),
    )


def open_tasks(each: Standing) -> int:
    """Return how many tasks of a unit are still to be done."""
    return sum(each.counts[state] for state in _OPEN)


def _is_led_by(row: Row, wanted: str) -> bool:
    return any(wanted in (key.casefold(), name.casefold()) for key, name in leads(row))


def _is_wanted(each: Standing, wanted: str) -> bool:
    return each.key == "*" or wanted in (each.key.casefold(), each.unit.casefold())


def _item(row: Row, state: str, on: date, progress: Progresses) -> Item:
    due = date.fromisoformat(row["due_date"]) if row["due_date"] else None
    day = next_day(row, on, progress) if state == "recurring" else due
    return Item(row, day, progress.get(row["task_id"]))


def _earliest(item: Item) -> tuple[date, str]:
    return item.day or date.max, item.row["document_number"]


def _months(items: Iterable[Item], on: date) -> tuple[tuple[tuple[date, int], ...], int]:
    counts = Counter(item.day.replace(day=1) for item in items if item.day)
    numbers = range(on.year * 12 + on.month - 1, on.year * 12 + on.month - 1 + MONTHS)
    months = [date(number // 12, number % 12 + 1, 1) for number in numbers]
    return tuple((month, counts[month]) for month in months), counts.total() - sum(counts[month] for month in months)


def _loads(units: Sequence[Standing]) -> tuple[Standing, ...]:
    return tuple(sorted((each for each in units if open_tasks(each)), key=lambda each: (-open_tasks(each), each.unit)))
