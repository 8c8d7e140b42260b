"""Reads a PDF: each page by its text layer where that is true, else by OCR of its image."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import ReadError
from models.records import Document, Page
from pipeline.readers.pages.assembly import assembled
from pipeline.readers.pages.layout import elements_of
from pipeline.readers.pages.sheets import Sheet

if TYPE_CHECKING:
    from pdfminer.pdfpage import PDFPage

MEDIA_TYPE = "application/pdf"


def read_pdf(path: Path, sha256: str = "") -> Document:
    """Return a PDF as a document. Raises ReadError if it is broken, encrypted or empty."""
    sheets = list(_text_sheets(path))
    return document_of(sheets, path, sha256 or hashlib.sha256(path.read_bytes()).hexdigest(), MEDIA_TYPE)


def document_of(sheets: list[Sheet], path: Path, sha256: str, media_type: str) -> Document:
    """Return the document that sheets make up. Raises ReadError if there is no text on them."""
    assembly = assembled(elements_of(sheets), sheets)
    text = "".join(assembly.pieces)
    if not text.strip():
        raise ReadError("read-empty", file=path.name)
    pages = tuple(
        Page(
            sheet.number, round(sheet.page_width, 2), round(sheet.page_height, 2),
            sheet.method, round(sheet.quality, 3), sheet.turn,
        )
        for sheet in sheets
    )  # fmt: skip
    return Document(
        path.name, sha256, media_type, text, tuple(assembly.blocks), pages, tuple(assembly.words),
        tuple(("signature", legend) for sheet in sheets for legend in sheet.legends),
    )  # fmt: skip


def _text_sheets(path: Path) -> Iterator[Sheet]:
    from pipeline.readers.textlayer import PageReader
    from pipeline.readers.textsheets import text_sheet

    reader = PageReader()
    with open_pages(path) as pages:
        for number, page in enumerate(pages, 1):
            yield text_sheet(reader, page, number)


@contextmanager
def open_pages(path: Path) -> Iterator[Iterator[PDFPage]]:
    """Open the pages of a PDF for pdfminer. Raises ReadError if it is broken or needs a password."""
    from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
    from pdfminer.pdfpage import PDFPage
    from pdfminer.pdfparser import PDFParser
    from pdfminer.psexceptions import PSException

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    with path.open("rb") as file:
        try:
            yield PDFPage.create_pages(PDFDocument(PDFParser(file)))
        except PDFPasswordIncorrect as error:
            raise ReadError("read-encrypted", file=path.name) from error
        except PSException as error:
            raise ReadError("read-broken", file=path.name) from error
