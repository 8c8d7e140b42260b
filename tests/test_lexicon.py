"""Every rule of every language does what its examples say, and a rule that doesn't say is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from extractors import lexicon
from extractors.lexicon import LexiconError, Rule
from models.records import LANGUAGES

# Rules that read a text in which other rules have already found something: their own tests execute them, with values.
EVALUATED = frozenset({"times", "deadlines", "header"})
RULE = 'id = "xx.rule"\npattern = "due"\n'


def _rules() -> Iterator[tuple[str, Rule]]:
    for language in lexicon.languages():
        for kind in lexicon.kinds(language):
            for rule in lexicon.load(language, kind).rules:
                yield f"{language}/{kind}/{rule.id}", rule


SEARCHED = [(name, rule) for name, rule in _rules() if name.split("/")[1] not in EVALUATED]
TAKES = [pytest.param(rule, take.text, id=f"{name}/{take.text}") for name, rule in SEARCHED for take in rule.takes]
LEAVES = [pytest.param(rule, text, id=f"{name}/{text}") for name, rule in SEARCHED for text in rule.leaves]


@pytest.mark.parametrize(("rule", "text"), TAKES)
def test_a_rule_takes_what_it_says(rule: Rule, text: str) -> None:
    assert rule.pattern.search(text)


@pytest.mark.parametrize(("rule", "text"), LEAVES)
def test_a_rule_leaves_what_it_says(rule: Rule, text: str) -> None:
    assert not rule.pattern.search(text)


def test_every_language_of_the_register_has_rules() -> None:
    assert {name.split("/")[0] for name, _ in _rules()} == set(LANGUAGES) == set(lexicon.languages())


def test_an_id_names_one_rule_of_a_language() -> None:
    names = [(name.split("/")[0], rule.id) for name, rule in _rules()]
    assert sorted(names) == sorted(set(names))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A language folder of the test's own, in place of the real ones."""
    monkeypatch.setattr(lexicon, "FOLDER", tmp_path)
    lexicon.load.cache_clear()
    (tmp_path / "en").mkdir()
    yield tmp_path / "en"
    lexicon.load.cache_clear()


REFUSED = {
    "no examples": (f"[[rules]]\n{RULE}", "examples"),
    "no example of what it leaves": (f'[[rules]]\n{RULE}takes = ["due"]\n', "examples"),
    "no example of what it takes": (f'[[rules]]\n{RULE}leaves = ["done"]\n', "examples"),
    "no id": ('[[rules]]\npattern = "due"\ntakes = ["due"]\nleaves = ["done"]\n', "id"),
    "no pattern": ('[[rules]]\nid = "xx.rule"\ntakes = ["due"]\nleaves = ["done"]\n', "pattern"),
    "the same id twice": (f'[[rules]]\n{RULE}takes = ["due"]\nleaves = ["done"]\n' * 2, "twice"),
    "an unknown part": ('[[rules]]\nid = "a"\npattern = "{day}"\ntakes = ["x"]\nleaves = ["y"]\n', "day"),
    "a broken pattern": ('[[rules]]\nid = "a"\npattern = "("\ntakes = ["x"]\nleaves = ["y"]\n', "rule a"),
    "an example without text": ('[[rules]]\nid = "a"\npattern = "x"\ntakes = [{ day = 1 }]\nleaves = ["y"]\n', "text"),
    "a key twice": ("[words]\na = []\na = []\n", "en/times"),
}


@pytest.mark.parametrize(("text", "complaint"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_breaks_the_rules_is_refused(folder: Path, text: str, complaint: str) -> None:
    (folder / "times.toml").write_text(text, encoding="utf-8")
    with pytest.raises(LexiconError, match=complaint):
        lexicon.load("en", "times")


def test_words_and_parts_stand_in_patterns(folder: Path) -> None:
    (folder / "common.toml").write_text("[words]\nmonths = ['May', 'June']\n", encoding="utf-8")
    rule = "id = 'a'\npattern = '''{day}{_}{months}'''\ntakes = ['3 May']\nleaves = ['May']\n"
    (folder / "times.toml").write_text(f"[parts]\nday = '\\d+'\n[[rules]]\n{rule}", encoding="utf-8")
    pattern = lexicon.load("en", "times").rule("a").pattern
    assert pattern.fullmatch("3\u00a0june")
    assert not pattern.search("3\nJune")


def test_an_absent_file_is_an_empty_one(folder: Path) -> None:
    assert lexicon.load("en", "absent").rules == ()
