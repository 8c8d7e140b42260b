"""What people said of the doing of tasks, as a table of its own beside the register."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from models.columns import Column
from pipeline.register import defused
from pipeline.status import progress_of
from pipeline.wholefile import write_whole

if TYPE_CHECKING:
    from models.store import Progress

FILE = "progress.csv"
PROGRESS_COLUMNS: tuple[Column, ...] = (
    Column("task_id", "string", "The task, as in the register.", required=True),
    Column("state", "string", "How it stands.", ("done", "in-progress", "not-applicable"), required=True),
    Column("done_on", "date", "The day it was done, where that was said."),
    Column("report_reference", "string", "Number of the report that says so."),
    Column("note", "string", "What was noted."),
    Column("recorded_by", "string", "Who recorded it.", required=True),
    Column("recorded_at", "datetime", "When, ISO 8601 with offset.", required=True),
)


def write_progress(outputs: Path) -> Path:
    """Write what was said, whole; only the header where nothing was. Raises OSError, StoreError."""
    write_whole(outputs / FILE, progress_csv(progress_of(outputs)))
    return outputs / FILE


def progress_csv(progress: Mapping[str, Progress]) -> bytes:
    """Return what was said as UTF-8 CSV by RFC 4180, in the order of the ids, with cells defused as in the register."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in PROGRESS_COLUMNS])
    for task_id, entry in sorted(progress.items()):
        said = entry.said
        cells = (task_id, said.state, said.done_on, said.reference, said.note, entry.who, entry.at)
        writer.writerow([defused(cell) for cell in cells])
    return text.getvalue().encode("utf-8", errors="replace")
