"""What goes out of the store and comes back by commands: the Excel file and its corrections, and gold registers."""

from __future__ import annotations

import json
import sys
from io import StringIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from models.store import Store, accept, close_store, document_rows, list_documents, open_store, set_cell
from pipeline import cli
from pipeline.register import read_register
from pipeline.score import load_gold, score
from pipeline.xlsx_round_trip import LAYOUT
from tests.review.made import PASSWORD, drop, keep


@pytest.fixture
def outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Outputs with a directive, and an account: from then on the register is reviewed."""
    monkeypatch.delenv("CHIDAO_STORE", raising=False)
    keep(tmp_path / "outputs", drop(tmp_path / "inbox"))
    monkeypatch.setattr(sys, "stdin", StringIO(f"{PASSWORD}\n"))
    assert _chidao("users", "add", "Lan", tmp_path / "outputs") == 0
    return tmp_path / "outputs"


def _chidao(*arguments: str | Path, language: str = "en") -> int:
    *rest, outputs = map(str, arguments)
    return cli.main([*rest, "--outputs", outputs, "--lang-of-messages", language])


def _correct(outputs: Path, values: dict[str, str], words: str = "paint the northern pier") -> Path:
    """Export the register, and return the file with cells of one row corrected."""
    assert _chidao("export", "xlsx", outputs) == 0
    workbook = load_workbook(outputs / "register.xlsx")
    sheet = workbook.worksheets[0]
    number = next(cells[0].row for cells in sheet.iter_rows(max_col=1) if cells[0].value == words)
    for column, value in values.items():
        sheet.cell(number, LAYOUT.index(column) + 1).value = value
    workbook.save(outputs.parent / "corrected.xlsx")
    return outputs.parent / "corrected.xlsx"


def _store_row(outputs: Path, change: str | None = None) -> dict[str, str]:
    """Return the first row as it stands in the store, after somebody else has set its lead."""
    store = open_store(outputs / "store.db")
    row = document_rows(store, list_documents(store).documents[0].document_id)[1][0]
    if change is not None:
        set_cell(store, row.task_id, "lead_unit", change, expected=row.values["lead_unit"], who="An")
    close_store(store)
    return dict(row.values)


def test_a_corrected_file_is_shown_first_and_then_applied_signed(
    outputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = _correct(outputs, {"lead_unit": "Pier Guard", "review_status": "accepted"})
    capsys.readouterr()
    assert _chidao("import", file, outputs, language="vi") == 0
    shown = capsys.readouterr().out
    assert "register, dòng 2, Chủ trì: “Harbour Office” → “Pier Guard”." in shown
    assert "“chưa xem” → “đã duyệt”" in shown
    assert "--apply" in shown.splitlines()[-1]
    assert _store_row(outputs)["lead_unit"] == "Harbour Office"
    assert _chidao("import", file, "--apply", "--as", "Lan", outputs) == 0
    assert "Written: 1 cells, 1 decisions on rows" in capsys.readouterr().out
    written = read_register(outputs / "register.csv")[0]
    assert (written["lead_unit"], written["review_status"], written["reviewed_by"]) == (
        "Pier Guard",
        "corrected",
        "Lan",
    )


def test_who_signs_has_to_be_somebody(outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = _correct(outputs, {"lead_unit": "Pier Guard"})
    assert _chidao("import", file, "--apply", outputs) == 2
    assert _chidao("import", file, "--apply", "--as", "Nobody", outputs) == 2
    assert "Nobody" in capsys.readouterr().err
    assert _store_row(outputs)["lead_unit"] == "Harbour Office"


def test_what_somebody_else_changed_meanwhile_is_told_and_overwritten_only_when_asked(
    outputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = _correct(outputs, {"lead_unit": "Pier Guard", "due_date": "2026-06-03"})
    _store_row(outputs, change="Navy")
    capsys.readouterr()
    assert _chidao("import", file, outputs) == 1
    assert "meanwhile it has become “Navy”" in capsys.readouterr().err
    assert _chidao("import", file, "--apply", "--as", "Lan", outputs) == 1
    assert "“Pier Guard” was not written" in capsys.readouterr().err
    row = _store_row(outputs)
    assert (row["lead_unit"], row["due_date"]) == ("Navy", "2026-06-03")
    assert _chidao("import", file, "--apply", "--as", "Lan", "--overwrite", outputs) == 0
    assert _store_row(outputs)["lead_unit"] == "Pier Guard"


def test_a_file_that_cannot_be_taken_is_told_in_the_clerks_language(
    outputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = outputs.parent / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 and no more")
    for file, words in ((broken, "повреждён"), (outputs.parent / "none.xlsx", "none.xlsx")):
        assert _chidao("import", file, outputs, language="ru") == 2
        assert words in capsys.readouterr().err
    file = _correct(outputs, {"due_date": "soon"})
    assert _chidao("import", file, outputs) == 1
    assert "register, row 2: “soon” can't stand in the column Due." in capsys.readouterr().err


def _review(store: Store) -> None:
    document_id = list_documents(store).documents[0].document_id
    rows = document_rows(store, document_id)[1]
    set_cell(store, rows[1].task_id, "lead_unit", "Navy; Fish Market", expected="Port Police", who="Lan")
    set_cell(store, rows[2].task_id, "deliverable", "a list", expected="", who="Lan")
    accept(store, {row.task_id: row.version for row in document_rows(store, document_id)[1]}, who="Lan")


def test_a_reviewed_register_scores_one_against_its_own_gold(outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _chidao("export", "gold", outputs) == 2
    assert "Nobody has reviewed" in capsys.readouterr().err
    _chidao("export", "xlsx", outputs)  # records what was found
    store = open_store(outputs / "store.db")
    _review(store)
    close_store(store)
    assert _chidao("export", "gold", "xlsx", outputs) == 0
    assert _chidao("import", outputs / "register.xlsx", outputs) == 0
    assert _chidao("import", outputs / "register.xlsx", "--apply", "--as", "Lan", outputs) == 0
    rows = read_register(outputs / "register.csv")
    (line,) = [json.loads(line) for line in (outputs / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [task["lead"] for task in line["tasks"]] == [["Harbour Office"], ["Navy", "Fish Market"], ["Fish Market"]]
    result = score(rows, load_gold([outputs / "gold.jsonl"]))
    figures = result.figures["all"]
    assert (figures.gold, figures.rows, figures.f1, figures.lead, figures.due, figures.row_f1) == (3, 3, 1, 1, 1, 1)
    assert result.mistakes == ()
