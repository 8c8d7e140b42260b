"""How offices write deadlines, read from tables of sentences in documents of 2 June 2025; and what is no deadline.

A row gives the sentence, in which brackets may mark the words that the deadline must cover, and what a clerk would
enter: kind, bound, start, due, recurrence and the reasons for review without their common prefix.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from extractors.base import Context
from extractors.deadlines import find_deadlines, primary, read_deadline_cell
from models.records import LANGUAGES, Deadline, Language

FOLDER = Path(__file__).parent
WRITTEN = date(2025, 6, 2)
FEWEST_TAKES, FEWEST_LEAVES = 150, 60
NAMES = ("kind", "bound", "start", "due", "recurrence", "reasons")


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return [{k: v or "" for k, v in row.items()} for row in csv.DictReader(handle, delimiter="|", restval="")]


def leaves(language: str) -> list[str]:
    return (FOLDER / f"{language}-leaves.txt").read_text(encoding="utf-8").splitlines()


def as_row(deadline: Deadline) -> dict[str, str]:
    """Write a deadline as the tables do."""
    return {
        "kind": deadline.kind,
        "bound": deadline.bound,
        "start": deadline.start.isoformat() if deadline.start else "",
        "due": deadline.due.isoformat() if deadline.due else "",
        "recurrence": deadline.recurrence,
        "reasons": " ".join(reason.removeprefix("deadline-") for reason in deadline.reasons),
    }


def _cases(suffix: str) -> Iterator[Any]:
    for language in LANGUAGES:
        for row in rows(language + suffix):
            yield pytest.param(language, row, id=f"{language}/{row['text'].strip()}")


def _check(found: tuple[Deadline, ...], row: dict[str, str], text: str) -> None:
    deadline = primary(found)
    assert deadline is not None
    assert as_row(deadline) == {name: row[name] for name in NAMES}
    assert deadline.span.of(text) == deadline.text
    marked = row["text"].partition("[")[2].partition("]")[0]
    assert not marked or marked in deadline.text
    assert not marked or len(deadline.text) <= len(marked)


@pytest.mark.parametrize(("language", "row"), _cases(""))
def test_a_deadline_in_a_sentence(language: Language, row: dict[str, str]) -> None:
    text = row["text"].replace("[", "").replace("]", "")
    _check(find_deadlines(text, Context(language, WRITTEN)), row, text)


@pytest.mark.parametrize(("language", "row"), _cases("-cells"))
def test_a_deadline_in_a_cell(language: Language, row: dict[str, str]) -> None:
    _check(read_deadline_cell(row["text"], Context(language, WRITTEN)), row, row["text"])


LEAVES = [pytest.param(language, text, id=f"{language}/{text}") for language in LANGUAGES for text in leaves(language)]


@pytest.mark.parametrize(("language", "text"), LEAVES)
def test_no_deadline(language: Language, text: str) -> None:
    assert find_deadlines(text, Context(language, WRITTEN)) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tables_are_long_enough(language: Language) -> None:
    takes = {row["text"] for row in rows(language)}
    assert len(takes) >= FEWEST_TAKES
    assert len(set(leaves(language))) >= FEWEST_LEAVES
