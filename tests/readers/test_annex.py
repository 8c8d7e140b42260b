"""The same annex of many rows gives the same rows, whatever file it comes in and wherever its pages break."""

from __future__ import annotations

import functools
import shutil
from collections import Counter
from collections.abc import Callable

import pytest

from extractors.linking import extract
from pipeline.readers import programs, read_bytes
from tests.readers.annexes import Annex, Row, annex, expected, read_rows, readable, right
from tests.readers.annexfiles import converted, scanned, sheet, web, word

ROWS = 40
LANGUAGES = ["vi", "ru", "en"]
SCANNED = 3  # pages
needs_office = pytest.mark.skipif(programs.find(programs.LIBREOFFICE) is None, reason="LibreOffice is not installed")
needs_ocr = pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed")
FILES: list[tuple[str, Callable[[Annex], bytes]]] = [("docx", word), ("xlsx", sheet), ("html", web)]


@functools.cache
def _office(language: str, target: str) -> bytes:
    return converted(word(annex(language, ROWS, seed=7)), target)


def _read(name: str, data: bytes) -> list[Row]:
    return [row for document in read_bytes(name, data) for row in read_rows(document)]


def _assert_whole(found: list[Row], language: str) -> None:
    """All rows are there, once, and nothing but the heading beside them."""
    wanted = expected(annex(language, ROWS, seed=7))
    assert [row for row in wanted if row not in found] == []
    assert right(found, wanted) == len(wanted)
    assert len(found) == len(wanted) + 2


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("kind", "made"), FILES, ids=[kind for kind, _ in FILES])
def test_files_that_hold_the_table(language: str, kind: str, made: Callable[[Annex], bytes]) -> None:
    _assert_whole(_read(f"annex.{kind}", made(annex(language, ROWS, seed=7))), language)


@needs_office
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["pdf", "doc"])
def test_files_that_an_office_makes_of_it(language: str, kind: str) -> None:
    _assert_whole(_read(f"annex.{kind}", _office(language, kind)), language)


@needs_office
@needs_ocr
def test_its_scan() -> None:
    found = _read("annex.pdf", scanned(_office("vi", "pdf"), range(SCANNED)))
    whole = [row for row in _read("annex.pdf", _office("vi", "pdf")) if row[0].isdigit()]
    last = max(int(row[0]) for row in found if row[0].isdigit())
    before = [row for row in whole if int(row[0]) < last]  # the last row goes on on the next page
    assert len(before) >= 3 * SCANNED
    assert readable(found, before) >= 0.97 * len(before) - 1


@pytest.mark.parametrize("language", ["vi", "en"])
def test_its_register(language: str) -> None:
    """Every point of a task cell is a row of the register, with the units, product and term of its line."""
    made = annex(language, ROWS, seed=7)
    (document,) = read_bytes("annex.docx", word(made))
    lines = {row[0]: row for row in expected(made) if len(row) > 1}
    found = extract(document).tasks
    numbers = Counter(task.span.of(document.text).split()[0] for task in found)
    assert numbers == {number: max(1, row[1].count("- ")) for number, row in lines.items()}
    for task in found:
        row = lines[task.span.of(document.text).split()[0]]
        assert ("; ".join(unit.name for unit in task.leads), task.deliverable) == (row[2], row[4])
        assert "; ".join(unit.name for unit in task.coordinators) == row[3]
        assert (task.deadline.text if task.deadline else "") == row[5]
