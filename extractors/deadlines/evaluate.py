"""From a frame found in a text to deadlines: one small function a kind of rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from extractors.calendar import add_period
from extractors.deadlines.grammar import Found, Time
from extractors.deadlines.recurrence import recurrences
from extractors.deadlines.times import has_year, resolve, span_ends, year_of
from extractors.deadlines.years import VAGUE, Days, Setting
from models.records import Deadline, DeadlineBound, DeadlineKind

BEFORE_DOCUMENT = "deadline-before-document"
BASE_MISSING = "deadline-base-missing"
_SHORT_PAST = 60  # days
_SOON = 120
_YEAR = 365


@dataclass(frozen=True, slots=True)
class Read:
    """A frame and what it is read in; `text` is the text as given."""

    found: Found
    setting: Setting
    text: str

    @property
    def words(self) -> str:
        return self.found.span.of(self.text)

    def deadline(
        self,
        kind: DeadlineKind,
        *,
        bound: DeadlineBound = "",
        start: date | None = None,
        due: date | None = None,
        recurrence: str = "",
        base: str = "",
        reasons: tuple[str, ...] = (),
    ) -> Deadline:
        reasons = tuple(dict.fromkeys((*reasons, *self.found.rule.values.get("reasons", ()))))
        return Deadline(
            kind, self.words, self.found.span, bound, start, due, recurrence, base, self.found.rule.id, reasons
        )


def evaluate(read: Read) -> tuple[Deadline, ...]:
    """Return the deadlines a frame stands for: none where its rule tells what is no deadline."""
    return tuple(_checked(deadline, read) for deadline in _EVALUATORS[read.found.rule.values["kind"]](read))


def _bound(read: Read) -> DeadlineBound:
    words = read.found.groups.get("b")
    value = read.setting.grammar.value("bounds", words) if words else None
    bound: DeadlineBound = value if value is not None else read.found.rule.values.get("bound", "")
    return bound


def _limit(read: Read) -> tuple[Deadline, ...]:
    """A limit at one time, or at each of several."""
    return tuple(_at(time, read) for time in read.found.times)


def _at(time: Time, read: Read) -> Deadline:
    bound = _bound(read)
    days = resolve(time, _with_year_of_others(time, read))
    if not bound and time.kind != "day":
        bound = "in"
    if bound == "from" and days.several:
        bound = "in"
    if bound == "before" and time.kind != "day":
        days = _before(days, time)
    kind: DeadlineKind = "period" if days.several else "date"
    named = days.several or bound in ("in", "from", "")
    return read.deadline(kind, bound=bound, start=days.start if named else None, due=days.end, reasons=days.reasons)


def _with_year_of_others(time: Time, read: Read) -> Setting:
    """In "8 July and 9 August 2025" the year said last holds for both."""
    others = [other for other in read.found.times if other is not time and has_year(other)]
    if not others or has_year(time):
        return read.setting
    return replace(read.setting, year=year_of(others[0], read.setting))


def _before(days: Days, time: Time) -> Days:
    """Read "before the school year" as the day before it; "before July" may mean its first day or its last."""
    if days.several and days.start and days.start > date.min:
        return Days(None, days.start - timedelta(days=1), days.reasons)
    return days if "part" in time.fields else replace(days, reasons=(*days.reasons, VAGUE))


def _span(read: Read) -> tuple[Deadline, ...]:
    """From one time to another; what one end doesn't say it takes from the other."""
    if len(read.found.times) != 2:
        return ()
    first, last = span_ends(read.found.times[0], read.found.times[1], read.setting)
    reasons = tuple(dict.fromkeys((*first.reasons, *last.reasons)))
    if first.start and last.end and first.start > last.end:
        return (read.deadline("period", bound="in", reasons=(*reasons, "deadline-impossible")),)
    return (read.deadline("period", bound="in", start=first.start, due=last.end, reasons=reasons),)


def _recurring(read: Read) -> tuple[Deadline, ...]:
    """Every so often; each date of "on 10 June and 10 December" that has its own day is a deadline."""
    bound = _bound(read)
    return tuple(
        read.deadline(
            "recurring", bound=bound, recurrence=rule.rrule, start=rule.start, due=rule.end, reasons=rule.reasons
        )
        for rule in recurrences(read.found, read.setting)
    )


def _relative(read: Read) -> tuple[Deadline, ...]:
    """So long after something; there is a due date where that is the document's own date."""
    groups, grammar = read.found.groups, read.setting.grammar
    base = " ".join(groups.get("base", "").split())
    own = "own" in groups
    written = read.setting.context.document_date
    unit = grammar.value("units", groups.get("unit", ""))
    number = (
        grammar.number(groups["n"]) if "n" in groups else grammar.value("compounds", groups.get("compound", "")) or 1
    )
    bound: DeadlineBound = _bound(read)
    bound = "before" if bound == "before" else "by"
    if not base and not own:
        return (read.deadline("relative", bound=bound, reasons=(BASE_MISSING,)),)
    due: date | None = None
    reasons: tuple[str, ...] = ()
    if own and written and isinstance(unit, str) and number is not None:
        due = _counted(written, number, unit, grammar.settings["calendar"])
    elif own:
        reasons = (BASE_MISSING,)
    return (read.deadline("relative", bound=bound, due=due, base=base or groups.get("own", ""), reasons=reasons),)


def _counted(written: date, number: int, unit: str, calendar: str) -> date | None:
    """Count from the document's date; hours and minutes name no day, nor do absurd numbers."""
    if unit not in ("days", "working-days", "weeks", "months", "quarters", "halves", "years"):
        return None
    try:
        return add_period(written, number, unit, calendar)  # type: ignore[arg-type]
    except (OverflowError, ValueError):
        return None


def _event(read: Read) -> tuple[Deadline, ...]:
    return (read.deadline("event", bound=_bound(read)),)


def _ongoing(read: Read) -> tuple[Deadline, ...]:
    return (read.deadline("ongoing"),)


def _nothing(read: Read) -> tuple[Deadline, ...]:
    return ()


def _checked(deadline: Deadline, read: Read) -> Deadline:
    """Say where a deadline lies before the document that gives it."""
    written = read.setting.context.document_date
    if written and deadline.due and deadline.due < written:
        return replace(deadline, reasons=(*deadline.reasons, BEFORE_DOCUMENT))
    return deadline


def is_past(deadline: Deadline, written: date | None) -> bool:
    """Tell whether a time in running text is no deadline, as it lies behind: "in 2024", "before 1 January 2004".

    A limit that has just passed, or would lie ahead if its year were the next, may be a slip: it is kept and flagged.
    """
    if not written or not deadline.due or deadline.kind not in ("date", "period") or deadline.due >= written:
        return False
    if deadline.bound in ("in", "from", ""):
        return True
    behind = (written - deadline.due).days
    return behind > _SHORT_PAST and not 0 <= _YEAR - behind <= _SOON


_EVALUATORS: dict[str, Callable[[Read], tuple[Deadline, ...]]] = {
    "limit": _limit,
    "span": _span,
    "recurring": _recurring,
    "relative": _relative,
    "event": _event,
    "ongoing": _ongoing,
    "not": _nothing,
}
