"""Stores for the tests: a SQLite file, and a database of a PostgreSQL server started for the test run."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, text

from models.store import Store, close_store, open_store
from tests.store.makers import directive, record

_PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def _program(name: str) -> str | None:
    return next((str(place / name) for place in _PLACES if (place / name).exists()), shutil.which(name))


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root: then as the user that its package makes, or as nobody."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in names), "")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a throw-away PostgreSQL server on a free port, without the database's name."""
    initdb, pg_ctl, user = _program("initdb"), _program("pg_ctl"), _unprivileged_user()
    if not initdb or not pg_ctl or user == "":
        pytest.skip("PostgreSQL's initdb and pg_ctl are not installed, or there is no user to run them")
    folder = Path(tempfile.mkdtemp(prefix="chidao-pg-"))
    if user:
        shutil.chown(folder, user)
    port = _free_port()

    def run(*command: str) -> None:
        subprocess.run(command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL, timeout=120)

    unsafe = "-c fsync=off -c full_page_writes=off"
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} {unsafe}"
    data, log = str(folder / "data"), str(folder / "log")
    try:
        run(initdb, "-D", data, "-U", "chidao", "--auth=trust", "--encoding=UTF8", "--no-locale")
        run(pg_ctl, "-D", data, "-w", "-l", log, "-o", options, "start")
        yield f"postgresql+psycopg://chidao@127.0.0.1:{port}/"
    finally:
        subprocess.run([pg_ctl, "-D", data, "-m", "immediate", "stop"], user=user, cwd="/", capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def databases() -> Iterator[int]:
    """Numbers for databases of one server."""
    return iter(range(1, 10_000))


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty store as a SQLite file, made by the migrations once and copied for each test."""
    path = tmp_path_factory.mktemp("empty") / "store.db"
    close_store(open_store(path))
    return path


@pytest.fixture(scope="session")
def empty_database(postgresql: str) -> str:
    """The name of an empty store on the PostgreSQL server, likewise."""
    _execute(postgresql, "CREATE DATABASE empty")
    close_store(open_store(f"{postgresql}empty"))
    return "empty"


def _execute(server: str, statement: str) -> None:
    engine = create_engine(f"{server}postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


_BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql"))]


def _new_place(request: pytest.FixtureRequest, folder: Path, number: int) -> str:
    if request.param == "sqlite":
        return str(shutil.copy(request.getfixturevalue("empty_file"), folder / "store.db"))
    server, template = request.getfixturevalue("postgresql"), request.getfixturevalue("empty_database")
    _execute(server, f"CREATE DATABASE store{number} TEMPLATE {template}")
    return f"{server}store{number}"


@pytest.fixture(params=_BOTH)
def place(request: pytest.FixtureRequest, tmp_path: Path, databases: Iterator[int]) -> str:
    """Where a new store may be made: each test that uses it runs on SQLite and on PostgreSQL."""
    return _new_place(request, tmp_path, next(databases))


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    """A new store."""
    opened = open_store(place)
    yield opened
    close_store(opened)


@pytest.fixture(scope="module")
def shared_store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, databases: Iterator[int]
) -> Iterator[Store]:
    """A store for all examples of a property: each takes documents of its own. It doesn't wait for the disk."""
    opened = open_store(_new_place(request, tmp_path_factory.mktemp("shared"), next(databases)))
    if request.param == "sqlite":
        event.listen(opened.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
        opened.engine.dispose()
    yield opened
    close_store(opened)


@pytest.fixture
def document_id(store: Store) -> str:
    return record(store, directive()).document_id
