"""Annotated documents as the benchmarks use them: read once, kept, extracted at will and held against their gold."""

from __future__ import annotations

import functools
import hashlib
import pickle
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.records import Document, Extraction
from pipeline.register import Row, rows
from pipeline.score import Gold, load_gold

ROOT = Path(__file__).parents[1]
GOLD = ROOT.parent / "shared" / "gold"
CORPUS = ROOT / "corpus"
READINGS = ROOT / "outputs" / "readings"


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents with the tasks that a careful reader found in them, by file name."""

    name: str
    gold: tuple[Gold, ...]
    documents: Mapping[str, tuple[Document, ...]]

    @property
    def pages(self) -> int:
        return sum(len(document.pages) for parts in self.documents.values() for document in parts)

    def rows(self, extract: Callable[[Document], Extraction]) -> list[Row]:
        """Return the register of all its documents."""
        return [row for parts in self.documents.values() for part in parts for row in rows(extract(part))]


def collections() -> tuple[Collection, ...]:
    """Return the gold set, where it lies beside this checkout, and the project's own corpus."""
    gold = [_collection("gold", sorted(GOLD.glob("*.jsonl")), GOLD / "documents")] if GOLD.is_dir() else []
    return (*gold, _collection("corpus", sorted((CORPUS / "gold").glob("*.jsonl")), CORPUS / "documents"))


def _collection(name: str, gold_files: Iterable[Path], folder: Path) -> Collection:
    gold = tuple(load_gold(gold_files))
    names = sorted({str(entry["document"]) for entry in gold})
    return Collection(name, gold, {file: _read(folder / file) for file in names})


def _read(path: Path) -> tuple[Document, ...]:
    """Read a file, or take what the same code has read of the same bytes: scans take seconds a page."""
    content = hashlib.sha256(path.read_bytes()).hexdigest()[:32]
    kept = READINGS / f"{content}-{_readers()}.pickle"
    if kept.exists():
        documents: Any = pickle.loads(kept.read_bytes())
        return tuple(documents)
    from pipeline.readers import read_file

    read = read_file(path)
    READINGS.mkdir(parents=True, exist_ok=True)
    for old in READINGS.glob(f"{content}-*.pickle"):  # of other code
        old.unlink()
    kept.write_bytes(pickle.dumps(read))
    return read


@functools.cache
def _readers() -> str:
    """Return a hash of the code that reads."""
    files = [ROOT / "models" / "records.py", *sorted((ROOT / "pipeline" / "readers").rglob("*.*"))]
    content = b"".join(file.read_bytes() for file in files if file.suffix in {".py", ".toml"})
    return hashlib.sha256(content).hexdigest()[:16]
