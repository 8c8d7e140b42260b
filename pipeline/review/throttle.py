"""Guessing passwords is made slow: who was wrong too often waits, ever longer.

Tries are counted by name and address together, so that nobody can keep a colleague at another machine out, and by
address alone, so that trying one password on many names is no way round. What is counted lives with the process.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass, field

_FORGOTTEN = 3600.0  # seconds after the last try
_MOST_KEPT = 20_000
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Patience:
    """How many wrong tries cost nothing, and the longest wait in seconds; each try beyond doubles the wait."""

    free: int
    longest: float


BY_NAME, BY_ADDRESS = Patience(5, 300.0), Patience(30, 60.0)
Key = tuple[str, str]


@dataclass(slots=True)
class Tries:
    """The wrong tries of each (name, address), with an empty name for all of an address: how many, and the last."""

    counted: dict[Key, tuple[int, float]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


def seconds_to_wait(tries: Tries, name: str, address: str, moment: float) -> int:
    """Return how long somebody has to wait; 0 lets the try go ahead, and counts it as wrong until it is `forgiven`.

    `moment` is of a clock that never goes back. A try that has to wait isn't counted.
    """
    with tries.lock:
        wait = max(_wait(tries, key, patience, moment) for key, patience in _keys(name, address))
        if wait <= 0:
            for key, _ in _keys(name, address):
                tries.counted[key] = (_count(tries, key, moment) + 1, moment)
            _forget_old(tries, moment)
        return math.ceil(max(wait, 0))


def forgive(tries: Tries, name: str, address: str) -> None:
    """Take back what was counted for somebody who knew the password; what others tried at the address stays."""
    with tries.lock:
        (own, _), (all_of_address, _) = _keys(name, address)
        tries.counted.pop(own, None)
        count, last = tries.counted.get(all_of_address, (1, 0.0))
        tries.counted[all_of_address] = (count - 1, last)


def _keys(name: str, address: str) -> tuple[tuple[Key, Patience], tuple[Key, Patience]]:
    return ((f"={name[:_LONGEST_NAME]}", address), BY_NAME), (("", address), BY_ADDRESS)


def _count(tries: Tries, key: Key, moment: float) -> int:
    count, last = tries.counted.get(key, (0, moment))
    return count if moment - last < _FORGOTTEN else 0


def _wait(tries: Tries, key: Key, patience: Patience, moment: float) -> float:
    over = _count(tries, key, moment) - patience.free
    return min(patience.longest, 2.0 ** min(over, 20)) - (moment - tries.counted[key][1]) if over >= 0 else 0.0


def _forget_old(tries: Tries, moment: float) -> None:
    if len(tries.counted) > _MOST_KEPT:
        tries.counted = {key: kept for key, kept in tries.counted.items() if moment - kept[1] < _FORGOTTEN / 12}
