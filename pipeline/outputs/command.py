"""What `chidao export` does: the register as it stands, in the forms asked for, and what to say of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from models.errors import UsageError, message
from models.records import Language
from pipeline.outputs.calendar import unplaced
from pipeline.outputs.export import FORMS, ExportOptions, export
from pipeline.register import read_register


def export_register(outputs: Path, forms: Sequence[str], since: Path | None, language: Language) -> Iterator[str]:
    """Write the register of `outputs` in the forms named, all where none is, and yield what to say of each file.

    Raises UsageError `export-form-unknown` for a form that there isn't, and what `export` raises.
    """
    for form in forms:
        if form not in FORMS:
            raise UsageError("export-form-unknown", form=form, forms=", ".join(FORMS))
    chosen = list(forms) or list(FORMS)
    rows = read_register(outputs / "register.csv")
    for path in export(outputs, rows, chosen, datetime.now(UTC), ExportOptions(language, since)):
        yield message("export-done", language, {"file": path})
    lost = unplaced(rows) if "ics" in chosen else []
    if lost:
        yield message("export-unplaced", language, {"count": len(lost), "tasks": ", ".join(lost)})
