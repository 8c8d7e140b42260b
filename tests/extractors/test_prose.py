"""What of a directive's paragraphs is a task, who does it and by when: by heading, lead-in, addressee and sentence."""

from __future__ import annotations

import pytest

from models.records import Language
from tests.extractors.rows import Row, rows

FERRIES, POLICE, BOARD = "Department of Ferries", "Port Police", "Harbour Board"


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            ["1. Purpose", "The purpose of this memorandum is to improve the ferries.", "All piers should be safe."],
        ),
        ("en", ["2. Background", "Last year the Department of Ferries repaired two piers."]),
        ("en", ["The Harbour Board has published the map of the shoals."]),
        ("en", ["The Harbour Board will benefit from the new pier."]),
        ("en", ["Nothing in this memorandum shall be construed to limit the authority of the Port Police."]),
        ("en", ["The Harbour Board and the Port Police are responsible for the implementation of this memorandum."]),
        ("en", ["This memorandum takes effect upon signature."]),
        ("vi", ["Căn cứ Luật Giao thông đường thủy nội địa ngày 15 tháng 6 năm 2004;"]),
        ("vi", ["I. MỤC ĐÍCH, YÊU CẦU", "1. Bảo đảm an toàn cho khách qua sông.", "2. Sửa chữa phải tiết kiệm."]),
        ("vi", ["I. KẾT QUẢ ĐẠT ĐƯỢC", "1. Sở Bến bãi đã thay toàn bộ phao tiêu."]),
        ("vi", ["Điều 3. Quyết định này có hiệu lực kể từ ngày ký."]),
        ("vi", ["Điều 4. Chánh Văn phòng, Giám đốc Sở Bến bãi chịu trách nhiệm thi hành Quyết định này./."]),
        ("vi", ["1. Ghi nhận, biểu dương Sở Bến bãi đã hoàn thành việc kiểm đếm."]),
        ("vi", ["Nơi nhận:", "- Như trên;", "- Lưu: VT."]),
        ("ru", ["В целях подготовки к навигации, руководствуясь Уставом района:"]),
        ("ru", ["5. Контроль за исполнением настоящего распоряжения оставляю за собой."]),
        ("ru", ["1. Принять к сведению доклад начальника отдела причалов."]),
        ("ru", ["4. Настоящее распоряжение вступает в силу со дня подписания."]),
        ("ru", ["Общие положения", "Причалы служат для стоянки лодок."]),
    ],
)
def test_frames_around_the_tasks_are_none(language: Language, lines: list[str]) -> None:
    assert rows(language, *lines) == []


@pytest.mark.parametrize(
    ("language", "lines", "expected"),
    [
        (
            "en",
            ["2. The Department of Ferries:", "a) inspect every boat before 1 June 2027;", "b) log all violations."],
            [Row("inspect every boat", [FERRIES], [], "2027-06-01"), Row("log all violations.", [FERRIES], [], "")],
        ),
        (
            "en",
            [
                "The Harbour Board shall, in coordination with the Port Police:",
                "(a) train the wardens;",
                "(b) count the berths.",
            ],
            [Row("train the wardens", [BOARD], [POLICE], ""), Row("count the berths.", [BOARD], [POLICE], "")],
        ),
        (
            "en",
            [
                "Within 30 days of the date of this memorandum, the Harbour Board shall:",
                "(a) appoint an officer;",
                "(b) issue a checklist.",
            ],
            [
                Row("appoint an officer", [BOARD], [], "2027-04-08"),
                Row("issue a checklist.", [BOARD], [], "2027-04-08"),
            ],
        ),
        (
            "vi",
            [
                "III. TỔ CHỨC THỰC HIỆN",
                "1. Sở Bến bãi",
                "a) Kiểm đếm phương tiện trước ngày 01/6/2027.",
                "b) Công khai kết quả kiểm đếm.",
            ],
            [
                Row("Kiểm đếm phương tiện", ["Sở Bến bãi"], [], "2027-06-01"),
                Row("Công khai kết quả kiểm đếm.", ["Sở Bến bãi"], [], ""),
            ],
        ),
        (
            "vi",
            ["II. NHIỆM VỤ CỤ THỂ", "1. Nhiệm vụ hoàn thành trong quý II/2027", "a) Sở Bến bãi lập bản đồ luồng lạch."],
            [Row("lập bản đồ luồng lạch.", ["Sở Bến bãi"], [], "2027-06-30")],
        ),
        (
            "ru",
            [
                "2. Управлению озёрного хозяйства (Гребцову С.С.) совместно с отделом причалов:",
                "2.1. Осмотреть все лодки до 1 июня 2027 г.;",
            ],
            [Row("Осмотреть все лодки", ["Управление озёрного хозяйства"], ["отдел причалов"], "2027-06-01")],
        ),
        (
            "ru",
            ["Обязанности отдела причалов:", "- ведёт реестр стоянок;", "- ежеквартально отчитывается перед советом."],
            [
                Row("ведёт реестр стоянок", ["отдел причалов"], [], ""),
                Row("ежеквартально отчитывается перед советом.", ["отдел причалов"], [], "FREQ=MONTHLY;INTERVAL=3"),
            ],
        ),
    ],
)
def test_points_inherit_from_headings_and_lead_ins(language: Language, lines: list[str], expected: list[Row]) -> None:
    assert [(row.task.strip("."), *row[1:]) for row in rows(language, *lines)] == [
        (row.task.strip("."), *row[1:]) for row in expected
    ]


def test_a_deadline_of_the_point_outweighs_the_one_above() -> None:
    lines = [
        "By 1 May 2027 the Harbour Board shall:",
        "(a) count the berths;",
        "(b) paint the railings by 5 April 2027.",
    ]
    assert [row.due for row in rows("en", *lines)] == ["2027-05-01", "2027-04-05"]


def test_the_next_heading_ends_what_the_last_one_said() -> None:
    lines = ["1. The Harbour Board:", "a) count the berths;", "2. The Port Police:", "a) patrol the basin weekly."]
    assert [row.leads for row in rows("en", *lines)] == [[BOARD], [POLICE]]


def test_a_letter_asks_its_addressee() -> None:
    lines = ["Kính gửi: Sở Bến bãi.", "Ủy ban nhân dân tỉnh đề nghị quý Sở gửi danh sách bến đò trước ngày 20/3/2027."]
    assert rows("vi", *lines) == [Row("gửi danh sách bến đò", ["Sở Bến bãi"], [], "2027-03-20")]


def test_a_polite_passive_asks_the_addressee_too() -> None:
    lines = ["To: Department of Ferries", "You are also requested to nominate a contact person."]
    assert [row.leads for row in rows("en", *lines)] == [[FERRIES]]


def test_a_short_order_with_a_line_of_its_own_for_the_day_is_no_heading() -> None:
    lines = [
        "РЕШИЛИ:",
        "1. Отделу закупок подготовить проект договора.",
        "Срок: до 28 февраля 2028 г.",
        "2. Отделу связи проверить сирены.",
    ]
    found = rows("ru", *lines)
    assert [(row.leads, row.due) for row in found] == [(["Отдел закупок"], "2028-02-28"), (["Отдел связи"], "")]


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("en", ["The Port Police shall report monthly.", "The Harbour Board must paint the railings."]),
        ("vi", ["Giao Sở Bến bãi lập bản đồ luồng lạch.", "Giao Công an tỉnh kiểm tra các bến đò."]),
        ("ru", ["Отделу связи проверить сирены.", "Отделу причалов обновить реестр стоянок."]),
    ],
)
def test_sentences_right_below_the_title_are_no_part_of_it(language: Language, lines: list[str]) -> None:
    assert len(rows(language, *lines)) == 2


def test_two_units_with_days_of_their_own_are_two_tasks() -> None:
    first, second = "shall draft the timetable by 1 April 2027", "shall print the timetable by 15 April 2027"
    line = f"The Department of Ferries {first}, and the Port Police {second}."
    assert [(row.leads, row.due) for row in rows("en", line)] == [([FERRIES], "2027-04-01"), ([POLICE], "2027-04-15")]
    first, second = "до 1 апреля 2027 г. составить перечень", "до 15 апреля 2027 г. закупить знаки"
    line = f"Отделу причалов в срок {first}; отделу закупок в срок {second}."
    assert [(row.leads, row.due) for row in rows("ru", line)] == [
        (["Отдел причалов"], "2027-04-01"),
        (["отдел закупок"], "2027-04-15"),
    ]


def test_actions_of_one_unit_stay_one_task() -> None:
    assert len(rows("en", "The Harbour Board shall clean the basin, repair the lamps and paint the railings.")) == 1
    assert len(rows("vi", "Sở Bến bãi rà soát phao tiêu, thay đèn hỏng và sơn lại lan can.")) == 1


def test_a_sentence_that_only_sets_the_day_belongs_to_the_one_before() -> None:
    (row,) = rows("en", "The Harbour Board shall repair the west pier. To be completed by 15 May 2027.")
    assert (row.leads, row.due) == ([BOARD], "2027-05-15")
    (row,) = rows("vi", "1. Sở Bến bãi sửa chữa cầu tàu phía Tây. Hoàn thành trước ngày 15/5/2027.")
    assert (row.leads, row.due) == (["Sở Bến bãi"], "2027-05-15")


def test_two_days_of_one_unit_are_two_tasks() -> None:
    found = rows(
        "ru", "2. Комиссии провести осмотр до 20 апреля 2027 г. и представить акт не позднее 25 апреля 2027 г."
    )
    assert [(row.task, row.leads, row.due) for row in found] == [
        ("провести осмотр", ["Комиссия"], "2027-04-20"),
        ("представить акт", ["Комиссия"], "2027-04-25"),
    ]


def test_a_heading_of_duties_names_the_unit_without_the_words_around_it() -> None:
    (row,) = rows("vi", "III. PHÂN CÔNG", "1. Trách nhiệm của Sở Bến bãi", "1.1. Theo dõi việc thực hiện Kế hoạch.")
    assert row.leads == ["Sở Bến bãi"]


def test_points_right_below_the_title_are_no_part_of_it() -> None:
    found = rows("en", "• Dredge the west channel by 30 June 2027", "• Renew the contract with the pilots")
    assert [row.due for row in found] == ["2027-06-30", ""]


def test_a_field_office_in_small_letters_leads() -> None:
    (row,) = rows("en", "3.1 Each district office shall designate a coordinator by 1 June 2027.")
    assert (row.leads, row.due) == (["Each district office"], "2027-06-01")
