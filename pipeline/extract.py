"""From files to what is found in them, by plain functions: no store, no Prefect."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from models.errors import ChidaoError, ReadError
from models.records import Document, Extraction
from pipeline.limits import size_of
from pipeline.workers import Workers, cores

# Below this many bytes a worker's start takes longer than the reading that it saves (measured: see benchmarks).
SMALL_BATCH = 400_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: its extractions, or the error that says why there are none."""

    path: Path
    extractions: tuple[Extraction, ...] = ()
    error: ChidaoError | None = None
    seconds: float = 0.0
    pages: int = 0

    @property
    def problems(self) -> list[ChidaoError]:
        """What a person should be told of the file: its error, or which parts of it were not read."""
        return [self.error] if self.error else [*problems_of(self.extractions).values()]


def extract_document(document: Document, units: Path | None = None) -> Extraction:
    """Return what a document says, by an office's file of units where one is given.

    Raises ReadError `extract-failed`, and nothing else.
    """
    from extractors.linking import extract
    from pipeline.unitfile import registry_of

    try:
        return extract(document, registry_of(units))
    except Exception as error:  # a defect met by one document must not end the batch
        reason = f"{type(error).__name__}: {error}"
        raise ReadError("extract-failed", file=document.file_name, reason=reason) from error


def extract_file(path: Path, units: Path | None = None) -> tuple[Extraction, ...]:
    """Return what a file's documents say, several for archives and messages. Raises what `extract_document` raises."""
    from pipeline.readers import read_file

    return tuple(extract_document(document, units) for document in read_file(path))


def warm_up() -> None:
    """Load into this process what reading the first file would load."""
    from extractors.lexicon import kinds, languages, load
    from pipeline.readers import docx, pdf, textlayer, textsheets  # noqa: F401

    for language in languages():
        for kind in kinds(language):
            load(language, kind)


def without_words(extraction: Extraction) -> Extraction:
    """Leave out the place of every word on its page: only the page image needs it, and it is most of the bytes."""
    return replace(extraction, document=replace(extraction.document, words=(), _starts=()))


def problems_of(extractions: Iterable[Extraction]) -> dict[tuple[str, str], ReadError]:
    """Return the warnings of files that were read in part, once by file and code."""
    found: dict[tuple[str, str], ReadError] = {}
    for extraction in extractions:
        file = extraction.document.file_name.split("/")[0]  # an archive stands for what is in it
        found |= {(file, code): ReadError(code, file=file) for code in extraction.document.warnings}
    return found


def outcome_of(path: Path, units: Path | None = None) -> Outcome:
    """Extract one file and say what became of it; never raises for a bad file."""
    started = time.perf_counter()
    try:
        extractions = tuple(map(without_words, extract_file(path, units)))
    except ChidaoError as error:
        return Outcome(path, error=error, seconds=time.perf_counter() - started)
    pages = sum(len(extraction.document.pages) for extraction in extractions)
    return Outcome(path, extractions, None, time.perf_counter() - started, pages)


def extract_files(paths: Sequence[Path], workers: int | None = None, units: Path | None = None) -> Iterator[Outcome]:
    """Yield what became of each file, in the order of the paths, using all cores unless told how many; `units` is the
    office's file of units.

    Words' places are left out. A file that kills its worker is a failed file; the others are not touched.
    """
    count = min(workers or cores(), len(paths))
    if count <= 1 or (workers is None and _size(paths) < SMALL_BATCH):
        yield from (outcome_of(path, units) for path in paths)
        return
    with Workers(count) as pool, ThreadPoolExecutor(count) as threads:
        yield from threads.map(lambda path: _outcome_in(pool, path, units), paths)


def _outcome_in(pool: Workers, path: Path, units: Path | None) -> Outcome:
    started = time.perf_counter()
    try:
        return pool.call_for(size_of(path), outcome_of, path, units)
    except ReadError as error:
        error.values = {"file": path.name, **error.values}
        return Outcome(path, error=error, seconds=time.perf_counter() - started)


def _size(paths: Sequence[Path]) -> int:
    return sum(path.stat().st_size for path in paths if path.is_file())
