"""The only reader of the language folders: finds them, validates their rules and compiles them.

A folder below `languages/` is a language; each TOML file in it is one kind of knowledge (`deadlines.toml`,
`units.toml` ...) and holds any of these tables:

    [words]     name = ["...", ...]      lists of words or phrases
    [maps.name] phrase = value           words or phrases and the values they stand for
    [parts]     name = 'regex'           pieces of patterns, used as {name} in other parts, words and rules
    [[rules]]   id, pattern, takes, leaves, and whatever values the extractor of that kind reads

`{name}` in a pattern stands for the part of that name, or for the words of that list (the phrases of that map) as
alternatives, longest first. Top-level keys that are no tables are the settings of the file.
A part, list or map may stand in `common.toml` of the same folder. A rule without examples in both directions does not
load: `takes` says what it matches (a string, or a table with `text` and the values it reads), `leaves` what it doesn't.
Patterns are compiled with `re.IGNORECASE | re.VERBOSE`; white space in them is written `\\s` (or `{_}` for "some
blank").
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias, cast

from models.records import Language

FOLDER = Path(__file__).parent / "languages"
FLAGS = re.IGNORECASE | re.VERBOSE
_REFERENCE = re.compile(r"\{([a-z_][a-z0-9_]*)\}")
_BLANK = r"[^\S\n]+"
_Tree: TypeAlias = "dict[str, _Tree]"


class LexiconError(ValueError):
    """A language file that can't be used: says the file, the rule and what is wrong."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text and the values a rule reads from it."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """A named pattern with executed examples; `values` are the other keys of its table."""

    id: str
    pattern: re.Pattern[str]
    takes: tuple[Example, ...]
    leaves: tuple[str, ...]
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RuleFile:
    """One TOML file: its rules in order, its word lists and its parts, compiled on demand."""

    language: Language
    kind: str
    rules: tuple[Rule, ...]
    words: Mapping[str, tuple[str, ...]]
    parts: Mapping[str, str]
    maps: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)

    def pattern(self, source: str, flags: int = FLAGS) -> re.Pattern[str]:
        """Compile a pattern that may use the parts and words of this file."""
        return re.compile(_expand(source, self.parts, self.words, f"{self.language}/{self.kind}"), flags)

    def rule(self, rule_id: str) -> Rule:
        return next(rule for rule in self.rules if rule.id == rule_id)


def languages() -> tuple[Language, ...]:
    """Return the languages that have a folder, in order of their codes."""
    folders = (path.name for path in FOLDER.iterdir() if path.is_dir() and any(path.glob("*.toml")))
    return cast("tuple[Language, ...]", tuple(sorted(folders)))


def kinds(language: Language) -> tuple[str, ...]:
    """Return the kinds of knowledge a language folder holds."""
    return tuple(sorted(path.stem for path in (FOLDER / language).glob("*.toml")))


@functools.cache
def load(language: Language, kind: str) -> RuleFile:
    """Return the compiled file of a kind; an absent file is an empty one. Raises LexiconError."""
    common = _read(language, "common") if kind != "common" else {}
    data = _read(language, kind)
    maps = {name: MappingProxyType(v) for name, v in {**common.get("maps", {}), **data.get("maps", {})}.items()}
    words = {**_words(common), **_words(data), **{name: tuple(values) for name, values in maps.items()}}
    parts = {"_": _BLANK, **common.get("parts", {}), **data.get("parts", {})}
    where = f"{language}/{kind}"
    rules = tuple(_rule(table, parts, words, where) for table in data.get("rules", ()))
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise LexiconError(f"{where}: rule {rule.id} stands twice")
        seen.add(rule.id)
    settings = {name: value for name, value in data.items() if name != "rules" and not isinstance(value, dict)}
    return RuleFile(
        language,
        kind,
        rules,
        MappingProxyType(words),
        MappingProxyType(parts),
        MappingProxyType(maps),
        MappingProxyType(settings),
    )


def _read(language: Language, kind: str) -> dict[str, Any]:
    path = FOLDER / language / f"{kind}.toml"
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"{language}/{kind}: {error}") from error


def _words(data: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(values) for name, values in data.get("words", {}).items()}


def _rule(table: Mapping[str, Any], parts: Mapping[str, str], words: Mapping[str, tuple[str, ...]], where: str) -> Rule:
    rest = dict(table)
    rule_id = str(rest.pop("id", ""))
    where = f"{where}: rule {rule_id or '(without id)'}"
    source, takes, leaves = rest.pop("pattern", ""), rest.pop("takes", ()), rest.pop("leaves", ())
    if not rule_id or not source:
        raise LexiconError(f"{where} needs an id and a pattern")
    if not takes or not leaves:
        raise LexiconError(f"{where} needs examples of what it takes and of what it leaves")
    try:
        pattern = re.compile(_expand(source, parts, words, where), FLAGS)
    except re.error as error:
        raise LexiconError(f"{where}: {error}") from error
    examples = tuple(_example(take, where) for take in takes)
    return Rule(rule_id, pattern, examples, tuple(leaves), MappingProxyType(rest))


def _example(take: str | Mapping[str, Any], where: str) -> Example:
    if isinstance(take, str):
        return Example(take)
    values = dict(take)
    if "text" not in values:
        raise LexiconError(f"{where}: an example needs a text")
    return Example(values.pop("text"), MappingProxyType(values))


def _expand(source: str, parts: Mapping[str, str], words: Mapping[str, tuple[str, ...]], where: str) -> str:
    def replace(match: re.Match[str]) -> str:
        name = match[1]
        if name in words:
            return alternatives(words[name])
        if name in parts:
            return "(?:" + _expand(parts[name], parts, words, where) + ")" if name != "_" else _BLANK
        raise LexiconError(f"{where}: no part or word list is called {name}")

    return _REFERENCE.sub(replace, source)


def alternatives(phrases: tuple[str, ...]) -> str:
    """Return a group that matches any of the phrases, longest first; blanks in them match any blank.

    What phrases begin with in common is written once: a scanner that tries long lists at every word is several times
    faster for it.
    """
    tree: _Tree = {}
    for phrase in phrases:
        node = tree
        for char in " ".join(phrase.split()):
            node = node.setdefault(r"\s+" if char == " " else re.escape(char), {})
        node[""] = {}
    return f"(?:{_written(tree)})"


def _written(tree: _Tree) -> str:
    """Write a tree of characters as a pattern; the empty key ends a phrase, which longer ones go before."""
    branches = [char + _written(below) for char, below in tree.items() if char]
    if not branches:
        return ""
    if "" in tree:
        return f"(?:{'|'.join(branches)})?"
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
