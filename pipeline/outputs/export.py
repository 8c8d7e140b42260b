"""The forms in which a register is taken away, by name, and the one function that writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from models.errors import UsageError
from models.records import Language
from pipeline.outputs import history, schema
from pipeline.outputs.calendar import CalendarOptions, write_calendars
from pipeline.outputs.changes import CHANGE_COLUMNS, changes_csv
from pipeline.outputs.parquet import parquet_bytes
from pipeline.outputs.progress import FILE as PROGRESS
from pipeline.outputs.progress import PROGRESS_COLUMNS, write_progress
from pipeline.outputs.tracker_list import FILE as TRACKER_FILE
from pipeline.outputs.tracker_list import tracker_bytes
from pipeline.outputs.xlsx import xlsx_bytes
from pipeline.register import Row, csv_bytes, json_lines, read_register
from pipeline.wholefile import write_whole

REGISTER, CHANGES, PACKAGE = "register.csv", "changes.csv", "datapackage.json"


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What an export may be told: the clerk's language, what changes count from (a register file, or a moment with
    offset at which a kept export stood; else the last export), and how the calendars look."""

    language: Language = "en"
    since: Path | datetime | None = None
    calendar: CalendarOptions | None = None


Form = Callable[[Path, Sequence[Row], ExportOptions], list[Path]]


def _file(name: str, made: Callable[[Sequence[Row], ExportOptions], bytes]) -> Form:
    """Return the form that is one file."""

    def write(outputs: Path, rows: Sequence[Row], options: ExportOptions) -> list[Path]:
        write_whole(outputs / name, made(rows, options))
        return [outputs / name]

    return write


def _changes(outputs: Path, rows: Sequence[Row], options: ExportOptions) -> list[Path]:
    since = options.since
    old = read_register(since) if isinstance(since, Path) else history.exported(outputs, since)
    write_whole(outputs / CHANGES, changes_csv(old, rows))
    return [outputs / CHANGES]


FORMS: Mapping[str, Form] = {
    "csv": _file(REGISTER, lambda rows, _: csv_bytes(rows)),
    "changes": _changes,
    "jsonl": _file("register.jsonl", lambda rows, _: json_lines(rows)),
    "xlsx": _file("register.xlsx", lambda rows, options: xlsx_bytes(rows, options.language)),
    "parquet": _file("register.parquet", lambda rows, _: parquet_bytes(rows)),
    "ics": lambda outputs, rows, options: write_calendars(outputs, rows, options.calendar),
    "tracker": _file(TRACKER_FILE, lambda rows, options: tracker_bytes(rows, options.language)),
    "progress": lambda outputs, _rows, _options: [write_progress(outputs)],
}


def export(
    outputs: Path, rows: Sequence[Row], forms: Iterable[str], moment: datetime, options: ExportOptions | None = None
) -> list[Path]:
    """Write a register in the forms asked for, by their names in `FORMS`, each file whole; return the files.

    Tables get their schema beside them. An export of changes is remembered under its moment (with offset), and the
    next one counts from it. Raises UsageError where the outputs can't be written, a cell isn't of its column's type,
    or what changes are to count from isn't there.
    """
    chosen = list(dict.fromkeys(forms))
    try:
        written = [path for form in chosen for path in FORMS[form](outputs, rows, options or ExportOptions())]
        if {"csv", "changes", "progress"} & set(chosen):
            written += _describe(outputs)
        if "changes" in chosen:
            history.remember(outputs, rows, moment)
    except OSError as error:
        path, reason = error.filename or outputs, error.strerror or str(error)
        raise UsageError("folder-unusable", folder=str(path), reason=reason) from error
    return written


def _describe(outputs: Path) -> list[Path]:
    """Write the schema of the register and the data package of the tables that are there."""
    described: dict[str, tuple[str, str | dict[str, Any]]] = {
        REGISTER: ("The register: one row a task.", schema.SCHEMA_FILE),
        CHANGES: ("What changed in the register.", schema.table_schema(CHANGE_COLUMNS)),
        PROGRESS: ("What people said of the doing of tasks.", schema.table_schema(PROGRESS_COLUMNS, unique="task_id")),
    }
    tables = [schema.table_resource(file, *said) for file, said in described.items() if (outputs / file).is_file()]
    write_whole(outputs / schema.SCHEMA_FILE, schema.json_bytes(schema.register_schema()))
    write_whole(outputs / PACKAGE, schema.json_bytes(schema.data_package(tables)))
    return [outputs / schema.SCHEMA_FILE, outputs / PACKAGE]
