"""What a part of a sentence says of time holds for the others too: yearly words, a first day, a list of months."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.base import Context
from extractors.deadlines import find_deadlines, primary
from models.records import Language

WRITTEN = date(2025, 6, 2)
YEARLY: list[tuple[Language, str, list[str]]] = [
    ("en", "Send figures by October 10 each year, and a summary to the Mayor by November 2.", ["10;10", "11;2"]),
    ("ru", "Подавать сведения ежегодно до 10 октября для доклада главе до 2 ноября.", ["10;10", "11;2"]),
    ("vi", "Gửi số liệu trước ngày 10/10 hằng năm để tổng hợp, trình tỉnh trước ngày 02/11.", ["10;10", "11;2"]),
    ("en", "Send figures by October 10 each year. Send the first by July 2.", ["10;10", ""]),
    ("en", "Send figures by October 10 each year, and a plan by July 2, 2025.", ["10;10", ""]),
    ("en", "Send figures by October 10 each year, starting November 2.", ["10;10", ""]),
    ("en", "Meet every month, and send a plan by July 2.", ["", ""]),
]


@pytest.mark.parametrize(("language", "text", "days"), YEARLY)
def test_yearly_words_hold_for_the_next_day_of_the_clause(language: Language, text: str, days: list[str]) -> None:
    found = find_deadlines(text, Context(language, WRITTEN))
    yearly = [f"FREQ=YEARLY;BYMONTH={day.replace(';', ';BYMONTHDAY=')}" if day else "" for day in days]
    assert [deadline.recurrence if "YEARLY" in deadline.recurrence else "" for deadline in found] == yearly


def test_what_begins_on_a_day_keeps_its_own_measure_of_time() -> None:
    text = "Starting September 1, 2025, log each visit within three hours of the gate being opened."
    found = primary(find_deadlines(text, Context("en", WRITTEN)))
    assert found is not None
    assert (found.kind, found.start, found.due) == ("relative", date(2025, 9, 1), None)


def test_a_limit_on_a_day_goes_before_what_is_counted() -> None:
    text = "By September 1, 2025, list the visits made within three hours of the gate being opened."
    found = primary(find_deadlines(text, Context("en", WRITTEN)))
    assert found is not None
    assert (found.kind, found.due) == ("date", date(2025, 9, 1))


LISTS: list[tuple[Language, str]] = [
    ("en", "Flush the drains in March, June and September each year."),
    ("ru", "Промывать трубы ежегодно в марте, июне и сентябре."),
    ("vi", "Nạo vét kênh vào các tháng 3, 6 và 9 hằng năm."),
]


@pytest.mark.parametrize(("language", "text"), LISTS)
def test_each_month_of_a_list_counts(language: Language, text: str) -> None:
    (found,) = find_deadlines(text, Context(language, WRITTEN))
    assert found.recurrence == "FREQ=YEARLY;BYMONTH=3,6,9"


@pytest.mark.parametrize(
    ("written", "year", "due"),
    [
        (date(2025, 12, 9), 2026, date(2026, 12, 31)),
        (date(2025, 8, 9), 2026, date(2025, 12, 31)),
        (date(2025, 12, 9), 0, date(2025, 12, 31)),
    ],
)
def test_a_half_that_is_mostly_over_is_of_the_year_planned(written: date, year: int, due: date) -> None:
    (found,) = find_deadlines("Open it in the second half of the year.", Context("en", written, year, year))
    assert found.due == due
