"""Rules for other calendars: a foreign library finds in them the days that chidao counts."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given
from hypothesis import strategies as st

from extractors.calendar import occurrences
from pipeline.outputs.recurrence import explicit_rule

START = date(2026, 1, 14)
RULES = [
    ("FREQ=DAILY", date(2026, 1, 14), "FREQ=DAILY"),
    ("FREQ=WEEKLY", date(2026, 1, 16), "FREQ=WEEKLY;BYDAY=FR"),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", date(2026, 1, 26), "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"),
    ("FREQ=MONTHLY", date(2026, 1, 31), "FREQ=MONTHLY;BYMONTHDAY=-1"),
    ("FREQ=MONTHLY;BYMONTHDAY=5", date(2026, 2, 5), "FREQ=MONTHLY;BYMONTHDAY=5"),
    ("FREQ=MONTHLY;BYMONTHDAY=31", date(2026, 1, 31), "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"),
    ("FREQ=MONTHLY;BYMONTHDAY=15,30", date(2026, 1, 15), "FREQ=MONTHLY;BYMONTHDAY=15,28,29,30;BYSETPOS=1,-1"),
    ("FREQ=MONTHLY;BYDAY=-1FR", date(2026, 1, 30), "FREQ=MONTHLY;BYDAY=-1FR"),
    ("FREQ=MONTHLY;INTERVAL=3", date(2026, 3, 31), "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1"),
    ("FREQ=MONTHLY;INTERVAL=6", date(2026, 6, 30), "FREQ=MONTHLY;INTERVAL=6;BYMONTHDAY=-1"),
    ("FREQ=YEARLY", date(2026, 12, 31), "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=-1"),
    ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=31", date(2026, 3, 31), "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=31"),
    ("FREQ=YEARLY;BYMONTH=4,10", date(2026, 4, 30), "FREQ=YEARLY;BYMONTH=4,10;BYMONTHDAY=-1"),
    (
        "FREQ=YEARLY;BYMONTH=6,12;BYMONTHDAY=31",
        date(2026, 6, 30),
        "FREQ=MONTHLY;BYMONTH=6,12;BYMONTHDAY=30,31;BYSETPOS=-1",
    ),
]


def _expanded(rule: tuple[date, str] | None, until: date) -> list[date]:
    assert rule
    moments = rrulestr(rule[1], dtstart=datetime.combine(rule[0], time()))
    found: list[date] = []
    for moment in moments:
        if moment.date() > until:
            break
        found.append(moment.date())
    return found


@pytest.mark.parametrize(("rrule", "first", "explicit"), RULES)
def test_what_is_open_is_filled_in(rrule: str, first: date, explicit: str) -> None:
    assert explicit_rule(rrule, START) == (first, explicit)


DAYS = st.lists(st.sampled_from([*range(1, 32), -1]), min_size=1, max_size=3, unique=True)
MONTHS = st.lists(st.integers(1, 12), min_size=1, max_size=4, unique=True).map(sorted)
FREQUENCIES = st.sampled_from(
    ["MONTHLY", "MONTHLY;INTERVAL=2", "MONTHLY;INTERVAL=3", "MONTHLY;INTERVAL=6", "YEARLY", "YEARLY;INTERVAL=2"]
)


@given(FREQUENCIES, st.none() | DAYS, st.none() | MONTHS, st.dates(date(2024, 1, 1), date(2027, 12, 31)))
def test_the_days_are_those_that_chidao_counts(
    frequency: str, days: list[int] | None, months: list[int] | None, start: date
) -> None:
    rule = f"FREQ={frequency}"
    rule += f";BYMONTHDAY={','.join(map(str, days))}" if days else ""
    rule += f";BYMONTH={','.join(map(str, months))}" if months else ""
    until = start + timedelta(days=366 * 5)
    try:
        explicit = explicit_rule(rule, start)
    except ValueError:  # some of those with days that short months lack can't be said in one rule
        assume(False)
    assert _expanded(explicit, until) == list(occurrences(rule, start, until))


@pytest.mark.parametrize(
    "frequency", ["DAILY", "WEEKLY", "WEEKLY;INTERVAL=2", "WEEKLY;BYDAY=MO,TH", "MONTHLY;BYDAY=1MO"]
)
@given(start=st.dates(date(2024, 1, 1), date(2027, 12, 31)))
def test_weeks_and_weekdays_too(frequency: str, start: date) -> None:
    until = start + timedelta(days=200)
    explicit = explicit_rule(f"FREQ={frequency}", start)
    assert _expanded(explicit, until) == list(occurrences(f"FREQ={frequency}", start, until))


def test_a_rule_ends_with_the_time_named() -> None:
    assert explicit_rule("FREQ=MONTHLY;BYMONTHDAY=25", date(2026, 6, 1), date(2026, 10, 31)) == (
        date(2026, 6, 25),
        "FREQ=MONTHLY;BYMONTHDAY=25;UNTIL=20261031",
    )


def test_a_rule_without_a_day_in_its_time_is_none() -> None:
    assert explicit_rule("FREQ=YEARLY", date(2026, 6, 1), date(2026, 10, 31)) is None


@pytest.mark.parametrize(
    "rrule",
    ["monthly", "BYMONTHDAY=3", "FREQ=MONTHLY;BYMONTHDAY=30,31", "FREQ=YEARLY;INTERVAL=2;BYMONTH=2,3;BYMONTHDAY=31"],
)
def test_what_is_no_rule_or_more_than_one_is_refused(rrule: str) -> None:
    with pytest.raises(ValueError, match="rule"):
        explicit_rule(rrule, START)
