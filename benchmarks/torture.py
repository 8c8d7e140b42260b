"""A torture run: good, broken, hostile, doubled, renamed and half-copied files, and kill -9 at random moments.

At the end each good file is in the register exactly once, each bad one among the failures with a reason, and the
originals are byte for byte as they were:

    python -m benchmarks.torture --files 300 --kills 12
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Literal

from pipeline import known
from pipeline.register import read_register
from pipeline.server import Server

ROOT = Path(__file__).parents[1]
Command = Literal["run", "watch"]
_FOLDERS = ("", "", "Sở Nội vụ", "отдел/2026", unicodedata.normalize("NFD", "điều hành"))
_STUCK = 300.0  # seconds without an end


@dataclass(slots=True)
class Inbox:
    """What was dropped: bytes by path, the hashes of the good contents, and the codes of the bad ones by name."""

    folder: Path
    contents: dict[Path, bytes] = field(default_factory=dict)
    good: set[str] = field(default_factory=set)
    bad: dict[str, str] = field(default_factory=dict)


def planned(folder: Path, count: int, chance: random.Random) -> Inbox:
    """Return so many files to be dropped: six in ten good, the others doubled, broken and hostile."""
    inbox = Inbox(folder)
    bad = _bad_contents()
    for number in range(count):
        place = folder / chance.choice(_FOLDERS)
        if number % 10 < 6:
            content = _order(number)
            inbox.contents[place / f"{number:03} chỉ thị.txt"] = content
            inbox.good.add(hashlib.sha256(content).hexdigest())
        elif number % 10 < 8:
            content = chance.choice([data for path, data in inbox.contents.items() if "chỉ thị" in path.name])
            inbox.contents[place / f"{number:03} копия.txt"] = content
        else:
            suffix, content, code = bad[number // 10 * 2 % len(bad) + number % 2]
            inbox.contents[place / f"{number:03} bad{suffix}"] = content + b"\0" * number  # each its own content
            inbox.bad[f"{number:03} bad{suffix}"] = code
    return inbox


def _order(number: int) -> bytes:
    return f"ORDER No. {number}\nThe Port Police shall count the boats of pier {number} by 1 June 2027.\n".encode()


def _bad_contents() -> list[tuple[str, bytes, str]]:
    """Return suffix, bytes and the code of the failure; zeros may follow the bytes."""
    nested = b"The Port Police shall count the boats.\n"
    for _ in range(8):
        nested = _zipped({"inner.zip": nested})
    image = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\xea\x60\0\0\xea\x60\x08\x02\0\0\0"
    return [
        (".zip", _zipped({"zeros.txt": b"0" * 20_000_000}), "read-too-large"),
        (".pdf", b"%PDF-1.7\nnothing that follows makes sense\n", "read-broken"),
        (".txt", b"", "read-empty"),
        (".png", image, "read-broken"),
        (".zip", nested, "read-too-large"),
        (".docx", _zipped({"word/document.xml": b"<w:document", "[Content_Types].xml": b"<"}), "read-broken"),
        (".doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "read-unknown-format"),
        (".zip", b"PK\x03\x04" + b"cut off", "read-broken"),
    ]


def _zipped(members: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def drop(path: Path, content: bytes, slowly: bool = False) -> None:
    """Copy a file into the inbox, in pieces with waits between them where it is to go slowly."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as handle:
        for start in range(0, len(content), 20 if slowly else max(1, len(content))):
            handle.write(content[start : start + 20 if slowly else None])
            handle.flush()
            time.sleep(0.2 if slowly else 0)


def rename_some(inbox: Inbox, chance: random.Random, count: int) -> None:
    """Give some good files, that may be in hand at the moment, other names."""
    for path in chance.sample([path for path in inbox.contents if "chỉ thị" in path.name and path.exists()], count):
        target = path.with_name(f"renamed {path.name}")
        path.rename(target)
        inbox.contents[target] = inbox.contents.pop(path)


@contextmanager
def one_server(home: Path) -> Iterator[dict[str, str]]:
    """Run one server of Prefect's for all starts of the command; yields the environment that names it."""
    before = dict(os.environ)
    os.environ.update(PREFECT_HOME=str(home), PREFECT_SERVER_ANALYTICS_ENABLED="false", DO_NOT_TRACK="1")
    server = Server()
    try:
        server.start()
        server.wait()
        yield dict(os.environ)
    finally:
        server.stop()
        os.environ.clear()
        os.environ.update(before)


def start(
    command: Command, inbox: Path, outputs: Path, environment: Mapping[str, str], log: IO[bytes]
) -> subprocess.Popen[bytes]:
    """Start the command over the inbox."""
    arguments = [sys.executable, "-m", "pipeline.cli", command, "--inbox", str(inbox), "--outputs", str(outputs)]
    return subprocess.Popen(arguments, cwd=ROOT, env={**environment, "LC_ALL": "C.UTF-8"}, stdout=log, stderr=log)


def known_count(outputs: Path) -> int:
    """Return how many contents are known so far."""
    return len(known.load(outputs))


def kill_in_work(process: subprocess.Popen[bytes], outputs: Path, chance: random.Random) -> bool:
    """Kill -9 the command a moment after it has got on with some more files; False where it had ended before."""
    aim, end = known_count(outputs) + chance.randint(1, 8), time.monotonic() + _STUCK
    while process.poll() is None and known_count(outputs) < aim and time.monotonic() < end:
        time.sleep(0.01)
    time.sleep(chance.random() * 0.2)
    was_running = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    return was_running


def mistakes(inbox: Inbox, outputs: Path) -> list[str]:
    """Return what is wrong at the end; nothing where all is as it should be."""
    found: list[str] = []
    rows = Counter(row["source_sha256"] for row in read_register(outputs / "register.csv"))
    found += [f"{rows[sha256]} rows of the good file {sha256[:8]}" for sha256 in inbox.good if rows[sha256] != 1]
    found += [f"rows of an unknown file {sha256[:8]}" for sha256 in rows if sha256 not in inbox.good]
    with (outputs / "failures.csv").open(encoding="utf-8", newline="") as handle:
        failures = [(Path(line["file"]).name, line["code"], line["what_happened"]) for line in csv.DictReader(handle)]
    told = Counter((name, code) for name, code, why in failures if why)
    wanted = Counter(inbox.bad.items())
    found += [f"not told: {failure}" for failure in (wanted - told)] + [f"told: {each}" for each in (told - wanted)]
    found += [f"changed: {path.name}" for path, content in inbox.contents.items() if _bytes(path) != content]
    here = {path for path in inbox.folder.rglob("*") if path.is_file()}
    return found + [f"unknown file: {path.name}" for path in here - set(inbox.contents)]


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def tortured_runs(inbox: Inbox, outputs: Path, kills: int, chance: random.Random, log: IO[bytes]) -> int:
    """Bring the register up to date by `chidao run`, killed and started again; returns how often it was killed."""
    killed = 0
    paths = list(inbox.contents)
    for path in paths:
        content = inbox.contents[path]
        drop(path, content[: len(content) // 2] if path in paths[:: len(paths) // 4] else content)  # half-copied
    with one_server(outputs.parent / "prefect") as environment:
        for number in range(kills):
            process = start("run", inbox.folder, outputs, environment, log)
            killed += kill_in_work(process, outputs, chance)
            rename_some(inbox, chance, 2)
            if number == 0:
                for path, content in inbox.contents.items():
                    if path.read_bytes() != content:
                        drop(path, content)
        start("run", inbox.folder, outputs, environment, log).wait(_STUCK)
    return killed


def tortured_service(inbox: Inbox, outputs: Path, kills: int, chance: random.Random, log: IO[bytes]) -> int:
    """Let `chidao watch` work while files are dropped, some slowly, and kill it; returns how often it was killed."""
    killed = 0
    paths = list(inbox.contents.items())
    chance.shuffle(paths)
    slow = {path for path, _ in paths[::15]}
    dropping = threading.Thread(target=_drop_all, args=(paths, slow))
    inbox.folder.mkdir(parents=True, exist_ok=True)
    dropping.start()
    with one_server(outputs.parent / "prefect") as environment:
        for _ in range(kills):
            killed += kill_in_work(start("watch", inbox.folder, outputs, environment, log), outputs, chance)
        dropping.join()
        process = start("watch", inbox.folder, outputs, environment, log)
        rename_some(inbox, chance, len(paths) // 30)
        _settled(outputs)
        process.terminate()
        process.wait(60)
    return killed


def _drop_all(paths: Iterable[tuple[Path, bytes]], slow: Container[Path]) -> None:
    for path, content in paths:
        drop(path, content, path in slow)
        time.sleep(0.02)


def _settled(outputs: Path) -> None:
    """Wait until the service has been idle for some seconds."""
    end, idle_since = time.monotonic() + _STUCK, 0.0
    begun = time.time()
    while time.monotonic() < end and (not idle_since or time.monotonic() - idle_since < 12):
        path = outputs / "status.json"
        state = json.loads(path.read_text())["state"] if path.exists() and path.stat().st_mtime > begun else ""
        idle_since = (idle_since or time.monotonic()) if state == "idle" else 0.0
        time.sleep(0.2)


def main() -> int:
    """Run the torture and print what it came to; returns 1 where anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--command", choices=["run", "watch"], default="watch")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    torture = tortured_runs if options.command == "run" else tortured_service
    with tempfile.TemporaryDirectory() as folder, Path(folder, "log").open("wb") as log:
        inbox, outputs = planned(Path(folder, "inbox"), options.files, chance), Path(folder, "outputs")
        started = time.monotonic()
        killed = torture(inbox, outputs, options.kills, chance, log)
        wrong = mistakes(inbox, outputs)
        good, bad = len(inbox.good), len(inbox.bad)
        print(f"{options.files} files ({good} good contents, {bad} bad), `{options.command}` killed {killed} times,")
        print(f"{time.monotonic() - started:.0f} s: {len(wrong)} mistakes", *wrong, sep="\n  ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
