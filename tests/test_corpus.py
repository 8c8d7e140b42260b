"""The corpus is whole: sources valid, gold true to their texts, what is committed is what the builder makes."""

from __future__ import annotations

import csv
import functools
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from dateutil.rrule import rrulestr
from pydantic import ValidationError

from corpus.build import (
    DOCUMENTS,
    GOLD,
    MANIFEST,
    SOURCES,
    all_sources,
    built_files,
    contents_digest,
    gold_text,
    word_for_pdf,
)
from corpus.goldlines import complaints, cut, gold_tasks
from corpus.layouts import Counters
from corpus.sourcefile import Numbering, Source, load_source, squeezed
from models.records import LANGUAGES, DeadlineKind

PATHS = sorted(SOURCES.glob("*/*.yaml"))
SCORE = Path(__file__).parents[1] / "../shared/gold/score.py"
PLAIN = {".txt", ".html", ".md"}


@functools.cache
def _sources() -> tuple[Source, ...]:
    return tuple(all_sources())


def _either(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _deadlines() -> Iterator[dict[str, Any]]:
    for source in _sources():
        for task in gold_tasks(source):
            yield task["deadline"]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_source_is_valid_and_its_gold_stands_in_its_text(path: Path) -> None:
    source = load_source(path)
    assert source.name == path.stem
    assert source.language == path.parent.name
    assert complaints(source) == []
    assert gold_tasks(source)


def test_corpus_is_large_enough_and_speaks_three_languages() -> None:
    sources = _sources()
    assert len(sources) >= 15
    assert {source.language for source in sources} == set(LANGUAGES)
    assert {suffix for source in sources for suffix in source.formats} == {"pdf", "docx", "html", "txt", "md"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_deadline_occurs_in_every_language(language: str) -> None:
    kinds = {
        kind
        for source in _sources()
        if source.language == language
        for task in gold_tasks(source)
        for kind in _either(task["deadline"]["kind"])
    }
    assert kinds == set(get_args(DeadlineKind))


def test_dates_and_recurrences_are_well_formed() -> None:
    for deadline in _deadlines():
        for day in [*_either(deadline.get("due")), *_either(deadline.get("start"))]:
            assert not day or date.fromisoformat(day)
        for rule in _either(deadline.get("rrule")):
            assert rrulestr(f"RRULE:{rule}", dtstart=None)
        if deadline.get("start") and isinstance(deadline.get("due"), str):
            assert deadline["start"] <= deadline["due"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_committed_gold_is_what_the_sources_say(language: str) -> None:
    chosen = [source for source in _sources() if source.language == language]
    committed = (GOLD / f"{language}.jsonl").read_text(encoding="utf-8")
    assert committed == gold_text(chosen)
    for line in committed.splitlines():
        assert (DOCUMENTS / json.loads(line)["document"]).is_file()


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_committed_documents_are_what_the_builder_makes(path: Path) -> None:
    for name, data in built_files(load_source(path)).items():
        committed = DOCUMENTS / name
        assert committed.is_file()
        if committed.suffix in PLAIN:
            assert committed.read_bytes() == data


def test_no_pdf_is_older_than_its_source() -> None:
    made = json.loads(MANIFEST.read_text(encoding="utf-8"))
    wanted = {f"{source.name}.pdf": source for source in _sources() if "pdf" in source.formats}
    assert made == {name: contents_digest(word_for_pdf(source)) for name, source in wanted.items()}
    assert {path.name for path in DOCUMENTS.glob("*.pdf")} == set(wanted)


def test_plain_text_holds_every_quote() -> None:
    for source in _sources():
        if "txt" in source.formats:
            text = squeezed((DOCUMENTS / f"{source.name}.txt").read_text(encoding="utf-8"))
            assert [task["quote"] for task in gold_tasks(source) if task["quote"] not in text] == []


def _example(**changes: Any) -> Source:
    values: dict[str, Any] = {
        "name": "example",
        "language": "en",
        "type": "notice",
        "number": None,
        "date": "2026-05-04",
        "title": "Example",
        "issuer": "Office",
        "formats": ["docx"],
        "layout": "en-memo",
        "body": [{"p": "The Office shall count the boats by 1 June.[^]", "note": "At low tide.", "task": {}}],
    }
    return Source.model_validate({**values, **changes})


def test_a_quote_that_the_text_lacks_is_reported() -> None:
    gold = [{"id": 1, "quote": "count the ships"}]
    wrong = _example(body=[{"p": "The Office shall count the boats."}], gold=gold)
    assert complaints(wrong) == ["example task 1: the text has no 'count the ships'"]


@pytest.mark.parametrize(
    "block",
    [
        {"p": "text", "h": "heading"},
        {"paragraph": "misspelt key"},
        {"p": "text", "task": {"deadline": {"kind": "date"}}},
        {"p": "text", "task": {"deadline": {"kind": "recurring", "rrule": "monthly"}}},
        {"table": {"columns": ["A", "B"], "widths": [1, 1], "rows": [["only one"]]}},
    ],
)
def test_a_wrong_block_is_refused(block: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        _example(body=[block])


def test_a_quote_is_cut_out_of_its_paragraph() -> None:
    assert cut("A does one; B does two; end", "B does", "two") == "B does two"
    with pytest.raises(ValueError, match="not found"):
        cut("A does one", "C", None)


def test_a_table_row_takes_units_and_deadline_from_merged_cells() -> None:
    rows = [
        {"cells": [{"text": "Harbour Office", "rows": 2}, "Paint the pier", "Fire Brigade;\nPort Police", "May 2026"]},
        {
            "cells": [None, "Mend the crane", "", "30 June 2026"],
            "task": {"deadline": {"kind": "date", "due": "2026-06-30"}},
        },
    ]
    columns = {"lead_column": 0, "task_column": 1, "coordinating_column": 2, "deadline_column": 3}
    table = {"columns": ["Lead", "Task", "With", "When"], "widths": [3, 6, 3, 3], "rows": rows, **columns}
    (task,) = gold_tasks(_example(body=[{"table": table}]))
    assert (task["quote"], task["lead"], task["coordinating"]) == ("Mend the crane", ["Harbour Office"], [])
    assert task["deadline"] == {"kind": "date", "text": "30 June 2026", "due": "2026-06-30"}


def test_automatic_labels_start_again_under_a_shallower_one() -> None:
    counters = Counters()
    styles: tuple[Numbering, ...] = ("1.", "a)", "a)", "1.", "a)")
    assert [counters.next(style).label for style in styles] == ["1.", "a)", "b)", "2.", "a)"]


def test_word_files_are_the_same_each_time_and_have_real_footnotes() -> None:
    (data,) = built_files(_example()).values()
    assert built_files(_example()) == {"example.docx": data}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert "At low tide." in archive.read("word/footnotes.xml").decode()
        assert "w:footnoteReference" in archive.read("word/document.xml").decode()


def _perfect_register(handle: Any) -> None:
    """Writes the register of somebody who reads as the gold does, taking the first of equally right answers."""
    names = {"lead_unit": "lead", "coordinating_units": "coordinating"}
    columns = ["source_file", "task", *names, "deadline_kind", "due_date", "recurrence"]
    writer = csv.DictWriter(handle, columns)
    writer.writeheader()
    for path in GOLD.glob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            document = json.loads(line)
            for task in document["tasks"]:
                deadline = task["deadline"]
                first = {key: (_either(deadline.get(key)) or [""])[0] for key in ("kind", "due", "rrule")}
                units = {
                    column: "; ".join(_either(unit)[0] for unit in task[key] or []) for column, key in names.items()
                }
                due = "" if first["kind"] == "none" else first["due"]
                row = {"source_file": document["document"], "task": task["quote"], "due_date": due, **units}
                writer.writerow({**row, "deadline_kind": first["kind"], "recurrence": first["rrule"]})


@pytest.mark.skipif(not SCORE.exists(), reason="the shared gold set with its score.py is not beside this checkout")
def test_gold_is_in_the_form_that_the_shared_score_reads(tmp_path: Path) -> None:
    register = tmp_path / "register.csv"
    with register.open("w", encoding="utf-8", newline="") as handle:
        _perfect_register(handle)
    command = [sys.executable, str(SCORE), str(register), *map(str, GOLD.glob("*.jsonl")), "--floor", "1.0"]
    outcome = subprocess.run([*command, "--errors", "9"], capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stdout
