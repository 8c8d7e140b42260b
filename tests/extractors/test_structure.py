"""The outline: nesting by numbering, lead-ins and headings; roles of sections; sentences."""

from __future__ import annotations

import pytest

from extractors.points import Outline
from extractors.sentences import sentences
from extractors.structure import outline
from models.records import Language, Span
from tests.extractors.documents import document


def read(*lines: str, language: Language = "vi", bold: tuple[int, ...] = ()) -> Outline:
    return outline(document(*lines, bold=bold), language)


def parents(tree: Outline) -> list[int]:
    return [point.parent for point in tree.points]


@pytest.mark.parametrize(
    ("lines", "language", "expected"),
    [
        (
            ["I. Nhiệm vụ", "1. Sở Ngư nghiệp:", "a) Rà soát bến cảng.", "b) Lập danh sách.", "2. Sở Cầu cảng:"],
            "vi",
            [-1, 0, 1, 1, 0],
        ),
        (["1. Phòng Kho:", "- Kiểm kê;", "+ Cân lại;", "- Niêm phong."], "vi", [-1, 0, 1, 0]),
        (["1. Mục một.", "1.1. Ý đầu.", "1.2. Ý sau.", "2. Mục hai."], "vi", [-1, 0, 0, -1]),
        (
            ["Sec. 1. Purpose. The State needs wells.", "Sec. 2. Wells. (a) Dig.", "(b) Line.", "(i) Stone;"],
            "en",
            [-1, 0, -1, 2, 2, 4],
        ),
        (["2. Комитету по озёрам:", "обеспечить замер;", "представить отчёт."], "ru", [-1, 0, 0]),
    ],
)
def test_points_stand_under_the_point_before_them(lines: list[str], language: Language, expected: list[int]) -> None:
    assert parents(read(*lines, language=language)) == expected


def test_an_i_behind_an_h_is_a_letter() -> None:
    tree = read("(g) one;", "(h) two;", "(i) three;", "(ii) four;", language="en")
    assert parents(tree)[:3] == [-1, -1, -1]


def test_a_roman_i_under_a_letter_is_deeper() -> None:
    assert parents(read("(a) one:", "(i) two;", "(ii) three;", language="en")) == [-1, 0, 0]


def test_small_roman_numbers_without_brackets_go_on() -> None:
    assert parents(read("(a) The Board shall:", "i. dig;", "ii. line;", "iii. fill.", language="en")) == [-1, 0, 0, 0]


def test_a_lead_in_opens_a_list_of_bullets_that_stood_above_it_too() -> None:
    tree = read("- Sở Cầu cảng;", "- Sở Kho bãi.", "1. Sở Ngư nghiệp:", "- Rà soát;", "2. Sở Kho bãi:", "- Kiểm kê.")
    assert [parent for parent, point in zip(parents(tree), tree.points, strict=True) if point.index in (3, 5)] == [2, 4]


def test_an_unnumbered_lead_in_opens_what_follows() -> None:
    tree = read("Chủ tịch xã yêu cầu:", "1. Ban Văn hóa: dọn sân.", "2. Ban Thủy lợi: khơi mương.")
    assert parents(tree) == [-1, 0, 0]


def test_the_section_path_names_the_labels() -> None:
    tree = read("II. Nhiệm vụ", "3. Sở Ngư nghiệp:", "b) Lập danh sách.")
    assert tree.section(tree.points[2]) == "II.3.b"


def test_an_annex_starts_anew() -> None:
    tree = read("1. Kiểm kê.", "PHỤ LỤC 2", "1. Danh sách.")
    assert parents(tree) == [-1, -1, 1]


@pytest.mark.parametrize(
    ("lines", "language", "roles"),
    [
        (
            ["I. MỤC ĐÍCH, YÊU CẦU", "1. Nâng cao nhận thức.", "II. NHIỆM VỤ", "1. Đào giếng."],
            "vi",
            ["aim", "aim", "tasks", "tasks"],
        ),
        (["Căn cứ Luật Đê điều số 12;", "Đào giếng."], "vi", ["basis", ""]),
        (["Nơi nhận:", "- Như trên;", "- Lưu: VT."], "vi", ["recipients", "recipients", "signature"]),
        (["Sec. 1. Purpose. Wells are few.", "Sec. 3. Wells. Dig them."], "en", ["aim", "aim", "", ""]),
        (
            ["Nothing in this order shall be construed to impair:", "(a) the authority of an office;"],
            "en",
            ["force", "force"],
        ),
        (["Контроль за исполнением приказа оставляю за собой."], "ru", ["control"]),
        (["В целях подготовки к зиме приказываю:", "1. Отделу проверить котлы."], "ru", ["basis", ""]),
    ],
)
def test_headings_tell_the_role_of_what_stands_below(lines: list[str], language: Language, roles: list[str]) -> None:
    assert [point.role for point in read(*lines, language=language).points] == roles


def test_a_line_of_a_table_of_contents_is_no_point() -> None:
    assert len(read("1. Wells .............. 4", "2. Pumps.", language="en").points) == 1


@pytest.mark.parametrize(
    ("text", "language", "count"),
    [
        ("Đào giếng tại xã An Hải. Hoàn thành trước 1/7.", "vi", 2),
        ("Theo TT. Nguyễn Trãi, dọn mương.", "vi", 1),
        ("The U.S. office shall dig. It shall line the well.", "en", 2),
        ("Mr. Orr shall dig e.g. Two wells.", "en", 1),
        ("Отделу (Петрову П.П.) до 1 мая 2026 г. Провести замер.", "ru", 1),
        ("Провести замер. Представить отчёт.", "ru", 2),
    ],
)
def test_abbreviations_and_initials_end_no_sentence(text: str, language: Language, count: int) -> None:
    found = sentences(text, Span(0, len(text)), language)
    assert len(found) == count
    assert "".join(span.of(text) for span in found).replace(" ", "") == text.replace(" ", "")


def test_a_section_title_in_capitals_is_a_heading_in_spite_of_its_full_stop() -> None:
    tree = read("I. RÀ SOÁT BẾN CẢNG.", "1. Sở Ngư nghiệp lập danh sách.", "II. Sửa phao tiêu.", "III. KIỂM KÊ KHO.")
    assert [point.heading for point in tree.points] == [True, False, False, True]


def test_an_abbreviation_with_a_stroke_is_no_number() -> None:
    tree = read("V/v sửa chữa bến đò", "I/Mục tiêu", "II/ Nhiệm vụ")
    assert [point.label for point in tree.points] == ["", "I", "II"]
