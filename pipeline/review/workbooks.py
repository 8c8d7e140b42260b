"""Excel files taken from the page and brought back to it: what one would change is shown first, then applied."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import quote, unquote

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from models.errors import UsageError
from models.records import Language
from models.store import Store, User, count_rows, document_rows
from pipeline.review.rendering import page
from pipeline.review.sessions import Clerk, Fields, Form, Reader, Sender, body_of, language_of, may
from pipeline.review.waiting import beside
from pipeline.review.wording import column_name, value_name
from pipeline.xlsx_command import applied_line, place, problem_line
from pipeline.xlsx_import import CellChange, Preview, Problem, RowDecision, apply_import, preview_import
from pipeline.xlsx_returned import Returned, read_returned
from pipeline.xlsx_round_trip import export_xlsx

router = APIRouter()
MOST_BYTES = 8_000_000  # of a file: larger ones, of some 30,000 rows, come by the command and leave the desk in peace
_MOST_ROWS = 10_000  # of a file that goes out here, likewise
_MOST_KEPT = 40  # previews
_MOST_LINES = 300  # of a preview that are shown
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Edit = CellChange | RowDecision


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody brought: its name, what it would change, and its cells as they had gone out."""

    file: str
    who: str
    preview: Preview
    base: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class EditView:
    """A change as it is shown; `key` names it in the form, `current` is what stands where somebody else was there."""

    key: str
    place: str
    words: str
    address: str
    column: str
    old: str
    new: str
    current: str


@router.get("/excel")
def workbooks(request: Request, user: Reader) -> Response:
    """Show where files go out and come back."""
    return page(request, "excel.html", user, most=MOST_BYTES // 1_000_000)


@router.get("/excel/register.xlsx")
async def workbook(request: Request, user: Reader, document: str = "", sheets: str = "") -> Response:
    """Return a document's rows, or all, as an Excel file. Raises UsageError `export-too-large`."""
    return await beside(request, _workbook, request.app.state.desk.store, language_of(request), document, bool(sheets))


def _workbook(store: Store, language: Language, document: str, sheets: bool) -> Response:
    name = "register"
    if document:
        head = document_rows(store, document, states=())[0]
        name = head.values.get("document_number") or document
    elif count_rows(store) > _MOST_ROWS:
        raise UsageError("export-too-large", most=_MOST_ROWS)
    ids = [document] if document else None
    content = export_xlsx(store, ids, language=language, sheet_a_document=sheets)
    disposition = f"attachment; filename=\"register.xlsx\"; filename*=UTF-8''{quote(name.replace('/', '-'))}.xlsx"
    return Response(content, media_type=_EXCEL, headers={"Content-Disposition": disposition})


async def _file(request: Request, _user: Sender) -> tuple[str, bytes]:
    """Return name and content of the file sent. Raises UsageError `import-too-large`."""
    name = unquote(request.headers.get("x-file-name", ""))[:200] or "?"
    content = await body_of(request, MOST_BYTES)
    if content is None:
        raise UsageError("import-too-large", file=name, most=MOST_BYTES // 1_000_000)
    return name, content


@router.post("/excel")
async def bring(request: Request, user: Sender, file: Annotated[tuple[str, bytes], Depends(_file)]) -> Response:
    """Show what a file that came back would change; nothing is changed."""
    return await beside(request, _preview, request, user, *file)


def _preview(request: Request, user: User, name: str, content: bytes) -> Response:
    returned = read_returned(content, name)
    found = _allowed(preview_import(request.app.state.desk.store, returned), user)
    kept: dict[str, Upload] = request.app.state.uploads
    token = secrets.token_urlsafe(16)
    kept[token] = Upload(name, user.name, found, _named_rows(returned, found))
    for old in list(kept)[:-_MOST_KEPT]:
        kept.pop(old, None)
    return page(request, "preview.html", user, token=token, **_shown(kept[token], language_of(request)))


def _named_rows(returned: Returned, found: Preview) -> dict[str, Mapping[str, str]]:
    return {edit.task_id: returned.base.get(edit.task_id, {}) for edit in found.edits}


def _allowed(found: Preview, user: User) -> Preview:
    """Leave out the decisions of somebody who may not decide, and say so."""
    if may(user, "reviewer"):
        return found
    refused = (Problem(one.sheet, one.number, one.column, "decision-not-allowed", {}) for one in found.decisions)
    return replace(found, decisions=(), problems=(*found.problems, *refused))


def _shown(upload: Upload, language: Language) -> dict[str, Any]:
    found = upload.preview
    plain = [edit for edit in found.edits if not edit.in_conflict]
    return {
        "file": upload.file,
        "conflicts": [_view(upload, edit, language) for edit in found.conflicts],
        "changes": [_view(upload, edit, language) for edit in plain[:_MOST_LINES]],
        "change_count": len(plain),
        "new_rows": [(place(row, language), row.values) for row in found.new_rows[:_MOST_LINES]],
        "new_count": len(found.new_rows),
        "problems": [problem_line(problem, language) for problem in found.problems],
    }


def _view(upload: Upload, edit: Edit, language: Language) -> EditView:
    row = upload.base.get(edit.task_id, {})
    old, new, current = (value_name(language, edit.column, text) for text in (edit.went_out, edit.value, edit.current))
    address = f"/documents/{quote(row.get('document_id', ''))}?task={quote(edit.task_id)}"
    column = column_name(language, edit.column)
    return EditView(_key(edit), place(edit, language), row.get("task", ""), address, column, old, new, current)


def _key(edit: Edit) -> str:
    return f"{edit.task_id}:{edit.column}"


@router.post("/excel/{token}")
async def apply(request: Request, token: str, form: Fields, user: Clerk) -> Response:
    """Apply what was shown, signed; what others changed meanwhile only where the person ticked it."""
    return await beside(request, _apply, request, token, form, user)


def _apply(request: Request, token: str, form: Form, user: User) -> Response:
    upload: Upload | None = request.app.state.uploads.pop(token, None)
    if upload is None or upload.who != user.name:
        raise HTTPException(422, "upload-gone")
    ticked = set(form.get("overwrite", []))
    overwrite = {(edit.task_id, edit.column) for edit in upload.preview.conflicts if _key(edit) in ticked}
    desk, language = request.app.state.desk, language_of(request)
    done = apply_import(desk.store, upload.preview, who=user.name, why=upload.file, overwrite=overwrite)
    desk.writer.changed()
    left: Sequence[EditView] = [_view(upload, edit, language) for edit in done.left]
    problems = [problem_line(problem, language) for problem in done.problems]
    return page(request, "brought.html", user, said=applied_line(done, language), left=left, problems=problems)
