"""Paragraphs that a paper sets side by side with tabs or blanks, read one column after the other."""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.readers.characters import begins_point
from pipeline.readers.pieces import Paragraph, Piece

_GAP = re.compile(r"(?<=\S)[^\S\n]*(?:\t[^\S\n]*|[^\S\n]{5,})(?=\S)")
_FAR_RIGHT = re.compile(r"^(?:[^\S\n]*\t){3,}[^\S\n]*\S|^[^\S\n]{30,}\S")
_SHORT = 90  # characters of a line between two that stand in columns
_LONGEST = 180
_MOST_BETWEEN = 5


def unfold(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Return the pieces with runs of paragraphs in two columns as the left column and then the right one."""
    result: list[Piece] = []
    index = 0
    while index < len(pieces):
        end = _run(pieces, index)
        if end > index:
            result.extend(_columns(pieces[index:end]))
        else:
            result.append(pieces[index])
        index = max(end, index + 1)
    return tuple(result)


def _run(pieces: tuple[Piece, ...], start: int) -> int:
    """Return the end of the two-column run that starts here: two lines with a gap or more, short ones between them.

    A letterhead or signature has words in capitals; a list of hours and what happens then has none.
    """
    gaps, end, between, shouted = 0, start, 0, False
    for index in range(start, len(pieces)):
        piece = pieces[index]
        text = piece.text.strip() if isinstance(piece, Paragraph) else ""
        if not isinstance(piece, Paragraph) or len(text) > _LONGEST or between > _MOST_BETWEEN:
            break
        if has_gap(piece.text):
            gaps, end, between = gaps + 1, index + 1, 0
            shouted = shouted or any(part.isupper() for part in _GAP.split(piece.text))
        elif index == start or len(text) > _SHORT:
            break
        elif text:
            between += 1
    return end if gaps > 1 and shouted else start


def has_gap(text: str) -> bool:
    """Tell whether a line stands in two columns; what follows a label or a marker after a tab is no column."""
    parts = _GAP.split(text)
    if len(parts) != 2 or (begins_point(parts[0].strip()) and len(parts[0].strip()) < 6):
        return False
    return not parts[0].rstrip().endswith(":") or parts[1].isupper()


def _columns(pieces: tuple[Piece, ...]) -> list[Piece]:
    left: list[Piece] = []
    right: list[Piece] = []
    for piece in pieces:
        if not isinstance(piece, Paragraph):
            continue
        if has_gap(piece.text):
            first, second = _GAP.split(piece.text)
            left.append(replace(piece, text=first))
            right.append(replace(piece, text=second))
        else:
            (right if _FAR_RIGHT.match(piece.text) else left).append(piece)
    return left + right
