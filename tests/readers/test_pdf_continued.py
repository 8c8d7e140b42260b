"""Tables of PDFs over page breaks: rests of rows, cells merged over rows, headings, and what is no rest."""

from __future__ import annotations

from models.records import Document
from pipeline.readers import read_bytes
from tests.readers.made import tables, texts
from tests.readers.pdfs import HEADING, XS, Page, grid, pdf

LONG = ["Count the boats at the northern mole", "and write the figures into the"]


def _read(*pages: Page) -> Document:
    (document,) = read_bytes("made.pdf", pdf(list(pages)))
    return document


def _row(number: int, lead: str = "Port Police") -> list[list[str]]:
    return [[str(number)], [f"Paint pier {number}"], [lead], ["May 2026"]]


def _places(document: Document) -> dict[tuple[int, int], tuple[str, int]]:
    """Return the text of every cell and how many rows it covers, by row and column."""
    (table,) = tables(document)
    return {(cell.row, cell.column): (cell.span.of(document.text), cell.row_span) for cell in table.cells}


def test_one_line_alone_on_the_next_page_is_the_rest_of_its_row() -> None:
    first, second = Page(), Page()
    grid(first, XS, [700, 720, 740, 775], 9, [HEADING, _row(1), [["2"], LONG, ["Port Police"], ["May 2026"]]])
    grid(second, XS, [60, 80], 9, [[[""], ["harbour log."], [""], [""]]])
    document = _read(first, second)
    assert _places(document)[2, 1] == (" ".join([*LONG, "harbour log."]), 1)
    assert texts(document) == [document.text]


def test_a_boxed_line_on_the_next_page_is_no_table() -> None:
    first, second = Page(), Page()
    grid(first, XS, [700, 720, 740], 9, [HEADING, _row(1)])
    grid(second, [60, 200, 400, 500], [60, 80], 9, [[[""], ["This page is left blank."], [""]]])
    document = _read(first, second)
    assert len(tables(document)) == 1
    assert texts(document)[-1] == "This page is left blank."


def test_a_unit_merged_over_rows_goes_on_below_the_page_break() -> None:
    first, second = Page(), Page()
    grid(first, XS, [640, 660, 680, 700], 9, [HEADING, _row(1), _row(2, "Harbour Office")])
    for x in (*XS[:2], XS[2], XS[3], XS[4]):
        second.rule(x, 60, x, 100)
    second.rule(XS[0], 60, XS[-1], 60)
    second.rule(XS[0], 100, XS[-1], 100)
    second.rule(XS[0], 80, XS[2], 80)
    second.rule(XS[3], 80, XS[4], 80)
    for y, number in ((72, "3"), (92, "4")):
        second.text(XS[0] + 4, y, number, 9)
        second.text(XS[1] + 4, y, f"Paint pier {number}", 9)
        second.text(XS[3] + 4, y, "May 2026", 9)
    found = _places(_read(first, second))
    assert found[2, 2] == ("Harbour Office", 3)
    assert found[3, 0] == ("3", 1)
    assert (3, 2) not in found


def test_an_empty_cell_at_a_page_top_is_a_rest_only_where_no_cell_of_its_column_is_empty() -> None:
    full = [_row(number) for number in range(1, 7)]
    gaps = [_row(number, "" if number == 3 else "Port Police") for number in range(1, 7)]
    for before, covered in ((full, 2), (gaps, 1)):
        first, second = Page(), Page()
        grid(first, XS, [600 + 20 * line for line in range(8)], 9, [HEADING, *before])
        grid(second, XS, [60, 80, 100], 9, [_row(7, ""), _row(8)])
        assert _places(_read(first, second))[6, 2] == ("Port Police", covered)


def test_letterheads_of_two_papers_are_no_running_heads() -> None:
    pages = [Page(), Page()]
    for page, number in zip(pages, ("12", "13"), strict=True):
        page.lines(60, 50, ["HARBOUR AUTHORITY"], size=11)
        page.lines(60, 90, [f"EXECUTIVE ORDER NO. {number}", "March 2, 2026", "Repairing the Piers"], size=11, step=24)
        page.lines(60, 190, ["Section 1. The Port Police shall count the boats by 1 June 2026."], size=11)
    found = read_bytes("two.pdf", pdf(pages))
    assert [document.text.split("\n")[0] for document in found] == ["HARBOUR AUTHORITY"] * 2
    assert [[page.number for page in document.pages] for document in found] == [[1], [2]]


def test_a_repeated_heading_of_which_a_cell_was_not_read_is_dropped() -> None:
    heads = [["No."], ["Task to be done"], ["Lead authority"], ["Term"]]
    first, second = Page(), Page()
    grid(first, XS, [700, 720, 740], 9, [heads, _row(1)])
    grid(second, XS, [60, 80, 100, 120], 9, [[[""], *heads[1:]], [[""], ["and its railings."], [""], [""]], _row(2)])
    found = _places(_read(first, second))
    assert found[1, 1] == ("Paint pier 1 and its railings.", 1)
    assert found[2, 1] == ("Paint pier 2", 1)
    assert max(row for row, _ in found) == 2
