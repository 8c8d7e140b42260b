"""The page of what is learnt: how right the machine was, as people's corrections tell, in shares that anybody reads."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from models.records import LANGUAGES, Language
from models.store import ROW, WHOLE, Statistic, Store, User, correction_statistics, last_action
from pipeline.review.rendering import page
from pipeline.review.sessions import Reader, language_of
from pipeline.review.waiting import beside
from pipeline.review.wording import say, words

router = APIRouter()
# What is told over time and by language, and of the cells one by one.
_COLUMNS = (ROW, WHOLE, "task", "lead_unit", "deadline")
_CELLS = (*_COLUMNS, "coordinating_units", "deliverable", "references")
_WORST = 20  # rules shown


@dataclass(frozen=True, slots=True)
class Share:
    """How often the machine was right, of how many times; `missed` are tasks that people had to add."""

    right: int = 0
    of: int = 0
    missed: int = 0

    @property
    def percent(self) -> int:
        """The share in percent, rounded down, so that only what is wholly right says 100."""
        return 100 * self.right // self.of if self.of else 0


@router.get("/learnt")
async def learnt(request: Request, user: Reader) -> Response:
    """Show how right the machine was."""
    return await beside(request, _learnt, request, user)


def _learnt(request: Request, user: User) -> Response:
    store: Store = request.app.state.desk.store
    statistics, language = _statistics(store, last_action(store)), language_of(request)
    return page(request, "learnt.html", user, **tables(statistics, language), columns=_COLUMNS, cells=_CELLS)


@functools.lru_cache(maxsize=2)
def _statistics(store: Store, _last: int) -> tuple[Statistic, ...]:
    return tuple(correction_statistics(store))


def tables(statistics: Sequence[Statistic], language: Language) -> dict[str, Any]:
    """Return the shares in all, by cell, by month (latest first), by language, and of the rules that erred most."""
    once = _once(statistics)
    by_cell = _shares(once, lambda one: one.cell)
    months = sorted({one.month for one in once}, reverse=True)
    spoken = [name for name in LANGUAGES if any(one.language == name for one in once)]
    return {
        "by_cell": by_cell,
        "seen": by_cell.get(ROW, Share()),
        "by_month": [(_month(month, language), _part(once, "month", month)) for month in months],
        "by_language": [(say(language, f"language-{name}"), _part(once, "language", name)) for name in spoken],
        "by_rule": _worst_rules(statistics),
    }


def _once(statistics: Iterable[Statistic]) -> list[Statistic]:
    """Return what counts a row or cell once: what was made by several rules stands under all of them together."""
    return [one for one in statistics if one.rule == ""]


def _part(statistics: Iterable[Statistic], field: str, value: str) -> Mapping[str, Share]:
    return _shares((one for one in statistics if getattr(one, field) == value), lambda one: one.cell)


def _shares(statistics: Iterable[Statistic], key: Callable[[Statistic], Any]) -> dict[Any, Share]:
    found: dict[Any, Share] = {}
    for one in statistics:
        old = found.get(key(one), Share())
        found[key(one)] = Share(old.right + one.right, old.of + one.right + one.wrong, old.missed + one.missed)
    return found


def _worst_rules(statistics: Iterable[Statistic]) -> list[tuple[str, str, Share]]:
    """Return (rule, cell, share) of the rules that were wrong most often."""
    told = [one for one in statistics if one.rule and one.cell != WHOLE]
    shares = _shares(told, lambda one: (one.rule, one.cell))
    wrong = [(rule, cell, share) for (rule, cell), share in shares.items() if share.right < share.of]
    return sorted(wrong, key=lambda one: (one[2].right - one[2].of, one[2].percent, one[0], one[1]))[:_WORST]


def _month(month: str, language: Language) -> str:
    year, number = month.split("-")
    return say(language, "month-of-year", month=words()[language]["months-alone"][int(number) - 1], year=year)
