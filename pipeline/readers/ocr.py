"""OCR of a page image: upright, straight, without stamps and ruling lines, then words become a sheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from models.records import Language
from pipeline.readers import images, ruling, tesseract
from pipeline.readers.missed import with_missed
from pipeline.readers.pagelanguage import other_language
from pipeline.readers.pages.glyphs import split_line
from pipeline.readers.pages.sheets import Affine, Line, Sheet, Token
from pipeline.readers.tesseract import MODELS, Recognised
from pipeline.readers.textquality import language_of
from pipeline.readers.textsheets import turned_back
from pipeline.readers.typeface import bold_lines, line_heights, without_handwriting

if TYPE_CHECKING:
    from PIL.Image import Image

_LOOK_DPI = 150
_DOUBTFUL = 0.72  # mean confidence below which other ways to read a page are tried
_SCRIPTS: tuple[Language, ...] = ("vi", "ru")  # a model for each script; English is told from its words
_STRIP = 0.06  # share of the page's height that tells the language: three lines
_CLEAR = 1.1  # uprightness from which, and below the inverse of which, a page's look tells how it is turned; that of
# Cyrillic letters is hardly ever so high
_PART = 0.25  # share of the page's height that tells how it is turned
_SCRAPS = 80  # letters below which a page is not worth more tries
_NOISE = 0.2  # confidence below which a word is taken for dirt
_LONG, _SURE = 20, 0.85  # letters of a line, and mean confidence, from which all that stands in it is writing
_HEAD = 0.45  # share of the page's height in which number and date are written by hand
_AS_GOOD = 0.97  # of the worth of the first reading, from which the one in the language shown is taken
_SIGNS = frozenset('-–—•+*.:;,/()«»"“”%№&=')
_STOPPED = re.compile(r"[^\W\d_]{2}\.$")
_BLANK = 0.2  # of the font size: no blank between words is narrower
_BULLET_LIKE = frozenset("eoеоc°®©¢«»*·•¤ø@")
_FONT_HEIGHT = 0.93  # of the font size: from the lowest tail to the highest tip of a line


Reader = Callable[..., Sheet]  # reads a page: its turn, then its languages


@dataclass(slots=True)
class Guess:
    """What a document's pages are taken to be: the language that the page before was in, and whether one of them had
    to be turned. Corrected by every page that proves to be otherwise."""

    language: Language = "vi"
    turned: bool = False


def first_guess(grey: Image, turn: int) -> Guess:
    """Return the language that a few lines of a document's first page, in grey, are read in surely."""
    upright = grey.rotate(-turn, expand=True)
    strip = images.fullest_strip(upright, _STRIP)
    reads: dict[Language, list[Recognised]] = {}
    for language in _SCRIPTS if images.uprightness(upright) > _CLEAR else reversed(_SCRIPTS):
        reads[language] = tesseract.read_words(strip, MODELS[language], images.DPI)
        if _quality(reads[language]) > _DOUBTFUL:
            break
    best = max(reads, key=lambda language: _sure(reads[language]))
    return Guess(language_of([word.text for word in reads[best]]) or best)


def ocr_sheet(image: Image, number: int, guess: Guess, dpi: int = images.DPI, turn: int | None = None) -> Sheet:
    """Return the sheet of a page image; a page that reads badly is tried turned and in the other languages.

    `turn` is its first turn where that is known.
    """
    grey = images.without_stamps(image)
    turn = first_turn(grey, dpi, guess.turned) if turn is None else turn
    read = partial(_read, grey, number, dpi)
    sheet, language = read(turn, guess.language), guess.language
    if sheet.quality < _DOUBTFUL and _length(sheet) > _SCRAPS:
        sheet, language = _tried(grey, read, sheet, language, dpi)
    sheet, language = _in_its_languages(read, sheet, language)
    if sheet.quality >= _DOUBTFUL:
        guess.language, guess.turned = language, guess.turned or sheet.turn != 0
    return sheet


def _tried(grey: Image, read: Reader, sheet: Sheet, language: Language, dpi: int) -> tuple[Sheet, Language]:
    """Return the best reading of a page that reads badly as it is: turned, or in another script."""
    other = _turn(grey, dpi)
    if other != sheet.turn:
        sheet = max(sheet, read(other, language), key=_worth)
    for another in _SCRIPTS:
        if another != language and sheet.quality < _DOUBTFUL:
            again = read(sheet.turn, another)
            sheet, language = max((sheet, language), (again, another), key=lambda pair: _worth(pair[0]))
    return sheet, language


def _in_its_languages(read: Reader, sheet: Sheet, language: Language) -> tuple[Sheet, Language]:
    """Return a page read in the language that its words show, or in two where its parts are in two."""
    shown = language_of([token.text for line in sheet.lines for token in line.tokens])
    found = other_language(sheet, language)
    if shown and shown != language:
        again, another = read(sheet.turn, shown), shown
    elif found and not shown:
        again, another = read(sheet.turn, found), found
    elif found:
        again, another = read(sheet.turn, language, found), language
    else:
        return sheet, language
    return (again, another) if _worth(again) > _AS_GOOD * _worth(sheet) else (sheet, language)


def first_turn(grey: Image, dpi: int = images.DPI, expected: bool = False) -> int:
    """Return the clockwise turn that the look of a page says it needs; Tesseract is asked where that is unclear and
    the page lies on its side or a turn is expected. Right for nearly all: a page that then reads badly is asked of."""
    aside = 90 if images.is_sideways(grey) else 0
    sign = images.uprightness(grey.rotate(-aside, expand=True))
    if sign < 1 / _CLEAR:
        return aside + 180
    return _turn(grey, dpi) if sign < _CLEAR and (aside or expected) else aside


def _turn(grey: Image, dpi: int) -> int:
    """Return the clockwise turn that Tesseract finds the fullest part of a page to need, 0 where it is unsure."""
    small = grey.reduce(max(1, dpi // _LOOK_DPI))
    aside = 90 if images.is_sideways(grey) else 0
    level = small.rotate(-aside, expand=True)
    found = tesseract.orientation(images.fullest_strip(level, _PART), _LOOK_DPI)
    if not found or found.sureness < 1:
        found = tesseract.orientation(level, _LOOK_DPI)
    return (found.turn + aside) % 360 if found and found.sureness > 1 else 0


def _sure(words: list[Recognised]) -> float:
    return sum(word.confidence**2 * len(word.text) for word in words)


def _length(sheet: Sheet) -> int:
    return sum(len(token.text) for line in sheet.lines for token in line.tokens)


def _worth(sheet: Sheet) -> float:
    """Return how much of a sheet is read surely."""
    return sum(token.confidence**2 * len(token.text) for line in sheet.lines for token in line.tokens)


def _read(grey: Image, number: int, dpi: int, turn: int, *languages: Language) -> Sheet:
    """Read a grey page turned clockwise by a quarter turn, in one language or in several at once."""
    model = "+".join(MODELS[language] for language in languages)
    upright = grey.rotate(-turn, expand=True) if turn else grey
    angle = images.skew(upright)
    straight = images.straightened(upright, angle)
    horizontal, vertical, clean = ruling.ruling_lines(straight, dpi)
    words = tesseract.read_words(clean, model, dpi)
    words = with_missed(words, clean, (horizontal, vertical), model, dpi)
    unit = 72 / dpi
    width, height = upright.width * unit, upright.height * unit
    sheet = Sheet(number, width, height, grey.width * unit, grey.height * unit, method="ocr", turn=turn)
    sheet.horizontal, sheet.vertical = horizontal, vertical
    back = turned_back(turn, sheet.page_width, sheet.page_height)
    sheet.to_page = _after(images.rotation_about_middle(angle, width, height), back) if angle else back
    sheet.quality = _quality(words)
    words = _without_dirt(words)
    heights = line_heights(words)
    words = without_handwriting(words, heights, _HEAD * upright.height)
    sheet.lines = _lines(words, heights, bold_lines(words, heights, clean), unit, number)
    return sheet


def _after(first: Affine, second: Affine) -> Affine:
    """Return the matrix that applies one matrix after another."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = second
    return (
        a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u,
    )  # fmt: skip


def _quality(words: list[Recognised]) -> float:
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0


def _without_dirt(words: Sequence[Recognised]) -> list[Recognised]:
    """Return the words without what is no writing; an unsure word in the midst of a sure line is one."""
    lines: dict[int, list[Recognised]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    sure = {number for number, line in lines.items() if _is_sure([word for word in line if not _is_dirt(word)])}
    return [word for word in words if not _is_dirt(word) or (word.line in sure and _is_word(word))]


def _is_dirt(word: Recognised) -> bool:
    if word.confidence < _NOISE:
        return True
    return word.confidence < 0.5 and not any(character.isalnum() for character in word.text) and word.text not in _SIGNS


def _is_sure(line: list[Recognised]) -> bool:
    return sum(len(word.text) for word in line) > _LONG and _quality(line) > _SURE


def _is_word(word: Recognised) -> bool:
    """Tell whether a word is spelt with letters and no larger than its line: numbers read unsurely are not kept."""
    letters = sum(character.isalpha() for character in word.text)
    is_spelt = letters > 1 and letters >= len(word.text) - 2 and not any(map(str.isdigit, word.text))
    return is_spelt and word.height < 2 * word.line_height


def _lines(
    words: list[Recognised], heights: Mapping[int, float], bold: frozenset[int], unit: float, number: int
) -> list[Line]:
    """Return the words as lines: those on one baseline together, cut at wide gaps."""
    runs: dict[int, list[Token]] = {}
    for word in words:
        runs.setdefault(word.line, []).append(_token(word, heights[word.line], word.line in bold, unit))
    rows = map(_without_specks, _rows(list(runs.values())))
    lines = [line for row in rows for line in split_line(_with_bullet(row))]
    for line in lines:
        line.page = number
    return sorted(lines, key=lambda line: (line.top, line.x0))


def _rows(runs: list[list[Token]]) -> list[list[Token]]:
    """Join Tesseract's lines that stand beside each other on one baseline."""
    rows: list[list[Token]] = []
    for run in sorted(runs, key=lambda run: run[0].bottom):
        for row in rows[-4:]:
            if abs(run[0].bottom - row[0].bottom) < 0.35 * run[0].size and not _overlap(run, row):
                row.extend(run)
                break
        else:
            rows.append(list(run))
    return [sorted(row, key=lambda token: token.x0) for row in rows]


def _with_bullet(row: list[Token]) -> list[Token]:
    """Take a small round letter that stands apart at the start of a line for the bullet that it is."""
    if len(row) < 2 or row[0].text not in _BULLET_LIKE or row[1].x0 - row[0].x1 < 0.7 * row[0].size:
        return row
    return [row[0]._replace(text="•"), *row[1:]]


def _without_specks(row: list[Token]) -> list[Token]:
    """Return the words without the full stops that are dirt: a small letter follows, and they fill the blank."""
    speckled = {
        index
        for index, (word, following) in enumerate(pairwise(row))
        if _STOPPED.search(word.text) and following.text[0].islower() and following.x0 - word.x1 < _BLANK * word.size
    }
    return [word._replace(text=word.text[:-1]) if index in speckled else word for index, word in enumerate(row)]


def _overlap(run: list[Token], row: list[Token]) -> bool:
    return any(token.x0 < other.x1 - 1 and other.x0 < token.x1 - 1 for token in run for other in row)


def _token(word: Recognised, height: float, bold: bool, unit: float) -> Token:
    """Return a word in points; the height of its line tells the font size."""
    base, size = word.baseline * unit, height * unit / _FONT_HEIGHT
    x0, x1 = word.left * unit, (word.left + word.width) * unit
    return Token(word.text, x0, base - 0.78 * size, x1, base + 0.22 * size, size, bold, confidence=word.confidence)
