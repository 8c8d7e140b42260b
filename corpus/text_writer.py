"""Plain text and Markdown from laid-out directives."""

from __future__ import annotations

from collections.abc import Iterable

from corpus.elements import Break, Element, Frame, Grid, Para
from corpus.sourcefile import NOTE_MARK, Cell, Row, Table

RULE = "---------------"


def as_text(elements: Iterable[Element]) -> str:
    """One line a paragraph, table cells parted by tabs, footnotes at the end."""
    lines: list[str] = []
    notes: list[str] = []
    for element in elements:
        match element:
            case Para():
                lines.append(_line(element, notes))
            case Frame(left, right):
                lines += [_line(para, notes) for para in (*left, *right)]
            case Grid(table):
                lines += ["\t".join(row) for row in _flat_rows(table)]
            case Break():
                lines.append("")
    lines += ["", *(f"[{number}] {note}" for number, note in enumerate(notes, 1))] if notes else []
    return "\n".join(line for line in lines if line.strip() or line == "") + "\n"


def as_markdown(elements: Iterable[Element]) -> str:
    """Headings by their level, tables with pipes, bold lines of the head."""
    blocks: list[str] = []
    notes: list[str] = []
    for element in elements:
        match element:
            case Para():
                blocks.append(_markdown_line(element, notes))
            case Frame(left, right):
                blocks += [_markdown_line(para, notes) for para in (*left, *right)]
            case Grid(table):
                blocks.append(_markdown_table(table))
            case Break():
                continue
    blocks += [f"[^{number}]: {note}" for number, note in enumerate(notes, 1)]
    return "\n\n".join(block for block in blocks if block.strip()) + "\n"


def labelled(para: Para) -> str:
    """A paragraph's text with the label that Word would have counted."""
    return f"{para.auto.label} {para.text}" if para.auto else para.text


def marked(para: Para, mark: str) -> str:
    """The text with a footnote mark in its place, or at the end."""
    text = labelled(para)
    return text.replace(NOTE_MARK, mark) if NOTE_MARK in text else text + mark


def _line(para: Para, notes: list[str]) -> str:
    if para.rule:
        return RULE
    if para.note is None:
        return labelled(para)
    notes.append(para.note)
    return marked(para, f"[{len(notes)}]")


def _markdown_line(para: Para, notes: list[str]) -> str:
    if para.rule:
        return ""
    text = labelled(para)
    if para.note is not None:
        notes.append(para.note)
        text = marked(para, f"[^{len(notes)}]")
    if para.level:
        return f"{'#' * (para.level + 1)} {text}"
    if para.bold and text:
        return f"# {text}" if para.size > 13 else f"**{text}**"
    return text


def _flat(cell: str | Cell | None) -> str:
    text = cell.text if isinstance(cell, Cell) else cell or ""
    return " ".join(text.split())


def _row_texts(row: Row) -> list[str]:
    if row.group is not None:
        return [row.group] if isinstance(row.group, str) else row.group
    return [_flat(cell) for cell in row.cells]


def _flat_rows(table: Table) -> list[list[str]]:
    return [[_flat(cell) for cell in row] for row in table.header()] + [_row_texts(row) for row in table.rows]


def _markdown_table(table: Table) -> str:
    width = len(table.widths)
    rows = [row + [""] * (width - len(row)) for row in _flat_rows(table)]
    rows.insert(1, ["---"] * width)
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows)
