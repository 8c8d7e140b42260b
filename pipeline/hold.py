"""One writer at a time: whoever writes to an outputs folder holds it, and lets go when it ends in whatever way."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.errors import UsageError

_TAKEN = {errno.EAGAIN, errno.EACCES}
_UNKNOWN = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP}  # a share without locks


@contextmanager
def held(outputs: Path) -> Iterator[None]:
    """Hold a folder, made where it is missing. Raises UsageError where another process holds it, and OSError."""
    outputs.mkdir(parents=True, exist_ok=True)
    with _opened(outputs / ".lock") as handle:
        _take(handle, outputs)
        yield


@contextmanager
def register_turn(outputs: Path) -> Iterator[None]:
    """Wait for one's turn to make and write the register: who reads the store last writes last. Raises OSError."""
    with _opened(outputs / ".register.lock") as handle:
        try:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        except ImportError:  # no such locks on this system
            pass
        except OSError as error:
            if error.errno not in _UNKNOWN:
                raise
        yield


@contextmanager
def _opened(lock: Path) -> Iterator[int]:
    handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        yield handle
    finally:
        os.close(handle)


def _take(handle: int, outputs: Path) -> None:
    try:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:  # no such locks on this system
        return
    except OSError as error:
        if error.errno in _TAKEN:
            raise UsageError("outputs-in-use", folder=str(outputs)) from error  # others: a share without locks
