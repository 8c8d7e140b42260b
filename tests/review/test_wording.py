"""The words of the pages: the same in three languages, none missing, none left over; days and repetitions in words."""

from __future__ import annotations

import re
import time
from string import Formatter

import pytest

from models.columns import COLUMNS
from models.records import LANGUAGES, Language
from pipeline.review.rendering import FOLDER
from pipeline.review.wording import (
    EVERY,
    day_in_words,
    deadline_in_words,
    moment_in_words,
    repetition,
    repetition_in_words,
    rule_of,
    say,
    words,
)

# The beginnings of keys that the pages put together from a value.
MADE = (
    "bound-",
    "kind-",
    "status-",
    "type-",
    "role-",
    "event-",
    "every-",
    "origin-",
    "language-",
    "left-",
    "cell-",
    "done-",
    "learnt-",
)


def _names(text: object) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(str(text)) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_text_with_the_same_values(language: Language) -> None:
    own, other = words()[language], words()["en"]
    assert set(own) == set(other)
    dates = {"day", "two", "number", "month", "year"}
    for key, text in own.items():
        if isinstance(text, str):
            assert text.strip(), key
            assert _names(text) - dates == _names(other[key]) - dates, key
    assert [len(own[key]) for key in ("months", "weekdays")] == [12, 7]


def test_the_help_names_the_same_keys_in_every_language() -> None:
    vi, en, ru = ([[key for key, _ in group["list"]] for group in words()[language]["keys"]] for language in LANGUAGES)
    assert vi == en == ru


def test_every_text_that_a_page_asks_for_is_there_and_none_is_left_over() -> None:
    files = [path for path in FOLDER.rglob("*") if path.suffix in {".html", ".py"}]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    asked = set(re.findall(r"""\bt\(["']([a-z-]+)["'][,)]""", text))
    assert len(asked) > 80
    assert asked - set(words()["en"]) == set()
    named = asked | set(re.findall(r"""["']([a-z-]+)["']""", text))
    left = {key for key in words()["en"] if key not in named and not key.startswith(MADE)}
    assert left == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_of_a_column_has_a_name(language: Language) -> None:
    begins = {"deadline_kind": "kind", "deadline_bound": "bound", "review_status": "status", "document_type": "type"}
    for column in COLUMNS:
        for value in column.values:
            assert say(language, f"{begins.get(column.name, 'language')}-{value}")


def test_moments_are_told_by_the_clock_of_the_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Ho_Chi_Minh")
    time.tzset()
    said = [moment_in_words(language, "2026-11-25T20:17:00+00:00") for language in LANGUAGES]
    monkeypatch.undo()
    time.tzset()
    assert said == ["26/11/2026 03:17", "26 November 2026 03:17", "26.11.2026 03:17"]


def test_days_and_repetitions_are_said_in_words() -> None:
    days = [day_in_words(language, "2026-07-05") for language in LANGUAGES]
    assert days == ["05/07/2026", "5 July 2026", "05.07.2026"]
    assert day_in_words("en", "soon") == "soon"
    rule = "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=15"
    said = [repetition_in_words(language, rule) for language in LANGUAGES]
    assert said == ["hằng năm, ngày 15/12", "every year, 15 December", "ежегодно, 15 декабря"]
    assert repetition_in_words("en", "FREQ=WEEKLY;BYDAY=FR") == "every week, Friday"
    values = {"deadline_kind": "date", "due_date": "2026-07-05", "deadline_bound": "before"}
    assert deadline_in_words("en", {**values, "start_date": "2026-07-05"}) == "before 5 July 2026"
    span = {**values, "start_date": "2026-07-01", "deadline_bound": "in"}
    assert deadline_in_words("ru", span) == "01.07.2026 – 05.07.2026"
    assert deadline_in_words("en", values) == "before 5 July 2026"
    assert deadline_in_words("en", {"deadline_kind": "none"}) == ""


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=20", "ежегодно, 20 января, 20 июля"),
        ("FREQ=YEARLY;BYMONTH=11", "ежегодно, ноябрь"),
        ("FREQ=MONTHLY;BYMONTHDAY=10,25", "ежемесячно, 10-го числа, 25-го числа"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "ежемесячно, в последний день месяца"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "раз в 2 нед., понедельник, пятница"),
        ("FREQ=MONTHLY;INTERVAL=5", "раз в 5 мес."),
        ("FREQ=MONTHLY;BYDAY=1MO", "FREQ=MONTHLY;BYDAY=1MO"),
        ("FREQ=MONTHLY;BYMONTHDAY=-3", "FREQ=MONTHLY;BYMONTHDAY=-3"),
        ("FREQ=DAILY;COUNT=3", "FREQ=DAILY;COUNT=3"),
    ],
)
def test_rules_that_say_more_are_said_in_words_where_there_are_simple_ones(rule: str, said: str) -> None:
    assert repetition_in_words("ru", rule) == said


@pytest.mark.parametrize(
    "rule",
    [
        *(rule_of(every, "", "", "", "") for every in EVERY),
        "FREQ=MONTHLY;BYMONTHDAY=25",
        "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=15",
        "FREQ=WEEKLY;BYDAY=MO",
        "FREQ=MONTHLY;BYMONTHDAY=-1",
        "FREQ=MONTHLY;INTERVAL=5",
        "FREQ=MONTHLY;BYDAY=1MO",
        "",
    ],
)
def test_a_repetition_comes_out_of_the_editor_as_it_went_in(rule: str) -> None:
    assert rule_of(**repetition(rule)) == rule
