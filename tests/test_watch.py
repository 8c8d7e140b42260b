"""The watched inbox: what its page says, what trouble does to it, and the service from start to kill -9."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from models.errors import UsageError
from models.records import LANGUAGES, Language
from pipeline import known, watch
from pipeline.batch import Round
from pipeline.hold import held
from pipeline.inbox import Dropped
from pipeline.looks import Sight
from pipeline.register import read_register
from pipeline.statuspage import MOST_LINES, Status, failures, last_done, page, write_status
from pipeline.watch import Watching
from pipeline.workers import Workers

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpus/documents"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    signal.signal(signal.SIGIO, signal.SIG_IGN)
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


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
        assert watch._cycle(service) is not None
        time.sleep(0.05)
    assert rounds == [3, 1, 1, 1]
    assert said == ["watch-trouble"] * 4
    data = json.loads((tmp_path / "out/status.json").read_text())
    assert (data["state"], "No space left" in data["trouble"]) == ("trouble", True)
    assert watch._cycle(service) is None
    waiting = json.loads((tmp_path / "out/status.json").read_text())["waiting"]
    assert waiting == [{"file": f"{name}.txt", "why": "watch-again"} for name in "abc"]


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
