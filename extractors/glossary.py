"""Short names of units that a document defines for itself: "the Office of Science and Technology Policy (OSTP)"."""

from __future__ import annotations

import re

from extractors import lexicon
from extractors.units import find_unit_lists
from models.records import Language

_ACRONYM = re.compile(r"\s*\(\s*(?:the\s+)?[“\"«']?([^\W\d_][\w&-]*[^\W\d_a-zà-ỹа-яё][\w&-]*)[”\"»']?\s*\)")
_LOOKBACK = 120


def defined_acronyms(text: str, language: Language) -> frozenset[str]:
    """Return the acronyms that stand in brackets right behind a unit's name, and those every reader knows."""
    known = set(lexicon.load(language, "units").words.get("acronyms", ()))
    for match in _ACRONYM.finditer(text):
        before = text[max(0, match.start() - _LOOKBACK) : match.start()]
        lists = find_unit_lists(before, language)
        if lists and lists[-1].span.end >= len(before.rstrip()) - 1:
            known.add(match[1])
    return frozenset(known)
