"""The one place that runs Tesseract: an image in, words with boxes and confidences out."""

from __future__ import annotations

import html
import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from models.errors import MissingProgramError, ReadError
from models.records import Language
from pipeline.readers.programs import TESSERACT, missing, run

if TYPE_CHECKING:
    from PIL.Image import Image

MODELS: dict[Language, str] = {"vi": "vie", "en": "eng", "ru": "rus"}
_TIMEOUT = 180  # seconds a page may take before it counts as unreadable
_SPAN = re.compile(
    r"<span class='(?:(?P<word>ocrx_word)|ocr_\w+)'[^>]*? title=[\"']bbox "
    r"(?P<left>\d+) (?P<top>\d+) (?P<right>\d+) (?P<bottom>\d+)"
    r"(?:; baseline (?P<slope>[-\d.]+) (?P<offset>[-\d.]+))?"
    r"(?:; x_size (?P<size>[\d.]+); x_descenders (?P<down>[-\d.]+); x_ascenders (?P<up>[-\d.]+))?[^>]*?"
    r"(?:; x_wconf (?P<sure>\d+))?[\"'][^>]*>(?(word)(?P<text>.*?)</span>)",
    re.DOTALL,
)
_TALL = 0.57  # share of a line's height that no small letters have: they have a half
_MISTAKEN = 1.22  # times its height is a line thought to be whose capitals were taken for small letters
_TAG = re.compile(r"<[^>]+>")
_TURN = re.compile(r"^Rotate: (\d+)", re.MULTILINE)
_SURENESS = re.compile(r"^Orientation confidence: ([\d.]+)", re.MULTILINE)


class Recognised(NamedTuple):
    """A word as Tesseract reads it: its box in pixels, how sure it is (0 to 1), and of its line the number, the
    baseline and the height from the lowest tail to the highest tip, in pixels."""

    text: str
    left: int
    top: int
    width: int
    height: int
    confidence: float
    line: int
    baseline: float
    line_height: float


class Orientation(NamedTuple):
    """The clockwise turn that brings a page upright and how sure Tesseract is of it."""

    turn: int
    sureness: float


def read_words(image: Image, languages: str, dpi: int, layout: int = 3) -> list[Recognised]:
    """Return the words of an image. `languages` are models joined by '+', `layout` a page segmentation mode."""
    output = _run(image, "-l", languages, "--psm", str(layout), "--dpi", str(dpi), "hocr")
    words: list[Recognised] = []
    line, baseline, height = 0, 0.0, 0.0
    for span in _SPAN.finditer(output):
        left, top, right, bottom = (int(span[name]) for name in ("left", "top", "right", "bottom"))
        if not span["word"]:
            slope, offset = float(span["slope"] or 0), float(span["offset"] or 0)
            line, height = line + 1, _height(span) or bottom - top
            baseline = bottom + offset + slope * (right - left) / 2
        elif text := html.unescape(_TAG.sub("", span["text"])).strip():
            sure = float(span["sure"]) / 100
            words.append(Recognised(text, left, top, right - left, bottom - top, sure, line, baseline, height))
    return words


def _height(span: re.Match[str]) -> float:
    """Return the height of a line, 0 if it isn't told; where Tesseract took capitals for small letters, it is less."""
    if not span["size"]:
        return 0.0
    height, small = float(span["size"]), float(span["size"]) - float(span["down"]) - float(span["up"])
    return height / _MISTAKEN if small > _TALL * height else height


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


def _run(image: Image, *arguments: str) -> str:
    """Run Tesseract on an image, on one core. Raises MissingProgramError or ReadError."""
    picture = io.BytesIO()
    image.save(picture, "PPM")
    variables = {"OMP_THREAD_LIMIT": "1"}
    output = run(TESSERACT, ["-", "-", *arguments], _TIMEOUT, variables, picture.getvalue(), _failure)
    return output.decode("utf-8", "replace")


def _failure(complaint: str) -> ReadError:
    """Return the error for what Tesseract complains of: a model that is not installed, or anything else."""
    model = re.search(r"Error opening data file \S*?(\w+)\.traineddata", complaint)
    if model:
        return missing(replace(TESSERACT, name=f"Tesseract ({model[1]})", package=f"tesseract-ocr-{model[1]}"))
    return ReadError("ocr-failed", reason=complaint.strip().splitlines()[-1] if complaint.strip() else "?")
