"""From files to findings by plain functions: over several processes, and with files and workers that fail."""

from __future__ import annotations

import os
import sys
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import pytest

from models.errors import ReadError
from pipeline import extract
from pipeline.extract import Outcome, extract_document, extract_file, extract_files, outcome_of
from pipeline.workers import Workers, cores
from tests.samples import document, fake_extract

CORPUS = Path(__file__).parents[1] / "corpus/documents"


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a tiny extractor in the place of the real one, for what is done around it."""
    module = ModuleType("extractors.linking")
    module.extract = fake_extract  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "extractors.linking", module)


def _file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.usefixtures("fake")
def test_a_file_becomes_extractions(tmp_path: Path) -> None:
    path = _file(tmp_path, "harbour.txt", "The Port Police shall count the boats.\n")
    (made,) = extract_file(path)
    assert made.document.file_name == "harbour.txt"
    assert [task.text for task in made.tasks] == ["The Port Police shall count the boats."]


@pytest.mark.usefixtures("fake")
def test_a_defect_in_the_extractor_is_an_error_of_that_document() -> None:
    with pytest.raises(ReadError) as caught:
        extract_document(document("A DEFECT", "bad.txt"))
    assert caught.value.code == "extract-failed"
    assert caught.value.values == {"file": "bad.txt", "reason": "ZeroDivisionError: made to fail"}


@pytest.mark.usefixtures("fake")
def test_each_file_is_an_outcome_in_the_order_given(tmp_path: Path) -> None:
    good = _file(tmp_path, "b.txt", "Count the boats in the harbour.")
    bad = _file(tmp_path, "a.txt", "A DEFECT in the harbour.")
    empty = _file(tmp_path, "c.txt", "")
    outcomes = list(extract_files([good, bad, empty, tmp_path / "absent.txt"]))
    assert [outcome.path.name for outcome in outcomes] == ["b.txt", "a.txt", "c.txt", "absent.txt"]
    codes = [outcome.error.code if outcome.error else "" for outcome in outcomes]
    assert codes == ["", "extract-failed", "read-empty", "read-unreadable"]
    assert [outcome.pages for outcome in outcomes] == [1, 0, 0, 0]


@pytest.mark.usefixtures("fake")
def test_a_file_read_in_part_is_named_once(tmp_path: Path) -> None:
    path = tmp_path / "mail.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("a.txt", "b.txt"):
            archive.writestr(name, f"Count the boats of {name} in the harbour, and report.")
        archive.writestr("c.pdf", b"%PDF-1.7 cut off")
    outcome = outcome_of(path)
    assert [made.document.file_name for made in outcome.extractions] == ["mail.zip/a.txt", "mail.zip/b.txt"]
    assert [(problem.code, problem.values) for problem in outcome.problems] == [("read-partial", {"file": "mail.zip"})]


@pytest.mark.usefixtures("fake")
def test_the_places_of_words_stay_behind(tmp_path: Path) -> None:
    (made,) = outcome_of(_file(tmp_path, "a.txt", "Count the boats.")).extractions
    assert (made.document.words, made.document._starts) == ((), ())


def test_no_files_are_no_outcomes() -> None:
    assert list(extract_files([])) == []


def test_a_small_batch_stays_in_this_process_and_a_number_of_workers_is_obeyed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []

    class Counted(Workers):
        def __init__(self, count: int) -> None:
            started.append(count)
            super().__init__(count)

    monkeypatch.setattr(extract, "Workers", Counted)
    empty = [_file(tmp_path, f"{number}.txt", "") for number in range(3)]
    assert len(list(extract_files(empty))) == 3
    assert started == []
    errors = [outcome.error for outcome in extract_files(empty, workers=2)]
    assert started == [2]
    assert [error.message("en") for error in errors if error] == [
        f"The file {number}.txt has no readable text. Open it to check, or scan the paper again and drop the new file."
        for number in range(3)
    ]


def _die(path: Path, units: Path | None) -> Outcome:
    if path.name == "deadly":
        os._exit(3)
    time.sleep(0.05)
    return Outcome(path, pages=os.getpid())


@pytest.mark.slow
def test_a_worker_that_dies_takes_one_file_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extract, "outcome_of", _die)
    paths = [Path(name) for name in ("a", "b", "deadly", "c", "deadly", "d")]
    outcomes = list(extract_files(paths, workers=2))
    assert [outcome.path for outcome in outcomes] == paths
    failed = [(outcome.error.code, outcome.error.values) if outcome.error else None for outcome in outcomes]
    crash = ("read-crashed", {"file": "deadly"})
    assert failed == [None, None, crash, None, crash, None]
    assert os.getpid() not in {outcome.pages for outcome in outcomes}


def _fail(text: str) -> str:
    raise ReadError("read-encrypted", file=text)


@pytest.mark.slow
def test_what_a_worker_raises_is_raised_here_and_threads_may_share_workers() -> None:
    with Workers(2) as workers, ThreadPoolExecutor(6) as threads:
        with pytest.raises(ReadError) as caught:
            workers.call(_fail, "a.pdf")
        assert (caught.value.code, caught.value.values) == ("read-encrypted", {"file": "a.pdf"})
        assert list(threads.map(lambda text: workers.call(str.upper, text), "abcdef")) == list("ABCDEF")


def test_there_is_a_core() -> None:
    assert 1 <= cores() <= (os.cpu_count() or 1)


@pytest.mark.slow
def test_processes_find_what_one_process_finds() -> None:
    paths = sorted(CORPUS.glob("*.txt"))[:3]
    assert [outcome.extractions for outcome in extract_files(paths, workers=2)] == [
        outcome_of(path).extractions for path in paths
    ]
