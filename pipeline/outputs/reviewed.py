"""What is taken away from the store itself: the Excel file that may come back corrected, and gold registers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import UsageError
from models.records import Language
from pipeline.recorded import open_store_of, record_kept
from pipeline.wholefile import write_whole

if TYPE_CHECKING:
    from models.store import Store


@dataclass(frozen=True, slots=True)
class ReviewedOptions:
    """The clerk's language, whether each document gets a sheet of its own, and whether rows that were looked at are
    gold although others of their document were not."""

    language: Language = "en"
    sheet_a_document: bool = False
    unfinished: bool = False


def _workbook(store: Store, options: ReviewedOptions) -> bytes:
    from pipeline.xlsx_round_trip import export_xlsx

    return export_xlsx(store, language=options.language, sheet_a_document=options.sheet_a_document)


def _gold(store: Store, options: ReviewedOptions) -> bytes:
    from models.store import gold_lines

    lines = [json.dumps(line, ensure_ascii=False) for line in gold_lines(store, unfinished=options.unfinished)]
    if not lines:
        raise UsageError("gold-unreviewed")
    return "".join(f"{line}\n" for line in lines).encode()


REVIEWED: Mapping[str, tuple[str, Callable[[Store, ReviewedOptions], bytes]]] = {
    "xlsx": ("register.xlsx", _workbook),
    "gold": ("gold.jsonl", _gold),
}


def export_reviewed(outputs: Path, forms: Iterable[str], options: ReviewedOptions) -> list[Path]:
    """Write the forms asked for, by their names in `REVIEWED`, each file whole; return the files.

    Raises UsageError `gold-unreviewed`, `folder-unusable`, and StoreError.
    """
    from models.store import close_store

    store = open_store_of(outputs)
    try:
        record_kept(store, outputs)
        return [_written(outputs, *REVIEWED[form], store, options) for form in dict.fromkeys(forms)]
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError("folder-unusable", folder=str(error.filename or outputs), reason=reason) from error
    finally:
        close_store(store)


def _written(
    outputs: Path,
    name: str,
    made: Callable[[Store, ReviewedOptions], bytes],
    store: Store,
    options: ReviewedOptions,
) -> Path:
    write_whole(outputs / name, made(store, options))
    return outputs / name
