"""Measures `chidao extract` on the corpus's PDFs beside pdfplumber's `extract_words`, and the memory of a long one.

Both read the same files in turn, in this process, on one core; the best of three rounds counts. Exit 1 where a bound
is missed.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from pathlib import Path

CORPUS = Path(__file__).parents[1] / "corpus/documents"
ROUNDS = 3
LONG_PAGES = 200
LARGEST_RATIO = 1.3
LARGEST_MEGABYTES = 400


def main(arguments: Sequence[str]) -> int:
    if arguments:  # the child whose memory is measured
        extract(Path(arguments[0]))
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return 0
    paths = sorted(CORPUS.glob("*.pdf"))
    pages = sum(map(page_count, paths))
    bare, whole = (seconds / pages for seconds in best_times(paths))
    print(f"{len(paths)} PDFs, {pages} pages")
    print(f"pdfplumber extract_words  {1000 * bare:7.1f} ms a page")
    print(f"chidao extract            {1000 * whole:7.1f} ms a page")
    print(f"ratio                     {whole / bare:7.2f} (at most {LARGEST_RATIO})")
    megabytes = memory_of_long(paths)
    print(f"memory, {LONG_PAGES} pages         {megabytes:7.0f} MB (at most {LARGEST_MEGABYTES})")
    return int(whole / bare > LARGEST_RATIO or megabytes > LARGEST_MEGABYTES)


def best_times(paths: Sequence[Path]) -> tuple[float, float]:
    """Return the seconds that bare words and the whole extraction take over all files."""
    extract(paths[0])  # loads the language data, once a process
    rounds = [(timed(bare_words, paths), timed(extract, paths)) for _ in range(ROUNDS)]
    return min(bare for bare, _ in rounds), min(whole for _, whole in rounds)


def timed(function: Callable[[Path], None], paths: Sequence[Path]) -> float:
    started = time.perf_counter()
    for path in paths:
        function(path)
    return time.perf_counter() - started


def extract(path: Path) -> None:
    from pipeline.extract import extract_file

    extract_file(path)


def bare_words(path: Path) -> None:
    import pdfplumber

    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            page.extract_words()
            page.close()


def page_count(path: Path) -> int:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as pdf:
        return len(pdf)


def memory_of_long(paths: Sequence[Path]) -> float:
    """Return the peak memory, in megabytes, of a process that extracts a long PDF made of the others' pages."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.pdf"
        write_long(path, paths)
        command = [sys.executable, "-m", "benchmarks", str(path)]
        return float(subprocess.run(command, capture_output=True, check=True).stdout)


def write_long(path: Path, paths: Sequence[Path]) -> None:
    import pypdfium2

    sources = [pypdfium2.PdfDocument(source) for source in paths]
    leaves = [(source, number) for source in sources for number in range(len(source))]
    with pypdfium2.PdfDocument.new() as long:
        for source, number in islice(cycle(leaves), LONG_PAGES):
            long.import_pages(source, [number])
        long.save(path)
    for source in sources:
        source.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
