"""Documents made of lines, for tests of the extractors: a line is a paragraph, a list of lists is a table."""

from __future__ import annotations

from collections.abc import Sequence

from models.records import Block, Cell, Document

Table = Sequence[Sequence[str | None]]


def document(*parts: str | Table, bold: Sequence[int] = (), file_name: str = "test.txt") -> Document:
    """Return a document of paragraphs and tables; in a table None is covered by the cell to its left."""
    pieces: list[str] = []
    blocks: list[Block] = []
    length = 0
    for index, part in enumerate(parts):
        if isinstance(part, str):
            blocks.append(Block("paragraph", length, length + len(part), bold=index in bold))
            pieces.append(part)
            length += len(part) + 1
            continue
        start, cells = length, []
        for row, words in enumerate(part):
            for column, word in enumerate(words):
                if word is None:
                    continue
                width = 1
                while column + width < len(words) and words[column + width] is None:
                    width += 1
                cells.append(Cell(length, length + len(word), row, column, column_span=width))
                pieces.append(word)
                length += len(word) + 1
        blocks.append(Block("table", start, length - 1, cells=tuple(cells)))
    return Document(file_name, "0" * 64, "text/plain", "\n".join(pieces), tuple(blocks))
