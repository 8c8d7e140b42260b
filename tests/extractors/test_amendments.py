"""Amendments: what the rules read, and what is no amendment of the paper itself."""

from __future__ import annotations

import pytest

from extractors.amendments import amendment_values
from extractors.lexicon import Example, Rule, load
from models.records import LANGUAGES, Language

EXAMPLES = [
    pytest.param(language, rule, take, id=f"{rule.id}/{take.text}")
    for language in LANGUAGES
    for rule in load(language, "amendments").rules
    for take in rule.takes
    if take.values
]


@pytest.mark.parametrize(("language", "rule", "take"), EXAMPLES)
def test_a_rule_reads_what_it_says(language: Language, rule: Rule, take: Example) -> None:
    assert amendment_values(rule, take.text, language) == take.values


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_rules_for_each_role(language: Language) -> None:
    roles = {rule.values["role"] for rule in load(language, "amendments").rules}
    assert roles == {"title", "opening", "change", "act"}
