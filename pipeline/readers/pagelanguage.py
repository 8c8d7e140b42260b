"""Which languages a page that was read by OCR is in: its parts may differ, and a wrong model betrays itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from models.records import Language
from pipeline.readers.pages.sheets import Sheet, Token
from pipeline.readers.textquality import language_of

_BAND = 30  # words of a part that is judged by itself: two or three lines
_DOUBTFUL = 0.72  # mean confidence below which a part without a language is not in that of the page


def other_language(sheet: Sheet, language: Language) -> Language | None:
    """Return a language that parts of a page are in besides the one it was read in.

    English read as English has common words in every part; Vietnamese read as English has none, and is read surely.
    What is read in the letters of another script is read unsurely.
    """
    counts = Counter(other for part in _parts(sheet) if (other := _other(part, language)) != language)
    return counts.most_common(1)[0][0] if counts else None


def _parts(sheet: Sheet) -> Iterator[list[Token]]:
    """Yield the words of lines below each other, enough of them to tell a language."""
    part: list[Token] = []
    for line in sheet.lines:
        part += [token for token in line.tokens if any(map(str.isalpha, token.text))]
        if len(part) >= _BAND:
            yield part
            part = []


def _other(part: list[Token], language: Language) -> Language:
    """Return the language of a part, or the one whose model should be tried on it."""
    shown = language_of([token.text for token in part])
    if shown:
        return shown
    sure = sum(token.confidence for token in part) / len(part)
    if language == "en":
        return "vi" if sure > _DOUBTFUL else "ru"
    if sure > _DOUBTFUL:
        return language
    return "ru" if language == "vi" else "vi"
