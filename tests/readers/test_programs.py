"""Foreign programs that are not there, or fail: what doesn't need them works, and the message says what to install."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from models.errors import MissingProgramError, ReadError
from pipeline.readers import tesseract
from pipeline.readers.programs import ANTIWORD, LIBREOFFICE, TESSERACT, Program, find, run


@pytest.mark.parametrize("program", [TESSERACT, LIBREOFFICE, ANTIWORD], ids=lambda program: program.name)
def test_a_program_that_is_not_there_is_named_with_its_package(
    monkeypatch: pytest.MonkeyPatch, program: Program
) -> None:
    monkeypatch.setenv("PATH", "")
    assert find(program) is None
    with pytest.raises(MissingProgramError) as caught:
        run(program, [], 5)
    caught.value.values["file"] = "a.pdf"
    for language in ("vi", "en", "ru"):
        message = caught.value.message(language)
        assert program.name in message
        assert f"apt install {program.package}" in message


def test_a_language_that_is_not_there_is_named_with_its_package(tmp_path: Path) -> None:
    if find(TESSERACT) is None:
        pytest.skip("Tesseract is not installed")
    with pytest.raises(MissingProgramError) as caught:
        tesseract.read_words(Image.new("L", (60, 60), 255), "xyz", 300)
    assert "apt install tesseract-ocr-xyz" in caught.value.values.values()


def test_what_a_program_is_given_it_gets_and_its_complaint_is_explained() -> None:
    assert run(Program("cat", ("cat",), "coreutils"), [], 5, data=b"abc") == b"abc"
    shell = Program("sh", ("sh",), "dash")
    with pytest.raises(ReadError) as caught:
        run(shell, ["-c", "echo no >&2; exit 3"], 5, explain=lambda said: ReadError("ocr-failed", reason=said.strip()))
    assert caught.value.values["reason"] == "no"
