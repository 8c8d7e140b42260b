"""The Prefect flow over the inbox: thin tasks around plain functions, one a file, or a bundle of small files."""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

# No word about anybody's documents leaves the machine; Prefect reads these when it is imported.
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DO_NOT_TRACK", "1")

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State, TaskRun
from prefect.exceptions import ObjectNotFound
from prefect.futures import PrefectFuture
from prefect.states import Cancelled
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from prefect.tasks import Task
from prefect.types.entrypoint import EntrypointType

from models.errors import ChidaoError, UsageError
from models.records import Language
from pipeline import batch, known
from pipeline.batch import Round, Say, Summary
from pipeline.bundles import Bundle, Outcome, bundled, may_pass, read_bundle
from pipeline.inbox import Dropped, dropped_files
from pipeline.known import Known
from pipeline.limits import Limits
from pipeline.packed import read_and_keep
from pipeline.portions import packed_files, read_in_portions, tell, told_to, unpacked_files
from pipeline.workers import Workers, cores

WINDOW = 4 * cores()  # bundles under way at once: enough to keep all cores busy, few enough for the memory
_THREADS = cast(TaskRunner[PrefectFuture[Any]], ThreadPoolTaskRunner[Any](max_workers=WINDOW))
T = TypeVar("T")


class Held(Generic[T]):
    """A value on its way to a task that Prefect doesn't look into: it would walk through all that is in it."""

    def __init__(self, value: T) -> None:
        self.value = value


def is_transient(task: Task[..., Any], run: TaskRun, state: State[Any]) -> bool:
    """Say whether a failure may pass."""
    return may_pass(state.result(raise_on_failure=False))


@task(
    name="read",
    task_run_name="read {bundle.value.name}",
    retries=2,
    retry_delay_seconds=[1, 4],
    retry_condition_fn=is_transient,
    cache_policy=NO_CACHE,
    persist_result=False,
    log_prints=False,
)
def read(bundle: Held[Bundle], workers: Workers, outputs: Path, units: Path | None = None) -> None:
    """Read files, find the tasks of their documents and keep them; tried again, only what may pass is."""
    read_bundle(bundle.value, lambda file: read_and_keep(file, outputs, workers, units))


@task(name="register", cache_policy=NO_CACHE, persist_result=False)
def register(outputs: Path, entries: Held[dict[str, Known]], language: Language, read: int, failed: int) -> Summary:
    """Write the register and the failures from everything known."""
    return batch.finish(outputs, entries.value, language, read, failed)


@flow(
    name="inbox to register",
    task_runner=_THREADS,
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
    spread: Callable[[Round], Iterator[Outcome]] | None = None,
) -> Summary:
    """Read what is new in the inbox and write the register of everything known; a bad file is one line of failures.

    `begin` says what is new, for who knows already, `crew` gives the workers, for who has some, and `spread` has the
    files read elsewhere. They are functions because Prefect would look into a Round or Workers, and write down what it
    finds.
    """
    start = begin() if begin else batch.begin(dropped_files(inbox, but=outputs), outputs)
    entries, lines = dict(start.known), list[dict[str, Any]]()
    for file, line, error in spread(start) if spread else _read_here(start, outputs, crew):
        entries[file.sha256] = known.failed(file.name, error) if error else Known(file.name, known.engine())
        known.note(outputs, file.sha256, entries[file.sha256])
        lines.append({**line, "failure": error.message(language)} if error else line)
        if say:
            say("run-failed" if error else "run-read", {**lines[-1], "done": len(lines), "all": len(start.new)})
    columns = ("file", "pages", "tasks", "amends", "failure")
    create_table_artifact(key="inbox", table=[{name: line.get(name, "") for name in columns} for line in lines])
    failed = sum("failure" in line for line in lines)
    return register(outputs, Held(entries), language, len(lines) - failed, failed)


def _read_here(
    start: Round, outputs: Path, crew: Callable[[], AbstractContextManager[Workers]] | None
) -> Iterator[Outcome]:
    with crew() if crew else Workers(min(cores(), len(start.new))) as workers:
        yield from _outcomes(start, outputs, workers)


def _outcomes(start: Round, outputs: Path, workers: Workers) -> Iterator[Outcome]:
    """Yield each file, its line and what went wrong with it, in order; a few bundles are under way at once."""
    under_way: deque[tuple[Bundle, PrefectFuture[Any]]] = deque()
    for bundle in bundled(start.new, WINDOW):
        under_way.append((bundle, read.submit(Held(bundle), workers, outputs, start.units)))
        if len(under_way) >= WINDOW:
            yield from _ended(*under_way.popleft())
    while under_way:
        yield from _ended(*under_way.popleft())


def _ended(bundle: Bundle, run: PrefectFuture[Any]) -> Iterator[Outcome]:
    """Wait for the task run of a bundle, and yield what became of its files."""
    result = run.result(raise_on_failure=False)
    yield from bundle.outcomes.values()
    if isinstance(result, BaseException) and not isinstance(result, ChidaoError):
        raise result


@flow(name="portion of an inbox", task_runner=_THREADS, validate_parameters=False, persist_result=False)
def read_portion(files: str, outputs: str, journal: str, units: str = "", limits: str = "{}") -> None:
    """Read some files (packed) on a worker of a work pool, and tell in the portion's journal what became of each."""
    start = Round({}, unpacked_files(files), Path(units) if units else None)
    folder, count = Path(outputs), min(cores(), len(start.new))
    with told_to(folder, journal), Workers(count, Limits(**json.loads(limits))) as workers:
        for file, line, error in _outcomes(start, folder, workers):
            tell(folder, journal, file, line, error)


@dataclass(frozen=True, slots=True)
class WorkPool:
    """A work pool of Prefect's, as portions are handed to it."""

    deployment: UUID
    outputs: Path
    units: Path | None
    limits: Limits

    def submit(self, files: Sequence[Dropped], journal: str) -> str:
        parameters = {
            "files": packed_files([replace(file, path=file.path.resolve()) for file in files]),
            "outputs": str(self.outputs.resolve()),
            "journal": journal,
            "units": str(self.units.resolve()) if self.units else "",
            "limits": json.dumps(asdict(self.limits)),
        }
        with get_client(sync_client=True) as client:
            return str(client.create_flow_run_from_deployment(self.deployment, parameters=parameters).id)

    def is_over(self, name: str) -> bool:
        with get_client(sync_client=True) as client:
            state = client.read_flow_run(UUID(name)).state
        return state is not None and state.is_final()

    def drop(self, name: str) -> None:
        if not self.is_over(name):
            with get_client(sync_client=True) as client:
                client.set_flow_run_state(UUID(name), Cancelled(), force=True)


def run_on_pool(
    inbox: Path, outputs: Path, language: Language, say: Say, start: Round, pool: str, limits: Limits | None = None
) -> Summary:
    """Do what `run_inbox` does, the files being read by the workers of a work pool.

    Raises UsageError where there is no such pool or nobody who could be asked for it.
    """
    _find_pool(pool)
    made = cast(Any, read_portion).to_deployment(
        "inbox", work_pool_name=pool, entrypoint_type=EntrypointType.MODULE_PATH
    )
    portions = WorkPool(made.apply(), outputs, start.units, limits or Limits())
    return run_inbox(
        inbox, outputs, language, say, lambda: start, spread=lambda it: read_in_portions(it.new, outputs, portions)
    )


def _find_pool(pool: str) -> None:
    asked = {"pool": pool, "address": os.environ.get("PREFECT_API_URL", "")}
    try:
        with get_client(sync_client=True) as client:
            client.read_work_pool(pool)
    except ObjectNotFound as error:
        raise UsageError("pool-unknown", **asked) from error
    except Exception as error:  # no answer, or one that is not Prefect's
        raise UsageError("pool-unreachable", **asked, reason=str(error) or type(error).__name__) from error
