"""The units of a table cell: a text that names units and nothing else, over lines, with or without commas."""

from __future__ import annotations

import re

from extractors import morphology
from extractors.unitheads import head_end, merges, separator_end
from extractors.units import named
from extractors.unitwords import PERSON, Grammar, Token, UnitName, grammar, tokenize
from models.records import Language, Span


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
        names += named(text, Span(part.start, helper.start() if helper else part.end), rules, listed=True)
    return tuple(_without_addresses(names, rules))


def split_helpers(text: str, language: Language) -> tuple[UnitName, ...]:
    """Return who assists by a cell that names who leads: "Revenues, with the Map Office"."""
    rules = grammar(language)
    found: list[UnitName] = []
    for line in _cell_lines(text, 0, rules):
        helper = rules.helper.search(text, line.start, line.end)
        if helper and any(map(str.isalpha, text[line.start : helper.start()])):
            names = split_units(text[helper.end() : line.end].strip(" ,."), language)
            start = line.end - len(text[helper.end() : line.end].lstrip(" ,."))
            found += [UnitName(name.name, name.span.shifted(start)) for name in names]
    return tuple(found)


def _without_addresses(names: list[UnitName], rules: Grammar) -> list[UnitName]:
    """Leave out where somebody is found ("г. Омск", "644043, ул. Ленина, д. 2"), if anybody is named beside it."""
    found = [(name, rules.address.search(name.name)) for name in names]
    named = [
        UnitName(name.name[: address.start()].rstrip(" ,") if address else name.name, name.span)
        for name, address in found
    ]
    return [name for name in named if name.name] or names


def _cell_parts(text: str, start: int, rules: Grammar) -> list[Span]:
    """Split at semicolons always, at line ends, commas and 'and' where another name starts."""
    parts: list[Span] = []
    for line in (_unguided(text, line, rules) for line in _cell_lines(text, start, rules)):
        words = line.of(text)
        tokens = tokenize(words)
        begin = 0
        for index, token in enumerate(tokens):
            end = separator_end(words, tokens, index, rules)
            if not end or index == 0 or end >= len(tokens) or _in_brackets(words[begin : token.start]):
                continue
            opens = head_end(words, tokens, end, rules) >= 0 or _opens_name(tokens, index, end)
            opens = opens and _names_somebody(words, begin, token.start, rules)
            opens = opens or (token.text == "," and bool(PERSON.match(words, tokens[end].start)))
            opens = opens or _parts_names(words, tokens, index, end, begin, rules)
            opens = opens and not _is_genitive(words[begin:], words, tokens, index, end, rules)
            if opens and not merges(words[begin : token.start], tokens[end:], rules):
                parts.append(Span(line.start + begin, line.start + token.start))
                begin = tokens[end].start
        parts.append(Span(line.start + begin, line.end))
    return [person for part in parts for person in _persons(text, part)]


def _unguided(text: str, line: Span, rules: Grammar) -> Span:
    """Return a line of a cell without who directs the unit ("the Panel, under the direction of the Council")."""
    guided = rules.guided.search(text, line.start, line.end)
    return Span(line.start, guided.start()) if guided and guided.start() > line.start else line


def _is_genitive(name: str, words: str, tokens: list[Token], index: int, end: int, rules: Grammar) -> bool:
    """Tell whether what follows 'and' in small letters may be half of a name ("Отдел помощи и службы быта")."""
    head = head_end(words, tokens, end, rules)
    if not rules.inflected or tokens[index].text == "," or head < 0 or not name.lstrip()[:1].isupper():
        return False
    return tokens[end].text[:1].islower() and "gent" in morphology.cases(tokens[head - 1].text)


def _cell_lines(text: str, start: int, rules: Grammar) -> list[Span]:
    """Split a cell at semicolons and at line ends, but not where a line only goes on with the name before it."""
    lines: list[Span] = []
    for match in re.compile(r"[^\n;]+").finditer(text, start):
        if not match[0].strip():
            continue
        wraps = (
            lines
            and text[lines[-1].end : match.start()].strip(" ") == "\n"
            and _goes_on(text, lines[-1], match[0], rules)
        )
        if wraps:
            lines[-1] = Span(lines[-1].start, match.end())
        else:
            lines.append(Span(match.start(), match.end()))
    return lines


def _in_brackets(words: str) -> bool:
    return words.count("(") > words.count(")")


def _goes_on(text: str, before: Span, line: str, rules: Grammar) -> bool:
    words = before.of(text)
    if _in_brackets(words) or line.lstrip().startswith("("):
        return True
    tokens = tokenize(line)
    if not tokens or not line.lstrip()[:1].isalnum() or words.rstrip().endswith((",", ".")):
        return False
    if PERSON.match(line.lstrip()) or line.split()[0][1:2].isupper():
        return False
    head = head_end(line, tokens, 0, rules)
    if head >= 0:
        return rules.inflected and morphology.cases(tokens[head - 1].text) == {"gent"}  # "... Центр\nМинздрава России"
    return line.lstrip()[:1].islower() or not rules.inflected


def _persons(text: str, part: Span) -> list[Span]:
    """Split people that stand side by side without a comma: "Orlov A.B. Lim C.D."."""
    found = [Span(match.start(), match.end()) for match in PERSON.finditer(text, part.start, part.end)]
    return found if len(found) > 1 and PERSON.match(text, part.start) else [part]


def _parts_names(text: str, tokens: list[Token], index: int, after: int, begin: int, rules: Grammar) -> bool:
    """Tell whether a separator of a cell parts short names though no known head follows: a slash with blanks around it,
    or a comma between two nouns that both may be subjects ("водитель, медсестра")."""
    spaced = text[tokens[index].start - 1 : tokens[index].end + 1] == " / "
    if spaced and tokens[after].text[:1].isupper() and text[begin : tokens[index].start].strip()[:1].isupper():
        return True
    if not rules.inflected or tokens[index].text != ",":
        return False
    first = next((token.text for token in tokens if token.start >= begin), "")
    return all(
        "nomn" in morphology.cases(word) and "gent" not in morphology.cases(word)
        for word in (first, tokens[after].text)
    )


def _opens_name(tokens: list[Token], index: int, after: int) -> bool:
    """Tell whether a comma in a cell parts short names ("Vụ PC, TTr"): an acronym stands on either side."""
    return tokens[index].text == "," and tokens[after].text[1:2].isupper()


def _names_somebody(text: str, start: int, end: int, rules: Grammar) -> bool:
    """Tell whether the words left of a separator are a name already, not half of one ("Finance and Planning Unit")."""
    text = text[:end]
    tokens = tokenize(text, start)
    return any(
        head_end(text, tokens, index, rules) >= 0 or token.text[1:2].isupper() for index, token in enumerate(tokens)
    ) or bool(PERSON.search(text, start, end))
