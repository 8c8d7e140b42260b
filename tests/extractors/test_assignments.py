"""Who is told to do what in one sentence: frames, leads, coordinators and where the action begins."""

from __future__ import annotations

import pytest

from extractors.assignments import analyse, begins_item
from extractors.base import Context
from extractors.deadlines import find_deadlines
from extractors.glossary import defined_acronyms
from models.records import Language


def read(text: str, language: Language) -> tuple[str, str, list[str], list[str]] | None:
    context = Context(language, acronyms=defined_acronyms(text, language))
    found = analyse(text, find_deadlines(text, context), context)
    if found is None:
        return None
    return found.kind, text[found.action :], [u.name for u in found.leads], [u.name for u in found.coordinators]


@pytest.mark.parametrize(
    ("text", "language", "kind", "action", "leads", "partners"),
    [
        (
            "The Mayor directs the Department of Ferries to repaint the buoys.",
            "en",
            "assign",
            "repaint the buoys.",
            ["Department of Ferries"],
            [],
        ),
        (
            "The Chair requested that the Harbour Board prepare a plan.",
            "en",
            "assign",
            "prepare a plan.",
            ["Harbour Board"],
            [],
        ),
        (
            "It was agreed that the Harbour Engineer would obtain quotations.",
            "en",
            "subject",
            "obtain quotations.",
            ["Harbour Engineer"],
            [],
        ),
        (
            "The Harbour Board is hereby ordered to remove the wrecks.",
            "en",
            "subject",
            "remove the wrecks.",
            ["Harbour Board"],
            [],
        ),
        (
            "The Secretariat, working with the Harbour Board, shall draw a form.",
            "en",
            "subject",
            "draw a form.",
            ["Secretariat"],
            ["Harbour Board"],
        ),
        (
            "All wardens are to be trained by the Port Police.",
            "en",
            "passive",
            "All wardens are to be trained by the Port Police.",
            ["Port Police"],
            [],
        ),
        ("Submit the list of berths.", "en", "imperative", "Submit the list of berths.", [], []),
        (
            "Giao Sở Bến bãi chủ trì, phối hợp với Công an tỉnh lập sơ đồ bến.",
            "vi",
            "assign",
            "phối hợp với Công an tỉnh lập sơ đồ bến.",
            ["Sở Bến bãi"],
            ["Công an tỉnh"],
        ),
        ("Sở Bến bãi sửa chữa cầu tàu.", "vi", "subject", "sửa chữa cầu tàu.", ["Sở Bến bãi"], []),
        ("Sở Bến bãi có trách nhiệm công bố luồng.", "vi", "subject", "công bố luồng.", ["Sở Bến bãi"], []),
        (
            "Sở Bến bãi chủ trì, cùng Công an tỉnh kiểm tra bến.",
            "vi",
            "subject",
            "cùng Công an tỉnh kiểm tra bến.",
            ["Sở Bến bãi"],
            ["Công an tỉnh"],
        ),
        ("Thay đèn tín hiệu bến Tây.", "vi", "imperative", "Thay đèn tín hiệu bến Tây.", [], []),
        (
            "Отделу причалов обеспечить осмотр лодок.",
            "ru",
            "subject",
            "обеспечить осмотр лодок.",
            ["Отдел причалов"],
            [],
        ),
        (
            "Рекомендовать товариществу рыбаков установить знаки.",
            "ru",
            "assign",
            "установить знаки.",
            ["товарищество рыбаков"],
            [],
        ),
        (
            "Отделу связи совместно с отделом причалов проверить сирены.",
            "ru",
            "subject",
            "проверить сирены.",
            ["Отдел связи"],
            ["отдел причалов"],
        ),
        ("Отдел связи обеспечивает работу сирен.", "ru", "subject", "обеспечивает работу сирен.", ["Отдел связи"], []),
        ("Составить акт проверки.", "ru", "imperative", "Составить акт проверки.", [], []),
    ],
)
def test_a_sentence_is_read(
    text: str, language: Language, kind: str, action: str, leads: list[str], partners: list[str]
) -> None:
    assert read(text, language) == (kind, action, leads, partners)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The Harbour Board has published the map.", "en"),
        ("The panel consists of seven members.", "en"),
        ("Sở Bến bãi đã thay đèn.", "vi"),
        ("Mực nước dâng cao trong mùa mưa.", "vi"),
        ("Уровень воды в озере снизился.", "ru"),
        ("Причалы служат для стоянки лодок.", "ru"),
    ],
)
def test_a_report_assigns_nothing(text: str, language: Language) -> None:
    assert read(text, language) is None


def test_an_acronym_defined_in_the_text_leads() -> None:
    text = "The Office of Lake Safety (OLS) keeps the sirens; OLS must report defects."
    context = Context("en", acronyms=defined_acronyms(text, "en"))
    found = analyse("OLS must report defects.", (), context)
    assert found is not None
    assert [unit.name for unit in found.leads] == ["OLS"]


def test_exhortations_are_soft() -> None:
    for text, language in [("Nêu cao tinh thần trách nhiệm.", "vi"), ("Усилить ответственность работников.", "ru")]:
        found = analyse(text, (), Context(language))  # type: ignore[arg-type]
        assert found is None or found.soft


def test_a_bare_unit_or_quotation_begins_no_item() -> None:
    assert begins_item("maintaining the register of berths", "en")
    assert not begins_item("Sở Bến bãi;", "vi")
    assert not begins_item("“Berth” means a place for a boat", "en")
