"""The grammar of a language compiled: the scanner of times, the scanner of frames, and the text in which times stand.

`times.toml` says how days, months, quarters ... are written, `deadlines.toml` the frames that make them deadlines. In
the frames `@day`, `@month` ... stand for a time already found: the text is first rewritten with one private character
in the place of each time, so that a frame needs no knowledge of notations. All patterns read lower-cased text.
"""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extractors import lexicon
from extractors.lexicon import LexiconError, Rule, RuleFile
from models.records import Language, Span

TIME_KINDS = ("day", "week", "decade", "month", "quarter", "half", "year", "season", "adverb", "bare")
_TAGS = {kind: chr(0xE000 + index) for index, kind in enumerate(TIME_KINDS)}
_TAG = re.compile(r"@([a-z]+)")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_BACK = re.compile(r"\(\?P=(\w+)\)")
_NUMBERED = re.compile(r"_\d$")
_TIMED_GROUPS = frozenset({"date", "month", "over"})  # the groups in which evaluators ask for times
_GROUP = re.compile(r"\(\?P<(\w+)>")


@dataclass(frozen=True, slots=True)
class Time:
    """A time named in a text: its kind, where it stands, and the words of its fields (`d`, `mn`, `y` ...).

    A pattern that can't use a name twice numbers its other places: `y` and `y_2`.
    """

    kind: str
    span: Span
    fields: Mapping[str, str]
    rule: Rule


@dataclass(frozen=True, slots=True)
class Found:
    """A frame found in a text: its rule, its span, the words of its groups and the times within it, in order."""

    rule: Rule
    span: Span
    groups: Mapping[str, str]
    times: tuple[Time, ...]
    inside: Mapping[str, tuple[Time, ...]]


@dataclass(frozen=True, slots=True)
class _Scanner:
    """Rules as one pattern: at a place the first rule that matches wins."""

    pattern: re.Pattern[str]
    rules: Mapping[str, Rule]
    groups: Mapping[str, tuple[tuple[str, str], ...]]

    def scan(self, text: str) -> Iterator[tuple[Rule, re.Match[str], dict[str, str]]]:
        """Yield each match with its rule and the groups that took part: the rule's name -> the pattern's name."""
        for match in self.pattern.finditer(text):
            name = match.lastgroup or ""
            groups = {own: mangled for own, mangled in self.groups[name] if match.start(mangled) >= 0}
            yield self.rules[name], match, groups


@dataclass(frozen=True, slots=True)
class Grammar:
    """What is known of a language's times and deadlines; `words` are the maps and settings of both files."""

    language: Language
    times: _Scanner
    trigger: re.Pattern[str]
    recurring: re.Pattern[str]
    maps: Mapping[str, Mapping[str, Any]]
    settings: Mapping[str, Any]

    def value(self, map_name: str, words: str) -> Any:
        """Return what words stand for in a map, None where it doesn't have them; blanks count as one space."""
        phrases = self.maps.get(map_name, {})
        return phrases.get(words if words.isalnum() else " ".join(words.split()))

    def number(self, words: str) -> int | None:
        """Read digits, a Roman numeral or a number word."""
        digits = words.strip()
        if digits.isdecimal():
            return int(digits)
        value = self.value("numbers", words)
        return int(value) if value is not None else None

    def scan(self, text: str, *, cell: bool) -> Iterator[Found]:
        """Yield the frames of a text in order; spans are of the text as given."""
        lowered = lower(text)
        if not cell and not self.trigger.search(lowered):
            return
        times = tuple(self.find_times(text, lowered))
        tagged = _tagged(lowered, times)
        positions = _Positions(times)
        recurring = bool(self.recurring.search(lowered))
        for rule, match, groups in _frames(self.language, cell, bool(times), recurring).scan(tagged):
            yield _found(rule, match, groups, times, positions, tagged)

    def find_times(self, text: str, lowered: str) -> Iterator[Time]:
        """Yield the times of a text; `lowered` is what `lower` makes of it.

        Words that are months only with a capital letter ("may" is a verb) are named by the setting `only_capital`.
        """
        for rule, match, groups in self.times.scan(lowered):
            fields = {own: match[mangled] for own, mangled in groups.items()}
            if fields.get("mn") in self.settings.get("only_capital", ()) and text[match.start(groups["mn"])].islower():
                continue
            yield Time(rule.values["kind"], Span(*match.span()), fields, rule)


class _Positions:
    """Leads from places of the tagged text back to the text itself."""

    def __init__(self, times: tuple[Time, ...]) -> None:
        self.starts: list[int] = []
        self.shifts: list[int] = [0]
        for time in times:
            self.starts.append(time.span.start - self.shifts[-1])
            self.shifts.append(self.shifts[-1] + time.span.end - time.span.start - 1)

    def back(self, position: int) -> int:
        return position + self.shifts[bisect.bisect_left(self.starts, position)]

    def inside(self, start: int, end: int) -> slice:
        return slice(bisect.bisect_left(self.starts, start), bisect.bisect_left(self.starts, end))


def _found(
    rule: Rule,
    match: re.Match[str],
    groups: Mapping[str, str],
    times: tuple[Time, ...],
    positions: _Positions,
    tagged: str,
) -> Found:
    start, end = match.span(groups.get("span", 0))
    while end > start and tagged[end - 1] in " \t\n\xa0,;:–-":
        end -= 1
    return Found(
        rule,
        Span(positions.back(start), positions.back(end)),
        {own: match[mangled] for own, mangled in groups.items()},
        times[positions.inside(start, end)],
        {own: times[positions.inside(*match.span(groups[own]))] for own in _TIMED_GROUPS & groups.keys()},
    )


def lower(text: str) -> str:
    """Lower the letters of a text without changing its length; private characters become blanks."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(small if len(small := char.lower()) == 1 else char for char in text)
    return _PRIVATE.sub(" ", lowered)


def _tagged(lowered: str, times: tuple[Time, ...]) -> str:
    pieces: list[str] = []
    position = 0
    for time in times:
        pieces += (lowered[position : time.span.start], _TAGS[time.kind])
        position = time.span.end
    return "".join([*pieces, lowered[position:]])


@functools.cache
def grammar_of(language: Language) -> Grammar:
    """Compile the grammar of a language. Raises LexiconError."""
    times, frames = lexicon.load(language, "times"), lexicon.load(language, "deadlines")
    return Grammar(
        language,
        _scanner(times.rules, times.pattern("(?={begins})").pattern),
        frames.pattern("{trigger}", re.VERBOSE),
        frames.pattern("{recurring}", re.VERBOSE),
        {**times.maps, **frames.maps},
        {**times.settings, **frames.settings},
    )


@functools.cache
def _frames(language: Language, cell: bool, timed: bool, recurring: bool) -> _Scanner:
    """Compile the frames that can stand in a text: `timed` where times were found, `recurring` where it has a word of
    recurrence."""
    file = lexicon.load(language, "deadlines")
    rules = [rule for rule in file.rules if cell or not rule.values.get("cell")]
    if not timed:
        rules = [rule for rule in rules if rule.values["kind"] not in ("limit", "span")]
    if not recurring:
        rules = [rule for rule in rules if rule.values["kind"] != "recurring"]
    return _scanner(rules, file.pattern("(?:{intro})?").pattern)


def _scanner(rules: Sequence[Rule], opening: str) -> _Scanner:
    """Join rules into one pattern after an opening; the groups of the rule at place i get the suffix _i."""
    sources: list[str] = []
    groups: dict[str, tuple[tuple[str, str], ...]] = {}
    for index, rule in enumerate(rules):
        source = _lifted(rule.pattern.pattern, rule.id)
        names = tuple(dict.fromkeys(_GROUP.findall(source)))
        groups[f"rule_{index}"] = tuple((_NUMBERED.sub("", name), f"{name}_{index}") for name in names)
        source = _BACK.sub(rf"(?P=\1_{index})", _GROUP.sub(rf"(?P<\1_{index}>", source))
        sources.append(f"(?P<rule_{index}>{source})")
    # No time and no frame begins within a word: most places are passed over by the first look back.
    pattern = rf"(?<!\w)(?=\S){opening}(?:{'|'.join(sources)})"
    return _Scanner(re.compile(pattern, re.VERBOSE), {f"rule_{i}": rule for i, rule in enumerate(rules)}, groups)


def _lifted(source: str, where: str) -> str:
    """Put the private characters in the place of `@day` ..."""

    def tag(match: re.Match[str]) -> str:
        if match[1] not in _TAGS:
            raise LexiconError(f"{where}: there is no time of the kind {match[1]}")
        return _TAGS[match[1]]

    return _TAG.sub(tag, source)


def rule_files(language: Language) -> tuple[RuleFile, RuleFile]:
    """Return the files of times and frames of a language, whose examples the tests execute."""
    return lexicon.load(language, "times"), lexicon.load(language, "deadlines")
