"""The flow under Prefect's own API: what it reads, what it says of failures, what it tries again."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from models.errors import ReadError
from pipeline import batch, known
from pipeline.extract import extract_file
from pipeline.limits import Limits
from pipeline.register import read_register
from pipeline.unitfile import adopt_into
from pipeline.workers import Workers

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpus/documents"
GOOD = ("en-memo-single-sign-in.docx", "ru-rasporyazhenie-razdelnyj-sbor.txt", "vi-thong-bao-ket-luan-hop.pdf")
pytestmark = [pytest.mark.prefect, pytest.mark.slow]


@pytest.fixture(scope="session")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One server of Prefect's for all tests, with a home of its own."""
    before = dict(os.environ)
    batch.prepare_prefect(tmp_path_factory.mktemp("prefect"))
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=180):
        yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """Three good files, an empty one, half a PDF, and one good file a second time."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    for name in GOOD:
        shutil.copy(CORPUS / name, folder / name)
    shutil.copy(CORPUS / GOOD[1], folder / "the same again.txt")
    (folder / "empty.txt").touch()
    (folder / "half.pdf").write_bytes((CORPUS / GOOD[2]).read_bytes()[:3000])
    return folder


def _runs(kind: str) -> list[tuple[str, str]]:
    """Name and state of the runs of the latest flow run."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
    from prefect.client.schemas.sorting import FlowRunSort

    with get_client(sync_client=True) as client:
        (run,) = client.read_flow_runs(sort=FlowRunSort.EXPECTED_START_TIME_DESC, limit=1)
        if kind == "flow":
            return [(run.name, str(run.state_name))]
        only = FlowRunFilter(id=FlowRunFilterId(any_=[run.id]))
        return sorted((task.name, str(task.state_name)) for task in client.read_task_runs(flow_run_filter=only))


def _artifact() -> list[dict[str, Any]]:
    from prefect.artifacts import Artifact

    artifact = cast(Artifact, Artifact.get("inbox"))
    return cast(list[dict[str, Any]], json.loads(str(artifact.data)))


@pytest.mark.usefixtures("prefect")
def test_a_batch_with_bad_files_becomes_a_register_and_a_list_of_failures(inbox: Path, tmp_path: Path) -> None:
    from pipeline.flow import run_inbox

    outputs, said = tmp_path / "outputs", list[tuple[str, Mapping[str, object]]]()
    summary = run_inbox(inbox, outputs, "vi", lambda code, values: said.append((code, values)))

    rows = read_register(outputs / "register.csv")
    assert (summary.read, summary.failed, summary.failures, summary.rows) == (3, 2, 2, len(rows))
    assert list(dict.fromkeys(row["source_file"] for row in rows)) == list(GOOD)
    with (outputs / "failures.csv").open(encoding="utf-8", newline="") as handle:
        failures = list(csv.DictReader(handle))
    assert [(line["file"], line["code"]) for line in failures] == [
        ("empty.txt", "read-empty"),
        ("half.pdf", "read-broken"),
    ]
    assert failures[1]["what_to_do"] == "Hãy xin lại bản gốc của tệp rồi gửi lại."
    assert sorted(path.stem for path in (outputs / "documents").iterdir()) == sorted(
        {row["source_sha256"] for row in rows}
    )

    assert [code for code, _ in said] == ["run-failed", "run-read", "run-failed", "run-read", "run-read"]
    assert [(values["done"], values["all"]) for _, values in said] == [(number, 5) for number in range(1, 6)]
    assert _runs("flow")[0][1] == "Completed"
    states = dict(_runs("task"))
    assert {name for name, state in states.items() if state == "Failed"} == {"read empty.txt", "read half.pdf"}
    assert {f"read {name}" for name in GOOD} <= {name for name, state in states.items() if state == "Completed"}
    table = {line["file"]: line for line in _artifact()}
    assert set(table) == {*GOOD, "empty.txt", "half.pdf"}
    assert table["half.pdf"]["failure"].startswith("Tệp half.pdf bị hỏng")
    assert table[GOOD[0]]["tasks"] == sum(row["source_file"] == GOOD[0] for row in rows) > 0


@pytest.mark.usefixtures("prefect")
def test_only_what_is_new_is_read_and_nothing_starts_where_nothing_is(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.flow import run_inbox

    outputs = tmp_path / "outputs"
    first = run_inbox(inbox, outputs)
    register = (outputs / "register.csv").read_bytes()

    def unwanted(outputs: Path) -> None:
        raise AssertionError("Prefect is started for nothing")

    monkeypatch.setattr(batch, "prepare_prefect", unwanted)
    shutil.move(inbox / GOOD[0], inbox / "zz renamed.docx")
    again = batch.run(inbox, outputs, "en", lambda code, values: None)
    assert (again.read, again.failed, again.failures, again.rows) == (0, 0, 2, first.rows)
    assert (outputs / "register.csv").read_bytes() == register

    monkeypatch.undo()
    (inbox / "half.pdf").unlink()
    shutil.copy(CORPUS / "en-web-notice-flood-season.html", inbox)
    (found,) = extract_file(CORPUS / "en-web-notice-flood-season.html")
    lead = next(task.leads[0].name for task in found.tasks if len(task.leads) == 1 and not task.leads[0].id)
    adopt_into(outputs / "units.csv", [lead], "en", unit_id="own")
    added = batch.run(inbox, outputs, "en", lambda code, values: None)
    assert (added.read, added.failed, added.failures) == (1, 0, 1)
    assert added.rows > first.rows
    assert {row["lead_unit_id"] for row in read_register(outputs / "register.csv") if row["lead_unit"] == lead} == {
        "own"
    }
    assert sorted(name for name, _ in _runs("task") if name.startswith("read")) == [
        "read en-web-notice-flood-season.html"
    ]


class Unsteady(Workers):
    """Workers in this process, whose first call for each file fails in a passing way, and all of one for good."""

    def __init__(self, count: int, limits: Limits | None = None) -> None:
        self.calls: list[str] = []

    def call_for(self, size: int, function: Any, *args: Any, **kwargs: Any) -> Any:
        name = getattr(args[0], "name", "")
        self.calls.append(name)
        if name == "gone.txt":
            raise ReadError("read-unreadable", reason="Stale file handle")
        if name and self.calls.count(name) == 1:
            raise OSError(5, "Input/output error")
        return function(*args, **kwargs)

    def __exit__(self, *_: object) -> None:
        Unsteady.last = self.calls

    last: list[str] = []  # noqa: RUF012


@pytest.mark.usefixtures("prefect")
def test_passing_failures_are_tried_again_and_told_when_they_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline import flow

    inbox, outputs = tmp_path / "inbox", tmp_path / "outputs"
    inbox.mkdir()
    shutil.copy(CORPUS / GOOD[1], inbox / "good.txt")
    (inbox / "gone.txt").write_text("Count the boats.", encoding="utf-8")
    (inbox / "empty.txt").touch()
    monkeypatch.setattr(flow, "Workers", Unsteady)
    monkeypatch.setattr(flow.read, "retry_delay_seconds", [0, 0])
    summary = flow.run_inbox(inbox, outputs)
    assert (summary.read, summary.failed) == (1, 2)
    assert {name: Unsteady.last.count(name) for name in ("good.txt", "gone.txt", "empty.txt")} == {
        "good.txt": 2,
        "gone.txt": 3,
        "empty.txt": 2,
    }
    codes = {entry.name: entry.code for entry in known.load(outputs).values()}
    assert codes == {"good.txt": "", "gone.txt": "read-unreadable", "empty.txt": "read-empty"}


def test_long_history_is_begun_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", dict(os.environ))
    monkeypatch.setattr(batch, "LARGEST_HISTORY", 10)
    home = tmp_path / ".prefect"
    home.mkdir()
    for name, size in (("prefect.db", 11), ("prefect.db-wal", 1), ("profiles.toml", 1)):
        (home / name).write_bytes(b"x" * size)
    batch.prepare_prefect(tmp_path)
    assert [path.name for path in home.iterdir()] == ["profiles.toml"]
    assert os.environ["PREFECT_HOME"] == str(home)
    assert (os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"], os.environ["DO_NOT_TRACK"]) == ("false", "1")


def test_the_command_starts_its_own_server_leaves_the_users_alone_and_is_quick_the_second_time(tmp_path: Path) -> None:
    inbox, outputs, home = tmp_path / "inbox", tmp_path / "outputs", tmp_path / "home"
    inbox.mkdir()
    home.mkdir()
    shutil.copy(CORPUS / GOOD[1], inbox)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    command = [sys.executable, "-m", "pipeline.cli", "run", "--inbox", str(inbox), "--outputs", str(outputs)]
    environment = {**clean, "HOME": str(home), "LC_ALL": "C.UTF-8"}

    first = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    count = len(read_register(outputs / "register.csv"))
    assert first.returncode == 0, first.stderr
    assert first.stdout == f"Register: {outputs / 'register.csv'} ({count} rows; 1 files read now).\n"
    assert first.stderr.splitlines()[1:] == [f"[1/1] {GOOD[1]}: {count} tasks, 1 pages"]
    assert not (home / ".prefect").exists()

    started = time.perf_counter()
    again = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (again.returncode, again.stderr) == (0, "")
    assert time.perf_counter() - started < 5
