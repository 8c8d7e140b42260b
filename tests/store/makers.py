"""Made directives for the tests of the store: one task a line, with ids made as the extractors make them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from models.records import Block, Deadline, Document, Extraction, Header, Page, Span, Task, Unit
from models.store import DocumentRow, Recorded, Store, TaskRow, document_rows, find_task, record_extraction
from pipeline.register import rows


@dataclass(frozen=True, slots=True)
class Line:
    """A task of a made directive: its words, and what the machine reads in them."""

    words: str
    lead: str = "Harbour Office"
    due: str = ""
    section: str = ""
    reasons: tuple[str, ...] = ()


PAINT = Line("paint the northern pier and the two sheds beside it", "Harbour Office", "2026-06-01")
COUNT = Line("count the fishing boats every morning", "Port Police", reasons=("deadline-vague",))
REPORT = Line("report the number of landed tonnes to the ministry", "Fish Market", "2026-07-15")
LINES = (PAINT, COUNT, REPORT)


def directive(
    lines: Sequence[Line] = LINES,
    *,
    number: str = "12/2026",
    file_name: str = "order.pdf",
    method: str = "native",
    title: str = "On the pier",
    language: str = "en",
    day: date | None = date(2026, 5, 4),
    missed: Sequence[Line] = (),
) -> Extraction:
    """Return what the machine finds in a directive of these lines, but for those it misses."""
    text = "\n".join(line.words for line in lines)
    page = Page(1, 595.0, 842.0, method)  # type: ignore[arg-type]
    sha256 = _digest(file_name, text, method, length=64)
    block = Block("paragraph", 0, len(text))
    document = Document(file_name, sha256, "application/pdf", text, (block,), (page,))
    header = Header(language, "order", number, day, "Harbour Master", title, "A. Sailor")  # type: ignore[arg-type]
    identity = _digest(number, str(day), title if not number else "", length=16)
    return Extraction(document, identity, header, _tasks(lines, identity, missed))


def _tasks(lines: Sequence[Line], identity: str, missed: Sequence[Line]) -> tuple[Task, ...]:
    tasks, start, seen = [], 0, Counter[str]()
    for number, line in enumerate(lines, 1):
        seen[line.words] += 1
        span = Span(start, start + len(line.words))
        due = date.fromisoformat(line.due) if line.due else None
        deadline = Deadline("date", f"by {line.due}", span, "by", None, due, rule="en.limit") if due else None
        task_id = _digest(identity, line.words.casefold(), str(seen[line.words]), length=16)
        lead = (Unit(line.lead, span, rule="en.lead"),) if line.lead else ()
        section = line.section or str(number)
        made = Task(task_id, span, span, line.words, section, 1, lead, (), deadline, confidence=0.9)
        if line not in missed:
            tasks.append(replace(made, reasons=line.reasons, rules=("en.lead",)))
        start = span.end + 1
    return tuple(tasks)


def _digest(*parts: str, length: int) -> str:
    return hashlib.sha256("\x1f".join(parts).encode(errors="replace")).hexdigest()[:length]


def record(store: Store, extraction: Extraction, software: str = "1") -> Recorded:
    """Record an extraction with the rows that the register makes of it."""
    return record_extraction(store, extraction, list(rows(extraction)), software=software)


def rows_by_words(store: Store, document_id: str) -> dict[str, TaskRow]:
    """Return the shown rows by their task cell."""
    return {row.values["task"]: row for row in document_rows(store, document_id)[1]}


def the_document(store: Store, document_id: str) -> DocumentRow:
    return document_rows(store, document_id)[0]


def row(store: Store, task_id: str) -> TaskRow:
    return find_task(store, task_id)[1]


def id_of(store: Store, document_id: str, words: str) -> str:
    return rows_by_words(store, document_id)[words].task_id


def words_of(store: Store, document_id: str) -> list[str]:
    return [found.values["task"] for found in document_rows(store, document_id)[1]]
