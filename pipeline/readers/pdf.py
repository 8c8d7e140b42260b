"""Reads a PDF: each page by its text layer where that is true, else by OCR of its image."""

from __future__ import annotations

import hashlib
import io
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import MissingProgramError, ReadError
from models.records import Document, Page
from pipeline.limits import MOST_PAGES
from pipeline.readers.images import DPI, page_count, rendered, rendered_pages
from pipeline.readers.pages.assembly import assembled
from pipeline.readers.pages.layout import elements_of
from pipeline.readers.pages.sheets import Sheet

if TYPE_CHECKING:
    from pdfminer.pdfpage import PDFPage

_UNSEEN = {"patchy": 0.8, "scanned": 0.3, "nonsense": 0.0}  # quality of a text layer that OCR could not check
MEDIA_TYPE = "application/pdf"


def read_pdf(path: Path, sha256: str = "") -> Document:
    """Return a PDF as a document. Raises ReadError if it is broken, encrypted or empty, MissingProgramError if all
    of it needs OCR and Tesseract is not installed."""
    _refuse_too_many(path)
    sheets, doubtful = _text_sheets(path)
    warnings: tuple[str, ...] = ()
    if doubtful:
        from pipeline.readers.scan import read_doubtful

        try:
            sheets = read_doubtful(path, sheets, doubtful)
        except MissingProgramError as error:
            _distrust(sheets, doubtful)
            if not any(sheet.lines for sheet in sheets):
                error.values["file"] = path.name
                raise
            warnings = ("pages-unread",)
    return document_of(sheets, path, sha256, MEDIA_TYPE, warnings)


def _refuse_too_many(path: Path) -> None:
    """Raise ReadError for more pages than are read at a time; a file that can't be counted is judged by its reader."""
    try:
        with rendered_pages(path) as document:
            pages = page_count(document)
    except ReadError:
        return
    if pages > MOST_PAGES:
        raise ReadError("read-too-many-pages", file=path.name, pages=pages, most=MOST_PAGES)


def _distrust(sheets: list[Sheet], doubtful: Mapping[int, str]) -> None:
    """Grade the pages that should have been read from their images and can't be; what spells nothing is left out."""
    for sheet in sheets:
        judged = doubtful.get(sheet.number)
        if judged:
            sheet.method, sheet.quality = "text-layer", _UNSEEN[judged]
        if judged == "nonsense":
            sheet.lines = []


def page_image(path: Path, page: int, dpi: int = 150) -> bytes:
    """Return a page (1-based) of a PDF or of an image file, as the file shows it, as PNG."""
    with path.open("rb") as file:
        is_pdf = b"%PDF-" in file.read(1024)
    if is_pdf:
        with rendered_pages(path) as document:
            image = rendered(document, page, dpi)
    else:
        from pipeline.readers.scan import image_pages

        image = image_pages(path)[1][page - 1]
        image.thumbnail((image.width * dpi // DPI, image.height * dpi // DPI))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def document_of(
    sheets: list[Sheet], path: Path, sha256: str, media_type: str, warnings: tuple[str, ...] = ()
) -> Document:
    """Return the document that sheets make up. Raises ReadError if there is no text on them."""
    assembly = assembled(elements_of(sheets), sheets)
    text = "".join(assembly.pieces)
    if not text.strip():
        raise ReadError("read-empty", file=path.name)
    return Document(
        path.name,
        sha256 or hashlib.sha256(path.read_bytes()).hexdigest(),
        media_type,
        text,
        tuple(assembly.blocks),
        tuple(map(_page, sheets)),
        tuple(assembly.words),
        tuple(("signature", legend) for sheet in sheets for legend in sheet.legends),
        warnings,
    )


def _page(sheet: Sheet) -> Page:
    width, height, quality = round(sheet.page_width, 2), round(sheet.page_height, 2), round(sheet.quality, 3)
    return Page(sheet.number, width, height, sheet.method, quality, sheet.turn)


def _text_sheets(path: Path) -> tuple[list[Sheet], dict[int, str]]:
    """Return the pages as their text layer has them, and what is wrong with which."""
    from pipeline.readers.judge import verdict
    from pipeline.readers.textlayer import PageReader
    from pipeline.readers.textsheets import text_sheet

    reader = PageReader()
    sheets: list[Sheet] = []
    doubtful: dict[int, str] = {}
    try:
        with open_pages(path) as pages:
            for number, page in enumerate(pages, 1):
                sheet, drawing = text_sheet(reader, page, number)
                sheets.append(sheet)
                judged = verdict(sheet, drawing)
                if judged != "native":
                    doubtful[number] = judged
    except ReadError as error:
        if error.code != "read-broken":
            raise
    return (sheets, doubtful) if sheets else _blank_sheets(path)


def _blank_sheets(path: Path) -> tuple[list[Sheet], dict[int, str]]:
    """Return empty sheets for a PDF whose structure only the renderer understands: all of it is for OCR."""
    with rendered_pages(path) as document:
        count = page_count(document)
        sizes = [document.get_page_size(index) for index in range(count)]
    sheets = [Sheet(number, *size, *size) for number, size in enumerate(sizes, 1)]
    return sheets, dict.fromkeys(range(1, count + 1), "scanned")


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
        except (PSException, ValueError, KeyError, TypeError) as error:
            raise ReadError("read-broken", file=path.name) from error
