"""In a paper about a school year, days without a year belong to the one in which that part of it lies."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.base import Context
from extractors.deadlines import primary, read_deadline_cell
from models.records import Language

INFERRED, VAGUE = "deadline-year-inferred", "deadline-vague"
CELLS: list[tuple[Language, str, date, date, tuple[str, ...]]] = [
    ("ru", "октябрь", date(2025, 10, 1), date(2025, 10, 31), (INFERRED,)),
    ("ru", "апрель", date(2026, 4, 1), date(2026, 4, 30), (INFERRED,)),
    ("ru", "01.09–05.09", date(2025, 9, 1), date(2025, 9, 5), (INFERRED,)),
    ("ru", "I полугодие", date(2025, 9, 1), date(2025, 12, 31), (INFERRED, VAGUE)),
    ("ru", "II полугодие", date(2026, 1, 1), date(2026, 5, 31), (INFERRED, VAGUE)),
    ("ru", "II полугодие 2026 г.", date(2026, 7, 1), date(2026, 12, 31), ()),
    ("ru", "III четверть", date(2026, 1, 1), date(2026, 3, 31), (INFERRED, VAGUE)),
    ("vi", "Tháng 9", date(2025, 9, 1), date(2025, 9, 30), (INFERRED,)),
    ("vi", "Tháng 3", date(2026, 3, 1), date(2026, 3, 31), (INFERRED,)),
    ("vi", "Học kỳ II", date(2026, 1, 1), date(2026, 5, 31), (INFERRED, VAGUE)),
    ("en", "September", date(2025, 9, 1), date(2025, 9, 30), (INFERRED,)),
    ("en", "March", date(2026, 3, 1), date(2026, 3, 31), (INFERRED,)),
]


@pytest.mark.parametrize(("language", "text", "start", "due", "reasons"), CELLS)
def test_a_cell(language: Language, text: str, start: date, due: date, reasons: tuple[str, ...]) -> None:
    found = primary(read_deadline_cell(text, Context(language, date(2025, 8, 29), 2025, 2026)))
    assert found is not None
    assert (found.start, found.due, found.reasons) == (start, due, reasons)
