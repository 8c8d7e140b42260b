"""Which files of the inbox are whole, and where they are moved when their fate is known."""

from __future__ import annotations

import hashlib
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from pipeline import looks, moving
from pipeline.known import Known, engine
from pipeline.looks import CLOSED_QUIET, EMPTY_QUIET, Sight, dropped, has_writer, look, unfinished

QUIET = 2.0
needs_leases = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who has a file open for writing")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    signal.signal(signal.SIGIO, signal.SIG_IGN)
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


def _names(sights: Mapping[Path, Sight]) -> tuple[list[str], list[str]]:
    return [file.name for file in dropped(sights)], unfinished(sights.values())


@needs_leases
def test_a_file_is_left_alone_until_it_is_closed(inbox: Path, tmp_path: Path) -> None:
    with (inbox / "slow.txt").open("w") as handle:
        handle.write("The Port Police shall")
        handle.flush()
        assert has_writer(inbox / "slow.txt") is True
        first = look(inbox, tmp_path / "out", {}, 0.0, QUIET)
        later = look(inbox, tmp_path / "out", first, 100.0, QUIET)
        assert _names(later) == ([], ["slow.txt"])
    assert has_writer(inbox / "slow.txt") is False
    closed = look(inbox, tmp_path / "out", later, 100.1, QUIET)
    assert _names(closed) == (["slow.txt"], [])
    assert dropped(closed)[0].sha256 == hashlib.sha256(b"The Port Police shall").hexdigest()


def test_where_nobody_can_tell_two_looks_decide(inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "has_writer", lambda path: None)
    path, out = inbox / "a.txt", tmp_path / "out"
    path.write_text("one")
    seen = look(inbox, out, {}, 0.0, QUIET)
    assert _names(look(inbox, out, seen, QUIET - 0.1, QUIET)) == ([], ["a.txt"])
    path.write_text("one, two")
    grown = look(inbox, out, seen, QUIET + 0.1, QUIET)
    assert _names(grown) == ([], ["a.txt"])
    whole = look(inbox, out, grown, 2 * QUIET + 0.2, QUIET)
    assert _names(whole) == (["a.txt"], [])
    path.write_text("one, two, three")
    assert _names(look(inbox, out, whole, 9.0, QUIET)) == ([], ["a.txt"])


def test_a_moved_file_is_taken_soon_an_empty_one_late_and_a_passing_one_never(inbox: Path, tmp_path: Path) -> None:
    (inbox / "sub").mkdir()
    for name in ("moved.txt", "~$moved.docx", "half.txt.part", ".hidden", "sub/Ünï.txt", "same.txt"):
        (inbox / name).write_text("x")
    (inbox / "empty.txt").touch()
    seen = look(inbox, tmp_path / "out", {}, 0.0, QUIET)
    soon = look(inbox, tmp_path / "out", seen, max(CLOSED_QUIET, QUIET), QUIET)
    assert _names(soon) == (["moved.txt"], ["empty.txt"])
    assert sorted(path.name for path in soon) == ["empty.txt", "moved.txt", "same.txt", "Ünï.txt"]
    late = look(inbox, tmp_path / "out", soon, EMPTY_QUIET + QUIET, QUIET)
    assert unfinished(late.values()) == []


def test_an_unchanged_file_is_not_hashed_again(inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (inbox / "a.txt").write_text("x")
    whole = look(inbox, tmp_path / "out", look(inbox, tmp_path / "out", {}, 0.0, QUIET), 9.0, QUIET)

    def unwanted(path: Path) -> str:
        raise AssertionError(path)

    monkeypatch.setattr(looks, "digest", unwanted)
    assert look(inbox, tmp_path / "out", whole, 10.0, QUIET) == whole


def test_a_file_that_cannot_be_opened_is_whole_so_that_reading_tells_why(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path) -> str:
        raise PermissionError(13, "Permission denied")

    (inbox / "a.txt").write_text("x")
    seen = look(inbox, tmp_path / "out", {}, 0.0, QUIET)
    with monkeypatch.context() as patch:
        patch.setattr(looks, "digest", refused)
        refused_once = look(inbox, tmp_path / "out", seen, 9.0, QUIET)
    assert len(dropped(refused_once)) == 1
    opened = look(inbox, tmp_path / "out", refused_once, 10.0, QUIET)
    assert dropped(opened)[0].sha256 == hashlib.sha256(b"x").hexdigest()


def test_files_are_moved_by_what_became_of_them_and_none_over_another(inbox: Path) -> None:
    (inbox / "done/sub").mkdir(parents=True)
    (inbox / "sub").mkdir()
    (inbox / "failed").mkdir()
    contents = {
        "sub/a.txt": "good",
        "done/sub/a.txt": "other",
        "bad.txt": "bad",
        "failed/now good.txt": "better",
        "new": "n",
    }
    for name, content in contents.items():
        (inbox / name).write_text(content)
    sights = {inbox / name: Sight(name, (1, 1, 1), 0.0, content) for name, content in contents.items()}
    good, bad = Known("x", engine()), Known("x", engine(), "read-broken")
    entries = {"good": good, "other": good, "bad": bad, "better": good}
    moved = moving.tidy(inbox, sights, entries)
    names = {"done/sub/a (2).txt", "done/sub/a.txt", "failed/bad.txt", "done/now good.txt", "new"}
    assert {sight.name for sight in moved.values()} == names
    assert {path.relative_to(inbox).as_posix() for path in inbox.rglob("*") if path.is_file()} == names
    assert (inbox / "done/sub/a.txt").read_text() == "other"
    assert moving.tidy(inbox, moved, entries) == moved
