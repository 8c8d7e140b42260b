"""The commands `chidao users token` and `chidao users revoke`: which programs may read the API."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from models.errors import UsageError, message
from models.store import Store, StoreError, close_store, create_token, revoke_token
from pipeline.recorded import open_store_of


def make_token(options: argparse.Namespace) -> int:
    """Print a new token for a program, alone on its line so that it can be piped. Raises UsageError."""
    token = _with_store(options.outputs, lambda store: create_token(store, options.name))
    sys.stderr.write(f"{message('token-made', options.language, {'name': options.name})}\n")
    sys.stdout.write(f"{token}\n")
    return 0


def end_token(options: argparse.Namespace) -> int:
    """End the token of a program. Raises UsageError."""
    _with_store(options.outputs, lambda store: revoke_token(store, options.name))
    sys.stdout.write(f"{message('token-revoked', options.language, {'name': options.name})}\n")
    return 0


T = TypeVar("T")


def _with_store(outputs: Path, work: Callable[[Store], T]) -> T:
    try:
        store = open_store_of(outputs)
    except StoreError as error:
        raise UsageError(error.code, **error.values) from error
    try:
        return work(store)
    finally:
        close_store(store)
