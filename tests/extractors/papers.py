"""Papers of invented offices as documents, and their headers."""

from __future__ import annotations

from extractors.header import read_header
from models.records import Block, Document, Header


def paper(text: str, **values: object) -> Document:
    """Return a document with a paragraph for every line of a text."""
    blocks, start = [], 0
    text = text.strip()
    for line in text.split("\n"):
        if line.strip():
            blocks.append(Block("paragraph", start, start + len(line)))
        start += len(line) + 1
    return Document("paper.txt", "0" * 64, "text/plain", text, tuple(blocks), **values)  # type: ignore[arg-type]


def header(text: str, **values: object) -> Header:
    return read_header(paper(text, **values))
