"""Sheets become elements in reading order: paragraphs, tables and footnotes, whole over page breaks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from pipeline.readers.pages.columns import Flow, flows
from pipeline.readers.pages.continued import continued, finished, is_continued
from pipeline.readers.pages.furniture import without_furniture
from pipeline.readers.pages.paragraphs import Column, Paragraph, column_of, goes_on, line_distances, paragraphs_of
from pipeline.readers.pages.sheets import Line, Sheet
from pipeline.readers.pages.tables import Table, tables_of

Element: TypeAlias = Paragraph | Table

_FOOTNOTE_SIZE = 0.94  # of the body's font size
_FOOTNOTE_ZONE = 0.4  # share of the page height above which no footnote begins
_NOTE_MARK = re.compile(r"^[(\[]?(?:\d{1,3}|\*{1,3}|[ivx]{1,4})[)\].]?(?=\s|[^\W\d_]|$)")


@dataclass(slots=True)
class Body:
    """What is usual in a document: the font size of its text, and its line distances by size, in points."""

    size: float
    distances: dict[int, float]


def elements_of(sheets: list[Sheet]) -> list[Element]:
    """Return what stands on the sheets in reading order."""
    tables: dict[int, list[Table]] = {}
    before: Table | None = None
    for sheet in sheets:
        found, sheet.lines = tables_of(sheet, before)
        tables[sheet.number], before = found, found[-1] if found else None
    without_furniture(sheets)
    body = _body(sheets)
    elements: list[Element] = []
    notes: list[Element] = []
    for sheet in sheets:
        page, page_notes = _page_elements(sheet, tables[sheet.number], body)
        _append_page(elements, notes, page)
        notes += page_notes
    elements += notes
    return [finished(element) if isinstance(element, Table) else element for element in elements]


def _body(sheets: list[Sheet]) -> Body:
    lines = [line for sheet in sheets for line in sheet.lines if line.x1 - line.x0 > 0.3 * sheet.width]
    if not lines:
        return Body(0.0, {})
    weights: dict[float, int] = {}
    for line in lines:
        weights[round(line.size, 1)] = weights.get(round(line.size, 1), 0) + len(line.text)
    size = max(weights, key=lambda key: weights[key])
    return Body(size, line_distances(lines))


def _page_elements(sheet: Sheet, tables: list[Table], body: Body) -> tuple[list[Element], list[Element]]:
    """Return the elements of a page and its footnotes."""
    lines, note_lines = _without_notes(sheet, sheet.lines, body)
    edges = _edges(lines)
    distances = {**body.distances, **line_distances(lines)}
    found: list[tuple[float, Element]] = [(table.top, table) for table in tables]
    for above, below in _bands(tables, sheet.height):
        band = [line for line in lines if above <= line.middle < below]
        for flow in flows(band):
            column = _column(flow, edges, distances)
            found += [(above + 1, paragraph) for paragraph in paragraphs_of(flow.lines, sheet.number, column)]
    elements = [element for _, element in sorted(found, key=lambda pair: pair[0])]
    return elements, list(_notes(note_lines, sheet))


def _edges(lines: list[Line]) -> tuple[float, float]:
    """Return the left and right edge that the page's text keeps to; a few lines that stick out don't count."""
    long = [line for line in lines if len(line.text) > 30]
    if not long:
        return 0.0, 0.0
    lefts, rights = sorted(line.x0 for line in long), sorted(line.x1 for line in long)
    return lefts[len(lefts) // 20], rights[-1 - len(rights) // 20]


def _column(flow: Flow, edges: tuple[float, float], distances: dict[int, float]) -> Column:
    """Return the column of a flow: beside another its own, else that of the page's text."""
    if flow.edges:
        column = column_of(flow.lines, distances, flow.edges)
        column.beside = True
        return column
    middle = (edges[0] + edges[1]) / 2
    spans = min(line.x0 for line in flow.lines) < middle < max(line.x1 for line in flow.lines)
    return column_of(flow.lines, distances, edges if spans else None)


def _bands(tables: list[Table], height: float) -> list[tuple[float, float]]:
    """Return the stretches of the page between its tables, from top to bottom."""
    edges = [float("-inf"), *(y for table in tables for y in (table.top, table.bottom)), float("inf")]
    return [(edges[i], edges[i + 1]) for i in range(0, len(edges), 2) if edges[i] <= edges[i + 1]]


def _without_notes(sheet: Sheet, lines: list[Line], body: Body) -> tuple[list[Line], list[Line]]:
    """Part a page's lines from the footnotes at its end, which are set smaller and begin with a mark."""
    start = len(lines)
    while start and lines[start - 1].size < _FOOTNOTE_SIZE * body.size:
        if lines[start - 1].top < _FOOTNOTE_ZONE * sheet.height:
            break
        start -= 1
    while start < len(lines) and not _is_note(lines[start], sheet, lines[start - 1] if start else None):
        start += 1
    return lines[:start], lines[start:]


def _is_note(line: Line, sheet: Sheet, before: Line | None) -> bool:
    """Tell whether a line begins a footnote: by its raised mark, or by the short rule above it."""
    if _is_marked(line):
        return True
    if not _NOTE_MARK.match(line.text):
        return False
    above = before.bottom if before else 0.0
    return any(
        above - 2 < rule.at < line.top + 2 and 20 < rule.end - rule.start < 0.5 * sheet.width
        for rule in sheet.horizontal
    )


def _is_marked(line: Line) -> bool:
    """Tell whether a line begins with a raised or small footnote mark."""
    mark = line.tokens[0]
    return bool(_NOTE_MARK.match(mark.text)) and (mark.raised or mark.size < 0.8 * line.size)


def _notes(lines: list[Line], sheet: Sheet) -> list[Paragraph]:
    result: list[Paragraph] = []
    for flow in flows(lines):
        for line in flow.lines:
            if not result or _is_marked(line):
                column = column_of([line], {})
                result.append(Paragraph([line], sheet.number, column, footnote=True))
            else:
                result[-1].lines.append(line)
    return result


def _append_page(elements: list[Element], notes: list[Element], page: list[Element]) -> None:
    """Add a page's elements; its first one may be the rest of the last one. Footnotes follow what they stood below."""
    if elements and page:
        last, first = elements[-1], page[0]
        if isinstance(last, Table) and isinstance(first, Table) and is_continued(last, first):
            elements[-1] = continued(last, first)
            page = page[1:]
        elif isinstance(last, Paragraph) and isinstance(first, Paragraph) and goes_on(last, first):
            last.lines += first.lines
            last.column = first.column
            page = page[1:]
    if page:
        elements += notes
        notes.clear()
    elements += page
