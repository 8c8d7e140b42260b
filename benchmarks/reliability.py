"""Says what a confidence is worth: of the rows of a band, the share that is right as a whole.

    python -m benchmarks.reliability                  on the annotated documents, each left out of the fit in turn
    python -m benchmarks.reliability --fit            the weights for extractors/confidence.py
    python -m benchmarks.reliability REGISTER GOLD... a register as it is

A row is right where a firm gold task is paired with it and lead and deadline agree. Rows paired with tasks that
careful readers differ on don't count.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path, PurePath
from typing import Any
from unittest.mock import patch

from benchmarks import logistic
from benchmarks.annotated import Collection, collections
from benchmarks.logistic import Weights
from extractors import confidence, linking
from extractors.findings import Finding
from models.records import Deadline
from pipeline.register import read_register
from pipeline.score import deadline_right, lead_right, load_gold, pair

BANDS = (0.0, 0.5, 0.7, 0.8, 0.85, 0.9)
RIDGE = 2.0  # how strongly weights are drawn to nothing: as if so many rows said that a sign says nothing

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Judged:
    """A row that counts: its document, forms of one under one name, its signs, and what is right about it."""

    collection: str
    document: str
    signs: tuple[str, ...]
    confidence: float
    is_task: bool
    is_right: bool


def main(arguments: Sequence[str]) -> int:
    if arguments and arguments[0] != "--fit":
        register, *gold = map(Path, arguments)
        print("\n".join(table((row.confidence, row) for row in judged_register(register, gold))))
        return 0
    rows = [row for each in collections() for row in judged(each)]
    if arguments:
        print("\n".join(f'    "{sign}": {weight},' for sign, weight in sorted(fitted(rows).items()) if weight))
        return 0
    for name in dict.fromkeys(row.collection for row in rows):
        print(f"{name}, by weights fitted on all other documents")
        print("\n".join(table(pair for pair in left_out(rows) if pair[1].collection == name)))
    return 0


def table(rows: Iterable[tuple[float, Judged]]) -> Iterator[str]:
    """Yield for each band of confidence its rows, how many are tasks, how many right as a whole, and their share."""
    counts: defaultdict[float, Counter[str]] = defaultdict(Counter)
    for value, row in rows:
        counts[max(edge for edge in BANDS if edge <= value)].update(rows=1, tasks=row.is_task, right=row.is_right)
    yield f"{'confidence':>12} {'rows':>6} {'tasks':>6} {'right':>6} {'share':>6}"
    for band, count in sorted(counts.items(), reverse=True):
        share = count["right"] / count["rows"]
        yield f"{f'from {band}':>12} {count['rows']:6d} {count['tasks']:6d} {count['right']:6d} {share:6.2f}"


def left_out(rows: Sequence[Judged]) -> Iterator[tuple[float, Judged]]:
    """Yield each row with the confidence it has by weights fitted on the rows of all other documents."""
    for document in dict.fromkeys(row.document for row in rows):
        weights = fitted([row for row in rows if row.document != document])
        for row in rows:
            if row.document == document:
                odds = sum(weights.get(sign, 0.0) for sign in row.signs) - confidence.CAUTION
                yield round(1 / (1 + exp(-odds)), 2), row


def fitted(rows: Sequence[Judged]) -> Weights:
    """Return what each sign adds to the log odds that a row is right, rounded to one digit."""
    weights = logistic.fitted([row.signs for row in rows], [row.is_right for row in rows], RIDGE)
    return {sign: _weight(sign, weight) for sign, weight in weights.items()}


def _weight(sign: str, weight: float) -> float:
    """A reason for review never speaks for a row, whatever the few rows say that have it."""
    is_reason = " " not in sign and sign != "row"
    return round(min(weight, 0.0) if is_reason else weight, 1)


def judged(each: Collection) -> Iterator[Judged]:
    """Yield the rows of a collection that count."""
    for document in each.gold:
        signs: list[tuple[str, ...]] = []

        def noted(finding: Finding, deadline: Deadline | None, quality: float, kept: Any = signs) -> float:
            kept.append(tuple(confidence.signs(finding, deadline)))
            return confidence.row_confidence(finding, deadline, quality)

        name = str(document["document"])
        with patch.object(linking, "row_confidence", noted):
            rows = Collection(each.name, (), {name: each.documents[name]}).rows(linking.extract)
        for place, is_task, is_right in _counted(rows, document["tasks"]):
            own = float(rows[place]["confidence"])
            yield Judged(each.name, name.rpartition(".")[0], signs[place], own, is_task, is_right)


def judged_register(register: Path, gold: Iterable[Path]) -> Iterator[Judged]:
    """Yield the rows of a register that count, without their signs."""
    by_file: defaultdict[str, list[Row]] = defaultdict(list)
    for row in read_register(register):
        by_file[PurePath(row["source_file"]).name].append(row)
    for document in load_gold(gold):
        rows = by_file[document["document"]]
        for place, is_task, is_right in _counted(rows, document["tasks"]):
            yield Judged("", document["document"], (), float(rows[place]["confidence"]), is_task, is_right)


def _counted(rows: Sequence[Row], tasks: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, bool, bool]]:
    """Yield the place of each row that counts, whether it is a task, and whether it is right as a whole."""
    paired = {found.row: tasks[found.task] for found in pair(rows, tasks)}
    for place, row in enumerate(rows):
        task = paired.get(place)
        if task is None:
            yield place, False, False
        elif task.get("core", True):
            yield place, True, deadline_right(row, task) and lead_right(row, task)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
