"""Switching parts of the extraction off: each switch still fits the code, and puts everything back."""

from __future__ import annotations

import pytest

from benchmarks.ablation import PARTS, rule_lines
from benchmarks.annotated import Collection
from extractors.linking import extract
from tests.extractors.documents import document

TEXT = ("1. The Harbour Office shall submit a report by 5 May 2027.", "2. The Fleet Office shall publish the list.")
GOLD = {
    "document": "a.txt",
    "language": "en",
    "tasks": [{"id": "1", "quote": "submit a report", "lead": ["Harbour Office"], "deadline": {"kind": "none"}}],
}


def _collection() -> Collection:
    return Collection("own", (GOLD,), {"a.txt": (document(*TEXT, file_name="a.txt"),)})


@pytest.mark.parametrize("part", PARTS)
def test_every_part_can_be_switched_off_and_is_on_again(part: str) -> None:
    each = _collection()
    before = each.rows(extract)
    with PARTS[part]():
        each.rows(extract)
    assert each.rows(extract) == before


def test_the_frames_of_wording_find_the_tasks() -> None:
    with PARTS["frames of wording"]():
        assert _collection().rows(extract) == []


def test_rules_of_one_document_are_listed() -> None:
    each = _collection()
    heading, *lines = rule_lines([(each, each.rows(extract))])
    assert "one document" in heading
    assert any(line.split()[:3] == ["en.subject.modal", "1", "1"] for line in lines), lines
