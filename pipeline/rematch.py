"""Units matched anew: where the office's file of units has changed, what was found keeps its words and gets other ids.

Nothing is read again for it: scans take seconds a page, and matching a document's units a thousandth of that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from pipeline import known, made
from pipeline.known import Known
from pipeline.unitfile import registry_of
from pipeline.wholefile import write_whole

_MARK = "units.sha256"  # of the file with which everything kept was matched last


def match_anew(outputs: Path, entries: Mapping[str, Known], units: Path | None) -> None:
    """Match everything kept with a file of units (None: the starter registry), where it was matched with another.

    Raises UsageError where the file can't be used, and OSError.
    """
    mark = hashlib.sha256(units.read_bytes()).hexdigest() if units else ""
    if _last(outputs) == mark:
        return
    from extractors.linking import with_units

    registry = registry_of(units)
    for sha256 in known.by_name(entries):
        found = known.found_in(outputs, sha256)
        matched = [with_units(extraction, registry) for extraction in found]
        if [*found] != matched:
            known.keep(outputs, sha256, matched)
            made.forget(outputs)
    write_whole(outputs / _MARK, mark.encode())


def _last(outputs: Path) -> str:
    try:
        return (outputs / _MARK).read_text(encoding="ascii")
    except (OSError, ValueError):
        return ""
