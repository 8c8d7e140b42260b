"""How well the project's own corpus is read: floors a little below what it reaches, by language."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from pipeline.extract import extract_file
from pipeline.register import rows
from pipeline.score import Figures, load_gold, score

CORPUS = Path(__file__).parents[1] / "corpus"
# Tasks found, leads, deadlines, and rows right in all of these, each as a share: a floor, not an aim.
FLOORS = {"en": (0.915, 0.93, 0.89, 0.77), "ru": (0.965, 0.955, 0.885, 0.83), "vi": (0.90, 0.88, 0.92, 0.75)}


@functools.cache
def figures() -> dict[str, Figures]:
    """Read the documents that need no second reading (PDF tells the same as the Word file beside it)."""
    names = {path.name for path in (CORPUS / "documents").iterdir() if path.suffix != ".pdf"}
    gold = [document for document in load_gold((CORPUS / "gold").glob("*.jsonl")) if document["document"] in names]
    found = [row for name in sorted(names) for made in extract_file(CORPUS / "documents" / name) for row in rows(made)]
    return dict(score(found, gold).figures)


@pytest.mark.parametrize("language", FLOORS)
def test_the_corpus_is_read_no_worse_than_before(language: str) -> None:
    reached = figures()[f"language {language}"]
    for value, floor in zip((reached.f1, reached.lead, reached.due, reached.row_f1), FLOORS[language], strict=True):
        assert value >= floor, reached
