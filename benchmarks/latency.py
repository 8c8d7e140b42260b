"""Measures how long it takes from the drop of a ten-page PDF to its rows in the register, with `chidao watch` warm.

    python -m benchmarks.latency --drops 10

Beside each drop the bare extraction of the same file, in this process. Exit 1 where the median is not under 3 seconds.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.extract import extract_file, warm_up
from tests.readers.pdfs import Page, pdf

ROOT = Path(__file__).parents[1]
LARGEST_SECONDS = 3.0
PAGES, TASKS_A_PAGE = 10, 9
_PATIENCE = 180.0


def ten_pages(number: int) -> bytes:
    """Return a born-digital order of ten pages, with a task in each third line."""
    pages, point = [], 0
    for index in range(PAGES):
        page, lines = Page(), list[str]()
        if index == 0:
            lines += ["HARBOUR COUNCIL", f"ORDER No. {number}/2026", "4 May 2026", "On the upkeep of the port"]
        for _ in range(TASKS_A_PAGE):
            point += 1
            lines += [
                f"{point}. The Harbour Office shall paint pier {point} of the northern quay and mend its lamps,",
                "in coordination with the Fire Brigade and the Port Police, so that boats may moor there safely,",
                f"and shall report to the Council on order {number} by {point % 27 + 1} September 2026.",
            ]
        page.lines(50, 60, lines, 9, 22)
        pages.append(page)
    return pdf(pages)


@contextmanager
def watching(inbox: Path, outputs: Path) -> Iterator[None]:
    """Run `chidao watch` over an inbox, from the moment at which it says that it waits."""
    arguments = [sys.executable, "-m", "pipeline.cli", "watch", "--inbox", str(inbox), "--outputs", str(outputs)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    process = subprocess.Popen(arguments, cwd=ROOT, env=clean, stderr=subprocess.DEVNULL)
    try:
        _until(lambda: '"idle"' in _text(outputs / "status.json"))
        yield
    finally:
        process.terminate()
        process.wait()


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError("not within the time")
        time.sleep(0.02)


def measured(drops: int, folder: Path) -> Iterator[tuple[float, float]]:
    """Yield for each drop the seconds until its rows are in the register, and those of bare extraction."""
    inbox, outputs = folder / "inbox", folder / "outputs"
    inbox.mkdir()
    warm_up()
    with watching(inbox, outputs):
        for number in range(drops + 1):
            name, content = f"{number:03}.pdf", ten_pages(number)
            started = time.perf_counter()
            (inbox / name).write_bytes(content)
            _until(lambda name=name: name in _text(outputs / "register.csv"))  # type: ignore[misc]
            dropped = time.perf_counter() - started
            started = time.perf_counter()
            (found,) = extract_file(inbox / name)
            bare = time.perf_counter() - started
            assert len(found.tasks) == len(found.document.pages) * TASKS_A_PAGE, "not every task was found"
            if number:  # the first drop and extraction load what the others use
                yield dropped, bare


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--drops", type=int, default=10)
    with tempfile.TemporaryDirectory() as folder:
        times = list(measured(parser.parse_args().drops, Path(folder)))
    dropped, bare = zip(*times, strict=True)
    median = statistics.median(dropped)
    print(
        f"{len(times)} drops of {PAGES} pages: median {median:.2f} s, from {min(dropped):.2f} to {max(dropped):.2f} s"
    )
    print(f"bare extraction of the same files: median {statistics.median(bare):.2f} s")
    return 0 if median < LARGEST_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
