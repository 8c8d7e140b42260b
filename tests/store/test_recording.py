"""Re-extraction: ids stay, what people said stays, and where both changed both are shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from models.store import (
    Store,
    accept,
    cell_history,
    document_rows,
    list_documents,
    read_text,
    rebuild,
    register_rows,
    reject,
    restore,
    set_cell,
    split,
)
from tests.store.makers import COUNT, LINES, PAINT, REPORT, Line, directive, record, row, rows_by_words, the_document

FISH = Line("fish only between the buoys of the inner bay", "Navy")


def test_the_same_again_changes_nothing(store: Store) -> None:
    first = record(store, directive())
    before = list(register_rows(store))
    again = record(store, directive())
    assert (again.is_new, again.run_id, again.task_ids) == (False, first.run_id, first.task_ids)
    assert list(register_rows(store)) == before
    assert len(before) == 3


def test_the_register_is_that_of_the_extraction(store: Store) -> None:
    from pipeline.register import rows

    made = directive()
    record(store, made)
    assert list(register_rows(store)) == list(rows(made))


def test_better_rules_change_values_and_not_ids(store: Store) -> None:
    first = record(store, directive())
    better = record(store, directive((replace(PAINT, lead="Port Authority"), COUNT, FISH, REPORT)), software="2")
    rows = rows_by_words(store, first.document_id)
    assert rows[PAINT.words].values["lead_unit"] == "Port Authority"
    assert {rows[line.words].task_id for line in LINES} == set(first.task_ids.values())
    assert better.is_new
    assert list(rows) == [PAINT.words, COUNT.words, FISH.words, REPORT.words]
    events = cell_history(store, rows[PAINT.words].task_id, "lead_unit")
    assert [(event.by, event.new) for event in events] == [("1", "Harbour Office"), ("2", "Port Authority")]


def test_what_a_person_set_stays_and_the_machines_new_mind_is_shown(store: Store) -> None:
    first = record(store, directive())
    task = rows_by_words(store, first.document_id)[PAINT.words].task_id
    set_cell(store, task, "lead_unit", "Navy", expected="Harbour Office", who="An")
    record(store, directive((replace(PAINT, due="2026-06-30"), COUNT, REPORT)), software="2")
    assert row(store, task).values["review_reasons"] == ""  # the machine changed a cell that nobody set
    record(store, directive((replace(PAINT, lead="Army"), COUNT, REPORT)), software="3")
    found = row(store, task)
    assert (found.values["lead_unit"], found.machine["lead_unit"]) == ("Navy", "Army")
    assert (found.conflicts, found.values["review_reasons"]) == (("lead_unit",), "machine-changed")
    accept(store, {task: found.version}, who="Bình")
    assert row(store, task).values["review_reasons"] == ""
    assert row(store, task).values["lead_unit"] == "Navy"


def test_an_accepted_row_stays_as_it_was_accepted(store: Store) -> None:
    first = record(store, directive())
    found = rows_by_words(store, first.document_id)[PAINT.words]
    accept(store, {found.task_id: found.version}, who="An")
    record(store, directive((replace(PAINT, lead="Army", due="2027-01-01"), COUNT, REPORT)), software="2")
    now = row(store, found.task_id)
    assert (now.values["lead_unit"], now.values["due_date"]) == ("Harbour Office", "2026-06-01")
    assert set(now.conflicts) == {"lead_unit", "due_date", "deadline_text"}


def test_the_machine_that_comes_to_agree_is_no_conflict(store: Store) -> None:
    first = record(store, directive())
    task = rows_by_words(store, first.document_id)[PAINT.words].task_id
    set_cell(store, task, "lead_unit", "Army", expected="Harbour Office", who="An")
    record(store, directive((replace(PAINT, lead="Army"), COUNT, REPORT)), software="2")
    assert (row(store, task).conflicts, row(store, task).machine) == ((), {})


def test_a_task_no_longer_found_is_withdrawn_unless_a_person_touched_it(store: Store) -> None:
    first = record(store, directive())
    rows = rows_by_words(store, first.document_id)
    set_cell(store, rows[COUNT.words].task_id, "lead_unit", "Navy", expected="Port Police", who="An")
    record(store, directive(missed=(COUNT, REPORT)), software="2")
    assert list(rows_by_words(store, first.document_id)) == [PAINT.words, COUNT.words]
    assert row(store, rows[COUNT.words].task_id).values["review_reasons"] == "deadline-vague; no-longer-found"
    assert row(store, rows[REPORT.words].task_id).state == "withdrawn"
    kept = accept(store, {rows[COUNT.words].task_id: row(store, rows[COUNT.words].task_id).version}, who="An").rows[0]
    assert kept.values["review_reasons"] == ""
    restore(store, {rows[REPORT.words].task_id: row(store, rows[REPORT.words].task_id).version}, who="An")
    assert list(rows_by_words(store, first.document_id)) == [PAINT.words, COUNT.words, REPORT.words]
    record(store, directive(), software="3")
    assert {found.task_id for found in rows_by_words(store, first.document_id).values()} == set(first.task_ids.values())


def test_a_rejected_task_that_is_found_in_other_words_stays_rejected(store: Store) -> None:
    first = record(store, directive())
    found = rows_by_words(store, first.document_id)[COUNT.words]
    reject(store, {found.task_id: found.version}, who="An")
    record(
        store, directive((PAINT, replace(COUNT, words="count all fishing boats every morning"), REPORT)), software="2"
    )
    assert list(rows_by_words(store, first.document_id)) == [PAINT.words, REPORT.words]


def test_the_machine_that_finds_the_parts_finds_the_persons_rows(store: Store) -> None:
    first = record(store, directive())
    found = rows_by_words(store, first.document_id)[PAINT.words]
    parts = [{"task": "paint the northern pier"}, {"task": "paint the two sheds beside it"}]
    split(store, found.task_id, parts, version=found.version, who="An")
    before = {task: made.task_id for task, made in rows_by_words(store, first.document_id).items()}
    finer = (replace(PAINT, words=parts[0]["task"]), replace(PAINT, words=parts[1]["task"]), COUNT, REPORT)
    record(store, directive(finer), software="2")
    assert {task: made.task_id for task, made in rows_by_words(store, first.document_id).items()} == before


def test_a_scan_after_the_file_is_the_same_document_and_changes_nothing(store: Store) -> None:
    long = tuple(replace(line, words=f"{line.words} and again in the autumn of the year") for line in LINES)
    first = record(store, directive(long))
    before = list(register_rows(store))
    misread = tuple(replace(line, words=line.words.replace("autumn", "autunm")) for line in long)
    scan = record(store, directive(misread, file_name="scan.pdf", method="ocr"))
    assert (scan.document_id, scan.leads) == (first.document_id, False)
    assert sorted(scan.task_ids.values()) == sorted(first.task_ids.values())
    assert list(register_rows(store)) == before


def test_the_file_after_a_scan_takes_its_place_and_keeps_the_ids(store: Store) -> None:
    long = tuple(replace(line, words=f"{line.words} and again in the autumn of the year") for line in LINES)
    misread = tuple(replace(line, words=line.words.replace("autumn", "autunm")) for line in long)
    scan = record(store, directive(misread, file_name="scan.pdf", method="ocr", number="", title="On the pjer"))
    task = rows_by_words(store, scan.document_id)[misread[0].words].task_id
    set_cell(store, task, "lead_unit", "Navy", expected="Harbour Office", who="An")
    better = record(store, directive(long, file_name="order.docx"))
    assert (better.document_id, better.leads) == (scan.document_id, True)
    rows = rows_by_words(store, scan.document_id)
    assert list(rows) == [line.words for line in long]
    assert (rows[long[0].words].task_id, rows[long[0].words].values["lead_unit"]) == (task, "Navy")
    assert {line["source_file"] for line in register_rows(store)} == {"order.docx"}
    assert the_document(store, scan.document_id).values["document_number"] == "12/2026"


def test_a_file_that_lacks_the_number_does_not_take_it_away(store: Store) -> None:
    first = record(store, directive())
    record(store, directive(number="", file_name="copy.docx"))
    again = record(store, directive(number="", file_name="copy.docx"), software="2")
    assert (again.document_id, again.leads) == (first.document_id, True)
    assert the_document(store, first.document_id).values["document_number"] == "12/2026"


def test_a_body_and_an_annex_in_two_files_stand_side_by_side(store: Store) -> None:
    body = record(store, directive())
    annex = record(store, directive((FISH, COUNT), file_name="annex.xlsx"))
    assert annex.document_id == body.document_id
    words = [found.values["task"] for found in document_rows(store, body.document_id)[1]]
    assert words == [PAINT.words, COUNT.words, REPORT.words, FISH.words, COUNT.words]
    assert len(set(body.task_ids.values()) | set(annex.task_ids.values())) == 5
    record(store, directive((FISH,), file_name="annex.xlsx"), software="2")
    assert PAINT.words in rows_by_words(store, body.document_id)


def test_other_directives_of_the_same_office_are_other_documents(store: Store) -> None:
    record(store, directive())
    record(store, directive(number="13/2026", file_name="other.pdf"))
    record(store, directive(number="", day=date(2026, 6, 4), file_name="third.pdf"))
    assert list_documents(store).total == 3
    assert len(list(register_rows(store))) == 9


def test_a_document_that_was_rearranged_keeps_its_ids(store: Store) -> None:
    first = record(store, directive((PAINT, COUNT, REPORT, FISH)))
    ids = {task: found.task_id for task, found in rows_by_words(store, first.document_id).items()}
    record(store, directive((FISH, REPORT, PAINT, COUNT), file_name="new.pdf"), software="2")
    rows = rows_by_words(store, first.document_id)
    assert list(rows) == [FISH.words, REPORT.words, PAINT.words, COUNT.words]
    assert {task: found.task_id for task, found in rows.items()} == ids


def test_tasks_in_the_same_words_are_told_apart_by_their_units(store: Store) -> None:
    twins = (replace(REPORT, lead="Navy"), PAINT, replace(REPORT, lead="Army"))
    first = record(store, directive(twins))
    navy, _, army = document_rows(store, first.document_id)[1]
    set_cell(store, army.task_id, "deliverable", "a table", expected="", who="An")
    turned = (replace(REPORT, lead="Army", section="1"), PAINT, replace(REPORT, lead="Navy", section="3"))
    record(store, directive(turned, file_name="new.pdf"), software="2")
    rows = document_rows(store, first.document_id)[1]
    assert [(found.task_id, found.values["lead_unit"]) for found in (rows[0], rows[2])] == [
        (army.task_id, "Army"),
        (navy.task_id, "Navy"),
    ]
    assert rows[0].values["deliverable"] == "a table"


def test_the_text_that_spans_point_into_is_kept(store: Store) -> None:
    first = record(store, directive())
    for found in document_rows(store, first.document_id)[1]:
        kept = read_text(store, found.reading_id)
        assert kept.text[found.start : found.end] == found.values["source_text"]
    assert (kept.file_name, kept.part, kept.pages) == ("order.pdf", 0, 1)


def test_broken_characters_are_kept_out(store: Store) -> None:
    odd = replace(PAINT, words="paint \x00 the \ud800 pier")
    first = record(store, directive((odd,)))
    assert list(rows_by_words(store, first.document_id)) == ["paint  the  pier"]


@pytest.mark.parametrize("missed", [(), (COUNT,), LINES])
def test_the_derived_tables_can_be_rebuilt(store: Store, missed: tuple[Line, ...]) -> None:
    first = record(store, directive())
    task = rows_by_words(store, first.document_id)[PAINT.words].task_id
    set_cell(store, task, "lead_unit", "Navy", expected="Harbour Office", who="An")
    record(store, directive(missed=missed), software="2")
    before = list(register_rows(store, with_rejected=True)), list_documents(store)
    rebuild(store)
    assert (list(register_rows(store, with_rejected=True)), list_documents(store)) == before
