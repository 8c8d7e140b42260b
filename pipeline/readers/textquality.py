"""How far a text can be believed: words that no language has, and the language that its commonest words tell."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from extractors.lexicon import languages, load
from models.records import Language

_WORD = re.compile(r"[^\W\d_]+")
_ENOUGH = 0.06  # share of a language's commonest words in running text from which it is that language
_BROKEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffd\ue000-\uf8ff]|\(cid:\d+\)")
_TORN_CASE = re.compile(r"[^\W\d_a-zа-яđ][a-zа-я]+[A-ZА-Я]|^[a-zа-я]+[A-ZА-Я]{2}")
_MIXED_SCRIPT = re.compile(r"[A-Za-z][а-яё]|[а-яё][A-Za-z]", re.IGNORECASE)
_INNER_SIGN = re.compile(r"[^\W\d_][\\^~{}|<>=_*;:!?][^\W\d_]")
_LOW_BYTES = re.compile(r"[a-zà-ÿ][À-Þ]|[a-z][¡-¿][a-z]")
_DIGIT_INSIDE = re.compile(r"[a-zа-яё]\d+[a-zа-яё]")


@functools.cache
def _frequent(language: Language) -> frozenset[str]:
    return frozenset(load(language, "reading").words.get("frequent", ()))


def language_of(words: Iterable[str]) -> Language | None:
    """Return the language whose commonest words a text holds most of; None if it holds too few of any."""
    plain = [match for word in words for match in _WORD.findall(word.casefold())]
    if not plain:
        return None
    shares = {language: sum(word in _frequent(language) for word in plain) / len(plain) for language in languages()}
    best = max(shares, key=lambda language: shares[language])
    return best if shares[best] >= _ENOUGH else None


def oddity(words: Iterable[str]) -> float:
    """Return the share of words that no language writes so: broken, of two scripts, with capitals or signs inside."""
    words = [word for word in words if any(character.isalpha() for character in word) or _BROKEN.search(word)]
    if not words:
        return 0.0
    return sum(map(_is_odd, words)) / len(words)


def _is_odd(word: str) -> bool:
    return bool(
        _BROKEN.search(word)
        or _MIXED_SCRIPT.search(word)
        or _INNER_SIGN.search(word)
        or _TORN_CASE.search(word)
        or _LOW_BYTES.search(word)
        or _DIGIT_INSIDE.search(word)
    )


def is_broken(word: str) -> bool:
    """Tell whether a word holds characters that the file doesn't say the meaning of."""
    return bool(_BROKEN.search(word))
