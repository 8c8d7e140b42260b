"""Measures the reviewer's desk over HTTP: 1,000 documents, 100,000 tasks, ten reviewers who ask without a pause.

The desk runs as `chidao review` does. Beside it, in the same run, a bare FastAPI application answers a constant page of
the same size: the floor of what the framework and this machine cost. Exit 1 where the 95th percentile of a page is
above its bound. `python -m benchmarks.desk [FOLDER]` keeps what it has made in the folder.
"""

from __future__ import annotations

import http.client
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

from benchmarks.store import DOCUMENTS, READERS, TASKS, directive, fill
from models.store import close_store, create_user, open_session, open_store
from pipeline import known
from pipeline.known import Known

ROUNDS = 12
LARGEST_SECONDS = 0.2
_SIZE = 60_000  # bytes of the constant page: about what a list of tasks has
_WORDS = {"vi": ("kế hoạch", "báo cáo", "ngân sách"), "en": ("plan", "report", "budget"), "ru": ("план", "доклад")}


def main(arguments: Sequence[str]) -> int:
    if arguments[:1] == ["floor"]:
        return _serve_floor(int(arguments[1]))
    with tempfile.TemporaryDirectory() as folder:
        outputs = Path(arguments[0]) if arguments else Path(folder)
        token = _prepare(outputs)
        desk = [sys.executable, "-m", "pipeline.cli", "review", "--outputs", str(outputs), "--port"]
        with _served(desk, "/sign-in") as port:
            seconds = _seconds_of(port, token, pages, ROUNDS)
        with _served([sys.executable, "-m", "benchmarks.desk", "floor"], "/") as port:
            floor = _seconds_of(port, token, lambda _: {"a constant page, bare FastAPI": "/"}, ROUNDS * len(seconds))
    for name, times in {**seconds, **floor}.items():
        _tell(name, times)
    slow = [name for name, times in seconds.items() if _p95(times) > LARGEST_SECONDS]
    if slow:
        print("above the bound:", ", ".join(slow))
    return int(bool(slow))


def _prepare(outputs: Path) -> str:
    """Fill the outputs as the flow and the reviewers would have, and return the token of a session."""
    path = outputs / "store.db"
    is_new = not path.exists()
    store = open_store(path)
    if is_new:
        fill(store)
    if not known.load(outputs):
        extractions = [directive(number) for number in range(DOCUMENTS)]
        for extraction in extractions:
            known.keep(outputs, extraction.document.sha256, [extraction])
        entries = {one.document.sha256: Known(one.document.file_name, "benchmark") for one in extractions}
        known.save(outputs, entries)
    name = f"reviewer {time.time_ns()}"
    create_user(store, name, "a long enough password", "reviewer")
    token = open_session(store, name)
    close_store(store)
    return token


@contextmanager
def _served(command: Sequence[str], path: str) -> Iterator[int]:
    """Serve until the block ends; says how long it took until the first page came."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    started = time.perf_counter()
    with subprocess.Popen([*command, str(port)], stdout=subprocess.DEVNULL) as served:
        try:
            while not _answers(port, path):
                time.sleep(0.02)
            print(f"{command[2]}: first page after {time.perf_counter() - started:.1f} s")
            before = _processor_seconds(served.pid)
            yield port
            print(f"{command[2]}: {_processor_seconds(served.pid) - before:.1f} s of processor time")
        finally:
            served.terminate()


def _processor_seconds(pid: int) -> float:
    """Return what a process has used of the processor, the same whatever else the machine is doing."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def pages(chance: random.Random) -> dict[str, str]:
    """Return what a reviewer opens, each with other values every time."""
    document = f"{chance.randrange(DOCUMENTS):016}"
    language = chance.choice(tuple(_WORDS))
    word = chance.choice(_WORDS[language])
    month = f"{chance.randint(2020, 2024)}-{chance.randint(1, 12):02}"

    def tasks(**fields: str) -> str:
        return f"/tasks?{urlencode(fields)}"

    return {
        "documents": f"/?left=unreviewed&start={chance.randrange(0, 650, 50)}",
        "documents by words": f"/?words={quote(f'kế hoạch {chance.randrange(DOCUMENTS)}')}",
        "a document of 100 rows": f"/documents/{document}",
        "its rows": f"/documents/{document}/rows?order=document",
        "an editor": f"/tasks/{int(document):08}{chance.randrange(TASKS):08}/edit/deadline",
        "all tasks": tasks(),
        "tasks of a unit": tasks(unit=f"sở {chance.randint(1, 300)}"),
        "tasks due in a month": tasks(due_from=f"{month}-01", due_to=f"{month}-28", order="due"),
        "accepted tasks": tasks(status="accepted", lang=language),
        "doubtful tasks": tasks(doubt="1", status="new"),
        "tasks by a word": tasks(words=word),
        "tasks by everything": tasks(unit=f"sở {chance.randint(1, 300)}", lang=language, status="new", words=word),
        "units": f"/units?q={quote(f'sở {chance.randint(1, 9)}')}&lang=vi",
    }


def _seconds_of(
    port: int, token: str, asked: Callable[[random.Random], Mapping[str, str]], rounds: int
) -> dict[str, list[float]]:
    seconds: defaultdict[str, list[float]] = defaultdict(list)

    def review(reviewer: int) -> None:
        chance = random.Random(reviewer)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for _ in range(rounds):
            chosen = list(asked(chance).items())
            chance.shuffle(chosen)
            for name, path in chosen:
                seconds[name].append(_get(connection, path, token))
        connection.close()

    with ThreadPoolExecutor(READERS) as threads:
        list(threads.map(review, range(READERS)))
    return {name: seconds[name] for name in asked(random.Random(0))}


def _get(connection: http.client.HTTPConnection, path: str, token: str) -> float:
    started = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": f"chidao_session={token}; chidao_language=vi"})
    answer = connection.getresponse()
    content = answer.read()
    took = time.perf_counter() - started
    if answer.status != http.HTTPStatus.OK or (len(content) < 100 and not re.match(rb"\s*<li", content)):
        raise RuntimeError(f"{path}: {answer.status}, {len(content)} bytes")
    return took


def _p95(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


def _tell(name: str, seconds: Sequence[float]) -> None:
    median = statistics.median(seconds)
    print(f"{name:30} median {1000 * median:6.0f} ms, p95 {1000 * _p95(seconds):6.0f} ms, {len(seconds)} answers")


def _serve_floor(port: int) -> int:
    """Serve one constant page."""
    import uvicorn
    from fastapi import FastAPI
    from fastapi.responses import HTMLResponse

    app, content = FastAPI(), "x" * _SIZE

    @app.get("/")
    def constant() -> HTMLResponse:
        return HTMLResponse(content)

    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
