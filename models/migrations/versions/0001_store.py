"""The first form of the store."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make all tables."""
    _make_recorded()
    _make_people()
    _make_derived()
    _make_words()


def _make_recorded() -> None:
    op.create_table(
        "documents",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_documents")),
        sa.UniqueConstraint("document_id", name=op.f("uq_documents_document_id")),
    )
    op.create_table(
        "recording_lock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording_lock")),
    )
    op.create_table(
        "actions",
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("document_key", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["document_key"], ["documents.key"], name=op.f("fk_actions_document_key")),
        sa.ForeignKeyConstraint(["undoes"], ["actions.action_id"], name=op.f("fk_actions_undoes")),
        sa.PrimaryKeyConstraint("action_id", name=op.f("pk_actions")),
    )
    op.create_index("ix_actions_undoes", "actions", ["undoes"], unique=False)
    op.create_index("ix_actions_who", "actions", ["who", "action_id"], unique=False)
    op.create_table(
        "document_aliases",
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("document_key", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["document_key"], ["documents.key"], name=op.f("fk_document_aliases_document_key")),
        sa.PrimaryKeyConstraint("alias", name=op.f("pk_document_aliases")),
    )
    op.create_table(
        "readings",
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("document_key", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("text_sha256", sa.Text(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.Text(), server_default="", nullable=False),
        sa.Column("warnings", sa.Text(), server_default="", nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("by_ocr", sa.Boolean(), nullable=False),
        sa.Column("read_at", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["document_key"], ["documents.key"], name=op.f("fk_readings_document_key")),
        sa.PrimaryKeyConstraint("reading_id", name=op.f("pk_readings")),
        sa.UniqueConstraint("sha256", "part", "text_sha256", name=op.f("uq_readings_sha256_part_text_sha256")),
    )
    op.create_index("ix_readings_document_key", "readings", ["document_key"], unique=False)
    op.create_table(
        "tasks",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("document_key", sa.Integer(), nullable=False),
        sa.Column("origin", sa.Text(), server_default="", nullable=False),
        sa.Column("after_key", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["after_key"], ["tasks.key"], name=op.f("fk_tasks_after_key")),
        sa.ForeignKeyConstraint(["document_key"], ["documents.key"], name=op.f("fk_tasks_document_key")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_tasks")),
        sa.UniqueConstraint("task_id", name=op.f("uq_tasks_task_id")),
    )
    op.create_index("ix_tasks_document_key", "tasks", ["document_key"], unique=False)
    op.create_table(
        "edits",
        sa.Column("edit_id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("document_key", sa.Integer(), nullable=False),
        sa.Column("task_key", sa.Integer(), nullable=True),
        sa.Column("column", sa.Text(), nullable=False),
        sa.Column("old", sa.Text(), nullable=True),
        sa.Column("new", sa.Text(), nullable=True),
        sa.Column("machine", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["action_id"], ["actions.action_id"], name=op.f("fk_edits_action_id")),
        sa.ForeignKeyConstraint(["document_key"], ["documents.key"], name=op.f("fk_edits_document_key")),
        sa.ForeignKeyConstraint(["task_key"], ["tasks.key"], name=op.f("fk_edits_task_key")),
        sa.PrimaryKeyConstraint("edit_id", name=op.f("pk_edits")),
    )
    op.create_index("ix_edits_action_id", "edits", ["action_id"], unique=False)
    op.create_index("ix_edits_document_key", "edits", ["document_key", "edit_id"], unique=False)
    op.create_table(
        "runs",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("document_key", sa.Integer(), nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("text_number", sa.Integer(), nullable=False),
        sa.Column("leads", sa.Boolean(), nullable=False),
        sa.Column("file_name", sa.Text(), server_default="", nullable=False),
        sa.Column("software", sa.Text(), server_default="", nullable=False),
        sa.Column("fingerprint", sa.Text(), server_default="", nullable=False),
        sa.Column("recorded_at", sa.Text(), server_default="", nullable=False),
        sa.Column("document_values", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["document_key"], ["documents.key"], name=op.f("fk_runs_document_key")),
        sa.ForeignKeyConstraint(["reading_id"], ["readings.reading_id"], name=op.f("fk_runs_reading_id")),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_runs")),
    )
    op.create_index("ix_runs_document_key", "runs", ["document_key", "run_id"], unique=False)
    op.create_index("ix_runs_reading_id", "runs", ["reading_id"], unique=False)
    op.create_table(
        "findings",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("task_key", sa.Integer(), nullable=False),
        sa.Column("machine_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("machine_values", sa.Text(), nullable=False),
        sa.Column("cell_sources", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.run_id"], name=op.f("fk_findings_run_id")),
        sa.ForeignKeyConstraint(["task_key"], ["tasks.key"], name=op.f("fk_findings_task_key")),
        sa.PrimaryKeyConstraint("run_id", "task_key", name=op.f("pk_findings")),
    )
    op.create_index("ix_findings_task_key", "findings", ["task_key", "run_id"], unique=False)
    op.execute("INSERT INTO recording_lock (id) VALUES (1)")


def _make_people() -> None:
    op.create_table(
        "users",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_users")),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["name"], ["users.name"], name=op.f("fk_sessions_name")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )
    op.create_index("ix_sessions_name", "sessions", ["name"], unique=False)


def _make_derived() -> None:
    op.create_table(
        "current_bodies",
        sa.Column("task_key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("task_key", name=op.f("pk_current_bodies")),
    )
    op.create_table(
        "current_documents",
        sa.Column("document_key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), server_default="", nullable=False),
        sa.Column("document_date", sa.Text(), server_default="", nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("tasks", sa.Integer(), nullable=False),
        sa.Column("unreviewed", sa.Integer(), nullable=False),
        sa.Column("doubtful", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("document_key", name=op.f("pk_current_documents")),
    )
    op.create_table(
        "current_tasks",
        sa.Column("task_key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document_key", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("review_status", sa.Text(), nullable=False),
        sa.Column("doubtful", sa.Boolean(), nullable=False),
        sa.Column("deadline_kind", sa.Text(), nullable=False),
        sa.Column("due_date", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("task_key", name=op.f("pk_current_tasks")),
    )
    op.create_index("ix_current_tasks_due", "current_tasks", ["due_date", "task_key"], unique=False)
    op.create_index("ix_current_tasks_place", "current_tasks", ["document_key", "position"], unique=False)
    op.create_index(
        "ix_current_tasks_status", "current_tasks", ["review_status", "document_key", "position"], unique=False
    )
    op.create_index("ix_current_tasks_task_id", "current_tasks", ["task_id"], unique=False)
    op.create_table(
        "current_units",
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("task_key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "task_key", name=op.f("pk_current_units")),
    )
    op.create_index("ix_current_units_task_key", "current_units", ["task_key"], unique=False)


def _make_words() -> None:
    """The words are folded before they are kept, so neither database needs to know the languages."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE current_words USING fts5(words, tokenize = 'unicode61 remove_diacritics 0')")
        return
    op.create_table(
        "current_words",
        sa.Column("rowid", sa.Integer(), autoincrement=False, primary_key=True),
        sa.Column("words", sa.Text(), nullable=False),
    )
    op.execute("CREATE INDEX ix_current_words ON current_words USING gin (to_tsvector('simple', words))")
