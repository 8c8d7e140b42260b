"""The score: what counts as found and right, gains and losses, and figures identical to the shared score's."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from models.columns import COLUMN_NAMES
from models.errors import UsageError
from pipeline.register import read_register, write_register
from pipeline.score import Mistake, deadline_right, gains_and_losses, lead_right, load_gold, pair, same_unit, score

GOLD = Path(__file__).parents[1] / "../shared/gold"
OWN_GOLD = Path(__file__).parents[1] / "corpus/gold"
Row = dict[str, str]


def _task(quote: str, **values: Any) -> dict[str, Any]:
    return {"id": 1, "quote": quote, "lead": [], "coordinating": [], "deadline": {"kind": "none"}, **values}


def _document(*tasks: dict[str, Any], name: str = "a.txt") -> dict[str, Any]:
    return {"document": name, "language": "en", "tasks": [{**task, "id": i} for i, task in enumerate(tasks, 1)]}


def _row(task: str, **values: str) -> Row:
    return {"source_file": "a.txt", "task": task, "source_text": task, "deadline_kind": "none", **values}


COUNT, PAINT = "count the boats in the harbour", "paint the long pier green"


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("Ministry of Finance", "the Finance Ministry", True),
        ("Министерству финансов", "Министерство финансов", True),
        ("Sở Tài chính", "Sở Nội vụ", False),
        ("Department", "Departments", True),
        ("Port", "Post", False),
        ("the", "of", False),
    ],
)
def test_units_are_the_same_by_their_words(left: str, right: str, same: bool) -> None:
    assert same_unit(left, right) is same


@pytest.mark.parametrize(
    ("gold", "row", "right"),
    [
        ({"kind": "date", "due": "2026-05-01"}, {"deadline_kind": "date", "due_date": "2026-05-01"}, True),
        ({"kind": "date", "due": "2026-05-01"}, {"deadline_kind": "date", "due_date": "2026-05-02"}, False),
        ({"kind": "date", "due": ["2026-05-01", ""]}, {"deadline_kind": "date"}, True),
        (
            {"kind": ["date", "period"], "due": "2026-05-01"},
            {"deadline_kind": "period", "due_date": "2026-05-01"},
            True,
        ),
        ({"kind": "none"}, {"deadline_kind": ""}, True),
        ({"kind": "none"}, {"due_date": "2026-05-01"}, False),
        ({"kind": "recurring", "rrule": "FREQ=YEARLY;BYMONTH=5"}, {"recurrence": "RRULE:BYMONTH=5;FREQ=YEARLY"}, False),
        (
            {"kind": "recurring", "rrule": "FREQ=YEARLY;BYMONTH=5"},
            {"deadline_kind": "recurring", "recurrence": "RRULE:BYMONTH=5;FREQ=YEARLY"},
            True,
        ),
        ({"kind": "recurring"}, {"deadline_kind": "recurring", "recurrence": "FREQ=DAILY"}, True),
        ({"kind": "event"}, {"deadline_kind": "event", "due_date": "2026-05-01"}, True),
        ({"kind": "relative"}, {"deadline_kind": "relative", "due_date": "2026-05-01"}, False),
    ],
)
def test_a_deadline_is_right_in_kind_and_day(gold: dict[str, Any], row: Row, right: bool) -> None:
    assert deadline_right(row, _task(COUNT, deadline=gold)) is right


@pytest.mark.parametrize(
    ("lead", "cell", "right"),
    [
        (["Port Police", "Post Office"], "Post Office; Port Police", True),
        (["Port Police"], "Port Police; Post Office", False),
        (["Port Police"], "", False),
        ([], "", True),
        ([["Ministry's Office", "Ministry Office"]], "Ministry Office", True),
    ],
)
def test_leads_are_right_when_all_are_named_and_no_other(lead: list[Any], cell: str, right: bool) -> None:
    assert lead_right({"lead_unit": cell}, _task(COUNT, lead=lead)) is right


def test_each_row_and_task_is_paired_once_and_the_likest_first() -> None:
    rows = [_row(COUNT + " at noon"), _row(COUNT), _row("something else altogether")]
    assert pair(rows, [_task(COUNT), _task(PAINT)]) == [(1, 0)]


def test_among_equal_texts_those_that_agree_are_paired() -> None:
    rows = [_row(COUNT, lead_unit="Port Police"), _row(COUNT, lead_unit="Post Office")]
    tasks = [_task(COUNT, lead=["Post Office"]), _task(COUNT, lead=["Port Police"])]
    assert sorted(pair(rows, tasks)) == [(0, 1), (1, 0)]


def test_a_short_gold_text_inside_a_longer_row_counts_as_found() -> None:
    long = f"{COUNT} {PAINT} and then go home for tea with the others"
    assert pair([_row(long)], [_task(COUNT)]) == [(0, 0)]
    assert pair([_row(f"{long} {PAINT} {long}")], [_task("count the")]) == []


def test_figures_of_a_small_register() -> None:
    gold = _document(_task(COUNT, lead=["Port Police"]), _task(PAINT), _task("sing in the morning", core=False))
    rows = [
        _row(COUNT),
        _row("sing in the morning"),
        _row("a false row about nothing"),
        _row(PAINT) | {"source_file": "b"},
    ]
    result = score(rows, [gold])
    figures = result.figures["all"]
    assert (figures.gold, figures.rows, figures.precision, figures.recall) == (2, 2, 0.5, 0.5)
    assert (figures.lead, figures.due, figures.row_f1) == (0.0, 1.0, 0.0)
    assert set(result.figures) == {"a.txt", "language en", "all"}
    assert [(mistake.what, mistake.task) for mistake in result.mistakes] == [
        ("lead", "1"),
        ("extra", "-"),
        ("missed", "2"),
    ]


def test_coordinators_that_were_not_annotated_are_not_counted() -> None:
    row = _row(COUNT, coordinating_units="Post Office; Fire Brigade")
    assert score([row], [_document(_task(COUNT, coordinating=None))]).figures["all"].coord == 1.0
    assert score([row], [_document(_task(COUNT, coordinating=["Post Office"]))]).figures["all"].coord == 2 / 3


def test_gains_and_losses_name_the_rows() -> None:
    gold = [_document(_task(COUNT), _task(PAINT))]
    old = score([_row(COUNT), _row("a false row about nothing")], gold)
    new = score([_row(PAINT), _row("another false one of these")], gold)
    won, lost = gains_and_losses(new, old)
    assert won == [Mistake("a.txt", "2", "missed", PAINT), Mistake("a.txt", "-", "extra", "a false row about nothing")]
    assert lost == [
        Mistake("a.txt", "1", "missed", COUNT),
        Mistake("a.txt", "-", "extra", "another false one of these"),
    ]
    assert gains_and_losses(new, new) == ([], [])


def test_an_empty_register_scores_nothing_and_fails_nowhere() -> None:
    figures = score([], [_document(_task(COUNT))]).figures["all"]
    assert (figures.f1, figures.lead, figures.row_f1) == (0.0, 0.0, 0.0)


def test_a_gold_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_text("{", encoding="utf-8")
    for path in (tmp_path / "gold.jsonl", tmp_path / "absent.jsonl"):
        with pytest.raises(UsageError, match=path.name):
            load_gold([path])


def _imperfect_rows(gold: list[Any], chance: random.Random) -> list[Row]:
    """The rows of somebody who reads as the gold does, but forgets, cuts, mixes up and invents."""
    rows: list[Row] = []
    units = [unit for document in gold for task in document["tasks"] for unit in task.get("lead") or []]
    for document in gold:
        for task in document["tasks"]:
            words = task["quote"].split()
            cut = words[: chance.randint(1, len(words))] if chance.random() < 0.4 else words
            leads = [unit[0] if isinstance(unit, list) else unit for unit in task.get("lead") or []]
            helpers = [unit[0] if isinstance(unit, list) else unit for unit in task.get("coordinating") or []]
            if chance.random() < 0.3:
                leads.append(chance.choice([unit for unit in units if isinstance(unit, str)]))
            deadline = {key: value[0] if isinstance(value, list) else value for key, value in task["deadline"].items()}
            row = dict.fromkeys(COLUMN_NAMES, "") | {
                "source_file": document["document"],
                "task": " ".join(cut),
                "source_text": task["quote"] + " " + " ".join(cut),
                "lead_unit": "; ".join(leads),
                "coordinating_units": "; ".join(helpers[: chance.randint(0, 3)]),
                "deadline_kind": deadline["kind"] if chance.random() < 0.8 else "date",
                "due_date": deadline.get("due") or "",
                "recurrence": deadline.get("rrule") or "",
            }
            rows += [row] * chance.choice([0, 1, 1, 1, 1, 2])
    return rows


@pytest.mark.skipif(not (GOLD / "score.py").exists(), reason="the shared gold set is not beside this checkout")
@pytest.mark.parametrize("folder", [GOLD, OWN_GOLD], ids=["shared", "own"])
def test_figures_are_those_of_the_shared_score(tmp_path: Path, folder: Path) -> None:
    paths = sorted(folder.glob("*.jsonl"))
    gold = load_gold(paths)
    register = tmp_path / "register.csv"
    write_register(register, _imperfect_rows(gold, random.Random(folder.name)))
    command = [sys.executable, str(GOLD / "score.py"), str(register), *map(str, paths), "--json"]
    wanted = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    figures = score(read_register(register), gold).figures
    assert {group: values._asdict() for group, values in figures.items()} == wanted
    assert 0.1 < figures["all"].row_f1 < 0.9
