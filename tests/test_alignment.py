"""Which tasks of a new reading are the known ones."""

from __future__ import annotations

import pytest

from models.alignment import Place, align, coverage, normalised

PAINT = "sơn lại cầu cảng phía bắc và hai nhà kho bên cạnh"
COUNT = "đếm số thuyền đánh cá mỗi buổi sáng"
REPORT = "báo cáo sản lượng cập cảng về Bộ trước ngày 25 hằng tháng"


def places(*words: str) -> list[Place]:
    return [Place(text, str(number)) for number, text in enumerate(words, 1)]


@pytest.mark.parametrize(
    ("known", "new", "pairs"),
    [
        pytest.param([PAINT, COUNT, REPORT], [PAINT, COUNT, REPORT], {0: 0, 1: 1, 2: 2}, id="the same"),
        pytest.param([PAINT, COUNT, REPORT], [REPORT, PAINT, COUNT], {0: 2, 1: 0, 2: 1}, id="moved"),
        pytest.param([PAINT, COUNT], [f"{PAINT.upper()}.", f"- {COUNT};"], {0: 0, 1: 1}, id="case and punctuation"),
        pytest.param([PAINT, COUNT], [COUNT, PAINT.replace("bắc", "bac")], {0: 1, 1: 0}, id="misread and moved"),
        pytest.param([PAINT, COUNT], [PAINT[12:], COUNT], {0: 0, 1: 1}, id="cut"),
        pytest.param([PAINT, REPORT], [PAINT, COUNT, REPORT], {0: 0, 2: 1}, id="one more in between"),
        pytest.param([PAINT, COUNT, REPORT], [PAINT, REPORT], {0: 0, 1: 2}, id="one less"),
        pytest.param([PAINT], [COUNT], {}, id="another task in the same place"),
        pytest.param([COUNT, PAINT, COUNT], [COUNT, PAINT, COUNT], {0: 0, 1: 1, 2: 2}, id="twins stay in their places"),
        pytest.param([COUNT, PAINT, COUNT], [PAINT, COUNT], {0: 1, 1: 2}, id="of twins the one in its place stays"),
        pytest.param([], [PAINT], {}, id="nothing known"),
        pytest.param([PAINT], [], {}, id="nothing new"),
        pytest.param([""], ["", PAINT], {}, id="no words"),
    ],
)
def test_tasks_are_known_again(known: list[str], new: list[str], pairs: dict[int, int]) -> None:
    assert align(places(*known), places(*new)) == pairs


def test_twins_are_told_apart_by_their_units() -> None:
    known = [Place(REPORT, "1", "Sở A"), Place(REPORT, "2", "Sở B")]
    assert align(known, [Place(REPORT, "1", "Sở B"), Place(REPORT, "2", "Sở A")]) == {0: 1, 1: 0}


def test_a_task_that_the_last_reading_had_is_preferred_to_one_withdrawn() -> None:
    known = [Place(PAINT, "1"), Place(PAINT, "2", preferred=True)]
    assert align(known, [Place(PAINT, "1")]) == {0: 1}


def test_a_part_of_a_text_covers_only_a_part_of_it() -> None:
    whole = f"{PAINT}. {COUNT}. {REPORT}."
    assert coverage(whole, whole.upper()) == 1.0
    assert coverage(COUNT, whole) == 1.0
    assert 0.1 < coverage(whole, COUNT) < 0.4
    assert coverage(PAINT, REPORT) == 0.0
    assert coverage("", PAINT) == 0.0


def test_words_are_compared_without_case_and_punctuation() -> None:
    assert normalised("  Sơn LẠI,\ncầu (cảng)!") == "sơn lại cầu cảng"
