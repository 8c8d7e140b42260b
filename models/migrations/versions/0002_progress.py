"""Progress of tasks, tokens of programs, and the register as it was last written."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the four tables."""
    _make_progress()
    _make_tokens()
    _make_published()


def _make_progress() -> None:
    op.create_table(
        "progress",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("task_key", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("done_on", sa.Text(), server_default="", nullable=False),
        sa.Column("reference", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["task_key"], ["tasks.key"], name=op.f("fk_progress_task_key")),
        sa.ForeignKeyConstraint(["undoes"], ["progress.entry_id"], name=op.f("fk_progress_undoes")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_progress")),
    )
    op.create_index("ix_progress_task_key", "progress", ["task_key", "entry_id"], unique=False)


def _make_tokens() -> None:
    op.create_table(
        "tokens",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_tokens")),
    )
    op.create_index("ix_tokens_name", "tokens", ["name"], unique=False)


def _make_published() -> None:
    op.create_table(
        "published",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("review_status", sa.Text(), nullable=False),
        sa.Column("due_date", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_published")),
        sa.UniqueConstraint("task_id", name=op.f("uq_published_task_id")),
    )
    for column in ("changed_at", "due_date", "document_id"):
        op.create_index(f"ix_published_{column}", "published", [column], unique=False)
    op.create_table(
        "published_units",
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["key"], ["published.key"], name=op.f("fk_published_units_key")),
        sa.PrimaryKeyConstraint("unit", "key", name=op.f("pk_published_units")),
    )
    op.create_index("ix_published_units_key", "published_units", ["key"], unique=False)
