"""Who may work in the store: local accounts with argon2 hashes, and sessions kept as hashes of their tokens."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Literal, get_args

from sqlalchemy import Connection, insert, select, update

from models.errors import UsageError
from models.store.cells import cleaned
from models.store.database import Store, reading, writing
from models.store.moments import now
from models.tables import sessions, users

if TYPE_CHECKING:
    from argon2 import PasswordHasher

Role = Literal["clerk", "reviewer", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
SHORTEST_PASSWORD = 10
SESSION = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class User:
    """A local account."""

    name: str
    role: Role
    active: bool


def create_user(store: Store, name: str, password: str, role: Role) -> User:
    """Make an account. Raises UsageError `user-exists`, `user-invalid`, `password-short`."""
    name = " ".join(cleaned(name).split())
    if not name or role not in ROLES:
        raise UsageError("user-invalid", name=name, role=role)
    values = {"name": name, "password_hash": _hashed(password), "role": role, "active": True, "created_at": now()}
    with writing(store) as connection:
        if _user(connection, name):
            raise UsageError("user-exists", name=name)
        connection.execute(insert(users), values)
    return User(name, role, True)


def change_user(
    store: Store, name: str, *, password: str | None = None, role: Role | None = None, active: bool | None = None
) -> User:
    """Change an account; its open sessions end. Raises UsageError `user-unknown`, `user-invalid`, `password-short`."""
    if role is not None and role not in ROLES:
        raise UsageError("user-invalid", name=name, role=role)
    changes = {"role": role, "active": active, "password_hash": None if password is None else _hashed(password)}
    with writing(store) as connection:
        if not _user(connection, name):
            raise UsageError("user-unknown", name=name)
        values = {column: value for column, value in changes.items() if value is not None}
        if values:
            connection.execute(update(users).where(users.c.name == name).values(**values))
        connection.execute(update(sessions).where(sessions.c.name == name).values(revoked=True))
        changed = _user(connection, name)
    assert changed is not None
    return changed


def list_users(store: Store) -> list[User]:
    """Return all accounts by name."""
    with reading(store) as connection:
        rows = connection.execute(select(users).order_by(users.c.name))
        return [User(row.name, row.role, row.active) for row in rows]


def verify(store: Store, name: str, password: str) -> User | None:
    """Return the account if the password is right and the account active; as slow for names that don't exist."""
    from argon2.exceptions import InvalidHashError, VerificationError

    with reading(store) as connection:
        query = select(users.c.password_hash).where(users.c.name == name, users.c.active)
        kept, user = connection.scalar(query), _user(connection, name)
    try:
        _hasher().verify(kept or _no_password(), password)
    except (VerificationError, InvalidHashError):
        return None
    return user if kept else None


def open_session(store: Store, name: str, lasting: timedelta = SESSION) -> str:
    """Open a session and return its token, which is kept nowhere else. Raises UsageError `user-unknown`."""
    token = secrets.token_urlsafe(32)
    with writing(store) as connection:
        user = _user(connection, name)
        if user is None or not user.active:
            raise UsageError("user-unknown", name=name)
        values = {"token_hash": token_hash(token), "name": name, "expires_at": now(lasting), "revoked": False}
        connection.execute(insert(sessions), values)
    return token


def session_user(store: Store, token: str) -> User | None:
    """Return whose session a token is, None where it has expired, was revoked or its account closed."""
    query = (
        select(users)
        .join(sessions, sessions.c.name == users.c.name)
        .where(sessions.c.token_hash == token_hash(token), ~sessions.c.revoked, sessions.c.expires_at > now())
        .where(users.c.active)
    )
    with reading(store) as connection:
        row = connection.execute(query).one_or_none()
    return User(row.name, row.role, row.active) if row else None


def revoke(store: Store, token: str) -> None:
    """End a session; one that is unknown has ended already."""
    with writing(store) as connection:
        connection.execute(update(sessions).where(sessions.c.token_hash == token_hash(token)).values(revoked=True))


def _user(connection: Connection, name: str) -> User | None:
    row = connection.execute(select(users).where(users.c.name == name)).one_or_none()
    return User(row.name, row.role, row.active) if row else None


def _hashed(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise UsageError("password-short", length=SHORTEST_PASSWORD)
    return _hasher().hash(password)


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _no_password() -> str:
    """A hash that nobody's password has: checking it takes as long as checking a real one."""
    return _hasher().hash(secrets.token_urlsafe(32))


def token_hash(token: str) -> str:
    """Return what is kept of a token: it is long and random, so that a quick hash does."""
    return hashlib.sha256(token.encode("utf-8", errors="replace")).hexdigest()
