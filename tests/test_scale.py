"""Several workers on one inbox: a Prefect work pool with PostgreSQL behind it, and portions that get lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from models.errors import ReadError
from pipeline import bundles, known, portions
from pipeline.bundles import Bundle, bundled, read_bundle
from pipeline.inbox import Dropped
from pipeline.known import Known
from pipeline.portions import read_in_portions, tell, told_to, unpacked_files
from pipeline.register import read_register
from pipeline.server import Server
from tests.store.conftest import postgresql  # noqa: F401 - a fixture

ROOT = Path(__file__).parents[1]
ORDER = "ORDER No. {0}\nThe Port Police shall count the boats of pier {0} by 1 June 2027.\n"


class _Pool:
    """A pool whose workers do with a portion what they are told, in turn: read all, some and die, or nothing at all."""

    def __init__(self, outputs: Path, acts: Sequence[str]) -> None:
        self.outputs, self.acts = outputs, list(acts)
        self.handed: list[list[str]] = []
        self.dropped: list[str] = []

    def submit(self, files: Sequence[Dropped], journal: str) -> str:
        self.handed.append([file.name for file in files])
        act = self.acts.pop(0)
        for file in files[: {"all": None, "some": 2, "none": 0, "silent": 1}[act]]:
            error = ReadError("read-broken", file=file.name) if "bad" in file.name else None
            tell(self.outputs, journal, file, {"file": file.name, "tasks": 1, "pages": 1}, error)
        return f"{act} {len(self.handed)}"

    def is_over(self, name: str) -> bool:
        return not name.startswith("silent")

    def drop(self, name: str) -> None:
        self.dropped.append(name)


def _files(count: int) -> list[Dropped]:
    names = [f"{number}{' bad' if number == 1 else ''}.txt" for number in range(count)]
    return [Dropped(Path(name), name, f"{number:064}") for number, name in enumerate(names)]


def test_portions_are_handed_out_again_without_what_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portions, "SIZE", 5)
    monkeypatch.setattr(portions, "SILENT", 0.2)
    monkeypatch.setattr(portions, "LOOK", 0.05)
    pool, files = _Pool(tmp_path, ["some", "silent", "all", "all"]), _files(9)
    found = list(read_in_portions(files, tmp_path, pool))
    assert sorted(file.name for file, _, _ in found) == sorted(file.name for file in files)
    assert [(file.name, error.code) for file, _, error in found if error] == [("1 bad.txt", "read-broken")]
    assert sorted(map(len, pool.handed)) == [3, 3, 4, 5]
    assert any(name.startswith("silent") for name in pool.dropped)
    assert set(known.load(tmp_path)) == {file.sha256 for file in files}


def test_what_nobody_reads_is_a_failure_that_may_pass(tmp_path: Path) -> None:
    found = list(read_in_portions(_files(1), tmp_path, _Pool(tmp_path, ["none"] * portions.MOST_TRIES)))
    assert [(error.code if error else "") for _, _, error in found] == ["read-unreadable"]


def test_a_journal_that_a_kill_has_cut_keeps_its_whole_lines(tmp_path: Path) -> None:
    first, second = _files(2)
    with told_to(tmp_path, "one"):
        tell(tmp_path, "one", first, {}, None)
        path = known.journal_path(tmp_path, "one")
        path.write_bytes(path.read_bytes() + b'["half')
        tell(tmp_path, "one", second, {}, None)
    assert list(known.load(tmp_path)) == [first.sha256, second.sha256]
    known.save(tmp_path, {first.sha256: Known("0.txt", "e")})
    assert list(known.load(tmp_path)) == [first.sha256]
    assert unpacked_files(portions.packed_files([first, second])) == (first, second)


@contextmanager
def _server(url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """Run Prefect's server on a PostgreSQL database; yields the environment of whoever works with it."""
    engine = create_engine(f"{url}postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE prefect"))
    engine.dispose()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    monkeypatch.setattr(os, "environ", clean)
    database = url.replace("+psycopg", "+asyncpg") + "prefect"
    os.environ |= {"PREFECT_HOME": str(folder), "PREFECT_SERVER_DATABASE_CONNECTION_URL": database, "DO_NOT_TRACK": "1"}
    os.environ |= {"PREFECT_SERVER_ANALYTICS_ENABLED": "false", "PYTHONPATH": str(ROOT)}
    server = Server()
    try:
        server.start()
        server.wait()
        made = json.dumps({"name": "chidao", "type": "process"}).encode()
        place, kind = f"{os.environ['PREFECT_API_URL']}/work_pools/", {"Content-Type": "application/json"}
        urllib.request.urlopen(urllib.request.Request(place, made, kind), timeout=20).close()
        yield {name: value for name, value in os.environ.items() if "DATABASE" not in name}
    finally:
        server.stop()


@contextmanager
def _pool_workers(environment: dict[str, str], log: Path, count: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    command = [sys.executable, "-m", "prefect", "worker", "start", "--pool", "chidao", "--type", "process"]
    environment = {**environment, "PREFECT_WORKER_QUERY_SECONDS": "0.5"}
    started: list[subprocess.Popen[bytes]] = []
    with log.open("wb") as handle:
        try:
            for number in range(count):
                arguments = [*command, "--name", f"worker {number}", "--limit", "1"]
                started.append(
                    subprocess.Popen(
                        arguments, cwd=ROOT, env=environment, stdout=handle, stderr=handle, start_new_session=True
                    )
                )
            yield started
        finally:
            for process in started:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _run(inbox: Path, outputs: Path, pool: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Carry out `chidao run --pool`, with small portions."""
    code = "import sys; from pipeline import cli, portions; portions.SIZE = 4; sys.exit(cli.main())"
    arguments = ["run", "--inbox", str(inbox), "--outputs", str(outputs), "--pool", pool]
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240)


@pytest.mark.slow
@pytest.mark.prefect
def test_two_workers_of_a_pool_read_an_inbox_once(
    postgresql: str,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inbox, outputs, log = tmp_path / "inbox", tmp_path / "outputs", tmp_path / "log"
    inbox.mkdir()
    names = [f"{number}.txt" for number in range(7)]
    for number, name in enumerate(names):
        (inbox / name).write_text(ORDER.format(number), encoding="utf-8")
    (inbox / "empty.txt").touch()
    with _server(postgresql, tmp_path / "home", monkeypatch) as environment, _pool_workers(environment, log, 2):
        unknown = _run(inbox, outputs, "nobody", {**environment, "LC_ALL": "C.UTF-8"})
        done = _run(inbox, outputs, "chidao", environment)
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "has no work pool “nobody”. Make it with: prefect work-pool create nobody" in unknown.stderr.splitlines()[-1]
    assert (outputs / "register.csv").is_file(), done.stderr + log.read_text(errors="replace")[-3000:]
    assert sorted(row["source_file"] for row in read_register(outputs / "register.csv")) == names
    assert "empty.txt,read-empty" in (outputs / "failures.csv").read_text(encoding="utf-8")
    assert not list(outputs.glob("*.journal"))


@pytest.mark.slow
@pytest.mark.prefect
def test_a_pool_whose_server_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox/1.txt").write_text(ORDER.format(1), encoding="utf-8")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    nowhere = {**clean, "LC_ALL": "C.UTF-8", "PREFECT_API_URL": "http://127.0.0.1:1/api"}
    done = _run(tmp_path / "inbox", tmp_path / "outputs", "chidao", nowhere)
    assert (done.returncode, done.stdout) == (2, "")
    (_, said) = done.stderr.splitlines()
    assert said.startswith("chidao: Prefect's server http://127.0.0.1:1/api can't be asked for the work pool “chidao”:")
    assert said.endswith("then run this again.")


def test_small_files_of_a_back_file_share_a_run_and_large_ones_do_not(tmp_path: Path) -> None:
    sizes = [10, 10, 10, bundles.MOST_BYTES, 10, 10, 10, 10, 10]
    files = [Dropped(tmp_path / f"{at}.txt", f"{at}.txt", f"{at:064}") for at in range(len(sizes))]
    for file, size in zip(files, sizes, strict=True):
        file.path.write_bytes(b"x" * size)
    assert [bundle.name for bundle in bundled(files, 2)] == ["0.txt and 2 more", "3.txt", "4.txt and 3 more", "8.txt"]
    assert [len(bundle.files) for bundle in bundled(files, 8)] == [1] * 9
    assert list(bundled([], 8)) == []


def test_only_what_may_pass_is_tried_again_and_a_bad_file_stops_no_other() -> None:
    bundle, tries = Bundle(tuple(_files(3))), list[str]()

    def read(file: Dropped) -> dict[str, Any]:
        tries.append(file.name)
        if file.name == "2.txt" and tries.count("2.txt") == 1:
            raise ReadError("read-crashed")
        if "bad" in file.name:
            raise ReadError("read-broken")
        return {"file": file.name, "tasks": 1}

    for code in ("read-crashed", "read-broken"):
        with pytest.raises(ReadError) as raised:
            read_bundle(bundle, read)
        assert raised.value.code == code
    assert tries == ["0.txt", "1 bad.txt", "2.txt", "2.txt"]
    told = [(line, error.code if error else "") for _, line, error in bundle.outcomes.values()]
    assert told == [
        ({"file": "0.txt", "tasks": 1}, ""),
        ({"file": "1 bad.txt"}, "read-broken"),
        ({"file": "2.txt", "tasks": 1}, ""),
    ]
