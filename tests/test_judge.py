"""The judge that was tried: what it learns from, and that it decides only where it is asked."""

from __future__ import annotations

from benchmarks.annotated import Collection
from benchmarks.judge import _cases, _register
from benchmarks.logistic import chance, fitted
from tests.extractors.documents import document

TEXT = ("1. The Harbour Office shall submit a report by 5 May 2027.", "2. The lake is deep.", "3. Boats were counted.")
GOLD = {
    "document": "a.txt",
    "language": "en",
    "tasks": [{"id": "1", "quote": "submit a report by 5 May 2027", "lead": ["Harbour Office"]}],
}


def _collection() -> Collection:
    return Collection("own", (GOLD,), {"a.txt": (document(*TEXT, file_name="a.txt"),)})


def test_sentences_are_cases_with_what_a_reader_says() -> None:
    each = _collection()
    cases = list(_cases(each, GOLD))
    assert [case.is_task for case in cases] == [True, False, False]
    assert cases[0].signs[0] == "sentence"
    assert "en submit" in cases[0].signs


def test_the_judge_takes_away_and_adds() -> None:
    each = _collection()
    rules_alone = [row["task"] for row in _register(each, "a.txt", None, (0.0, 1.0))]
    assert len(rules_alone) == 1
    against = _register(each, "a.txt", lambda _: {"sentence": -5.0}, (0.3, 1.0))
    assert against == []
    in_favour = _register(each, "a.txt", lambda _: {"sentence": -5.0, "en boats": 10.0}, (0.0, 0.6))
    assert [row["task"] for row in in_favour][-1].startswith("Boats")


def test_what_is_fitted_is_what_was_seen() -> None:
    cases = [("all", "a")] * 8 + [("all", "b")] * 8
    weights = fitted(cases, [True] * 7 + [False] * 8 + [True], ridge=1.0)
    assert chance(weights, ("all", "a")) > 0.7
    assert chance(weights, ("all", "b")) < 0.3
    assert "b" not in fitted(cases[:9], [True] * 8 + [False], ridge=1.0, least=2)
