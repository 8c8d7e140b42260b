"""Pages for files that have none of their own: LibreOffice prints them, and their words are found on the print."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from models.errors import ReadError
from models.records import Block, Cell, Document, Word
from pipeline.readers.doc import converted

_WORD = re.compile(r"\S+")
_EDGES = re.compile(r"^\W+|\W+$")
_MOST_WORDS = 60_000  # beyond which words are not looked for on the print: the time grows with the square
_TEXTS = frozenset({".docx", ".docm", ".doc", ".rtf", ".odt"})


def printed(path: Path, document: Document) -> bytes:
    """Return a file of a word processor as a PDF; of others, sheets too, a print of what was read from it.

    Raises MissingProgramError where LibreOffice is missing, ReadError where it fails.
    """
    suffix = path.suffix.lower()
    if suffix in _TEXTS:
        return converted(suffix[1:], path.read_bytes(), "pdf")
    return converted("html", _page_of(document).encode(), "pdf")


def placed(document: Document, paged: Document) -> Document:
    """Return a document with the pages of another reading of the same paper, and the places that its words have there.

    Words are paired in reading order; one that the print shows otherwise has no place. Raises ReadError for texts too
    long to compare.
    """
    from rapidfuzz.distance import LCSseq

    own = [match.span() for match in _WORD.finditer(document.text)]
    if max(len(own), len(paged.words)) > _MOST_WORDS:
        raise ReadError("read-too-large", file=document.file_name)
    keys = [_key(document.text[start:end]) for start, end in own]
    others = [_key(paged.text[word.start : word.end]) for word in paged.words]
    words: list[Word] = []
    for pair in LCSseq.opcodes(keys, others):
        if pair.tag == "equal":
            places = zip(own[pair.src_start : pair.src_end], paged.words[pair.dest_start : pair.dest_end], strict=True)
            words += [Word(start, end, there.box) for (start, end), there in places]
    return replace(document, pages=paged.pages, words=tuple(words), _starts=())


def _key(word: str) -> str:
    return _EDGES.sub("", word).casefold() or word


def _page_of(document: Document) -> str:
    """Return a document as a plain web page."""
    body = "".join(_table(document, block) if block.cells else _paragraph(document, block) for block in document.blocks)
    return f'<html><head><meta charset="utf-8"></head><body>{body}</body></html>'


def _paragraph(document: Document, block: Block) -> str:
    side = ' align="center"' if block.centered else ""
    text = html.escape(block.span.of(document.text))
    return f"<p{side}>{f'<b>{text}</b>' if block.bold else text}</p>"


def _table(document: Document, block: Block) -> str:
    rows = (_row(document, cells) for _, cells in groupby(block.cells, key=lambda cell: cell.row))
    return f'<table border="1" cellspacing="0">{"".join(rows)}</table>'


def _row(document: Document, cells: Iterable[Cell]) -> str:
    made = (
        f'<td rowspan="{cell.row_span}" colspan="{cell.column_span}">'
        + html.escape(cell.span.of(document.text)).replace("\n", "<br>")
        + "</td>"
        for cell in cells
    )
    return f"<tr>{''.join(made)}</tr>"
