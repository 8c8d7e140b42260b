"""Rounds that look only at what is new give what a making anew would give, whatever comes, goes and changes."""

from __future__ import annotations

import random
import sqlite3
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from extractors import sketches
from extractors.pairing import folded
from models.records import Extraction, Language
from pipeline import batch, known, ledger, updating
from pipeline.known import Known
from pipeline.linked import linked_rows
from pipeline.register import csv_bytes, read_register
from tests.extractors.test_sameness import ENGLISH, RUSSIAN, citing, directive, smudged

CITED = ["1-A", "2-B", "3-C", "4-D", "5-E", "1-A"]


def _named(found: Extraction, name: str) -> Extraction:
    """The same extraction as that of a file of its own, with task ids as the extractors give them."""
    tasks = tuple(replace(task, id=f"{zlib.crc32(f'{name} {task.id}'.encode()):016x}") for task in found.tasks)
    document = replace(found.document, file_name=name, sha256=f"{folded(name)}".ljust(64, "0"))
    return replace(found, document=document, tasks=tasks)


def _some(chance: random.Random, name: str) -> Extraction:
    """A copy, scan, part or translation of one of a few directives, or another directive in much the same words."""
    english = [smudged(line, chance.choice([0.0, 0.0, 0.05]), chance) for line in ENGLISH]
    language: Language = chance.choice(["en", "en", "ru"])
    lines = english if language == "en" else list(RUSSIAN)
    header: dict[str, Any] = {"number": chance.choice(["12/QD-UBND", "12/QD-UBND", "13/QD-UBND", ""])}
    if chance.random() < 0.3:
        header |= {"issuer": "", "date": None}
    if chance.random() < 0.3:
        header |= {"number": "40/QD-UBND", "title": f"Amending Decision No. {chance.choice([12, 13, 40])}/QD-UBND"}
        lines = [chance.choice(["1. Delete point 2.", "1. Point 2 is amended as follows:"]), *lines[:5]]
    found = directive(lines[: chance.randint(1, len(lines))], language, **header)
    return _named(citing(found, CITED) if chance.random() < 0.5 else found, name)


def _anew(outputs: Path, entries: Mapping[str, Known]) -> bytes:
    ranks = {sha256: rank for rank, sha256 in enumerate(entries)}
    found = [(ranks[sha256], each) for sha256 in known.by_name(entries) for each in known.found_in(outputs, sha256)]
    return csv_bytes(linked_rows(found, lambda place: found[place][1].document))


def _happens(outputs: Path, entries: dict[str, Known], chance: random.Random) -> dict[str, Known]:
    """Let files come, go, change, fail, be read after all, and become known in another order."""
    name = chance.choice("abcdefghijklmnop") + chance.choice([".txt", ".pdf"])
    found = _some(chance, name)
    sha256, event = found.document.sha256, chance.random()
    if event < 0.7:
        parts = [found] if chance.random() < 0.8 else [found, replace(_some(chance, name), document=found.document)]
        known.keep(outputs, sha256, parts)
        return entries | {sha256: Known(name, known.engine())}
    if event < 0.8:
        return entries | {sha256: Known(name, known.engine(), "read-broken", {"file": name})}
    if event < 0.97:
        return {key: entry for key, entry in entries.items() if key != chance.choice([*entries, ""])}
    return dict(chance.sample([*entries.items()], len(entries)))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_any_history_gives_what_a_making_anew_gives(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sketches, "COMMON", 200 if seed % 2 else 4)
    chance, entries, related = random.Random(seed), dict[str, Known](), Counter[str]()
    for _ in range(15):
        for _ in range(chance.randint(1, 3)):
            entries = _happens(tmp_path, entries, chance)
        summary = batch.finish(tmp_path, entries, "en")
        register = (tmp_path / "register.csv").read_bytes()
        assert register == _anew(tmp_path, entries)
        assert summary.rows == register.count(b"\r\n") - 1
        table = read_register(tmp_path / "register.csv")
        related.update(
            name for row in table for name in ("same_as", "amends_document_id", "review_reasons") if row[name]
        )
    assert len(related) == 3


def test_only_what_is_new_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = dict[str, Known]()
    for name in ("a.txt", "b.txt", "c.txt"):
        found = _named(directive(), name)
        known.keep(tmp_path, found.document.sha256, [found])
        entries[found.document.sha256] = Known(name, known.engine())
    batch.finish(tmp_path, dict([*entries.items()][:2]), "en")
    looked, of_file = list[str](), known.found_in

    def look(outputs: Path, sha256: str) -> tuple[Extraction, ...]:
        looked.append(sha256)
        return of_file(outputs, sha256)

    monkeypatch.setattr(known, "found_in", look)
    batch.finish(tmp_path, entries, "en")
    assert set(looked) == {[*entries][2]}


@pytest.mark.parametrize("damage", [b"no database at all " * 300, b"SQLite format 3\0" + b"\xff" * 9000])
def test_a_damaged_ledger_is_made_anew(damage: bytes, tmp_path: Path) -> None:
    found = _named(directive(), "a.txt")
    known.keep(tmp_path, found.document.sha256, [found])
    entries = {found.document.sha256: Known("a.txt", known.engine())}
    batch.finish(tmp_path, entries, "en")
    whole = (tmp_path / "register.csv").read_bytes()
    (tmp_path / ledger.FILE).write_bytes(damage)
    assert batch.finish(tmp_path, entries, "en").rows == len(ENGLISH)
    assert (tmp_path / "register.csv").read_bytes() == whole


def test_other_code_makes_the_ledger_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = _named(directive(), "a.txt")
    known.keep(tmp_path, found.document.sha256, [found])
    entries = {found.document.sha256: Known("a.txt", known.engine())}
    batch.finish(tmp_path, entries, "en")
    monkeypatch.setattr(known, "engine", lambda: "0123456789abcdef")
    monkeypatch.setattr(updating, "csv_lines", lambda rows: b"other code was here\r\n" * len(list(rows)))
    batch.finish(tmp_path, entries, "en")
    assert b"other code was here" in (tmp_path / "register.csv").read_bytes()


def test_a_locked_ledger_is_an_error_that_may_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "PATIENCE", 0.2)
    batch.finish(tmp_path, {}, "en")
    other = sqlite3.connect(tmp_path / ledger.FILE, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(OSError, match="locked"):
        batch.finish(tmp_path, {}, "en")
    other.close()
    assert batch.finish(tmp_path, {}, "en").rows == 0
