"""A small torture run; `python -m benchmarks.torture` is the large one, with the service."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks.torture import Inbox, mistakes, planned, tortured_runs
from pipeline.register import read_register


@pytest.mark.prefect
@pytest.mark.slow
def test_kill_9_at_random_moments_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    chance = random.Random(11)
    inbox, outputs = planned(tmp_path / "inbox", 60, chance), tmp_path / "outputs"
    with (tmp_path / "log").open("wb") as log:
        killed = tortured_runs(inbox, outputs, 2, chance, log)
    assert mistakes(inbox, outputs) == []
    assert killed >= 1
    assert (len(inbox.good), len(inbox.bad), len(inbox.contents)) == (36, 12, 60)
    _the_check_sees_what_is_wrong(inbox, outputs)


def _the_check_sees_what_is_wrong(inbox: Inbox, outputs: Path) -> None:
    victim = next(iter(inbox.contents))
    victim.write_bytes(b"changed")
    assert [each.split(":")[0] for each in mistakes(inbox, outputs)] == ["changed"]
    victim.write_bytes(inbox.contents[victim])
    whole = (outputs / "register.csv").read_bytes()
    head, *lines = whole.split(b"\r\n")
    (outputs / "register.csv").write_bytes(b"\r\n".join([head, *lines[1:]]))
    assert len(read_register(outputs / "register.csv")) == len(inbox.good) - 1
    assert len(mistakes(inbox, outputs)) == 1
