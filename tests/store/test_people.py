"""Accounts and sessions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.errors import UsageError
from models.store import (
    Store,
    User,
    change_user,
    create_user,
    list_users,
    open_session,
    revoke,
    session_user,
    verify,
)
from models.store.database import reading
from models.tables import sessions, users

PASSWORD = "mật khẩu đủ dài"


def test_an_account_is_verified_by_its_password(store: Store) -> None:
    create_user(store, " Nguyễn  An ", PASSWORD, "reviewer")
    assert verify(store, "Nguyễn An", PASSWORD) == User("Nguyễn An", "reviewer", True)
    assert verify(store, "Nguyễn An", PASSWORD.upper()) is None
    assert verify(store, "Nguyễn Anh", PASSWORD) is None
    assert list_users(store) == [User("Nguyễn An", "reviewer", True)]


def test_a_session_lasts_until_it_ends(store: Store) -> None:
    create_user(store, "An", PASSWORD, "clerk")
    first, second = open_session(store, "An"), open_session(store, "An")
    assert session_user(store, first) == User("An", "clerk", True)
    revoke(store, first)
    assert session_user(store, first) is None
    assert session_user(store, second) is not None
    assert session_user(store, open_session(store, "An", timedelta(seconds=-1))) is None
    assert session_user(store, "no such token") is None


def test_a_changed_account_loses_its_sessions(store: Store) -> None:
    create_user(store, "An", PASSWORD, "clerk")
    token = open_session(store, "An")
    assert change_user(store, "An", role="admin", password="another long one") == User("An", "admin", True)
    assert session_user(store, token) is None
    assert verify(store, "An", PASSWORD) is None
    assert change_user(store, "An", active=False) == User("An", "admin", False)
    assert verify(store, "An", "another long one") is None
    with pytest.raises(UsageError):
        open_session(store, "An")


def test_neither_passwords_nor_tokens_are_kept(store: Store) -> None:
    create_user(store, "An", PASSWORD, "admin")
    token = open_session(store, "An")
    with reading(store) as connection:
        kept = [*connection.scalars(select(users.c.password_hash)), *connection.scalars(select(sessions.c.token_hash))]
    assert kept[0].startswith("$argon2id$")
    assert not any(PASSWORD in value or token in value for value in kept)


@pytest.mark.parametrize(
    ("name", "password", "role", "code"),
    [
        ("An", PASSWORD, "clerk", "user-exists"),
        ("Bình", "short", "clerk", "password-short"),
        (" ", PASSWORD, "clerk", "user-invalid"),
        ("Bình", PASSWORD, "king", "user-invalid"),
    ],
)
def test_an_account_needs_a_name_a_role_and_a_password(
    store: Store, name: str, password: str, role: str, code: str
) -> None:
    create_user(store, "An", PASSWORD, "admin")
    with pytest.raises(UsageError) as error:
        create_user(store, name, password, role)  # type: ignore[arg-type]
    assert error.value.code == code
    assert len(list_users(store)) == 1
