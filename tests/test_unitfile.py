"""The office's file of units on disk."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from extractors.linking import with_units
from extractors.registry import find, starter
from models.errors import UsageError
from pipeline import cli
from pipeline.extract import extract_file
from pipeline.unitfile import adopt_into, language_of, load_registry, office_file, registry_of

DIRECTIVE = "HARBOUR AUTHORITY\n\nThe Harbour Office shall submit a report by 5 May 2027.\n"


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


def test_a_changed_file_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    adopt_into(path, ["Harbour Office"], "en")
    first = registry_of(path)
    assert registry_of(path) is first
    adopt_into(path, ["Fleet Office"], "en")
    assert "fleet-office" in registry_of(path).units


def test_the_office_file_is_the_one_given_or_the_one_beside_the_register(tmp_path: Path) -> None:
    assert office_file(None, tmp_path) is None
    adopt_into(tmp_path / "units.csv", ["Harbour Office"], "en")
    adopt_into(tmp_path / "own.csv", ["Harbour Office"], "en")
    assert office_file(None, tmp_path) == tmp_path / "units.csv"
    assert office_file(tmp_path / "own.csv", tmp_path) == tmp_path / "own.csv"
    with pytest.raises(UsageError) as caught:
        office_file(tmp_path / "absent.csv", tmp_path)
    assert caught.value.code == "units-missing"


def test_units_are_matched_with_the_office_file(tmp_path: Path) -> None:
    directive = tmp_path / "directive.txt"
    directive.write_text(DIRECTIVE, encoding="utf-8")
    units = tmp_path / "units.csv"
    (before,) = extract_file(directive)
    registry = adopt_into(units, ["Harbour Office"], "en", unit_id="own.harbour")
    (after,) = extract_file(directive, units)
    assert [unit.id for task in before.tasks for unit in task.leads] == [""]
    assert [unit.id for task in after.tasks for unit in task.leads] == ["own.harbour"]
    assert with_units(before, registry) == after
    assert with_units(after, starter()) == before


def test_the_language_of_a_name_is_that_of_the_documents_that_name_it() -> None:
    rows = [
        {"lead_unit": "Harbour Office; Fleet", "coordinating_units": "", "language": "en"},
        {"lead_unit": "", "coordinating_units": "Fleet", "language": "ru"},
        {"lead_unit": "fleet", "coordinating_units": "", "language": "ru"},
    ]
    assert language_of("Harbour Office", rows) == "en"
    assert language_of("Fleet", rows) == "ru"
    assert language_of("Depot", rows) is None


def test_the_command_takes_names_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, outputs = str(tmp_path / "units.csv"), ["--outputs", str(tmp_path)]
    command = ["units", *outputs, "--registry", file, "--name-language", "en", "--adopt"]
    assert cli.main([*command, "Harbour Office"]) == cli.USAGE
    assert cli.main([*command, "Harbour Office", "--new", "harbour"]) == cli.ALL_READ
    assert cli.main([*command, "Port Office", "--as", "harbour"]) == cli.ALL_READ
    assert cli.main([*command, "Fleet", "--new"]) == cli.ALL_READ
    assert "fleet" in capsys.readouterr().out
    units = load_registry(Path(file)).units
    assert units["harbour"].aliases == ("Port Office",)
    assert units["fleet"].name_en == "Fleet"
    assert cli.main(["units", *outputs, "--adopt", "Depot", "--new"]) == cli.USAGE
    assert "--name-language" in capsys.readouterr().err
