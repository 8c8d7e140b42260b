"""What is recorded of one document, loaded: the leading runs, what the machine last found, what people said."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, and_, func, select

from models.store.replay import Edit, Note, Replay, replay
from models.tables import actions, documents, edits, findings, readings, runs, tasks

Values = dict[str, str]
Notes = dict[str, Note]


@dataclass(frozen=True, slots=True)
class CellSource:
    """Where the machine took a cell from: spans of the reading's text, and the rules that took them."""

    spans: tuple[tuple[int, int], ...]
    rules: tuple[str, ...]


def sources_from(data: Mapping[str, Mapping[str, list[Any]]]) -> dict[str, CellSource]:
    """Return the sources of a row's cells from JSON."""
    return {
        column: CellSource(tuple((start, end) for start, end in source["spans"]), tuple(source["rules"]))
        for column, source in data.items()
    }


@dataclass(frozen=True, slots=True)
class Run:
    """An extraction that leads its text, with what it read of the document as a whole."""

    run_id: int
    text_number: int
    reading_id: int
    document_values: Values


@dataclass(frozen=True, slots=True)
class Found:
    """What the machine last found of a task. Start and end are of the text of the run's reading."""

    run_id: int
    text_number: int
    reading_id: int
    position: int
    start: int
    end: int
    values: Values
    sources: Mapping[str, CellSource]


@dataclass(frozen=True, slots=True)
class KnownTask:
    """A task that was ever recorded: `origin` is machine, added, split or merged."""

    key: int
    task_id: str
    origin: str
    after_key: int | None


@dataclass(frozen=True, slots=True)
class DocumentState:
    """All from which the rows of one document are made. `notes` are by task key, None for the document's own cells."""

    key: int
    document_id: str
    first_seen: str
    runs: tuple[Run, ...]
    tasks: tuple[KnownTask, ...]
    found: Mapping[int, Found]
    notes: Mapping[int | None, Notes]
    replay: Replay
    leading: frozenset[int]

    def is_found(self, key: int) -> bool:
        """Whether a run that now leads has the task."""
        return key in self.found and self.found[key].run_id in self.leading


def load_state(connection: Connection, key: int) -> DocumentState:
    """Load one document by its key."""
    head = connection.execute(select(documents).where(documents.c.key == key)).one()
    leading, replayed = _leading_runs(connection, key), _replayed(connection, key)
    rows = connection.execute(select(tasks).where(tasks.c.document_key == key).order_by(tasks.c.key))
    return DocumentState(
        key=key,
        document_id=head.document_id,
        first_seen=head.first_seen,
        runs=leading,
        tasks=tuple(KnownTask(row.key, row.task_id, row.origin, row.after_key) for row in rows),
        found=_last_findings(connection, key),
        notes=replayed.notes(),
        replay=replayed,
        leading=frozenset(run.run_id for run in leading),
    )


def _leading_runs(connection: Connection, key: int) -> tuple[Run, ...]:
    """Return the latest leading run of each text, in the order in which the texts came.

    What its file doesn't say of the document as a whole is taken from the file that led before it.
    """
    query = (
        select(runs, readings.c.sha256, readings.c.part)
        .join(readings, readings.c.reading_id == runs.c.reading_id)
        .where(runs.c.document_key == key, runs.c.leads)
        .order_by(runs.c.text_number, runs.c.run_id.desc())
    )
    leading: dict[int, Run] = {}
    files: set[tuple[int, str, int]] = set()
    for row in connection.execute(query):
        file = (row.text_number, row.sha256, row.part)
        if file not in files:
            files.add(file)
            said = {column: value for column, value in json.loads(row.document_values).items() if value}
            first = leading.setdefault(row.text_number, Run(row.run_id, row.text_number, row.reading_id, said))
            first.document_values.update({**said, **first.document_values})
    return tuple(leading.values())


def _last_findings(connection: Connection, key: int) -> dict[int, Found]:
    """Return what the latest run that ever led found of each task, by task key."""
    latest = (
        select(findings.c.task_key, func.max(findings.c.run_id).label("run_id"))
        .join(runs, runs.c.run_id == findings.c.run_id)
        .where(runs.c.document_key == key, runs.c.leads)
        .group_by(findings.c.task_key)
        .subquery()
    )
    query = (
        select(findings, runs.c.text_number, runs.c.reading_id)
        .join(latest, and_(latest.c.task_key == findings.c.task_key, latest.c.run_id == findings.c.run_id))
        .join(runs, runs.c.run_id == findings.c.run_id)
    )
    return {
        row.task_key: Found(
            row.run_id,
            row.text_number,
            row.reading_id,
            row.position,
            row.start,
            row.end,
            {**json.loads(row.machine_values), "quote": row.quote},
            sources_from(json.loads(row.cell_sources)),
        )
        for row in connection.execute(query)
    }


def _replayed(connection: Connection, key: int) -> Replay:
    query = (
        select(edits, actions.c.who, actions.c.at, actions.c.why, actions.c.undoes)
        .join(actions, actions.c.action_id == edits.c.action_id)
        .where(edits.c.document_key == key)
        .order_by(edits.c.edit_id)
    )
    return replay(cast(Iterable[Edit], connection.execute(query)))
