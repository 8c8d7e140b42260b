"""Lines that give one field of the tasks above them."""

from __future__ import annotations

import pytest

from models.records import Language
from tests.extractors.rows import Row, rows


@pytest.mark.parametrize(
    ("language", "lines", "expected"),
    [
        (
            "en",
            [
                "Required actions",
                "1. Replace the lamps.",
                "Responsible: Harbour Board",
                "Partners: Port Police",
                "Due by: 15 July 2027",
            ],
            Row("Replace the lamps.", ["Harbour Board"], ["Port Police"], "2027-07-15"),
        ),
        (
            "vi",
            [
                "II. NHIỆM VỤ",
                "1. Thay đèn tín hiệu tại bến Tây.",
                "- Đơn vị chủ trì: Sở Bến bãi.",
                "- Đơn vị phối hợp: Công an tỉnh.",
                "- Thời gian hoàn thành: trước ngày 30/6/2027.",
            ],
            Row("Thay đèn tín hiệu tại bến Tây", ["Sở Bến bãi"], ["Công an tỉnh"], "2027-06-30"),
        ),
        (
            "ru",
            [
                "РЕШИЛИ:",
                "1. Подготовить проект договора.",
                "Ответственный: отдел закупок",
                "Соисполнители: отдел причалов",
                "Срок – 1 июля 2027 года.",
            ],
            Row("Подготовить проект договора", ["отдел закупок"], ["отдел причалов"], "2027-07-01"),
        ),
    ],
)
def test_field_lines_fill_the_task_above(language: Language, lines: list[str], expected: Row) -> None:
    (row,) = rows(language, *lines)
    assert (row.task.strip("."), *row[1:]) == (expected.task.strip("."), *expected[1:])


def test_each_task_has_the_lines_below_it() -> None:
    lines = [
        "1. Replace the lamps.",
        "Responsible: Harbour Board",
        "2. Renew the lifebuoys.",
        "Responsible: Port Police",
    ]
    assert [row.leads for row in rows("en", "Required actions", *lines)] == [["Harbour Board"], ["Port Police"]]


def test_a_unit_that_is_told_to_act_stays_beside_the_person_who_answers_for_it() -> None:
    lines = [
        "1. Отделу закупок подготовить проект до 1 мая 2027 г.",
        "Ответственный: Вёслова И.И.",
        "Срок: 1 июля 2027 г.",
    ]
    (row,) = rows("ru", "РЕШИЛИ:", *lines)
    assert (row.leads, row.due) == (["Отдел закупок"], "2027-05-01")


def test_a_place_or_a_list_of_guests_is_no_task() -> None:
    lines = [
        "1. Sở Bến bãi tổ chức tập huấn trước ngày 01/6/2027.",
        "- Địa điểm: Phòng họp số 2.",
        "- Thành phần: thuyền trưởng các bến.",
    ]
    assert [row.leads for row in rows("vi", "II. NHIỆM VỤ", *lines)] == [["Sở Bến bãi"]]


def test_fields_may_stand_within_a_paragraph() -> None:
    lines = [
        "1. Заменить лампы на причале. Отв.: Вёслова И.И., отдел закупок. Срок: 15 мая 2027 г.",
        "2. Согласовать с портом график работ. Лодкин А.Б., Мачтина В.Г., до 1 июня 2027 г.",
        "3. Выдать жилеты экипажам до 20 мая 2027 г. (Кранов Д.Е.).",
    ]
    found = [(row.leads, row.due) for row in rows("ru", "РЕШИЛИ:", *lines)]
    assert found == [
        (["Вёслова И.И.", "отдел закупок"], "2027-05-15"),
        (["Лодкин А.Б.", "Мачтина В.Г."], "2027-06-01"),
        (["Кранов Д.Е."], "2027-05-20"),
    ]


def test_a_field_may_say_which_point_it_is_of() -> None:
    lines = [
        "1. Отделу причалов:",
        "1.1. Заменить лампы на причале.",
        "1.2. Покрасить перила и ступени.",
        "Срок по пункту 1 – до 15 мая 2027 г.",
        "2. Отделу закупок купить краску.",
    ]
    assert [row.due for row in rows("ru", *lines)] == ["2027-05-15", "2027-05-15", ""]


def test_people_are_told_in_the_dative() -> None:
    (row,) = rows("ru", "РЕШИЛИ:", "1. Весловой И.И. заключить договор на поставку краски до 1 мая 2027 г.")
    assert row.leads == ["Веслова И.И."]


def test_a_table_without_leads_takes_them_from_the_sentence_above() -> None:
    table = (("No.", "Task", "Due date"), ("1", "Mend the rails of the pier", "5 May 2027"))
    (row,) = rows("en", "1. The Harbour Board shall see to the following:", table)
    assert (row.leads, row.due) == (["Harbour Board"], "2027-05-05")
