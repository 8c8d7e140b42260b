"""The Prefect flow over the inbox: thin tasks around plain functions, one a document and stage."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

# No word about anybody's documents leaves the machine; Prefect reads these when it is imported.
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DO_NOT_TRACK", "1")

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from prefect.tasks import Task

from models.errors import ChidaoError
from models.records import Language
from pipeline import batch, known
from pipeline.batch import Round, Say, Summary
from pipeline.inbox import Dropped, dropped_files
from pipeline.known import Known
from pipeline.limits import size_of
from pipeline.packed import PackedDocument, PackedExtraction, extract_packed, keep_packed, read_packed
from pipeline.workers import Workers, cores

WINDOW = 4 * cores()  # documents under way at once: enough to keep all cores busy, few enough for the memory
STAGES = 3
_TRANSIENT = (OSError, MemoryError)
T = TypeVar("T")


class Held(Generic[T]):
    """A value on its way from stage to stage that Prefect doesn't look into: it would walk through every word."""

    def __init__(self, value: T) -> None:
        self.value = value


def is_transient(task: Task[..., Any], run: TaskRun, state: State[Any]) -> bool:
    """Say whether a failure may pass: the disk or share was busy, memory was short, a worker was killed."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, _TRANSIENT) or (
        isinstance(error, ChidaoError) and error.code in {"read-unreadable", "read-crashed"}
    )


_stage: dict[str, Any] = {
    "retries": 2,
    "retry_delay_seconds": [1, 4],
    "retry_condition_fn": is_transient,
    "cache_policy": NO_CACHE,
    "persist_result": False,
    "log_prints": False,
}


@task(name="read", task_run_name="read {file.name}", **_stage)
def read(file: Dropped, workers: Workers) -> Held[tuple[PackedDocument, ...]]:
    """Read a file's documents."""
    return Held(workers.call_for(size_of(file.path), read_packed, file.path))


@task(name="extract", task_run_name="extract {file.name}", **_stage)
def extract(
    file: Dropped, documents: Held[tuple[PackedDocument, ...]], workers: Workers, units: Path | None = None
) -> Held[tuple[PackedExtraction, ...]]:
    """Find the tasks of a file's documents, by the office's file of units where there is one."""
    found = (workers.call_for(each.size, extract_packed, each, units) for each in documents.value)
    return Held(tuple(found))


@task(name="write", task_run_name="write {file.name}", **_stage)
def write(file: Dropped, extractions: Held[tuple[PackedExtraction, ...]], outputs: Path) -> dict[str, Any]:
    """Keep what was found in a file, and return its line of the table of results."""
    return {"file": file.name, **keep_packed(outputs, file.sha256, extractions.value)}


@task(name="register", cache_policy=NO_CACHE, persist_result=False)
def register(
    outputs: Path, entries: Held[dict[str, Known]], language: Language, lines: Sequence[Mapping[str, Any]]
) -> Summary:
    """Write the register and the failures from everything known."""
    failed = sum("failure" in line for line in lines)
    return batch.finish(outputs, entries.value, language, len(lines) - failed, failed)


@flow(
    name="inbox to register",
    task_runner=cast(TaskRunner[PrefectFuture[Any]], ThreadPoolTaskRunner[Any](max_workers=STAGES * WINDOW)),
    validate_parameters=False,
    persist_result=False,
)
def run_inbox(
    inbox: Path,
    outputs: Path,
    language: Language = "en",
    say: Say | None = None,
    begin: Callable[[], Round] | None = None,
    crew: Callable[[], AbstractContextManager[Workers]] | None = None,
) -> Summary:
    """Read what is new in the inbox and write the register of everything known; a bad file is one line of failures.

    `begin` says what is new, for who knows already, and `crew` gives the workers, for who has some. Both are functions
    because Prefect would look into a Round or Workers, and write down what it finds.
    """
    start = begin() if begin else batch.begin(dropped_files(inbox, but=outputs), outputs)
    entries, lines = dict(start.known), list[dict[str, Any]]()
    with crew() if crew else Workers(min(cores(), len(start.new))) as workers:
        for file, line, error in _outcomes(start, outputs, workers):
            entries[file.sha256] = known.failed(file.name, error) if error else Known(file.name, known.engine())
            lines.append({**line, "failure": error.message(language)} if error else line)
            if say:
                say("run-failed" if error else "run-read", {**lines[-1], "done": len(lines), "all": len(start.new)})
            known.note(outputs, file.sha256, entries[file.sha256])
    columns = ("file", "pages", "tasks", "amends", "failure")
    create_table_artifact(key="inbox", table=[{name: line.get(name, "") for name in columns} for line in lines])
    return register(outputs, Held(entries), language, lines)


def _outcomes(
    start: Round, outputs: Path, workers: Workers
) -> Iterator[tuple[Dropped, dict[str, Any], ChidaoError | None]]:
    """Yield each file, its line and what went wrong with it, in order; a few files are under way at once."""
    under_way: deque[tuple[Dropped, list[PrefectFuture[Any]]]] = deque()
    for file in start.new:
        documents = cast(Any, read.submit(file, workers))  # Prefect puts the result in its place
        extractions = extract.submit(file, documents, workers, start.units)
        under_way.append((file, [documents, extractions, write.submit(file, cast(Any, extractions), outputs)]))
        if len(under_way) >= WINDOW:
            yield _outcome(*under_way.popleft())
    while under_way:
        yield _outcome(*under_way.popleft())


def _outcome(file: Dropped, stages: Sequence[PrefectFuture[Any]]) -> tuple[Dropped, dict[str, Any], ChidaoError | None]:
    """Wait for a file's stages; the first that failed says why, those after it were never begun."""
    for stage in stages:
        result = stage.result(raise_on_failure=False)
        if isinstance(result, ChidaoError):
            result.values = {"file": file.name, **result.values}
            return file, {"file": file.name}, result
        if isinstance(result, BaseException):
            raise result
    return file, result, None
