"""Of what the register was made: where nothing has changed since, making it again would give the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import astuple
from pathlib import Path

from models.records import Language
from pipeline.known import Known, engine
from pipeline.wholefile import write_whole

_FILES = ("register.csv", "failures.csv", "inbox.json")


def remember(outputs: Path, entries: Mapping[str, Known], language: Language, counts: tuple[int, int]) -> None:
    """Write down of what the register was just made, and how many failures and rows came of it. Raises OSError."""
    data = {"of": _mark(outputs, entries, language), "counts": counts}
    write_whole(outputs / "made.json", json.dumps(data).encode())


def unchanged(outputs: Path, entries: Mapping[str, Known], language: Language) -> tuple[int, int] | None:
    """Return failures and rows of the register as it lies there, or None where it isn't made of these entries."""
    try:
        data = json.loads((outputs / "made.json").read_text(encoding="utf-8"))
        failures, rows = map(int, data["counts"])
        return (failures, rows) if data["of"] == _mark(outputs, entries, language) else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def forget(outputs: Path) -> None:
    """Have the register made again, whatever it was made of. Raises OSError."""
    (outputs / "made.json").unlink(missing_ok=True)


def _mark(outputs: Path, entries: Mapping[str, Known], language: Language) -> str:
    """Return a hash of the entries, the code, the clerk's language, and the files as they were left. Raises OSError."""
    content = hashlib.sha256(f"{engine()} {language}".encode())
    for sha256, entry in entries.items():
        name, made_by, code, values = astuple(entry)
        content.update(f"\n{sha256} {name} {made_by} {code} {sorted(values.items())}".encode(errors="replace"))
    for name in _FILES:
        found = (outputs / name).stat()
        content.update(f"\n{name} {found.st_size} {found.st_mtime_ns}".encode())
    return content.hexdigest()
