"""Names of units: where they end, how lists are split, the nominative."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.unitcells import split_units
from extractors.units import find_unit_lists
from models.records import Language


@pytest.mark.parametrize(
    ("text", "language", "names"),
    [
        ("Sở Ngư nghiệp chủ trì khảo sát", "vi", ["Sở Ngư nghiệp"]),
        (
            "Sở Văn hóa, Thể thao và Du lịch, Công an tỉnh phối hợp",
            "vi",
            ["Sở Văn hóa, Thể thao và Du lịch", "Công an tỉnh"],
        ),
        (
            "Các Vụ, Cục, Thanh tra Bộ và các cơ quan, đơn vị liên quan phải nộp",
            "vi",
            ["Các Vụ, Cục", "Thanh tra Bộ", "các cơ quan, đơn vị liên quan"],
        ),
        ("UBND các huyện, thành phố trực thuộc tỉnh rà soát", "vi", ["UBND các huyện, thành phố trực thuộc tỉnh"]),
        ("các Vụ: Nghề cá, Bến cảng, Pháp chế làm việc", "vi", ["Vụ Nghề cá", "Vụ Bến cảng", "Vụ Pháp chế"]),
        ("Vụ Xuất nhập khẩu trình phương án", "vi", ["Vụ Xuất nhập khẩu"]),
        ("Giám đốc Sở Cầu cảng (đồng chí Lê A) chỉ đạo", "vi", ["Giám đốc Sở Cầu cảng"]),
        (
            "the Secretary of Rivers, acting through the Administrator of Weirs, shall",
            "en",
            ["Secretary of Rivers", "Administrator of Weirs"],
        ),
        ("Heads of departments and divisions must", "en", ["Heads of departments and divisions"]),
        ("The Department of Culture, Sports and Tourism shall", "en", ["Department of Culture, Sports and Tourism"]),
        (
            "the Office of Wells, the Board of Dams, and the Attorney General shall",
            "en",
            ["Office of Wells", "Board of Dams", "Attorney General"],
        ),
        (
            "Комитету по озёрам, рыболовству и пристаням (Лосев А.А.), Отделу причалов обеспечить",
            "ru",
            ["Комитет по озёрам, рыболовству и пристаням", "Отдел причалов"],
        ),
        ("Районным администрациям города провести", "ru", ["Районные администрации города"]),
        (
            "органам местного самоуправления сельских районов и городских округов принять",
            "ru",
            ["органы местного самоуправления сельских районов и городских округов"],
        ),
        ("Минречхозу области представить", "ru", ["Минречхоз области"]),
        ("Муниципальному унитарному предприятию обеспечить", "ru", ["Муниципальное унитарное предприятие"]),
    ],
)
def test_names_end_where_the_sentence_goes_on(text: str, language: Language, names: list[str]) -> None:
    assert [name.name for found in find_unit_lists(text, language) for name in found.names] == names


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hội nghị diễn ra tại bến cảng", "vi"),
        ("Giao thông trên sông thuận lợi", "vi"),
        ("Rainfall was low last winter", "en"),
        ("Уровень воды снизился", "ru"),
    ],
)
def test_other_words_name_nobody(text: str, language: Language) -> None:
    assert find_unit_lists(text, language) == ()


@pytest.mark.parametrize(
    ("cell", "language", "names"),
    [
        ("Cục Bến cảng\nVụ Pháp chế", "vi", ["Cục Bến cảng", "Vụ Pháp chế"]),
        ("Sở Ngư nghiệp; Sở Cầu cảng", "vi", ["Sở Ngư nghiệp", "Sở Cầu cảng"]),
        ("VP, Vụ PC, TTr", "vi", ["VP", "Vụ PC", "TTr"]),
        ("-", "vi", []),
        ("Finance and Wells Division", "en", ["Finance and Wells Division"]),
        ("Lead: Office of Wells", "en", ["Office of Wells"]),
        ("Зуева А.Б. Котов В.Г.", "ru", ["Зуева А.Б.", "Котов В.Г."]),
        ("главный инженер, отдел причалов", "ru", ["главный инженер", "отдел причалов"]),
    ],
)
def test_cells_are_split_into_units(cell: str, language: Language, names: list[str]) -> None:
    assert [name.name for name in split_units(cell, language)] == names


def test_acronyms_name_units_where_the_document_says_so() -> None:
    text = "a report of the OWR, and of others"
    assert find_unit_lists(text, "en") == ()
    assert [name.name for found in find_unit_lists(text, "en", frozenset({"OWR"})) for name in found.names] == ["OWR"]


@given(st.text(max_size=200), st.sampled_from(["vi", "en", "ru"]))
def test_spans_lead_to_the_words_whatever_the_text(text: str, language: Language) -> None:
    for found in find_unit_lists(text, language):
        assert 0 <= found.span.start < found.span.end <= len(text)
        assert all(found.span.start <= name.span.start < name.span.end <= found.span.end for name in found.names)
    for name in split_units(text, language):
        assert name.span.of(text).strip()
