"""What is installed is what the code needs: every import is declared, every data file is packed, the lock is clean."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKED = ("models", "extractors", "pipeline")
OWN = {*PACKED, "corpus", "tests", "benchmarks"}


def _plain(name: str) -> str:
    """A distribution's name as all indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _declared(requirements: list[str]) -> set[str]:
    return {_plain(re.split(r"[\[<>=!~; ]", requirement)[0]) for requirement in requirements}


def _imports(folder: str) -> Iterator[tuple[str, str]]:
    """Top-level modules from outside that a folder imports, with the file."""
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for name in {name.split(".")[0] for name in names} - OWN - sys.stdlib_module_names:
                yield name, path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("folder", sorted(OWN))
def test_every_import_is_of_a_declared_package(folder: str) -> None:
    declared = _declared(PROJECT["project"]["dependencies"])
    if folder not in PACKED:
        declared |= _declared(PROJECT["project"]["optional-dependencies"]["dev"])
    owners = importlib.metadata.packages_distributions()
    unknown = {
        (name, file)
        for name, file in _imports(folder)
        if declared.isdisjoint(_plain(owner) for owner in owners.get(name, [name]))
    }
    assert sorted(unknown) == []


def test_every_data_file_is_packed() -> None:
    patterns: dict[str, list[str]] = PROJECT["tool"]["setuptools"]["package-data"]
    files = [path for part in PACKED for path in (ROOT / part).rglob("*.*") if "__pycache__" not in path.parts]
    data = [path.relative_to(ROOT) for path in files if path.is_file() and path.suffix != ".py"]
    assert data
    left_out = [path for path in data if not any(fnmatch(path.name, pattern) for pattern in patterns["*"])]
    assert left_out == []


def test_the_lock_pins_everything_declared_by_version_and_hash_and_names_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^([\w.-]+)(?:\[[^\]]*\])?==(\S+)(?: ;[^\n\\]*)? \\\n    --hash=sha256:[0-9a-f]{64}", lock, re.M)
    assert len(pins) == len(re.findall(r"^\w", lock, re.M))
    project = PROJECT["project"]
    declared = _declared([*project["dependencies"], *project["optional-dependencies"]["dev"]])
    assert declared <= {_plain(name) for name, _ in pins}
    assert "://" not in lock
    assert dict(pins)["prefect"] == "3.8.8"
