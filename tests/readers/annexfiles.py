"""The made annex as the files that offices send: Word, Excel, web page, PDF, old Word, scan."""

from __future__ import annotations

import io
import random
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.readers.annexes import WIDTHS, Annex, Place, lines_of, places

if TYPE_CHECKING:
    from PIL.Image import Image

OFFICE_SECONDS = 300
FONT = "DejaVu Serif"  # has the letters of the three languages
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def word(table: Annex) -> bytes:
    """Return the annex as a .docx in a landscape section, its heading repeated by Word."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm, Pt

    document = docx.Document()
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(12)
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(2)
    lines = lines_of(table)
    made = document.add_table(len(lines), len(WIDTHS))
    made.style, made.autofit = "Table Grid", False
    for column, width in zip(made.columns, WIDTHS, strict=True):
        column.width = Cm(width)
    cells = [list(row._tr.tc_lst) for row in made.rows]
    for place in places(table):
        _fill(cells, place)
    for row in list(made.rows)[: len(table.heading)]:
        row._tr.get_or_add_trPr().append(row._tr.makeelement(f"{_W}tblHeader", {}))
    document.add_paragraph()  # as Word ends every document; LibreOffice loses a table that ends a .doc
    return _saved(document)


def _fill(cells: list[list[Any]], place: Place) -> None:
    """Write a cell, and join to it those that it covers."""
    from docx.shared import Cm

    for row in range(place.row, place.row + place.down):
        cell, *covered = cells[row][place.column : place.column + place.across]
        cell.width = Cm(sum(WIDTHS[place.column : place.column + place.across]))
        properties = cell.get_or_add_tcPr()
        if covered:
            properties.get_or_add_gridSpan().val = place.across
        if place.down > 1:
            properties.get_or_add_vMerge().val = "restart" if row == place.row else "continue"
        for other in covered:
            other.getparent().remove(other)
    first, *others = place.text.split("\n")
    cell = cells[place.row][place.column]
    cell.p_lst[0].add_r().text = first
    for paragraph in others:
        cell.add_p().add_r().text = paragraph


def _saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def sheet(table: Annex) -> bytes:
    """Return the annex as a workbook."""
    import openpyxl
    from openpyxl.styles import Border, Side

    book = openpyxl.Workbook()
    page = book.worksheets[0]
    line = Side(style="thin")
    for row, column, down, across, text in places(table):
        cell = page.cell(row + 1, column + 1, int(text) if text.isdigit() else text)
        cell.border = Border(line, line, line, line)
        if down * across > 1:
            page.merge_cells(None, row + 1, column + 1, row + down, column + across)
    return _saved(book)


def web(table: Annex) -> bytes:
    """Return the annex as a web page."""
    rows: dict[int, list[str]] = {}
    for row, _, down, across, text in places(table):
        inner = "".join(f"<p>{escape(part)}</p>" for part in text.split("\n"))
        rows.setdefault(row, []).append(f'<td rowspan="{down}" colspan="{across}">{inner}</td>')
    lines = "".join(f"<tr>{''.join(cells)}</tr>" for cells in rows.values())
    return f"<html><meta charset='utf-8'><body><table border='1'>{lines}</table></body></html>".encode()


def converted(data: bytes, target: str) -> bytes:
    """Return a Word file as LibreOffice converts it ("pdf", "doc"). Raises OSError where it is missing."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "annex.docx")
        source.write_bytes(data)
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        command = ["soffice", profile, "--headless", "--convert-to", target, "--outdir", folder, str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=OFFICE_SECONDS)
        return Path(folder, f"annex.{target}").read_bytes()


def scans(pdf: bytes, pages: Iterable[int], dpi: int = 300, seed: int = 1) -> Iterator[Image]:
    """Yield pages (from 0) of a PDF as a scanner would: a little askew, with grain."""
    import pypdfium2
    from PIL import Image as images

    chance = random.Random(seed)
    document = pypdfium2.PdfDocument(pdf)
    for number in pages:
        image = document[number].render(scale=dpi / 72).to_pil().convert("L")
        askew = image.rotate(chance.uniform(-0.8, 0.8), fillcolor=255, resample=images.Resampling.BILINEAR)
        yield images.blend(askew, images.effect_noise(askew.size, 50).convert("L"), 0.12)


def scanned(pdf: bytes, pages: Iterable[int]) -> bytes:
    """Return pages of a PDF as a PDF of page images."""
    first, *others = scans(pdf, pages)
    stream = io.BytesIO()
    first.save(stream, "PDF", resolution=300, save_all=True, append_images=others)
    return stream.getvalue()
