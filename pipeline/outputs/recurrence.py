"""The register's recurrence rules as other calendars understand them: each falls on the days that chidao counts.

The register leaves open what offices leave open ("every quarter"), and its 31st of a month is the 30th or 28th where
the month is shorter. RFC 5545 fills the open parts from the first day and skips days that a month doesn't have.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta

from extractors.calendar import occurrences

_LONGEST_WAIT = timedelta(days=366 * 12)
_A_COMMON_YEAR = 2001


def explicit_rule(rrule: str, start: date, end: date | None = None) -> tuple[date, str] | None:
    """Return the first day from `start` on and the RFC 5545 rule that leads from it to the others, up to `end`.

    None where no day lies between the two. Raises ValueError for what is no rule, or can't be said as one.
    """
    first = next(occurrences(rrule, start, end or start + _LONGEST_WAIT), None)
    if first is None:
        return None
    parts = dict(part.split("=", 1) for part in rrule.strip().removeprefix("RRULE:").split(";") if part)
    parts = _with_days(parts, first)
    if end:
        parts["UNTIL"] = min(parts.get("UNTIL", "99991231")[:8], end.strftime("%Y%m%d"))
    return first, ";".join(f"{name}={value}" for name, value in parts.items())


def _with_days(parts: dict[str, str], first: date) -> dict[str, str]:
    if parts["FREQ"] == "WEEKLY" and "BYDAY" not in parts:
        return {**parts, "BYDAY": "FR"}
    if parts["FREQ"] not in ("MONTHLY", "YEARLY") or "BYDAY" in parts:
        return parts
    if parts["FREQ"] == "MONTHLY" and "BYMONTH" in parts:
        parts = {name: value for name, value in parts.items() if name != "INTERVAL"}
    if parts["FREQ"] == "YEARLY" and "BYMONTH" not in parts:
        parts = {**parts, "BYMONTH": str(first.month)}
    named = [int(month) for month in parts.get("BYMONTH", "").split(",") if month]
    days = [int(day) for day in parts.get("BYMONTHDAY", "-1").split(",")]
    shortest = min(monthrange(_A_COMMON_YEAR, month)[1] for month in named or range(1, 13))
    if max(days) <= shortest:
        return {**parts, "BYMONTHDAY": ",".join(map(str, days))}
    return {**_month_by_month(parts, named), **_last_where_short(sorted(days), shortest)}


def _month_by_month(parts: dict[str, str], months: Sequence[int]) -> dict[str, str]:
    """Say a rule of several months in a year as one of single months: positions are counted within the unit."""
    if parts["FREQ"] == "MONTHLY" or len(months) == 1:
        return parts
    if parts.get("INTERVAL", "1") != "1":
        raise ValueError(f"no single rule says this: {parts}")
    return {**parts, "FREQ": "MONTHLY"}


def _last_where_short(days: Sequence[int], shortest: int) -> dict[str, str]:
    """Return the parts that take a day which short months don't have as their last one."""
    *others, longest = days
    if others and (others[0] < 0 or others[-1] > shortest):
        raise ValueError(f"no single rule says this: {days}")
    candidates = sorted({*others, *range(shortest, longest + 1)})
    positions = [*range(1, len(others) + 1), -1]
    return {"BYMONTHDAY": ",".join(map(str, candidates)), "BYSETPOS": ",".join(map(str, positions))}
