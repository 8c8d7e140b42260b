"""The register is made again where anything has changed, and left alone where nothing has."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.records import Extraction
from models.store import close_store, set_cell
from pipeline import batch, known
from pipeline.batch import Summary
from pipeline.known import Known
from pipeline.recorded import open_store_of, record_kept
from pipeline.register import read_register
from tests.samples import extraction


def _kept(outputs: Path, *found: Extraction) -> dict[str, Known]:
    for each in found:
        known.keep(outputs, each.document.sha256, [each])
    return {each.document.sha256: Known(each.document.file_name, known.engine()) for each in found}


def test_an_unchanged_register_is_not_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = _kept(tmp_path, extraction()) | {
        "0": Known("bad.pdf", known.engine(), "read-broken", {"file": "bad.pdf"})
    }
    first = batch.up_to_date(tmp_path, entries, "en")
    assert first == Summary(0, 0, 1, 2)
    with monkeypatch.context() as patch:
        patch.setattr(batch, "finish", lambda *_: pytest.fail("made again"))
        assert batch.up_to_date(tmp_path, entries, "en") == first
        assert batch.up_to_date(tmp_path, known.load(tmp_path), "en") == first

    (tmp_path / "register.csv").write_text("somebody was here")
    assert batch.up_to_date(tmp_path, entries, "en") == first
    assert len(read_register(tmp_path / "register.csv")) == 2
    assert batch.up_to_date(tmp_path, entries, "vi") == first
    assert "bị hỏng" in (tmp_path / "failures.csv").read_text(encoding="utf-8")
    del entries["0"]
    assert batch.up_to_date(tmp_path, entries, "vi") == Summary(0, 0, 0, 2)


@pytest.mark.parametrize("damage", ["", "{half", "[]", '{"of": 1}', '{"of": 1, "counts": [1]}'])
def test_a_damaged_memory_is_no_trouble(damage: str, tmp_path: Path) -> None:
    entries = _kept(tmp_path, extraction())
    (tmp_path / "made.json").write_text(damage)
    assert batch.up_to_date(tmp_path, entries, "en").rows == 2


def test_a_round_writes_over_nothing_that_people_corrected(tmp_path: Path) -> None:
    entries = _kept(tmp_path, extraction())
    batch.finish(tmp_path, entries, "en")
    before = {row["task_id"]: row for row in read_register(tmp_path / "register.csv")}
    store = open_store_of(tmp_path)
    record_kept(store, tmp_path)
    corrected = next(task for task, row in before.items() if row["lead_unit"])
    lead = before[corrected]["lead_unit"]
    set_cell(store, corrected, "lead_unit", "Pier Office", expected=lead, who="An")
    close_store(store)

    entries |= _kept(tmp_path, extraction("The Fish Market shall weigh the catch.", "market.txt"))
    assert batch.finish(tmp_path, entries, "en").rows == 3
    after = {row["task_id"]: row for row in read_register(tmp_path / "register.csv")}
    assert after[corrected]["lead_unit"] == "Pier Office"
    assert set(before) < set(after)
