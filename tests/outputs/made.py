"""Made rows of a register, for the tests of its forms."""

from __future__ import annotations

from models.columns import COLUMN_NAMES

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "  =1", "＝1", '=HYPERLINK("http://example.org";"x")', "'=1", "\t=1")


def row(number: int = 1, /, **cells: str) -> dict[str, str]:
    """A row with what every row has; `number` makes its id."""
    needed = {
        "task_id": f"{number:016x}",
        "document_id": f"{7:016x}",
        "document_type": "decision",
        "document_number": "12/QĐ-UBND",
        "document_date": "2026-05-04",
        "language": "vi",
        "page": "3",
        "task": f"Sơn lại cầu cảng số {number}",
        "deadline_kind": "date",
        "confidence": "0.95",
        "review_status": "new",
        "source_text": f"Sơn lại cầu cảng số {number}.",
        "source_file": "cầu-cảng.docx",
        "source_sha256": "ab" * 32,
    }
    return dict.fromkeys(COLUMN_NAMES, "") | needed | cells
