"""Many writers at once, a process killed in the middle of writing, and stores of other versions."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from models.store import (
    EditConflictError,
    Store,
    StoreError,
    close_store,
    document_rows,
    list_documents,
    open_store,
    rebuild,
    register_rows,
    row_history,
    set_cell,
)
from models.store.database import HEAD, alembic_config, reading, writing
from models.tables import metadata
from tests.store.makers import LINES, PAINT, directive, record, row, rows_by_words

ROOT = Path(__file__).parents[2]
# Writes without end, extractions and edits in turn: says on its output what was acknowledged, one line a turn.
_WRITER = """
import sys
from models.store import open_store, set_cell, find_task
from tests.store.makers import directive, record
store = open_store(sys.argv[1])
number = int(sys.argv[3])
while True:
    number += 1
    record(store, directive(), software=str(number))
    seen = find_task(store, sys.argv[2])[1].values.get("deliverable", "")
    set_cell(store, sys.argv[2], "deliverable", f"list {number}", expected=seen, who="An")
    print(number, flush=True)
"""


def test_of_many_reviewers_on_one_cell_each_edit_sees_the_one_before(store: Store) -> None:
    document_id = record(store, directive()).document_id
    task = rows_by_words(store, document_id)[PAINT.words].task_id

    def edit(number: int) -> str:
        try:
            set_cell(store, task, "lead_unit", f"Unit {number}", expected="Harbour Office", who=f"person {number}")
        except EditConflictError:
            return "told"
        return "done"

    with ThreadPoolExecutor(8) as threads:
        outcomes = Counter(threads.map(edit, range(16)))
    assert outcomes == {"done": 1, "told": 15}
    assert len(row_history(store, task)) == 1


def test_many_recordings_of_one_directive_are_one_document(store: Store) -> None:
    with ThreadPoolExecutor(6) as threads:
        recorded = list(threads.map(lambda _: record(store, directive()), range(12)))
    assert len({found.document_id for found in recorded}) == 1
    assert sum(found.is_new for found in recorded) == 1
    assert len(list(register_rows(store))) == len(LINES)


def test_readers_see_whole_states_while_others_write(store: Store) -> None:
    document_id = record(store, directive()).document_id
    found = rows_by_words(store, document_id)[PAINT.words]

    def write(number: int) -> None:
        seen = row(store, found.task_id).values.get("deliverable", "")
        set_cell(store, found.task_id, "deliverable", f"list {number}", expected=seen, who="An")

    def read(_: int) -> int:
        document, rows = document_rows(store, document_id)
        assert document.tasks == len(rows)
        return len(rows)

    with ThreadPoolExecutor(4) as threads:
        reads = threads.map(read, range(60))
        for number in range(10):
            write(number)
        assert set(reads) == {3}


@pytest.mark.slow
def test_nothing_acknowledged_is_missing_after_a_kill(place: str) -> None:
    store = open_store(place)
    document_id = record(store, directive()).document_id
    task = rows_by_words(store, document_id)[PAINT.words].task_id
    done = 0
    chance = random.Random(5)
    for _ in range(5):
        done = _write_until_killed(place, task, done, 0.2 + chance.random() * 0.5)
        kept = int(row(store, task).values.get("deliverable", "list 0").split()[1])
        with reading(store) as connection:
            runs = connection.scalar(text("SELECT count(*) FROM runs")) or 0
        assert kept in (done, done + 1)  # the last may be kept and not yet acknowledged
        assert runs in (kept, kept + 1)
        done = kept
        before = list(register_rows(store))
        rebuild(store)
        assert list(register_rows(store)) == before
    assert done > 0
    assert len(row_history(store, task)) == done
    close_store(store)


def _write_until_killed(place: str, task: str, done: int, seconds: float) -> int:
    command = [sys.executable, "-c", _WRITER, place, task, str(done)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT) as writer:
        assert writer.stdout
        said = [writer.stdout.readline()]  # it has begun
        time.sleep(seconds)
        writer.send_signal(signal.SIGKILL)
        said += writer.stdout.readlines()
    return int([line for line in said if line.endswith("\n")][-1])


def test_an_edit_that_fails_midway_leaves_nothing(store: Store) -> None:
    document_id = record(store, directive()).document_id
    before = document_rows(store, document_id)
    with pytest.raises(RuntimeError, match="midway"):
        _write_half(store)
    assert document_rows(store, document_id) == before
    assert list_documents(store).total == 1


def _write_half(store: Store) -> None:
    with writing(store) as connection:
        connection.execute(text("DELETE FROM current_tasks"))
        raise RuntimeError("midway")


def test_a_store_is_opened_again_as_it_was_left(place: str) -> None:
    store = open_store(place)
    record(store, directive())
    before = list(register_rows(store))
    close_store(store)
    again = open_store(place)
    assert list(register_rows(again)) == before
    close_store(again)


def test_the_migrations_make_the_tables(store: Store) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    assert ScriptDirectory.from_config(alembic_config()).get_current_head() == HEAD

    def ours(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
        return not (name or "").startswith(("current_words", "ix_current_words"))

    with reading(store) as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours})
        assert compare_metadata(context, metadata) == []


def test_a_store_of_a_newer_chidao_is_left_alone(place: str) -> None:
    store = open_store(place)
    with writing(store) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    close_store(store)
    with pytest.raises(StoreError) as error:
        open_store(place)
    assert error.value.code == "store-newer"


def test_what_is_no_store_is_told(tmp_path: Path) -> None:
    (tmp_path / "store.db").write_bytes(b"no database at all " * 100)
    with pytest.raises(StoreError) as error:
        open_store(tmp_path / "store.db")
    assert error.value.code == "store-unavailable"
    with pytest.raises(StoreError):
        open_store("postgresql+psycopg://nobody@127.0.0.1:1/none")
