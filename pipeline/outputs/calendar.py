"""Deadlines as calendars (RFC 5545): a to-do a due day, an event a recurring duty, in the document's language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from models.errors import message
from models.records import LANGUAGES, Language
from pipeline.outputs.cells import day, each_once, listed
from pipeline.outputs.recurrence import explicit_rule
from pipeline.register import Row
from pipeline.wholefile import write_whole

if TYPE_CHECKING:
    from icalendar import Alarm, Component, Event, Todo

FILE, FOLDER = "deadlines.ics", "deadlines"
_PRODUCT = "-//chidao//register//EN"
_LONGEST_SUMMARY = 180
_LONGEST_SLUG = 60
_NOT_IN_NAMES = re.compile(r"[^\w.]+|_+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class CalendarOptions:
    """How deadlines are shown: `dates` as events serves programs that know no to-dos; alarms only if asked for."""

    dates: Literal["todos", "events"] = "todos"
    alarm_days: int | None = None


def write_calendars(outputs: Path, rows: Iterable[Row], options: CalendarOptions | None = None) -> list[Path]:
    """Write the calendar of all tasks and one a lead unit; those of units without deadlines go. Raises OSError."""
    dated = components(rows, options)
    files = {outputs / FILE: calendar_bytes("chidao", (component for _, component in dated))}
    for slug, (name, own) in sorted(by_unit(dated).items()):
        files[outputs / FOLDER / f"{slug}.ics"] = calendar_bytes(name, own)
    for path, data in files.items():
        if not path.is_file() or path.read_bytes() != data:  # hundreds of files, of which few change in a day
            write_whole(path, data)
    for path in set((outputs / FOLDER).glob("*.ics")) - set(files):
        if _PRODUCT.encode() in path.read_bytes()[:1000]:  # one that somebody else put there stays
            path.unlink()
    return list(files)


def components(rows: Iterable[Row], options: CalendarOptions | None = None) -> list[tuple[Row, Component]]:
    """Return the rows that have a day, each task once and none that people rejected, with their calendar entries."""
    table = each_once(rows)
    earliest = _earliest(table)
    made = ((row, _component(row, earliest, options or CalendarOptions())) for row in table)
    return [(row, component) for row, component in made if component is not None]


def by_unit(dated: Iterable[tuple[Row, Component]]) -> dict[str, tuple[str, list[Component]]]:
    """Return the name and the calendar entries of each lead unit by its file name, which is its id, else its name.

    A task with several leads is in the calendar of each.
    """
    units: dict[str, tuple[str, list[Component]]] = {}
    for row, component in dated:
        names, ids = listed(row["lead_unit"]), listed(row["lead_unit_id"])
        slugs = {_slug((ids[number] if number < len(ids) else "") or name): name for number, name in enumerate(names)}
        for slug, name in slugs.items():
            units.setdefault(slug, (name, []))[1].append(component)
    return units


def _slug(name: str) -> str:
    """Return a file name: letters of any script in small, hyphens between words, a hash where it is cut or empty."""
    slug = _NOT_IN_NAMES.sub("-", name.casefold()).strip("-.")
    digest = sha256(name.casefold().encode("utf-8", errors="replace")).hexdigest()[:8]
    return slug if 0 < len(slug) <= _LONGEST_SLUG else f"{slug[:_LONGEST_SLUG]}-{digest}".lstrip("-")


def calendar_bytes(name: str, entries: Iterable[Component]) -> bytes:
    """Return a calendar of entries: the same bytes for the same entries."""
    from icalendar import Calendar

    calendar = Calendar()
    for key, value in (("prodid", _PRODUCT), ("version", "2.0"), ("calscale", "GREGORIAN"), ("x-wr-calname", name)):
        calendar.add(key, _clean(value))
    for entry in entries:
        calendar.add_component(entry)
    return bytes(calendar.to_ical())


def unplaced(rows: Iterable[Row]) -> list[str]:
    """Return the ids of recurring tasks that no calendar shows: their rule can't be read, or nothing dates them."""
    table = each_once(rows)
    earliest = _earliest(table)
    recurring = (row for row in table if row["recurrence"] and not day(row["due_date"]))
    return [row["task_id"] for row in recurring if _recurring(row, earliest) is None]


def _earliest(rows: Iterable[Row]) -> date | None:
    """Return the earliest date of a document: from there count the duties of documents without one."""
    return min((found for row in rows if (found := day(row["document_date"]))), default=None)


def _component(row: Row, earliest: date | None, options: CalendarOptions) -> Component | None:
    """Return what stands for a row in a calendar, None for a task without a day."""
    from icalendar import Event, Todo, vRecur

    recurring, due = _recurring(row, earliest), day(row["due_date"])
    component: Component
    if recurring:
        component = _event(Event(), recurring[0])
        component.add("rrule", vRecur.from_ical(recurring[1]))
    elif due is None:
        return None
    elif options.dates == "events":
        component = _event(Event(), due)
    else:
        component = _todo(Todo(), day(row["start_date"]), due)
    for key, value in _texts(row):
        component.add(key, value)
    component.add("dtstamp", _stamp(row))
    if options.alarm_days is not None:
        component.add_component(_alarm(row, options.alarm_days, at_end=isinstance(component, Todo)))
    return component


def _recurring(row: Row, earliest: date | None) -> tuple[date, str] | None:
    start = day(row["start_date"]) or day(row["document_date"]) or earliest
    try:
        return explicit_rule(row["recurrence"], start, day(row["due_date"])) if row["recurrence"] and start else None
    except (ValueError, OverflowError):
        return None


def _event(event: Event, on: date) -> Event:
    """A whole day on which one can still be asked to a meeting."""
    event.add("dtstart", on)
    event.add("transp", "TRANSPARENT")
    return event


def _todo(todo: Todo, start: date | None, due: date) -> Todo:
    if start and start < due:
        todo.add("dtstart", start)
    todo.add("due", due)
    todo.add("status", "NEEDS-ACTION")
    return todo


def _texts(row: Row) -> Iterator[tuple[str, str]]:
    yield "uid", f"{row['task_id']}@chidao"
    yield "summary", _summary(row["task"])
    yield "description", _description(row)
    if row["parent_task_id"]:
        yield "related-to", f"{row['parent_task_id']}@chidao"


def _summary(task: str) -> str:
    text = " ".join(_clean(task).split())
    return text if len(text) <= _LONGEST_SUMMARY else text[:_LONGEST_SUMMARY].rsplit(" ", 1)[0] + " …"


def _description(row: Row) -> str:
    """Return the task, who does it, the words of the deadline and where it stands, in the document's language."""
    language: Language = next((known for known in LANGUAGES if known == row["language"]), "en")
    said: Mapping[str, str] = {
        "calendar-lead": row["lead_unit"],
        "calendar-coordinators": row["coordinating_units"],
        "calendar-deadline": row["deadline_text"],
        "calendar-document": " ".join(filter(None, (row["document_number"], row["document_title"]))),
        "calendar-place": ", ".join(filter(None, (row["source_file"], row["section"]))),
    }
    values = {code: {"text": _clean(text), "page": row["page"]} for code, text in said.items() if text}
    lines = [message(code, language, known) for code, known in values.items()]
    return "\n".join([_clean(row["task"]), *lines])


def _clean(text: str) -> str:
    return _CONTROL.sub("�", text.replace("\r\n", "\n").replace("\r", "\n"))


def _stamp(row: Row) -> datetime:
    """Return when the row was last touched as far as the register knows: reviewed, else signed."""
    try:
        return datetime.fromisoformat(row["reviewed_at"]).astimezone(UTC)
    except ValueError:
        return datetime.combine(day(row["document_date"]) or date(1970, 1, 1), time(), UTC)


def _alarm(row: Row, days: int, at_end: bool) -> Alarm:
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _summary(row["task"]))
    alarm.add("trigger", timedelta(days=-days), parameters={"related": "END"} if at_end else {})
    return alarm
