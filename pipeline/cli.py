"""The command `chidao`. Everything heavy is imported by the command that needs it, so that help comes at once."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TypeAlias

from models.errors import ChidaoError
from models.records import LANGUAGES, Language
from pipeline import commands as handlers
from pipeline.commands import ALL_READ, SOME_FAILED, USAGE

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

__all__ = ["ALL_READ", "SOME_FAILED", "USAGE", "main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command; returns 0 when all was read, 1 when some files failed, 2 when it can't be done as asked."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.command(options)
        sys.stdout.flush()
        return status
    except ChidaoError as error:
        handlers.complain(f"chidao: {error.message(options.language)}")
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
    _add_making(commands)
    _add_following(commands)
    _add_correcting(commands)
    _add_measuring(commands)
    return parser


def _add_making(commands: Commands) -> None:
    extract = _command(commands, "extract", handlers.extract, "read files and write their register")
    extract.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a file, or a folder with files")
    extract.add_argument("-o", "--output", default="-", metavar="REGISTER", help="a file; - is standard output")
    extract.add_argument("--json", action="store_true", help="JSON lines instead of CSV")
    _add_registry(extract)
    extract.add_argument("--workers", type=_positive, metavar="N", help="processes; all cores unless given")

    run = _command(commands, "run", handlers.run, "bring the register of an inbox up to date")
    run.add_argument("--inbox", type=Path, required=True, metavar="DIR", help="where the documents lie")
    run.add_argument("--outputs", type=Path, default=Path("outputs"), metavar="DIR", help="where the register goes")
    _add_registry(run)
    run.add_argument("--pool", default="", metavar="NAME", help="have the workers of this Prefect work pool read")
    _add_limits(run)

    watch = _command(commands, "watch", handlers.watch, "keep the register of an inbox up to date until stopped")
    watch.add_argument("--inbox", type=Path, required=True, metavar="DIR", help="where the documents are dropped")
    watch.add_argument("--outputs", type=Path, default=Path("outputs"), metavar="DIR", help="where the register goes")
    watch.add_argument("--move", action="store_true", help="move files to done/ and failed/ within the inbox")
    watch.add_argument("--polling", action="store_true", help="look every few seconds: network shares send no events")
    watch.add_argument("--interval", type=float, default=2.0, metavar="SECONDS", help="between two looks (default: 2)")
    _add_registry(watch)
    _add_limits(watch)


def _add_following(commands: Commands) -> None:
    status = _command(commands, "status", handlers.status, "say how the tasks stand, for each unit and in all")
    status.add_argument("--outputs", type=Path, default=Path("outputs"), metavar="DIR", help="what `run` has written")
    status.add_argument(
        "--on", type=date.fromisoformat, metavar="DATE", help="the day to count from; today unless given"
    )

    report = _command(commands, "report", handlers.report, "write the follow-up report as PDF")
    report.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.pdf")
    report.add_argument("--outputs", type=Path, default=Path("outputs"), metavar="DIR", help="what `run` has written")
    report.add_argument("--unit", default="", metavar="NAME", help="only what this unit leads, by its name or id")
    report.add_argument(
        "--on", type=date.fromisoformat, metavar="DATE", help="the day to count from; today unless given"
    )

    export = _command(commands, "export", handlers.export, "write the register in other forms")
    export.add_argument(
        "forms", nargs="*", metavar="FORM", help="csv changes jsonl xlsx parquet ics progress tracker; gold"
    )
    export.add_argument("--outputs", type=Path, default=Path("outputs"), metavar="DIR", help="what `run` has written")
    export.add_argument("--since", type=Path, metavar="REGISTER", help="count changes from it, not the last export")
    export.add_argument("--sheet-a-document", action="store_true", help="xlsx of a reviewed register: a sheet each")
    export.add_argument("--unfinished", action="store_true", help="gold: also of documents with rows nobody looked at")

    days = _command(commands, "occurrences", handlers.occurrences, "list the days on which recurring duties fall")
    days.add_argument("register", type=Path)
    days.add_argument("--from", dest="start", type=date.fromisoformat, required=True, metavar="DATE")
    days.add_argument("--to", dest="end", type=date.fromisoformat, required=True, metavar="DATE")
    days.add_argument("-o", "--output", default="-", metavar="FILE", help="a file; - is standard output")


def _add_correcting(commands: Commands) -> None:
    explain = _command(commands, "explain", handlers.explain, "say what made a row of the register")
    explain.add_argument("task", metavar="TASK_ID")
    explain.add_argument("files", nargs="*", type=Path, metavar="FILE", help="look into these files, not the outputs")
    explain.add_argument("--outputs", type=Path, default=Path("outputs"), metavar="DIR", help="what `run` has written")

    review = _command(commands, "review", handlers.review, "serve the page on which the register is corrected")
    review.add_argument("--outputs", type=Path, default=Path("outputs"), metavar="DIR", help="what `run` has written")
    review.add_argument("--inbox", type=Path, metavar="DIR", help="the originals, to show their pages")
    _add_registry(review)
    review.add_argument("--host", default="127.0.0.1", help="only this machine unless given")
    review.add_argument("--port", type=_positive, default=8765)

    bring = _command(commands, "import", handlers.import_, "show what a corrected Excel file changes, and apply it")
    bring.add_argument("file", type=Path, metavar="FILE", help="an Excel file from `export xlsx`, corrected")
    _add_taking(bring, "also where somebody else changed a cell meanwhile")

    progress = _command(commands, "progress", handlers.progress, "show what a tracker's CSV says is done, and take it")
    progress.add_argument("file", type=Path, metavar="FILE", help="CSV with a column of task ids")
    _add_taking(progress, "also where something else is recorded as done")

    users = _command(commands, "users", handlers.users, "make an account for the page, or a token for a program")
    users.add_argument("what", choices=["add", "token", "revoke"])
    users.add_argument("name", metavar="NAME")
    users.add_argument("--role", choices=["clerk", "reviewer", "admin"], default="reviewer")
    users.add_argument("--outputs", type=Path, default=Path("outputs"), metavar="DIR", help="what `run` has written")

    units = _command(
        commands, "units", handlers.units, "list the units that the registry does not know, or take one in"
    )
    units.add_argument("--outputs", type=Path, default=Path("outputs"), metavar="DIR", help="what `run` has written")
    _add_registry(units)
    units.add_argument("--adopt", metavar="NAME", help="take this name into the office's file")
    how = units.add_mutually_exclusive_group()
    how.add_argument("--as", dest="alias_of", default="", metavar="ID", help="as another name of a known unit")
    how.add_argument("--new", nargs="?", const="", metavar="ID", help="as a new unit; the id is made of the name")
    units.add_argument("--parent", default="", metavar="ID", help="the unit above a new one")
    units.add_argument("--name-language", choices=LANGUAGES, help="as in the register unless given")


def _add_measuring(commands: Commands) -> None:
    score = _command(commands, "score", handlers.score, "hold a register against gold registers")
    score.add_argument("register", type=Path)
    score.add_argument("gold", type=Path, nargs="+", help="JSON lines, one document a line")
    score.add_argument("--errors", type=int, default=0, metavar="N", help="list at most N mistakes")
    score.add_argument("--against", type=Path, metavar="REGISTER", help="show what was won and lost on another one")


def _command(commands: Commands, name: str, function: object, text: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    parser.set_defaults(command=function)
    parser.add_argument(
        "--lang-of-messages", dest="language", choices=LANGUAGES, default=_locale(), help="as the locale unless given"
    )
    return parser


def _add_taking(parser: argparse.ArgumentParser, overwrite: str) -> None:
    """Add what a command needs that shows what a file changes before it is taken."""
    parser.add_argument("--outputs", type=Path, default=Path("outputs"), metavar="DIR", help="what `run` has written")
    parser.add_argument("--apply", action="store_true", help="write the changes, not only show them")
    parser.add_argument("--as", dest="signer", metavar="NAME", help="the account that signs them")
    parser.add_argument("--overwrite", action="store_true", help=overwrite)


def _add_registry(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--registry", type=Path, metavar="FILE", help="the office's own file of units")


def _add_limits(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--file-seconds", type=_positive, metavar="N", help="a file may take; by its size unless given")
    parser.add_argument("--file-memory", type=_positive, metavar="MB", help="a file may take; 2048 unless given")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("a number from 1")
    return number


def _locale() -> Language:
    """Return the language of the user's locale, or English."""
    name = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return next((language for language in LANGUAGES if name.lower().startswith(language)), "en")


if __name__ == "__main__":
    sys.exit(main())
