"""Which cells people may set, and what may stand in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

from models.columns import COLUMNS, SEPARATOR
from models.errors import UsageError

DOCUMENT_COLUMNS = (
    "document_number",
    "document_type",
    "document_date",
    "document_title",
    "issuer",
    "signer",
    "language",
)
DEADLINE_COLUMNS = ("deadline_text", "deadline_kind", "deadline_bound", "start_date", "due_date", "recurrence")
# What a person vouches for when accepting a row, with the unit ids where there are any.
CONFIRMED_COLUMNS = (
    "task",
    "deliverable",
    "lead_unit",
    "coordinating_units",
    *DEADLINE_COLUMNS,
    "references",
)
ID_COLUMNS = {"lead_unit_id": "lead_unit", "coordinating_unit_ids": "coordinating_units"}
TASK_COLUMNS = (*CONFIRMED_COLUMNS, *ID_COLUMNS, "parent_task_id", "section", "page")
EDITABLE_COLUMNS = (*DOCUMENT_COLUMNS, *TASK_COLUMNS)
# What a person's row says of its source; set once, with the row.
SOURCE_COLUMNS = ("source_text", "quote")

# Cells of a task that are no columns of the register: what people decided about the row as a whole.
ACCEPTED, REJECTED, PRESENT, REPLACED_BY, PLACE = "accepted", "rejected", "present", "replaced_by", "place"
DECISIONS = (ACCEPTED, REJECTED, PRESENT, REPLACED_BY, PLACE)

MACHINE_CHANGED, NO_LONGER_FOUND = "machine-changed", "no-longer-found"

_COLUMN = {column.name: column for column in COLUMNS}
# The first word of a reason says which cells it speaks of.
_CONCERNED = {
    "lead": ("lead_unit",),
    "unit": ("lead_unit", "coordinating_units"),
    "coordinator": ("coordinating_units",),
    "deadline": DEADLINE_COLUMNS,
    "task": ("task",),
    "header": DOCUMENT_COLUMNS,
    "number": ("document_number",),
    "date": ("document_date",),
    "issuer": ("issuer",),
}
_RRULE = re.compile(r"FREQ=(?:DAILY|WEEKLY|MONTHLY|YEARLY)(?:;[A-Z]+=[-+A-Z0-9,:]+)*")


def columns_of_reason(code: str) -> tuple[str, ...]:
    """Return the cells that a review reason speaks of; none where it speaks of the row as a whole."""
    return _CONCERNED.get(code.split("-", 1)[0], ())


def cleaned(value: str) -> str:
    """Return a text as the store keeps it: NFC, without control characters and half surrogate pairs."""
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n"))
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs"})


def checked(column: str, value: str) -> str:
    """Return a cell's value as it is kept. Raises UsageError `cell-read-only`, `cell-invalid`."""
    if column not in EDITABLE_COLUMNS:
        raise UsageError("cell-read-only", column=column)
    text = " ".join(cleaned(value).split())
    if not _is_valid(column, text):
        raise UsageError("cell-invalid", column=column, value=value)
    return _listed(text) if column in {"lead_unit", "coordinating_units", "references"} else text


def checked_all(values: Mapping[str, str]) -> dict[str, str]:
    """Return several cells as they are kept. Raises UsageError."""
    return {column: checked(column, value) for column, value in values.items()}


def _is_valid(column: str, text: str) -> bool:
    about = _COLUMN[column]
    if not text:
        return not about.required
    if about.values:
        return text in about.values
    if about.type == "date":
        return _is_day(text)
    if about.type == "integer":
        return text.isascii() and text.isdigit() and int(text) > 0
    return column != "recurrence" or _RRULE.fullmatch(text) is not None


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _listed(text: str) -> str:
    """Separate the names of a list in one way, whatever blanks were typed around the semicolons."""
    return SEPARATOR.join(name for part in text.split(";") if (name := part.strip()))


def folded(text: str) -> str:
    """Return a text as it is searched: letters and digits without case, marks and tones, one blank between words."""
    plain = text.casefold().replace("đ", "d").replace("ё", "е")
    bare = "".join(char for char in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(char))
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFC", bare)))
