"""What the watched inbox is doing, for programs (`status.json`) and for people (`status.html`, whole in itself)."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Literal

from models.errors import message, message_parts
from models.records import Language
from pipeline.register import restored
from pipeline.wholefile import write_whole

State = Literal["idle", "working", "trouble", "stopped"]
Line = Mapping[str, object]
MOST_LINES = 200  # of a list on the page and in the file; the counts tell how many there are
_COLUMNS = {
    "waiting": ("file", "why"),
    "in_work": ("file",),
    "failed": ("file", "why", "next"),
    "done": ("file", "tasks", "pages", "amends", "moment"),
}
_STYLE = (
    "body{font:16px/1.5 sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#222}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ccc;"
    "vertical-align:top;overflow-wrap:anywhere}h2{margin-top:2rem}.trouble{background:#fff0e0;padding:.6rem}"
)


@dataclass(slots=True)
class Status:
    """How things stand: what waits and why, what is in work, what failed and why, what was done last."""

    state: State = "idle"
    trouble: str = ""
    waiting: Sequence[Line] = ()
    in_work: Sequence[Line] = ()
    failed: Sequence[Line] = ()
    done: Sequence[Line] = ()
    counts: dict[str, int] = field(default_factory=dict)
    updated_at: str = ""


def write_status(outputs: Path, status: Status, language: Language) -> None:
    """Write both files, each whole. Raises OSError."""
    status.updated_at = moment()
    status.counts = {**status.counts, "waiting": len(status.waiting), "in_work": len(status.in_work)}
    data = {name: _shortened(value) for name, value in asdict(status).items()}
    write_whole(outputs / "status.json", _encoded(json.dumps(data, ensure_ascii=False, indent=1)))
    write_whole(outputs / "status.html", _encoded(page(status, language)))


def last_done(outputs: Path) -> list[Line]:
    """Return what was done last before this process began; nothing where the file tells of none."""
    try:
        lines = json.loads((outputs / "status.json").read_text(encoding="utf-8"))["done"]
        return [line for line in lines if isinstance(line, dict)]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def failures(outputs: Path) -> list[Line]:
    """Return the lines of `failures.csv`: file, code, why and what to do next."""
    try:
        with (outputs / "failures.csv").open(encoding="utf-8", newline="") as handle:
            lines = [{name: restored(cell or "") for name, cell in line.items()} for line in csv.DictReader(handle)]
        return [_failure(line) for line in lines]
    except (OSError, ValueError, KeyError, csv.Error):
        return []


def moment() -> str:
    """Return this moment as ISO 8601 with offset, to the second."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def page(status: Status, language: Language) -> str:
    """Return the page: nothing is loaded from elsewhere, nothing that a file is called is taken for markup."""
    title = _text("title", language)
    lists = {"waiting": status.waiting, "in_work": status.in_work, "failed": status.failed, "done": status.done}
    parts = (_section(name, lines, status.counts.get(name, len(lines)), language) for name, lines in lists.items())
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8"><meta http-equiv="refresh" content="5">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f'<meta name="viewport" content="width=device-width"><title>{title}</title><style>{_STYLE}</style></head>\n'
        f"<body><h1>{title}</h1>\n{_headline(status, language)}\n{''.join(parts)}</body></html>\n"
    )


def _headline(status: Status, language: Language) -> str:
    told = escape(message(f"watch-{status.state}", language, {"reason": status.trouble}))
    return f'<p class="{status.state}">{told} {escape(_text("updated", language, moment=status.updated_at))}</p>'


def _section(name: str, lines: Sequence[Line], count: int, language: Language) -> str:
    heading = f"<h2>{_text(name.replace('_', '-'), language)}: {count}</h2>\n"
    if not lines:
        return heading
    columns = _COLUMNS[name]
    head = "".join(f'<th scope="col">{_text(column, language)}</th>' for column in columns)
    rows = (_row(line, columns, language) for line in lines[:MOST_LINES])
    return f"{heading}<table><thead><tr>{head}</tr></thead><tbody>\n{''.join(rows)}</tbody></table>\n"


def _row(line: Line, columns: Iterable[str], language: Language) -> str:
    cells = (escape(message(str(line.get(column, "")), language)) for column in columns)  # a reason may be a code
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>\n"


def _text(name: str, language: Language, **values: object) -> str:
    return message_parts(f"watch-{name}", language, values)[0]


def _failure(line: Mapping[str, str]) -> Line:
    return {"file": line["file"], "code": line["code"], "why": line["what_happened"], "next": line["what_to_do"]}


def _shortened(value: object) -> object:
    return list(value)[:MOST_LINES] if isinstance(value, list | tuple) else value


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", errors="replace")  # names of files need not be valid Unicode
