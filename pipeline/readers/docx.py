"""Word documents: paragraphs and tables in the order of the body, numbers as Word shows them, changes accepted."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from models.errors import ReadError
from pipeline.readers.builder import Reading
from pipeline.readers.characters import clean, soften
from pipeline.readers.pieces import Paragraph, Piece, Table, TableCell, in_reading_order, is_layout, joined_tables
from pipeline.readers.wordruns import NAMESPACE as W
from pipeline.readers.wordruns import run_text, text_boxes, value
from pipeline.readers.wordstyles import Styles, styles_of

if TYPE_CHECKING:
    from lxml.etree import _Element

_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_WRAPPERS = frozenset(f"{W}{name}" for name in ("sdt", "sdtContent", "smartTag", "customXml", "ins", "moveTo"))
_NOTES = ("footnotes", "endnotes")
_LONGEST_HEADING = 250


@dataclass(slots=True)
class _State:
    """Where the reading stands: the page, the numbers of lists, a paragraph whose end was deleted."""

    styles: Styles
    page: int = 1
    unfinished: str = ""
    counters: dict[str, list[int]] = field(default_factory=dict)


def read_docx(data: bytes) -> Reading:
    """Return the pieces of a .docx file; footnotes and endnotes come last. Raises ReadError if it is none."""
    import docx

    try:
        document = docx.Document(io.BytesIO(data))
    except (KeyError, ValueError) as error:
        raise ReadError("read-unknown-format") from error
    state = _State(styles_of(document))
    pieces = list(joined_tables(_blocks(document.element.body, state)))
    notes = [note for kind in _NOTES for note in _notes(document.part, kind, state)]
    properties = document.core_properties
    metadata = [("title", properties.title or ""), ("author", properties.author or "")]
    return Reading((*pieces, *notes), _MEDIA_TYPE, tuple(pair for pair in metadata if clean(pair[1])))


def _blocks(parent: _Element, state: _State) -> Iterator[Piece]:
    for element in parent:
        if element.tag == f"{W}p":
            yield from _paragraph(element, state)
        elif element.tag == f"{W}tbl":
            yield from _table(element, state)
        elif element.tag in _WRAPPERS and not _is_contents(element):
            yield from _blocks(element, state)


def _is_contents(element: _Element) -> bool:
    """Tell whether a content control is a table of contents, whose lines all stand in the document once more."""
    gallery = element.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and "contents" in (value(gallery) or "").lower()


def _paragraph(element: _Element, state: _State) -> Iterator[Piece]:
    style = state.styles.paragraph(element)
    if style.contents or style.hidden:
        return
    page = state.page
    text, breaks, breaks_first = run_text(element, state.styles)
    state.page += breaks
    if breaks_first:
        page += 1
    boxes = [piece for box in text_boxes(element) for piece in _blocks(box, state)]
    if _end_is_deleted(element):
        state.unfinished += text
        yield from boxes
        return
    text, state.unfinished = state.unfinished + text, ""
    number = state.styles.number(element, state.counters) if text.strip() or style.numbered_alone else ""
    level = style.level if len(text) <= _LONGEST_HEADING else 0
    if text.strip() or number:
        joined = f"{number} {text.lstrip()}" if number else text
        yield Paragraph(joined, "paragraph", page, level, style.bold, style.centered, style.indent)
    yield from boxes
    if style.next_page:
        state.page += 1


def _end_is_deleted(element: _Element) -> bool:
    return element.find(f"{W}pPr/{W}rPr/{W}del") is not None


def _notes(part, kind: str, state: _State) -> Iterator[Paragraph]:  # type: ignore[no-untyped-def]
    from docx.oxml import parse_xml

    for relation in part.rels.values():
        if relation.is_external or not relation.reltype.endswith("/" + kind):
            continue
        for note in parse_xml(relation.target_part.blob):
            if note.get(f"{W}type") in (None, "normal"):
                texts = [piece.text for piece in _blocks(note, state) if isinstance(piece, Paragraph)]
                yield Paragraph(" ".join(" ".join(texts).split()), "footnote", state.page)


def _table(element: _Element, state: _State) -> Iterator[Piece]:
    page = state.page
    contents: dict[tuple[int, int], list[Piece]] = {}
    cells = tuple(_cells(element, state, contents))
    table = Table(cells, page)
    if not cells:
        return
    if is_layout(table, state.styles.is_bordered(element)):
        for cell in in_reading_order(table):
            yield from contents[cell.row, cell.column]
    else:
        yield table


def _cells(element: _Element, state: _State, contents: dict[tuple[int, int], list[Piece]]) -> Iterator[TableCell]:
    """Yield the cells of a table, vertically merged ones as one; what they hold is put into `contents`."""
    found: dict[tuple[int, int], TableCell] = {}
    open_cells: dict[int, tuple[int, int]] = {}
    for row, line in enumerate(_rows(element)):
        column = _skipped(line)
        page = last = state.page
        for source in _inner(line, f"{W}tc"):
            width = int(value(source.find(f"{W}tcPr/{W}gridSpan")) or 1)
            merge = source.find(f"{W}tcPr/{W}vMerge")
            state.page = page  # the cells of a row stand side by side: each may run over the same page break
            pieces = list(_blocks(source, state))
            last = max(last, state.page)
            above = open_cells.get(column)
            if merge is not None and value(merge) != "restart" and above is not None:
                cell = found[above]
                text = "\n".join(part for part in (cell.text, _cell_text(pieces)) if part)
                found[above] = replace(cell, text=text, row_span=row - cell.row + 1)
                contents[above] += pieces
            else:
                place = (row, column)
                found[place] = TableCell(_cell_text(pieces), row, column, 1, width, _cell_bold(pieces))
                contents[place] = pieces
                open_cells.pop(column, None)
                if merge is not None:
                    open_cells[column] = place
            column += width
        state.page = last
    yield from (found[place] for place in sorted(found))


def _rows(element: _Element) -> list[_Element]:
    """Return the rows of a table that were not deleted."""
    return [line for line in _inner(element, f"{W}tr") if line.find(f"{W}trPr/{W}del") is None]


def _inner(element: _Element, tag: str) -> Iterator[_Element]:
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _inner(child, tag)


def _skipped(line: _Element) -> int:
    return int(value(line.find(f"{W}trPr/{W}gridBefore")) or 0)


def _cell_text(pieces: list[Piece]) -> str:
    lines: list[str] = []
    for piece in pieces:
        if isinstance(piece, Paragraph):
            lines.append(soften(piece.text))
        else:
            lines += [cell.text for cell in piece.cells]
    return "\n".join(line for line in lines if line.strip())


def _cell_bold(pieces: list[Piece]) -> bool:
    paragraphs = [piece for piece in pieces if isinstance(piece, Paragraph)]
    return bool(paragraphs) and all(paragraph.bold for paragraph in paragraphs)
