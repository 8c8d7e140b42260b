"""Characters in places become words, and words become lines, whatever order the file draws them in."""

from __future__ import annotations

import bisect
import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.readers.pages.sheets import Line, Rule, Token, line_of

_ASCENT, _DESCENT = 0.78, 0.22  # shares of the font size that a line of text takes above and below its baseline
_WORD_GAP = 0.17  # of the font size: the smallest gap that is a blank; kerning stays below 0.1
_WIDE_GAP = 1.1  # of the font size: a gap that may part columns
_SAME_BASELINE = 0.14  # of the font size
_RAISED_SIZE = 0.85  # of the font size of the line: superscripts are smaller
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_SYMBOL_FONT = {chr(0xF000 + code): "•" for code in range(0x20, 0x100)} | {"\uf02d": "-", "\uf02b": "+"}
_REPLACED = str.maketrans({**_LIGATURES, **_SYMBOL_FONT, "\u200b": "", "\ufeff": "", "\u2028": "", "\u2011": "-"})
_LEADERS = re.compile(r"^[.…_·]{3,}$")


UNKNOWN = "\ufffd"  # a character that the file doesn't say the meaning of


class Glyph(NamedTuple):
    """A character as drawn: `x1` counts the letter-spacing, `baseline` is where it stands."""

    x0: float
    x1: float
    baseline: float
    size: float
    text: str
    bold: bool
    raised: bool = False


def lines_of(glyphs: list[Glyph], vertical: Sequence[Rule] = ()) -> list[Line]:
    """Return the lines of a page from top to bottom; words far apart on one baseline are lines of their own.

    A vertical ruling line parts words, however near they stand.
    """
    lines = [line for row in _with_raised(list(_rows(glyphs))) for line in split_line(_words(row, vertical))]
    return sorted(lines, key=lambda line: (line.top, line.x0))


def _rows(glyphs: list[Glyph]) -> Iterator[list[Glyph]]:
    """Group the characters that stand on one baseline."""
    row: list[Glyph] = []
    for glyph in sorted(glyphs, key=lambda glyph: glyph.baseline):
        if row and glyph.baseline - row[0].baseline > _SAME_BASELINE * glyph.size:
            yield row
            row = []
        row.append(glyph)
    if row:
        yield row


def _with_raised(rows: list[list[Glyph]]) -> list[list[Glyph]]:
    """Put small characters that stand just above a line, touching its words, into that line."""
    for index, row in enumerate(rows):
        for other in rows[index + 1 : index + 3]:
            raised = _touching(row, other)
            if raised:
                other.extend(glyph._replace(raised=True) for glyph in raised)
                rest = [glyph for glyph in row if glyph not in raised and glyph.text.strip()]
                row[:] = rest
    return [row for row in rows if row]


def _touching(small: list[Glyph], row: list[Glyph]) -> list[Glyph]:
    """Return the characters that are superscripts to the words of the line below them."""
    if not small or not row:
        return []
    height, size = row[0].baseline - small[0].baseline, max(glyph.size for glyph in row)
    if not 0 < height < 0.6 * size or min(glyph.size for glyph in small) > _RAISED_SIZE * size:
        return []
    bases = [glyph for glyph in row if glyph.text.strip() and not glyph.raised]
    starts, ends, reach = sorted(base.x0 for base in bases), sorted(base.x1 for base in bases), 0.25 * size
    raised: list[Glyph] = []
    for glyph in sorted(small):
        if glyph.size > _RAISED_SIZE * size or not glyph.text.strip():
            continue
        chained = bool(raised) and abs(glyph.x0 - raised[-1].x1) < reach
        if chained or _near(ends, glyph.x0, reach) or _near(starts, glyph.x1, reach):
            raised.append(glyph)
    return raised


def _near(places: list[float], place: float, reach: float) -> bool:
    index = bisect.bisect_left(places, place - reach)
    return index < len(places) and places[index] <= place + reach


def _words(row: list[Glyph], vertical: Sequence[Rule]) -> list[Token]:
    """Cut the characters of a row into words at blanks, gaps and ruling lines."""
    walls = sorted(rule.at for rule in vertical if rule.start < row[0].baseline - 0.3 * row[0].size < rule.end)
    words: list[Token] = []
    word: list[Glyph] = []
    blank: Glyph | None = None
    for glyph in sorted(row, key=lambda glyph: glyph.x0):
        if glyph.text.isspace():
            if not word or glyph.x0 > (word[-1].x0 + word[-1].x1) / 2:
                blank = blank or glyph
            continue
        if word:
            last = word[-1]
            if glyph.text == last.text and glyph.x0 - last.x0 < 0.1 * glyph.size:
                word[-1] = last._replace(bold=True)  # drawn twice to look bold
                continue
            if _begins_word(glyph, last, blank) or (walls and _parted(last, glyph, walls)):
                words.append(_token(word, words))
                word = []
        word.append(glyph)
        blank = None
    if word:
        words.append(_token(word, words))
    return words


def _begins_word(glyph: Glyph, last: Glyph, blank: Glyph | None) -> bool:
    """Tell whether a blank or a gap stands before a character; a blank that a letter is drawn over is none."""
    if unicodedata.combining(glyph.text[0]):
        return False
    gap = glyph.x0 - last.x1
    if blank and gap > -0.1 * glyph.size and glyph.x0 > (blank.x0 + blank.x1) / 2:
        return True
    return gap > _WORD_GAP * glyph.size or glyph.raised != last.raised


def _parted(last: Glyph, glyph: Glyph, walls: list[float]) -> bool:
    """Tell whether a ruling line stands between the middles of two characters."""
    index = bisect.bisect_right(walls, (last.x0 + last.x1) / 2)
    return index < len(walls) and walls[index] < (glyph.x0 + glyph.x1) / 2


def _token(word: list[Glyph], before: list[Token]) -> Token:
    text = unicodedata.normalize("NFC", "".join(glyph.text for glyph in word).translate(_REPLACED))
    first, size = word[0], max(glyph.size for glyph in word)
    glued = bool(before) and before[-1].raised != first.raised and first.x0 - before[-1].x1 < _WORD_GAP * size
    return Token(
        text,
        first.x0,
        first.baseline - _ASCENT * size,
        max(glyph.x1 for glyph in word),
        first.baseline + _DESCENT * size,
        size,
        2 * sum(glyph.bold for glyph in word) > len(word),
        1.0,
        first.raised,
        glued,
    )


def split_line(words: list[Token]) -> list[Line]:
    """Cut the words of a row where a gap is far wider than the other gaps of the row."""
    words = unspaced([word for word in words if word.text])
    if words and words[0].text == UNKNOWN:
        words[0] = words[0]._replace(text="•")  # a bullet of a font that doesn't say so
    if not words:
        return []
    gaps = sorted(right.x0 - left.x1 for left, right in itertools.pairwise(words))
    usual = gaps[len(gaps) // 2] if len(gaps) > 3 else 0.0
    lines, start = [], 0
    for index in range(1, len(words)):
        gap = words[index].x0 - words[index - 1].x1
        leader = _LEADERS.match(words[index].text) or _LEADERS.match(words[index - 1].text)
        if gap > max(_WIDE_GAP * words[index].size, 2.5 * usual) and not leader:
            lines.append(line_of(words[start:index]))
            start = index
    lines.append(line_of(words[start:]))
    return lines


def unspaced(words: list[Token]) -> list[Token]:
    """Join letters that are set apart for emphasis, four capitals or six others in a row, into words again."""
    result: list[Token] = []
    run: list[Token] = []
    for word in [*words, None]:
        if word is not None and _is_letter(word.text) and (not run or _evenly_spaced(run, word)):
            run.append(word)
            continue
        result += [_run_together(run)] if _is_spaced_out(run) else run
        run = []
        if word is not None:
            run = [word] if _is_letter(word.text) else []
            result += [] if run else [word]
    return result


def _is_spaced_out(run: list[Token]) -> bool:
    return len(run) >= (4 if "".join(word.text for word in run).isupper() else 6)


def _is_letter(text: str) -> bool:
    return text[:1].isalpha() and len(text.rstrip(":")) == 1


def _evenly_spaced(run: list[Token], word: Token) -> bool:
    gap = word.x0 - run[-1].x1
    before = run[-1].x0 - run[-2].x1 if len(run) > 1 else gap
    return gap < 1.2 * word.size and abs(gap - before) < 0.5 * word.size and not run[-1].text.endswith(":")


def _run_together(run: list[Token]) -> Token:
    text = "".join(word.text for word in run)
    confidence = min(word.confidence for word in run)
    return run[0]._replace(text=text, x1=run[-1].x1, confidence=confidence)
