"""What `chidao import` does: shows what a corrected Excel file changes and, if told to, applies it as signed edits."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import UsageError, message
from models.records import Language
from pipeline.recorded import has_store, open_store_of, record_kept, write_reviewed_register
from pipeline.review.wording import column_name, value_name

if TYPE_CHECKING:
    from models.store import Store
    from pipeline.xlsx_import import Applied, CellChange, NewRow, Preview, Problem, RowDecision


def import_file(options: argparse.Namespace) -> tuple[list[str], list[str]]:
    """Show or apply what a file changes, and return what to say of it and what to complain of.

    Raises UsageError where the file can't be taken or nobody signs, StoreError.
    """
    from models.store import close_store
    from pipeline.xlsx_import import preview_import
    from pipeline.xlsx_returned import read_returned

    if not has_store(options.outputs):
        raise UsageError("import-foreign", file=options.file.name)
    returned = read_returned(_content(options.file), options.file.name)
    store = open_store_of(options.outputs)
    try:
        record_kept(store, options.outputs)
        preview = preview_import(store, returned)
        if options.apply:
            return _apply(store, preview, options)
        return _shown(preview, options.language), _complaints(preview, options.language)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError("folder-unusable", folder=str(options.outputs), reason=reason) from error
    finally:
        close_store(store)


def _content(path: Path) -> bytes:
    from pipeline.xlsx_returned import MOST_BYTES

    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UsageError("import-unreadable", file=path.name, reason=error.strerror or str(error)) from error


def _apply(store: Store, preview: Preview, options: argparse.Namespace) -> tuple[list[str], list[str]]:
    from models.store import list_users
    from pipeline.xlsx_import import apply_import

    if not options.signer:
        raise UsageError("import-unsigned")
    if options.signer not in {user.name for user in list_users(store) if user.active}:
        raise UsageError("user-unknown", name=options.signer)
    overwrite = {(edit.task_id, edit.column) for edit in preview.conflicts} if options.overwrite else set()
    applied = apply_import(store, preview, who=options.signer, why=options.file.name, overwrite=overwrite)
    write_reviewed_register(store, options.outputs)
    return [applied_line(applied, options.language)], [
        *(_left_line(edit, options.language) for edit in applied.left),
        *(problem_line(problem, options.language) for problem in applied.problems),
    ]


def _shown(preview: Preview, language: Language) -> list[str]:
    lines = [edit_line(edit, language) for edit in preview.edits if not edit.in_conflict]
    lines += [_new_row_line(row, language) for row in preview.new_rows]
    return [*lines, preview_line(preview, language)]


def _complaints(preview: Preview, language: Language) -> list[str]:
    conflicts = [edit_line(edit, language) for edit in preview.conflicts]
    return [*conflicts, *(problem_line(problem, language) for problem in preview.problems)]


def preview_line(preview: Preview, language: Language) -> str:
    """Return how much a file would change."""
    counts = {"cells": len(preview.changes), "decisions": len(preview.decisions), "rows": len(preview.new_rows)}
    trouble = {"conflicts": len(preview.conflicts), "problems": len(preview.problems)}
    return message("import-preview", language, {**counts, **trouble})


def applied_line(applied: Applied, language: Language) -> str:
    """Return how much a file has changed."""
    counts = {"cells": applied.cells, "decisions": applied.decisions, "rows": applied.new_rows}
    trouble = {"left": len(applied.left), "problems": len(applied.problems)}
    return message("import-applied", language, {**counts, **trouble})


def edit_line(edit: CellChange | RowDecision, language: Language) -> str:
    """Return one change in words; one in conflict with what stands now."""
    new = value_name(language, edit.column, edit.value)
    old, current = (value_name(language, edit.column, text) for text in (edit.went_out, edit.current))
    values = {"place": place(edit, language), "column": column_name(language, edit.column), "old": old, "new": new}
    return message("import-conflict" if edit.in_conflict else "import-change", language, {**values, "current": current})


def _left_line(edit: CellChange | RowDecision, language: Language) -> str:
    values = {"place": place(edit, language), "column": column_name(language, edit.column)}
    return message("import-left", language, {**values, "new": value_name(language, edit.column, edit.value)})


def _new_row_line(row: NewRow, language: Language) -> str:
    return message("import-new-row", language, {"place": place(row, language), "task": row.values.get("task", "")})


def problem_line(problem: Problem, language: Language) -> str:
    """Return in words what can't be taken, and what to do about it."""
    named = {**problem.values, "column": column_name(language, str(problem.values.get("column", problem.column)))}
    return f"{place(problem, language)}: {message(problem.code, language, named)}"


def place(part: CellChange | RowDecision | NewRow | Problem, language: Language) -> str:
    """Return where in the file something stands."""
    return message("import-place", language, {"sheet": part.sheet, "row": part.number})
