"""The register of the corpus: each directive once, as a clerk's inbox would hold it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.build import DOCUMENTS
from pipeline.extract import extract_file
from pipeline.register import rows

PLAIN_FIRST = (".txt", ".md", ".html", ".docx")  # PDFs take seconds to read, and say the same


@pytest.fixture(scope="session")
def corpus_rows() -> list[dict[str, str]]:
    by_stem: dict[str, Path] = {}
    for suffix in PLAIN_FIRST:
        for path in sorted(DOCUMENTS.glob(f"*{suffix}")):
            by_stem.setdefault(path.stem, path)
    found = [extraction for path in by_stem.values() for extraction in extract_file(path)]
    table = [dict(row) for extraction in found for row in rows(extraction)]
    assert len(table) > 100
    assert {row["language"] for row in table} == {"vi", "en", "ru"}
    return table


@pytest.fixture
def as_csv(tmp_path: Path) -> Callable[[Path], Path]:
    """Open a spreadsheet in LibreOffice and return its first sheet as CSV."""
    office = shutil.which("soffice")
    if not office:
        pytest.skip("LibreOffice is not installed")

    def convert(path: Path) -> Path:
        home, target = tmp_path / "office", tmp_path / "converted"
        command = [office, f"-env:UserInstallation={home.as_uri()}", "--headless"]
        # separator, quote, UTF-8, first line, no column formats, language, quote all text, no detection of types
        command += ["--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,true"]
        if path.suffix == ".csv":  # without its import dialog LibreOffice takes a CSV for Windows-1252
            command += ["--infilter=CSV:44,34,76,1,,0,false,false"]
        subprocess.run([*command, "--outdir", target, path], check=True, capture_output=True, timeout=120)
        return target / f"{path.stem}.csv"

    return convert
