"""Old Word and Excel files by way of LibreOffice and antiword, and what is said where they are missing."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from models.errors import MissingProgramError, ReadError
from pipeline.readers import doc, programs, read_bytes, read_file
from pipeline.readers.builder import Reading
from pipeline.readers.pieces import Paragraph, table_of
from tests.readers.made import p, rows, table, tables, texts, word
from tests.readers.test_xlsx import saved, task_list

GOLD = Path("../shared/gold/documents")
needs_office = pytest.mark.skipif(programs.find(programs.LIBREOFFICE) is None, reason="LibreOffice is not installed")
ANNEX = [
    ["TT", "Nhiệm vụ", "Chủ trì", "Thời hạn"],
    ["1", "Rà soát quy chế", "Vụ A", "Quý I"],
    ["2", "Tổng kết", "Vụ B", "12/2026"],
]


def converted(data: bytes, source: str, target: str, folder: Path) -> bytes:
    path = folder / f"made.{source}"
    path.write_bytes(data)
    command = programs.find(programs.LIBREOFFICE)
    assert command is not None
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [command, profile, "--headless", "--convert-to", target, "--outdir", str(folder), str(path)], check=True
    )
    return path.with_suffix(f".{target}").read_bytes()


@needs_office
@pytest.mark.parametrize("target", ["doc", "rtf", "odt"])
def test_the_same_annex_gives_the_same_rows_from_old_files(target: str, tmp_path: Path) -> None:
    data = converted(word(p("Điều 1. Ban hành danh mục") + table(ANNEX) + p("Hết")), "docx", target, tmp_path)
    document = read_bytes(f"annex.{target}", data)[0]
    assert rows(document, tables(document)[0]) == ANNEX
    assert texts(document)[0] == "Điều 1. Ban hành danh mục"


@needs_office
def test_old_excel_files_are_read_as_new_ones(tmp_path: Path) -> None:
    data = saved(task_list())
    old = read_bytes("list.xls", converted(data, "xlsx", "xls", tmp_path))[0]
    assert old.text == read_bytes("list.xlsx", data)[0].text


@pytest.mark.skipif(programs.find(programs.ANTIWORD) is None, reason="antiword is not installed")
@needs_office
def test_a_table_that_libreoffice_loses_is_kept(tmp_path: Path) -> None:
    """LibreOffice writes this table, that has no grid of columns, and does not find it again in its own file."""
    data = converted(word(p("Kế hoạch công tác năm 2026 của Sở") + table(ANNEX)), "docx", "doc", tmp_path)
    by_antiword = doc._by_antiword(data)
    assert by_antiword is not None
    assert doc._size(by_antiword)[0] == doc._size(doc._better(data))[0] == 12


def test_the_reading_that_keeps_the_table_is_taken() -> None:
    lines = [Paragraph(" ".join(row)) for row in ANNEX]
    flat = Reading(tuple(lines), "application/msword")
    full = Reading((table_of(ANNEX),), "application/msword")
    short = Reading((table_of(ANNEX[:2]),), "application/msword")
    assert doc._loses(flat, full)
    assert doc._loses(short, full)
    assert not doc._loses(full, flat)


def test_a_missing_program_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda command: None)
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "WordDocument\0".encode("utf-16-le") + bytes(500)
    with pytest.raises(MissingProgramError) as caught:
        read_bytes("cũ.doc", data)
    assert caught.value.code == "program-missing"
    assert {"LibreOffice", "cũ.doc"} <= set(caught.value.values.values())
    for language in ("vi", "en", "ru"):
        assert "libreoffice-writer" in caught.value.message(language)


def test_a_program_that_takes_too_long_is_ended() -> None:
    with pytest.raises(ReadError) as caught:
        programs.run(programs.Program("sleep", ("sleep",), "coreutils"), ["20"], timeout=0.2)
    assert caught.value.code == "read-too-slow"


@pytest.mark.skipif(not GOLD.exists(), reason="the gold set is not beside the checkout")
@needs_office
@pytest.mark.parametrize("path", sorted(GOLD.glob("*.doc")), ids=lambda path: path.stem)
def test_real_old_files_are_in_unicode(path: Path) -> None:
    document = read_file(path)[0]
    assert not any("\u00a1" <= letter <= "\u00bf" for letter in document.text if letter not in "«»°·º²³½±§")
