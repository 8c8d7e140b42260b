"""Markdown: front matter, headings, lists, tables; and plain text that only bears its name."""

from __future__ import annotations

from models.records import Document
from pipeline.readers import read_bytes
from tests.readers.made import assert_whole, rows, tables, texts


def read(text: str, name: str = "paper.md") -> Document:
    document = read_bytes(name, text.encode())[0]
    assert_whole(document)
    return document


def test_front_matter_is_metadata() -> None:
    document = read(
        "---\ntitle: Order 7\ndate_signed: 2026-03-04\nsupersedes:\n- Order 5\n- Order 6\nnote: null\n---\n\n# Order\n"
    )
    assert document.metadata == (
        ("title", "Order 7"),
        ("date_signed", "2026-03-04"),
        ("supersedes", "Order 5; Order 6"),
    )
    assert texts(document) == ["Order"]


def test_headings_lists_and_links() -> None:
    document = read(
        "#Minutes <br> of the *board*\n\nPresent: **all**.\n\n- [Plan](https://example.org/a) to be ready by May\n"
        "  1. Ana writes it\n  2. Bo checks `it`\n\n3) third\n\n<!-- not for print -->\n**Decided**\n"
    )
    assert texts(document) == [
        "Minutes of the board", "Present: all.", "- Plan to be ready by May", "1. Ana writes it", "2. Bo checks it",
        "3) third", "Decided",
    ]  # fmt: skip
    assert [block.level for block in document.blocks][:2] == [1, 0]
    assert document.blocks[-1].bold
    assert 0 < document.blocks[2].indent < document.blocks[3].indent


def test_tables_with_and_without_their_delimiter_row() -> None:
    sloppy = "| Task | Due |\n| Publish the **list** | May |\n| Report | June |\n"
    exact = "| Task | Due |\n|---|:--:|\n| Publish the list | May |\n| Report | June |\n"
    for text in (sloppy, exact):
        document = read(f"# Tasks\n\n{text}")
        assert rows(document, tables(document)[0]) == [["Task", "Due"], ["Publish the list", "May"], ["Report", "June"]]


def test_marks_of_templates_are_left_out() -> None:
    document = read(
        "{{HEADER}}\n\n{div .a}\n## Office of<br>Works\n{: .logo}\nIt will act.\n{/div}\n::: note\nx\n:::\n"
    )
    assert texts(document) == ["Office of Works", "It will act.", "x"]


def test_wrapped_prose_without_markup_is_read_as_text() -> None:
    document = read(
        "---\nnumber: 3\n---\nORDER No. 3\nMarch 3, 2026\n"
        "WHEREAS, the roads of the county have suffered from the floods of the last winter and\n"
        "are to be mended before the next; and\n"
        "WHEREAS, the county has the means for it in the budget of the year that begins on the\n"
        "first of July;\n"
        "Section 1. The Department of Roads shall mend the roads that are named in the annex of\n"
        "this order.\n"
    )
    assert [text[:12] for text in texts(document)] == [
        "ORDER No. 3",
        "March 3, 202",
        "WHEREAS, the",
        "WHEREAS, the",
        "Section 1. T",
    ]
