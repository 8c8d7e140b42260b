"""What is known of every file that was ever dropped: kept in the outputs folder, where all of it can be made again.

`inbox.json` says which contents are known and which failed, `inbox.journal` the same of those read since it was written
last, `documents/<sha256>.json` holds what was found in one file
(without the places of its words). The register is made from these, so that an unchanged file is never read twice.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from models.errors import ChidaoError
from models.records import Extraction
from pipeline.inbox import Dropped
from pipeline.wholefile import write_whole

if TYPE_CHECKING:
    from pydantic import TypeAdapter

# Failures that may pass without the file changing: a program gets installed, a share comes back.
PASSING_CODES = frozenset({"program-missing", "read-unreadable"})
_NOTHING_READ = frozenset({"review", "outputs", "store", "migrations"})  # folders without a say in what is found
_JOURNAL = ".journal"
_PROGRAMS = ("antiword", "pdftotext", "soffice", "tesseract")


@dataclass(frozen=True, slots=True)
class Known:
    """A file by its content: the name it had, the code that read it, and the error's code and values if it failed."""

    name: str
    engine: str
    code: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_settled(self) -> bool:
        """Whether reading the same bytes again would give the same."""
        return self.engine == engine() and self.code not in PASSING_CODES


def failed(name: str, error: ChidaoError) -> Known:
    """Return what is known of a file that can't be read."""
    return Known(name, engine(), error.code, {key: str(value) for key, value in error.values.items()})


@functools.cache
def engine() -> str:
    """Return a hash of code, language data and programs at hand: what others of them have found is found anew."""
    root = Path(__file__).parents[1]
    files = [path for part in ("models", "extractors", "pipeline") for path in (root / part).rglob("*.*")]
    files = [path for path in files if not _NOTHING_READ & set(path.relative_to(root).parts)]
    content = hashlib.sha256()
    for path in sorted(path for path in files if path.suffix in {".csv", ".py", ".toml"}):
        content.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    content.update(" ".join(program for program in _PROGRAMS if shutil.which(program)).encode())
    return content.hexdigest()[:16]


def load(outputs: Path) -> dict[str, Known]:
    """Return what is known by content hash; nothing where the files are missing or aren't readable."""
    try:
        data = json.loads((outputs / "inbox.json").read_text(encoding="utf-8"))
        entries = {sha256: Known(**values) for sha256, values in data.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        entries = {}
    return entries | dict(_noted(outputs))


def _noted(outputs: Path) -> Iterator[tuple[str, Known]]:
    """Yield what was noted since by us and by others who read portions."""
    for journal in sorted(outputs.glob(f"inbox*{_JOURNAL}")):
        for sha256, values, _ in _lines_of(journal):
            with contextlib.suppress(TypeError):
                yield sha256, Known(**values)


def journal_path(outputs: Path, journal: str) -> Path:
    """Return where a journal lies; ours has no name."""
    return outputs / (f"inbox.{journal}{_JOURNAL}" if journal else f"inbox{_JOURNAL}")


def journal_lines(outputs: Path, journal: str) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Return what was noted in a journal: content hash, what is known of the file, and what was told of it."""
    return list(_lines_of(journal_path(outputs, journal)))


def _lines_of(journal: Path) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Yield the lines of a journal; one that a kill has cut off is as if never written."""
    try:
        lines = journal.read_bytes().splitlines()
    except OSError:
        return
    for line in lines:
        with contextlib.suppress(ValueError, TypeError):
            sha256, values, told = json.loads(line)
            yield sha256, values, told


def note(outputs: Path, sha256: str, entry: Known, journal: str = "", told: Mapping[str, object] | None = None) -> None:
    """Write down what is known of one file, at a cost that doesn't grow with what is known. Raises OSError."""
    line = json.dumps([sha256, asdict(entry), told or {}], ensure_ascii=False)
    outputs.mkdir(parents=True, exist_ok=True)
    with journal_path(outputs, journal).open("a+b") as handle:
        if handle.tell() and not _ends_a_line(handle):
            handle.write(b"\n")
        handle.write(line.encode(errors="replace") + b"\n")
        handle.flush()
        os.fsync(handle.fileno())


def _ends_a_line(journal: IO[bytes]) -> bool:
    journal.seek(-1, os.SEEK_END)
    return journal.read(1) == b"\n"


def save(outputs: Path, known: Mapping[str, Known]) -> None:
    """Write what is known, whole. Raises OSError."""
    data = {sha256: asdict(entry) for sha256, entry in known.items()}
    write_whole(outputs / "inbox.json", json.dumps(data, ensure_ascii=False, indent=1).encode(errors="replace"))
    for journal in outputs.glob(f"inbox*{_JOURNAL}"):
        journal.unlink(missing_ok=True)


def current(known: Mapping[str, Known], dropped: Collection[Dropped], outputs: Path) -> dict[str, Known]:
    """Leave out what no longer holds: failures of files taken away, results that are lost, and files that were
    replaced by others of the same name."""
    here = {file.sha256 for file in dropped}
    names = {file.name for file in dropped}

    def holds(sha256: str, entry: Known) -> bool:
        if sha256 in here:
            return bool(entry.code) or _path(outputs, sha256).is_file()
        return not entry.code and entry.name not in names and _path(outputs, sha256).is_file()

    return {sha256: entry for sha256, entry in known.items() if holds(sha256, entry)}


def keep(outputs: Path, sha256: str, extractions: Sequence[Extraction]) -> None:
    """Write what was found in a file. Raises OSError."""
    keep_packed(outputs, sha256, [packed(extraction) for extraction in extractions])


def packed(extraction: Extraction) -> bytes:
    """Return an extraction as it is kept."""
    return _adapter().dump_json((extraction,))[1:-1]


def keep_packed(outputs: Path, sha256: str, found: Sequence[bytes]) -> None:
    """Write what was found in a file, already in the form in which it is kept. Raises OSError."""
    write_whole(_path(outputs, sha256), b"[" + b",".join(found) + b"]")


def extractions(outputs: Path, known: Mapping[str, Known]) -> Iterator[Extraction]:
    """Yield everything found so far, in the order of the files' names."""
    for sha256 in by_name(known):
        yield from found_in(outputs, sha256)


def by_name(known: Mapping[str, Known]) -> list[str]:
    """Return the content hashes of the files that could be read, in the order of the files' names."""
    read = (item for item in known.items() if not item[1].code)
    return [sha256 for sha256, _ in sorted(read, key=lambda item: (item[1].name.casefold(), item[0]))]


def found_in(outputs: Path, sha256: str) -> tuple[Extraction, ...]:
    """Return what was found in a file. Raises OSError."""
    return _adapter().validate_json(_path(outputs, sha256).read_bytes())


def stamp(outputs: Path, sha256: str) -> str:
    """Return what tells whether something else was found in a file since. Raises OSError."""
    found = _path(outputs, sha256).stat()
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ino}"


def _path(outputs: Path, sha256: str) -> Path:
    return outputs / "documents" / f"{sha256}.json"


@functools.cache
def _adapter() -> TypeAdapter[tuple[Extraction, ...]]:
    from pydantic import TypeAdapter

    return TypeAdapter(tuple[Extraction, ...])
