"""Plain text: its encoding, its paragraphs however their lines are wrapped, tables drawn with characters."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.readers.asciitable import is_rule, take_table
from pipeline.readers.builder import Reading
from pipeline.readers.characters import begins_point, continues
from pipeline.readers.encodings import decode
from pipeline.readers.leftovers import without_leftovers
from pipeline.readers.pieces import Paragraph, Piece, Table
from pipeline.readers.sidebyside import has_gap

_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
_BARE_MARKER = re.compile(r"^\s*(?:\(?(?:\d{1,3}(?:\.\d{1,3})*|[IVXLC]{1,6}|[^\W\d_])[.)]|[-–—•+*])\s*$")
_MARKER = re.compile(r"(?:\(?(?:\d{1,3}(?:\.\d{1,3})*|[IVXLCivx]{1,6}|[^\W\d_])[.)]|[-–—•+*])\s+(?=\S)")
_CLOSED = re.compile(r"[.;:!?…][\])»”\"']*$")
_PAGE_NUMBER = re.compile(r"^\s*[-–—]?\s*\d{1,4}\s*[-–—]?\s*$")
_BLANK_WIDTH = 6.0  # points
_SET_IN = 16  # blanks before a line that is more than the first of a paragraph
_PUNCTUATION = ".,;:!?()[]«»“”\"'"
_WIDEST = 140  # a line beyond it is a paragraph that nobody wrapped
_TITLE_LINE = 70
_STRAY = 0.03  # share of lines that may stick out
_FULL = 0.8  # share of the width from which on a line is full


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text: what it says, the blanks before it, whether a blank line stands before it, its width."""

    text: str
    indent: int
    apart: bool
    width: float


def read_text(data: bytes) -> Reading:
    """Return the paragraphs and tables of a text file, without what a web page left around them."""
    text, encoding = decode(data)
    pieces, metadata = without_leftovers(text_pieces(text))
    return Reading(tuple(pieces), "text/plain", (*metadata, ("charset", encoding)))


def text_pieces(text: str) -> list[Piece]:
    """Return the paragraphs and tables of a text."""
    parts = _parts(_unescaped(text).expandtabs(8).splitlines())
    width = wrap_width([line for part in parts if isinstance(part, list) for line in part])
    pieces: list[Piece] = []
    for part in parts:
        pieces.extend(_paragraphs(part, width) if isinstance(part, list) else [part])
    return pieces


def _parts(lines: Sequence[str]) -> list[list[str] | Table]:
    """Part a text into runs of prose lines and tables; rules that belong to no table are blank lines."""
    parts: list[list[str] | Table] = [[]]
    index = 0
    while index < len(lines):
        taken = take_table(lines, index) if _may_begin_table(lines[index]) else None
        if taken:
            parts += [taken[0], []]
            index = taken[1]
            continue
        prose = parts[-1]
        if isinstance(prose, list):
            prose.append("" if is_rule(lines[index]) else lines[index])
        index += 1
    return parts


def _unescaped(text: str) -> str:
    return html.unescape(text) if _ENTITY.search(text) else text


def _may_begin_table(line: str) -> bool:
    return is_rule(line) or any(bar in line for bar in "|¦│║┃")


def _paragraphs(lines: Sequence[str], width: int) -> list[Piece]:
    groups: list[list[Line]] = []
    for line in _lines(_with_markers(lines)):
        if groups and (_goes_on(groups[-1], line, width) if width else _broken_title(groups[-1], line)):
            groups[-1].append(line)
        else:
            groups.append([line])
    words = frozenset(word.strip(_PUNCTUATION).lower() for line in lines for word in line.split())
    return [_paragraph(group, width, words) for group in groups]


def _with_markers(lines: Sequence[str]) -> list[str]:
    """Put a number or bullet that stands alone on its line before the text of the next line."""
    result: list[str] = []
    marker = ""
    for line in lines:
        if _BARE_MARKER.match(line) and not marker:
            marker = line.rstrip() + " "
        elif marker and line.strip():
            result.append(marker + line.strip())
            marker = ""
        elif not marker:
            result.append(line)
    return [*result, marker] if marker else result


def _lines(lines: Sequence[str]) -> list[Line]:
    result: list[Line] = []
    apart = True
    for line in lines:
        text = line.strip()
        if text:
            result.append(Line(text, len(line) - len(line.lstrip()), apart, _width(line.rstrip())))
        apart = not text
    return result


def _width(line: str) -> float:
    """Return the width of a line in characters; capitals are wider than small letters where type is proportional."""
    capitals = sum(letter.isupper() for letter in line)
    return len(line) + (0.3 * capitals if capitals > 0.5 * len(line.replace(" ", "")) else 0.0)


def wrap_width(lines: Sequence[str]) -> int:
    """Return the width at which the lines of a text were wrapped, or 0 where a line is a paragraph."""
    lengths = sorted(len(line.rstrip()) for line in lines if line.strip())
    if len(lengths) < 4:
        return 0
    width = lengths[int(0.95 * (len(lengths) - 1))]
    if width > _WIDEST or sum(length > 1.2 * width for length in lengths) > _STRAY * len(lengths):
        return 0
    stripped = [line.strip() for line in lines]
    full = sum(
        len(line) >= _FULL * width and not _CLOSED.search(line) and bool(following)
        for line, following in itertools.pairwise(stripped)
    )
    return width if width >= 40 and full >= 0.15 * len(lengths) else 0


def _goes_on(group: Sequence[Line], line: Line, width: int) -> bool:
    """Tell whether a line goes on with the paragraph of the lines above it."""
    last = group[-1]
    if has_gap(last.text) or has_gap(line.text):
        return False
    if line.apart:
        return _broken_off(last, width) and not begins_point(line.text) and _body(group, line)
    if _hangs(group, line) and not begins_point(line.text) and not _CLOSED.search(last.text):
        return True
    if last.width + 1 + len(line.text.split()[0]) <= _FULL * width or _centered(last, width):
        return False
    if line.indent > _margin(group) + 1:
        return False
    return not (begins_point(line.text) and _CLOSED.search(last.text))


def _margin(group: Sequence[Line]) -> int:
    """Return how far in the lines below a paragraph's first one stand, or may stand where there is none yet."""
    return group[1].indent if len(group) > 1 else group[0].indent + _hanging(group[0].text)


def _hangs(group: Sequence[Line], line: Line) -> bool:
    """Tell whether a line stands below the first word of a numbered paragraph."""
    return group[0].indent < line.indent == group[0].indent + _hanging(group[0].text) == _margin(group)


def _hanging(text: str) -> int:
    """Return how many blanks further in the lines below a numbered one may stand: below its first word."""
    marker = _MARKER.match(text)
    return marker.end() if marker else 0


def _broken_title(group: Sequence[Line], line: Line) -> bool:
    """Tell, in a text where a line is a paragraph, whether a short line goes on with a title broken by hand."""
    last = group[-1].text
    short = max(len(last), len(line.text)) < _TITLE_LINE
    return short and not line.apart and not group[0].text[0].islower() and continues(last, line.text)


def _body(group: Sequence[Line], line: Line) -> bool:
    margin = group[-1].indent if len(group) > 1 else 0
    return line.indent <= margin + 1


def _broken_off(line: Line, width: int) -> bool:
    """Tell whether a full line ends in the midst of a sentence, so that only a page break can part it from the next."""
    return line.width >= _FULL * width and line.text[-1].isalpha() and not line.text.isupper()


def _centered(line: Line, width: int) -> bool:
    return line.indent > 8 and abs((width - len(line.text)) / 2 - line.indent) < 8


def _joined(group: Sequence[Line], words: frozenset[str]) -> str:
    """Join lines with blanks; a word parted by a hyphen loses it only if the text has it whole elsewhere."""
    text = group[0].text
    for line in group[1:]:
        if re.search(r"\w-$", text):
            whole = text.split()[-1][:-1] + line.text.split()[0]
            text = text[:-1] + line.text if whole.strip(_PUNCTUATION).lower() in words else text + line.text
        else:
            text += " " + line.text
    return text


def _paragraph(group: Sequence[Line], width: int, words: frozenset[str]) -> Paragraph:
    text = _joined(group, words)
    first = group[0]
    centered = bool(width) and _centered(first, width)
    indent = min(line.indent for line in group)
    indent = 0 if centered or not width or indent < _SET_IN else indent
    return Paragraph(text, centered=centered, indent=indent * _BLANK_WIDTH)
