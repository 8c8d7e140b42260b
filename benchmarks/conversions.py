"""Measures reading without OCR: the corpus's Word files converted to other formats, against the Word files as read.

LibreOffice makes .doc, .html and .pdf of them; .xlsx is written from their tables; the repaired text layer is a PDF in
the bytes of TCVN3. The truth of all is the text of the .docx, which its own reader takes from the XML.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from models.records import Document
from pipeline.readers import read_file
from pipeline.readers.programs import LIBREOFFICE, run
from pipeline.readers.vietnamese import _table as letters_of
from tests.readers.pdfs import Page, pdf

Made = tuple[Path, Document]


def ways(corpus: Path, folder: Path) -> Iterator[tuple[str, Callable[[], list[Made]]]]:
    """Yield the name of each way of reading and what makes its files, each with the document that it should give."""
    sources = sorted(corpus.glob("*.docx"))
    truths = {path: read_file(path)[0] for path in sources}
    yield ".docx as PDF", lambda: [(converted(path, "pdf", folder), truths[path]) for path in sources]
    yield ".docx as .doc", lambda: [(converted(path, "doc", folder), truths[path]) for path in sources]
    yield ".docx as .html", lambda: [(converted(path, "html", folder), truths[path]) for path in sources]
    yield (
        "tables as .xlsx",
        lambda: [spreadsheet(path, truths[path], folder) for path in sources if tables(truths[path])],
    )
    yield "repaired layer", lambda: [in_old_letters(path, folder) for path in sorted(corpus.glob("vi-*.txt"))]


def read_all(made: list[Made]) -> list[tuple[Document, Document, float]]:
    """Return what was read, what should have been, and the seconds, for every file."""
    result = []
    for path, truth in made:
        started = time.perf_counter()
        document = read_file(path)[0]
        result.append((document, truth, time.perf_counter() - started))
    return result


def converted(path: Path, suffix: str, folder: Path) -> Path:
    """Return a file that LibreOffice makes of another. Raises MissingProgramError."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    run(LIBREOFFICE, [profile, "--headless", "--convert-to", suffix, "--outdir", str(folder), str(path)], 120)
    return folder / f"{path.stem}.{suffix}"


def tables(document: Document) -> list[list[list[str]]]:
    """Return the tables of a document as rows of cell texts."""
    found = []
    for block in document.blocks:
        rows: dict[int, dict[int, str]] = {}
        for cell in block.cells:
            rows.setdefault(cell.row, {})[cell.column] = cell.span.of(document.text)
        if rows:
            found.append([[row.get(column, "") for column in range(max(row) + 1)] for row in rows.values()])
    return found


def spreadsheet(path: Path, truth: Document, folder: Path) -> Made:
    """Return an Excel file with a sheet for each table, and a web page of the same as the truth."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    page = folder / f"{path.stem}-tables.html"
    page.write_text(f"<html><body>{''.join(map(markup, tables(truth)))}</body></html>", encoding="utf-8")
    for rows in tables(truth):
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    book.save(folder / f"{path.stem}.xlsx")
    return folder / f"{path.stem}.xlsx", read_file(page)[0]


def markup(rows: list[list[str]]) -> str:
    cells = ("".join(f"<td>{text}</td>" for text in row) for row in rows)
    return f"<table border='1'>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def in_old_letters(path: Path, folder: Path) -> Made:
    """Return a PDF whose text layer holds a text in the bytes of TCVN3, and the text."""
    truth = read_file(path)[0]
    old = str.maketrans({new: byte for byte, new in letters_of("tcvn3").items() if len(byte) == len(new) == 1})
    page, y, pages = Page(), 60.0, []
    for block in truth.blocks:
        words = block.span.of(truth.text).lower().translate(old).split()
        for start in range(0, len(words), 12):
            if y > 780:
                pages.append(page)
                page, y = Page(), 60.0
            page.text(60, y, " ".join(words[start : start + 12]), 10)
            y += 14
    made = folder / f"{path.stem}-tcvn3.pdf"
    made.write_bytes(pdf([*pages, page]))
    return made, truth
