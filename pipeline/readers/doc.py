"""Old Office files and their kin by way of LibreOffice; of a .doc antiword's reading too, whichever keeps more."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from models.errors import MissingProgramError, ReadError
from pipeline.readers import programs
from pipeline.readers.builder import Reading, texts_of
from pipeline.readers.docx import read_docx
from pipeline.readers.pieces import Paragraph, Piece, Table, in_reading_order, is_layout, joined_tables, table_of
from pipeline.readers.xlsx import read_xlsx

if TYPE_CHECKING:
    from lxml.etree import _Element

Old = Literal["doc", "rtf", "odt", "xls", "ods", "docm"]
_MEDIA_TYPES: dict[Old, str] = {
    "doc": "application/msword",
    "rtf": "application/rtf",
    "odt": "application/vnd.oasis.opendocument.text",
    "xls": "application/vnd.ms-excel",
    "docm": "application/vnd.ms-word.document.macroEnabled.12",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
_OPENED = {"html": ("--infilter=HTML (StarWriter)",)}  # else as a web page, of which a print may lose the beginning
_CONVERT_SECONDS = 120.0
_ANTIWORD_SECONDS = 30.0
_FEW_CELLS = 8  # of a table that may as well be set as paragraphs
_LOST = 0.97  # share of the other reading's words below which a reading has lost some


def read_old(kind: Old, data: bytes) -> Reading:
    """Return the pieces of a file that only LibreOffice (and antiword) opens. Raises MissingProgramError, ReadError."""
    if kind in ("xls", "ods"):
        reading = read_xlsx(converted(kind, data, "xlsx"))
    elif kind == "doc":
        reading = _better(data)
    else:
        reading = read_docx(converted(kind, data, "docx"))
    return replace(reading, media_type=_MEDIA_TYPES[kind])


def converted(kind: str, data: bytes, target: str) -> bytes:
    """Return a file as LibreOffice converts it, in a profile of its own so that no open window is in the way."""
    with tempfile.TemporaryDirectory(prefix="chidao-") as folder:
        source = Path(folder, f"source.{kind}")
        source.write_bytes(data)
        profile = Path(folder, "profile").as_uri()
        arguments = ["--headless", "--norestore", *_OPENED.get(kind, ())]
        arguments += ["--convert-to", target, "--outdir", folder, str(source)]
        programs.run(programs.LIBREOFFICE, [f"-env:UserInstallation={profile}", *arguments], _CONVERT_SECONDS)
        result = Path(folder, f"source.{target}")
        if not result.exists():
            raise ReadError("read-broken")
        return result.read_bytes()


def _better(data: bytes) -> Reading:
    """Return the reading of a .doc that keeps more: its tables first, then its words; LibreOffice's where both do."""
    readings = [reading for reading in (_by_libreoffice(data), _by_antiword(data)) if isinstance(reading, Reading)]
    if not readings:
        if programs.find(programs.LIBREOFFICE) is None:
            raise MissingProgramError(
                "program-missing",
                program=programs.LIBREOFFICE.name,
                package=programs.LIBREOFFICE.package,
                command=programs.LIBREOFFICE.install,
            )
        raise ReadError("read-broken")
    first, *others = readings
    return others[0] if others and _loses(first, others[0]) else first


def _by_libreoffice(data: bytes) -> Reading | None:
    try:
        return read_docx(converted("doc", data, "docx"))
    except ReadError:
        return None


def _by_antiword(data: bytes) -> Reading | None:
    import lxml.etree

    try:
        with tempfile.NamedTemporaryFile(prefix="chidao-", suffix=".doc") as source:
            source.write(data)
            source.flush()
            output = programs.run(programs.ANTIWORD, ["-x", "db", source.name], _ANTIWORD_SECONDS)
        root = lxml.etree.fromstring(output, lxml.etree.XMLParser(recover=True, huge_tree=True))
    except (ReadError, lxml.etree.XMLSyntaxError):
        return None
    return Reading(tuple(joined_tables(_docbook(root))), _MEDIA_TYPES["doc"]) if root is not None else None


def _loses(reading: Reading, other: Reading) -> bool:
    cells, words = _size(reading)
    other_cells, other_words = _size(other)
    return other_cells > max(2 * cells, _FEW_CELLS) or words < _LOST * other_words


def _size(reading: Reading) -> tuple[int, int]:
    """Return how many filled cells and how many words a reading has."""
    cells = sum(bool(cell.text.strip()) for piece in reading.pieces if isinstance(piece, Table) for cell in piece.cells)
    return cells, sum(len(text.split()) for text in texts_of(reading.pieces))


def _docbook(element: _Element) -> Iterator[Piece]:
    """Yield the pieces of antiword's DocBook: paragraphs, titles of chapters, tables."""
    for child in element:
        if child.tag in ("bookinfo", "title") and element.tag == "book":
            continue
        if child.tag in ("para", "title") and child.find(".//informaltable") is None:
            text = _text(child).strip()
            bold = "".join(_text(part) for part in child.iter("emphasis") if part.get("role") == "bold")
            yield Paragraph(text, bold=bool(text.strip()) and len(bold.split()) >= len(text.split()))
        elif child.tag == "informaltable":
            yield from _docbook_table(child)
        else:
            yield from _docbook(child)


def _text(element: _Element) -> str:
    return str(element.xpath("string()"))


def _docbook_table(element: _Element) -> Iterator[Piece]:
    rows = [[_text(entry).strip() for entry in row.iter("entry")] for row in element.iter("row")]
    table = table_of(rows)
    if table.cells and is_layout(table, bordered=None):
        yield from (Paragraph(cell.text) for cell in in_reading_order(table))
    elif table.cells:
        yield table
