"""Which programs may read the API: tokens of which only the hash is kept, one a program, and revocable."""

from __future__ import annotations

import secrets

from sqlalchemy import insert, select, update

from models.errors import UsageError
from models.store.cells import cleaned
from models.store.database import Store, reading, writing
from models.store.moments import now
from models.store.people import token_hash
from models.tables import tokens


def create_token(store: Store, name: str) -> str:
    """Return a new token for a program, which is kept nowhere else; the one that it had before ends.

    Raises UsageError `token-invalid`.
    """
    name, token = " ".join(cleaned(name).split()), secrets.token_urlsafe(32)
    if not name:
        raise UsageError("token-invalid")
    with writing(store) as connection:
        connection.execute(update(tokens).where(tokens.c.name == name).values(revoked=True))
        values = {"token_hash": token_hash(token), "name": name, "created_at": now(), "revoked": False}
        connection.execute(insert(tokens), values)
    return token


def revoke_token(store: Store, name: str) -> None:
    """End the token of a program. Raises UsageError `token-unknown` where it has none."""
    with writing(store) as connection:
        standing = update(tokens).where(tokens.c.name == " ".join(name.split()), ~tokens.c.revoked)
        if connection.execute(standing.values(revoked=True)).rowcount == 0:
            raise UsageError("token-unknown", name=name)


def token_name(store: Store, token: str) -> str | None:
    """Return whose a token is; None where it is unknown or was revoked."""
    query = select(tokens.c.name).where(tokens.c.token_hash == token_hash(token), ~tokens.c.revoked)
    with reading(store) as connection:
        return connection.scalar(query)
