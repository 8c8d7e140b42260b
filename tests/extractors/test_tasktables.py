"""Tables of tasks: columns by their headings, group rows, repeated and empty cells, several tasks in a cell."""

from __future__ import annotations

import pytest

from extractors.columns import read_columns
from extractors.grid import Grid
from extractors.linking import extract
from models.records import Block, Cell, Language
from tests.extractors.documents import Table, document
from tests.extractors.rows import Row, rows

VI = ["STT", "Nội dung công việc", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian hoàn thành"]
EN = ["No.", "Action", "Responsible office", "Supporting offices", "Due date"]
RU = ["№ п/п", "Наименование мероприятия", "Ответственный исполнитель", "Срок исполнения"]


@pytest.mark.parametrize(
    ("language", "table", "expected"),
    [
        (
            "vi",
            [VI, ["1", "Thay đèn tín hiệu", "Sở Bến bãi", "Công an tỉnh; Chi cục Thủy văn", "30/6/2027"]],
            [Row("Thay đèn tín hiệu", ["Sở Bến bãi"], ["Công an tỉnh", "Chi cục Thủy văn"], "2027-06-30")],
        ),
        (
            "vi",
            [
                VI,
                ["1", "Thay đèn tín hiệu", "Sở Bến bãi", "", "30/6/2027"],
                ["2", "Sơn lại phao tiêu", "nt", "", "Quý III/2027"],
            ],
            [
                Row("Thay đèn tín hiệu", ["Sở Bến bãi"], [], "2027-06-30"),
                Row("Sơn lại phao tiêu", ["Sở Bến bãi"], [], "2027-09-30"),
            ],
        ),
        (
            "vi",
            [VI, ["II", "Tháng 8/2027", None, None, None], ["3", "Tập huấn thuyền trưởng", "Trạm Cứu hộ", "", ""]],
            [Row("Tập huấn thuyền trưởng", ["Trạm Cứu hộ"], [], "2027-08-31")],
        ),
        (
            "en",
            [
                EN,
                ["Harbour Board", None, None, None, None],
                ["1", "Replace the lamps", "", "Port Police", "30 June 2027"],
            ],
            [Row("Replace the lamps", ["Harbour Board"], ["Port Police"], "2027-06-30")],
        ),
        (
            "en",
            [EN, ["1", "- Buy lifebuoys\n- Install ladders", "Department of Ferries", "", "Q3 2027"]],
            [
                Row("Buy lifebuoys", ["Department of Ferries"], [], "2027-09-30"),
                Row("Install ladders", ["Department of Ferries"], [], "2027-09-30"),
            ],
        ),
        (
            "ru",
            [
                RU,
                ["1", "Заменить фонари", "Отдел причалов, отдел закупок", "до 30.06.2027"],
                ["2", "Проверить цепи", "Отдел причалов", "ежеквартально"],
            ],
            [
                Row("Заменить фонари", ["Отдел причалов", "отдел закупок"], [], "2027-06-30"),
                Row("Проверить цепи", ["Отдел причалов"], [], "FREQ=MONTHLY;INTERVAL=3"),
            ],
        ),
        (
            "ru",
            [RU, ["Отдел связи", None, None, None], ["1", "Проверка сирен", "", "апрель 2027 г."]],
            [Row("Проверка сирен", ["Отдел связи"], [], "2027-04-30")],
        ),
    ],
)
def test_a_row_is_a_task(language: Language, table: Table, expected: list[Row]) -> None:
    assert rows(language, table) == expected


def test_a_table_over_two_pages_goes_on_without_its_heading() -> None:
    first = [VI, ["1", "Thay đèn tín hiệu", "Sở Bến bãi", "", "30/6/2027"]]
    second = [["2", "Kiểm định tàu khách", "Chi cục Đăng kiểm", "Sở Bến bãi", "Tháng 9/2027"]]
    found = rows("vi", first, second)
    assert found[1] == Row("Kiểm định tàu khách", ["Chi cục Đăng kiểm"], ["Sở Bến bãi"], "2027-09-30")


def test_a_heading_repeated_in_the_table_is_no_task() -> None:
    table = [
        EN,
        ["1", "Replace the lamps", "Harbour Board", "", "30 June 2027"],
        EN,
        ["2", "Buy buoys", "Harbour Board", "", "May 2027"],
    ]
    assert [row.task for row in rows("en", table)] == ["Replace the lamps", "Buy buoys"]


def test_a_row_of_column_numbers_is_no_task() -> None:
    table = [RU, ["1", "2", "3", "4"], ["1", "Заменить фонари", "Отдел причалов", "до 30.06.2027"]]
    assert [row.task for row in rows("ru", table)] == ["Заменить фонари"]


def test_a_merged_cell_gives_its_unit_to_each_row_that_it_covers() -> None:
    plain = document(
        [
            ["Task", "Lead", "Due date"],
            ["Count the berths", "Harbour Board", "May 2027"],
            ["Paint the rails", "", "June 2027"],
        ]
    )
    (table,) = plain.blocks
    tall = [Cell(c.start, c.end, c.row, c.column, 2) if (c.row, c.column) == (1, 1) else c for c in table.cells]
    cells = tuple(cell for cell in tall if (cell.row, cell.column) != (2, 1))
    grid = Grid(plain.text, Block("table", table.start, table.end, cells=cells))
    assert (grid.words(2, 0), grid.words(2, 1), grid.words(2, 2)) == ("Paint the rails", "Harbour Board", "June 2027")
    assert [grid.text[cell.start : cell.end] for cell in grid.filled(0)] == ["Task", "Lead", "Due date"]


@pytest.mark.parametrize(
    ("heading", "language"),
    [
        (["Berth", "Length", "Depth"], "en"),
        (["STT", "Họ và tên", "Ngày sinh"], "vi"),
        (["Наименование", "Количество", "Цена"], "ru"),
    ],
)
def test_a_table_of_other_things_has_no_task_columns(heading: list[str], language: Language) -> None:
    plain = document([heading, ["one", "two", "three"]])
    assert read_columns(Grid(plain.text, plain.blocks[0]), language) is None


def test_a_heading_over_two_rows_is_read_whole() -> None:
    plain = document(
        [
            ["No.", "Task", "Responsible", None],
            ["", "", "Lead", "Support"],
            ["1", "Map the shoals", "Harbour Board", "Port Police"],
        ]
    )
    columns = read_columns(Grid(plain.text, plain.blocks[0]), "en")
    assert columns is not None
    assert (columns.roles["leads"], columns.roles["coordinators"], columns.first_row) == ((2,), (3,), 2)


@pytest.mark.parametrize(
    ("heading", "row", "language", "task"),
    [
        (["No.", "Point", "Who", "By when"], ["1", "Map the shoals of the bay", "Office of Charts", "May"], "en", 1),
        (["Вопрос", "Кто", "Срок"], ["Отремонтировать причал у дамбы", "Отдел причалов", "1 мая"], "ru", 0),
        (["Mục", "Giao cho", "Hạn"], ["Thay đèn trên các phao", "Sở Bến bãi", "30/6"], "vi", 0),
    ],
)
def test_between_who_and_when_the_wordiest_column_tells_what(
    heading: list[str], row: list[str], language: Language, task: int
) -> None:
    plain = document([heading, row])
    columns = read_columns(Grid(plain.text, plain.blocks[0]), language)
    assert columns is not None
    assert columns.roles["task"] == (task,)


def test_a_row_of_a_column_that_no_heading_names_is_doubtful() -> None:
    table = [["No.", "Point", "Who", "By when"], ["1", "Map the shoals of the bay", "Office of Charts", "1 May 2027"]]
    (task,) = extract(document("LAKE DISTRICT AUTHORITY", "March 9, 2027", table)).tasks
    assert (task.text, "task-doubtful" in task.reasons) == ("Map the shoals of the bay", True)


def test_names_between_who_and_when_are_no_tasks() -> None:
    plain = document([["Berth", "Who", "By when"], ["North", "Office of Charts", "May"]])
    assert read_columns(Grid(plain.text, plain.blocks[0]), "en") is None


def test_the_product_of_a_row_is_its_deliverable() -> None:
    table = [["Task", "Who", "By when", "Output"], ["Map the shoals", "Office of Charts", "1 May 2027", "a chart"]]
    (task,) = extract(document("LAKE DISTRICT AUTHORITY", "March 9, 2027", table)).tasks
    assert (task.deliverable, [unit.name for unit in task.leads]) == ("a chart", ["Office of Charts"])
