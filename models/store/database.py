"""Opening the store: a SQLite file, or PostgreSQL by URL, brought to the newest form of the tables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, select
from sqlalchemy.exc import DatabaseError, OperationalError

from models.errors import ChidaoError, UsageError
from models.tables import documents

HEAD = "0002"  # the newest migration; a test holds it against the folder
_MIGRATIONS = Path(__file__).parents[1] / "migrations"
_BUSY_MILLISECONDS = 15_000


class StoreError(ChidaoError):
    """The database can't be opened or written now, or is of a newer chidao."""


@dataclass(frozen=True, slots=True)
class Store:
    """An open store; safe to share between threads, not between processes."""

    engine: Engine


def open_store(place: Path | str) -> Store:
    """Open the SQLite file at a path, or the database at a URL, made and migrated where needed.

    PostgreSQL: `postgresql+psycopg://user:password@host/name`. Raises StoreError `store-unavailable`, `store-newer`.
    """
    url = place if isinstance(place, str) and "://" in place else f"sqlite:///{Path(place)}"
    try:
        if url.startswith("sqlite:///"):
            Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
        store = Store(_engine(url))
        _migrate(store.engine)
    except (OSError, OperationalError, DatabaseError) as error:
        raise StoreError("store-unavailable", reason=_first_line(error)) from error
    return store


def close_store(store: Store) -> None:
    """Close all connections."""
    store.engine.dispose()


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=10, max_overflow=20, pool_pre_ping=True)
    busy = {"timeout": _BUSY_MILLISECONDS / 1000}
    engine = create_engine(url, pool_size=10, max_overflow=20, pool_recycle=3600, connect_args=busy)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    """Readers never wait (WAL); what is committed has reached the disk (FULL)."""
    connection.isolation_level = None  # transactions are begun below, not by the driver's guesses
    for pragma in (
        f"busy_timeout = {_BUSY_MILLISECONDS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "cache_size = -32000",
        "mmap_size = 1073741824",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once where a transaction means to write: a later upgrade of a read lock can fail."""
    immediate = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


@contextmanager
def reading(store: Store) -> Iterator[Connection]:
    """Open a transaction that sees one state of the store."""
    with store.engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(store: Store) -> Iterator[Connection]:
    """Open a transaction that is committed whole when the block ends, and not at all when it raises.

    Raises StoreError `store-unwritable` where others have the database in hand for too long, or the disk is full.
    """
    try:
        with store.engine.connect() as connection:
            connection = connection.execution_options(writes=True)
            with connection.begin():
                yield connection
    except OperationalError as error:
        raise StoreError("store-unwritable", reason=_first_line(error)) from error


def gather_statistics(connection: Connection) -> None:
    """Let SQLite see which filters leave few rows: without it, it guesses. PostgreSQL does so by itself."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA analysis_limit = 1000")
        connection.exec_driver_sql("ANALYZE")


def lock_document(connection: Connection, document_id: str) -> int:
    """Return the document's key and hold the document until the transaction ends. Raises UsageError."""
    key = connection.scalar(select(documents.c.key).where(documents.c.document_id == document_id).with_for_update())
    if key is None:
        raise UsageError("document-unknown", document=document_id)
    return int(key)


def _migrate(engine: Engine) -> None:
    """Bring the tables to the newest form; Alembic is imported only where there is something to do."""
    from sqlalchemy import inspect, text

    with engine.connect() as connection:
        present = inspect(connection).has_table("alembic_version")
        version = connection.scalar(text("SELECT version_num FROM alembic_version")) if present else None
    if version != HEAD:
        _upgrade(engine, version)


def _upgrade(engine: Engine, version: str | None) -> None:
    from alembic import command
    from alembic.script import ScriptDirectory

    config = alembic_config()
    if version is not None and version not in {
        script.revision for script in ScriptDirectory.from_config(config).walk_revisions()
    }:
        raise StoreError("store-newer", version=version)
    with engine.connect() as connection:
        connection = connection.execution_options(writes=True)
        with connection.begin():
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def alembic_config() -> Any:
    """Return Alembic's configuration: the migrations beside the tables, no file of its own."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config
