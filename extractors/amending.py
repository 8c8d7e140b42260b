"""What amendments do to the tasks of the documents they amend: which get another deadline, and which may have.

A deadline is changed only where one task alone is meant: by the point and the day before, or by the words of a task
that the amending document states again. Whatever else is changed leaves the tasks as they were, with a reason to look.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from extractors.amendments import Change, Target
from extractors.pairing import DeadlineCells, TaskPrint, folded
from extractors.sameness import Print, issuers_agree
from models.columns import DEADLINE_COLUMNS, SEPARATOR

REASON = "amendment-unplaced"
_SAME_WORDS, _CLEARLY, _SHORTEST = 90, 10, 20  # of 100 letters in common; more than with any other task; letters
_YEAR = re.compile(r"(?:19|20)\d\d")
_PARTS = re.compile(r"[./\s]+")


@dataclass(slots=True)
class _State:
    """The tasks of an amended document as they stand after the amendments so far, by their places."""

    dues: list[datetime.date | None]
    changed: dict[int, tuple[DeadlineCells, str]] = field(default_factory=dict)
    doubtful: set[int] = field(default_factory=set)


def numbers_of(one: Print) -> frozenset[str]:
    """Return what brings a document together with those that amend it or that it amends."""
    targets = one.amendment.targets if one.amendment else ()
    return frozenset(".".join(digits) for digits in (one.digits, *(target.digits for target in targets)) if digits)


def amended_cells(own: Print, others: Sequence[Print]) -> list[dict[str, str]]:
    """Return for each task of a document the cells that amendments add or change.

    `others` are the documents known, in their order and with itself among them, that may amend it or be amended by it.
    """
    cells: list[dict[str, str]] = [{} for _ in own.tasks]
    if own.amendment:
        _add_amended(own, others, cells)
    state = _state_of(own, others)
    for place in state.doubtful:
        cells[place]["review_reasons"] = REASON
    for place, (after, number) in state.changed.items():
        cells[place] |= dict(zip(DEADLINE_COLUMNS, after, strict=True)) | {"amended_by": number}
    return cells


def _add_amended(own: Print, others: Sequence[Print], cells: Iterable[dict[str, str]]) -> None:
    """Say in each row of an amending document what it amends, and of tasks that it states again which ones they are."""
    assert own.amendment
    found = [(target, _meant(target, own, others)) for target in own.amendment.targets]
    ids = dict.fromkeys(one.document_id for _, originals in found for one in originals)
    told = {
        "amends": SEPARATOR.join(target.number for target, _ in found),
        "amends_document_id": SEPARATOR.join(ids),
    }
    firsts = [originals[0] for _, originals in found if originals]
    pairs = {new: first.tasks[old].id for first in firsts for new, old in _restated(own, first).items()}
    for place, row in enumerate(cells):
        row |= told | ({"same_as": pairs[place]} if place in pairs else {})


def _state_of(own: Print, others: Sequence[Print]) -> _State:
    """Return how a document's tasks stand after all amendments of it, the earlier ones first, copies of one once."""
    state, seen = _State([task.due for task in own.tasks]), set[object]()
    amending = [other for other in others if _amends(other, own, others)]
    for other in sorted(amending, key=lambda other: other.date or datetime.date.min):
        same = (other.digits, other.letters, other.date) if other.is_named else other.document_id
        if same not in seen:
            seen.add(same)
            _apply(other, own, state)
    return state


def _amends(other: Print, own: Print, others: Sequence[Print]) -> bool:
    targets = other.amendment.targets if other.amendment and other is not own else ()
    return any(any(one is own for one in _meant(target, other, others)) for target in targets)


def _meant(target: Target, amending: Print, others: Sequence[Print]) -> list[Print]:
    """Return the documents known that a target means: one directive in some files, or none where it isn't certain."""
    found = [other for other in others if other is not amending and _is_meant(target, other, amending)]
    if any(issuers_agree(other, found[0]) is False for other in found):
        found = [other for other in found if issuers_agree(other, amending)]
    return found


def _is_meant(target: Target, other: Print, amending: Print) -> bool:
    """Tell whether a document is the one cited: by its number and what tells one year's from another's."""
    if not target.digits or target.digits != other.digits or (target.date and other.date and target.date != other.date):
        return False
    is_lettered = bool(target.letters) and target.letters == other.letters
    is_of_its_year = any(_YEAR.fullmatch(digits) for digits in target.digits) and issuers_agree(other, amending) is True
    return is_lettered or is_of_its_year or bool(target.date and target.date == other.date)


def _apply(amending: Print, own: Print, state: _State) -> None:
    assert amending.amendment
    restated, before = _restated(amending, own), len(state.changed) + len(state.doubtful)
    number = amending.number
    for change in amending.amendment.changes:
        if change.before and change.after:
            _change(change, own, state, number)
        elif not (change.tasks and all(place in restated for place in change.tasks)):
            state.doubtful |= _at(change.place, own) or set(range(len(own.tasks)))
    for new, old in restated.items():
        task = amending.tasks[new]
        if task.due and state.dues[old] and task.due != state.dues[old]:
            state.changed[old], state.dues[old] = (task.deadline, number), task.due
    if not amending.amendment.changes and not restated and before == len(state.changed) + len(state.doubtful):
        state.doubtful |= set(range(len(own.tasks)))


def _change(change: Change, own: Print, state: _State, number: str) -> None:
    """Change the deadline of the one task that is meant; where several or none may be, leave them with a reason."""
    assert change.after
    at, due = _at(change.place, own), {place for place, day in enumerate(state.dues) if day == change.before}
    meant = due & at if change.place else due
    if len(meant) == 1:
        (place,) = meant
        day = datetime.date.fromisoformat(change.after[DEADLINE_COLUMNS.index("due_date")])
        state.changed[place], state.dues[place] = (change.after, number), day
    else:
        state.doubtful |= meant or at or due or set(range(len(own.tasks)))


def _at(place: Sequence[str], own: Print) -> set[int]:
    """Return the tasks at a point, whose labels are given from the innermost outwards, or below it."""
    return {number for number, task in enumerate(own.tasks) if place and _stands(task.section, place)}


def _stands(section: str, place: Sequence[str]) -> bool:
    parts = [part.casefold() for part in reversed(_PARTS.split(section))]
    wanted = [part for label in place for part in reversed(label.split("."))]
    return any(parts[start : start + len(wanted)] == wanted for start in range(len(parts)))


def _restated(amending: Print, original: Print) -> Mapping[int, int]:
    """Return the places of the tasks that an amending document states again -> those in the document amended.

    Words alone tell them, deadlines left out, and only where no other task of it is nearly as like.
    """
    from rapidfuzz import fuzz

    found: dict[int, int] = {}
    words = [_without_deadline(task) for task in original.tasks]
    for place, task in enumerate(amending.tasks):
        own = _without_deadline(task)
        ratios = sorted(((fuzz.ratio(own, other), number) for number, other in enumerate(words)), reverse=True)
        if len(own) < _SHORTEST or not ratios or ratios[0][0] < _SAME_WORDS:
            continue
        if len(ratios) == 1 or ratios[0][0] - ratios[1][0] >= _CLEARLY:
            found[place] = ratios[0][1]
    return found if len(set(found.values())) == len(found) else {}


def _without_deadline(task: TaskPrint) -> str:
    return " ".join(task.words.replace(folded(task.deadline[0]), " ").split())
