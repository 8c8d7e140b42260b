"""Accents that a scan has lost or changed: known phrases are put right for the rules, length and places unchanged.

Only phrases of several syllables that the rules themselves know are touched ("phôi hợp" becomes "phối hợp"); the task
and its source text in the register are always the document's own.
"""

from __future__ import annotations

import functools
import re
import unicodedata

from extractors import lexicon
from models.records import Language

_SPECIAL = str.maketrans("đĐ", "dD")


def repaired(text: str, language: Language) -> str:
    """Return the text with the accents of known phrases restored; character for character as long as before."""
    phrases = _phrases(language)
    if not phrases:
        return text
    folded = fold(text)
    pieces, end = [], 0
    for match in _pattern(language).finditer(folded):
        right = phrases[match[0]]
        if len(right) == len(match[0]):
            pieces += [text[end : match.start()], right]
            end = match.end()
    return "".join(pieces) + text[end:] if pieces else text


def fold(text: str) -> str:
    """Return the text without accents, character for character."""
    return "".join(map(_base, text))


@functools.lru_cache(maxsize=4096)
def _base(char: str) -> str:
    return char if char.isascii() else unicodedata.normalize("NFD", char)[0].translate(_SPECIAL)


@functools.cache
def _phrases(language: Language) -> dict[str, str]:
    """Return folded phrase -> phrase, for those of two syllables and more that no other phrase folds to."""
    units, assignments = (lexicon.load(language, kind).words for kind in ("units", "assignments"))
    if not units.get("syllabic"):
        return {}
    known = [
        p for words in (assignments["verbs"], assignments["with"], assignments["duty"], units["stops"]) for p in words
    ]
    result: dict[str, str] = {}
    for phrase in dict.fromkeys(known):
        if " " in phrase:
            result[fold(phrase)] = "" if fold(phrase) in result and result[fold(phrase)] != phrase else phrase
    return {folded: phrase for folded, phrase in result.items() if phrase}


@functools.cache
def _pattern(language: Language) -> re.Pattern[str]:
    ordered = sorted(_phrases(language), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, ordered))})(?!\w)")
