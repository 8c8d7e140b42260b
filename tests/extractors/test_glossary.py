"""Short names that a document gives its units."""

from __future__ import annotations

import pytest

from extractors.glossary import defined_acronyms
from models.records import Language


@pytest.mark.parametrize(
    ("text", "language", "acronym"),
    [
        ("The Office of Lake Safety (OLS) keeps the sirens.", "en", "OLS"),
        ("the Board of Canals (the “BoC”) and others", "en", "BoC"),
        ("Ban Quản lý luồng lạch tỉnh (BQLLL) chủ trì.", "vi", "BQLLL"),
        ("Управление озёрного хозяйства (УОХ) ведёт реестр.", "ru", "УОХ"),
        ("The Office of Lake Safety (hereinafter “OLS”) keeps the sirens.", "en", "OLS"),
        ("Ban Quản lý luồng lạch tỉnh (sau đây gọi tắt là BQLLL) chủ trì.", "vi", "BQLLL"),
        ("Управление озёрного хозяйства (далее – УОХ) ведёт реестр.", "ru", "УОХ"),
    ],
)
def test_a_name_in_brackets_behind_a_unit_is_its_acronym(text: str, language: Language, acronym: str) -> None:
    assert acronym in defined_acronyms(text, language)
    assert acronym not in defined_acronyms("", language)


@pytest.mark.parametrize(
    ("text", "language", "word"),
    [
        ("The water level (WL) rose by two metres.", "en", "WL"),
        ("Mực nước dâng cao (MNDC) trong mùa mưa.", "vi", "MNDC"),
        ("The Office of Lake Safety (formerly the pilots) keeps the sirens.", "en", "formerly"),
    ],
)
def test_what_names_no_unit_gives_none(text: str, language: Language, word: str) -> None:
    assert word not in defined_acronyms(text, language)
