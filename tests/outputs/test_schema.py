"""The published schema: made from the columns, and a register of the corpus holds to it by the `frictionless` tool."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from frictionless import Package, Resource, Schema
from frictionless.resources import TableResource

from models.columns import COLUMN_NAMES, COLUMNS
from models.errors import messages
from models.store import Progress, Said
from pipeline.outputs.export import export
from pipeline.outputs.progress import PROGRESS_COLUMNS, progress_csv
from pipeline.outputs.schema import register_schema, table_schema
from pipeline.register import write_register
from tests.outputs.made import FORMULAS, row

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)


def _errors(folder: Path, *table: dict[str, str]) -> list[tuple[str, str]]:
    """Return the kind and column of what the tool finds wrong in a register."""
    write_register(folder / "register.csv", table)
    resource = Resource(path="register.csv", basepath=str(folder), schema=Schema.from_descriptor(register_schema()))
    found = resource.validate().flatten(["type", "fieldName"])
    return [(str(kind), str(name)) for kind, name in found]


def test_every_column_stands_in_the_schema_with_its_meaning() -> None:
    fields = register_schema()["fields"]
    assert tuple(field["name"] for field in fields) == COLUMN_NAMES
    assert [field["description"] for field in fields] == [column.meaning for column in COLUMNS]
    assert [field["type"] for field in fields] == [column.type for column in COLUMNS]


@pytest.mark.parametrize("column", COLUMNS, ids=COLUMN_NAMES)
def test_the_clerks_texts_say_the_same_as_the_schema(column: Any) -> None:
    assert messages()[f"column-{column.name.replace('_', '-')}"]["en"][1] == column.meaning


def test_a_register_of_the_corpus_passes_the_tool(corpus_rows: list[dict[str, str]], tmp_path: Path) -> None:
    export(tmp_path, corpus_rows, ["csv", "changes"], NOW)
    command = [sys.executable, "-m", "frictionless", "validate", "datapackage.json", "--json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    report = json.loads(done.stdout)
    assert (done.returncode, report["valid"], report["warnings"]) == (0, True, [])
    read = {task["name"]: task["stats"]["rows"] for task in report["tasks"]}
    assert read == {"register": len(corpus_rows), "changes": len(corpus_rows)}


def test_the_package_itself_is_valid_and_reads_typed_rows(tmp_path: Path) -> None:
    reviewed = {"reviewed_at": "2026-06-01T08:30:00+07:00", "review_status": "accepted", "due_date": "2026-07-01"}
    export(tmp_path, [row(**reviewed)], ["csv"], NOW)
    package = Package(str(tmp_path / "datapackage.json"))
    read = package.get_table_resource("register").read_rows()[0]
    assert (read["page"], float(read["confidence"]), read["lead_unit"]) == (3, 0.95, None)
    assert read["due_date"].isoformat() == "2026-07-01"
    assert read["reviewed_at"] == datetime.fromisoformat(reviewed["reviewed_at"])


def test_progress_passes_the_tool_beside_the_register(tmp_path: Path) -> None:
    export(tmp_path, [row()], ["csv"], NOW)
    said = Said("done", "2026-05-30", "=15/BC", "two\nlines")
    entry = Progress(1, row()["task_id"], said, "Anna", "2026-05-30T08:00:00+00:00")
    (tmp_path / "progress.csv").write_bytes(progress_csv({entry.task_id: entry}))
    schema = Schema.from_descriptor(table_schema(PROGRESS_COLUMNS, unique="task_id"))
    resource = TableResource(path="progress.csv", basepath=str(tmp_path), schema=schema)
    assert resource.validate().valid
    (line,) = resource.read_rows()
    assert (line["report_reference"], line["done_on"].isoformat()) == ("'=15/BC", "2026-05-30")


@pytest.mark.parametrize(
    ("column", "good", "bad", "error"),
    [
        ("task_id", "0123456789abcdef", "0123", "constraint-error"),
        ("document_type", "minutes", "note", "constraint-error"),
        ("document_date", "2026-02-28", "2026-02-31", "type-error"),
        ("page", "1", "0", "constraint-error"),
        ("page", "12", "twelve", "type-error"),
        ("task", "-5 % of the fees", "", "constraint-error"),
        ("lead_unit_id", "vn.bo-tai-chinh; ; us.dhs", "Bộ Tài chính", "constraint-error"),
        ("coordinating_unit_ids", "; vn.so-y-te", "vn.so-y-te, us.dhs", "constraint-error"),
        ("deadline_bound", "before", "after", "constraint-error"),
        ("recurrence", "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1", "monthly", "constraint-error"),
        ("recurrence", "FREQ=MONTHLY;BYDAY=-1FR,+2MO", "FREQ=MONTHLY;", "constraint-error"),
        ("confidence", "1.00", "1.01", "constraint-error"),
        ("review_reasons", "lead-missing; task-doubtful", "lead missing", "constraint-error"),
        ("reviewed_at", "2026-06-01T08:30:00Z", "1 June 2026", "type-error"),
        ("source_sha256", "0" * 64, "0" * 63, "constraint-error"),
    ],
)
def test_the_tool_takes_and_refuses(column: str, good: str, bad: str, error: str, tmp_path: Path) -> None:
    assert _errors(tmp_path, row(**{column: good})) == []
    assert (error, column) in _errors(tmp_path, row(**{column: bad}))


def test_a_task_stands_in_the_register_once(tmp_path: Path) -> None:
    assert _errors(tmp_path, row(1), row(2)) == []
    assert _errors(tmp_path, row(1), row(1))


@pytest.mark.parametrize("cell", FORMULAS)
def test_defused_cells_hold_to_the_schema(cell: str, tmp_path: Path) -> None:
    assert _errors(tmp_path, row(task=cell, lead_unit=cell, source_text=f"{cell}\n{cell}")) == []
