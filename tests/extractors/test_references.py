"""Every example of the reference rules, in both directions."""

from __future__ import annotations

import re

import pytest

from extractors.lexicon import Example, Rule, languages, load
from extractors.references import find_references
from models.records import Language

RULES = [(language, rule) for language in languages() for rule in load(language, "references").rules]
TAKES = [pytest.param(lang, rule, case, id=f"{rule.id}:{case.text}") for lang, rule in RULES for case in rule.takes]
LEAVES = [pytest.param(lang, rule, text, id=f"{rule.id}:{text}") for lang, rule in RULES for text in rule.leaves]


@pytest.mark.parametrize(("language", "rule", "example"), TAKES)
def test_takes(language: Language, rule: Rule, example: Example) -> None:
    assert rule.pattern.search(example.text)
    (reference,) = find_references(example.text, language)
    assert reference.number == example.values["number"]
    assert re.sub(r"\s", "", reference.span.of(example.text)) == re.sub(r"\s", "", reference.number)
    assert reference.date == example.values.get("date")


@pytest.mark.parametrize(("language", "rule", "text"), LEAVES)
def test_leaves(language: Language, rule: Rule, text: str) -> None:
    assert not rule.pattern.search(text)


def test_several_in_one_sentence() -> None:
    text = "Căn cứ Nghị quyết số 57-NQ/TW ngày 22/12/2024 và Kế hoạch số 02-KH/BCĐTW; báo cáo trước ngày 25/6/2026."
    assert [(found.number, str(found.date)) for found in find_references(text, "vi")] == [
        ("57-NQ/TW", "2024-12-22"),
        ("02-KH/BCĐTW", "None"),
    ]
