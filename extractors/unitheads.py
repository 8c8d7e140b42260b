"""What a unit's name starts with and where it may end, token by token."""

from __future__ import annotations

from collections.abc import Sequence

from extractors import morphology
from extractors.unitwords import Grammar, Token


def separator_end(text: str, tokens: list[Token], index: int, rules: Grammar) -> int:
    """Return the index behind a separator that starts at the token, 0 where none does."""
    token = tokens[index]
    position = index
    if token.text in {",", "/", "+", "&"}:
        position = index + 1
        if position >= len(tokens):
            return position
    match = rules.joiner.match(text, tokens[position].start)
    if match:
        while position < len(tokens) and tokens[position].start < match.end():
            position += 1
    return position if position > index else 0


def head_end(text: str, tokens: list[Token], index: int, rules: Grammar) -> int:
    """Return the index behind the head of a name that starts at the token, -1 where none starts."""
    excluded = rules.excluded.match(text, tokens[index].start)
    if rules.inflected and excluded:
        return -1
    if rules.inflected:
        known = rules.acronym.match(text, tokens[index].start)
        return index + 1 if known and known.end() == tokens[index].end else _inflected_head(tokens, index, rules)
    match = rules.start.match(text, tokens[index].start) or rules.acronym.match(text, tokens[index].start)
    if excluded and not (match and match.end() > excluded.end()):
        return -1
    if not match or (index and text[tokens[index].start - 1 : tokens[index].start] in ("-", "/", ".")):
        return -1
    while index < len(tokens) and tokens[index].start < match.end():
        index += 1
    return index


def _inflected_head(tokens: list[Token], index: int, rules: Grammar) -> int:
    for position in range(index, min(index + 6, len(tokens))):
        word = tokens[position].text
        if not word[0].isalpha():
            return -1
        if any(lemma in rules.heads for lemma in morphology.lemmas(word)) or _compound_head(word, rules):
            return position + 1
        adverb = position == index and not rules.stop.match(word.casefold())
        adverb = adverb and position + 1 < len(tokens) and morphology.qualifies(word, tokens[position + 1].text)
        if not adverb and not morphology.is_modifier(word):
            return -1
    return -1


def _compound_head(word: str, rules: Grammar) -> bool:
    if "-" in word and any(lemma in rules.heads for part in word.split("-") for lemma in morphology.lemmas(part)):
        return True
    return word[:1].isupper() and bool(rules.blend.match(word)) and not morphology.is_known(word)


def abbreviated(tokens: list[Token], index: int, rules: Grammar) -> bool:
    """Tell whether a full stop belongs to a shortened word: one or two letters, or one that offices shorten."""
    before = tokens[index - 1].text
    if index + 1 >= len(tokens) or before.isdigit():
        return False
    return len(before) <= 2 or before.casefold() in rules.shortened


def stops(text: str, token: Token, rules: Grammar) -> bool:
    if token.text.startswith("(") and len(token.text) > 1:
        return False
    if rules.stop.match(text, token.start):
        return True
    return (
        rules.inflected
        and token.text[0].isalpha()
        and (morphology.is_infinitive(token.text) or morphology.is_finite(token.text))
    )


def within_compound(text: str, tokens: list[Token], index: int, head: int, rules: Grammar) -> bool:
    """Tell whether a one-syllable stop word is the second syllable of a name ("Vụ Xuất nhập khẩu"): only a single
    capitalised syllable stands between the head and it."""
    stop = rules.stop.match(text, tokens[index].start)
    if not stop or " " in stop[0] or rules.inflected or not rules.syllables:
        return False
    return index == head + 1 and tokens[head].text.istitle() and tokens[head].text.casefold() not in rules.generic


def merges(before: str, following: Sequence[Token], rules: Grammar, head: int = 0) -> bool:
    """Tell whether two generic words make one name: "các cơ quan, đơn vị", "UBND các tỉnh, thành phố"."""
    words = before.split()
    if not words or not following:
        return False
    last = words[-1].strip(",").casefold()
    tail = " ".join(words[-2:]).strip(",").casefold()
    if last not in rules.generic and tail not in rules.generic:
        return False
    if head > 1 and " ".join(token.text for token in following[:head]).casefold() not in rules.generic:
        return False  # a longer head: "Bộ, Cục trưởng Cục ..."
    for size in (2, 1):
        if " ".join(token.text for token in following[:size]).casefold() in rules.generic:
            return not (len(following) > size and following[size].text[:1].isupper())
    return False
