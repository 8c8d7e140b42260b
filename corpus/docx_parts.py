"""The parts of a Word file that python-docx doesn't write: footnotes and automatic numbering."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from docx.document import Document as DocxDocument
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from corpus.elements import Auto
from corpus.sourcefile import Numbering

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
SUPERSCRIPT = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
FORMATS: dict[Numbering, tuple[str, str]] = {
    "I.": ("upperRoman", "%1."),
    "1.": ("decimal", "%1."),
    "a)": ("lowerLetter", "%1)"),
    "-": ("bullet", "-"),
}
FIRST_ID = 900  # far from the ids in python-docx's template


class NumberedLists:
    """Word's own numbering: one abstract definition a style, one list a series."""

    def __init__(self, document: DocxDocument) -> None:
        self.numbering: Any = document.part.numbering_part.element
        self.abstract: dict[Numbering, int] = {}
        self.lists: dict[int, int] = {}

    def number(self, paragraph: Paragraph, auto: Auto) -> None:
        """Makes a paragraph an item of the list its label belongs to."""
        if auto.series not in self.lists:
            self.lists[auto.series] = self._new_list(auto.style)
        layout: Any = paragraph._p.get_or_add_pPr()
        properties = layout.get_or_add_numPr()
        properties.get_or_add_ilvl().val = 0
        properties.get_or_add_numId().val = self.lists[auto.series]

    def _new_list(self, style: Numbering) -> int:
        if style not in self.abstract:
            self.abstract[style] = FIRST_ID + len(self.abstract)
            first = self.numbering.find(qn("w:num"))
            definition = parse_xml(_abstract(self.abstract[style], *FORMATS[style]))
            first.addprevious(definition) if first is not None else self.numbering.append(definition)
        number = FIRST_ID + len(self.lists)
        self.numbering.append(parse_xml(_instance(number, self.abstract[style])))
        return number


def _abstract(number: int, kind: str, text: str) -> str:
    level = (
        f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:suff w:val="space"/>'
        f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="0" w:firstLine="{Cm(1.0).twips}"/></w:pPr></w:lvl>'
    )
    return f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">{level}</w:abstractNum>'


def _instance(number: int, abstract: int) -> str:
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    return f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{abstract}"/>{restart}</w:num>'


class Notes:
    """Real footnotes: marks in the text, their words in a part of their own."""

    def __init__(self, document: DocxDocument) -> None:
        self.document = document
        self.texts: list[str] = []

    def mark(self, run: Run, text: str) -> None:
        """Puts the mark of a new footnote into a run."""
        self.texts.append(text)
        run.font.superscript = True
        reference = OxmlElement("w:footnoteReference")
        reference.set(qn("w:id"), str(len(self.texts)))
        run._r.append(reference)

    def close(self) -> None:
        """Adds the part with the words, if there are any."""
        if not self.texts:
            return
        notes = "".join(_note(number, text) for number, text in enumerate(self.texts, 1))
        xml = f"<w:footnotes {nsdecls('w')}>{_separator(-1, 'separator')}"
        xml += f"{_separator(0, 'continuationSeparator')}{notes}</w:footnotes>"
        data = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{xml}'.encode()
        package = self.document.part.package
        part = Part(PackURI("/word/footnotes.xml"), NOTES_TYPE, data, package)
        self.document.part.relate_to(part, f"{OFFICE}/footnotes")


def _separator(number: int, kind: str) -> str:
    return f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>'


def _note(number: int, text: str) -> str:
    mark = f"<w:r>{SUPERSCRIPT}<w:footnoteRef/></w:r>"
    words = f'<w:r><w:rPr><w:sz w:val="20"/></w:rPr><w:t xml:space="preserve"> {escape(text)}</w:t></w:r>'
    return f'<w:footnote w:id="{number}"><w:p>{mark}{words}</w:p></w:footnote>'
