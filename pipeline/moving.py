"""What `--move` does: files whose fate is known go to the folders done/ and failed/ of the inbox, none over another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pipeline.inbox import name_in
from pipeline.known import Known
from pipeline.looks import Sight

DONE, FAILED = "done", "failed"


def tidy(inbox: Path, sights: Mapping[Path, Sight], entries: Mapping[str, Known]) -> dict[Path, Sight]:
    """Move the files that were read to done/ and those that can't be to failed/, each under its sub-folders.

    Returns the sights by their new paths. What is moved stays in the inbox, so that a better chidao reads it anew.
    Raises OSError.
    """
    moved: dict[Path, Sight] = {}
    for path, sight in sights.items():
        entry = entries.get(sight.sha256)
        if entry and entry.is_settled:
            path = _moved(inbox, path, FAILED if entry.code else DONE)
        moved[path] = replace(sight, name=name_in(inbox, path))
    return moved


def _moved(inbox: Path, path: Path, folder: str) -> Path:
    """Move a file below a folder of the inbox, unless it lies there, and return where it is then."""
    top, *rest = path.relative_to(inbox).parts
    if top == folder and rest:
        return path
    below = Path(*rest) if rest and top in (DONE, FAILED) else Path(top, *rest)
    target = _free(inbox / folder / below)
    target.parent.mkdir(parents=True, exist_ok=True)
    path.rename(target)
    return target


def _free(path: Path) -> Path:
    """Return a path at which nothing lies: the path itself, or one with a number."""
    number, free = 1, path
    while free.exists() or free.is_symlink():
        number += 1
        free = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return free
