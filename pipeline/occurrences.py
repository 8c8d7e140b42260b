"""The single days on which the recurring duties of a register fall."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date

from extractors.calendar import occurrences
from models.errors import UsageError
from pipeline.register import Row, defused

COLUMNS = ("date", "task_id", "document_number", "lead_unit", "task", "deadline_text", "recurrence", "source_file")


def expanded(rows: Iterable[Row], start: date, end: date) -> list[Row]:
    """Return one row a day on which a recurring duty falls from `start` to `end`, both included, in order of days.

    A duty that itself begins or ends within the span is taken no further. Raises UsageError for a recurrence that is
    no rule.
    """
    if start > end:
        raise UsageError("span-backwards", start=start, end=end)
    found = [{**row, "date": day.isoformat()} for row in rows if row["recurrence"] for day in _days(row, start, end)]
    return sorted(found, key=lambda row: row["date"])


def _days(row: Row, start: date, end: date) -> Iterator[date]:
    first = max(start, date.fromisoformat(row["start_date"])) if row["start_date"] else start
    last = min(end, date.fromisoformat(row["due_date"])) if row["due_date"] else end
    try:
        yield from occurrences(row["recurrence"], first, last)
    except ValueError as error:
        raise UsageError("recurrence-unreadable", recurrence=row["recurrence"], task=row["task_id"]) from error


def csv_bytes(rows: Iterable[Row]) -> bytes:
    """Return the days as UTF-8 CSV."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([defused(row[name]) for name in COLUMNS] for row in rows)
    return text.getvalue().encode("utf-8", errors="replace")
