"""Word classes and cases where a language has endings: pymorphy3 behind plain questions.

Languages without inflection (no `morphology` in their `units.toml`) never load the analyser.
"""

from __future__ import annotations

import functools
import re
from typing import Any

from extractors import lexicon

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_MODIFIERS = {"ADJF", "PRTF", "NUMR"}
_INITIALS = r"[^\W\d_]\.\s?(?:[^\W\d_]\.)?"
_PERSON = re.compile(rf"(?:{_INITIALS}\s?)(?P<last>[^\W\d_]{{2,}})$|(?P<first>[^\W\d_]{{2,}})\s+{_INITIALS}$")

_ABBREVIATION = 5  # letters of a name in capitals that stands alone


@functools.cache
def _analyser() -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang="ru")


@functools.lru_cache(maxsize=65536)
def parses(word: str) -> tuple[Any, ...]:
    """Return the analyses of a Russian word form, the likeliest first; one of no class for other scripts."""
    return tuple(_analyser().parse(word.casefold() if _CYRILLIC.search(word) else "a"))


def is_infinitive(word: str) -> bool:
    first = parses(word)[0]
    return bool(first.tag.POS == "INFN")


def is_finite(word: str) -> bool:
    """Tell whether the form is a verb of the third person: 'обеспечивает', 'несут'."""
    first = parses(word)[0]
    return bool(first.tag.POS == "VERB" and "3per" in first.tag and first.score > 0.5)


@functools.lru_cache(maxsize=65536)
def lemmas(word: str) -> frozenset[str]:
    """Return the normal forms of a noun, of an adjective or participle that of the man whose office it may be; of
    other words only the word itself."""
    found = [parse for parse in parses(word) if parse.tag.POS in {"NOUN", "ADJF", "PRTF"} or "Abbr" in parse.tag]
    offices = [parse.inflect({"nomn", "sing", "masc"}) for parse in found if parse.tag.POS == "PRTF"]
    return frozenset([parse.normal_form for parse in found] + [form.word for form in offices if form]) | {
        word.casefold()
    }


def is_known(word: str) -> bool:
    """Tell whether the dictionary has the word; agency names such as 'Минтруду' it has not always."""
    return bool(_analyser().word_is_known(word.casefold()))


def cases(word: str) -> frozenset[str]:
    """Return the cases a noun or adjective form may stand in: 'nomn', 'gent', 'datv' ..."""
    return frozenset(parse.tag.case for parse in parses(word) if parse.tag.case)


def nominative(phrase: str) -> str:
    """Return a Russian noun phrase with its head and the words that agree with it in the nominative.

    Words behind the head (genitives, names in quotes, prepositional phrases) stay as they are; a person's surname
    beside initials is in the nominative too.
    """
    person = _PERSON.search(phrase)
    if not person:
        return _head_nominative(phrase)
    start, end = person.span("first" if person["first"] else "last")
    return (
        _head_nominative(phrase[: person.start()])
        + phrase[person.start() : start]
        + surname(phrase[start:end])
        + phrase[end:]
    )


def may_be_nominative(phrase: str) -> bool:
    """Tell whether a Russian noun phrase may stand in the nominative as it is ("Администрации районов")."""
    words = list(_WORD.finditer(phrase))
    head = _head(words)
    return head is not None and "nomn" in cases(words[head][0])


@functools.lru_cache(maxsize=4096)
def surname(word: str) -> str:
    """Return a surname in the nominative; by its ending where the dictionary doesn't know it."""
    found = [parse for parse in parses(word) if "Surn" in parse.tag]
    if any(parse.tag.case == "nomn" for parse in found):
        return word
    for parse in found:
        form = parse.inflect({"nomn"}) if parse.tag.case == "datv" else None
        if form:
            return _like(word, form.word)
    endings = lexicon.load("ru", "units").maps["surnames"]
    ending = max((ending for ending in endings if not found and word.endswith(ending)), key=len, default="")
    return word[: len(word) - len(ending)] + str(endings.get(ending, ""))


def _head_nominative(phrase: str) -> str:
    words = list(_WORD.finditer(phrase))
    head = _head(words)
    if head is None or _is_abbreviation(words[head][0], phrase):
        return phrase
    parse = _oblique(words[head][0])
    if parse is None or parse.tag.case == "nomn":
        return phrase
    result, end = [], 0
    for match in words[: head + 1]:
        result += [phrase[end : match.start()], _inflected(match[0], parse)]
        end = match.end()
    return "".join(result) + phrase[end:]


def _is_abbreviation(word: str, phrase: str) -> bool:
    """Tell whether a word in capitals is short for others ("ФГБУ «Центр»"), which has no cases."""
    short = len(word) <= _ABBREVIATION and word == phrase.strip()
    return word.isupper() and len(word) > 1 and (short or not (phrase.isupper() and is_known(word)))


def _head(words: list[re.Match[str]]) -> int | None:
    """Return the index of the first noun behind nothing but its modifiers, or of a modifier that no noun takes
    ("заведующему отделом")."""
    for index, match in enumerate(words):
        tags = [parse.tag for parse in parses(match[0])[:3]]
        following = [word[0] for word in words[index + 1 :]]
        if following and _is_adjectival(match[0]) and _agrees(match[0], following[:1]):
            continue
        if any(tag.POS == "NOUN" for tag in tags[:1]) or ("-" in match[0] and any(tag.POS == "NOUN" for tag in tags)):
            return index
        qualifier = index == 0 and len(words) > 1 and qualifies(match[0], words[1][0])
        if qualifier or any(tag.POS == "NUMR" for tag in tags):
            continue
        if not any(tag.POS in _MODIFIERS for tag in tags):
            return None
        if not _agrees(match[0], following):
            return index
    return None


def _agrees(word: str, following: list[str]) -> bool:
    """Tell whether a modifier agrees with one of the nouns behind it in case, number and gender."""
    modifiers = [parse.tag for parse in parses(word) if parse.tag.POS in _MODIFIERS]
    words = [parses(word) for word in following if parses(word)[0].tag.POS != "PREP"]
    nouns = [parse.tag for found in words for parse in found if parse.tag.POS == "NOUN"]
    return any(
        (one.case, one.number) == (other.case, other.number) and one.gender in (None, other.gender)
        for one in modifiers
        for other in nouns
    )


def _oblique(word: str) -> Any | None:
    """Return the analysis of a head: dative before nominative and accusative, genitive before others."""
    found = [parse for parse in parses(word) if parse.tag.POS == "NOUN"] or list(parses(word))
    for case in ("datv", "nomn", "gent", "accs", "ablt", "loct"):
        for parse in sorted(found, key=lambda parse: parse.tag.gender == "neut" and parse.tag.POS != "NOUN"):
            if parse.tag.case == case and (case != "datv" or parse.score >= 0.05):
                return parse
    return None


def _inflected(word: str, head: Any) -> str:
    plural = "plur" in head.tag
    wanted = {"nomn", "plur"} if plural else {"nomn", "sing"} | ({head.tag.gender} if head.tag.gender else set())
    for parse in parses(word):
        if parse.tag.case == head.tag.case and ("plur" in parse.tag) == plural:
            form = parse.inflect(wanted) or parse.inflect({"nomn"})
            if form:
                return _like(word, form.word)
    return word


def _like(word: str, form: str) -> str:
    """Write a form as the document writes the word: in capitals or not, with ё only where the word has it."""
    form = form if "ё" in word.casefold() else form.replace("ё", "е")
    if word.isupper() and len(word) > 1:
        return form.upper()
    return form[:1].upper() + form[1:] if word[:1].isupper() else form


def is_modifier(word: str) -> bool:
    """Tell whether the form is an adjective, participle or numeral."""
    return any(parse.tag.POS in _MODIFIERS for parse in parses(word)[:1]) or _is_adjectival(word)


def _is_adjectival(word: str) -> bool:
    """Tell whether a noun is made of an adjective, so that it may be one here too ("диспетчерской службе")."""
    found = parses(word)
    return found[0].tag.POS == "NOUN" and any(parse.tag.POS == "ADJF" for parse in found)


def qualifies(word: str, following: str) -> bool:
    """Tell whether the form is an adverb that belongs to the adjective behind it: 'материально ответственные'."""
    return parses(word)[0].tag.POS in {"ADVB", "ADJS"} and is_modifier(following) and "-" not in word


def is_nominal(word: str) -> bool:
    """Tell whether the form is a noun or what may stand before one."""
    return parses(word)[0].tag.POS in _MODIFIERS | {"NOUN"}


def is_ungoverned(word: str) -> bool:
    """Tell whether a common noun can't belong to the noun before it: no form but nominative and accusative."""
    found = parses(word)
    if not word.islower() or found[0].tag.POS != "NOUN" or "Fixd" in found[0].tag:
        return False
    return all(parse.tag.POS == "NOUN" and parse.tag.case in ("nomn", "accs") for parse in found)
