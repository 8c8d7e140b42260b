"""Terms counted by the rules of a country, days off, and recurring duties expanded into days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors import calendar
from extractors.calendar import Unit, add_period, is_day_off, next_working_day, occurrences, roll, rule_sets

DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))

TERMS: list[tuple[date, int, Unit, str, date]] = [
    (date(2025, 6, 2), 15, "days", "plain", date(2025, 6, 17)),
    (date(2025, 6, 2), 2, "weeks", "plain", date(2025, 6, 16)),
    (date(2025, 1, 31), 1, "months", "plain", date(2025, 2, 28)),
    (date(2024, 2, 29), 1, "years", "plain", date(2025, 2, 28)),
    (date(2025, 6, 2), 1, "quarters", "plain", date(2025, 9, 2)),
    (date(2025, 6, 2), 1, "halves", "plain", date(2025, 12, 2)),
    (date(2025, 6, 2), 10, "working-days", "plain", date(2025, 6, 16)),
    (date(2019, 1, 22), 10, "working-days", "plain-us", date(2019, 2, 5)),
    (date(2025, 4, 28), 2, "working-days", "plain-vi", date(2025, 5, 5)),
    (date(2025, 6, 2), 10, "working-days", "plain-ru", date(2025, 6, 18)),
    (date(2025, 6, 2), 5, "days", "vi-civil-code", date(2025, 6, 9)),
    (date(2025, 8, 3), 30, "days", "vi-civil-code", date(2025, 9, 3)),
    (date(2025, 5, 31), 12, "days", "ru-civil-code", date(2025, 6, 16)),
    (date(2025, 5, 31), 12, "days", "ru-office", date(2025, 6, 11)),
    (date(2025, 6, 2), 5, "days", "ru-office", date(2025, 6, 6)),
]


@pytest.mark.parametrize(("start", "number", "unit", "rules", "due"), TERMS)
def test_a_term_ends(start: date, number: int, unit: Unit, rules: str, due: date) -> None:
    assert add_period(start, number, unit, rules) == due


def test_rule_sets_say_where_they_come_from() -> None:
    assert {"plain", "vi-civil-code", "ru-civil-code", "ru-office"} <= set(rule_sets())
    assert all(rule.source and rule.roll in ("none", "forward", "back") for rule in rule_sets().values())


def test_an_unknown_rule_set_and_an_absurd_term_are_refused() -> None:
    with pytest.raises(KeyError):
        add_period(date(2025, 6, 2), 1, "days", "moon")
    with pytest.raises(OverflowError):
        add_period(date(2025, 6, 2), 1_000_000, "working-days")


def test_declared_swaps_go_before_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    saturday, monday = date(2025, 7, 5), date(2025, 7, 7)
    assert is_day_off(saturday, "VN")
    assert not is_day_off(monday, "VN")
    swaps = {"swaps": {"VN": {"worked": [saturday], "off": [monday]}}}
    monkeypatch.setattr(calendar, "_data", lambda: swaps)
    calendar._swaps.cache_clear()
    assert not is_day_off(saturday, "VN")
    assert is_day_off(monday, "VN")
    calendar._swaps.cache_clear()


@given(day=DAYS, number=st.integers(1, 60), country=st.sampled_from(["VN", "RU", "US", ""]))
def test_a_term_in_working_days_ends_on_one_and_counts_them(day: date, number: int, country: str) -> None:
    rules = {"VN": "plain-vi", "RU": "plain-ru", "US": "plain-us", "": "plain"}[country]
    end = add_period(day, number, "working-days", rules)
    span = [day + timedelta(days=step) for step in range(1, (end - day).days + 1)]
    assert not is_day_off(end, country)
    assert sum(not is_day_off(other, country) for other in span) == number


@given(day=DAYS)
def test_rolling_ends_on_a_working_day_on_its_own_side(day: date) -> None:
    forward, back = rule_sets()["ru-civil-code"], rule_sets()["ru-office"]
    assert roll(day, back) <= day <= roll(day, forward)
    assert next_working_day(day, "RU") == roll(day, forward)
    assert not is_day_off(roll(day, back), "RU")


EXPANDED = {
    "FREQ=MONTHLY;INTERVAL=3": ["2025-03-31", "2025-06-30", "2025-09-30", "2025-12-31"],
    "FREQ=MONTHLY;INTERVAL=6": ["2025-06-30", "2025-12-31"],
    "FREQ=YEARLY": ["2025-12-31"],
    "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=20": ["2025-01-20", "2025-04-20", "2025-07-20", "2025-10-20"],
    "FREQ=YEARLY;BYMONTH=6,12;BYMONTHDAY=15": ["2025-06-15", "2025-12-15"],
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30": ["2025-02-28"],
    "FREQ=YEARLY;BYMONTH=4": ["2025-04-30"],
    "FREQ=MONTHLY;BYDAY=1MO;UNTIL=20250331": ["2025-02-03", "2025-03-03"],
    "RRULE:FREQ=MONTHLY;BYMONTHDAY=31;UNTIL=20250430": ["2025-01-31", "2025-02-28", "2025-03-31", "2025-04-30"],
}


@pytest.mark.parametrize("rule", EXPANDED)
def test_a_recurring_duty_is_expanded_over_a_year(rule: str) -> None:
    days = occurrences(rule, date(2025, 1, 10), date(2025, 12, 31))
    assert [day.isoformat() for day in days] == EXPANDED[rule]


def test_weeks_without_a_day_end_on_friday_and_days_follow_each_other() -> None:
    start, end = date(2025, 6, 2), date(2025, 6, 16)
    assert [day.day for day in occurrences("FREQ=WEEKLY", start, end)] == [6, 13]
    assert [day.day for day in occurrences("FREQ=WEEKLY;BYDAY=TU,TH", start, end)] == [3, 5, 10, 12]
    assert [day.day for day in occurrences("FREQ=DAILY;INTERVAL=5", start, end)] == [2, 7, 12]


def test_every_second_year_counts_from_the_first() -> None:
    days = occurrences("FREQ=YEARLY;INTERVAL=2;BYMONTH=5;BYMONTHDAY=1", date(2025, 1, 1), date(2030, 1, 1))
    assert [day.year for day in days] == [2025, 2027, 2029]


@pytest.mark.parametrize("rule", ["", "every month", "FREQ", "INTERVAL=3"])
def test_what_is_no_rule_is_refused(rule: str) -> None:
    with pytest.raises(ValueError, match="no recurrence rule"):
        list(occurrences(rule, date(2025, 1, 1), date(2025, 2, 1)))


@given(start=DAYS, length=st.integers(0, 800), rule=st.sampled_from(sorted(EXPANDED)))
def test_days_come_in_order_and_within_the_span(start: date, length: int, rule: str) -> None:
    end = start + timedelta(days=length)
    days = list(occurrences(rule, start, end))
    assert days == sorted(set(days))
    assert all(start <= day <= end for day in days)
