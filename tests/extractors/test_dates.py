"""Every example of the date rules, in both directions."""

from __future__ import annotations

import pytest

from extractors.dates import written_dates
from extractors.lexicon import languages, load
from models.records import Language

CASES = [(language, rule) for language in languages() for rule in load(language, "dates").rules]
TAKES = [
    pytest.param(language, rule.id, example, id=f"{rule.id}:{example.text}")
    for language, rule in CASES
    for example in rule.takes
]
LEAVES = [
    pytest.param(language, rule.id, text, id=f"{rule.id}:{text}") for language, rule in CASES for text in rule.leaves
]


@pytest.mark.parametrize(("language", "rule", "example"), TAKES)
def test_takes(language: Language, rule: str, example) -> None:  # type: ignore[no-untyped-def]
    (written,) = [found for found in written_dates(example.text, language) if found.rule == rule]
    assert written.problem == example.values.get("problem", "")
    if "date" in example.values:
        assert written.value == example.values["date"]


@pytest.mark.parametrize(("language", "rule", "text"), LEAVES)
def test_leaves(language: Language, rule: str, text: str) -> None:
    assert not [found for found in written_dates(text, language) if found.rule == rule]
