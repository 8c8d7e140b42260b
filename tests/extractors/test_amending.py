"""Originals and their amendments in three languages: what is changed, what is restated, and what nobody can tell."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from extractors.linking import extract
from models.records import Extraction
from pipeline.linked import linked_rows
from pipeline.register import Row
from tests.extractors.documents import document

ENGLISH = (
    "HARBOUR COUNCIL OF NORTH QUAY",
    "ORDER No. 12/2026",
    "4 May 2026",
    "On the Upkeep of Piers",
    "In order to keep the port safe, it is ordered:",
    "1. The Harbour Office shall paint the eastern pier by 15 July 2026.",
    "2. The Fire Brigade shall test all hydrants of the quay by 1 September 2026.",
    "3. The Port Police shall count the boats without a licence by 15 July 2026.",
)
VIETNAMESE = (
    "ỦY BAN NHÂN DÂN HUYỆN BẾN SAO",
    "Số: 45/KH-UBND",
    "Bến Sao, ngày 05 tháng 3 năm 2026",
    "KẾ HOẠCH",
    "Cải tạo chợ trung tâm huyện Bến Sao",
    "1. Phòng Kinh tế rà soát danh sách tiểu thương, hoàn thành trước ngày 30/6/2026.",
    "2. Phòng Tài chính thẩm định dự toán cải tạo mái chợ, hoàn thành trước ngày 15/7/2026.",
    "3. Công an huyện xây dựng phương án bảo đảm trật tự, hoàn thành trước ngày 30/6/2026.",
)
RUSSIAN = (
    "АДМИНИСТРАЦИЯ ЗАРЕЧЕНСКОГО РАЙОНА",
    "ПОСТАНОВЛЕНИЕ",
    "от 12 марта 2026 г. № 45",
    "О подготовке лодочных станций к сезону",
    "ПОСТАНОВЛЯЮ:",
    "1. Отделу культуры подготовить план открытия сезона в срок до 1 июля 2026 года.",
    "2. Управлению порта отремонтировать восточный причал в срок до 15 августа 2026 года.",
    "3. Отделу образования провести занятия по безопасности на воде в срок до 1 июля 2026 года.",
)
ENGLISH_HEAD = (
    "HARBOUR COUNCIL OF NORTH QUAY",
    "ORDER No. 19/2026",
    "20 June 2026",
    "Amending Order No. 12/2026 on the Upkeep of Piers",
)
VIETNAMESE_HEAD = (
    "ỦY BAN NHÂN DÂN HUYỆN BẾN SAO",
    "Số: 88/QĐ-UBND",
    "Bến Sao, ngày 10 tháng 6 năm 2026",
    "QUYẾT ĐỊNH",
    "Về việc điều chỉnh một số nội dung của Kế hoạch số 45/KH-UBND ngày 05/3/2026",
)
RUSSIAN_HEAD = (
    "АДМИНИСТРАЦИЯ ЗАРЕЧЕНСКОГО РАЙОНА",
    "ПОСТАНОВЛЕНИЕ",
    "от 10 июня 2026 г. № 88",
    "О внесении изменений в постановление Администрации Зареченского района от 12 марта 2026 г. № 45",
    "ПОСТАНОВЛЯЮ:",
)
RU_OPENING = "1. Внести в постановление Администрации Зареченского района от 12 марта 2026 г. № 45 следующие изменения:"
RU_WORDS = "1.1. В пункте 3 слова «до 1 июля 2026 года» заменить словами «до 1 сентября 2026 года»."
RU_EXTENSION = (
    "1. Продлить срок, установленный пунктом 1 постановления от 12 марта 2026 г. № 45, "
    "с 1 июля 2026 года до 1 октября 2026 года."
)
VI_WORDS = "1. Tại mục 3, thay cụm từ “trước ngày 30/6/2026” bằng cụm từ “trước ngày 30/9/2026”."
VI_EXTENSION = "1. Gia hạn thời gian hoàn thành nhiệm vụ tại mục 2 từ ngày 15/7/2026 đến hết ngày 15/10/2026."
REPLACE = "replace the words “by 15 July 2026” with “by 30 September 2026”."
# The original, its amendment, the place of the task changed, and its due date from then on.
CHANGES = {
    "en words": (ENGLISH, (*ENGLISH_HEAD, "1. In point 3, " + REPLACE), 2, "2026-09-30"),
    "en term": (
        ENGLISH,
        (*ENGLISH_HEAD, "1. The deadline in point 2 is extended from 1 September 2026 to 1 November 2026."),
        1,
        "2026-11-01",
    ),
    "en restated": (
        ENGLISH,
        (
            *ENGLISH_HEAD,
            "1. Point 3 is amended to read as follows:",
            "3. The Port Police shall count the boats without a licence by 30 November 2026.",
        ),
        2,
        "2026-11-30",
    ),
    "vi words": (VIETNAMESE, (*VIETNAMESE_HEAD, VI_WORDS), 2, "2026-09-30"),
    "vi term": (VIETNAMESE, (*VIETNAMESE_HEAD, VI_EXTENSION), 1, "2026-10-15"),
    "ru words": (RUSSIAN, (*RUSSIAN_HEAD, RU_OPENING, RU_WORDS), 2, "2026-09-01"),
    "ru term": (RUSSIAN, (*RUSSIAN_HEAD, RU_EXTENSION), 0, "2026-10-01"),
}


def _rows(*papers: Sequence[str]) -> list[list[Row]]:
    found: list[Extraction] = [
        extract(document(*lines, file_name=f"{place}.txt")) for place, lines in enumerate(papers)
    ]
    rows = linked_rows(enumerate(found), lambda place: found[place].document)
    of_paper = [[row for row in rows if row["source_file"] == f"{place}.txt"] for place in range(len(papers))]
    return [[{**row, "source_file": ""} for row in table] for table in of_paper]


@pytest.mark.parametrize(("original", "amendment", "place", "due"), CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_changed_deadline_stands_with_the_first_beside_it(
    original: Sequence[str], amendment: Sequence[str], place: int, due: str, is_first: bool
) -> None:
    (alone,) = _rows(original)
    papers = (original, amendment) if is_first else (amendment, original)
    found = _rows(*papers)
    rows, amending = found if is_first else found[::-1]
    assert len(rows) == len(alone) == 3
    changed, before = rows[place], alone[place]
    assert (changed["due_date"], changed["first_due_date"]) == (due, before["due_date"])
    assert changed["first_deadline_text"] == before["deadline_text"] != changed["deadline_text"]
    assert changed["amended_by"] in amendment[1] or changed["amended_by"] in amendment[2]
    assert [row for number, row in enumerate(rows) if number != place] == [
        row for number, row in enumerate(alone) if number != place
    ]
    assert changed["review_reasons"] == before["review_reasons"]
    assert {row["amends_document_id"] for row in amending} <= {before["document_id"]}
    assert {row["same_as"] for row in amending} <= {before["task_id"], ""}


UNPLACED = {
    "two tasks may be meant": (ENGLISH, (*ENGLISH_HEAD, "1. As set out below, " + REPLACE), [0, 2]),
    "the point has another day": (ENGLISH, (*ENGLISH_HEAD, "1. In point 2, " + REPLACE), [1]),
    "a point is left out": (ENGLISH, (*ENGLISH_HEAD, "1. Delete point 2."), [1]),
    "no word of how": (VIETNAMESE, VIETNAMESE_HEAD, [0, 1, 2]),
    "vi, a point in new words": (VIETNAMESE, (*VIETNAMESE_HEAD, "1. Bãi bỏ mục 2."), [1]),
    "ru, a point in new words": (RUSSIAN, (*RUSSIAN_HEAD, RU_OPENING, "1.1. Пункт 2 исключить."), [1]),
}


@pytest.mark.parametrize(("original", "amendment", "places"), UNPLACED.values(), ids=UNPLACED)
def test_what_cannot_be_placed_changes_nothing_and_says_so(
    original: Sequence[str], amendment: Sequence[str], places: list[int]
) -> None:
    (alone,) = _rows(original)
    rows, _ = _rows(original, amendment)
    doubtful = [place for place, row in enumerate(rows) if "amendment-unplaced" in row["review_reasons"]]
    assert doubtful == places
    assert [{**row, "review_reasons": ""} for row in rows] == [{**row, "review_reasons": ""} for row in alone]


OTHERS = {
    "another number": ("ORDER No. 12/2026", "ORDER No. 13/2026"),
    "another body, the same number": ("HARBOUR COUNCIL OF NORTH QUAY", "RIVER AUTHORITY OF SOUTH MEADOW"),
}


@pytest.mark.parametrize(("said", "other"), OTHERS.values(), ids=OTHERS)
def test_no_other_document_is_touched(said: str, other: str) -> None:
    amendment = CHANGES["en words"][1]
    original = [other if line == said else line for line in ENGLISH]
    (alone,) = _rows(original)
    assert _rows(original, amendment)[0] == alone


def test_amendments_follow_each_other_and_copies_of_one_count_once() -> None:
    first, second = CHANGES["en words"][1], ["HARBOUR COUNCIL OF NORTH QUAY", "ORDER No. 30/2026", "1 September 2026"]
    second += [ENGLISH_HEAD[3], "1. The deadline in point 3 is extended from 30 September 2026 to 15 December 2026."]
    rows = _rows(ENGLISH, second, first, [*first, "Done at the harbour."])[0]
    found = [rows[2][name] for name in ("due_date", "first_due_date", "amended_by", "review_reasons")]
    assert found == ["2026-12-15", "2026-07-15", "30/2026", rows[0]["review_reasons"]]


def test_who_amends_says_what_and_which_task_is_stated_again() -> None:
    original, amendment, place, due = CHANGES["en restated"]
    rows, amending = _rows(original, amendment)
    (again,) = amending
    assert (again["amends"], again["amends_document_id"]) == ("12/2026", rows[0]["document_id"])
    assert (again["same_as"], again["due_date"]) == (rows[place]["task_id"], due)


def test_legal_bases_that_were_amended_are_no_amendment() -> None:
    base = "Căn cứ Nghị định số 05/2024/NĐ-CP sửa đổi, bổ sung một số điều của Nghị định số 34/2016/NĐ-CP;"
    (rows,) = _rows([*VIETNAMESE[:5], base, *VIETNAMESE[5:]])
    assert {row["amends"] for row in rows} == {""}
