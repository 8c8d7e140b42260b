"""The store: what the machine found, what people said of it, and the register that both make.

Nothing recorded is changed or deleted. Every edit is one transaction, names what the person saw, and is on the disk
when the function returns; an edit that comes too late raises EditConflictError and changes nothing.
"""

from __future__ import annotations

from models.store.acting import Done, EditConflictError
from models.store.cells import (
    CONFIRMED_COLUMNS,
    DECISIONS,
    DOCUMENT_COLUMNS,
    EDITABLE_COLUMNS,
    TASK_COLUMNS,
    columns_of_reason,
    folded,
)
from models.store.current import rebuild
from models.store.database import Store, StoreError, close_store, open_store
from models.store.edits import Change, accept, reject, restore, set_cell, set_cells, set_document_cells
from models.store.history import Event, cell_history, document_history, row_history
from models.store.learning import ROW, WHOLE, Statistic, correction_statistics, gold_lines, last_action
from models.store.people import (
    ROLES,
    Role,
    User,
    change_user,
    create_user,
    list_users,
    open_session,
    revoke,
    session_user,
    verify,
)
from models.store.progress import (
    PROGRESS_STATES,
    Progress,
    ProgressState,
    Said,
    checked_progress,
    current_progress,
    last_entries,
    progress_history,
    progress_mark,
    record_all_progress,
    record_progress,
    task_ids,
    undo_progress,
)
from models.store.published import (
    PublishedPage,
    PublishedRow,
    Wanted,
    all_published,
    documents_after,
    publish,
    published_mark,
    published_row,
    published_rows,
)
from models.store.queries import (
    COUNTED,
    DocumentPage,
    Filter,
    TaskPage,
    count_rows,
    document_rows,
    find_task,
    known_units,
    list_documents,
    list_tasks,
    register_rows,
)
from models.store.recording import Recorded, record_extraction
from models.store.replay import Note
from models.store.rows import DocumentRow, TaskRow
from models.store.shapes import add, add_unplaced, merge, split
from models.store.state import CellSource
from models.store.texts import ReadText, file_names, read_text
from models.store.tokens import create_token, revoke_token, token_name
from models.store.undo import redo_last, undo, undo_last

__all__ = [
    "CONFIRMED_COLUMNS",
    "COUNTED",
    "DECISIONS",
    "DOCUMENT_COLUMNS",
    "EDITABLE_COLUMNS",
    "PROGRESS_STATES",
    "ROLES",
    "ROW",
    "TASK_COLUMNS",
    "WHOLE",
    "CellSource",
    "Change",
    "DocumentPage",
    "DocumentRow",
    "Done",
    "EditConflictError",
    "Event",
    "Filter",
    "Note",
    "Progress",
    "ProgressState",
    "PublishedPage",
    "PublishedRow",
    "ReadText",
    "Recorded",
    "Role",
    "Said",
    "Statistic",
    "Store",
    "StoreError",
    "TaskPage",
    "TaskRow",
    "User",
    "Wanted",
    "accept",
    "add",
    "add_unplaced",
    "all_published",
    "cell_history",
    "change_user",
    "checked_progress",
    "close_store",
    "columns_of_reason",
    "correction_statistics",
    "count_rows",
    "create_token",
    "create_user",
    "current_progress",
    "document_history",
    "document_rows",
    "documents_after",
    "file_names",
    "find_task",
    "folded",
    "gold_lines",
    "known_units",
    "last_action",
    "last_entries",
    "list_documents",
    "list_tasks",
    "list_users",
    "merge",
    "open_session",
    "open_store",
    "progress_history",
    "progress_mark",
    "publish",
    "published_mark",
    "published_row",
    "published_rows",
    "read_text",
    "rebuild",
    "record_all_progress",
    "record_extraction",
    "record_progress",
    "redo_last",
    "register_rows",
    "reject",
    "restore",
    "revoke",
    "revoke_token",
    "row_history",
    "session_user",
    "set_cell",
    "set_cells",
    "set_document_cells",
    "split",
    "task_ids",
    "token_name",
    "undo",
    "undo_last",
    "undo_progress",
    "verify",
]
