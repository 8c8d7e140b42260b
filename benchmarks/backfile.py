"""Measures a back-file: many documents at once, by workers, beside bare reading and extracting of the same files.

    python -m benchmarks.backfile --files 2000 --workers 1 2

The files are variations of the project's corpus, each with a number and dates of its own. For each count of workers:
documents a minute, and the share of their time in which they neither read nor extracted. Bare is one process that does
nothing else, over each tenth file.
"""

from __future__ import annotations

import argparse
import itertools
import random
import re
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from corpus.build import DOCUMENTS
from pipeline import batch
from pipeline.extract import extract_file, warm_up
from pipeline.workers import Workers

_EACH_BARE = 10  # of so many files one is read bare
_DIGITS = re.compile(r"(?<![\w.,/-])\d{1,3}(?![\w.,/-]|\s*%)")


def varied(folder: Path, count: int, chance: random.Random) -> None:
    """Write so many files, all of them different directives: the numbers in their texts are drawn anew."""
    folder.mkdir(parents=True)
    for number, path in zip(range(count), itertools.cycle(_sources()), strict=False):
        change = _changed(number, chance)
        target = folder / f"{number:05} {path.name}"
        if path.suffix == ".docx":
            _vary_word(path, target, change)
        else:
            target.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


def _sources() -> list[Path]:
    """Return the documents of the corpus that can be written anew without another program."""
    return [path for path in sorted(DOCUMENTS.iterdir()) if path.suffix in {".docx", ".html", ".md", ".txt"}]


def _changed(number: int, chance: random.Random) -> Callable[[str], str]:
    """Return what changes a text: the number of the document first, then others, years and days left as they are."""
    own = iter([str(1000 + number)])

    def change(text: str) -> str:
        text = re.sub(r"(?<![\w/-])\d{1,4}(?=\s?/\s?[\dA-ZĐ])", lambda found: next(own, found[0]), text, count=1)
        return _DIGITS.sub(lambda found: str(chance.randint(32, 999)) if int(found[0]) > 31 else found[0], text)

    return change


def _vary_word(source: Path, target: Path, change: Callable[[str], str]) -> None:
    """Copy a Word file with its text changed and a mark of its own."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            data = old.read(member)
            if member == "word/document.xml":
                text = re.compile(r"(?<=>)[^<>]+(?=</w:t>)")
                data = text.sub(lambda found: change(found[0]), data.decode()).encode()
            new.writestr(member, data)
        new.comment = target.name.encode()


def bare(paths: Sequence[Path]) -> float:
    """Return the seconds a file that one process needs which only reads and extracts."""
    warm_up()
    started = time.perf_counter()
    for path in paths:
        extract_file(path)
    return (time.perf_counter() - started) / len(paths)


class _Timed(Workers):
    """Workers that keep count of the seconds for which they carried out calls."""

    seconds = 0.0

    def call_for(self, size: int, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        seconds, result = super().call_for(size, _timed, function, args, kwargs)
        self.seconds += seconds
        return result


def _timed(function: Callable[..., object], args: Any, kwargs: Any) -> tuple[float, object]:
    started = time.perf_counter()
    result = function(*args, **kwargs)
    return time.perf_counter() - started, result


def through_the_flow(inbox: Path, outputs: Path, count: int) -> str:
    """Return what the flow makes of the inbox with so many workers, its server running."""
    from pipeline.flow import run_inbox

    workers = _Timed(count)
    for _ in range(count):
        workers.call(warm_up)
    workers.seconds = 0.0
    started, own = time.perf_counter(), time.process_time()
    summary = run_inbox(inbox, outputs, "en", crew=lambda: workers)
    seconds, own = time.perf_counter() - started, time.process_time() - own
    elsewhere = 1 - workers.seconds / (seconds * count)
    return (
        f"{count} workers: {60 * summary.read / seconds:.0f} documents a minute, {summary.failed} failures, "
        f"{summary.rows} rows; {100 * elsewhere:.0f} % of the workers' time outside reading and extracting; "
        f"the flow's own process {1000 * own / summary.read:.0f} ms a document"
    )


def figures(count: int, workers: Sequence[int], folder: Path) -> Iterator[str]:
    """Yield a line for each way of working; bare is measured before and after each of the others."""
    inbox = folder / "inbox"
    varied(inbox, count, random.Random(7))
    some = sorted(inbox.iterdir())[::_EACH_BARE]
    server = batch.start_prefect(folder / "prefect")
    import pipeline.flow  # noqa: F401 - loaded while the server starts

    if server:
        server.wait()
    yield f"bare, one process: {60 / bare(some):.0f} documents a minute"
    for number in workers:
        yield through_the_flow(inbox, folder / f"outputs {number}", number)
        yield f"bare, one process: {60 / bare(some):.0f} documents a minute"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for line in figures(options.files, options.workers, Path(folder)):
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
