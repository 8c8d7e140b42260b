"""What `chidao export` does: the register as it stands, in the forms asked for, and what to say of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from models.errors import UsageError, message
from pipeline.outputs.calendar import unplaced
from pipeline.outputs.export import FORMS, ExportOptions, export
from pipeline.outputs.reviewed import REVIEWED, ReviewedOptions, export_reviewed
from pipeline.recorded import has_store
from pipeline.register import read_register


def export_register(
    outputs: Path, forms: Sequence[str], since: Path | None, reviewed: ReviewedOptions
) -> Iterator[str]:
    """Write the register of `outputs` in the forms named, all where none is, and yield what to say of each file.

    Once people review it, the Excel file is made from the store, and may come back corrected; gold is only then.
    Raises UsageError `export-form-unknown` for a form that there isn't, and what `export` and `export_reviewed` raise.
    """
    language = reviewed.language
    for form in forms:
        if form not in {*FORMS, *REVIEWED}:
            raise UsageError("export-form-unknown", form=form, forms=", ".join({**FORMS, **REVIEWED}))
    chosen = list(forms) or list(FORMS)
    from_store = [form for form in chosen if form in REVIEWED] if has_store(outputs) else []
    if "gold" in chosen and not from_store:
        raise UsageError("gold-unreviewed")
    rest = [form for form in chosen if form not in from_store]
    rows = read_register(outputs / "register.csv") if rest else []
    for path in export(outputs, rows, rest, datetime.now(UTC), ExportOptions(language, since)):
        yield message("export-done", language, {"file": path})
    for path in export_reviewed(outputs, from_store, reviewed) if from_store else ():
        yield message("export-done", language, {"file": path})
    lost = unplaced(rows) if "ics" in chosen else []
    if lost:
        yield message("export-unplaced", language, {"count": len(lost), "tasks": ", ".join(lost)})
