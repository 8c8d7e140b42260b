"""A made directive as a PDF in an inbox, and what the flow would have kept of it, with no machine in between."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

from models.records import Deadline, Document, Extraction, Header, Span, Task, Unit
from pipeline import known
from pipeline.extract import outcome_of, without_words
from pipeline.known import Known
from pipeline.readers import read_file
from pipeline.review.desk import Desk, refresh
from tests.readers.pdfs import Page, pdf

PAINT = "1. The Harbour Office shall paint the northern pier by 1 June 2026."
COUNT = "2. The Port Police shall count the boats and report the catch every month."
PRICES = "3. The Fish Market shall publish <b>the prices</b> & the weights soon."
LAMPS = "The Night Watch shall light the lamps on the quay."  # what the machine misses
LINES = (PAINT, COUNT, PRICES, LAMPS)
NUMBER = "12/2026"
PASSWORD = "a long enough password"


def drop(inbox: Path, name: str = "order.pdf") -> Document:
    """Put the directive into the inbox and return it as read."""
    inbox.mkdir(parents=True, exist_ok=True)
    page = Page()
    for number, line in enumerate(LINES):
        page.lines(60, 100 + 60 * number, [line], size=10)
    (inbox / name).write_bytes(pdf([page]))
    return read_file(inbox / name)[0]


def keep(outputs: Path, document: Document, tasks: tuple[Task, ...] | None = None) -> Extraction:
    """Keep what was found in the directive, as the flow does."""
    header = Header("en", "order", NUMBER, date(2026, 5, 4), "Harbour Master", "On the pier", "A. Sailor")
    identity = hashlib.sha256(NUMBER.encode()).hexdigest()[:16]
    extraction = Extraction(document, identity, header, found(document) if tasks is None else tasks)
    known.keep(outputs, document.sha256, [without_words(extraction)])
    known.save(outputs, {document.sha256: Known(document.file_name, known.engine())})
    return extraction


def take_in(desk: Desk, name: str, data: bytes) -> int:
    """Put a file into the desk's inbox, keep what the machine finds in it, and return how many readings were new."""
    assert desk.inbox
    (desk.inbox / name).write_bytes(data)
    sha256 = hashlib.sha256(data).hexdigest()
    known.keep(desk.outputs, sha256, outcome_of(desk.inbox / name).extractions)
    known.save(desk.outputs, {**known.load(desk.outputs), sha256: Known(name, known.engine())})
    return refresh(desk)


def found(document: Document) -> tuple[Task, ...]:
    """Return the tasks of the first three lines: one sure, one recurring, one doubtful."""
    text = document.text

    def span(words: str) -> Span:
        return Span(text.index(words), text.index(words) + len(words))

    def task(line: str, action: str, unit: str, deadline: Deadline, *reasons: str) -> Task:
        made = hashlib.sha256(line.encode()).hexdigest()[:16]
        leads = (Unit(unit, span(unit), rule="en.subject.modal"),)
        rules = ("en.subject.modal", deadline.rule)
        place = (span(line), span(action), action, line[0], 1)
        return Task(made, *place, leads, (), deadline, confidence=0.9, reasons=reasons, rules=rules)

    day = Deadline("date", "by 1 June 2026", span("by 1 June 2026"), "by", None, date(2026, 6, 1), rule="en.limit")
    month = Deadline("recurring", "every month", span("every month"), recurrence="FREQ=MONTHLY", rule="en.every")
    soon = Deadline("ongoing", "soon", span("soon"), rule="en.soon")
    return (
        task(PAINT, "paint the northern pier", "Harbour Office", day),
        task(COUNT, "count the boats and report the catch", "Port Police", month),
        task(PRICES, "publish <b>the prices</b> & the weights", "Fish Market", soon, "deadline-vague"),
    )
