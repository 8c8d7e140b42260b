"""The one place that runs Tesseract: an image in, words with boxes and confidences out."""

from __future__ import annotations

import functools
import io
import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, NamedTuple

from models.errors import MissingProgramError, ReadError
from models.records import Language

if TYPE_CHECKING:
    from PIL.Image import Image

MODELS: dict[Language, str] = {"vi": "vie", "en": "eng", "ru": "rus"}
_TIMEOUT = 180  # seconds a page may take before it counts as unreadable
_WORD_LEVEL = "5"
_TURN = re.compile(r"^Rotate: (\d+)", re.MULTILINE)
_SURENESS = re.compile(r"^Orientation confidence: ([\d.]+)", re.MULTILINE)


class Recognised(NamedTuple):
    """A word as Tesseract reads it: its box in pixels, how sure it is (0 to 1), the line it counts it to."""

    text: str
    left: int
    top: int
    width: int
    height: int
    confidence: float
    line: tuple[int, int, int]


class Orientation(NamedTuple):
    """The clockwise turn that brings a page upright and how sure Tesseract is of it."""

    turn: int
    sureness: float


def read_words(image: Image, languages: str, dpi: int, layout: int = 3) -> list[Recognised]:
    """Return the words of an image. `languages` are models joined by '+', `layout` a page segmentation mode."""
    output = _run(image, "-l", languages, "--psm", str(layout), "--dpi", str(dpi), "tsv")
    return [word for line in output.splitlines()[1:] if (word := _word(line.split("\t")))]


def orientation(image: Image, dpi: int) -> Orientation | None:
    """Return how a page is turned; None where too little is written on it."""
    try:
        output = _run(image, "--psm", "0", "--dpi", str(dpi))
    except ReadError as error:
        if isinstance(error, MissingProgramError):
            raise
        return None
    turn, sureness = _TURN.search(output), _SURENESS.search(output)
    return Orientation(int(turn[1]), float(sureness[1])) if turn and sureness else None


def _word(fields: list[str]) -> Recognised | None:
    if len(fields) < 12 or fields[0] != _WORD_LEVEL or not fields[11].strip():
        return None
    left, top, width, height = (int(field) for field in fields[6:10])
    line = (int(fields[2]), int(fields[3]), int(fields[4]))
    return Recognised(fields[11].strip(), left, top, width, height, max(0.0, float(fields[10])) / 100, line)


def _run(image: Image, *arguments: str) -> str:
    """Run Tesseract on an image. Raises MissingProgramError or ReadError ('ocr-failed')."""
    picture = io.BytesIO()
    image.save(picture, "PPM")
    command = [_program(), "-", "-", *arguments]
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    try:
        done = subprocess.run(
            command, input=picture.getvalue(), capture_output=True, env=environment, timeout=_TIMEOUT, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ReadError("ocr-failed", reason=type(error).__name__) from error
    if done.returncode:
        raise _failure(done.stderr.decode("utf-8", "replace"))
    return done.stdout.decode("utf-8", "replace")


def _failure(complaint: str) -> ReadError:
    """Return the error for what Tesseract complains of: a model that is not installed, or anything else."""
    missing = re.search(r"Error opening data file \S*?(\w+)\.traineddata", complaint)
    if missing:
        return missing_program(missing[1])
    return ReadError("ocr-failed", reason=complaint.strip().splitlines()[-1] if complaint.strip() else "?")


def missing_program(model: str = "") -> MissingProgramError:
    """Return the error that names the package to install for Tesseract or one of its languages."""
    package = f"tesseract-ocr-{model}" if model else "tesseract-ocr"
    return MissingProgramError(
        "program-missing", program=f"Tesseract ({model})" if model else "Tesseract", package=package,
        command=f"apt install {package}",
    )  # fmt: skip


@functools.cache
def _program() -> str:
    found = shutil.which("tesseract")
    if found is None:
        raise missing_program()
    return found
