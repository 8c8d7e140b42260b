"""The files of one task run: a single one where there are few, several small ones of a back-file.

Prefect's record of a task run costs some 30 ms of computing, as much as reading a short document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from models.errors import ChidaoError
from pipeline.inbox import Dropped
from pipeline.limits import size_of

Outcome = tuple[Dropped, dict[str, Any], ChidaoError | None]

MOST_FILES, MOST_BYTES = 8, 400_000  # of a bundle, unless a single file is larger
_PASSING = frozenset({"read-unreadable", "read-crashed"})  # another try may help


@dataclass(frozen=True, slots=True)
class Bundle:
    """Files that are read one after another, and what became of each so far, by content."""

    files: tuple[Dropped, ...]
    outcomes: dict[str, Outcome] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The first file's name, and how many more there are."""
        more = f" and {len(self.files) - 1} more" if len(self.files) > 1 else ""
        return f"{self.files[0].name}{more}"


def bundled(files: Sequence[Dropped], shares: int) -> Iterator[Bundle]:
    """Yield all files in order, in at least `shares` bundles where there are so many files: all who read have some."""
    most = max(1, min(MOST_FILES, len(files) // shares))
    bundle, size = list[Dropped](), 0
    for file in files:
        own = size_of(file.path)
        if bundle and (len(bundle) == most or size + own > MOST_BYTES):
            yield Bundle(tuple(bundle))
            bundle, size = [], 0
        bundle.append(file)
        size += own
    if bundle:
        yield Bundle(tuple(bundle))


def read_bundle(bundle: Bundle, read: Callable[[Dropped], dict[str, Any]]) -> None:
    """Read those files of a bundle of which nothing is known for good yet; `read` returns the line of one.

    A bad file stops no other. Raises the first error in the end, one that may pass before others, so that all of it is
    tried again; and at once what is no ChidaoError.
    """
    for file in bundle.files:
        _, _, error = bundle.outcomes.get(file.sha256, (file, {}, None))
        if file.sha256 not in bundle.outcomes or may_pass(error):
            bundle.outcomes[file.sha256] = _outcome(file, read)
    errors = [error for _, _, error in bundle.outcomes.values() if error]
    if errors:
        raise next(filter(may_pass, errors), errors[0])


def _outcome(file: Dropped, read: Callable[[Dropped], dict[str, Any]]) -> Outcome:
    try:
        return file, read(file), None
    except ChidaoError as error:
        error.values = {"file": file.name, **error.values}
        return file, {"file": file.name}, error


def may_pass(error: object) -> bool:
    """Say whether another try may help: the disk or share was busy, memory was short, a worker was killed."""
    return isinstance(error, (OSError, MemoryError)) or (isinstance(error, ChidaoError) and error.code in _PASSING)
