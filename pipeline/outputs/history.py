"""The registers that were exported before, kept beside the outputs so that a later export can say what changed."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from models.columns import COLUMN_NAMES
from models.errors import UsageError
from pipeline.register import Row
from pipeline.wholefile import write_whole

FOLDER = ".exports"
KEPT = 60  # at 100,000 tasks one export takes some 15 MB
_NAME = "%Y%m%dT%H%M%SZ"
_SUFFIX = ".jsonl.gz"


def exports(outputs: Path) -> list[datetime]:
    """Return the moments of the exports that are kept, oldest first."""
    names = sorted(path.name.removesuffix(_SUFFIX) for path in (outputs / FOLDER).glob(f"*{_SUFFIX}"))
    return [moment for name in names if (moment := _moment(name))]


def _moment(name: str) -> datetime | None:
    try:
        return datetime.strptime(name, _NAME).replace(tzinfo=UTC)
    except ValueError:
        return None


def remember(outputs: Path, rows: Iterable[Row], moment: datetime) -> None:
    """Keep a register as exported at a moment (with offset), and forget the oldest beyond `KEPT`. Raises OSError."""
    lines = "".join(json.dumps({name: row[name] for name in COLUMN_NAMES if row[name]}) + "\n" for row in rows)
    write_whole(_path(outputs, moment), gzip.compress(lines.encode(), compresslevel=6, mtime=0))
    for old in exports(outputs)[:-KEPT]:
        _path(outputs, old).unlink(missing_ok=True)


def _path(outputs: Path, moment: datetime) -> Path:
    return outputs / FOLDER / f"{moment.astimezone(UTC).strftime(_NAME)}{_SUFFIX}"


def exported(outputs: Path, moment: datetime | None = None) -> list[Row]:
    """Return the register as it was last exported, or as it stood at a moment (with offset).

    Before the first export it is empty. Raises UsageError where no export so old is kept, or it can't be read.
    """
    kept = exports(outputs)
    until = [export for export in kept if moment is None or export <= moment]
    if not until:
        if moment and kept:
            raise UsageError("export-unknown", moment=moment.isoformat(), first=kept[0].isoformat())
        return []
    path = _path(outputs, until[-1])
    try:
        lines = gzip.decompress(path.read_bytes()).decode().splitlines()
        return [dict.fromkeys(COLUMN_NAMES, "") | json.loads(line) for line in lines]
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise UsageError("register-unreadable", file=path.name, reason=str(error)) from error
