"""The papers of corpus/unseen: what was learnt from them stays learnt."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.records import LANGUAGES, Language
from pipeline.extract import extract_files
from pipeline.register import csv_bytes, parsed, rows
from pipeline.score import load_gold, score

UNSEEN = Path(__file__).parent.parent / "corpus" / "unseen"
FLOOR = 0.75  # row F1; on first sight it was 0.49 to 0.64


@pytest.fixture(scope="module")
def register() -> list[dict[str, str]]:
    outcomes = list(extract_files(sorted((UNSEEN / "documents").iterdir()), 1))
    assert [problem.code for outcome in outcomes for problem in outcome.problems] == []
    found = (row for outcome in outcomes for extraction in outcome.extractions for row in rows(extraction))
    return parsed(csv_bytes(found))


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_that_were_once_right_stay_right(register: list[dict[str, str]], language: Language) -> None:
    gold = load_gold([UNSEEN / "gold" / f"{language}.jsonl"])
    assert score(register, gold).figures["all"].row_f1 >= FLOOR
