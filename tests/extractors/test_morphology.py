"""Russian word classes and the nominative."""

from __future__ import annotations

import pytest

from extractors import morphology


@pytest.mark.parametrize(
    ("phrase", "nominative"),
    [
        ("Отделу причалов", "Отдел причалов"),
        ("Управлению озёрного хозяйства", "Управление озёрного хозяйства"),
        ("Районным администрациям края", "Районные администрации края"),
        ("Главному инженеру", "Главный инженер"),
        ("Комиссии по паводкам", "Комиссия по паводкам"),
        ("Отделом связи", "Отдел связи"),
        ("ОТДЕЛУ СВЯЗИ", "ОТДЕЛ СВЯЗИ"),
        ("Отдел связи", "Отдел связи"),
        ("Гребцову С.С.", "Гребцов С.С."),
        ("С.С. Гребцовой", "С.С. Гребцова"),
        ("начальнику участка Вёслову И.И.", "начальник участка Вёслов И.И."),
        ("Harbour Board", "Harbour Board"),
        ("", ""),
    ],
)
def test_a_name_is_put_into_the_nominative(phrase: str, nominative: str) -> None:
    assert morphology.nominative(phrase) == nominative


def test_verbs_are_told_by_their_form() -> None:
    assert morphology.is_infinitive("проверить")
    assert not morphology.is_infinitive("проверка")
    assert morphology.is_finite("обеспечивает")
    assert not morphology.is_finite("обеспечить")
    assert not morphology.is_finite("отдел")


def test_nouns_and_what_stands_before_them() -> None:
    assert morphology.is_modifier("озёрного")
    assert morphology.is_nominal("причалов")
    assert not morphology.is_nominal("до")
    assert morphology.qualifies("материально", "ответственные")
    assert not morphology.qualifies("срочно", "проверить")


def test_lemmas_cases_and_the_dictionary() -> None:
    assert "отдел" in morphology.lemmas("отделами")
    assert "datv" in morphology.cases("отделу")
    assert morphology.is_known("причал")
    assert not morphology.is_known("Щвырбздяку")
