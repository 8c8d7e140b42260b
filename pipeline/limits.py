"""What one file may take: time, memory, output, size and pages. What takes more is one clear failure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1024 * 1024
LARGEST_FILE = 500 * MEGABYTE
MOST_PAGES = 2000
_FEWEST_SECONDS, _SECONDS_A_MEGABYTE, _MOST_SECONDS = 300.0, 120.0, 7200.0  # a scanned page is 2 s and some 50 KB


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call in a worker may take: seconds (by the size of the file, unless given), bytes of memory together
    with the programs that it starts, and bytes of its result and of any file that it writes."""

    seconds: float | None = None
    memory: int = 2048 * MEGABYTE
    output: int = 512 * MEGABYTE

    def seconds_for(self, size: int) -> float:
        """Return how long a file or text of so many bytes may take."""
        return self.seconds or min(_FEWEST_SECONDS + _SECONDS_A_MEGABYTE * size / MEGABYTE, _MOST_SECONDS)


def size_of(path: Path) -> int:
    """Return the bytes of a file; 0 for one that is gone, which reading it will tell."""
    try:
        return path.stat().st_size
    except OSError:
        return 0
