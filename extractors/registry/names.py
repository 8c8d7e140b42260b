"""Names made comparable: what is left of one when case, accents' places, endings and empty words are taken away."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from extractors import lexicon, morphology
from models.records import Language

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_QUOTES = re.compile(r"[«»\"“”„‟‘’'`´]")
_JOINED_CAPITALS = re.compile(r"(?<=[A-ZĐƯ])\s?[&.-](?=[A-ZĐƯ]+(?![a-zà-ỹ]))")
_DOTTED = re.compile(r"\b(?:[A-Z]\.){2,}")
_TOKEN = re.compile(r"[^\W_]+")
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


@dataclass(frozen=True, slots=True)
class Name:
    """A name's words that count: `words` as written, `keys` made comparable; `country` where the name says it.

    `marked` tells that the country's name stood before or behind the unit's and is not among the words.
    """

    words: tuple[str, ...]
    keys: tuple[str, ...]
    country: str = ""
    marked: bool = False

    @property
    def key(self) -> str:
        return " ".join(self.keys)

    @property
    def full_key(self) -> str:
        """The key with the country: a ministry of the federation is not the one of the same name in a region."""
        return f"{self.key} @{self.country}" if self.marked else self.key


@dataclass(frozen=True, slots=True)
class NameRules:
    """What `registry.toml` of a language says, compiled."""

    country: str
    inflected: bool
    ignored: frozenset[str]
    levels: frozenset[str]
    trailing: re.Pattern[str]
    leading: re.Pattern[str]
    country_behind: re.Pattern[str]
    country_within: re.Pattern[str]
    countries: Mapping[str, str]
    expansion: re.Pattern[str]
    expansions: Mapping[str, str]
    folding: dict[int, str]


@functools.cache
def name_rules(language: Language) -> NameRules:
    """Return the rules for comparing names of a language."""
    file = lexicon.load(language, "registry")
    words, maps = file.words, file.maps
    countries = {key.casefold(): str(code) for key, code in maps.get("countries", {}).items()}
    country = _any(tuple(maps.get("countries", ())))
    return NameRules(
        country=str(file.settings.get("country", "")),
        inflected=bool(file.settings.get("inflected")),
        ignored=_word_set(words.get("ignored", ())),
        levels=_word_set(words.get("levels", ())),
        trailing=re.compile(rf"[\s,]+{_any(words.get('trailing', ()))}$", re.IGNORECASE),
        leading=re.compile(rf"^(?:the\s+)?{_any(words.get('leading', ()))}\s+", re.IGNORECASE),
        country_behind=re.compile(rf",?\s+(?:of\s+(?:the\s+)?)?{country}$"),
        country_within=re.compile(rf"(?<!\w){country}(?!\w)"),
        countries=countries,
        expansion=re.compile(rf"(?<!\w){_any(tuple(maps.get('expansions', ())))}(?!\w)"),
        expansions=maps.get("expansions", {}),
        folding={ord(key): str(value) for key, value in maps.get("folding", {}).items()},
    )


def _any(phrases: tuple[str, ...]) -> str:
    return lexicon.alternatives(phrases) if phrases else "(?!)"


def _word_set(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(_plain(word) for word in words)


def read_name(text: str, language: Language) -> Name:
    """Make a name comparable: brackets, quotes, empty words and what may end it without changing it are gone."""
    rules = name_rules(language)
    text = unicodedata.normalize("NFC", text)
    text = " ".join((_BRACKETS.sub(" ", text) or text).replace("’", "'").split()).strip(" ,;:.-–—•*")
    text = _JOINED_CAPITALS.sub("", _DOTTED.sub(lambda match: match[0].replace(".", ""), text))
    text = rules.expansion.sub(lambda match: rules.expansions.get(match[0], match[0]), text)
    while (shorter := rules.trailing.sub("", text)) != text:
        text = shorter
    country = _country(text, rules)
    bare = rules.leading.sub("", rules.country_behind.sub("", text)) or text
    words = _TOKEN.findall(_QUOTES.sub("", bare))
    counting = [(word, key) for word in words if (key := _key(word, rules)) not in rules.ignored]
    counting = counting or [(word, _key(word, rules)) for word in words]
    return Name(tuple(word for word, _ in counting), tuple(key for _, key in counting), country, bare != text)


def _country(text: str, rules: NameRules) -> str:
    found = rules.country_within.search(text)
    return rules.countries[" ".join(found[0].split()).casefold()] if found else ""


def _key(word: str, rules: NameRules) -> str:
    if rules.inflected:
        return str(morphology.parses(word)[0].normal_form).replace("ё", "е")
    return _plain(word)


@functools.lru_cache(maxsize=65536)
def _plain(word: str) -> str:
    """Return a word without case, a tone mark behind all its letters: "Uỷ" and "Ủy", "hoá" and "hóa" are equal."""
    letters = unicodedata.normalize("NFD", word.casefold())
    tones = "".join(letter for letter in letters if letter in _TONES)
    return unicodedata.normalize("NFC", "".join(letter for letter in letters if letter not in _TONES)) + tones


@functools.lru_cache(maxsize=65536)
def folded(key: str, language: Language) -> str:
    """Return a key without accents and with look-alike letters made one."""
    letters = unicodedata.normalize("NFD", key.translate(name_rules(language).folding))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return plain.translate(name_rules(language).folding)
