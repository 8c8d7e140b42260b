"""Word files from laid-out directives, the same bytes for the same source."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from corpus.docx_parts import Notes, NumberedLists
from corpus.elements import Align, Break, Element, Frame, Grid, Para
from corpus.sourcefile import NOTE_MARK, Cell, Source, Table

TIMES = "Times New Roman"
EPOCH = (2020, 1, 1, 0, 0, 0)
ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}


class Writer:
    """A Word document in the making: python-docx's document with the footnotes and lists it doesn't offer."""

    def __init__(self, source: Source, font: str, scale: float) -> None:
        self.document: DocxDocument = Document()
        self.font, self.scale = font, scale
        self.lists = NumberedLists(self.document)
        self.notes = Notes(self.document)
        self.word_headings = source.word_headings
        _page_setup(self.document, source)
        _base_font(self.document, font, scale)

    def write(self, elements: Iterable[Element]) -> None:
        for element in elements:
            match element:
                case Para():
                    self.fill(self.document.add_paragraph(), element)
                case Frame():
                    self.frame(element)
                case Grid(table):
                    _grid(self, table)
                case Break("page"):
                    self.document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
                case Break(kind):
                    _turn(self.document, landscape=kind == "landscape")

    def fill(self, paragraph: Paragraph, para: Para, width: float = 16.5) -> None:
        """Gives an empty paragraph its text and looks; `width` is the column's, in centimetres."""
        if para.level and self.word_headings:
            paragraph.style = f"Heading {min(para.level, 3)}"
        paragraph.alignment = ALIGN[para.align]
        if para.indent:
            paragraph.paragraph_format.first_line_indent = Cm(1.0)
        if para.auto:
            self.lists.number(paragraph, para.auto)
        paragraph.paragraph_format.keep_with_next = para.level > 0 or None
        if para.before:
            paragraph.paragraph_format.space_before = Pt(para.before)
        if para.rule:
            _short_rule(paragraph, width)
        before, mark, after = para.text.partition(NOTE_MARK)
        self.run(paragraph, before, para)
        if para.note is not None:
            self.notes.mark(paragraph.add_run(), para.note)
        if mark:
            self.run(paragraph, after, para)

    def run(self, paragraph: Paragraph, text: str, para: Para) -> Run:
        run = paragraph.add_run(text)
        run.bold, run.italic, run.font.size = para.bold, para.italic, Pt(para.size * self.scale)
        _set_font(run._r, self.font)
        return run

    def frame(self, frame: Frame) -> None:
        table = self.document.add_table(rows=1, cols=2)
        table.autofit = False
        for column, width in zip(table.columns, frame.widths, strict=True):
            column.width = Cm(width)
        for cell, paras, width in zip(table.rows[0].cells, (frame.left, frame.right), frame.widths, strict=True):
            cell.width = Cm(width)
            for index, para in enumerate(paras):
                paragraph = cell.paragraphs[0] if not index else cell.add_paragraph()
                self.fill(paragraph, para, width)
                paragraph.paragraph_format.space_after = Pt(0)


def write_docx(source: Source, elements: Iterable[Element], font: str = TIMES, scale: float = 1.0) -> bytes:
    """The bytes of the Word file; `scale` evens out fonts that are drawn larger than Times."""
    writer = Writer(source, font, scale)
    writer.write(elements)
    writer.notes.close()
    buffer = io.BytesIO()
    writer.document.save(buffer)
    return _without_clock(buffer.getvalue())


def _base_font(document: DocxDocument, font: str, scale: float) -> None:
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = font, Pt(13 * scale)
    normal.paragraph_format.space_after = Pt(5)
    _set_font(normal.element, font)


def _page_setup(document: DocxDocument, source: Source) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin, section.right_margin = Cm(2.7), Cm(1.8)
    section.top_margin, section.bottom_margin = Cm(2.0), Cm(2.0)
    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _field(paragraph, "PAGE")
    properties = document.core_properties
    properties.title, properties.author, properties.comments = source.title, source.issuer, ""
    properties.created = properties.modified = datetime(*EPOCH)


def _set_font(element: Any, font: str) -> None:
    properties = element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), font)


def _field(paragraph: Paragraph, name: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    paragraph._p.append(field)


def _short_rule(paragraph: Paragraph, width: float) -> None:
    """Draws the short line that stands under an issuer or a motto."""
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for key, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "auto")):
        bottom.set(qn(f"w:{key}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().append(borders)
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = Cm(width * 0.36)
    layout.line_spacing, layout.space_after = Pt(4), Pt(4)


def _turn(document: DocxDocument, landscape: bool) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    long, short = Cm(29.7), Cm(21.0)
    section.page_width, section.page_height = (long, short) if landscape else (short, long)
    section.different_first_page_header_footer = False


def _grid(writer: Writer, table: Table) -> None:
    header = table.header()
    grid = writer.document.add_table(rows=len(header) + len(table.rows), cols=len(table.widths))
    grid.style, grid.autofit = "Table Grid", False
    rows: list[list[str | Cell | None]] = [*header, *([] if row.group else list(row.cells) for row in table.rows)]
    for index, cells in enumerate(rows):
        row = grid.rows[index]
        _row_flag(row._tr, "w:cantSplit")
        if index < len(header):
            _row_flag(row._tr, "w:tblHeader")
        group = None if index < len(header) else table.rows[index - len(header)].group
        if group:
            cells = _group_cells(group, len(table.widths))
        for column, cell in enumerate(cells):
            if cell is not None:
                bold = index < len(header) or group is not None
                _cell(writer, grid, (index, column), cell, bold, centred=index < len(header))
    # Word obeys the cells' widths, LibreOffice those of the grid's columns.
    for grid_column, width in zip(grid.columns, table.widths, strict=True):
        grid_column.width = Cm(width)
    for row in grid.rows:
        for cell, width in zip(row.cells, table.widths, strict=True):
            if cell.width is None or cell.grid_span == 1:
                cell.width = Cm(width)


def _group_cells(group: str | list[str], width: int) -> list[str | Cell | None]:
    labels = [] if isinstance(group, str) else group[:-1]
    text = group if isinstance(group, str) else group[-1]
    return [*labels, Cell(text=text, cols=width - len(labels))]


def _cell(writer: Writer, grid: Any, at: tuple[int, int], cell: str | Cell, bold: bool, centred: bool) -> None:
    spec = cell if isinstance(cell, Cell) else Cell(text=cell)
    row, column = at
    target = grid.cell(row, column)
    if spec.rows > 1 or spec.cols > 1:
        target = target.merge(grid.cell(row + spec.rows - 1, column + spec.cols - 1))
    narrow = len(spec.text) < 8
    for index, line in enumerate(spec.text.split("\n")):
        paragraph = target.paragraphs[0] if not index else target.add_paragraph()
        align: Align = "center" if centred or narrow else "left"
        writer.fill(paragraph, Para(line, align, bold=bold, size=11.5))
        paragraph.paragraph_format.space_after = Pt(2)


def _row_flag(row: Any, name: str) -> None:
    row.get_or_add_trPr().append(OxmlElement(name))


def _without_clock(data: bytes) -> bytes:
    """The same archive with one fixed time on all its entries."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            info = zipfile.ZipInfo(entry.filename, EPOCH)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            new.writestr(info, old.read(entry.filename))
    return result.getvalue()
