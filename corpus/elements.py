"""What a laid-out directive consists of, whatever the file format: paragraphs, two-column frames, tables, breaks."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_lowercase
from typing import Literal

from corpus.sourcefile import Numbering, Table

Align = Literal["left", "center", "right", "justify"]


@dataclass(frozen=True, slots=True)
class Auto:
    """A label that Word counts by itself; `series` tells the lists apart."""

    style: Numbering
    series: int
    count: int

    @property
    def label(self) -> str:
        return {
            "I.": f"{_roman(self.count)}.",
            "1.": f"{self.count}.",
            "a)": f"{ascii_lowercase[self.count - 1]})",
            "-": "-",
        }[self.style]


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph; `level` is the outline level of a heading (0 for text), `rule` the short line under a motto;
    `size` and the space `before` are points."""

    text: str
    align: Align = "justify"
    bold: bool = False
    italic: bool = False
    size: float = 13.0
    indent: bool = False
    level: int = 0
    auto: Auto | None = None
    note: str | None = None
    rule: bool = False
    before: float = 0.0


@dataclass(frozen=True, slots=True)
class Frame:
    """Two columns side by side without borders: a head or a signature block."""

    left: tuple[Para, ...]
    right: tuple[Para, ...]
    widths: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with borders."""

    table: Table


@dataclass(frozen=True, slots=True)
class Break:
    """The end of a page, or of a section with another orientation."""

    kind: Literal["page", "landscape", "portrait"]


Element = Para | Frame | Grid | Break


def _roman(number: int) -> str:
    parts = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    text = ""
    for value, letters in parts:
        while number >= value:
            text, number = text + letters, number - value
    return text
