"""Short names of units that a document defines for itself: "the Office of Science and Technology Policy (OSTP)"."""

from __future__ import annotations

import functools
import re

from extractors import lexicon
from extractors.units import find_unit_lists
from models.records import Language

_LOOKBACK = 120
_LISTED = re.compile(r"(?<!\w)([^\W\d_][\w&-]{1,8})\s*[–—-]\s+(?=[^\W\d_]{3})")


def defined_acronyms(text: str, language: Language) -> frozenset[str]:
    """Return the acronyms that stand in brackets right behind a unit's name, and those every reader knows."""
    known = set(lexicon.load(language, "units").words.get("acronyms", ()))
    for match in _bracketed(language).finditer(text):
        if not _is_short_form(match[1]):
            continue
        before = text[max(0, match.start() - _LOOKBACK) : match.start()]
        lists = find_unit_lists(before, language)
        if lists and lists[-1].span.end >= len(before.rstrip()) - 1:
            known.add(match[1])
    for match in _LISTED.finditer(text):
        following = text[match.end() : match.end() + _LOOKBACK]
        lists = find_unit_lists(following, language) if _is_short_form(match[1]) else ()
        if lists and lists[0].span.start == 0:
            known.add(match[1])
    return frozenset(known)


def _is_short_form(word: str) -> bool:
    """Tell whether a word is written as short forms are: "QLHĐ", "A7", "DEOs"."""
    last = word.removesuffix("s")[-1:]
    return last.isupper() or (word[0].isupper() and last.isdigit())


@functools.cache
def _bracketed(language: Language) -> re.Pattern[str]:
    """Return the pattern of one word in brackets, alone or behind "hereinafter"."""
    calling = lexicon.load(language, "units").words.get("calling", ()) or ("\0",)
    words = rf"(?:{lexicon.alternatives(calling)}\s*[,:–—-]?\s*)?(?:the\s+)?"
    return re.compile(rf"\s*\(\s*{words}[“\"«']?([^\W\d_][\w&-]*\w)[”\"»']?\s*\)", re.IGNORECASE)
