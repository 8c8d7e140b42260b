"""Units and office-holders: where their names start and end in a text, and how a list of them is split.

A name starts at a head noun of `units.toml` (with what may stand before it) and runs until a word at which names end:
a stop word, a verb, a colon. Behind a comma or 'and' the list goes on where another name starts, or where the
words can only belong to the name before ("Sở Văn hóa, Thể thao và Du lịch").
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractors import morphology
from extractors.repair import repaired
from extractors.unitheads import abbreviated, head_end, merges, separator_end, stops, within_compound
from extractors.unitwords import PERSON, Grammar, Token, UnitName, tokenize, with_acronyms
from models.records import Language, Span

_MAX_TOKENS = 45
_GOVERNING = 3  # tokens of a head behind which a verb may belong to the name
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
        directing = rules.directing.match(text, tokens[index].start) if index < len(tokens) else None
        while directing and index < len(tokens) and tokens[index].start < directing.end():
            index += 1
    return tuple(found)


def _read_list(text: str, tokens: list[Token], index: int, head: int, rules: Grammar) -> tuple[UnitList, int]:
    """Read names from the token on; returns the list and the index of the first token behind it."""
    first, names = index, []
    wanted = _cases(tokens, head, rules)
    cut: tuple[int, int] | None = None  # names and end of the list if only a comma stands before its last name
    while True:
        found, end = _names_at(text, tokens, index, head, rules, wanted)
        names += found
        index, head = _next_name(text, tokens, first, end, rules, wanted)
        if head < 0 or end - first > 3 * _MAX_TOKENS:
            break
        cut = (len(names), end) if tokens[end].text == "," and index == end + 1 else None
    if cut and rules.joined:
        names, end = names[: cut[0]], cut[1]
    whole = Span(tokens[first].start, tokens[end - 1].end)
    return UnitList(whole, tuple(names), wanted), end


def _names_at(
    text: str, tokens: list[Token], index: int, head: int, rules: Grammar, wanted: frozenset[str]
) -> tuple[list[UnitName], int]:
    """Return the name whose head ends at `head`, or the names that share that head, and the token behind."""
    end = _name_end(text, tokens, index, head, rules, wanted)
    shared: tuple[list[UnitName], int] | None = None
    if end < len(tokens) and tokens[end].text == ":" and (end == head or _is_generic(tokens[end - 1], rules)):
        shared = _shared_head(text, tokens, index, end, end + 1, rules)
    elif head - index > 1 and _is_kind(tokens[head - 1], rules):
        shared = _shared_head(text, tokens, head - 1, head, head, rules)
    return shared or (named(text, Span(tokens[index].start, tokens[end - 1].end), rules), end)


def _next_name(
    text: str, tokens: list[Token], first: int, end: int, rules: Grammar, wanted: frozenset[str]
) -> tuple[int, int]:
    """Return where the list goes on behind a separator: the token a name starts at and where its head ends, -1 where
    the list is over."""
    after = separator_end(text, tokens, end, rules) if end < len(tokens) else 0
    head = head_end(text, tokens, after, rules) if after and after < len(tokens) else -1
    if head < 0 or not _agrees(tokens, head, wanted) or rules.apposition.match(text, tokens[after].start):
        return after, -1
    if tokens[end].text == "," and rules.genitive.search(text, 0, tokens[first].start):
        return after, -1  # "the advice of the Board, the Office shall": the comma closes the phrase, not the list
    return after, head


def _is_kind(token: Token, rules: Grammar) -> bool:
    return token.text[:1].isupper() and token.text.casefold() in rules.generic


def _is_generic(token: Token, rules: Grammar) -> bool:
    """Tell whether a word is a kind of unit that a list may share: "the units of the Ministries: Finance, Justice"."""
    return _is_kind(token, rules) or (bool(rules.place.match(f"{token.text} ")) and token.text in rules.generic)


def named(text: str, span: Span, rules: Grammar, head: str = "", listed: bool = False) -> list[UnitName]:
    """Return the name in a span; several where it is a kind of place followed by their names. What is `listed`, as in
    a cell, is in the nominative where it may be."""
    if not head and (places := _places(text, span, rules)):
        return places
    name = _clean(f"{head} {span.of(text)}" if head else span.of(text), rules)
    if name and rules.inflected and not (listed and morphology.may_be_nominative(name)):
        name = morphology.nominative(name)
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


def _name_end(text: str, tokens: list[Token], first: int, head: int, rules: Grammar, wanted: frozenset[str]) -> int:
    """Return the index behind a name whose head starts at `first` and ends at `head`."""
    index = head
    governs = head - first <= _GOVERNING  # "ban quản lý"; a longer head is a kind of body already
    while index < len(tokens) and index - head < _MAX_TOKENS:
        token = tokens[index]
        if token.text == "." and rules.inflected and _INITIALS.fullmatch(tokens[index - 1].text):
            return index + 1  # a name with its initials behind it is complete
        if token.text in ENDERS or (token.text == "." and not abbreviated(tokens, index, rules)):
            break
        match = rules.inside.match(text, token.start) or (
            governs and index == head and rules.protected.match(text, token.start)
        )
        if match:
            while index < len(tokens) and tokens[index].start < match.end():
                index += 1
            continue
        if stops(text, token, rules) and not within_compound(text, tokens, index, head, rules):
            break
        if rules.inflected and index > head and morphology.is_ungoverned(token.text):
            break
        if token.text in rules.field and _has_no_field(tokens[head - 1], index - head, rules):
            break
        after = separator_end(text, tokens, index, rules)
        if after:
            if after >= len(tokens) or not _continues(text, tokens, index, after, rules, wanted):
                break
            index = after
        index += 1
    return index


def _has_no_field(head: Token, behind: int, rules: Grammar) -> bool:
    """Tell whether "по" does not tell the field of a body: it stands further behind a common noun, or the noun is of
    those that have none ("совместно с учреждениями по профилактике")."""
    return head.text.islower() and (behind > 0 or not rules.fieldless.isdisjoint(morphology.lemmas(head.text)))


def _continues(text: str, tokens: list[Token], index: int, after: int, rules: Grammar, wanted: frozenset[str]) -> bool:
    """Tell whether the words behind a separator belong to the name before it."""
    following = tokens[after]
    if stops(text, following, rules):
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
    ends = head >= len(tokens) or tokens[head].text in ENDERS | {",", "."} or stops(text, tokens[head], rules)
    return bool(rules.within and rules.within in before) and head == after + 1 and ends and tokens[after].text.istitle()


def _agrees(tokens: list[Token], head: int, wanted: frozenset[str]) -> bool:
    """Tell whether a head may stand in the case in which the list began: only then a new name starts."""
    return not wanted or bool(morphology.cases(tokens[head - 1].text) & wanted)


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
        verb = stops(text, tokens[index], rules) and not within_compound(text, tokens, index, start, rules)
        if verb or tokens[index].text == "." or separator_end(text, tokens, index, rules):
            break
        index += 1
    return max(index, start + 1)


def _clean(words: str, rules: Grammar) -> str:
    """Return a name without brackets, bullets and articles."""
    name = re.sub(r"\s*\([^()]*\)", "", words)
    name = " ".join(name.split()).strip(" ,;:-–—•*+")
    name = name if PERSON.search(name) else name.strip(" .")
    name = rules.article.sub("", name)
    if name.casefold() in rules.nobody or not any(char.isalpha() for char in name):
        return ""
    return name
