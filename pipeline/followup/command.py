"""What `chidao progress` and `chidao report` do."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import UsageError, message, message_parts
from models.records import Language
from pipeline.followup.tracker import MOST_BYTES, Line, Preview, preview_progress, read_lines
from pipeline.outputs.progress import write_progress
from pipeline.recorded import has_store, open_store_of
from pipeline.wholefile import write_whole

if TYPE_CHECKING:
    from models.store import Store


def import_progress(options: argparse.Namespace) -> tuple[list[str], list[str]]:
    """Show or apply what a tracker's CSV says, and return what to say of it and what to complain of.

    Raises UsageError where the file can't be taken or nobody signs, StoreError.
    """
    from models.store import close_store, current_progress, last_entries, task_ids

    if not has_store(options.outputs):
        raise UsageError("progress-no-store", folder=str(options.outputs))
    lines, problems = read_lines(_content(options.file), options.file.name, date.today())
    store = open_store_of(options.outputs)
    try:
        seen = last_entries(store)
        preview = preview_progress(lines, problems, task_ids(store), current_progress(store))
        if options.apply:
            _apply(store, preview, seen, options)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError("folder-unusable", folder=str(options.outputs), reason=reason) from error
    finally:
        close_store(store)
    return _said(preview, options), _complaints(preview, options)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UsageError("progress-unreadable", file=path.name, reason=error.strerror or str(error)) from error
    if len(data) > MOST_BYTES:
        raise UsageError("progress-unreadable", file=path.name, reason=f"> {MOST_BYTES // 1_000_000} MB")
    return data


def _apply(store: Store, preview: Preview, seen: dict[str, int], options: argparse.Namespace) -> None:
    from models.store import list_users, record_all_progress

    if not options.signer:
        raise UsageError("import-unsigned")
    if options.signer not in {user.name for user in list_users(store) if user.active}:
        raise UsageError("user-unknown", name=options.signer)
    taken = (*preview.new, *(preview.conflicts if options.overwrite else ()))
    entries = {line.task_id: (line.said, seen.get(line.task_id, 0)) for line in taken}
    record_all_progress(store, entries, who=options.signer)
    write_progress(options.outputs)


def _said(preview: Preview, options: argparse.Namespace) -> list[str]:
    taken = len(preview.new) + (len(preview.conflicts) if options.overwrite else 0)
    left = len(preview.problems) + (0 if options.overwrite else len(preview.conflicts))
    values = {"new": taken, "same": preview.same, "left": left}
    shown = [] if options.apply else [_line(line, "progress-line", options.language) for line in preview.new]
    code = "progress-applied" if options.apply else "progress-preview"
    return [*shown, message(code, options.language, values)]


def _complaints(preview: Preview, options: argparse.Namespace) -> list[str]:
    language: Language = options.language
    left = () if options.overwrite else preview.conflicts
    against = [(line.number, _line(line, "progress-line-against", language)) for line in left]
    told = [
        (problem.number, message(problem.code, language, {"line": problem.number, **problem.values}))
        for problem in preview.problems
    ]
    return [text for _, text in sorted([*against, *told])]


def _line(line: Line, code: str, language: Language) -> str:
    state = message_parts(f"progress-{line.said.state}", language)[0]
    said = " · ".join(filter(None, (state, line.said.done_on, line.said.reference, line.said.note)))
    return message(code, language, {"line": line.number, "task": line.task_id, "said": said})


def write_report(options: argparse.Namespace) -> Path:
    """Write the follow-up report of the outputs as PDF. Raises UsageError, StoreError."""
    from pipeline.followup.figures import follow_up
    from pipeline.followup.rendering import report_pdf
    from pipeline.register import read_register
    from pipeline.status import progress_of

    rows = read_register(options.outputs / "register.csv")
    found = follow_up(rows, options.on or date.today(), progress_of(options.outputs), options.unit)
    place: Path = options.output
    try:
        write_whole(place, report_pdf(found, options.language))
    except OSError as error:
        raise UsageError("folder-unusable", folder=str(place), reason=error.strerror or str(error)) from error
    return place
