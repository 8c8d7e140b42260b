"""Where a sentence ends: abbreviations, initials and numbers end none."""

from __future__ import annotations

import functools
import re

from extractors import lexicon
from models.records import Language, Span

_SENTENCE_END = re.compile(r"""[.!?…]+[”"»')\]]*(?=\s)""")


def sentences(text: str, span: Span, language: Language) -> list[Span]:
    """Split a span of the text into sentences; abbreviations, initials and numbers end none."""
    abbreviation = _abbreviations(language)
    result, start = [], span.start
    for match in _SENTENCE_END.finditer(text, span.start, span.end):
        before = text[start : match.start() + 1]
        after = text[match.end() : span.end].lstrip()
        if after and not _starts_sentence(after):
            continue
        if match[0] == "." and abbreviation.search(before):
            continue
        result.append(Span(start, match.end()))
        start = match.end() + len(text[match.end() : span.end]) - len(text[match.end() : span.end].lstrip())
    if text[start : span.end].strip():
        result.append(Span(start, span.end))
    return result


def _starts_sentence(after: str) -> bool:
    first = after.lstrip("“\"«'([ –-•")[:1]
    return first.isupper() or first.isdigit()


@functools.cache
def _abbreviations(language: Language) -> re.Pattern[str]:
    words = lexicon.load(language, "structure").words.get("abbreviations", ())
    listed = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?:(?<!\w)(?:{listed})|(?<!\w)[^\W\d_]|(?<![\w.])\d{{1,3}}|^\W*[IVX]+)\.$", re.IGNORECASE)
