"""Rows of a document: ids that stay, parents, where deadlines come from, what the clerk should look at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extractors.linking import extract
from extractors.registry import starter
from models.records import Box, Language, Task, Word
from tests.extractors.documents import document
from tests.extractors.rows import HEADS

LINES: dict[Language, tuple[str, ...]] = {
    "vi": ("1. Sở Tài chính bố trí kinh phí trước ngày 15/5/2027.", "2. Sở Bến bãi sửa chữa cầu tàu."),
    "en": ("1. The Harbour Board shall repair the pier by 15 May 2027.", "2. The Port Police shall patrol weekly."),
    "ru": ("1. Отделу причалов отремонтировать причал до 15 мая 2027 г.", "2. Отделу связи проверить сирены."),
}
OTHERS: dict[Language, str] = {
    "vi": "Mực nước năm nay cao hơn mọi năm.",
    "en": "Water levels were high this year.",
    "ru": "Уровень воды в этом году был высок.",
}
LANGUAGES: tuple[Language, ...] = ("vi", "en", "ru")


def tasks(language: Language, *lines: str, file_name: str = "test.txt") -> tuple[Task, ...]:
    return extract(document(*HEADS[language], *lines, file_name=file_name)).tasks


def ids(found: tuple[Task, ...]) -> list[str]:
    return [task.id for task in found]


@pytest.mark.parametrize("language", LANGUAGES)
def test_ids_stay_when_the_document_is_read_again_moved_or_changed_around_them(language: Language) -> None:
    first = ids(tasks(language, *LINES[language]))
    assert len(set(first)) == 2
    assert ids(tasks(language, *LINES[language])) == first
    assert ids(tasks(language, *LINES[language], file_name="moved.pdf")) == first
    assert ids(tasks(language, OTHERS[language], *LINES[language])) == first
    spaced = [line.replace(" ", "  ").replace("2027", "2027\u00a0") for line in LINES[language]]
    assert ids(tasks(language, *spaced)) == first
    assert ids(tasks(language, *LINES[language], OTHERS[language])) == first


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_task_put_before_leaves_the_ids_of_the_others(language: Language) -> None:
    first = ids(tasks(language, *LINES[language]))
    assert ids(tasks(language, *reversed(LINES[language]))) == first[::-1]
    assert ids(tasks(language, LINES[language][1])) == first[1:]


def test_the_same_words_twice_are_two_tasks_with_ids_of_their_own() -> None:
    lines = ("1. The Harbour Board:", "a) report to the Council.", "2. The Port Police:", "a) report to the Council.")
    found = tasks("en", *lines)
    assert len(set(ids(found))) == 2
    assert [task.leads[0].name for task in found] == ["Harbour Board", "Port Police"]


def test_other_directives_have_other_ids() -> None:
    other = document(*(line.replace("17", "18") for line in HEADS["en"]), *LINES["en"])
    assert not set(ids(extract(other).tasks)) & set(ids(tasks("en", *LINES["en"])))


def test_every_span_leads_to_the_words() -> None:
    made = extract(document(*HEADS["en"], *LINES["en"]))
    text = made.document.text
    for task in made.tasks:
        assert task.text in task.span.of(text)
        assert task.action.within(task.span)
        assert all(unit.name in unit.span.of(text) for unit in task.leads)
    assert made.tasks[0].deadline is not None
    assert made.tasks[0].deadline.span.of(text) == made.tasks[0].deadline.text


def test_a_point_below_a_task_has_it_for_its_parent() -> None:
    lines = ["1. Sở Bến bãi lập bản đồ luồng lạch.", "a) Đo độ sâu từng đoạn luồng.", "b) Vẽ sơ đồ phao tiêu."]
    found = tasks("vi", *lines)
    assert [task.parent_id for task in found] == ["", found[0].id, found[0].id]
    assert [unit.name for task in found for unit in task.leads] == ["Sở Bến bãi"] * 3


def test_a_deadline_from_above_says_that_it_is_inherited() -> None:
    own, inherited = tasks(
        "en", "By 1 May 2027 the Harbour Board shall:", "(a) mend the pier by 5 April 2027;", "(b) count the berths."
    )
    assert "en.deadline.inherited" not in own.rules
    assert "en.deadline.inherited" in inherited.rules
    assert [task.deadline.text for task in (own, inherited) if task.deadline] == ["by 5 April 2027", "By 1 May 2027"]


def test_units_of_the_registry_have_ids_and_others_none() -> None:
    known, unknown = extract(document(*HEADS["vi"], *LINES["vi"]), starter()).tasks
    assert known.leads[0].id
    assert (unknown.leads[0].name, unknown.leads[0].id) == ("Sở Bến bãi", "")


def test_a_task_without_a_lead_asks_for_a_look() -> None:
    (task,) = tasks("ru", "1. Составить акт проверки сирен до 1 мая 2027 г.")
    assert (task.leads, "lead-missing" in task.reasons) == ((), True)


def test_cited_papers_stand_in_the_row_without_the_document_itself() -> None:
    (task,) = tasks("vi", "1. Sở Bến bãi triển khai Quyết định số 88/QĐ-UBND và Kế hoạch số 47/KH-UBND.")
    assert task.references == ("88/QĐ-UBND",)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_directive_has_no_tasks(language: Language) -> None:
    assert tasks(language) == ()


@pytest.mark.parametrize(("confidence", "doubtful"), [(0.4, True), (0.97, False)])
def test_a_deadline_of_words_that_were_hard_to_read_says_so(confidence: float, doubtful: bool) -> None:
    made = document(*HEADS["vi"], LINES["vi"][0])
    start = made.text.index("15/5/2027")
    read = Word(start, start + len("15/5/2027"), Box(1, 0, 0, 1, 1), confidence)
    (task,) = extract(replace(made, words=(read,))).tasks
    assert ("deadline-hard-to-read" in task.reasons) is doubtful
    assert (task.confidence < extract(made).tasks[0].confidence) is doubtful


ADDRESSED: dict[Language, tuple[str, str]] = {
    "vi": ("Kính gửi: Ban Quản lý bến phà", "Kiểm tra phao cứu sinh trước ngày 15/5/2027."),
    "en": ("TO: Ferry Office", "Check the life buoys by 15 May 2027."),
    "ru": ("Начальнику службы переправ", "Проверить спасательные круги до 15 мая 2027 г."),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lead_taken_from_the_address_says_so(language: Language) -> None:
    address, order = ADDRESSED[language]
    heads = HEADS[language]
    (task,) = extract(document(*heads[:-1], address, heads[-1], order)).tasks
    assert task.leads
    assert "lead-inferred" in task.reasons
    assert task.confidence < 0.6


@pytest.mark.parametrize("language", LANGUAGES)
def test_whom_alone_a_document_names_leads_the_rest_with_a_doubt(language: Language) -> None:
    named, other = LINES[language][0], ADDRESSED[language][1]
    again = named.replace("1. ", "2. ").replace("15", "20")
    found = tasks(language, named, again, f"3. {other}")
    assert [task.leads[0].name for task in found] == [found[0].leads[0].name] * 3
    assert ["lead-inferred" in task.reasons for task in found] == [False, False, True]


def test_a_unit_that_was_merged_is_the_one_that_has_its_tasks_on_the_day() -> None:
    line = "1. Bộ Kế hoạch và Đầu tư trình kế hoạch trước ngày 30/12."
    for year, unit_id in (("2024", "vn.bo-ke-hoach-va-dau-tu"), ("2026", "vn.bo-tai-chinh")):
        head = [part.replace("2027", year) for part in HEADS["vi"]]
        (task,) = extract(document(*head, line)).tasks
        assert [(unit.name, unit.id) for unit in task.leads] == [("Bộ Kế hoạch và Đầu tư", unit_id)]
