"""Lead-ins: what stands below them, what they are told with, and what ends their lists."""

from __future__ import annotations

import pytest

from extractors.linking import extract
from models.records import Language
from tests.extractors.documents import document
from tests.extractors.rows import HEADS, rows


def _sources(language: Language, *lines: str) -> list[str]:
    made = extract(document(*HEADS[language], *lines))
    return [task.span.of(made.document.text) for task in made.tasks]


def test_a_lead_in_whose_list_holds_no_tasks_is_told_with_its_list() -> None:
    lines = ["1. By 5 May 2027, the Harbour Board shall report on:", "a) piers out of use;", "b) lamps out of use."]
    (source,) = _sources("en", *lines)
    assert source.endswith("b) lamps out of use.")


@pytest.mark.parametrize(
    "lines",
    [
        ["1. The Harbour Board shall buy lamps.", "2. The contract must include:", "a) a term of warranty;"],
        ["1. The Harbour Board shall buy lamps.", "These lamps shall:", "a) be seen in fog;", "b) save power."],
        [
            "1. The Harbour Board shall buy lamps.",
            "Appendix A",
            "Lamp Report Form",
            "1. Describe the lamp.",
            "2. Sign.",
        ],
    ],
)
def test_what_a_product_is_to_hold_is_no_task(lines: list[str]) -> None:
    assert [row.task.split()[0] for row in rows("en", *lines)] == ["buy"]


def test_sentences_before_what_a_product_is_to_hold_are_read() -> None:
    lines = ["1. The Harbour Board shall buy lamps. The contract must include:", "a) a term of warranty;"]
    assert [row.task.split()[0] for row in rows("en", *lines)] == ["buy"]


def test_a_known_section_title_with_a_colon_ends_the_list_before_it() -> None:
    lines = [
        "Required Actions:",
        "1) Within 5 days, the Harbour Board shall do the following:",
        "a) close the pier;",
        "b) mark the wreck.",
        "Next steps:",
        "- The Port Police shall guard the pier.",
    ]
    assert rows("en", *lines)[-1].due == ""


@pytest.mark.parametrize(
    ("language", "lines", "due"),
    [
        ("en", ["1. The Harbour Board shall renew the lamps.", "To be completed by 5 May 2027."], "2027-05-05"),
        ("vi", ["- Sở Bến bãi thay đèn tín hiệu.", "Hoàn thành trong quý II năm 2027."], "2027-06-30"),
        ("ru", ["1. Отделу причалов заменить лампы.", "Срок – до 5 мая 2027 г."], "2027-05-05"),
    ],
)
def test_a_line_that_is_but_a_deadline_belongs_to_what_stands_above(
    language: Language, lines: list[str], due: str
) -> None:
    assert [row.due for row in rows(language, *lines)] == [due]


def test_parts_are_numbered_in_words() -> None:
    lines = ["PHẦN THỨ NHẤT. KẾT QUẢ ĐẠT ĐƯỢC", "UBND các xã tổ chức mừng thọ cho người già."]
    assert rows("vi", *lines, "PHẦN THỨ HAI. NHIỆM VỤ", "1. Sở Bến bãi thay đèn tín hiệu.")[0].leads == ["Sở Bến bãi"]
    lines = ["Action One: Mend the Piers", "- The Harbour Board shall mend the rails."]
    assert [row.task for row in rows("en", *lines)] == ["mend the rails"]
