"""What each command of `chidao` does. Everything heavy is imported by the command that needs it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import UsageError, message

if TYPE_CHECKING:
    from models.records import Document, Extraction
    from pipeline.limits import Limits

ALL_READ, SOME_FAILED, USAGE = 0, 1, 2


def complain(text: str) -> None:
    print(" ".join(text.split()), file=sys.stderr, flush=True)


def extract(options: argparse.Namespace) -> int:
    from pipeline.extract import extract_files
    from pipeline.linked import linked_rows
    from pipeline.register import csv_bytes, json_lines
    from pipeline.unitfile import office_file

    paths = _files(options.files)
    units = office_file(options.registry)
    _check_output(options.output)
    documents: list[Document] = []
    failed = False

    def found() -> Iterator[tuple[int, Extraction]]:
        nonlocal failed
        for outcome in extract_files(paths, options.workers, units):
            for problem in outcome.problems:
                failed = True
                complain(problem.message(options.language))
            for extraction in outcome.extractions:
                documents.append(extraction.document)
                yield len(documents), extraction

    table = linked_rows(found(), documents.__getitem__)
    _write(options.output, (json_lines if options.json else csv_bytes)(table))
    return SOME_FAILED if failed else ALL_READ


def _files(paths: Iterable[Path]) -> list[Path]:
    """Return the files among the paths and in the folders among them, each once."""
    from pipeline.inbox import files_below

    found: dict[Path, None] = {}
    for path in paths:
        try:
            found |= dict.fromkeys(files_below(path) if path.is_dir() else [path])
        except OSError as error:
            raise UsageError("folder-unusable", folder=str(path), reason=error.strerror) from error
    if not found:
        raise UsageError("files-none")
    return list(found)


def _check_output(output: str) -> None:
    """Find out before the work whether its result can be written."""
    folder = Path(output).absolute().parent
    if output == "-":
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if Path(output).is_dir():
            raise IsADirectoryError(21, os.strerror(21))
        if not os.access(folder, os.W_OK):
            raise PermissionError(13, os.strerror(13))
    except OSError as error:
        raise UsageError("folder-unusable", folder=output, reason=error.strerror) from error


def _write(output: str, data: bytes) -> None:
    from pipeline.wholefile import write_whole

    if output == "-":
        sys.stdout.buffer.write(data)
        return
    try:
        write_whole(Path(output), data)
    except OSError as error:
        raise UsageError("folder-unusable", folder=output, reason=error.strerror) from error


def run(options: argparse.Namespace) -> int:
    from pipeline import batch

    def say(code: str, values: Mapping[str, object]) -> None:
        complain(message(code, options.language, values))

    limits, own = _limits(options), options.registry
    summary = batch.run(options.inbox, options.outputs, options.language, say, limits, own, options.pool)
    register, failures = options.outputs / "register.csv", options.outputs / "failures.csv"
    values = {"register": register, "rows": summary.rows, "read": summary.read}
    print(message("run-done", options.language, values))
    if summary.failures:
        complain(message("run-failures", options.language, {"failures": summary.failures, "place": failures}))
    return SOME_FAILED if summary.failures else ALL_READ


def watch(options: argparse.Namespace) -> int:
    from pipeline.watch import Watching, until_asked, watch

    def say(code: str, values: Mapping[str, object]) -> None:
        complain(message(code, options.language, values))

    how = Watching(
        options.inbox,
        options.outputs,
        options.language,
        options.move,
        options.polling,
        options.interval,
        _limits(options),
        options.registry,
    )
    stop, put_back = until_asked()
    try:
        watch(how, say, stop)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError("folder-unusable", folder=str(error.filename or options.outputs), reason=reason) from error
    finally:
        put_back()
    return ALL_READ


def status(options: argparse.Namespace) -> int:
    from pipeline.register import read_register
    from pipeline.status import progress_of, standing, table

    rows = read_register(options.outputs / "register.csv")
    standings = standing(rows, options.on or date.today(), progress_of(options.outputs))
    print("\n".join(table(standings, options.language)))
    return ALL_READ


def explain(options: argparse.Namespace) -> int:
    from pipeline import known
    from pipeline.explain import explain
    from pipeline.extract import extract_files

    extractions = known.extractions(options.outputs, known.load(options.outputs))
    if options.files:
        outcomes = extract_files(_files(options.files))
        extractions = (extraction for outcome in outcomes for extraction in outcome.extractions)
    for extraction in extractions:
        for task in extraction.tasks:
            if task.id == options.task:
                print("\n".join(explain(extraction, task, options.language)))
                return ALL_READ
    place = ", ".join(map(str, options.files)) or options.outputs
    raise UsageError("task-unknown", task=options.task, place=place)


def review(options: argparse.Namespace) -> int:
    from pipeline.review.serve import serve

    return serve(options)


def users(options: argparse.Namespace) -> int:
    from pipeline.review.serve import add_user
    from pipeline.review.tokens import end_token, make_token

    return {"add": add_user, "token": make_token, "revoke": end_token}[options.what](options)


def score(options: argparse.Namespace) -> int:
    from pipeline.figures import comparison_lines, figure_lines, mistake_lines
    from pipeline.register import read_register
    from pipeline.score import load_gold, score

    gold = load_gold(options.gold)
    result = score(read_register(options.register), gold)
    print("\n".join([*figure_lines(result), *mistake_lines(result.mistakes[: options.errors])]))
    if options.against:
        before = score(read_register(options.against), gold)
        print("\n".join(comparison_lines(result, before, str(options.against))))
    return ALL_READ


def export(options: argparse.Namespace) -> int:
    from pipeline.outputs.command import export_register
    from pipeline.outputs.reviewed import ReviewedOptions

    reviewed = ReviewedOptions(options.language, options.sheet_a_document, options.unfinished)
    for line in export_register(options.outputs, options.forms, options.since, reviewed):
        print(line)
    return ALL_READ


def import_(options: argparse.Namespace) -> int:
    from pipeline.xlsx_command import import_file

    return _told(*import_file(options))


def progress(options: argparse.Namespace) -> int:
    from pipeline.followup.command import import_progress

    return _told(*import_progress(options))


def _told(said: Iterable[str], complaints: list[str]) -> int:
    """Print what an import says and, apart, what it complains of; return the exit status."""
    for line in said:
        print(line)
    for line in complaints:
        complain(line)
    return SOME_FAILED if complaints else ALL_READ


def report(options: argparse.Namespace) -> int:
    from pipeline.followup.command import write_report

    print(message("report-done", options.language, {"file": write_report(options)}))
    return ALL_READ


def units(options: argparse.Namespace) -> int:
    from pipeline.register import read_register
    from pipeline.unitfile import OFFICE_FILE, load_registry, unknown_lines

    path = options.registry or options.outputs / OFFICE_FILE
    if options.adopt:
        return _adopt(options, path)
    rows = read_register(options.outputs / "register.csv")
    print("\n".join(unknown_lines(rows, load_registry(path))))
    return ALL_READ


def _adopt(options: argparse.Namespace, path: Path) -> int:
    """Take a name into the office's file: as another name of a known unit, or as a new one."""
    from pipeline.register import read_register
    from pipeline.unitfile import adopt_into, language_of

    if not options.alias_of and options.new is None:
        raise UsageError("units-as-or-new", unit=options.adopt)
    register = options.outputs / "register.csv"
    rows = read_register(register) if register.is_file() else []
    language = options.name_language or language_of(options.adopt, rows)
    if language is None:
        raise UsageError("units-language-unknown", unit=options.adopt)
    registry = adopt_into(path, [options.adopt], language, options.alias_of, options.new or "", options.parent)
    unit_id = options.alias_of or options.new or list(registry.units)[-1]
    print(message("units-adopted", options.language, {"unit": options.adopt, "file": path, "id": unit_id}))
    return ALL_READ


def occurrences(options: argparse.Namespace) -> int:
    from pipeline.occurrences import csv_bytes, expanded
    from pipeline.register import read_register

    _write(options.output, csv_bytes(expanded(read_register(options.register), options.start, options.end)))
    return ALL_READ


def _limits(options: argparse.Namespace) -> Limits:
    from pipeline.limits import MEGABYTE, Limits

    given = Limits(options.file_seconds)
    return replace(given, memory=options.file_memory * MEGABYTE) if options.file_memory else given
