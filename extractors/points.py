"""The outline of a document as records: its points, with the way from each to the top."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from models.records import Block, Language, Span


@dataclass(frozen=True, slots=True)
class Point:
    """A paragraph, heading or table with its place in the outline; `body` is its span without the marker."""

    index: int
    block: Block
    span: Span
    body: Span
    style: str = ""
    label: str = ""
    parent: int = -1
    heading: bool = False
    lead_in: bool = False
    role: str = ""
    role_rule: str = ""
    role_scope: str = ""

    @property
    def is_table(self) -> bool:
        return self.block.kind == "table"


@dataclass(frozen=True, slots=True)
class Outline:
    """The points of a document in reading order."""

    text: str
    language: Language
    points: tuple[Point, ...]

    def ancestors(self, point: Point) -> Iterator[Point]:
        """Yield the point's parents, the nearest first."""
        while point.parent >= 0:
            point = self.points[point.parent]
            yield point

    def children(self, point: Point) -> Iterator[Point]:
        return (other for other in self.points[point.index + 1 :] if other.parent == point.index)

    def section(self, point: Point) -> str:
        """Return the labels from the top to the point, joined by dots; annexes by slashes.

        A label that repeats the one above it ("6.3" below "6") stands for both.
        """
        labels = [p.label for p in reversed(list(self.ancestors(point)))] + [point.label]
        repeated = {above for above, label in itertools.pairwise(filter(None, labels)) if label.startswith(f"{above}.")}
        path = ""
        for label in (label for label in labels if label and label not in repeated):
            path += ("/" if path and (len(label) > 8 or "/" in path) else "." if path else "") + label
        return path
