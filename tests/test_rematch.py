"""A changed file of units: what is kept gets other ids without being read again, and the register says so."""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path

import pytest

from models.errors import UsageError
from pipeline import batch, known, watch
from pipeline.extract import extract_file
from pipeline.inbox import dropped_files
from pipeline.known import Known
from pipeline.register import read_register
from pipeline.unitfile import adopt_into
from pipeline.watch import Watching
from pipeline.workers import Workers

DIRECTIVE = "HARBOUR AUTHORITY\n\nThe Harbour Office shall submit a report by 5 May 2027.\n"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """An inbox of one directive that was read before, with the outputs beside it."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "a.txt").write_text(DIRECTIVE, encoding="utf-8")
    found = extract_file(folder / "a.txt")
    sha256 = found[0].document.sha256
    known.keep(tmp_path, sha256, found)
    batch.finish(tmp_path, {sha256: Known("a.txt", known.engine())}, "en")
    return folder


def _ids(outputs: Path, inbox: Path, units: Path | None = None) -> list[str]:
    """Go one round, in which nothing may be read, and return the leads' ids."""
    start = batch.begin(dropped_files(inbox, but=outputs), outputs, units)
    assert not start.new
    batch.up_to_date(outputs, start.known, "en")
    return [row["lead_unit_id"] for row in read_register(outputs / "register.csv")]


def test_units_are_matched_anew_when_their_file_changes(inbox: Path, tmp_path: Path) -> None:
    assert _ids(tmp_path, inbox) == [""]
    adopt_into(tmp_path / "units.csv", ["Harbour Office"], "en", unit_id="harbour")
    assert _ids(tmp_path, inbox) == ["harbour"]
    other = tmp_path / "other.csv"
    adopt_into(other, ["Harbour Office"], "en", unit_id="other")
    assert _ids(tmp_path, inbox, other) == ["other"]
    (tmp_path / "units.csv").unlink()
    assert _ids(tmp_path, inbox) == [""]


def test_nothing_is_written_where_the_file_is_the_same(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    adopt_into(tmp_path / "units.csv", ["Harbour Office"], "en", unit_id="harbour")
    assert _ids(tmp_path, inbox) == ["harbour"]
    shutil.copy(tmp_path / "units.csv", tmp_path / "again.csv")
    monkeypatch.setattr(known, "keep", lambda *_: pytest.fail("written again"))
    assert _ids(tmp_path, inbox, tmp_path / "again.csv") == ["harbour"]


def test_a_file_that_cannot_be_used_changes_nothing(inbox: Path, tmp_path: Path) -> None:
    before = (tmp_path / "register.csv").read_bytes()
    (tmp_path / "units.csv").write_text("name\nHarbour Office\n", encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        batch.begin(dropped_files(inbox, but=tmp_path), tmp_path)
    assert caught.value.code == "units-no-header"
    assert (tmp_path / "register.csv").read_bytes() == before


def test_a_service_that_has_nothing_to_do_notices_a_changed_file(inbox: Path, tmp_path: Path) -> None:
    how, workers = Watching(inbox, tmp_path), Workers.__new__(Workers)
    service = watch._Service(how, lambda code, values: None, threading.Event(), None, workers)

    def settled_ids() -> list[str]:
        end = time.monotonic() + 30
        while watch._cycle(service) is not None:
            assert time.monotonic() < end
            time.sleep(0.1)
        return [row["lead_unit_id"] for row in read_register(tmp_path / "register.csv")]

    assert settled_ids() == [""]
    adopt_into(tmp_path / "units.csv", ["Harbour Office"], "en", unit_id="harbour")
    assert settled_ids() == ["harbour"]
