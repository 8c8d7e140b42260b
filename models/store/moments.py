"""The time as the store writes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def now(later: timedelta = timedelta(0)) -> str:
    """Return the present, or a moment later, as ISO 8601 with offset, to the second."""
    return (datetime.now(UTC) + later).isoformat(timespec="seconds")
