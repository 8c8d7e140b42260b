"""Documents and findings on their way between processes, packed: who only hands them on needn't look at every word."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import known
from pipeline.extract import extract_document, without_words
from pipeline.inbox import Dropped
from pipeline.limits import size_of
from pipeline.workers import Workers


@dataclass(frozen=True, slots=True)
class PackedDocument:
    """A document as read: the bytes of its text, which say how long it may take, and itself."""

    size: int
    data: bytes


@dataclass(frozen=True, slots=True)
class PackedExtraction:
    """What was found in a document: pages, tasks, the documents it amends, and all of it as it is kept."""

    pages: int
    tasks: int
    amends: tuple[str, ...]
    data: bytes


def read_and_keep(file: Dropped, outputs: Path, workers: Workers, units: Path | None = None) -> dict[str, int | str]:
    """Have workers read a file and find the tasks of its documents, by the office's file of units where there is one;
    keep what was found, and return the file's line of the table of results.

    Raises ReadError, and OSError where it can't be kept.
    """
    documents = workers.call_for(size_of(file.path), read_packed, file.path)
    found = [workers.call_for(each.size, extract_packed, each, units) for each in documents]
    return {"file": file.name, **keep_packed(outputs, file.sha256, found)}


def read_packed(path: Path) -> tuple[PackedDocument, ...]:
    """Return a file's documents. Raises ReadError."""
    from pipeline.readers import read_file

    documents = read_file(path)
    return tuple(PackedDocument(len(each.text.encode()), pickle.dumps(each, protocol=5)) for each in documents)


def extract_packed(document: PackedDocument, units: Path | None = None) -> PackedExtraction:
    """Return what a document says, by the office's file of units where there is one. Raises ReadError."""
    from extractors.amendments import find_amendment

    found = extract_document(pickle.loads(document.data), units)
    amendment = find_amendment(found)
    amends = tuple(target.number for target in amendment.targets) if amendment else ()
    pages = len(found.document.pages)
    return PackedExtraction(pages, len(found.tasks), amends, known.packed(without_words(found)))


def keep_packed(outputs: Path, sha256: str, found: Sequence[PackedExtraction]) -> dict[str, int | str]:
    """Keep what was found in a file, and return what is to be told of it. Raises OSError."""
    known.keep_packed(outputs, sha256, [each.data for each in found])
    amends = dict.fromkeys(number for each in found for number in each.amends)
    pages, tasks = sum(each.pages for each in found), sum(each.tasks for each in found)
    return {"pages": pages, "tasks": tasks, "amends": ", ".join(amends)}
