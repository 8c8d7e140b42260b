"""The command `chidao`. Everything heavy is imported by the command that needs it, so that help comes at once."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import UsageError, message
from models.records import LANGUAGES, Language

if TYPE_CHECKING:
    from models.records import Document, Extraction
    from pipeline.limits import Limits
    from pipeline.score import Mistake, Score

ALL_READ, SOME_FAILED, USAGE = 0, 1, 2
_GROUP_WIDTH = 44


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command; returns 0 when all was read, 1 when some files failed, 2 when it can't be done as asked."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.command(options)
        sys.stdout.flush()
        return status
    except UsageError as error:
        _complain(f"chidao: {error.message(options.language)}")
        return USAGE
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ALL_READ
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="chidao",
        description="Turns official directives (Vietnamese, English, Russian) into a register of tasks and deadlines.",
        epilog="Exit status: 0 all read, 1 some files or parts of them failed and are named, 2 not carried out.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    extract = _command(commands, "extract", _extract, "read files and write their register")
    extract.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a file, or a folder with files")
    extract.add_argument("-o", "--output", default="-", metavar="REGISTER", help="a file; - is standard output")
    extract.add_argument("--json", action="store_true", help="JSON lines instead of CSV")
    extract.add_argument("--workers", type=_positive, metavar="N", help="processes; all cores unless given")

    run = _command(commands, "run", _run, "bring the register of an inbox up to date")
    run.add_argument("--inbox", type=Path, required=True, metavar="DIR", help="where the documents lie")
    run.add_argument("--outputs", type=Path, default=Path("outputs"), metavar="DIR", help="where the register goes")
    _add_limits(run)

    watch = _command(commands, "watch", _watch, "keep the register of an inbox up to date until stopped")
    watch.add_argument("--inbox", type=Path, required=True, metavar="DIR", help="where the documents are dropped")
    watch.add_argument("--outputs", type=Path, default=Path("outputs"), metavar="DIR", help="where the register goes")
    watch.add_argument("--move", action="store_true", help="move files to done/ and failed/ within the inbox")
    watch.add_argument("--polling", action="store_true", help="look every few seconds: network shares send no events")
    watch.add_argument("--interval", type=float, default=2.0, metavar="SECONDS", help="between two looks (default: 2)")
    _add_limits(watch)

    status = _command(commands, "status", _status, "say how the tasks stand, for each unit and in all")
    status.add_argument("--outputs", type=Path, default=Path("outputs"), metavar="DIR", help="what `run` has written")
    status.add_argument(
        "--on", type=date.fromisoformat, metavar="DATE", help="the day to count from; today unless given"
    )

    explain = _command(commands, "explain", _explain, "say what made a row of the register")
    explain.add_argument("task", metavar="TASK_ID")
    explain.add_argument("files", nargs="*", type=Path, metavar="FILE", help="look into these files, not the outputs")
    explain.add_argument("--outputs", type=Path, default=Path("outputs"), metavar="DIR", help="what `run` has written")

    review = _command(commands, "review", _review, "serve the page on which the register is corrected")
    review.add_argument("--outputs", type=Path, default=Path("outputs"), metavar="DIR", help="what `run` has written")
    review.add_argument("--inbox", type=Path, metavar="DIR", help="the originals, to show their pages")
    review.add_argument("--host", default="127.0.0.1", help="only this machine unless given")
    review.add_argument("--port", type=_positive, default=8765)

    users = _command(commands, "users", _users, "make an account for the page")
    users.add_argument("what", choices=["add"])
    users.add_argument("name", metavar="NAME")
    users.add_argument("--role", choices=["clerk", "reviewer", "admin"], default="reviewer")
    users.add_argument("--outputs", type=Path, default=Path("outputs"), metavar="DIR", help="what `run` has written")

    score = _command(commands, "score", _score, "hold a register against gold registers")
    score.add_argument("register", type=Path)
    score.add_argument("gold", type=Path, nargs="+", help="JSON lines, one document a line")
    score.add_argument("--errors", type=int, default=0, metavar="N", help="list at most N mistakes")
    score.add_argument("--against", type=Path, metavar="REGISTER", help="show what was won and lost on another one")

    days = _command(commands, "occurrences", _occurrences, "list the days on which recurring duties fall")
    days.add_argument("register", type=Path)
    days.add_argument("--from", dest="start", type=date.fromisoformat, required=True, metavar="DATE")
    days.add_argument("--to", dest="end", type=date.fromisoformat, required=True, metavar="DATE")
    days.add_argument("-o", "--output", default="-", metavar="FILE", help="a file; - is standard output")
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, function: object, text: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    parser.set_defaults(command=function)
    parser.add_argument(
        "--lang-of-messages", dest="language", choices=LANGUAGES, default=_locale(), help="as the locale unless given"
    )
    return parser


def _add_limits(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--file-seconds", type=_positive, metavar="N", help="a file may take; by its size unless given")
    parser.add_argument("--file-memory", type=_positive, metavar="MB", help="a file may take; 2048 unless given")


def _limits(options: argparse.Namespace) -> Limits:
    from pipeline.limits import MEGABYTE, Limits

    given = Limits(options.file_seconds)
    return replace(given, memory=options.file_memory * MEGABYTE) if options.file_memory else given


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("a number from 1")
    return number


def _locale() -> Language:
    """Return the language of the user's locale, or English."""
    name = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return next((language for language in LANGUAGES if name.lower().startswith(language)), "en")


def _complain(text: str) -> None:
    print(" ".join(text.split()), file=sys.stderr, flush=True)


def _extract(options: argparse.Namespace) -> int:
    from pipeline.extract import extract_files
    from pipeline.linked import linked_rows
    from pipeline.register import csv_bytes, json_lines

    paths = _files(options.files)
    _check_output(options.output)
    documents: list[Document] = []
    failed = False

    def found() -> Iterator[tuple[int, Extraction]]:
        nonlocal failed
        for outcome in extract_files(paths, options.workers):
            for problem in outcome.problems:
                failed = True
                _complain(problem.message(options.language))
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


def _run(options: argparse.Namespace) -> int:
    from pipeline import batch

    def say(code: str, values: Mapping[str, object]) -> None:
        _complain(message(code, options.language, values))

    summary = batch.run(options.inbox, options.outputs, options.language, say, _limits(options))
    register, failures = options.outputs / "register.csv", options.outputs / "failures.csv"
    values = {"register": register, "rows": summary.rows, "read": summary.read}
    print(message("run-done", options.language, values))
    if summary.failures:
        _complain(message("run-failures", options.language, {"failures": summary.failures, "place": failures}))
    return SOME_FAILED if summary.failures else ALL_READ


def _watch(options: argparse.Namespace) -> int:
    from pipeline.watch import Watching, until_asked, watch

    def say(code: str, values: Mapping[str, object]) -> None:
        _complain(message(code, options.language, values))

    how = Watching(
        options.inbox,
        options.outputs,
        options.language,
        options.move,
        options.polling,
        options.interval,
        _limits(options),
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


def _status(options: argparse.Namespace) -> int:
    from pipeline.register import read_register
    from pipeline.status import standing, table

    rows = read_register(options.outputs / "register.csv")
    print("\n".join(table(standing(rows, options.on or date.today()), options.language)))
    return ALL_READ


def _explain(options: argparse.Namespace) -> int:
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


def _review(options: argparse.Namespace) -> int:
    from pipeline.review.serve import serve

    return serve(options)


def _users(options: argparse.Namespace) -> int:
    from pipeline.review.serve import add_user

    return add_user(options)


def _score(options: argparse.Namespace) -> int:
    from pipeline.register import read_register
    from pipeline.score import gains_and_losses, load_gold, score

    gold = load_gold(options.gold)
    result = score(read_register(options.register), gold)
    _print_figures(result)
    _print_mistakes(result.mistakes[: options.errors])
    if options.against:
        won, lost = gains_and_losses(result, score(read_register(options.against), gold))
        print(f"\nwon {len(won)}, lost {len(lost)} against {options.against}")
        _print_mistakes(won, "won")
        _print_mistakes(lost, "lost")
    return ALL_READ


def _print_figures(result: Score) -> None:
    heads = f"{'gold':>5} {'rows':>5} {'P':>6} {'R':>6} {'F1':>6} {'lead':>6} {'coord':>6} {'due':>6} {'row F1':>7}"
    print(f"{'':{_GROUP_WIDTH}} {heads}")
    for group in sorted(result.figures, key=lambda group: (group == "all", group.startswith("language "), group)):
        gold, rows, *shares, row_f1 = result.figures[group]
        cells = " ".join(f"{share:6.3f}" for share in shares)
        print(f"{group[:_GROUP_WIDTH]:{_GROUP_WIDTH}} {gold:5d} {rows:5d} {cells} {row_f1:7.3f}")


def _print_mistakes(mistakes: Iterable[Mistake], *before: str) -> None:
    for mistake in mistakes:
        print("  ".join((*before, *mistake)))


def _occurrences(options: argparse.Namespace) -> int:
    from pipeline.occurrences import csv_bytes, expanded
    from pipeline.register import read_register

    _write(options.output, csv_bytes(expanded(read_register(options.register), options.start, options.end)))
    return ALL_READ


if __name__ == "__main__":
    sys.exit(main())
