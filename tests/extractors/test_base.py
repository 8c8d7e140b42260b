"""The years that a title is about."""

from __future__ import annotations

import pytest

from extractors.base import years_of


@pytest.mark.parametrize(
    ("title", "years"),
    [
        ("Plan for 2026", (2026, 2026)),
        ("План работы на 2025/2026 учебный год", (2025, 2026)),
        ("Plan for the school year 2025/26", (2025, 2026)),
        ("План на 2026–2029 годы", (0, 0)),
        ("Instruction 12/2025/26", (0, 0)),
        ("On tasks", (0, 0)),
    ],
)
def test_years_of(title: str, years: tuple[int, int]) -> None:
    assert years_of(title) == years
