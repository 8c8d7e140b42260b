"""Every rule of times and deadlines reads its examples as it says, and leaves what it says it leaves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from extractors.base import Context
from extractors.deadlines import find_deadlines, read_deadline_cell
from extractors.deadlines.grammar import grammar_of, lower, rule_files
from extractors.deadlines.times import resolve
from extractors.deadlines.years import Setting
from extractors.lexicon import Example, Rule, RuleFile
from models.records import LANGUAGES, Deadline, Language

_NO_LETTERS = re.compile(r"\\[A-Z]|\(\?P")
_CAPITAL = re.compile(r"[A-ZĐÁÀА-ЯЁ]")
FILES = [(language, file) for language in LANGUAGES for file in rule_files(language)]
CASES = [(language, file, rule) for language, file in FILES for rule in file.rules]


def _named(kind: str, examples: str) -> Iterator[Any]:
    for language, file, rule in CASES:
        if file.kind == kind:
            for example in getattr(rule, examples):
                text = example.text if isinstance(example, Example) else example
                yield pytest.param(language, file, rule, example, id=f"{rule.id}/{text}")


def _context(language: Language, file: RuleFile, values: Mapping[str, Any]) -> Context:
    return Context(language, values.get("document_date", file.settings["document_date"]))


@pytest.mark.parametrize(("language", "file", "rule", "example"), _named("times", "takes"))
def test_a_time_is_read(language: Language, file: RuleFile, rule: Rule, example: Example) -> None:
    rules = grammar_of(language)
    times = [time for time in rules.find_times(example.text, lower(example.text)) if time.rule.id == rule.id]
    assert len(times) == 1, [time.rule.id for time in rules.find_times(example.text, lower(example.text))]
    days = resolve(times[0], Setting(rules, _context(language, file, example.values), cell=True))
    assert days.end == example.values.get("end")
    assert list(days.reasons) == example.values.get("reasons", [])
    if "start" in example.values:
        assert days.start == example.values["start"]


@pytest.mark.parametrize(("language", "file", "rule", "text"), _named("times", "leaves"))
def test_a_time_is_left(language: Language, file: RuleFile, rule: Rule, text: str) -> None:
    assert rule.id not in [time.rule.id for time in grammar_of(language).find_times(text, lower(text))]


def _read(language: Language, file: RuleFile, rule: Rule, example: Example) -> list[Deadline]:
    read = read_deadline_cell if rule.values.get("cell") else find_deadlines
    return [d for d in read(example.text, _context(language, file, example.values)) if d.rule == rule.id]


@pytest.mark.parametrize(("language", "file", "rule", "example"), _named("deadlines", "takes"))
def test_a_frame_is_read(language: Language, file: RuleFile, rule: Rule, example: Example) -> None:
    if rule.values["kind"] == "not":
        assert rule.id in [found.rule.id for found in grammar_of(language).scan(example.text, cell=False)]
        assert find_deadlines(example.text, _context(language, file, example.values)) == ()
        return
    found = _read(language, file, rule, example)
    assert found, find_deadlines(example.text, _context(language, file, example.values))
    deadline = found[0]
    values = {"kind": "recurring", "due": None, "recurrence": "", "reasons": []} | dict(example.values)
    assert (deadline.kind, deadline.due, deadline.recurrence) == (values["kind"], values["due"], values["recurrence"])
    assert list(deadline.reasons) == values["reasons"]
    for name, field in (("start", deadline.start), ("bound", deadline.bound), ("words", deadline.text)):
        if name in values:
            assert field == values[name]


@pytest.mark.parametrize(("language", "file", "rule", "text"), _named("deadlines", "leaves"))
def test_a_frame_is_left(language: Language, file: RuleFile, rule: Rule, text: str) -> None:
    cell = bool(rule.values.get("cell"))
    assert rule.id not in [found.rule.id for found in grammar_of(language).scan(text, cell=cell)] or not find_deadlines(
        text, _context(language, file, {})
    )


def test_patterns_read_lower_case() -> None:
    """A capital letter in a pattern would never match: the text is lowered first."""
    for _, file in FILES:
        for source in [*file.parts.values(), *(rule.pattern.pattern for rule in file.rules)]:
            assert not _CAPITAL.search(_NO_LETTERS.sub("", source)), source
