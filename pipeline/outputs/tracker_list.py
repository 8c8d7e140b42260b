"""The five-column Excel list that trackers of the Resolution-57 kind import, and beside it what it can't hold.

Columns: A the task, B the code of its one lead unit, C the first and D the last day as dd/mm/yyyy, D after C, E the
codes of the performers joined by commas: the coordinating units, or the lead itself where the document names none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from models.errors import message, message_parts
from models.records import Language
from pipeline.outputs.cells import day, each_once, listed
from pipeline.outputs.workbook import Cells, header, new_sheet, new_workbook, saved
from pipeline.register import Row

if TYPE_CHECKING:
    from openpyxl import Workbook

FILE = "tracker-list.xlsx"
_COLUMNS = ("task", "lead", "start", "end", "performers")
_WIDTHS = (80, 28, 14, 14, 40)
_LEFT_OUT_WIDTHS = (60, *_WIDTHS, 32, 40, 20, 20, 28)


@dataclass(frozen=True, slots=True)
class Entry:
    """A task as the list holds it; what is lacking is empty, and `reasons` are the codes of messages that say so."""

    row: Row
    task: str
    lead: str
    start: date | None
    end: date | None
    performers: tuple[str, ...]
    reasons: tuple[str, ...]

    @property
    def cells(self) -> tuple[str, str, str, str, str]:
        return self.task, self.lead, _written(self.start), _written(self.end), ",".join(self.performers)


def entries(rows: Iterable[Row]) -> list[Entry]:
    """Return the tasks of a register, each once and none that people rejected, in its order."""
    return [_entry(row) for row in each_once(rows)]


def _entry(row: Row) -> Entry:
    lead_ids, other_ids = listed(row["lead_unit_id"]), list(filter(None, listed(row["coordinating_unit_ids"])))
    lead = lead_ids[0] if len(lead_ids) == 1 and len(listed(row["lead_unit"])) <= 1 else ""
    end = day(row["due_date"])
    start = _start(row, end)
    itself = (lead,) if lead and not row["coordinating_units"] else ()
    performers = tuple(dict.fromkeys(other_ids)) or itself
    return Entry(row, " ".join(row["task"].split()), lead, start, end, performers, _reasons(row, lead, start, end))


def _reasons(row: Row, lead: str, start: date | None, end: date | None) -> tuple[str, ...]:
    leads, others = listed(row["lead_unit"]), listed(row["coordinating_units"])
    dated = bool(day(row["start_date"]) or day(row["document_date"]))
    lacking = {
        "tracker-no-task": not row["task"].strip(),
        "tracker-no-lead": not lead and not leads,
        "tracker-several-leads": len(leads) > 1,
        "tracker-lead-without-code": not lead and len(leads) == 1,
        "tracker-recurring": end is None and bool(row["recurrence"]),
        "tracker-no-end": end is None and not row["recurrence"],
        "tracker-no-start": not dated,
        "tracker-end-not-after-start": dated and start is None,
        "tracker-performer-without-code": len(list(filter(None, listed(row["coordinating_unit_ids"])))) < len(others),
    }
    return tuple(code for code, lacks in lacking.items() if lacks)


def _start(row: Row, end: date | None) -> date | None:
    """Return the first day of the time named, else the document's, whichever lies before the last day.

    A deadline that is a single day starts and ends on it: the work for it starts when the document is signed.
    """
    known = filter(None, (day(row["start_date"]), day(row["document_date"])))
    return next((start for start in known if end is None or start < end), None)


def _written(moment: date | None) -> str:
    return f"{moment.day:02d}/{moment.month:02d}/{moment.year:04d}" if moment else ""


def tracker_bytes(rows: Iterable[Row], language: Language = "vi") -> bytes:
    """Return the list as an Excel file: what can be imported on the first sheet, the rest with reasons on the second.

    Days are text, so that no setting of a spreadsheet turns them round.
    """
    table, workbook = entries(rows), new_workbook()
    names = [_label(f"tracker-{name}", language) for name in _COLUMNS]
    more = [_label(f"tracker-{name}", language) for name in ("lead-name", "performer-names")]
    more += [_label(f"column-{name}", language) for name in ("document-number", "task-id", "source-file")]
    _sheet(workbook, _label("tracker-sheet", language), names, _WIDTHS, (e.cells for e in table if not e.reasons))
    heads = [_label("tracker-why", language), *names, *more]
    rest = (_left_out(entry, language) for entry in table if entry.reasons)
    _sheet(workbook, _label("tracker-sheet-left-out", language), heads, _LEFT_OUT_WIDTHS, rest)
    return saved(workbook)


def _label(code: str, language: Language) -> str:
    return message_parts(code, language)[0]


def _left_out(entry: Entry, language: Language) -> tuple[str, ...]:
    why = "\n".join(message(code, language) for code in entry.reasons)
    names = (entry.row["lead_unit"], entry.row["coordinating_units"])
    origin = (entry.row["document_number"], entry.row["task_id"], entry.row["source_file"])
    return (why, *entry.cells, *names, *origin)


def _sheet(
    workbook: Workbook, name: str, heads: Sequence[str], widths: Sequence[int], table: Iterable[Sequence[str]]
) -> None:
    sheet = new_sheet(workbook, name, widths)
    header(sheet, heads)
    cells = Cells(sheet)
    for line in table:
        sheet.append(list(cells.row(line, [True] * len(line))))
