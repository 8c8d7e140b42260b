"""The register as people and programs take it away: rows by the published columns, as CSV or JSON lines."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from models.columns import COLUMN_NAMES, COLUMNS, SEPARATOR
from models.errors import UsageError
from models.records import Deadline, Extraction, Span, Task, Unit
from pipeline.wholefile import write_whole

Row = Mapping[str, str]

# What a spreadsheet takes for a formula, also after blanks; an apostrophe in front makes it text.
_FORMULA = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")
HEAD = (",".join(COLUMN_NAMES) + "\r\n").encode()
_DEFUSED = re.compile(r"'" + _FORMULA.pattern)
_NO_DEADLINE = Deadline("none", "", Span(0, 0))


def rows(extraction: Extraction) -> Iterator[Row]:
    """Yield the rows of one document, in document order; every column is there, empty where nothing is known."""
    document = _document_values(extraction)
    for task in sorted(extraction.tasks, key=lambda task: task.span.start):
        values = {**document, **_task_values(task), "source_text": task.span.of(extraction.document.text)}
        yield {name: _cell(values.get(name, "")) for name in COLUMN_NAMES}


def _document_values(extraction: Extraction) -> dict[str, object]:
    header, document = extraction.header, extraction.document
    return {
        "document_id": extraction.document_id,
        "document_number": header.number,
        "document_type": header.type,
        "document_date": header.date,
        "document_title": header.title,
        "issuer": header.issuer,
        "signer": header.signer,
        "language": header.language,
        "review_status": "new",
        "source_file": document.file_name,
        "source_sha256": document.sha256,
    }


def _task_values(task: Task) -> dict[str, object]:
    deadline = task.deadline or _NO_DEADLINE
    return {
        "task_id": task.id,
        "parent_task_id": task.parent_id,
        "section": task.section,
        "page": task.page,
        "task": task.text,
        "deliverable": task.deliverable,
        "lead_unit": _names(task.leads),
        "lead_unit_id": _ids(task.leads),
        "coordinating_units": _names(task.coordinators),
        "coordinating_unit_ids": _ids(task.coordinators),
        "deadline_text": deadline.text,
        "deadline_kind": deadline.kind,
        "deadline_bound": deadline.bound,
        "start_date": deadline.start,
        "due_date": deadline.due,
        "recurrence": deadline.recurrence,
        "references": SEPARATOR.join(task.references),
        "confidence": task.confidence,
        "review_reasons": SEPARATOR.join(task.reasons),
        "rules": SEPARATOR.join(task.rules),
        "same_as": task.same_as,
    }


def _names(units: Sequence[Unit]) -> str:
    return SEPARATOR.join(" ".join(unit.name.replace(";", ",").split()) for unit in units)


def _ids(units: Sequence[Unit]) -> str:
    """Join the ids in the order of the names, so that an unknown one leaves its place empty."""
    return SEPARATOR.join(unit.id for unit in units) if any(unit.id for unit in units) else ""


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.2f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def csv_bytes(rows: Iterable[Row]) -> bytes:
    """Return the register as UTF-8 CSV by RFC 4180, with cells defused that a spreadsheet would run as formulas."""
    return HEAD + csv_lines(rows)


def csv_lines(rows: Iterable[Row]) -> bytes:
    """Return the lines of some rows, as they stand below the header line."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([defused(row[name]) for name in COLUMN_NAMES] for row in rows)
    return _encoded(text.getvalue())


def json_lines(rows: Iterable[Row]) -> bytes:
    """Return the register as UTF-8 JSON lines: numbers as numbers, cells as they are, empty ones as null."""
    lines = (json.dumps(typed(row), ensure_ascii=False) for row in rows)
    return _encoded("".join(f"{line}\n" for line in lines))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", errors="replace")  # half a surrogate pair from a broken file is no reason to stop


def typed(row: Row) -> dict[str, str | int | float | None]:
    """Return a row with numbers as numbers and empty cells as None."""
    number = {"integer": int, "number": float}
    return {
        column.name: number.get(column.type, str)(row[column.name]) if row[column.name] else None for column in COLUMNS
    }


def defused(cell: str) -> str:
    """Return a cell with an apostrophe in front where a spreadsheet would run it as a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def restored(cell: str) -> str:
    """Return a cell as it was before `defused`."""
    return cell[1:] if _DEFUSED.match(cell) else cell


def write_register(path: Path, rows: Iterable[Row]) -> None:
    """Write the register as CSV, whole. Raises OSError."""
    write_whole(path, csv_bytes(rows))


def read_register(path: Path) -> list[dict[str, str]]:
    """Return the rows of a register as they were before writing; columns that it lacks are empty.

    Raises UsageError where the file can't be read or is no register.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            table = list(csv.reader(handle))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError("register-unreadable", file=path.name, reason=str(error)) from error
    if not table or not {"task", "source_file"} <= set(table[0]):
        raise UsageError("register-unreadable", file=path.name, reason="task, source_file ?")
    return [_restored_row(table[0], cells) for cells in table[1:] if cells]


def parsed(lines: bytes) -> list[dict[str, str]]:
    """Return the rows of some lines of a register, as `csv_lines` wrote them."""
    table = csv.reader(io.StringIO(lines.decode(), newline=""))
    return [_restored_row(COLUMN_NAMES, cells) for cells in table]


def _restored_row(names: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    return dict.fromkeys(COLUMN_NAMES, "") | dict(zip(names, map(restored, cells), strict=False))
