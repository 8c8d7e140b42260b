"""Tables of PDFs: cells, spans, headings of two rows, tables over pages, and what is no table."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.records import Block, Document
from pipeline.readers.pdf import read_pdf
from tests.readers.made import tables, texts
from tests.readers.pdfs import HEADING, XS, Page, annex, grid, pdf


def read(tmp_path: Path, *pages: Page) -> Document:
    path = tmp_path / "made.pdf"
    path.write_bytes(pdf(list(pages)))
    return read_pdf(path)


def rows(document: Document, table: Block) -> list[list[str]]:
    """Return the texts of a table's cells, row by row."""
    result: list[list[str]] = []
    for cell in table.cells:
        while len(result) <= cell.row:
            result.append([])
        result[cell.row].append(cell.span.of(document.text))
    return result


def test_cells_hold_their_lines_as_one_text_and_their_points_apart(tmp_path: Path) -> None:
    page = Page()
    content = [
        HEADING,
        [["1"], ["Count the boats at the northern mole", "and report the figures"], ["Port Police"], ["May 2026"]],
        [["2"], ["- Paint the pier;", "- mend the railings."], ["Harbour", "Office"], [""]],
    ]
    grid(page, XS, [100, 130, 165, 200], 10, content)
    document = read(tmp_path, page)
    (table,) = tables(document)
    assert rows(document, table) == [
        ["No.", "Task", "Lead", "Term"],
        ["1", "Count the boats at the northern mole and report the figures", "Port Police", "May 2026"],
        ["2", "- Paint the pier;\n- mend the railings.", "Harbour\nOffice", ""],
    ]
    assert all(document.boxes_of(cell.span) for cell in table.cells if cell.end > cell.start)


def test_merged_cells_and_a_heading_of_two_rows_keep_their_spans(tmp_path: Path) -> None:
    page = Page()
    for y in (100, 150, 180):
        page.rule(60, y, 540, y)
    page.rule(330, 125, 540, 125)
    page.rule(60, 205, 540, 205)
    for x in (60, 330, 540):
        page.rule(x, 100, x, 205)
    page.rule(440, 125, 440, 205)
    page.text(70, 130, "Task")
    page.text(340, 118, "Answerable")
    page.text(340, 142, "leads")
    page.text(450, 142, "helps")
    for x, text in ((70, "Count the boats"), (340, "Police"), (450, "Office")):
        page.text(x, 170, text)
    for x, text in ((70, "Paint the pier"), (340, "Office"), (450, "Brigade")):
        page.text(x, 198, text)
    document = read(tmp_path, page)
    (table,) = tables(document)
    spans = {c.span.of(document.text): (c.row, c.column, c.row_span, c.column_span) for c in table.cells}
    assert spans["Task"] == (0, 0, 2, 1)
    assert spans["Answerable"] == (0, 1, 1, 2)
    assert spans["helps"] == (1, 2, 1, 1)
    assert spans["Count the boats"] == (2, 0, 1, 1)


def test_a_group_row_is_one_cell_over_all_columns(tmp_path: Path) -> None:
    page = Page()
    for y in (100, 125, 150, 175):
        page.rule(60, y, 540, y)
    for x in XS[1:-1]:
        page.rule(x, 100, x, 125)
        page.rule(x, 150, x, 175)
    for x in (60, 540):
        page.rule(x, 100, x, 175)
    for x, text in zip(XS, ("No.", "Task", "Lead", "Term"), strict=False):
        page.text(x + 5, 118, text)
    page.text(200, 143, "I. WORKS OF THE SPRING", bold=True)
    for x, text in zip(XS, ("1", "Paint the pier", "Office", "May"), strict=False):
        page.text(x + 5, 168, text)
    document = read(tmp_path, page)
    (table,) = tables(document)
    (group,) = [cell for cell in table.cells if cell.row == 1]
    assert (group.column_span, group.bold, group.span.of(document.text)) == (4, True, "I. WORKS OF THE SPRING")


def test_a_table_without_outer_lines_has_all_its_columns(tmp_path: Path) -> None:
    page = Page()
    for y in (100, 125, 150):
        page.rule(60, y, 540, y)
    for x in XS[1:-1]:
        page.rule(x, 100, x, 150)
    for y, row in ((118, ("No.", "Task", "Lead", "Term")), (143, ("1", "Paint the pier", "Office", "May"))):
        for x, text in zip(XS, row, strict=False):
            page.text(x + 5, y, text)
    document = read(tmp_path, page)
    (table,) = tables(document)
    assert rows(document, table) == [["No.", "Task", "Lead", "Term"], ["1", "Paint the pier", "Office", "May"]]


def test_heading_letters_written_upwards_are_read(tmp_path: Path) -> None:
    page = Page()
    grid(page, XS, [100, 170, 195], 10, [[[""], ["Task"], ["Lead"], ["Term"]], [["1"], ["Paint"], ["Office"], ["May"]]])
    page.text(84, 160, "Number", size=10, turned="up")
    document = read(tmp_path, page)
    assert rows(document, tables(document)[0])[0] == ["Number", "Task", "Lead", "Term"]


def test_text_in_a_box_and_underlined_words_are_no_tables(tmp_path: Path) -> None:
    page = Page()
    page.box(90, 80, 500, 130)
    page.text(100, 100, "Office use only: this box is kept free for the stamp")
    page.text(100, 160, "Underlined words")
    page.rule(100, 162, 196, 162)
    page.text(100, 180, "and more words")
    page.rule(100, 182, 184, 182)
    assert not tables(read(tmp_path, page))


def test_prose_around_a_table_stays_in_its_place(tmp_path: Path) -> None:
    page = Page()
    page.text(60, 80, "The works are these:")
    grid(page, XS, [100, 125, 150], 10, [HEADING, [["1"], ["Paint"], ["Office"], ["May"]]])
    page.text(60, 180, "They are paid for by the port.")
    document = read(tmp_path, page)
    assert [block.kind for block in document.blocks] == ["paragraph", "table", "paragraph"]
    assert texts(document)[2] == "They are paid for by the port."


def test_a_table_over_pages_is_one_with_its_heading_once_and_its_cut_row_whole(tmp_path: Path) -> None:
    first, second = Page(), Page()
    cut = [["2"], ["Mend the railings of the pier and all"], ["Office"], ["June"]]
    rest = [[""], ["the lamps that hang from them."], [""], [""]]
    grid(first, XS, [700, 725, 750, 790], 10, [HEADING, [["1"], ["Paint the pier."], ["Office"], ["May"]], cut])
    grid(second, XS, [60, 85, 110, 135], 10, [HEADING, rest, [["3"], ["Count the boats."], ["Police"], ["July"]]])
    document = read(tmp_path, first, second)
    (table,) = tables(document)
    assert rows(document, table) == [
        ["No.", "Task", "Lead", "Term"],
        ["1", "Paint the pier.", "Office", "May"],
        ["2", "Mend the railings of the pier and all the lamps that hang from them.", "Office", "June"],
        ["3", "Count the boats.", "Police", "July"],
    ]


def test_three_hundred_rows_over_many_pages_are_all_right(tmp_path: Path) -> None:
    pages, expected = annex(300, seed=7)
    assert len(pages) > 25
    document = read(tmp_path, *pages)
    (table,) = tables(document)
    found = rows(document, table)
    assert found[0] == ["No.", "Task", "Lead", "Term"]
    assert [[" ".join(cell.split()) for cell in row] for row in found[1:]] == expected
    starts = [cell.start for cell in table.cells]
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        (["Администрации", "посёлков"], "Администрации посёлков"),  # two words, the first as wide as its cell
        (["Администраци", "я посёлка"], "Администрация посёлка"),  # one, torn by it
    ],
)
def test_a_word_that_fills_its_cell_is_torn_only_if_its_rest_is_no_word(
    tmp_path: Path, lines: list[str], whole: str
) -> None:
    page = Page()
    right = 204 + 4.5 * len(lines[0]) + 6
    content = [[["Задача"], ["Орган"], ["Срок"]], [["Окраска"], lines, ["май"]], [["Уборка"], ["Отдел"], ["май"]]]
    grid(page, [60, 200, right, right + 80], [100, 120, 150, 170], 9, content)
    document = read(tmp_path, page)
    (table,) = tables(document)
    assert rows(document, table)[1][1] == whole
