"""The outline of a document: points and headings with their nesting, the role of each section, and sentences.

A point is a paragraph, a heading or a table. Its parent is the point under which it stands: by the styles of the
numbering ("I." over "1." over "a)" over "-"), by heading levels where the format knows them, and by lead-ins that end
in a colon. The role of a section ("aim", "basis", "result" ...) is told by its heading and holds for what is below.
"""

from __future__ import annotations

import re
from dataclasses import replace

from extractors.points import Outline, Point
from extractors.roles import is_section_title, with_roles
from extractors.segments import HEADING_WORDS, segments
from models.records import Document, Language

_SENTENCE_ENDS = (".", ";", "!", "?", ",", "/")
_FIRST_LETTERS = frozenset("AАI")  # the first of a list, and a Roman one
_LETTERS_APART = 2  # letters that lists leave out (Ё, J) lie between
_NAME_GOES_ON = re.compile(r"[^\W\d_a-zа-яё][\w’'-]+,?\s+[a-zа-яё(]")
_SECTION_STYLES = ("division", "annex", "roman", "upper")


def outline(document: Document, language: Language) -> Outline:
    """Read the outline of a document."""
    points: list[Point] = []
    stack: list[Point] = []
    for block in document.blocks:
        for segment in segments(document.text, block, language):
            labelled = _without_initial(segment, points, document.text)
            point = _placed(labelled, stack, document.text, len(points), language)
            points.append(point)
            _push(point, stack)
    points = _with_headings(points, document.text)
    return Outline(document.text, language, tuple(with_roles(points, document.text, language)))


def _without_initial(segment: Point, points: list[Point], text: str) -> Point:
    """Take the initial of a name ("J. Ortiz presented ...") for no label: no point before it has the letter before."""
    if segment.style != "upper." or segment.label in _FIRST_LETTERS or not _NAME_GOES_ON.match(segment.body.of(text)):
        return segment
    previous = next((point.label for point in reversed(points) if point.style == "upper."), "")
    if len(previous) == 1 and 0 < ord(segment.label) - ord(previous) <= _LETTERS_APART:
        return segment
    return replace(segment, style="", label="", body=segment.span)


def _placed(segment: Point, stack: list[Point], text: str, index: int, language: Language) -> Point:
    """Give a point its place: pops the stack to the point's parent."""
    if segment.style == "annex":
        stack.clear()
    elif segment.block.level:
        while stack and not (stack[-1].block.level and stack[-1].block.level < segment.block.level):
            stack.pop()
    elif segment.style and segment.style != "table":
        if not _opens_list(segment, stack, text):
            _pop_to_style(segment, stack)
    elif _is_display(segment, segment.body.of(text)) or is_section_title(segment, text, language):
        while stack and not stack[-1].style.startswith(_SECTION_STYLES) and not stack[-1].block.level:
            stack.pop()
    parent = stack[-1].index if stack else -1
    style = _disambiguated(segment, stack)
    return replace(segment, index=index, parent=parent, style=style)


def _is_display(point: Point, body: str) -> bool:
    """Tell whether a paragraph is set as a heading: bold, centred or in capitals, short, without a full stop; a
    section's title in capitals may have one."""
    if point.is_table or not body or len(body.split()) > HEADING_WORDS:
        return False
    if body.endswith(_SENTENCE_ENDS) and not (point.style == "roman" and body.isupper()):
        return False
    display = point.block.bold or point.block.centered or point.block.kind == "heading" or body.isupper()
    return display and not body[:1].islower()


def _opens_list(segment: Point, stack: list[Point], text: str) -> bool:
    """Tell whether a bullet begins the list that the marked point right before it opens with a colon, whatever other
    lists with such bullets came before."""
    last = stack[-1] if stack else None
    opens = last is not None and not last.style.startswith("bullet") and last.body.of(text).endswith(":")
    return opens and segment.style.startswith("bullet")


def _pop_to_style(segment: Point, stack: list[Point]) -> None:
    styles = [point.style for point in stack]
    style = _disambiguated(segment, stack)
    if style in styles:
        del stack[len(styles) - 1 - styles[::-1].index(style) :]
    elif style.startswith("division"):
        while stack and not (stack[-1].style.startswith(("division", "annex")) or stack[-1].block.level):
            stack.pop()
    elif style.startswith("decimals"):
        while stack and (stack[-1].style.startswith("bullet") or _deeper(stack[-1].style, style)):
            stack.pop()
    elif style == "roman":
        while stack and not (stack[-1].style.startswith(("division", "annex", "upper")) or stack[-1].block.level):
            stack.pop()


def _deeper(left: str, right: str) -> bool:
    return left.startswith("decimals") and left >= right


def _disambiguated(segment: Point, stack: list[Point]) -> str:
    """An 'i' that follows an 'h' of the same brackets is a letter, not a Roman one; likewise 'v' and 'x', and a 'C.'
    that follows a 'B.'."""
    if segment.style == "roman" and len(segment.label) == 1:
        before = next((point.label for point in reversed(stack) if point.style == "upper."), "")
        return "upper." if len(before) == 1 and ord(segment.label) - ord(before) == 1 else "roman"
    if not segment.style.endswith(" roman"):
        return segment.style
    plain = segment.style.removesuffix(" roman")
    for point in stack:
        if point.style == plain and len(segment.label) == 1 and ord(segment.label) - ord(point.label[-1:] or "\0") == 1:
            return plain
    return segment.style


def _push(point: Point, stack: list[Point]) -> None:
    if point.is_table:
        return
    if point.style or point.block.level:
        stack.append(point)


def _with_headings(points: list[Point], text: str) -> list[Point]:
    """Mark headings and lead-ins, and hang unmarked points below the unmarked lead-in or heading before them."""
    result: list[Point] = []
    opener: dict[int, int] = {}
    for number, point in enumerate(points):
        following = points[number + 1] if number + 1 < len(points) else None
        body = point.body.of(text)
        lead_in = not point.is_table and body.endswith(":")
        heading = point.heading or _is_heading(point, body, following) or _titles_annex(point, points, text)
        if point.style and not point.is_table and result and _interrupts(result, point):
            result[-1] = replace(result[-1], parent=_above_list(point, points, result))
            opener[point.parent] = result[-1].index
        if point.style.startswith(_SECTION_STYLES) and heading and point.parent in opener:
            opener = _without_caption(opener, point, result)
        parent = opener.get(point.parent, point.parent)
        if not point.style and not point.block.level and not point.is_table:
            if heading:
                parent = point.parent
            if heading or lead_in:
                opener[point.parent] = point.index
        result.append(replace(point, heading=heading, lead_in=lead_in, parent=parent))
    return result


def _without_caption(opener: dict[int, int], point: Point, result: list[Point]) -> dict[int, int]:
    """Let a section stand beside an unmarked caption whose list is numbered otherwise ("AGENDA: 1. ... I. ...")."""
    caption = opener[point.parent]
    first = next((other.style for other in result[caption + 1 :] if other.parent == caption and other.style), "")
    if not first or first == point.style:
        return opener
    return {above: below for above, below in opener.items() if above != point.parent}


def _interrupts(result: list[Point], point: Point) -> bool:
    """Tell whether an unnumbered lead-in stands within a numbered list: what follows in the list is below it."""
    before = result[-1]
    within = before.parent > point.parent and (point.parent >= 0 or bool(result[before.parent].style))
    return before.lead_in and not before.style and within


def _above_list(point: Point, points: list[Point], result: list[Point]) -> int:
    """Return what an unnumbered lead-in stands under that interrupts the list of a point."""
    if point.parent < 0 or points[point.parent].style:
        return point.parent
    return result[point.parent].parent


def _titles_annex(point: Point, points: list[Point], text: str) -> bool:
    """Tell whether a line is the title of the annex whose number stands alone above it."""
    if not point.index or point.style or point.is_table:
        return False
    above, body = points[point.index - 1], point.body.of(text)
    alone = above.style == "annex" and not above.body.of(text)
    return alone and len(body.split()) <= HEADING_WORDS and not body.endswith(_SENTENCE_ENDS)


def _is_heading(point: Point, body: str, following: Point | None) -> bool:
    if point.is_table or not body:
        return False
    if point.block.level or point.style in ("annex",):
        return True
    if _is_display(point, body):
        return True
    if len(body.split()) > HEADING_WORDS or body.endswith(_SENTENCE_ENDS):
        return False
    if body[:1].islower() and point.style != "roman":
        return False
    opens = following is not None and (following.parent == point.index or following.style != point.style)
    return bool(point.style) and not point.style.startswith("bullet") and not body.endswith(":") and opens
