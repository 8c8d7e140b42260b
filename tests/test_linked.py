"""Copies in the register: `extract`, `run` and the corpus, in which some directives lie in two formats."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from corpus.build import DOCUMENTS
from models.records import Extraction
from pipeline import batch, cli, known
from pipeline.extract import extract_files
from pipeline.known import Known
from pipeline.linked import linked_rows
from pipeline.register import Row, read_register
from tests.samples import extraction

WORDS = (
    "The Harbour Guard shall paint the pier by 1 June 2026.",
    "The Port Police shall count the boats at both quays.",
    "The Museum shall move the old crane to the lighthouse.",
)


def _keep(outputs: Path, *found: Extraction) -> dict[str, Known]:
    for each in found:
        known.keep(outputs, each.document.sha256, [each])
    return {each.document.sha256: Known(each.document.file_name, known.engine()) for each in found}


def _finish(outputs: Path, entries: dict[str, Known]) -> dict[str, list[str]]:
    batch.finish(outputs, entries, "en")
    found = defaultdict(list)
    for row in read_register(outputs / "register.csv"):
        found[row["source_file"]].append(row["same_as"])
    return found


def test_the_file_known_before_is_the_first_though_its_name_comes_later(tmp_path: Path) -> None:
    first = extraction("\n".join(WORDS), "b.txt")
    copy = extraction("\n".join((*WORDS, "Issued in the harbour.")), "a.txt")
    ids = [task.id for task in sorted(first.tasks, key=lambda task: task.span.start)]
    found = _finish(tmp_path, _keep(tmp_path, first, copy))
    assert list(found) == ["a.txt", "b.txt"]
    assert found["a.txt"] == [*ids, ""]
    assert found["b.txt"] == ["", "", ""]


def test_extract_links_the_files_in_their_order(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    lines = ["HARBOUR COUNCIL", "ORDER No. 12/2026", "4 May 2026", "", "To keep the port in order:", *WORDS]
    for name in ("one.txt", "two.md"):
        (tmp_path / name).write_text("\n\n".join(lines), encoding="utf-8")
    assert cli.main(["extract", str(tmp_path / "two.md"), str(tmp_path / "one.txt")]) == cli.ALL_READ
    rows = list(csv.DictReader(capsysbinary.readouterr().out.decode().splitlines()))
    later = {row["same_as"] for row in rows if row["source_file"] == "one.txt"}
    assert {row["same_as"] for row in rows if row["source_file"] == "two.md"} == {""}
    assert later == {row["task_id"] for row in rows if row["source_file"] == "two.md"} != set()


@pytest.fixture(scope="module")
def corpus() -> list[Row]:
    paths = [path for path in sorted(DOCUMENTS.iterdir()) if path.is_file()]
    found = [each for outcome in extract_files(paths, 1) for each in outcome.extractions]
    return linked_rows(enumerate(found), lambda place: found[place].document)


@pytest.mark.slow
def test_in_the_corpus_copies_name_their_first_and_nothing_else_does(corpus: list[Row]) -> None:
    files = {row["task_id"]: row["source_file"] for row in corpus if not row["same_as"]}
    linked = {(Path(row["source_file"]).stem, Path(files[row["same_as"]]).stem) for row in corpus if row["same_as"]}
    names: dict[str, set[str]] = defaultdict(set)
    for row in corpus:
        names[Path(row["source_file"]).stem].add(row["source_file"])
    assert linked == {(stem, stem) for stem, copies in names.items() if len(copies) > 1}


@pytest.mark.slow
def test_in_the_corpus_tasks_that_name_another_say_the_same(corpus: list[Row]) -> None:
    first = {row["task_id"]: row for row in corpus if not row["same_as"]}
    copies = [row for row in corpus if row["same_as"]]
    assert len(copies) > 200
    differing = [row["task"] for row in copies if _letters(row) != _letters(first[row["same_as"]])]
    assert differing == []
    assert len({(row["source_file"], row["same_as"]) for row in copies}) == len(copies)


def _letters(row: Row) -> str:
    return "".join(letter for letter in row["task"].casefold() if letter.isalnum())
