"""Recording an extraction: which document it is, which of its tasks are known, and what the machine now says."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, func, insert, select

from models.alignment import Place, align
from models.columns import COLUMN_NAMES
from models.records import Document, Extraction, Task
from models.store.cells import DOCUMENT_COLUMNS, cleaned
from models.store.current import refresh
from models.store.database import Store, gather_statistics, lock_document, writing
from models.store.identity import find_document, may_lead, text_number
from models.store.moments import now
from models.store.rows import dumped
from models.store.state import DocumentState, KnownTask, load_state
from models.tables import document_aliases, documents, findings, readings, recording_lock, runs, tasks

# What stands with the document, the file or the review, not with the machine's finding of a task.
_NOT_OF_THE_TASK = (
    {*DOCUMENT_COLUMNS, "document_id", "task_id", "source_file", "source_sha256"}
    | {column for column in COLUMN_NAMES if column.startswith("reviewed_")}
    | {"review_status"}
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of an extraction: the document's id in the store, the run (also where nothing was new), whether it
    leads, and the id in the store of each task by the id the extractors gave it."""

    document_id: str
    run_id: int
    is_new: bool
    leads: bool
    task_ids: Mapping[str, str]


def record_extraction(
    store: Store, extraction: Extraction, rows: Iterable[Mapping[str, str]], *, software: str = ""
) -> Recorded:
    """Record what was found in a file. The same again changes nothing; what people said stays.

    `rows` are the extraction's register rows, one a task. `software` names the code that made it. The run leads, that
    is, the register shows its values, unless its text is known from another file that needed no OCR while this did,
    or is only a part of the text known.
    """
    values = {row["task_id"]: _machine_values(row) for row in rows}
    with writing(store) as connection:
        connection.execute(select(recording_lock).with_for_update())
        key = _document_key(connection, extraction)
        reading_id = _reading_id(connection, key, extraction.document)
        mark = _fingerprint(extraction, values, reading_id, software)
        same = _same_run(connection, reading_id, mark)
        if same is not None:
            return _recorded_before(connection, key, same)
        recorded = _record_run(connection, key, reading_id, extraction, values, software, mark)
        refresh(connection, key)
        if key.bit_count() == 1:  # each time that the store has doubled
            gather_statistics(connection)
        return recorded


def _machine_values(row: Mapping[str, str]) -> dict[str, str]:
    return {column: cleaned(value) for column, value in row.items() if value and column not in _NOT_OF_THE_TASK}


def _document_values(extraction: Extraction) -> dict[str, str]:
    header = extraction.header
    values = {
        "document_number": header.number,
        "document_type": header.type,
        "document_date": header.date.isoformat() if header.date else "",
        "document_title": header.title,
        "issuer": header.issuer,
        "signer": header.signer,
        "language": header.language,
    }
    return {column: cleaned(value) for column, value in values.items() if value}


def _document_key(connection: Connection, extraction: Extraction) -> int:
    """Return the key of the document, made where it is new, and hold it until the transaction ends."""
    key = find_document(connection, extraction, _document_values(extraction))
    if key is None:
        values = {"document_id": extraction.document_id, "first_seen": now()}
        key = _inserted(connection, documents, values)
    if connection.scalar(select(document_aliases).where(document_aliases.c.alias == extraction.document_id)) is None:
        connection.execute(insert(document_aliases), {"alias": extraction.document_id, "document_key": key})
    document_id = connection.scalar(select(documents.c.document_id).where(documents.c.key == key))
    return lock_document(connection, str(document_id))


def _inserted(connection: Connection, table: Any, values: Mapping[str, Any]) -> int:
    key = connection.execute(insert(table).values(**values)).inserted_primary_key
    assert key is not None
    return int(key[0])


def _reading_id(connection: Connection, key: int, document: Document) -> int:
    text = document.text.encode("utf-8", errors="replace")
    digest = hashlib.sha256(text).hexdigest()
    same = and_(
        readings.c.sha256 == document.sha256, readings.c.part == document.part, readings.c.text_sha256 == digest
    )
    known = connection.scalar(select(readings.c.reading_id).where(same))
    if known is not None:
        return int(known)
    values = {
        "document_key": key,
        "sha256": document.sha256,
        "part": document.part,
        "text_sha256": digest,
        "text": zlib.compress(text),
        "media_type": document.media_type,
        "warnings": " ".join(document.warnings),
        "pages": max(page.number for page in document.pages),  # a part of a file may begin on a later one
        "by_ocr": any(page.method == "ocr" for page in document.pages),
        "read_at": now(),
    }
    return _inserted(connection, readings, values)


def _fingerprint(extraction: Extraction, values: Mapping[str, Any], reading_id: int, software: str) -> str:
    spans = [(task.id, task.action.start, task.action.end) for task in extraction.tasks]
    content = [reading_id, extraction.document.file_name, software, _document_values(extraction), values, spans]
    return hashlib.sha256(dumped(content).encode("utf-8", errors="replace")).hexdigest()


def _same_run(connection: Connection, reading_id: int, mark: str) -> Row[Any] | None:
    """Return the last run of the reading if it found just the same."""
    query = select(runs).where(runs.c.reading_id == reading_id).order_by(runs.c.run_id.desc()).limit(1)
    last = connection.execute(query).one_or_none()
    return last if last is not None and last.fingerprint == mark else None


def _recorded_before(connection: Connection, key: int, run: Row[Any]) -> Recorded:
    query = select(findings.c.machine_id, tasks.c.task_id).join(tasks, tasks.c.key == findings.c.task_key)
    ids = dict(connection.execute(query.where(findings.c.run_id == run.run_id)).tuples().all())
    document_id = connection.scalar(select(documents.c.document_id).where(documents.c.key == key))
    return Recorded(str(document_id), run.run_id, False, run.leads, ids)


def _record_run(
    connection: Connection,
    key: int,
    reading_id: int,
    extraction: Extraction,
    values: Mapping[str, dict[str, str]],
    software: str,
    mark: str,
) -> Recorded:
    state = load_state(connection, key)
    number = text_number(connection, key, reading_id)
    leads = may_lead(connection, key, reading_id, number)
    found = sorted(extraction.tasks, key=lambda task: (task.span.start, task.action.start))
    keys = _task_keys(connection, state, found, extraction, values, number)
    run = {
        "document_key": key,
        "reading_id": reading_id,
        "text_number": number,
        "leads": leads,
        "file_name": cleaned(extraction.document.file_name),
        "software": software,
        "fingerprint": mark,
        "recorded_at": now(),
        "document_values": dumped(_document_values(extraction)),
    }
    run_id = _inserted(connection, runs, run)
    ids = {task.id: task_id for task, (_, task_id) in zip(found, keys, strict=True)}
    if found:
        rows = [
            _finding(run_id, position, task, task_key, _with_store_ids(values[task.id], ids), extraction.document)
            for position, (task, (task_key, _)) in enumerate(zip(found, keys, strict=True))
        ]
        connection.execute(insert(findings), rows)
    return Recorded(state.document_id, run_id, True, leads, ids)


def _with_store_ids(values: dict[str, str], ids: Mapping[str, str]) -> dict[str, str]:
    parent = values.get("parent_task_id", "")
    return {**values, "parent_task_id": ids.get(parent, parent)} if parent else values


def _finding(
    run_id: int, position: int, task: Task, task_key: int, values: Mapping[str, str], document: Document
) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "task_key": task_key,
        "machine_id": task.id,
        "position": position,
        "start": task.span.start,
        "end": task.span.end,
        "quote": cleaned(task.action.of(document.text)),
        "machine_values": dumped(values),
        "cell_sources": dumped(_sources(task)),
    }


def _sources(task: Task) -> dict[str, dict[str, Any]]:
    """Return where each cell's words stand and which rules took them; `also_at` are other places of the same task."""
    deadline = (task.deadline,) if task.deadline and task.deadline.text else ()
    named = {
        "task": [(task.action, "")],
        "lead_unit": [(unit.span, unit.rule) for unit in task.leads],
        "coordinating_units": [(unit.span, unit.rule) for unit in task.coordinators],
        "deadline_text": [(found.span, found.rule) for found in deadline],
        "also_at": [(span, "") for span in task.also_at],
    }
    return {
        column: {
            "spans": [[span.start, span.end] for span, _ in places],
            "rules": list(dict.fromkeys(rule for _, rule in places if rule)),
        }
        for column, places in named.items()
        if places
    }


def _task_keys(
    connection: Connection,
    state: DocumentState,
    found: Sequence[Task],
    extraction: Extraction,
    values: Mapping[str, Mapping[str, str]],
    number: int,
) -> list[tuple[int, str]]:
    """Return key and id of each task found, in order: of the known task that it is, else of a new one."""
    known = _known_in_order(state, number)
    old = [_known_place(state, task) for task in known]
    new = [Place(task.action.of(extraction.document.text), task.section, _context(values[task.id])) for task in found]
    pairs = align(old, new)
    result: list[tuple[int, str]] = []
    for index, task in enumerate(found):
        if index in pairs:
            same = known[pairs[index]]
            result.append((same.key, same.task_id))
        else:
            result.append(_new_task(connection, state.key, task.id))
    return result


def _known_in_order(state: DocumentState, number: int) -> list[KnownTask]:
    """Return the tasks of the same text as it last was, and people's rows, in the order of their places."""
    here = [task for task in state.tasks if task.key not in state.found or state.found[task.key].text_number == number]
    place = {task.key: state.found[task.key].position for task in here if task.key in state.found}
    return sorted(here, key=lambda task: (place.get(task.key, place.get(task.after_key or 0, -1)), task.key))


def _known_place(state: DocumentState, task: KnownTask) -> Place:
    notes, found = state.notes.get(task.key, {}), state.found.get(task.key)
    said = {column: note.value for column, note in notes.items()}
    values = found.values if found else said
    words = values.get("quote") or values.get("task", "")
    if task.origin != "machine" and "task" in said:
        words = said["task"]
    return Place(words, values.get("section", ""), _context(values), state.is_found(task.key))


def _context(values: Mapping[str, str]) -> str:
    return " ".join(values.get(column, "") for column in ("lead_unit", "deadline_text"))


def _new_task(connection: Connection, document_key: int, machine_id: str) -> tuple[int, str]:
    """Add a task under the extractors' id, or under one made from it where that is another task's already."""
    task_id, count = machine_id, 1
    while connection.scalar(select(func.count()).where(tasks.c.task_id == task_id)):
        count += 1
        task_id = hashlib.sha256(f"{machine_id}\x1f{count}".encode()).hexdigest()[:16]
    values = {"task_id": task_id, "document_key": document_key, "origin": "machine"}
    return _inserted(connection, tasks, values), task_id
