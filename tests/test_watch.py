"""The watched inbox: what is whole, where files go, what the page says, and the service from start to kill -9."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import pytest

from models.errors import UsageError
from models.records import LANGUAGES, Language
from pipeline import known, looks, moving, watch
from pipeline.batch import Round
from pipeline.hold import held
from pipeline.inbox import Dropped
from pipeline.known import Known, engine
from pipeline.looks import CLOSED_QUIET, EMPTY_QUIET, Sight, dropped, has_writer, look, unfinished
from pipeline.register import read_register
from pipeline.statuspage import MOST_LINES, Status, failures, last_done, page, write_status
from pipeline.watch import Watching
from pipeline.workers import Workers

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpus/documents"
QUIET = 2.0
needs_leases = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who has a file open for writing")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    signal.signal(signal.SIGIO, signal.SIG_IGN)
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


def _names(sights: Mapping[Path, Sight]) -> tuple[list[str], list[str]]:
    return [file.name for file in dropped(sights)], unfinished(sights.values())


@needs_leases
def test_a_file_is_left_alone_until_it_is_closed(inbox: Path, tmp_path: Path) -> None:
    with (inbox / "slow.txt").open("w") as handle:
        handle.write("The Port Police shall")
        handle.flush()
        assert has_writer(inbox / "slow.txt") is True
        first = look(inbox, tmp_path / "out", {}, 0.0, QUIET)
        later = look(inbox, tmp_path / "out", first, 100.0, QUIET)
        assert _names(later) == ([], ["slow.txt"])
    assert has_writer(inbox / "slow.txt") is False
    closed = look(inbox, tmp_path / "out", later, 100.1, QUIET)
    assert _names(closed) == (["slow.txt"], [])
    assert dropped(closed)[0].sha256 == hashlib.sha256(b"The Port Police shall").hexdigest()


def test_where_nobody_can_tell_two_looks_decide(inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "has_writer", lambda path: None)
    path, out = inbox / "a.txt", tmp_path / "out"
    path.write_text("one")
    seen = look(inbox, out, {}, 0.0, QUIET)
    assert _names(look(inbox, out, seen, QUIET - 0.1, QUIET)) == ([], ["a.txt"])
    path.write_text("one, two")
    grown = look(inbox, out, seen, QUIET + 0.1, QUIET)
    assert _names(grown) == ([], ["a.txt"])
    whole = look(inbox, out, grown, 2 * QUIET + 0.2, QUIET)
    assert _names(whole) == (["a.txt"], [])
    path.write_text("one, two, three")
    assert _names(look(inbox, out, whole, 9.0, QUIET)) == ([], ["a.txt"])


def test_a_moved_file_is_taken_soon_an_empty_one_late_and_a_passing_one_never(inbox: Path, tmp_path: Path) -> None:
    (inbox / "sub").mkdir()
    for name in ("moved.txt", "~$moved.docx", "half.txt.part", ".hidden", "sub/Ünï.txt", "same.txt"):
        (inbox / name).write_text("x")
    (inbox / "empty.txt").touch()
    seen = look(inbox, tmp_path / "out", {}, 0.0, QUIET)
    soon = look(inbox, tmp_path / "out", seen, max(CLOSED_QUIET, QUIET), QUIET)
    assert _names(soon) == (["moved.txt"], ["empty.txt"])
    assert sorted(path.name for path in soon) == ["empty.txt", "moved.txt", "same.txt", "Ünï.txt"]
    late = look(inbox, tmp_path / "out", soon, EMPTY_QUIET + QUIET, QUIET)
    assert unfinished(late.values()) == []


def test_an_unchanged_file_is_not_hashed_again(inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (inbox / "a.txt").write_text("x")
    whole = look(inbox, tmp_path / "out", look(inbox, tmp_path / "out", {}, 0.0, QUIET), 9.0, QUIET)

    def unwanted(path: Path) -> str:
        raise AssertionError(path)

    monkeypatch.setattr(looks, "digest", unwanted)
    assert look(inbox, tmp_path / "out", whole, 10.0, QUIET) == whole


def test_a_file_that_cannot_be_opened_is_whole_so_that_reading_tells_why(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path) -> str:
        raise PermissionError(13, "Permission denied")

    (inbox / "a.txt").write_text("x")
    seen = look(inbox, tmp_path / "out", {}, 0.0, QUIET)
    with monkeypatch.context() as patch:
        patch.setattr(looks, "digest", refused)
        refused_once = look(inbox, tmp_path / "out", seen, 9.0, QUIET)
    assert len(dropped(refused_once)) == 1
    opened = look(inbox, tmp_path / "out", refused_once, 10.0, QUIET)
    assert dropped(opened)[0].sha256 == hashlib.sha256(b"x").hexdigest()


def test_files_are_moved_by_what_became_of_them_and_none_over_another(inbox: Path) -> None:
    (inbox / "done/sub").mkdir(parents=True)
    (inbox / "sub").mkdir()
    (inbox / "failed").mkdir()
    contents = {
        "sub/a.txt": "good",
        "done/sub/a.txt": "other",
        "bad.txt": "bad",
        "failed/now good.txt": "better",
        "new": "n",
    }
    for name, content in contents.items():
        (inbox / name).write_text(content)
    sights = {inbox / name: Sight(name, (1, 1, 1), 0.0, content) for name, content in contents.items()}
    good, bad = Known("x", engine()), Known("x", engine(), "read-broken")
    entries = {"good": good, "other": good, "bad": bad, "better": good}
    moved = moving.tidy(inbox, sights, entries)
    names = {"done/sub/a (2).txt", "done/sub/a.txt", "failed/bad.txt", "done/now good.txt", "new"}
    assert {sight.name for sight in moved.values()} == names
    assert {path.relative_to(inbox).as_posix() for path in inbox.rglob("*") if path.is_file()} == names
    assert (inbox / "done/sub/a.txt").read_text() == "other"
    assert moving.tidy(inbox, moved, entries) == moved


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_whole_in_itself_and_takes_no_name_for_markup(language: Language, tmp_path: Path) -> None:
    name = "<script>alert(1)</script>&\"'.pdf"
    status = Status(
        "trouble",
        "OSError: <b>",
        waiting=[{"file": name, "why": "watch-copying"}],
        failed=[{"file": name, "code": "read-broken", "why": "<i>", "next": ""}],
        done=[{"file": f"{number}.txt", "tasks": 1, "pages": 1, "moment": "m"} for number in range(MOST_LINES + 5)],
        counts={"done": MOST_LINES + 5},
    )
    write_status(tmp_path, status, language)
    text = (tmp_path / "status.html").read_text(encoding="utf-8")
    assert f'<html lang="{language}">' in text
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert not any(word in text for word in ("<b>", "<i>", "src=", "href=", "http://", "https://", "watch-"))
    data = json.loads((tmp_path / "status.json").read_text(encoding="utf-8"))
    assert data["counts"] == {"done": MOST_LINES + 5, "waiting": 1, "in_work": 0}
    assert (data["state"], data["waiting"][0]["file"], len(data["done"])) == ("trouble", name, MOST_LINES)
    assert last_done(tmp_path) == data["done"]


def test_nothing_known_yet_is_no_trouble(tmp_path: Path) -> None:
    assert (last_done(tmp_path), failures(tmp_path)) == ([], [])
    (tmp_path / "status.json").write_text("{half")
    assert last_done(tmp_path) == []
    assert "<table" not in page(Status(), "en")


def test_only_one_writes_to_the_outputs(tmp_path: Path) -> None:
    with held(tmp_path / "out"), pytest.raises(UsageError) as caught, held(tmp_path / "out"):
        pass
    assert caught.value.code == "outputs-in-use"
    with held(tmp_path / "out"):
        pass


def _service(inbox: Path, outputs: Path, said: list[str]) -> watch._Service:
    outputs.mkdir(exist_ok=True)
    workers = Workers.__new__(Workers)
    return watch._Service(
        Watching(inbox, outputs), lambda code, values: said.append(code), threading.Event(), None, workers
    )


def test_trouble_is_told_and_the_files_go_one_by_one(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds: list[int] = []

    def full(service: Any, start: Round, new: tuple[Dropped, ...]) -> None:
        rounds.append(len(new))
        service.put_off |= {file.sha256: time.monotonic() + 60.0 for file in new if service.is_careful}
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(watch, "_run", full)
    for name in "abc":
        (inbox / f"{name}.txt").write_text(name)
    said: list[str] = []
    service = _service(inbox, tmp_path / "out", said)
    while len(rounds) < 4:
        waited = watch._cycle(service)
        assert waited is not None
        time.sleep(min(waited, CLOSED_QUIET))
        if service.sights and all(sight.is_whole for sight in service.sights.values()) and rounds == [1, 1, 1, 1]:
            break
        if len(rounds) == 4 or (len(rounds) >= 3 and rounds[0] == 3 and len(service.put_off) == 3):
            break
    assert max(rounds[1:]) == 1
    assert set(said) == {"watch-trouble"}
    data = json.loads((tmp_path / "out/status.json").read_text())
    assert (data["state"], "No space left" in data["trouble"]) == ("trouble", True)


def test_an_inbox_that_is_gone_is_waited_for(inbox: Path, tmp_path: Path) -> None:
    said: list[str] = []
    service = _service(inbox, tmp_path / "out", said)
    inbox.rmdir()
    assert watch._cycle(service) == 5.0
    inbox.mkdir()
    assert watch._cycle(service) is None
    assert said == ["watch-trouble"]
    assert json.loads((tmp_path / "out/status.json").read_text())["state"] == "idle"
    assert read_register(tmp_path / "out/register.csv") == []


def test_what_came_last_goes_first_and_what_is_put_off_waits(inbox: Path, tmp_path: Path) -> None:
    service = _service(inbox, tmp_path / "out", [])
    files = [Dropped(inbox / name, name, name) for name in ("old", "new", "later")]
    service.sights = {
        file.path: Sight(file.name, (1, 1, 1), float(number), file.name) for number, file in enumerate(files)
    }
    service.put_off = {"later": 50.0}
    assert [file.name for file in watch._turn(service, Round({}, tuple(files)), 10.0)] == ["new", "old"]
    assert [file.name for file in watch._turn(service, Round({}, tuple(files)), 60.0)] == ["later", "new", "old"]


def _until(holds: Callable[[], object], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "not within the time"
        time.sleep(0.05)


class _Run:
    """`chidao watch` as a process of its own."""

    def __init__(self, inbox: Path, outputs: Path, log: IO[bytes], *options: str) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
        command = [
            sys.executable,
            "-m",
            "pipeline.cli",
            "watch",
            "--inbox",
            str(inbox),
            "--outputs",
            str(outputs),
            *options,
        ]
        self.outputs = outputs
        self.process = subprocess.Popen(command, cwd=ROOT, env={**clean, "LC_ALL": "C.UTF-8"}, stdout=log, stderr=log)

    def names(self) -> list[str]:
        path = self.outputs / "register.csv"
        return sorted({row["source_file"] for row in read_register(path)}) if path.exists() else []

    def status(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads((self.outputs / "status.json").read_text(encoding="utf-8"))
        except OSError:
            return {"state": "", "counts": {"failed": 0, "done": 0}, "in_work": []}
        return found


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., _Run]]:
    runs: list[_Run] = []
    with (tmp_path / "log").open("wb") as log:

        def begin(*options: str) -> _Run:
            runs.append(_Run(tmp_path / "inbox", tmp_path / "out", log, *options))
            return runs[-1]

        yield begin
        for run in runs:
            run.process.kill()
            run.process.wait()


@pytest.mark.prefect
@pytest.mark.slow
def test_the_service_reads_what_comes_survives_kill_9_and_moves_when_told(
    inbox: Path, tmp_path: Path, start: Callable[..., _Run]
) -> None:
    memo, plan = CORPUS / "en-memo-single-sign-in.docx", CORPUS / "ru-rasporyazhenie-razdelnyj-sbor.txt"
    (inbox / "sub").mkdir()
    shutil.copy(memo, inbox / "sub")
    (inbox / "half.pdf").write_bytes((CORPUS / "vi-thong-bao-ket-luan-hop.pdf").read_bytes()[:3000])
    first = start()
    _until(lambda: first.names() == [memo.name] and first.status()["state"] == "idle")
    found = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out/documents").iterdir()}
    engines = {entry.engine for entry in known.load(tmp_path / "out").values()}
    with (inbox / plan.name).open("wb") as slowly:
        for start_of in range(0, plan.stat().st_size, 3000):
            slowly.write(plan.read_bytes()[start_of : start_of + 3000])
            slowly.flush()
            time.sleep(0.2)
            assert first.names() == [memo.name]
    _until(lambda: first.status()["in_work"])
    first.process.send_signal(signal.SIGKILL)  # in the middle of its work
    first.process.wait()
    assert (inbox / plan.name).read_bytes() == plan.read_bytes()
    assert (inbox / "sub" / memo.name).read_bytes() == memo.read_bytes()

    second = start("--move", "--polling", "--interval", "0.3")
    _until(lambda: (inbox / "done" / plan.name).exists() and second.status()["state"] == "idle")
    files = {path.relative_to(inbox).as_posix() for path in inbox.rglob("*") if path.is_file()}
    assert files == {f"done/sub/{memo.name}", f"done/{plan.name}", "failed/half.pdf"}
    assert (inbox / "done/sub" / memo.name).read_bytes() == memo.read_bytes()
    kept = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out/documents").iterdir()}
    if engines == {entry.engine for entry in known.load(tmp_path / "out").values()}:  # nobody edits the code meanwhile
        assert found.items() <= kept.items()  # nothing is read twice
    assert len(kept) == 2
    assert second.names() == [memo.name, plan.name]
    with (tmp_path / "out/failures.csv").open(encoding="utf-8", newline="") as handle:
        assert [(line["file"], line["code"]) for line in csv.DictReader(handle)] == [("half.pdf", "read-broken")]
    assert second.status()["counts"] == {"done": 2, "failed": 1, "waiting": 0, "in_work": 0}
    second.process.send_signal(signal.SIGTERM)
    assert second.process.wait(20) == 0
    assert second.status()["state"] == "stopped"
