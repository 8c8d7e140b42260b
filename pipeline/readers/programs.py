"""The foreign programs that readers call: one wrapper for all, with a time limit and a remedy if one is missing."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from models.errors import MissingProgramError, ReadError


@dataclass(frozen=True, slots=True)
class Program:
    """A program by its name for people, the commands it may be installed as, and the package that brings it."""

    name: str
    commands: tuple[str, ...]
    package: str

    @property
    def install(self) -> str:
        return f"apt install {self.package}"


LIBREOFFICE = Program("LibreOffice", ("soffice", "libreoffice"), "libreoffice-writer libreoffice-calc")
TESSERACT = Program("Tesseract", ("tesseract",), "tesseract-ocr")
ANTIWORD = Program("antiword", ("antiword",), "antiword")


def find(program: Program) -> str | None:
    """Return the path of a program's command, or None where it isn't installed."""
    return next((path for path in map(shutil.which, program.commands) if path), None)


def missing(program: Program) -> MissingProgramError:
    """Return the error that names the package to install for a program."""
    return MissingProgramError(
        "program-missing", program=program.name, package=program.package, command=program.install
    )


def run(
    program: Program,
    arguments: Sequence[str],
    timeout: float,
    variables: Mapping[str, str] | None = None,
    data: bytes = b"",
    explain: Callable[[str], ReadError] = lambda complaint: ReadError("read-broken"),
) -> bytes:
    """Run a program to its end with data on its standard input and return its standard output.

    It and its children are ended after `timeout` seconds. Raises MissingProgramError if it isn't installed, ReadError
    ('read-too-slow') where it takes too long, and where it fails the error that `explain` makes of its complaint.
    """
    command = find(program)
    if command is None:
        raise missing(program)
    process = subprocess.Popen(
        [command, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **(variables or {})},
        start_new_session=True,
    )
    try:
        output, complaint = process.communicate(data, timeout=timeout)
    except subprocess.TimeoutExpired as error:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise ReadError("read-too-slow", program=program.name, seconds=int(timeout)) from error
    if process.returncode != 0:
        raise explain(complaint.decode("utf-8", "replace"))
    return output
