"""Whatever day is written in whatever notation is read back, and nothing that is written makes the reading fail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.base import Context
from extractors.deadlines import find_deadlines, primary, read_deadline_cell
from extractors.deadlines.grammar import rule_files
from models.records import LANGUAGES, Language

WRITTEN = date(2025, 6, 2)
EN = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
RU = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
]
ROMAN = ("I", "II", "III", "IV")
WEEKDAYS_EN = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
WEEKDAYS_VI = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
WEEKDAYS_RU = ["понедельника", "вторника", "среды", "четверга", "пятницы", "субботы", "воскресенья"]

Notation = Callable[[date], str]
DAYS: dict[Language, list[Notation]] = {
    "vi": [
        lambda d: f"trước ngày {d.day}/{d.month}/{d.year}",
        lambda d: f"trước ngày {d:%d/%m/%Y}",
        lambda d: f"chậm nhất ngày {d:%d.%m.%Y}",
        lambda d: f"chậm nhất là ngày {d:%d-%m-%Y}",
        lambda d: f"trước ngày {d.day} tháng {d.month} năm {d.year}",
        lambda d: f"trước 17 giờ 00 ngày {d:%d/%m/%Y}",
        lambda d: f"trước {WEEKDAYS_VI[d.weekday()]}, ngày {d:%d/%m/%Y}",
        lambda d: f"vào ngày {d:%d/%m/%Y} ({WEEKDAYS_VI[d.weekday()]})",
    ],
    "en": [
        lambda d: f"by {EN[d.month - 1]} {d.day}, {d.year}",
        lambda d: f"by {EN[d.month - 1][:3]}. {d.day}, {d.year}",
        lambda d: f"no later than {d.day} {EN[d.month - 1]} {d.year}",
        lambda d: f"by {d.isoformat()}",
        lambda d: f"before the {d.day}th of {EN[d.month - 1]} {d.year}",
        lambda d: f"by {WEEKDAYS_EN[d.weekday()]}, {EN[d.month - 1]} {d.day}, {d.year}",
        lambda d: f"by 5:00 p.m. EST, {EN[d.month - 1]} {d.day}, {d.year}",
    ],
    "ru": [
        lambda d: f"до {d.day} {RU[d.month - 1]} {d.year} г.",
        lambda d: f"в срок до {d.day} {RU[d.month - 1]} {d.year} года",
        lambda d: f"не позднее {d:%d.%m.%Y}",
        lambda d: f"к «{d:%d}» {RU[d.month - 1]} {d.year} г.",
        lambda d: f"до {d.day}-го {RU[d.month - 1]} {d.year} года",
        lambda d: f"до 18.00 {d:%d.%m.%Y}",
        lambda d: f"до {WEEKDAYS_RU[d.weekday()]}, {d.day} {RU[d.month - 1]} {d.year} г.",
    ],
}
QUARTERS: dict[Language, list[Callable[[int, int], str]]] = {
    "vi": [lambda q, y: f"trong quý {ROMAN[q - 1]}/{y}", lambda q, y: f"trong quý {q} năm {y}"],
    "en": [lambda q, y: f"by Q{q} {y}", lambda q, y: f"in Quarter {ROMAN[q - 1]}/{y}"],
    "ru": [lambda q, y: f"в {ROMAN[q - 1]} квартале {y} г.", lambda q, y: f"в {q} кв. {y} года"],
}
SENTENCES: dict[Language, str] = {
    "vi": "Sở Xây dựng gửi báo cáo {}; các xã phối hợp.",
    "en": "The Bureau shall submit the report {}; towns assist.",
    "ru": "Комитету представить отчёт {}; районам оказать содействие.",
}
AHEAD = st.dates(WRITTEN, date(2099, 12, 31))
NOTATIONS = [pytest.param(language, write, id=write(WRITTEN)) for language in LANGUAGES for write in DAYS[language]]
QUARTER_NOTATIONS = [
    pytest.param(language, write, id=write(3, 2025)) for language in LANGUAGES for write in QUARTERS[language]
]


@pytest.mark.parametrize(("language", "write"), NOTATIONS)
@given(day=AHEAD)
@settings(max_examples=60, deadline=None)
def test_a_day_is_read_back(language: Language, write: Notation, day: date) -> None:
    text = SENTENCES[language].format(write(day))
    found = find_deadlines(text, Context(language, WRITTEN))
    assert [(deadline.due, deadline.reasons) for deadline in found] == [(day, ())]
    assert write(day).rstrip(".") in found[0].span.of(text)


@pytest.mark.parametrize(("language", "write"), QUARTER_NOTATIONS)
@given(quarter=st.integers(1, 4), year=st.integers(2026, 2090))
@settings(max_examples=40, deadline=None)
def test_a_quarter_is_read_back(language: Language, write: Callable[[int, int], str], quarter: int, year: int) -> None:
    found = find_deadlines(SENTENCES[language].format(write(quarter, year)), Context(language, WRITTEN))
    after = date(year + quarter // 4, quarter % 4 * 3 + 1, 1)
    assert [deadline.due for deadline in found] == [after - timedelta(days=1)]


@pytest.mark.parametrize("language", LANGUAGES)
@given(day=st.integers(1, 31), month=st.integers(1, 12), year=st.integers(2026, 2040))
@settings(max_examples=120, deadline=None)
def test_a_day_that_no_calendar_has_is_kept_without_a_due_date(
    language: Language, day: int, month: int, year: int
) -> None:
    words = {"vi": f"trước ngày {day}/{month}/{year}", "en": f"by {EN[month - 1]} {day}, {year}"}
    written = words.get(language, f"до {day:02}.{month:02}.{year}")
    found = primary(find_deadlines(SENTENCES[language].format(written), Context(language, WRITTEN)))
    assert found is not None
    try:
        expected = date(year, month, day)
    except ValueError:
        assert (found.due, found.reasons) == (None, ("deadline-impossible",))
    else:
        assert (found.due, found.reasons) == (expected, ())


def _words(language: Language) -> list[str]:
    times, frames = rule_files(language)
    texts = [example.text for file in (times, frames) for rule in file.rules for example in rule.takes]
    maps = [word for file in (times, frames) for name in file.maps for word in file.maps[name]]
    return [*{word for text in texts for word in text.split()}, *maps]


CONTEXTS = st.builds(
    Context,
    language=st.sampled_from(LANGUAGES),
    document_date=st.none() | st.dates(),
    year=st.sampled_from([0, 1, 2025, 9999]),
    last_year=st.sampled_from([0, 2025, 2026, 9999]),
)


@given(text=st.text(max_size=200), context=CONTEXTS)
@settings(max_examples=300, deadline=None)
def test_no_text_makes_it_fail(text: str, context: Context) -> None:
    for read in (find_deadlines, read_deadline_cell):
        for deadline in read(text, context):
            assert deadline.span.of(text) == deadline.text


@pytest.mark.parametrize("language", LANGUAGES)
@given(data=st.data(), context=CONTEXTS)
@settings(max_examples=300, deadline=None)
def test_no_heap_of_its_own_words_makes_it_fail(language: Language, data: st.DataObject, context: Context) -> None:
    numbers = st.integers(0, 10_000_000).map(str)
    words = st.lists(st.sampled_from(_words(language)) | numbers, min_size=1, max_size=14)
    text = data.draw(st.sampled_from([" ", ", ", "/", "-"])).join(data.draw(words))
    inside = Context(language, context.document_date, context.year, context.last_year)
    for read in (find_deadlines, read_deadline_cell):
        for deadline in read(text, inside):
            assert deadline.span.of(text) == deadline.text
            assert not (deadline.start and deadline.due and deadline.kind in ("date", "period")) or (
                deadline.start <= deadline.due
            )
