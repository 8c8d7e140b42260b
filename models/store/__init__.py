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
from models.store.undo import redo_last, undo, undo_last

__all__ = [
    "CONFIRMED_COLUMNS",
    "COUNTED",
    "DECISIONS",
    "DOCUMENT_COLUMNS",
    "EDITABLE_COLUMNS",
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
    "ReadText",
    "Recorded",
    "Role",
    "Statistic",
    "Store",
    "StoreError",
    "TaskPage",
    "TaskRow",
    "User",
    "accept",
    "add",
    "add_unplaced",
    "cell_history",
    "change_user",
    "close_store",
    "columns_of_reason",
    "correction_statistics",
    "count_rows",
    "create_user",
    "document_history",
    "document_rows",
    "file_names",
    "find_task",
    "folded",
    "gold_lines",
    "known_units",
    "last_action",
    "list_documents",
    "list_tasks",
    "list_users",
    "merge",
    "open_session",
    "open_store",
    "read_text",
    "rebuild",
    "record_extraction",
    "redo_last",
    "register_rows",
    "reject",
    "restore",
    "revoke",
    "row_history",
    "session_user",
    "set_cell",
    "set_cells",
    "set_document_cells",
    "split",
    "undo",
    "undo_last",
    "verify",
]
