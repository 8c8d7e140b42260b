"""The tables of the store. What is recorded is only ever added to; what is `current_*` is derived and can be rebuilt.

Times are ISO 8601 texts with offset, days ISO texts (`''` where there is none): both sort as they should in every
database. JSON stands in text columns, written by the store with sorted keys.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text(name: str, default: str | None = "") -> Column[str]:
    return Column(name, Text, nullable=default is None, server_default=default)


def _reference(name: str, target: str, nullable: bool = False) -> Column[int]:
    return Column(name, Integer, ForeignKey(target), nullable=nullable)


# One row: whoever records an extraction holds it, so that two recordings never make one directive two documents.
recording_lock = Table("recording_lock", metadata, Column("id", Integer, primary_key=True))

documents = Table(
    "documents",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("document_id", Text, nullable=False, unique=True),
    _text("first_seen"),
)

# Other ids under which the extractors have met the document: a header read differently gives another id.
document_aliases = Table(
    "document_aliases",
    metadata,
    Column("alias", Text, primary_key=True),
    _reference("document_key", "documents.key"),
)

# A file as read once. `text` is the zlib-compressed UTF-8 text into which all spans of its findings point.
readings = Table(
    "readings",
    metadata,
    Column("reading_id", Integer, primary_key=True),
    _reference("document_key", "documents.key"),
    Column("sha256", Text, nullable=False),
    Column("part", Integer, nullable=False),
    Column("text_sha256", Text, nullable=False),
    Column("text", LargeBinary, nullable=False),
    _text("media_type"),
    _text("warnings"),
    Column("pages", Integer, nullable=False),
    Column("by_ocr", Boolean, nullable=False),
    _text("read_at"),
    UniqueConstraint("sha256", "part", "text_sha256"),
    Index("ix_readings_document_key", "document_key"),
)

# One extraction of one reading. Runs with the same `text_number` saw the same text of the document (a body and an
# annex that come as two files are two); `leads` says that the run took the place of those before it.
runs = Table(
    "runs",
    metadata,
    Column("run_id", Integer, primary_key=True),
    _reference("document_key", "documents.key"),
    _reference("reading_id", "readings.reading_id"),
    Column("text_number", Integer, nullable=False),
    Column("leads", Boolean, nullable=False),
    _text("file_name"),
    _text("software"),
    _text("fingerprint"),
    _text("recorded_at"),
    _text("document_values"),
    Index("ix_runs_document_key", "document_key", "run_id"),
    Index("ix_runs_reading_id", "reading_id"),
)

# `origin` is machine, added, split or merged; `after_key` the task behind which a person's row stands.
tasks = Table(
    "tasks",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("task_id", Text, nullable=False, unique=True),
    _reference("document_key", "documents.key"),
    _text("origin"),
    _reference("after_key", "tasks.key", nullable=True),
    Index("ix_tasks_document_key", "document_key"),
)

# What a run found of a task: the machine's values by column, where the words of each stand in the reading's text and
# which rules took them.
findings = Table(
    "findings",
    metadata,
    Column("run_id", Integer, ForeignKey("runs.run_id"), primary_key=True),
    Column("task_key", Integer, ForeignKey("tasks.key"), primary_key=True),
    Column("machine_id", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("quote", Text, nullable=False),
    Column("machine_values", Text, nullable=False),
    Column("cell_sources", Text, nullable=False),
    Index("ix_findings_task_key", "task_key", "run_id"),
)

# What one person did at one moment, as one unit that is undone as one.
actions = Table(
    "actions",
    metadata,
    Column("action_id", Integer, primary_key=True),
    _reference("document_key", "documents.key"),
    Column("kind", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", Text, nullable=False),
    _text("why"),
    _reference("undoes", "actions.action_id", nullable=True),
    Index("ix_actions_who", "who", "action_id"),
    Index("ix_actions_undoes", "undoes"),
)

# The cells an action set. `old` and `new` are the person's value before and after, null where the machine's value
# stands; `machine` is the machine's value that the person saw. Without a task it is a cell of the document.
edits = Table(
    "edits",
    metadata,
    Column("edit_id", Integer, primary_key=True),
    _reference("action_id", "actions.action_id"),
    _reference("document_key", "documents.key"),
    _reference("task_key", "tasks.key", nullable=True),
    Column("column", Text, nullable=False),
    _text("old", None),
    _text("new", None),
    _text("machine", None),
    Index("ix_edits_document_key", "document_key", "edit_id"),
    Index("ix_edits_action_id", "action_id"),
)

users = Table(
    "users",
    metadata,
    Column("name", Text, primary_key=True),
    Column("password_hash", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    _text("created_at"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("name", Text, ForeignKey("users.name"), nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("revoked", Boolean, nullable=False),
    Index("ix_sessions_name", "name"),
)

# Derived: what stands now. Small rows for filters and order; the whole row as JSON apart from them.
current_documents = Table(
    "current_documents",
    metadata,
    Column("document_key", Integer, primary_key=True, autoincrement=False),
    Column("document_id", Text, nullable=False),
    _text("language"),
    _text("document_date"),
    _text("words"),
    Column("tasks", Integer, nullable=False),
    Column("unreviewed", Integer, nullable=False),
    Column("doubtful", Integer, nullable=False),
    Column("body", Text, nullable=False),
)

current_tasks = Table(
    "current_tasks",
    metadata,
    Column("task_key", Integer, primary_key=True, autoincrement=False),
    Column("document_key", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("task_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("review_status", Text, nullable=False),
    Column("doubtful", Boolean, nullable=False),
    Column("deadline_kind", Text, nullable=False),
    Column("due_date", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Index("ix_current_tasks_task_id", "task_id"),
    Index("ix_current_tasks_place", "document_key", "position"),
    Index("ix_current_tasks_due", "due_date", "task_key"),
    Index("ix_current_tasks_status", "review_status", "document_key", "position"),
)

current_bodies = Table(
    "current_bodies",
    metadata,
    Column("task_key", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
)

current_units = Table(
    "current_units",
    metadata,
    Column("unit", Text, primary_key=True),
    Column("task_key", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Index("ix_current_units_task_key", "task_key"),
)

# The words of each task, folded, for searching: a full-text table in SQLite, an indexed one in PostgreSQL. The
# migration makes it, because no common language for it exists.
current_words = Table(
    "current_words",
    MetaData(),
    Column("rowid", Integer, primary_key=True, autoincrement=False),
    Column("words", Text, nullable=False),
)

# What people say of the doing of a task, each entry whole: the last one of a task stands, and an empty `state` says
# that nothing is said any more. `undoes` names the entry that this one took back.
progress = Table(
    "progress",
    metadata,
    Column("entry_id", Integer, primary_key=True),
    _reference("task_key", "tasks.key"),
    _text("state"),
    _text("done_on"),
    _text("reference"),
    _text("note"),
    Column("who", Text, nullable=False),
    Column("at", Text, nullable=False),
    _reference("undoes", "progress.entry_id", nullable=True),
    Index("ix_progress_task_key", "task_key", "entry_id"),
)

# Programs that may read the API.
tokens = Table(
    "tokens",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("revoked", Boolean, nullable=False),
    Index("ix_tokens_name", "name"),
)

# The register as it was last written, for programs that ask what changed: `changed_at` is the moment at which a row
# was first written as it is now, or was withdrawn. The moments grow from one writing to the next. `key` never changes.
published = Table(
    "published",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("task_id", Text, nullable=False, unique=True),
    Column("document_id", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("review_status", Text, nullable=False),
    Column("due_date", Text, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("changed_at", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("body", Text, nullable=False),
    Index("ix_published_changed_at", "changed_at"),
    Index("ix_published_due_date", "due_date"),
    Index("ix_published_document_id", "document_id"),
)

published_units = Table(
    "published_units",
    metadata,
    Column("unit", Text, primary_key=True),
    Column("key", Integer, ForeignKey("published.key"), primary_key=True, autoincrement=False),
    Index("ix_published_units_key", "key"),
)
