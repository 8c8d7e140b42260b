"""Precision and recall of a register against gold registers, and what one register has gained or lost on another.

Rows and gold tasks of a document are paired one to one by the words they share. Gold tasks marked `"core": false` are
neither rewarded nor punished. A gold value that is a list holds equally right answers.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, Literal, NamedTuple

from models.errors import UsageError

PAIRING_THRESHOLD = 0.5  # Dice coefficient of two texts' words
UNIT_THRESHOLD = 0.8  # Dice coefficient of two unit names' words
_JOINING_WORDS = frozenset({"the", "of", "and", "và", "и", "các"})

Row = Mapping[str, str]
Gold = Mapping[str, Any]
Words = Counter[str]
What = Literal["lead", "due", "extra", "missed"]


class Pair(NamedTuple):
    """A row and a gold task that speak of the same thing, by their places in the two lists."""

    row: int
    task: int


class Mistake(NamedTuple):
    """One thing wrong: the document, the gold task's id or '-', what is wrong, and the two sides in words."""

    document: str
    task: str
    what: What
    detail: str


class Figures(NamedTuple):
    """The score of one document or group: counts, then shares from 0 to 1."""

    gold: int
    rows: int
    precision: float
    recall: float
    f1: float
    lead: float
    coord: float
    due: float
    row_f1: float


@dataclass(frozen=True, slots=True)
class Score:
    """Figures by group (file name, `language vi`, `all`), mistakes in document order, and the gold tasks got right."""

    figures: Mapping[str, Figures]
    mistakes: tuple[Mistake, ...]
    right: Mapping[tuple[str, str], str]


def score(rows: Iterable[Row], documents: Sequence[Gold]) -> Score:
    """Hold the rows of a register against gold documents; rows of other documents don't count."""
    by_file: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_file[PurePath(row.get("source_file") or "").name].append(row)
    tallies: defaultdict[str, Counter[str]] = defaultdict(Counter)
    mistakes: list[Mistake] = []
    right: dict[tuple[str, str], str] = {}
    for document in documents:
        own_rows, name = by_file[document["document"]], document["document"]
        pairs = pair(own_rows, document["tasks"])
        tally = _tally(own_rows, document["tasks"], pairs)
        for group in (name, f"language {document['language']}", "all"):
            tallies[group].update(tally)
        mistakes += _mistakes(name, own_rows, document["tasks"], pairs)
        right |= {(name, str(task["id"])): _words_of(task) for task in _right(own_rows, document["tasks"], pairs)}
    return Score({group: _figures(tally) for group, tally in tallies.items()}, tuple(mistakes), right)


def pair(rows: Sequence[Row], tasks: Sequence[Gold]) -> list[Pair]:
    """Pair rows and gold tasks by falling likeness; among equal texts, firm tasks and those that agree go first."""
    gold = [_bag(task["quote"]) for task in tasks]
    candidates: list[tuple[float, bool, int, int, int]] = []
    for i, row in enumerate(rows):
        texts = (_bag(row.get("task")), _bag(row.get("source_text")))
        for j, task in enumerate(tasks):
            likeness = max(_likeness(text, gold[j]) for text in texts)
            if likeness >= PAIRING_THRESHOLD:
                agreement = deadline_right(row, task) + lead_right(row, task)
                candidates.append((-round(likeness, 2), not _is_core(task), -agreement, i, j))
    pairs: list[Pair] = []
    used_rows, used_tasks = set[int](), set[int]()
    for *_, i, j in sorted(candidates):
        if i not in used_rows and j not in used_tasks:
            used_rows.add(i)
            used_tasks.add(j)
            pairs.append(Pair(i, j))
    return pairs


def deadline_right(row: Row, task: Gold) -> bool:
    """Say whether kind, due date and recurrence of a row are what the gold task asks for."""
    deadline = task.get("deadline") or {"kind": "none"}
    kind = (row.get("deadline_kind") or "none").strip() or "none"
    due = (row.get("due_date") or "").strip()
    if kind not in _either(deadline["kind"]):
        return False
    if kind in ("ongoing", "event"):
        return True
    if kind == "none":
        return not due
    if kind == "recurring":
        rules = [_rule_parts(rule) for rule in _either(deadline.get("rrule"))]
        return not rules or _rule_parts(row.get("recurrence")) in rules
    return due in (_either(deadline.get("due")) or [""])


def lead_right(row: Row, task: Gold) -> bool:
    """Say whether a row names all lead units of the gold task and no others."""
    found, wanted = _units(row.get("lead_unit")), task.get("lead") or []
    return _shared_units(found, wanted) == len(wanted) == len(found)


def same_unit(left: str, right: str) -> bool:
    """Say whether two names are those of one unit, whatever their inflection and joining words."""
    first, second = _name_words(left), _name_words(right)
    if not first or not second:
        return False
    rest, shared = list(second), 0
    for word in first:
        match = next((index for index, other in enumerate(rest) if _same_word(word, other)), None)
        if match is not None:
            shared += 1
            del rest[match]
    return 2 * shared / (len(first) + len(second)) >= UNIT_THRESHOLD


def _name_words(name: str) -> list[str]:
    return [word for word in _words(name) if word not in _JOINING_WORDS]


def _same_word(left: str, right: str) -> bool:
    """Say whether two words are equal or one word inflected: a stem of four letters or more and short endings."""
    if left == right:
        return True
    stem = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    return stem >= 4 and max(len(left), len(right)) - stem <= 3


def _words(text: str | None) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFC", text or "").casefold())


def _bag(text: str | None) -> Words:
    return Counter(_words(text))


def _likeness(text: Words, gold: Words) -> float:
    """Return the Dice coefficient; a gold text wholly inside one up to four times as long just counts as found."""
    shared, size, gold_size = (text & gold).total(), text.total(), gold.total()
    dice = 2 * shared / (size + gold_size) if size + gold_size else 0.0
    if gold_size and shared >= 0.9 * gold_size and size <= 4 * gold_size:
        return max(PAIRING_THRESHOLD, dice)
    return dice


def _units(cell: str | None) -> list[str]:
    return [part.strip() for part in (cell or "").split(";") if part.strip()]


def _shared_units(found: Sequence[str], wanted: Iterable[str | list[str]]) -> int:
    """Return how many of the units wanted are among those found, each used once."""
    rest, shared = list(found), 0
    for unit in wanted:
        names = unit if isinstance(unit, list) else [unit]
        match = next((other for other in rest if any(same_unit(name, other) for name in names)), None)
        if match is not None:
            rest.remove(match)
            shared += 1
    return shared


def _rule_parts(rule: str | None) -> frozenset[str]:
    return frozenset(part for part in (rule or "").upper().replace("RRULE:", "").split(";") if part)


def _either(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _is_core(task: Gold) -> bool:
    return bool(task.get("core", True))


def _words_of(task: Gold) -> str:
    return str(task["quote"])[:120]


def _tally(rows: Sequence[Row], tasks: Sequence[Gold], pairs: Sequence[Pair]) -> Counter[str]:
    firm = [(rows[i], tasks[j]) for i, j in pairs if _is_core(tasks[j])]
    tally = Counter(rows=len(rows) - (len(pairs) - len(firm)), gold=sum(map(_is_core, tasks)), found=len(firm))
    for row, task in firm:
        lead, due = lead_right(row, task), deadline_right(row, task)
        tally.update(lead=lead, due=due, whole=lead and due)
        wanted = task.get("coordinating", [])
        if wanted is not None:  # null: not annotated
            found = _units(row.get("coordinating_units"))
            tally.update(coord=_shared_units(found, wanted), coord_rows=len(found), coord_gold=len(wanted))
    return tally


def _figures(tally: Counter[str]) -> Figures:
    precision = tally["found"] / tally["rows"] if tally["rows"] else 0.0
    recall = tally["found"] / tally["gold"] if tally["gold"] else 0.0
    found, coordinators = tally["found"] or 1, tally["coord_rows"] + tally["coord_gold"]
    return Figures(
        gold=tally["gold"],
        rows=tally["rows"],
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / (precision + recall) if precision + recall else 0.0,
        lead=tally["lead"] / found,
        coord=2 * tally["coord"] / coordinators if coordinators else 1.0,
        due=tally["due"] / found,
        row_f1=2 * tally["whole"] / ((tally["rows"] + tally["gold"]) or 1),
    )


def _right(rows: Sequence[Row], tasks: Sequence[Gold], pairs: Sequence[Pair]) -> list[Gold]:
    firm = [(rows[i], tasks[j]) for i, j in pairs if _is_core(tasks[j])]
    return [task for row, task in firm if lead_right(row, task) and deadline_right(row, task)]


def _mistakes(name: str, rows: Sequence[Row], tasks: Sequence[Gold], pairs: Sequence[Pair]) -> list[Mistake]:
    found: list[Mistake] = []
    for i, j in pairs:
        row, task = rows[i], tasks[j]
        if _is_core(task) and not lead_right(row, task):
            detail = f"{_units(row.get('lead_unit'))} is not {task.get('lead')}"
            found.append(Mistake(name, str(task["id"]), "lead", detail))
        if _is_core(task) and not deadline_right(row, task):
            got = {key: row.get(key) for key in ("deadline_kind", "due_date", "recurrence", "deadline_text")}
            found.append(Mistake(name, str(task["id"]), "due", f"{got} is not {task.get('deadline')}"))
    paired_rows, paired_tasks = {i for i, _ in pairs}, {j for _, j in pairs}
    extra = [row for i, row in enumerate(rows) if i not in paired_rows]
    missed = [task for j, task in enumerate(tasks) if j not in paired_tasks and _is_core(task)]
    found += [Mistake(name, "-", "extra", (row.get("task") or row.get("source_text") or "")[:120]) for row in extra]
    return found + [Mistake(name, str(task["id"]), "missed", _words_of(task)) for task in missed]


def gains_and_losses(new: Score, old: Score) -> tuple[list[Mistake], list[Mistake]]:
    """Return what the new register has won (tasks right now, false rows gone) and lost (the reverse) on the old."""
    return _won(new, old), _won(old, new)


def _won(new: Score, old: Score) -> list[Mistake]:
    extra = Counter(mistake for mistake in new.mistakes if mistake.what == "extra")
    gone = Counter(mistake for mistake in old.mistakes if mistake.what == "extra") - extra
    reached = [Mistake(*key, "missed", words) for key, words in new.right.items() if key not in old.right]
    return reached + list(gone.elements())


def load_gold(paths: Iterable[Path]) -> list[Gold]:
    """Return the documents of gold files (JSON lines). Raises UsageError for one that can't be read."""
    documents: list[Gold] = []
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
            documents += [json.loads(line) for line in lines if line.strip()]
        except (OSError, ValueError) as error:
            raise UsageError("gold-unreadable", file=path.name, reason=str(error)) from error
    return documents
