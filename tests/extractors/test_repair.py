"""Accents that a scan has lost, put right for the rules and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.repair import fold, repaired
from models.records import Language
from tests.extractors.rows import rows


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("Sở Bến bãi phôi hợp vơi Công an tỉnh", "Sở Bến bãi phối hợp với Công an tỉnh"),
        ("có trach nhiệm sửa bến", "có trách nhiệm sửa bến"),
        ("Sở Bến bãi sửa cầu", "Sở Bến bãi sửa cầu"),
    ],
)
def test_phrases_that_the_rules_know_are_put_right(read: str, meant: str) -> None:
    assert repaired(read, "vi") == meant


def test_other_languages_are_left_alone() -> None:
    assert repaired("in co-ordination wíth", "en") == "in co-ordination wíth"
    assert repaired("совместно с отделом", "ru") == "совместно с отделом"


def test_folding_keeps_every_character_in_its_place() -> None:
    assert fold("Đường thủy ở xã") == "Duong thuy o xa"


@given(st.text(max_size=80), st.sampled_from(["vi", "en", "ru"]))
def test_the_length_stays_whatever_the_text(text: str, language: Language) -> None:
    assert len(repaired(text, language)) == len(fold(text)) == len(text)


def test_the_task_keeps_the_words_of_the_document() -> None:
    (row,) = rows("vi", "1. Giao Sở Bến bãi chủ trì, phôi hợp với Công an tỉnh kiểm tra các bến đò.")
    assert (row.task, row.coordinators) == ("phôi hợp với Công an tỉnh kiểm tra các bến đò", ["Công an tỉnh"])
