"""Excel files that go out, are corrected and come back."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from models.columns import COLUMNS
from models.errors import UsageError
from models.records import LANGUAGES, Language
from models.store import Store, accept, close_store, document_rows, open_store, register_rows, reject, set_cell
from pipeline.xlsx_import import Preview, apply_import, preview_import
from pipeline.xlsx_returned import BASE, UNITS, codes, read_returned
from pipeline.xlsx_round_trip import LAYOUT, export_xlsx
from tests.store.makers import COUNT, PAINT, REPORT, Line, directive, record, row, rows_by_words

FORMULA = Line('=HYPERLINK("http://x","pay")', "+Harbour Office", "2026-06-01")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "store.db")
    record(opened, directive())
    yield opened
    close_store(opened)


def _task(store: Store, words: str) -> str:
    return next(line["task_id"] for line in register_rows(store, with_rejected=True) if line["task"] == words)


def _edited(data: bytes, edit: Callable[[Workbook], None]) -> bytes:
    """Return the file as a person's program saves it after an edit."""
    workbook = load_workbook(io.BytesIO(data))
    edit(workbook)
    return _saved(workbook)


def _saved(workbook: Workbook) -> bytes:
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def _cell(workbook: Workbook, words: str, column: str) -> Any:
    sheet = workbook.worksheets[0]
    number = next(cells[0].row for cells in sheet.iter_rows(max_col=1) if cells[0].value == words)
    return sheet.cell(number, LAYOUT.index(column) + 1)


def _set(words: str, column: str, value: object) -> Callable[[Workbook], None]:
    def edit(workbook: Workbook) -> None:
        _cell(workbook, words, column).value = value

    return edit


def _preview(store: Store, *edits: Callable[[Workbook], None], data: bytes | None = None) -> Preview:
    file = data or export_xlsx(store)
    for edit in edits:
        file = _edited(file, edit)
    return preview_import(store, read_returned(file, "register.xlsx"))


def test_a_file_goes_out_with_choices_days_and_a_header_in_sight(store: Store) -> None:
    workbook = load_workbook(io.BytesIO(export_xlsx(store, language="vi")))
    sheet = workbook.worksheets[0]
    assert sheet.freeze_panes == "A2"
    assert [sheet.title for sheet in workbook if sheet.sheet_state == "hidden"] == [UNITS, BASE]
    assert _cell(workbook, PAINT.words, "due_date").value.date() == date(2026, 6, 1)
    assert _cell(workbook, PAINT.words, "due_date").number_format == "yyyy-mm-dd"
    choices = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    kind = next(rule for place, rule in choices.items() if place.startswith("F2"))
    assert kind.formula1.startswith('"một ngày hạn,giai đoạn,định kỳ')
    assert kind.showErrorMessage
    assert sheet["A1"].value != "task"  # the header speaks the clerk's language


def test_a_file_that_nobody_changed_changes_nothing(store: Store) -> None:
    record(store, directive((FORMULA, Line("a\nb  c " + "long " * 9000)), number="2", file_name="odd.pdf"))
    unchanged = _preview(store, lambda workbook: None)
    assert unchanged == Preview((), (), (), ())


def test_corrections_come_back_as_signed_edits(store: Store) -> None:
    task = _task(store, PAINT.words)
    preview = _preview(
        store,
        _set(PAINT.words, "lead_unit", "Port Police;Navy"),
        _set(PAINT.words, "due_date", date(2026, 6, 30)),
        _set(COUNT.words, "review_status", "rejected"),
        _set(REPORT.words, "review_status", "accepted"),
        _set(REPORT.words, "deliverable", "a table"),
    )
    shown = [(change.column, change.went_out, change.value) for change in preview.changes]
    assert shown == [
        ("lead_unit", "Harbour Office", "Port Police; Navy"),
        ("due_date", "2026-06-01", "2026-06-30"),
        ("deliverable", "", "a table"),
    ]
    assert (preview.conflicts, preview.problems) == ((), ())
    assert row(store, task).values["lead_unit"] == "Harbour Office"  # a preview changes nothing
    applied = apply_import(store, preview, who="An", why="register.xlsx")
    assert (applied.cells, applied.decisions, applied.left) == (3, 2, ())
    found = row(store, task)
    assert (found.values["lead_unit"], found.values["due_date"]) == ("Port Police; Navy", "2026-06-30")
    assert (found.notes["lead_unit"].who, found.notes["lead_unit"].why) == ("An", "register.xlsx")
    assert row(store, _task(store, COUNT.words)).state == "rejected"
    report = row(store, _task(store, REPORT.words))
    assert ("accepted" in report.notes, report.values["deliverable"]) == (True, "a table")


def test_what_others_changed_meanwhile_is_shown_and_left(store: Store) -> None:
    task, data = _task(store, PAINT.words), export_xlsx(store)
    count = row(store, _task(store, COUNT.words))
    set_cell(store, task, "lead_unit", "Navy", expected="Harbour Office", who="Bình")
    set_cell(store, task, "deliverable", "a pier", expected="", who="Bình")
    accept(store, {count.task_id: count.version}, who="Bình")
    edits = (
        _set(PAINT.words, "lead_unit", "Army"),
        _set(PAINT.words, "due_date", date(2026, 6, 2)),
        _set(COUNT.words, "review_status", "rejected"),
    )
    preview = _preview(store, *edits, data=data)
    assert [(one.column, one.went_out, one.current) for one in preview.conflicts] == [
        ("lead_unit", "Harbour Office", "Navy"),
        ("review_status", "new", "accepted"),
    ]
    applied = apply_import(store, preview, who="An")
    assert (applied.cells, applied.decisions, applied.left) == (1, 0, preview.conflicts)
    found = row(store, task)
    assert (found.values["lead_unit"], found.values["due_date"]) == ("Navy", "2026-06-02")
    assert found.values["deliverable"] == "a pier"
    chosen = {(task, "lead_unit"), (count.task_id, "review_status")}
    again = apply_import(store, _preview(store, *edits, data=data), who="An", overwrite=chosen)
    assert again.left == ()
    assert row(store, task).values["lead_unit"] == "Army"
    assert row(store, count.task_id).state == "rejected"


def test_what_changed_after_the_preview_is_left(store: Store) -> None:
    task = _task(store, PAINT.words)
    preview = _preview(store, _set(PAINT.words, "lead_unit", "Army"), _set(COUNT.words, "review_status", "accepted"))
    set_cell(store, task, "lead_unit", "Navy", expected="Harbour Office", who="Bình")
    count = row(store, _task(store, COUNT.words))
    reject(store, {count.task_id: count.version}, who="Bình")
    applied = apply_import(store, preview, who="An")
    assert applied.left == (*preview.changes, *preview.decisions)
    assert row(store, task).values["lead_unit"] == "Navy"
    assert row(store, count.task_id).state == "rejected"


def test_a_row_that_a_person_added_is_added(store: Store) -> None:
    def edit(workbook: Workbook) -> None:
        workbook.worksheets[0].append(
            ["watch the lighthouse", "", "Navy", "", "", "date", "by", None, date(2026, 9, 1)]
        )

    applied = apply_import(store, _preview(store, edit), who="An")
    assert applied.new_rows == 1
    document_id = next(register_rows(store))["document_id"]
    found = rows_by_words(store, document_id)["watch the lighthouse"]
    assert (found.values["lead_unit"], found.values["due_date"], found.origin) == ("Navy", "2026-09-01", "added")
    line = next(line for line in register_rows(store) if line["task_id"] == found.task_id)
    assert (line["source_file"], line["source_text"]) == ("order.pdf", "watch the lighthouse")


@pytest.mark.parametrize(
    ("words", "column", "value", "code"),
    [
        (PAINT.words, "due_date", "15/07/2026", "cell-invalid"),
        (PAINT.words, "deadline_kind", "soon", "cell-invalid"),
        (PAINT.words, "review_status", "done", "cell-invalid"),
        (PAINT.words, "source_text", "other words", "cell-read-only"),
        (PAINT.words, "task_id", "unknown", "row-unknown"),
        (COUNT.words, "task_id", None, "import-row-twice"),
    ],
)
def test_what_cannot_be_taken_is_told_and_the_rest_goes_on(
    store: Store, words: str, column: str, value: object, code: str
) -> None:
    def edit(workbook: Workbook) -> None:
        other = _cell(workbook, PAINT.words, "task_id").value
        _cell(workbook, words, column).value = other if value is None else value

    preview = _preview(store, edit, _set(REPORT.words, "deliverable", "a table"))
    assert [problem.code for problem in preview.problems] == [code]
    assert [change.column for change in preview.changes] == ["deliverable"]
    assert apply_import(store, preview, who="An").problems == preview.problems


def test_a_new_row_needs_a_document(store: Store) -> None:
    record(store, directive((FORMULA,), number="2", file_name="odd.pdf"))

    def edit(workbook: Workbook) -> None:
        workbook.worksheets[0].append(["watch the lighthouse"])

    assert [problem.code for problem in _preview(store, edit).problems] == ["import-row-homeless"]
    both = export_xlsx(store, sheet_a_document=True)
    assert [row.values["task"] for row in _preview(store, edit, data=both).new_rows] == ["watch the lighthouse"]


def test_each_document_has_its_sheet(store: Store) -> None:
    for number, line in (("77/QĐ UBND", COUNT), ("77 QĐ:UBND", REPORT), ("", PAINT)):
        record(store, directive((line,), number=number, file_name=f"{line.lead}.pdf", title=line.lead))
    workbook = load_workbook(io.BytesIO(export_xlsx(store, sheet_a_document=True)))
    titles = [sheet.title for sheet in workbook if sheet.sheet_state == "visible"]
    assert titles[:3] == ["12 2026", "77 QĐ UBND", "77 QĐ UBND (2)"]
    assert len(titles) == 4


def test_some_documents_and_rejected_rows_go_out(store: Store) -> None:
    found = row(store, _task(store, COUNT.words))
    reject(store, {found.task_id: found.version}, who="An")
    other = record(store, directive((FORMULA,), number="2", file_name="odd.pdf")).document_id
    workbook = load_workbook(io.BytesIO(export_xlsx(store, [found.document_id])))
    assert _cell(workbook, COUNT.words, "review_status").value == "rejected"
    assert document_rows(store, other)[0].document_id not in {cell.value for cell in workbook.worksheets[0]["T"]}
    preview = _preview(store, _set(COUNT.words, "review_status", "new"))
    assert [decision.decision for decision in preview.decisions] == ["restore"]


def test_values_are_chosen_and_come_back_in_the_clerks_language(store: Store) -> None:
    data = export_xlsx(store, language="vi")
    assert _cell(load_workbook(io.BytesIO(data)), PAINT.words, "deadline_kind").value == "một ngày hạn"
    preview = _preview(store, _set(COUNT.words, "deadline_kind", "Định kỳ"), data=data)
    assert [(change.column, change.value) for change in preview.changes] == [("deadline_kind", "recurring")]
    status = _preview(store, _set(COUNT.words, "review_status", "Принято"), data=data)
    assert [decision.decision for decision in status.decisions] == ["accept"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_choices_fit_into_a_cells_list_and_are_told_apart(store: Store, language: Language) -> None:
    sheet = load_workbook(io.BytesIO(export_xlsx(store, language=language))).worksheets[0]
    lists = [rule.formula1 for rule in sheet.data_validations.dataValidation if rule.formula1.startswith('"')]
    assert len(lists) == 3
    assert all(len(choices) <= 255 for choices in lists)  # Excel takes no more
    columns = {column.name: column.values for column in COLUMNS if column.values}
    assert {column: set(names.values()) for column, names in codes().items()} == {
        column: set(values) for column, values in columns.items()
    }
    own = [sorted(names for names in found) for found in codes().values()]
    assert all("," not in name for names in own for name in names)


def _other_workbook() -> bytes:
    return _saved(Workbook())


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"no workbook", "import-unreadable"),
        (b"", "import-unreadable"),
        (_other_workbook()[:2000], "import-unreadable"),
        (_other_workbook(), "import-foreign"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "import-foreign"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "import-encrypted"),
    ],
    ids=["text", "empty", "cut", "another's", "old", "password"],
)
def test_what_is_no_workbook_of_ours_is_told(data: bytes, code: str) -> None:
    with pytest.raises(UsageError) as error:
        read_returned(data, "register.xlsx")
    assert error.value.code == code


@pytest.mark.parametrize(("limit", "most"), [("MOST_BYTES", 1000), ("_MOST_UNPACKED", 100)])
def test_what_would_take_the_memory_is_refused(monkeypatch: pytest.MonkeyPatch, limit: str, most: int) -> None:
    monkeypatch.setattr(f"pipeline.xlsx_returned.{limit}", most)
    with pytest.raises(UsageError) as error:
        read_returned(_other_workbook(), "register.xlsx")
    assert error.value.code == "import-too-large"
