"""Units and office-holders: where their names start and end in a text, and how a list of them is split.

A name starts at a head noun of `units.toml` (with what may stand before it) and runs until a word at which names end:
a stop word, a verb, a colon. Behind a comma or 'and' the list goes on where another name starts, or where the
words can only belong to the name before ("Sở Văn hóa, Thể thao và Du lịch").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors import morphology
from extractors.repair import repaired
from extractors.unitwords import PERSON, Grammar, Token, UnitName, tokenize, with_acronyms
from models.records import Language, Span

_MAX_TOKENS = 45
_INITIALS = re.compile(r"[^\W\d_]\.[^\W\d_]")
ENDERS = frozenset(":;!?…")


@dataclass(frozen=True, slots=True)
class UnitList:
    """One or more names in a row; `cases` are those the first may stand in, where the language has cases."""

    span: Span
    names: tuple[UnitName, ...]
    cases: frozenset[str] = frozenset()


def find_unit_lists(text: str, language: Language, acronyms: frozenset[str] = frozenset()) -> tuple[UnitList, ...]:
    """Return every list of units in the text, in order, without overlaps; `acronyms` name units too."""
    text = repaired(text, language)
    rules, tokens = with_acronyms(language, acronyms), tokenize(text)
    found, index = [], 0
    while index < len(tokens):
        head = head_end(text, tokens, index, rules)
        if head < 0:
            index += 1
            continue
        unit_list, index = _read_list(text, tokens, index, head, rules)
        found.append(unit_list)
    return tuple(found)


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
    if rules.inflected:
        return _inflected_head(tokens, index, rules)
    match = rules.start.match(text, tokens[index].start) or rules.acronym.match(text, tokens[index].start)
    excluded = rules.excluded.match(text, tokens[index].start)
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


def _read_list(text: str, tokens: list[Token], index: int, head: int, rules: Grammar) -> tuple[UnitList, int]:
    """Read names from the token on; returns the list and the index of the first token behind it."""
    first, names = index, []
    wanted = _cases(tokens, head, rules)
    while True:
        end = _name_end(text, tokens, head, rules, wanted)
        shared: list[UnitName] = []
        if end < len(tokens) and tokens[end].text == ":" and (end == head or _is_generic(tokens[end - 1], rules)):
            shared, end = _shared_head(text, tokens, index, end, end + 1, rules) or ([], end)
        elif (
            head - index > 1
            and tokens[head - 1].text.casefold() in rules.generic
            and tokens[head - 1].text[:1].isupper()
        ):
            shared, end = _shared_head(text, tokens, head - 1, head, head, rules) or ([], end)
        names += shared or named(text, Span(tokens[index].start, tokens[end - 1].end), rules)
        after = separator_end(text, tokens, end, rules) if end < len(tokens) else 0
        head = head_end(text, tokens, after, rules) if after and after < len(tokens) else -1
        if after and tokens[end].text == "," and rules.genitive.search(text, 0, tokens[first].start):
            break  # "the advice of the Board, the Office shall": the comma closes the phrase, not the list
        if head >= 0 and rules.apposition.match(text, tokens[after].start):
            break
        if head < 0 or not _agrees(tokens, head, wanted) or end - first > 3 * _MAX_TOKENS:
            break
        index = after
    whole = Span(tokens[first].start, tokens[end - 1].end)
    return UnitList(whole, tuple(names), wanted), end


def _is_generic(token: Token, rules: Grammar) -> bool:
    """Tell whether a word is a kind of unit that a list may share: "the units of the Ministries: Finance, Justice"."""
    kind = token.text[:1].isupper() or rules.place.match(f"{token.text} ")
    return bool(kind) and token.text.casefold() in rules.generic


def named(text: str, span: Span, rules: Grammar, head: str = "") -> list[UnitName]:
    """Return the name in a span; several where it is a kind of place followed by their names."""
    if not head and (places := _places(text, span, rules)):
        return places
    name = _clean(f"{head} {span.of(text)}" if head else span.of(text), rules)
    return [UnitName(name, span)] if name else []


def _places(text: str, span: Span, rules: Grammar) -> list[UnitName]:
    """Read "UBND xã Hòa An, Tân Lập và Phú Mỹ": one unit a place. Two with but a comma between them may be a place and
    what it lies in."""
    head = rules.place.match(text, span.start, span.end)
    if not head:
        return []
    ends = [match.span() for match in rules.between_places.finditer(text, head.end(), span.end)]
    starts = [head.end(), *(end for _, end in ends)]
    items = [Span(start, end) for start, end in zip(starts, [*(start for start, _ in ends), span.end], strict=True)]
    several = len(items) > 2 or (len(items) == 2 and text[items[0].end] != ",")
    if not several or not all(word[:1].isupper() for item in items for word in item.of(text).split()):
        return []
    return [name for item in items for name in named(text, item, rules, head["before"] + head["kind"])]


def _cases(tokens: list[Token], head: int, rules: Grammar) -> frozenset[str]:
    return morphology.cases(tokens[head - 1].text) if rules.inflected else frozenset()


def _name_end(text: str, tokens: list[Token], head: int, rules: Grammar, wanted: frozenset[str]) -> int:
    """Return the index behind a name whose head ends at `head`."""
    index = head
    while index < len(tokens) and index - head < _MAX_TOKENS:
        token = tokens[index]
        if token.text == "." and rules.inflected and _INITIALS.fullmatch(tokens[index - 1].text):
            return index + 1  # a name with its initials behind it is complete
        if token.text in ENDERS or (token.text == "." and not _abbreviated(tokens, index)):
            break
        match = rules.inside.match(text, token.start) or (index == head and rules.protected.match(text, token.start))
        if match:
            while index < len(tokens) and tokens[index].start < match.end():
                index += 1
            continue
        if _stops(text, token, rules) and not _within_compound(text, tokens, index, head, rules):
            break
        if rules.inflected and index > head and morphology.is_ungoverned(token.text):
            break
        after = separator_end(text, tokens, index, rules)
        if after:
            if after >= len(tokens) or not _continues(text, tokens, index, after, rules, wanted):
                break
            index = after
        index += 1
    return index


def _abbreviated(tokens: list[Token], index: int) -> bool:
    return index + 1 < len(tokens) and len(tokens[index - 1].text) <= 2 and not tokens[index - 1].text.isdigit()


def _stops(text: str, token: Token, rules: Grammar) -> bool:
    if token.text.startswith("(") and len(token.text) > 1:
        return False
    if rules.stop.match(text, token.start):
        return True
    return (
        rules.inflected
        and token.text[0].isalpha()
        and (morphology.is_infinitive(token.text) or morphology.is_finite(token.text))
    )


def _within_compound(text: str, tokens: list[Token], index: int, head: int, rules: Grammar) -> bool:
    """Tell whether a one-syllable stop word is the second syllable of a name ("Vụ Xuất nhập khẩu"): only a single
    capitalised syllable stands between the head and it."""
    stop = rules.stop.match(text, tokens[index].start)
    if not stop or " " in stop[0] or rules.inflected or not rules.syllables:
        return False
    return index == head + 1 and tokens[head].text.istitle() and tokens[head].text.casefold() not in rules.generic


def _continues(text: str, tokens: list[Token], index: int, after: int, rules: Grammar, wanted: frozenset[str]) -> bool:
    """Tell whether the words behind a separator belong to the name before it."""
    following = tokens[after]
    if _stops(text, following, rules):
        return False
    before = text[max(0, tokens[index].start - 60) : tokens[index].start]
    head = head_end(text, tokens, after, rules)
    if rules.inflected:
        return not _agrees(tokens, head, wanted) if head >= 0 else morphology.is_nominal(following.text)
    if merges(before, tokens[after:], rules, head - after):
        return True
    if head >= 0:
        return _half_of_name(text, tokens, after, head, before, rules)
    return following.text[:1].isupper() and not following.text.isupper()


def _half_of_name(text: str, tokens: list[Token], after: int, head: int, before: str, rules: Grammar) -> bool:
    """Tell whether a single head word behind 'and' ends the name before it ("Department of Family and Library")."""
    ends = head >= len(tokens) or tokens[head].text in ENDERS | {",", "."} or _stops(text, tokens[head], rules)
    return bool(rules.within and rules.within in before) and head == after + 1 and ends and tokens[after].text.istitle()


def _agrees(tokens: list[Token], head: int, wanted: frozenset[str]) -> bool:
    """Tell whether a head may stand in the case in which the list began: only then a new name starts."""
    return not wanted or bool(morphology.cases(tokens[head - 1].text) & wanted)


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


def _shared_head(
    text: str, tokens: list[Token], first: int, head: int, position: int, rules: Grammar
) -> tuple[list[UnitName], int] | None:
    """Read "các Vụ: Kế hoạch, Pháp chế" or "các Bộ Tài chính, Nội vụ": each name with the head that all share, which
    stands in the tokens from `first` up to `head`."""
    plural = head - 2 >= first and tokens[head - 2].text.casefold() in rules.determiners
    shared = [token.text for token in (*tokens[first : head - 1 - plural], tokens[head - 1])]
    names: list[UnitName] = []
    end = position
    while (
        position < len(tokens) and tokens[position].text[:1].isupper() and head_end(text, tokens, position, rules) < 0
    ):
        end = _chunk_end(text, tokens, position, rules)
        names += named(text, Span(tokens[position].start, tokens[end - 1].end), rules, " ".join(shared))
        after = separator_end(text, tokens, end, rules) if end < len(tokens) else 0
        if not after:
            break
        position = after
    return (names, end) if len(names) > 1 else None


def _chunk_end(text: str, tokens: list[Token], start: int, rules: Grammar) -> int:
    index = start
    while index < len(tokens) and tokens[index].text not in ENDERS:
        compound = rules.inside.match(text, tokens[index].start)
        if compound:
            while index < len(tokens) and tokens[index].start < compound.end():
                index += 1
            continue
        verb = _stops(text, tokens[index], rules) and not _within_compound(text, tokens, index, start, rules)
        stops = tokens[index].text == "." or verb
        if stops or separator_end(text, tokens, index, rules):
            break
        index += 1
    return max(index, start + 1)


def _clean(words: str, rules: Grammar) -> str:
    """Return a name without brackets, bullets and articles, in the nominative."""
    name = re.sub(r"\s*\([^()]*\)", "", words)
    name = " ".join(name.split()).strip(" ,;:-–—•*+")
    name = name if PERSON.search(name) else name.strip(" .")
    name = rules.article.sub("", name)
    if name.casefold() in rules.nobody or not any(char.isalpha() for char in name):
        return ""
    return morphology.nominative(name) if rules.inflected else name
