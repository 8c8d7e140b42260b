"""Progress from a tracker's CSV: read by its header in any of the languages, held against the store, told by line."""

from __future__ import annotations

import csv
import functools
import io
import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.errors import UsageError
from pipeline.register import restored

if TYPE_CHECKING:
    from models.store import Progress, Said

MOST_BYTES = 50_000_000
_HEADERS = Path(__file__).with_name("headers.toml")
_DAY = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True)
class Line:
    """A line that says something of a task, by its number in the file (the header is 1)."""

    number: int
    task_id: str
    said: Said


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that can't be taken: the code of the message that says why, and its values."""

    number: int
    code: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would change: lines that say something new, lines against what is recorded, those that can't be
    taken, and how many say what is known."""

    new: tuple[Line, ...]
    conflicts: tuple[Line, ...]
    problems: tuple[Problem, ...]
    same: int


def read_lines(data: bytes, name: str, today: date) -> tuple[list[Line], list[Problem]]:
    """Return what the lines of a file say; those that say nothing are left out.

    Raises UsageError `progress-unreadable`, `progress-no-columns`.
    """
    table = _table(data, name)
    columns = _columns(table[0][1] if table else [])
    if "task_id" not in columns or not columns.keys() & {"state", "done_on"}:
        raise UsageError("progress-no-columns", file=name)
    lines: list[Line] = []
    problems: list[Problem] = []
    for number, cells in table[1:]:
        named = {column: _cell(cells, place) for column, place in columns.items()}
        if not any(named.get(column) for column in ("state", "done_on", "report_reference", "note")):
            continue
        found = _line(number, named, today)
        (lines if isinstance(found, Line) else problems).append(found)  # type: ignore[arg-type]
    return lines, problems


def _table(data: bytes, name: str) -> list[tuple[int, list[str]]]:
    """Return the lines that have something in them, each with its number in the file."""
    encoding = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = unicodedata.normalize("NFC", data.decode(encoding))
        head = text.split("\n", 1)[0]
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))
        return list(_numbered(reader))
    except (UnicodeError, csv.Error) as error:
        raise UsageError("progress-unreadable", file=name, reason=str(error)) from error


def _numbered(reader: Any) -> Iterator[tuple[int, list[str]]]:
    number = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield number, cells
        number = reader.line_num + 1  # a cell may go over several lines


def _cell(cells: Sequence[str], place: int) -> str:
    return restored(cells[place].strip()).strip() if place < len(cells) else ""


@functools.cache
def _known() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return what is known of names of columns and of words for states, in all languages."""
    data = tomllib.loads(_HEADERS.read_text(encoding="utf-8"))
    columns = {word: name for told in data.values() for name, words in told["columns"].items() for word in words}
    states = {word: name for told in data.values() for name, words in told["states"].items() for word in words}
    return columns, states


def _columns(header: Sequence[str]) -> dict[str, int]:
    known = _known()[0]
    found: dict[str, int] = {}
    for place, cell in enumerate(header):
        name = known.get(" ".join(restored(cell).split()).casefold())
        if name is not None:
            found.setdefault(name, place)
    return found


def _line(number: int, named: Mapping[str, str], today: date) -> Line | Problem:
    from models.store import Said

    word, day = named.get("state", ""), named.get("done_on", "")
    state = _known()[1].get(" ".join(word.split()).casefold()) if word else "done" if day else ""
    done_on = _day(day)
    if not named["task_id"]:
        return Problem(number, "progress-line-no-task")
    if not state:
        return Problem(number, "progress-line-state", {"state": word})
    if done_on is None or (done_on and state != "done"):
        return Problem(number, "progress-line-day", {"day": day})
    if done_on > today.isoformat():
        return Problem(number, "progress-line-future", {"day": day})
    said = Said(state, done_on, named.get("report_reference", ""), named.get("note", ""))  # type: ignore[arg-type]
    return Line(number, named["task_id"].lower(), said)


def _day(text: str) -> str | None:
    """Return a day as ISO, empty for none, None for what is no day: the year first, or the day before the month."""
    text = re.sub(r"[T ]00:00(:00)?$", "", text)
    parts = _DAY.fullmatch(text)
    try:
        if parts:
            return date(int(parts[4]), int(parts[3]), int(parts[1])).isoformat()
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        return None


def preview_progress(
    lines: Sequence[Line], problems: Sequence[Problem], known: Collection[str], stands: Mapping[str, Progress]
) -> Preview:
    """Hold lines against the tasks that are known and what is recorded of them."""
    from models.store import checked_progress

    new: list[Line] = []
    conflicts: list[Line] = []
    told, same = list(problems), 0
    seen: dict[str, Line] = {}
    for line in lines:
        line = Line(line.number, line.task_id, checked_progress(line.said))
        before = seen.setdefault(line.task_id, line)
        current = stands[line.task_id].said if line.task_id in stands else None
        if line.task_id not in known:
            told.append(Problem(line.number, "progress-line-unknown", {"task": line.task_id}))
        elif before is not line and before.said != line.said:
            told.append(Problem(line.number, "progress-line-twice", {"task": line.task_id, "other": before.number}))
        elif before is not line or line.said == current:
            same += 1
        elif current is None or current.state == "in-progress":
            new.append(line)
        else:
            conflicts.append(line)
    return Preview(tuple(new), tuple(conflicts), tuple(sorted(told, key=lambda problem: problem.number)), same)
