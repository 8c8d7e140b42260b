"""Says what a confidence is worth: of the rows of a band, the share that is right as a whole.

    python -m benchmarks.reliability REGISTER GOLD...

A row is right where a firm gold task is paired with it and lead and deadline agree. Rows paired with tasks that
careful readers differ on don't count.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any

from pipeline.register import read_register
from pipeline.score import deadline_right, lead_right, load_gold, pair

BANDS = (0.0, 0.5, 0.7, 0.8, 0.85, 0.9)

Row = Mapping[str, str]


def main(arguments: Sequence[str]) -> int:
    register, *gold = map(Path, arguments)
    by_file: defaultdict[str, list[Row]] = defaultdict(list)
    for row in read_register(register):
        by_file[PurePath(row["source_file"]).name].append(row)
    counts: defaultdict[float, Counter[str]] = defaultdict(Counter)
    for document in load_gold(gold):
        for judged, found, right in _judged(by_file[document["document"]], document["tasks"]):
            band = max(edge for edge in BANDS if edge <= float(judged["confidence"]))
            counts[band].update(rows=1, tasks=found, right=right)
    print(f"{'confidence':>12} {'rows':>6} {'tasks':>6} {'right':>6} {'share':>6}")
    for band, count in sorted(counts.items(), reverse=True):
        share = count["right"] / count["rows"]
        print(f"{f'from {band}':>12} {count['rows']:6d} {count['tasks']:6d} {count['right']:6d} {share:6.2f}")
    return 0


def _judged(rows: Sequence[Row], tasks: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Row, bool, bool]]:
    """Yield each row that counts, whether it is a task, and whether it is right as a whole."""
    paired = {found.row: tasks[found.task] for found in pair(rows, tasks)}
    for place, row in enumerate(rows):
        task = paired.get(place)
        if task is None:
            yield row, False, False
        elif task.get("core", True):
            yield row, True, deadline_right(row, task) and lead_right(row, task)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
