"""The office's file of units on disk."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from extractors.registry import find, starter
from models.errors import UsageError
from pipeline.unitfile import adopt_into, load_registry


def test_without_a_file_the_starter_is_used(tmp_path: Path) -> None:
    assert load_registry(tmp_path / "units.csv") is starter()
    assert load_registry() is starter()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_of_spreadsheets(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "units.csv"
    path.write_text("id\tname_vi\nben-cang\tPhòng Bến cảng\n", encoding=encoding)
    assert load_registry(path).units["ben-cang"].name_vi == "Phòng Bến cảng"


def test_other_encodings_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_bytes("id,name_ru\notdel,Отдел реки\n".encode("cp1251"))
    with pytest.raises(UsageError) as caught:
        load_registry(path)
    assert caught.value.code == "units-not-utf8"


def test_adopting_writes_what_is_read_next_time(tmp_path: Path) -> None:
    path = tmp_path / "own" / "units.csv"
    adopt_into(path, ["Phòng Bến cảng"], "vi")
    registry = adopt_into(path, ["Phòng BC"], "vi", alias_of="phong-ben-cang")
    assert path.read_bytes().startswith(codecs.BOM_UTF8)
    match = find(registry, "Phòng BC", "vi")
    assert match
    assert match.id == "phong-ben-cang"
    assert load_registry(path).units == registry.units


def test_a_refused_adoption_leaves_the_file(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    adopt_into(path, ["Phòng Bến cảng"], "vi")
    before = path.read_bytes()
    with pytest.raises(UsageError):
        adopt_into(path, ["Phòng Nghề cá"], "vi", parent="nobody")
    assert path.read_bytes() == before
