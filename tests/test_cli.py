"""The command `chidao`: what it writes where, its exit codes and its languages."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

from models.columns import COLUMN_NAMES
from pipeline import cli, known
from pipeline.known import Known
from pipeline.register import read_register, rows, write_register
from tests.samples import TEXT, extraction, fake_extract, task

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder of one's own, English messages, and a tiny extractor in the place of the real one."""
    monkeypatch.chdir(tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    module = ModuleType("extractors.linking")
    module.extract = fake_extract  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "extractors.linking", module)


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    path = tmp_path / "harbour.txt"
    path.write_text("The Port Police shall count the boats.\n", encoding="utf-8")
    return path


def _table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_help_comes_at_once() -> None:
    started = time.perf_counter()
    outcome = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", "--help"], cwd=ROOT, capture_output=True, check=True
    )
    seconds = time.perf_counter() - started
    assert b"extract" in outcome.stdout
    assert seconds < 0.5 or os.getloadavg()[0] > 2 * (os.cpu_count() or 1), f"{seconds:.2f} s"


def test_help_needs_nothing_heavy() -> None:
    code = "import sys, pipeline.cli; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    heavy = {"prefect", "pydantic", "pandas", "numpy", "spacy", "pdfplumber", "docx", "lxml", "sqlalchemy", "fastapi"}
    assert heavy.isdisjoint(loaded.split())


def test_extract_writes_to_standard_output(harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["extract", str(harbour)]) == 0
    (row,) = _table(capsys.readouterr().out)
    assert row["task"] == "The Port Police shall count the boats."
    assert tuple(row) == COLUMN_NAMES


def test_extract_writes_a_file_with_its_folder(harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["extract", str(harbour), "-o", "new/register.csv"]) == 0
    assert [row["source_file"] for row in read_register(Path("new/register.csv"))] == ["harbour.txt"]
    assert capsys.readouterr().out == ""


def test_extract_writes_json_lines(harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["extract", str(harbour), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["page"] == 1


def test_folders_are_walked_and_a_file_named_twice_is_read_once(
    harbour: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (harbour.parent / ".hidden.txt").write_text("Count the hidden boats.", encoding="utf-8")
    assert cli.main(["extract", str(harbour.parent), str(harbour)]) == 0
    assert len(_table(capsys.readouterr().out)) == 1


def test_failed_files_are_named_one_a_line_and_the_others_read(
    harbour: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("empty.pdf").touch()
    command = ["extract", "absent.txt", str(harbour), "empty.pdf", "--lang-of-messages", "ru"]
    assert cli.main(command) == 1
    output = capsys.readouterr()
    assert len(_table(output.out)) == 1
    absent, empty = output.err.splitlines()
    assert absent.startswith("Файл absent.txt не открывается")
    assert empty.startswith("В файле empty.pdf нет читаемого текста.")


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        (["extract", "."], "no file to read"),
        (["extract", "harbour.txt", "-o", "."], "can't be used"),
        (["explain", "0123"], "0123 is not known in outputs"),
        (["score", "absent.csv", "absent.jsonl"], "absent"),
        (["occurrences", "absent.csv", "--from", "2026-01-01", "--to", "2026-12-31"], "absent.csv"),
        (["run", "--inbox", "absent"], "absent can't be used"),
    ],
)
def test_what_cannot_be_done_as_asked_is_told_with_exit_code_2(
    command: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(command) == 2
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize("command", [[], ["extract"], ["extract", "a", "--workers", "0"], ["publish"], ["run"]])
def test_a_wrong_command_line_ends_with_exit_code_2(command: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(command)
    assert caught.value.code == 2


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "vi_VN.UTF-8"}, "vi"),
        ({"LANG": "vi_VN.UTF-8", "LC_ALL": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
    ],
)
def test_messages_are_in_the_language_of_the_locale(
    variables: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert cli._locale() == language


def _keep_harbour(outputs: Path) -> None:
    known.keep(outputs, "1", [extraction()])
    known.save(outputs, {"1": Known("harbour.txt", known.engine())})


def test_explain_tells_words_place_rules_and_doubts(capsys: pytest.CaptureFixture[str]) -> None:
    _keep_harbour(Path("outputs"))
    assert cli.main(["explain", task().id]) == 0
    lines = capsys.readouterr().out.splitlines()
    words = TEXT.split("\n")[0]
    assert lines[:9] == [
        f"{task().id}: {words}",
        f"  “{words}”",
        "Document: 12/2026 On the pier, 2026-05-04",
        "Where: harbour.txt, page 1, section 1",
        "Leads: Harbour Office, from the words “Harbour Office” (page 1)",
        "Assists: Fire Brigade, from the words “Fire Brigade” (page 1)",
        "Deadline: “by 1 June 2026” (page 1): one day (by, 2026-06-01)",
        "Confidence: 0.90",
        "To be looked at:",
    ]
    assert lines[9].startswith("  deadline-year-inferred: The deadline names no year")
    assert lines[10] == "Rules that fired:"
    subject, limit = lines[11:]
    file = "extractors/languages/en/assignments.toml"
    assert subject.startswith(f"  en.subject.modal ({file}): the task, the lead unit; it takes, for example, “")
    assert limit.startswith("  en.limit")
    assert "the deadline" in limit


def test_explain_says_when_nothing_was_said(capsys: pytest.CaptureFixture[str]) -> None:
    _keep_harbour(Path("outputs"))
    assert cli.main(["explain", task(number=1).id, "--lang-of-messages", "vi"]) == 0
    assert "Thời hạn: không ghi, cả ở đề mục phía trên" in capsys.readouterr().out


def test_explain_looks_into_files_too(harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["extract", str(harbour)])
    (row,) = _table(capsys.readouterr().out)
    assert cli.main(["explain", row["task_id"], str(harbour)]) == 0
    assert capsys.readouterr().out.startswith(f"{row['task_id']}: The Port Police")


def test_score_prints_figures_mistakes_and_what_was_won(capsys: pytest.CaptureFixture[str]) -> None:
    write_register(Path("new.csv"), rows(extraction()))
    write_register(Path("old.csv"), [])
    deadline = {"kind": "date", "due": "2026-06-01"}
    gold = {"id": 1, "quote": TEXT.split("\n")[0], "lead": ["Harbour Office"], "deadline": deadline}
    document = {"document": "harbour.txt", "language": "en", "tasks": [gold]}
    Path("gold.jsonl").write_text(json.dumps(document) + "\n", encoding="utf-8")
    assert cli.main(["score", "new.csv", "gold.jsonl", "--errors", "9", "--against", "old.csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[3].split() == ["all", "1", "2", "0.500", "1.000", "0.667", "1.000", "0.000", "1.000", "0.667"]
    assert lines[4] == "harbour.txt  -  extra  The Port Police shall count the boats."
    assert lines[6] == "won 1, lost 1 against old.csv"
    assert lines[7].startswith("won  harbour.txt  1  missed  The Harbour Office")


def test_occurrences_lists_the_days_of_recurring_duties(capsys: pytest.CaptureFixture[str]) -> None:
    monthly = {"task_id": "1", "task": "Report", "recurrence": "FREQ=MONTHLY;BYMONTHDAY=25", "source_file": "a.txt"}
    once = {"task_id": "2", "task": "Paint", "source_file": "a.txt"}
    late = monthly | {"task_id": "3", "start_date": "2026-03-01", "due_date": "2026-03-31"}
    write_register(Path("r.csv"), [dict.fromkeys(COLUMN_NAMES, "") | row for row in (monthly, once, late)])
    assert cli.main(["occurrences", "r.csv", "--from", "2026-02-01", "--to", "2026-03-31"]) == 0
    days = [(row["date"], row["task_id"]) for row in _table(capsys.readouterr().out)]
    assert days == [("2026-02-25", "1"), ("2026-03-25", "1"), ("2026-03-25", "3")]
    assert cli.main(["occurrences", "r.csv", "--from", "2026-03-01", "--to", "2026-02-01"]) == 2


def test_a_recurrence_that_is_no_rule_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    row = dict.fromkeys(COLUMN_NAMES, "") | {"task_id": "7", "recurrence": "monthly", "source_file": "a.txt"}
    write_register(Path("r.csv"), [row])
    assert cli.main(["occurrences", "r.csv", "--from", "2026-02-01", "--to", "2026-03-31"]) == 2
    assert "The recurrence monthly of the task 7" in capsys.readouterr().err


def test_a_reader_who_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    daily = {"task_id": "1", "task": "Count " * 20, "recurrence": "FREQ=DAILY", "source_file": "a.txt"}
    write_register(tmp_path / "r.csv", [dict.fromkeys(COLUMN_NAMES, "") | daily] * 3)
    chidao = f"'{sys.executable}' -m pipeline.cli occurrences '{tmp_path / 'r.csv'}' --from 2025-01-01 --to 2027-12-31"
    command = ["bash", "-c", f"{chidao} | head -n 1; exit ${{PIPESTATUS[0]}}"]
    outcome = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert outcome.stdout.startswith("date,task_id")
    assert (outcome.stderr, outcome.returncode) == ("", 0)


def _keep_register() -> None:
    write_register(Path("outputs/register.csv"), rows(extraction()))


def test_export_writes_the_forms_asked_for_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    _keep_register()
    assert cli.main(["export", "jsonl", "xlsx", "--lang-of-messages", "ru"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Записано: outputs/register.jsonl.",
        "Записано: outputs/register.xlsx.",
    ]
    assert all(json.loads(line)["task"] for line in Path("outputs/register.jsonl").read_text("utf-8").splitlines())
    assert Path("outputs/register.xlsx").read_bytes()[:2] == b"PK"


def test_export_names_the_forms_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["export", "tablet"]) == cli.USAGE
    said = capsys.readouterr().err
    assert "tablet" in said
    assert "csv, changes, jsonl, xlsx, parquet, ics, tracker" in said


def test_units_lists_the_names_that_the_registry_lacks(capsys: pytest.CaptureFixture[str]) -> None:
    _keep_register()
    assert cli.main(["units"]) == 0
    listed = [line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines()]
    assert {name.split("  ~")[0] for _, name in listed} == {"Fire Brigade", "Harbour Office"}
