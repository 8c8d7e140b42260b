"""What lies in an inbox and what of it is new: by content, whatever the names."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from models.errors import ReadError
from pipeline import known
from pipeline.inbox import digest, dropped_files, files_below, is_passing, new_files
from pipeline.known import Known
from tests.samples import extraction


def _drop(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "name",
    [
        ".hidden.pdf",
        "~$plan.docx",
        ".~lock.plan.docx#",
        "plan.docx~",
        "plan.pdf.part",
        "x.CRDOWNLOAD",
        "a.tmp",
        "Thumbs.db",
    ],
)
def test_files_that_come_and_go_are_left_out(tmp_path: Path, name: str) -> None:
    _drop(tmp_path, name, "x")
    _drop(tmp_path, "plan.docx", "y")
    assert is_passing(name)
    assert [path.name for path in files_below(tmp_path)] == ["plan.docx"]


def test_folders_are_walked_and_the_outputs_left_out(tmp_path: Path) -> None:
    for name in ("b.txt", "A/c.txt", ".git/d.txt", "outputs/register.csv"):
        _drop(tmp_path, name, name)
    files = files_below(tmp_path, but=tmp_path / "outputs")
    assert [path.relative_to(tmp_path).as_posix() for path in files] == ["A/c.txt", "b.txt"]


def test_a_link_to_its_own_folder_does_not_lead_round_for_ever(tmp_path: Path) -> None:
    _drop(tmp_path, "a.txt", "a")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert [file.name for file in dropped_files(tmp_path)] == ["a.txt"]


def test_a_name_is_the_same_in_any_unicode_form(tmp_path: Path) -> None:
    name = "Chỉ thị số 5.txt"
    _drop(tmp_path, unicodedata.normalize("NFD", name), "a")
    (file,) = dropped_files(tmp_path)
    assert file.name == unicodedata.normalize("NFC", name)
    assert file.path.read_text() == "a"


def test_the_same_bytes_twice_are_one_file(tmp_path: Path) -> None:
    _drop(tmp_path, "b.txt", "same")
    _drop(tmp_path, "a.txt", "same")
    (file,) = dropped_files(tmp_path)
    assert (file.name, file.sha256) == ("a.txt", digest(tmp_path / "b.txt"))


def test_only_unknown_contents_are_new(tmp_path: Path) -> None:
    path = _drop(tmp_path, "a.txt", "old")
    _drop(tmp_path, "b.txt", "new")
    assert [file.name for file in new_files(dropped_files(tmp_path), {digest(path)})] == ["b.txt"]


def test_a_file_that_cannot_be_opened_is_still_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _drop(tmp_path, "locked.txt", "x")

    def locked(path: Path) -> str:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("pipeline.inbox.digest", locked)
    assert [file.name for file in dropped_files(tmp_path)] == ["locked.txt"]


def _entry(name: str, **changes: object) -> Known:
    return Known(**{"name": name, "engine": known.engine(), **changes})  # type: ignore[arg-type]


def test_what_is_known_comes_back_after_a_restart(tmp_path: Path) -> None:
    error = ReadError("read-encrypted", file="b.pdf")
    entries = {"1": _entry("a.txt"), "2": known.failed("b.pdf", error)}
    known.save(tmp_path, entries)
    known.keep(tmp_path, "1", [extraction()])
    assert known.load(tmp_path) == entries
    assert list(known.extractions(tmp_path, entries)) == [extraction()]


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"1": {"surname": "x"}}'])
def test_a_lost_or_broken_memory_is_an_empty_one(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        _drop(tmp_path, "inbox.json", text)
    assert known.load(tmp_path) == {}


def test_what_no_longer_holds_is_forgotten(tmp_path: Path) -> None:
    box, outputs = tmp_path / "box", tmp_path / "outputs"
    kept = digest(_drop(box, "kept.txt", "kept"))
    lost = digest(_drop(box, "lost.txt", "lost"))
    failing = digest(_drop(box, "failing.txt", "failing"))
    _drop(box, "replaced.txt", "new words")
    entries = {
        kept: _entry("kept.txt"),
        lost: _entry("lost.txt"),
        failing: _entry("failing.txt", code="read-empty"),
        "taken": _entry("taken away.txt"),
        "gone": _entry("gone and failing.txt", code="read-empty"),
        "old": _entry("replaced.txt"),
    }
    for sha256 in (kept, "taken", "old"):
        known.keep(outputs, sha256, [extraction()])
    assert set(known.current(entries, dropped_files(box), outputs)) == {kept, failing, "taken"}


@pytest.mark.parametrize(
    ("entry", "settled"),
    [
        (_entry("a"), True),
        (_entry("a", code="read-broken"), True),
        (_entry("a", code="program-missing"), False),
        (_entry("a", engine="of last year"), False),
    ],
)
def test_what_may_come_out_otherwise_is_read_again(entry: Known, settled: bool) -> None:
    assert entry.is_settled is settled


def test_the_order_of_the_register_is_that_of_the_names(tmp_path: Path) -> None:
    entries = {}
    for sha256, name in (("1", "b.txt"), ("2", "A.txt")):
        entries[sha256] = _entry(name)
        known.keep(tmp_path, sha256, [extraction(file_name=name)])
    assert [made.document.file_name for made in known.extractions(tmp_path, entries)] == ["A.txt", "b.txt"]


def test_results_of_a_moved_checkout_stay_known() -> None:
    assert os.sep not in known.engine()
    assert len(known.engine()) == 16
