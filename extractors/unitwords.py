"""The words of which names of units are made, compiled from `units.toml`, and the tokens they are sought in."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors import lexicon
from models.records import Language, Span

_TOKEN = re.compile(r"\([^()\n]{0,200}\)|[«“\"][^»”\"\n]{1,160}[»”\"]|\w[\w&/'’.№-]*\w|\w|[^\w\s]")
PERSON = re.compile(
    r"[^\W\d_]+(?:-[^\W\d_]+)?\s+[^\W\d_]\.\s?(?:[^\W\d_]\.)?(?=\s|,|$)|[^\W\d_]\.\s?[^\W\d_]\.\s?[^\W\d_]{2,}"
)


@dataclass(frozen=True, slots=True)
class UnitName:
    """A name in the nominative, without brackets and articles, and the span of the words as they stand."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Grammar:
    """The unit words of a language, compiled."""

    language: Language
    start: re.Pattern[str]
    stop: re.Pattern[str]
    joiner: re.Pattern[str]
    protected: re.Pattern[str]
    inside: re.Pattern[str]
    excluded: re.Pattern[str]
    acronym: re.Pattern[str]
    prefix: re.Pattern[str]
    article: re.Pattern[str]
    helper: re.Pattern[str]
    guided: re.Pattern[str]
    genitive: re.Pattern[str]
    address: re.Pattern[str]
    directing: re.Pattern[str]
    apposition: re.Pattern[str]
    place: re.Pattern[str]
    between_places: re.Pattern[str]
    blend: re.Pattern[str]
    generic: frozenset[str]
    shortened: frozenset[str]
    field: frozenset[str]
    fieldless: frozenset[str]
    heads: frozenset[str]
    determiners: frozenset[str]
    nobody: frozenset[str]
    within: str
    inflected: bool
    syllables: bool
    joined: bool


@functools.cache
def grammar(language: Language) -> Grammar:
    """Return the compiled unit words of a language."""
    rules = lexicon.load(language, "units")
    words = rules.words
    assignments = lexicon.load(language, "assignments")
    return Grammar(
        language=language,
        start=_start(rules),
        stop=_phrases(words["stops"] + assignments.words.get("verbs", ())),
        joiner=_phrases(words["joiners"]),
        protected=_phrases(words["protected"]),
        inside=_phrases(words["inside"]),
        excluded=re.compile(rf"{_any(words['excluded'])}(?!\w)", re.IGNORECASE),
        acronym=re.compile(rf"[A-Z][A-Za-z&]*[A-Z]\w*(?=\s+{_any(words.get('acronym_next', ()))})"),
        prefix=re.compile(rf"\s*{_any(words['prefixes'])}\s*", re.IGNORECASE),
        article=re.compile(rf"^{_any(words['articles'])}\s+", re.IGNORECASE),
        helper=assignments.pattern(rf"(?<!\w)(?:{{with}})(?!\w)|{rules.parts.get('helper', '(?!)')}"),
        guided=re.compile(rf",?\s*(?<!\w){_any(words['guided'])}(?!\w)", re.IGNORECASE),
        genitive=re.compile(rf"(?<!\w){_any(words['genitive'])}\s+$", re.IGNORECASE),
        address=rules.pattern(rules.parts.get("address", "(?!)")),
        directing=_phrases(words["directing"]),
        apposition=rules.pattern(rules.parts.get("apposition", "(?!)")),
        place=re.compile(
            rf"(?P<before>[^,]*?)(?:(?<!\w){_any(words['determiners'])}\s+)?(?<!\w)(?P<kind>{_any(words['places'])})\s+",
            re.IGNORECASE,
        ),
        between_places=re.compile(rf",\s*|\s+{_any(words['joiners'])}\s+"),
        blend=re.compile(rf"{_any(words['blends'])}[^\W\d_]{{2,}}"),
        generic=frozenset(word.casefold() for word in words["generic"]),
        shortened=frozenset(words.get("shortened", ())),
        field=frozenset(words.get("field", ())),
        fieldless=frozenset(words.get("fieldless", ())),
        heads=frozenset(words["common"] + words["posts"]),
        determiners=frozenset(words["determiners"]),
        nobody=frozenset(word.casefold() for word in words["nobody"]),
        within=next(iter(words["within"]), ""),
        inflected=bool(words.get("morphology")),
        syllables=bool(words.get("syllabic")),
        joined=bool(words.get("joined")),
    )


@functools.lru_cache(maxsize=256)
def with_acronyms(language: Language, acronyms: frozenset[str]) -> Grammar:
    """Return the grammar of a language in which these acronyms are names of units."""
    rules = grammar(language)
    if not acronyms:
        return rules
    one = lexicon.alternatives(_both_cases(lexicon.load(language, "units").words["determiners"]))
    defined = rf"(?:{one}\s+)*{lexicon.alternatives(tuple(acronyms))}(?!\w)"
    return replace(rules, acronym=re.compile(rf"{defined}|{rules.acronym.pattern}"))


def _any(phrases: Sequence[str]) -> str:
    """Return a pattern of any of the phrases; of none, one that matches nothing."""
    return lexicon.alternatives(tuple(phrases)) if phrases else r"(?!)"


def _phrases(phrases: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"{_any(phrases)}(?!\w)")


def _start(rules: lexicon.RuleFile) -> re.Pattern[str]:
    words = rules.words
    one = lexicon.alternatives(_both_cases(words["determiners"]))
    joiner = lexicon.alternatives(words["joiners"])
    determiner = rf"(?:{one}(?:\s+{joiner}(?=\s+{one})|/(?={one}))?\s*(?<=[\s/]))"
    proper = _any(words["proper"] + words["posts"])
    common = lexicon.alternatives(_both_cases(words["common"]))
    plural = _any(words["plural"])
    premodifier = rules.parts["premodifier"]
    named = rules.parts.get("named", "(?!)")
    small = rules.parts.get("small", "(?!)")
    word = rf"(?!{_any(words.get('between', ()))}\b|{one}(?![\w-]))[^\W\d_](?:[^\W\d_]|[’'-])*"
    led = rf"(?:{determiner}|(?!{one}(?![\w-]))[A-Z](?:[^\W\d_]|[’'-])*\s)(?:{word}\s){{0,3}}?(?:{common}|{plural})"
    bare = rf"|{led}(?=,?\s+{_any(words['acronym_next'])}\b)" if "between" in words else ""
    return re.compile(
        rf"{determiner}*(?:{premodifier}{proper}|{common})(?![\w])|{determiner}+(?:{plural}|{named}{common})(?!\w)|{small}(?!\w){bare}",
        re.UNICODE,
    )


def _both_cases(phrases: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form for phrase in phrases for form in (phrase, phrase[:1].upper() + phrase[1:])))


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    start: int
    end: int


def tokenize(text: str, start: int = 0) -> list[Token]:
    return [Token(match[0], match.start(), match.end()) for match in _TOKEN.finditer(text, start)]
