"""Files without pages are printed, and their words lead to places on the print."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from models.errors import ReadError
from models.records import Document, Span
from pipeline.readers import printed as printing
from pipeline.readers import programs, read_bytes, read_file
from pipeline.readers.pdf import page_image
from pipeline.readers.printed import placed, printed
from tests.readers.annexes import Annex, annex
from tests.readers.annexfiles import converted, sheet, web, word
from tests.readers.pdfs import Page, pdf

needs_office = pytest.mark.skipif(programs.find(programs.LIBREOFFICE) is None, reason="LibreOffice is not installed")
ROWS = 20


def _text(table: Annex) -> bytes:
    return "\n\n".join(" ".join(row) for row in 3 * table.rows).encode()


MADE: dict[str, Callable[[Annex], bytes]] = {
    "docx": word,
    "doc": lambda table: converted(word(table), "doc"),
    "xlsx": sheet,
    "html": web,
    "txt": _text,
}


def _printed(folder: Path, kind: str) -> tuple[Document, Document, Path]:
    """Return a made file as read, as printed and read again, and the print."""
    path = folder / f"paper.{kind}"
    path.write_bytes(MADE[kind](annex("vi", ROWS, seed=3)))
    (document,) = read_file(path)
    print_ = folder / "print.pdf"
    print_.write_bytes(printed(path, document))
    (paged,) = read_file(print_)
    return document, paged, print_


@needs_office
@pytest.mark.parametrize("kind", MADE)
def test_words_lead_to_their_places_on_the_print(tmp_path: Path, kind: str) -> None:
    plain, paged, print_ = _printed(tmp_path, kind)
    document = placed(plain, paged)
    assert (document.text, document.blocks) == (plain.text, plain.blocks)
    assert len(document.words) >= 0.97 * len(plain.text.split())
    assert [word.start for word in document.words] == sorted(word.start for word in document.words)
    assert len(document.pages) > 1
    last = Span(plain.text.rindex(" ", 0, len(plain.text) - 1) + 1, len(plain.text))
    (box,) = document.boxes_of(last)
    assert box.page == len(paged.pages)
    assert page_image(print_, box.page).startswith(b"\x89PNG")


@needs_office
def test_a_short_text_is_printed_from_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "short.txt"
    path.write_bytes(b"ORDER No. 7\n\nPaint the pier by 1 June.")
    (document,) = read_file(path)
    (paged,) = read_bytes("print.pdf", printed(path, document))
    assert (paged.text.split(), len(paged.pages)) == (document.text.split(), 1)


def test_a_word_that_the_print_shows_otherwise_has_no_place() -> None:
    page = Page()
    page.lines(60, 100, ["Paint the old pier by 1 June."])
    (paged,) = read_bytes("print.pdf", pdf([page]))
    (plain,) = read_bytes("plain.txt", b"Paint the new pier by 1 June.")
    document = placed(plain, paged)
    assert [plain.text[word.start : word.end] for word in document.words] == [
        "Paint",
        "the",
        "pier",
        "by",
        "1",
        "June.",
    ]
    assert document.boxes_of(Span(6, 13))[0].x0 == pytest.approx(paged.words[1].box.x0)


def test_texts_too_long_to_compare_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "_MOST_WORDS", 3)
    (plain,) = read_bytes("plain.txt", b"Paint the new pier by 1 June.")
    with pytest.raises(ReadError, match="too large"):
        placed(plain, plain)
