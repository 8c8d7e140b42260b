"""How Alembic runs the migrations: over the connection that the store hands it."""

from __future__ import annotations

from alembic import context

from models.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
