"""Units and office-holders: where their names start and end in a text, and how a list of them is split.

A name starts at a head noun of `units.toml` (with what may stand before it) and runs until a word at which names end:
a stop word, a verb, a colon. Behind a comma or 'and' the list goes on where another name starts, or where the
words can only belong to the name before ("Sở Văn hóa, Thể thao và Du lịch").
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors import lexicon, morphology
from models.records import Language, Span

_MAX_TOKENS = 45
_TOKEN = re.compile(r"\([^()\n]{0,200}\)|[«“\"][^»”\"\n]{1,160}[»”\"]|\w[\w&/'’.№-]*\w|\w|[^\w\s]")
_PERSON = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?\s+[^\W\d_]\.\s?(?:[^\W\d_]\.)?(?=\s|,|$)|[^\W\d_]\.\s?[^\W\d_]\.\s?[^\W\d_]{2,}")
_ENDERS = frozenset(":;!?…")


@dataclass(frozen=True, slots=True)
class UnitName:
    """A name in the nominative, without brackets and articles, and the span of the words as they stand."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class UnitList:
    """One or more names in a row; `cases` are those the first may stand in, where the language has cases."""

    span: Span
    names: tuple[UnitName, ...]
    cases: frozenset[str] = frozenset()


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
    genitive: re.Pattern[str]
    blend: re.Pattern[str]
    generic: frozenset[str]
    heads: frozenset[str]
    determiners: frozenset[str]
    nobody: frozenset[str]
    within: str
    inflected: bool
    syllables: bool


@functools.cache
def grammar(language: Language) -> Grammar:
    """Return the compiled unit words of a language."""
    rules = lexicon.load(language, "units")
    words = rules.words
    verbs = lexicon.load(language, "assignments").words.get("verbs", ())
    return Grammar(
        language=language,
        start=_start(rules),
        stop=_phrases(words["stops"] + verbs),
        joiner=_phrases(words["joiners"]),
        protected=_phrases(words["protected"]),
        inside=_phrases(words["inside"]),
        excluded=re.compile(rf"{lexicon.alternatives(words['excluded'] or (chr(0),))}(?!\w)", re.IGNORECASE),
        acronym=re.compile(rf"[A-Z][A-Za-z&]*[A-Z]\w*(?=\s+{lexicon.alternatives(words.get('acronym_next', (chr(0),)))})"),
        prefix=re.compile(rf"\s*{lexicon.alternatives(words['prefixes'])}\s*", re.IGNORECASE),
        article=re.compile(rf"^{lexicon.alternatives(words['articles'] or (chr(0),))}\s+", re.IGNORECASE),
        helper=lexicon.load(language, "assignments").pattern(r"(?<!\w)(?:{with})(?!\w)"),
        genitive=re.compile(rf"(?<!\w){lexicon.alternatives(words['genitive'] or (chr(0),))}\s+$", re.IGNORECASE),
        blend=re.compile(rf"{lexicon.alternatives(words['blends'] or (chr(0),))}[^\W\d_]{{2,}}"),
        generic=frozenset(word.casefold() for word in words["generic"]),
        heads=frozenset(words["common"] + words["posts"]),
        determiners=frozenset(words["determiners"]),
        nobody=frozenset(word.casefold() for word in words["nobody"]),
        within=next(iter(words["within"]), ""),
        inflected=bool(words.get("morphology")),
        syllables=bool(words.get("syllabic")),
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


def _phrases(phrases: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"{lexicon.alternatives(tuple(phrases) or (chr(0),))}(?!\w)")


def _start(rules: lexicon.RuleFile) -> re.Pattern[str]:
    words = rules.words
    one = lexicon.alternatives(_both_cases(words["determiners"]))
    joiner = lexicon.alternatives(words["joiners"])
    determiner = rf"(?:{one}(?:\s+{joiner}(?=\s+{one})|/(?={one}))?\s*(?<=[\s/]))"
    proper = lexicon.alternatives((words["proper"] + words["posts"]) or (chr(0),))
    common = lexicon.alternatives(_both_cases(words["common"]))
    plural = lexicon.alternatives(words["plural"] or (chr(0),))
    premodifier = rules.parts["premodifier"]
    return re.compile(
        rf"{determiner}*(?:{premodifier}{proper}|{common})(?![\w])|{determiner}+(?:{plural})(?!\w)", re.UNICODE
    )


def _both_cases(phrases: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form for phrase in phrases for form in (phrase, phrase[:1].upper() + phrase[1:])))


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int


def _tokens(text: str, start: int = 0) -> list[_Token]:
    return [_Token(match[0], match.start(), match.end()) for match in _TOKEN.finditer(text, start)]


def find_unit_lists(text: str, language: Language, acronyms: frozenset[str] = frozenset()) -> tuple[UnitList, ...]:
    """Return every list of units in the text, in order, without overlaps; `acronyms` name units too."""
    rules, tokens = with_acronyms(language, acronyms), _tokens(text)
    found, index = [], 0
    while index < len(tokens):
        head = _head_end(text, tokens, index, rules)
        if head < 0:
            index += 1
            continue
        unit_list, index = _read_list(text, tokens, index, head, rules)
        found.append(unit_list)
    return tuple(found)


def split_units(text: str, language: Language) -> tuple[UnitName, ...]:
    """Return the units of a phrase known to name units and nothing else, such as a table cell."""
    rules = grammar(language)
    if text.strip().casefold().strip(".") in rules.nobody or not any(char.isalpha() for char in text):
        return ()
    prefix = rules.prefix.match(text)
    start = prefix.end() if prefix else 0
    names: list[UnitName] = []
    for part in _cell_parts(text, start, rules):
        helper = rules.helper.search(text, part.start, part.end)
        names += _named(text, Span(part.start, helper.start() if helper else part.end), rules)
    return tuple(names)


def _cell_parts(text: str, start: int, rules: Grammar) -> list[Span]:
    """Split at semicolons always, at line ends, commas and 'and' where another name starts."""
    parts: list[Span] = []
    for line in _cell_lines(text, start, rules):
        words = line.of(text)
        tokens = _tokens(words)
        begin = 0
        for index, token in enumerate(tokens):
            end = _separator_end(words, tokens, index, rules)
            if not end or index == 0 or end >= len(tokens):
                continue
            opens = _head_end(words, tokens, end, rules) >= 0 or _opens_name(tokens, index, end)
            opens = opens and _names_somebody(words, begin, token.start, rules)
            opens = opens or token.text == "," and bool(_PERSON.match(words, tokens[end].start))
            if opens and not _merges(words[begin : token.start], tokens[end:], rules):
                parts.append(Span(line.start + begin, line.start + token.start))
                begin = tokens[end].start
        parts.append(Span(line.start + begin, line.end))
    return [person for part in parts for person in _persons(text, part)]


def _cell_lines(text: str, start: int, rules: Grammar) -> list[Span]:
    """Split a cell at semicolons and at line ends, but not where a line only goes on with the name before it."""
    lines: list[Span] = []
    for match in re.compile(r"[^\n;]+").finditer(text, start):
        if not match[0].strip():
            continue
        wraps = lines and text[lines[-1].end : match.start()].strip(" ") == "\n" and _goes_on(text, lines[-1], match[0], rules)
        if wraps:
            lines[-1] = Span(lines[-1].start, match.end())
        else:
            lines.append(Span(match.start(), match.end()))
    return lines


def _goes_on(text: str, before: Span, line: str, rules: Grammar) -> bool:
    words = before.of(text)
    if words.count("(") > words.count(")"):
        return True
    tokens = _tokens(line)
    if not tokens or not line.lstrip()[:1].isalnum() or words.rstrip().endswith((",", ".")):
        return False
    if _PERSON.match(line.lstrip()) or line.split()[0][1:2].isupper():
        return False
    if _head_end(line, tokens, 0, rules) >= 0:
        return False
    return line.lstrip()[:1].islower() or not rules.inflected


def _persons(text: str, part: Span) -> list[Span]:
    """Split people that stand side by side without a comma: "Orlov A.B. Lim C.D."."""
    found = [Span(match.start(), match.end()) for match in _PERSON.finditer(text, part.start, part.end)]
    return found if len(found) > 1 and _PERSON.match(text, part.start) else [part]


def _opens_name(tokens: list[_Token], index: int, after: int) -> bool:
    """Tell whether a comma in a cell parts short names ("Vụ PC, TTr"): an acronym stands on either side."""
    return tokens[index].text == "," and tokens[after].text[1:2].isupper()


def _names_somebody(text: str, start: int, end: int, rules: Grammar) -> bool:
    """Tell whether the words left of a separator are a name already, not half of one ("Finance and Planning Unit")."""
    tokens = _tokens(text[:end], start)
    return any(_head_end(text, tokens, index, rules) >= 0 or token.text[1:2].isupper() for index, token in enumerate(tokens)) or bool(
        _PERSON.search(text, start, end)
    )


def _separator_end(text: str, tokens: list[_Token], index: int, rules: Grammar) -> int:
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


def _head_end(text: str, tokens: list[_Token], index: int, rules: Grammar) -> int:
    """Return the index behind the head of a name that starts at the token, -1 where none starts."""
    if rules.inflected:
        return _inflected_head(tokens, index, rules)
    match = rules.start.match(text, tokens[index].start) or rules.acronym.match(text, tokens[index].start)
    if rules.excluded.match(text, tokens[index].start):
        return -1
    if not match or index and text[tokens[index].start - 1 : tokens[index].start] in ("-", "/", "."):
        return -1
    while index < len(tokens) and tokens[index].start < match.end():
        index += 1
    return index


def _inflected_head(tokens: list[_Token], index: int, rules: Grammar) -> int:
    for position in range(index, min(index + 6, len(tokens))):
        word = tokens[position].text
        if not word[0].isalpha():
            return -1
        if any(lemma in rules.heads for lemma in morphology.lemmas(word)) or _compound_head(word, rules):
            return position + 1
        if not morphology.is_modifier(word):
            return -1
    return -1


def _compound_head(word: str, rules: Grammar) -> bool:
    if "-" in word and any(lemma in rules.heads for part in word.split("-") for lemma in morphology.lemmas(part)):
        return True
    return word[:1].isupper() and bool(rules.blend.match(word)) and not morphology.is_known(word)


def _read_list(
    text: str, tokens: list[_Token], index: int, head: int, rules: Grammar
) -> tuple[UnitList, int]:
    """Read names from the token on; returns the list and the index of the first token behind it."""
    first, names = index, []
    wanted = _cases(tokens, head, rules)
    while True:
        end = _name_end(text, tokens, head, rules, wanted)
        shared: list[UnitName] = []
        if end == head and end < len(tokens) and tokens[end].text == ":":
            shared, end = _shared_head(text, tokens, head, end + 1, rules) or ([], end)
        elif head - index > 1 and tokens[head - 1].text.casefold() in rules.generic and tokens[head - 1].text[:1].isupper():
            shared, end = _shared_head(text, tokens, head, head, rules) or ([], end)
        names += shared or _named(text, Span(tokens[index].start, tokens[end - 1].end), rules)
        after = _separator_end(text, tokens, end, rules) if end < len(tokens) else 0
        head = _head_end(text, tokens, after, rules) if after and after < len(tokens) else -1
        if after and tokens[end].text == "," and rules.genitive.search(text, 0, tokens[first].start):
            break  # "the advice of the Board, the Office shall": the comma closes the phrase, not the list
        if head < 0 or not _agrees(tokens, head, wanted) or end - first > 3 * _MAX_TOKENS:
            break
        index = after
    whole = Span(tokens[first].start, tokens[end - 1].end)
    return UnitList(whole, tuple(names), wanted), end


def _named(text: str, span: Span, rules: Grammar, head: str = "") -> list[UnitName]:
    name = _clean(f"{head} {span.of(text)}" if head else span.of(text), rules)
    return [UnitName(name, span)] if name else []


def _cases(tokens: list[_Token], head: int, rules: Grammar) -> frozenset[str]:
    return morphology.cases(tokens[head - 1].text) if rules.inflected else frozenset()


def _name_end(text: str, tokens: list[_Token], head: int, rules: Grammar, wanted: frozenset[str]) -> int:
    """Return the index behind a name whose head ends at `head`."""
    index = head
    while index < len(tokens) and index - head < _MAX_TOKENS:
        token = tokens[index]
        if token.text in _ENDERS or token.text == "." and not _abbreviated(tokens, index):
            break
        match = rules.inside.match(text, token.start) or index == head and rules.protected.match(text, token.start)
        if match:
            while index < len(tokens) and tokens[index].start < match.end():
                index += 1
            continue
        if _stops(text, token, rules) and not _within_compound(text, tokens, index, head, rules):
            break
        after = _separator_end(text, tokens, index, rules)
        if after:
            if after >= len(tokens) or not _continues(text, tokens, index, after, rules, wanted):
                break
            index = after
        index += 1
    return index


def _abbreviated(tokens: list[_Token], index: int) -> bool:
    return index + 1 < len(tokens) and len(tokens[index - 1].text) <= 2 and not tokens[index - 1].text.isdigit()


def _stops(text: str, token: _Token, rules: Grammar) -> bool:
    if token.text.startswith("(") and len(token.text) > 1:
        return False
    if rules.stop.match(text, token.start):
        return True
    return rules.inflected and token.text[0].isalpha() and (
        morphology.is_infinitive(token.text) or morphology.is_finite(token.text)
    )


def _within_compound(text: str, tokens: list[_Token], index: int, head: int, rules: Grammar) -> bool:
    """Tell whether a one-syllable stop word is the second syllable of a name ("Vụ Xuất nhập khẩu"): only a single
    capitalised syllable stands between the head and it."""
    stop = rules.stop.match(text, tokens[index].start)
    if not stop or " " in stop[0] or rules.inflected or not rules.syllables:
        return False
    return index == head + 1 and tokens[head].text.istitle() and tokens[head].text.casefold() not in rules.generic


def _continues(
    text: str, tokens: list[_Token], index: int, after: int, rules: Grammar, wanted: frozenset[str]
) -> bool:
    """Tell whether the words behind a separator belong to the name before it."""
    following = tokens[after]
    if _stops(text, following, rules):
        return False
    before = text[max(0, tokens[index].start - 60) : tokens[index].start]
    head = _head_end(text, tokens, after, rules)
    if rules.inflected:
        return not _agrees(tokens, head, wanted) if head >= 0 else morphology.is_nominal(following.text)
    if _merges(before, tokens[after:], rules):
        return True
    if head >= 0:
        return _half_of_name(text, tokens, after, head, before, rules)
    return following.text[:1].isupper() and not following.text.isupper()


def _half_of_name(text: str, tokens: list[_Token], after: int, head: int, before: str, rules: Grammar) -> bool:
    """Tell whether a single head word behind 'and' ends the name before it ("Department of Family and Library")."""
    ends = head >= len(tokens) or tokens[head].text in _ENDERS | {",", "."} or _stops(text, tokens[head], rules)
    return bool(rules.within and rules.within in before) and head == after + 1 and ends and tokens[after].text.istitle()


def _agrees(tokens: list[_Token], head: int, wanted: frozenset[str]) -> bool:
    """Tell whether a head may stand in the case in which the list began: only then a new name starts."""
    return not wanted or bool(morphology.cases(tokens[head - 1].text) & wanted)


def _merges(before: str, following: Sequence[_Token], rules: Grammar) -> bool:
    """Tell whether two generic words make one name: "các cơ quan, đơn vị", "UBND các tỉnh, thành phố"."""
    words = before.split()
    if not words or not following:
        return False
    last = words[-1].strip(",").casefold()
    tail = " ".join(words[-2:]).strip(",").casefold()
    if last not in rules.generic and tail not in rules.generic:
        return False
    for size in (2, 1):
        if " ".join(token.text for token in following[:size]).casefold() in rules.generic:
            return not (len(following) > size and following[size].text[:1].isupper())
    return False


def _shared_head(
    text: str, tokens: list[_Token], head: int, position: int, rules: Grammar
) -> tuple[list[UnitName], int] | None:
    """Read "các Vụ: Kế hoạch, Pháp chế" or "các Bộ Tài chính, Nội vụ": each name with the head that all share."""
    names: list[UnitName] = []
    end = position
    while position < len(tokens) and tokens[position].text[:1].isupper() and _head_end(text, tokens, position, rules) < 0:
        end = _chunk_end(text, tokens, position, rules)
        names += _named(text, Span(tokens[position].start, tokens[end - 1].end), rules, tokens[head - 1].text)
        after = _separator_end(text, tokens, end, rules) if end < len(tokens) else 0
        if not after:
            break
        position = after
    return (names, end) if len(names) > 1 else None


def _chunk_end(text: str, tokens: list[_Token], start: int, rules: Grammar) -> int:
    index = start
    while index < len(tokens) and tokens[index].text not in _ENDERS:
        compound = rules.inside.match(text, tokens[index].start)
        if compound:
            while index < len(tokens) and tokens[index].start < compound.end():
                index += 1
            continue
        stops = tokens[index].text == "." or _stops(text, tokens[index], rules)
        if stops or _separator_end(text, tokens, index, rules):
            break
        index += 1
    return max(index, start + 1)


def _clean(words: str, rules: Grammar) -> str:
    """Return a name without brackets, bullets and articles, in the nominative."""
    name = re.sub(r"\s*\([^()]*\)", "", words)
    name = " ".join(name.split()).strip(" ,;:-–—•*+")
    name = name if _PERSON.search(name) else name.strip(" .")
    name = rules.article.sub("", name)
    if name.casefold() in rules.nobody or not any(char.isalpha() for char in name):
        return ""
    return morphology.nominative(name) if rules.inflected else name
