"""Elements become a Document: one text, its blocks and cells as spans, and the box of every word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from models.records import Block, BlockKind, Cell, Word
from pipeline.readers.pages.layout import Element
from pipeline.readers.pages.paragraphs import Paragraph
from pipeline.readers.pages.sheets import Line, Sheet, Token, page_box
from pipeline.readers.pages.tables import Table

_SOFT = "\u00ad"
_HYPHENS = "-\u2010"
_EDGES = re.compile(r"^\W+|\W+$")
_POWERS = {"2": "²", "3": "³"}
_UNIT = re.compile(r"(?:^|\d)(?:k|c|d|m|к|с|д|м)?[mм]$")
_NOTE_NUMBER = re.compile(r"^[(\[]?\d{1,3}(?:[,;]\d{1,3})*[)\]]?$|^\*{1,3}$")
_WHOLE_WORD = 7  # letters
_CYRILLIC = re.compile(r"[а-яё]")
_HEADING_LENGTH = 250
_TERMINAL = (".", ";", ",")


@dataclass(slots=True)
class Assembly:
    """A document's text as it grows, with what stands where."""

    sheets: dict[int, Sheet]
    vocabulary: frozenset[str]
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    words: list[Word] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    def write(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)


def assembled(elements: list[Element], sheets: list[Sheet]) -> Assembly:
    """Return the text of the elements with its blocks and words."""
    assembly = Assembly({sheet.number: sheet for sheet in sheets}, _vocabulary(elements))
    body = _body_size(elements)
    for element in elements:
        if assembly.blocks:
            assembly.write("\n")
        if isinstance(element, Table):
            _write_table(assembly, element)
        else:
            _write_paragraph(assembly, element, body)
    return assembly


def _vocabulary(elements: Iterable[Element]) -> frozenset[str]:
    """Return the words that stand whole on a line; they tell whether a hyphen at a line's end belongs to its word."""
    words: set[str] = set()
    for element in elements:
        for paragraph in _paragraphs(element):
            broken = False
            for line in paragraph.lines:
                last = line.tokens[-1].text[-1:]
                ends = last in _HYPHENS or last == _SOFT or (paragraph.in_cell and len(line.tokens) == 1)
                tokens = line.tokens[1 if broken else 0 : -1 if ends else None]
                words.update(_bare(token.text) for token in tokens)
                broken = ends
    return frozenset(words)


def _paragraphs(element: Element) -> list[Paragraph]:
    if isinstance(element, Table):
        return [paragraph for cell in element.cells for paragraph in cell.paragraphs]
    return [element]


def _bare(text: str) -> str:
    return _EDGES.sub("", text).casefold()


def _body_size(elements: Iterable[Element]) -> float:
    weights: dict[float, int] = {}
    for element in elements:
        for paragraph in _paragraphs(element):
            for line in paragraph.lines:
                weights[line.size] = weights.get(line.size, 0) + len(line.text)
    return max(weights, key=lambda size: weights[size], default=0.0)


def _write_paragraph(assembly: Assembly, paragraph: Paragraph, body: float) -> None:
    start = assembly.length
    _write_lines(assembly, paragraph)
    assembly.blocks.append(
        Block(
            _kind(paragraph, body),
            start,
            assembly.length,
            paragraph.page,
            bold=paragraph.bold,
            centered=paragraph.centered,
            indent=round(max(0.0, paragraph.lines[0].x0 - paragraph.column.left), 1),
        )
    )


def _kind(paragraph: Paragraph, body: float) -> BlockKind:
    if paragraph.footnote:
        return "footnote"
    text = paragraph.text
    large = paragraph.lines[0].size > 1.12 * body
    is_heading = (paragraph.bold or large) and len(text) <= _HEADING_LENGTH and not text.endswith(_TERMINAL)
    return "heading" if is_heading else "paragraph"


def _write_table(assembly: Assembly, table: Table) -> None:
    start = assembly.length
    cells: list[Cell] = []
    for cell in table.cells:
        if cells:
            assembly.write("\n")
        begin = assembly.length
        for index, paragraph in enumerate(cell.paragraphs):
            if index:
                assembly.write("\n")
            _write_lines(assembly, paragraph)
        bold = bool(cell.paragraphs) and all(paragraph.bold for paragraph in cell.paragraphs)
        cells.append(Cell(begin, assembly.length, cell.row, cell.column, cell.row_span, cell.column_span, bold))
    assembly.blocks.append(Block("table", start, assembly.length, table.page, cells=tuple(cells)))


def _write_lines(assembly: Assembly, paragraph: Paragraph) -> None:
    """Write the words of a paragraph, its lines joined by blanks, or by nothing where a line breaks a word."""
    glue, dropped = "", False
    for number, line in enumerate(paragraph.lines):
        for index, token in enumerate(line.tokens):
            before = line.tokens[index - 1].text if index else ""
            text = _shown(token, before, paragraph.footnote or not number + index)
            after = " "
            if index == len(line.tokens) - 1 and number + 1 < len(paragraph.lines):
                text, after = _at_line_end(text, line, paragraph.lines[number + 1], paragraph, assembly.vocabulary)
            text = text.replace(_SOFT, "")
            if text:
                joined = index > 0 and (token.glued or text in _POWERS.values()) and not (dropped and text[0].isalnum())
                _write_word(assembly, text, "" if joined else glue, token, line)
                glue = after
            dropped = not text


def _is_torn(line: Line, following: Line, paragraph: Paragraph, vocabulary: frozenset[str]) -> bool:
    """Tell whether a word too wide for its cell is broken without a hyphen: it fills the cell and goes on small."""
    word, rest = line.tokens[0], following.tokens[0].text
    if len(line.tokens) > 1 or not (paragraph.in_cell and word.text.isalpha() and rest[:1].islower()):
        return False
    if _bare(word.text + rest) in vocabulary:
        return True
    character = (word.x1 - word.x0) / len(word.text)
    fits = paragraph.column.right - word.x1 < 1.2 * character and _bare(word.text) not in vocabulary
    return fits and not _are_words(_bare(word.text), _bare(rest))


def _are_words(head: str, tail: str) -> bool:
    """Tell whether two strings are words by themselves and not together, where a dictionary knows the script.

    What a narrower cell leaves of a word is too often a word by chance.
    """
    from extractors.morphology import is_known

    return (
        len(head) >= _WHOLE_WORD
        and bool(_CYRILLIC.match(head))
        and is_known(head)
        and is_known(tail)
        and not is_known(head + tail)
    )


def _write_word(assembly: Assembly, text: str, glue: str, token: Token, line: Line) -> None:
    assembly.write(glue)
    start = assembly.length
    assembly.write(text)
    box = page_box(assembly.sheets[line.page], token)
    assembly.words.append(Word(start, assembly.length, box, round(token.confidence, 3)))


def _shown(token: Token, before: str, opens: bool) -> str:
    """Return the text of a word; a raised number is a power after a unit of length, else a footnote's: left out."""
    text = token.text
    if not token.raised or opens or not _NOTE_NUMBER.match(text):
        return text
    if _UNIT.search(before) and text in _POWERS:
        return _POWERS[text]
    return ""


def _at_line_end(
    text: str, line: Line, following: Line, paragraph: Paragraph, vocabulary: frozenset[str]
) -> tuple[str, str]:
    """Return the last word of a line and what joins it to the next line."""
    if text.endswith(_SOFT):
        return text[:-1], ""
    if len(text) < 2 or text[-1] not in _HYPHENS or not text[-2].isalnum():
        return text, "" if _is_torn(line, following, paragraph, vocabulary) else " "
    head, tail = text[:-1], following.tokens[0].text
    if not (head[-1].isalpha() and tail[:1].islower()):
        return text, ""
    return (text if _is_compound(head, tail, vocabulary) else head), ""


def _is_compound(head: str, tail: str, vocabulary: frozenset[str]) -> bool:
    """Tell whether the hyphen between the ends of two lines belongs to the word, by the document's other words."""
    part, rest = _bare(head.split("-")[-1]), _bare(tail.split("-")[0])
    if part + rest in vocabulary or _bare(head + tail) in vocabulary:
        return False
    return _bare(f"{head}-{tail}") in vocabulary or (rest in vocabulary and min(len(part), len(rest)) >= 4)
