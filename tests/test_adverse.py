"""Full disks, folders that can't be written, killed workers, locked databases: one sentence each, and nothing is lost.

Each test lets a round fail, looks at what was acknowledged before, and has the next round complete it.
"""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from models.errors import ReadError
from models.store import close_store
from pipeline import cli, known, ledger, processes
from pipeline.bundles import Bundle, read_bundle
from pipeline.inbox import dropped_files
from pipeline.known import Known
from pipeline.packed import read_and_keep
from pipeline.recorded import open_store_of, record_kept
from pipeline.register import read_register
from pipeline.workers import Workers

ROOT = Path(__file__).parents[1]
ORDER = "ORDER No. {0}\nThe Port Police shall count the boats of pier {0} by 1 June 2027.\n"
NAMES = ["0.txt", "1.txt", "2.txt"]


class Here(Workers):
    """Workers that are this process."""

    def __init__(self) -> None:
        pass

    def call_for(self, size: int, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    for number, name in enumerate(NAMES):
        (folder / name).write_text(ORDER.format(number), encoding="utf-8")
    return folder


def _acknowledge(inbox: Path, outputs: Path) -> None:
    """Read the inbox and note it, as a round does that is killed before it writes the register."""
    for file in dropped_files(inbox, but=outputs):
        read_and_keep(file, outputs, Here())
        known.note(outputs, file.sha256, Known(file.name, known.engine()))


def _arguments(inbox: Path, outputs: Path) -> list[str]:
    return ["run", "--inbox", str(inbox), "--outputs", str(outputs), "--lang-of-messages", "en"]


def _run(inbox: Path, outputs: Path, largest: int = 0) -> tuple[int, list[str]]:
    """Carry out the command in a process that can write no file beyond so many bytes; return its status and words."""

    def limit() -> None:
        if largest:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    command = [sys.executable, "-m", "pipeline.cli", *_arguments(inbox, outputs)]
    own = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    done = subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True, preexec_fn=limit, timeout=120)
    return done.returncode, done.stderr.splitlines()


def _is_one_sentence(status: int, said: list[str], reason: str) -> bool:
    return status == 2 and len(said) == 1 and said[0].startswith("chidao: ") and reason in said[0]


def _completed(inbox: Path, outputs: Path) -> None:
    """Check that nothing acknowledged is lost or half written, and that the next round completes the register."""
    assert sorted(entry.name for entry in known.load(outputs).values()) == NAMES
    assert not list(outputs.rglob("*.tmp"))
    assert _run(inbox, outputs) == (0, [])
    assert [row["source_file"] for row in read_register(outputs / "register.csv")] == NAMES


@contextmanager
def _small_disk(folder: Path) -> Iterator[Callable[[str], None]]:
    """Mount a disk of a megabyte; yields what mounts it anew with other options."""
    folder.mkdir()

    def mount(options: str) -> None:
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "chidao", folder], check=True, capture_output=True)

    try:
        mount("size=1m")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no disk may be mounted here")
    try:
        yield mount
    finally:
        subprocess.run(["umount", folder], check=False)


def _fill(filler: Path) -> None:
    """Write until the disk is full."""
    with filler.open("wb", buffering=0) as handle, suppress(OSError):
        while handle.write(bytes(4096)):
            pass


def test_a_file_that_can_not_be_written_whole(inbox: Path, tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    _acknowledge(inbox, outputs)
    status, said = _run(inbox, outputs, largest=2000)
    assert _is_one_sentence(status, said, f"{outputs}")
    _completed(inbox, outputs)


def test_a_full_disk(inbox: Path, tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    with _small_disk(outputs):
        _acknowledge(inbox, outputs)
        filler = outputs / "filler"
        _fill(filler)
        status, said = _run(inbox, outputs)
        assert _is_one_sentence(status, said, f"{outputs}")
        with pytest.raises(OSError, match="No space left"):
            read_and_keep(dropped_files(inbox, but=outputs)[0], outputs, Here())
        filler.unlink()
        _completed(inbox, outputs)


@pytest.mark.slow
@pytest.mark.prefect
def test_a_disk_too_full_for_the_record_of_runs(inbox: Path, tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    with _small_disk(outputs):
        _fill(outputs / "filler")
        status, said = _run(inbox, outputs)
    assert _is_one_sentence(status, said[1:], f"See that {outputs / '.prefect'} can be written")
    assert said[0].startswith("Starting")


def test_outputs_that_can_only_be_read(inbox: Path, tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    with _small_disk(outputs) as mount:
        _acknowledge(inbox, outputs)
        mount("remount,ro")
        status, said = _run(inbox, outputs)
        assert _is_one_sentence(status, said, "Read-only file system")
        mount("remount,rw")
        _completed(inbox, outputs)


def test_outputs_below_a_file(inbox: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here is no folder")
    status, said = _run(inbox, tmp_path / "file" / "outputs")
    assert _is_one_sentence(status, said, "Not a directory")


def test_a_worker_killed_in_the_middle_of_a_document(inbox: Path, tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    (inbox / NAMES[1]).write_text("".join(map(ORDER.format, range(1500))), encoding="utf-8")
    bundle = Bundle(tuple(dropped_files(inbox, but=outputs)))
    with Workers(1) as workers:
        begun = threading.Event()

        def read(file: Any) -> dict[str, Any]:
            if file.name == NAMES[1]:
                begun.set()
            return read_and_keep(file, outputs, workers)

        def kill() -> None:
            begun.wait()
            time.sleep(0.1)
            while not (busy := list(workers._busy)):
                time.sleep(0.01)
            processes.kill(busy[0].pid)

        thread = threading.Thread(target=kill)
        thread.start()
        with pytest.raises(ReadError) as raised:
            read_bundle(bundle, read)
        thread.join()
        assert (raised.value.code, raised.value.values["file"]) == ("read-crashed", NAMES[1])
        kept = {file.name: known._path(outputs, file.sha256) for file in bundle.files}
        assert [name for name in NAMES if not kept[name].exists()] == [NAMES[1]]
        before = {name: kept[name].stat().st_mtime_ns for name in (NAMES[0], NAMES[2])}
        (inbox / NAMES[1]).write_text(ORDER.format(1), encoding="utf-8")  # shorter: the second try isn't measured
        read_bundle(bundle, read)
    assert all(kept[name].stat().st_mtime_ns == moment for name, moment in before.items())
    assert [error for _, _, error in bundle.outcomes.values()] == [None] * len(NAMES)


@contextmanager
def _locked(database: Path) -> Iterator[None]:
    """Have a database in hand, as another program does that writes to it."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield


def test_a_locked_ledger(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outputs = tmp_path / "outputs"
    _acknowledge(inbox, outputs)
    monkeypatch.setattr(ledger, "PATIENCE", 0.2)
    with _locked(outputs / ledger.FILE):
        status = cli.main(_arguments(inbox, outputs))
    assert _is_one_sentence(status, capsys.readouterr().err.splitlines(), "database is locked")
    _completed(inbox, outputs)


def test_a_locked_store(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outputs = tmp_path / "outputs"
    _acknowledge(inbox, outputs)
    store = open_store_of(outputs)
    record_kept(store, outputs)
    close_store(store)
    monkeypatch.setattr("models.store.database._BUSY_MILLISECONDS", 200)
    with _locked(outputs / "store.db"):
        (outputs / "recorded.json").unlink()
        status = cli.main(_arguments(inbox, outputs))
    assert _is_one_sentence(status, capsys.readouterr().err.splitlines(), "locked")
    _completed(inbox, outputs)
