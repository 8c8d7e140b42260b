"""What the system tells of processes, and what binds one to another; where it doesn't (it is no Linux), nothing."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_C = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent() -> None:
    """Let the system kill this process when the thread that started it ends, be it by kill -9."""
    if _C is not None:
        _C.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))


def family(pid: int) -> Iterator[int]:
    """Yield a process and those that it and they have started, parents first."""
    yield pid
    for listing in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in listing.read_text().split():
                yield from family(int(child))


def memory_of(pid: int) -> int:
    """Return the bytes of memory that a process and its descendants have in use."""
    return sum(map(_resident, family(pid)))


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0  # ended in the meantime


def kill(pid: int) -> None:
    """End a process and its descendants at once."""
    for each in list(family(pid)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)
