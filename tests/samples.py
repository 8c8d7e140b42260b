"""Small made documents and extractions for the tests of the pipeline."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from typing import Any

from models.records import Block, Box, Deadline, Document, Extraction, Header, Page, Span, Task, Unit, Word

PAINT = "The Harbour Office shall paint the pier by 1 June 2026, with the Fire Brigade."
TEXT = f"{PAINT}\nThe Port Police shall count the boats."


def document(text: str = TEXT, file_name: str = "harbour.txt") -> Document:
    """A document of one paragraph a line, with the place of its first word."""
    blocks, start = [], 0
    for line in text.split("\n"):
        blocks.append(Block("paragraph", start, start + len(line)))
        start += len(line) + 1
    word = Word(0, len(text.split()[0]), Box(1, 50.0, 50.0, 70.0, 62.0))
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return Document(file_name, sha256, "text/plain", text, tuple(blocks), (Page(1, 595.0, 842.0),), (word,))


def found(text: str, words: str) -> Span:
    return Span(text.index(words), text.index(words) + len(words))


def task(text: str = TEXT, number: int = 0, **changes: Any) -> Task:
    """The task of one line: the harbour's with everything known, the others with nothing but their words."""
    line = text.split("\n")[number]
    span = found(text, line)
    made = Task(hashlib.sha256(line.encode()).hexdigest()[:16], span, span, line, str(number + 1), 1)
    if "Harbour Office" in line:
        deadline = Deadline("date", "by 1 June 2026", found(text, "by 1 June 2026"), "by", None, date(2026, 6, 1))
        made = replace(
            made,
            leads=(Unit("Harbour Office", found(text, "Harbour Office"), rule="en.subject.modal"),),
            coordinators=(Unit("Fire Brigade", found(text, "Fire Brigade")),),
            deadline=replace(deadline, rule="en.limit"),
            confidence=0.9,
            references=("7/QĐ-UBND", "8"),
            reasons=("deadline-year-inferred",),
            rules=("en.subject.modal", "en.limit"),
        )
    return replace(made, **changes)


def extraction(text: str = TEXT, file_name: str = "harbour.txt", **changes: Any) -> Extraction:
    """The extraction of a document, one task a line, in reverse order."""
    tasks = tuple(task(text, number) for number in reversed(range(text.count("\n") + 1)))
    header = Header("en", "order", "12/2026", date(2026, 5, 4), "Harbour Master", "On the pier", "A. Sailor")
    made = Extraction(document(text, file_name), hashlib.sha256(text.encode()).hexdigest()[:16], header, tasks)
    return replace(made, **changes)


def fake_extract(made: Document, units: object = None) -> Extraction:
    """Stand in for extractors.linking.extract: one task a line; the words of a line say what goes wrong."""
    if "DEFECT" in made.text:
        raise ZeroDivisionError("made to fail")
    return replace(extraction(made.text, made.file_name), document=made)
