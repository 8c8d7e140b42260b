"""One round over the inbox: what is new, the flow over it, and the files that are made from everything known."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from models.errors import ReadError, UsageError, message_parts
from models.records import Language
from pipeline import known, made
from pipeline.hold import held
from pipeline.inbox import Dropped, dropped_files
from pipeline.known import Known
from pipeline.ledger import Ledger, count_of, lines_of, problems_in
from pipeline.limits import Limits
from pipeline.recorded import has_store, write_recorded_register
from pipeline.register import HEAD, defused
from pipeline.rematch import match_anew
from pipeline.server import Server, own_server
from pipeline.unitfile import office_file
from pipeline.updating import with_ledger
from pipeline.wholefile import write_whole
from pipeline.workers import Workers, cores

Say = Callable[[str, Mapping[str, object]], None]
LARGEST_HISTORY = 100_000_000  # bytes of Prefect's own record of past runs, some 1,500 documents


@dataclass(frozen=True, slots=True)
class Round:
    """What a round starts from: the files of the inbox, what is known, which files are to be read, and
    the office's file of units."""

    known: dict[str, Known]
    new: tuple[Dropped, ...]
    units: Path | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """What a round came to: files read now, files that failed now, failures altogether, rows in the register."""

    read: int
    failed: int
    failures: int
    rows: int


def run(
    inbox: Path,
    outputs: Path,
    language: Language,
    say: Say,
    limits: Limits | None = None,
    units: Path | None = None,
    pool: str = "",
) -> Summary:
    """Bring the register up to date with the inbox; Prefect is started only where there is something to read.

    Files are read here, or where `pool` names a work pool of Prefect's, by its workers.

    Raises UsageError where the inbox, the file of units or the pool isn't there, or the outputs can't be written or are
    being written by another.
    """
    try:
        dropped = dropped_files(inbox, but=outputs)
        with held(outputs):
            start = begin(dropped, outputs, units)
            if not start.new:
                return up_to_date(outputs, start.known, language)
            say("run-begins", {})
            server = start_prefect(outputs)
            from pipeline.flow import run_inbox, run_on_pool

            if server:
                _await(server, outputs)
            if pool:
                return run_on_pool(inbox, outputs, language, say, start, pool, limits)
            count = min(cores(), len(start.new))
            return run_inbox(inbox, outputs, language, say, lambda: start, lambda: Workers(count, limits))
    except OSError as error:
        path, reason = error.filename or outputs, error.strerror or str(error)
        raise UsageError("folder-unusable", folder=str(path), reason=reason) from error


def _await(server: Server, outputs: Path) -> None:
    try:
        server.wait()
    except ConnectionError as error:  # mostly its database can't be written
        raise UsageError("server-not-started", folder=str(outputs / ".prefect")) from error


def begin(dropped: Collection[Dropped], outputs: Path, units: Path | None = None) -> Round:
    """Say what is new among the files of the inbox; what is known is matched with the office's file of units.

    Raises UsageError where that file can't be used, and OSError.
    """
    own = office_file(units, outputs)
    before = known.current(known.load(outputs), dropped, outputs)
    match_anew(outputs, before, own)
    new = (file for file in dropped if file.sha256 not in before or not before[file.sha256].is_settled)
    return Round(before, tuple(new), own)


def up_to_date(outputs: Path, entries: Mapping[str, Known], language: Language) -> Summary:
    """Say what the register comes to, which is written anew only where anything has changed. Raises OSError."""
    counts = made.unchanged(outputs, entries, language)
    return Summary(0, 0, *counts) if counts else finish(outputs, entries, language)


def finish(outputs: Path, entries: Mapping[str, Known], language: Language, read: int = 0, failed: int = 0) -> Summary:
    """Write what is known, the register and the failures, each whole. Raises OSError and StoreError."""
    failures = {
        (entry.name, entry.code): ReadError(entry.code, **entry.values) for entry in entries.values() if entry.code
    }
    known.save(outputs, entries)
    read_files = [sha256 for sha256, entry in entries.items() if not entry.code]

    def write(ledger: Ledger) -> int:
        failures.update({(file, code): ReadError(code, file=file) for file, code in problems_in(ledger)})
        return _write_register(ledger, outputs, known.by_name(entries))

    count = with_ledger(outputs, read_files, write)
    write_whole(outputs / "failures.csv", _failures_csv(failures, language))
    made.remember(outputs, entries, language, (len(failures), count))
    return Summary(read, failed, len(failures), count)


def _write_register(ledger: Ledger, outputs: Path, by_name: Sequence[str]) -> int:
    """Write the register, by the files' names, and return how many rows it has."""
    if has_store(outputs):  # what people have corrected stands over what was found
        return write_recorded_register(outputs)
    write_whole(outputs / "register.csv", chain([HEAD], lines_of(ledger, by_name)))
    return count_of(ledger)


def _failures_csv(failures: Mapping[tuple[str, str], ReadError], language: Language) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["file", "code", "what_happened", "what_to_do"])
    for name, code in sorted(failures, key=lambda failure: (failure[0].casefold(), failure[1])):
        cells = (name, code, *message_parts(code, language, failures[name, code].values))
        writer.writerow(map(defused, cells))
    return text.getvalue().encode("utf-8", errors="replace")


def start_prefect(outputs: Path) -> Server | None:
    """Prepare Prefect and start a server for it, if it needs one; nobody has to wait for it before `import prefect`."""
    prepare_prefect(outputs)
    return own_server()


def prepare_prefect(outputs: Path) -> None:
    """Give Prefect a home of its own in the outputs, before it is imported: no user's profile is read or changed.

    Whoever has a Prefect server of their own names it in PREFECT_API_URL, and runs are recorded there.
    """
    home = outputs.resolve() / ".prefect"
    home.mkdir(parents=True, exist_ok=True)
    if has_long_history(outputs):
        _forget_history(outputs)
    own = {
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "true",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
        "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_CLI_COLORS": "false",
    }
    os.environ.update({name: value for name, value in own.items() if name == "PREFECT_HOME" or name not in os.environ})


def has_long_history(outputs: Path) -> bool:
    """Say whether Prefect's own record of past runs has grown so large that it is begun anew."""
    database = outputs / ".prefect" / "prefect.db"
    return database.is_file() and database.stat().st_size > LARGEST_HISTORY


def _forget_history(outputs: Path) -> None:
    for path in (outputs / ".prefect").glob("prefect.db*"):
        path.unlink()
