"""Guessing passwords: a few slips cost nothing, many cost ever more time, and nobody shuts a colleague out."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from models.records import LANGUAGES
from pipeline.review.app import create_app
from pipeline.review.desk import Desk
from pipeline.review.throttle import BY_ADDRESS, BY_NAME, Tries, forgive, seconds_to_wait
from tests.review.made import PASSWORD


def _fail(tries: Tries, count: int, name: str = "An", moment: float = 0.0) -> list[int]:
    """Fail so many times, waiting as long as one must, and return the waits."""
    waits = []
    for _ in range(count):
        waits.append(seconds_to_wait(tries, name, "10.0.0.1", moment))
        moment += waits[-1]
        assert not waits[-1] or seconds_to_wait(tries, name, "10.0.0.1", moment) == 0
    return waits


def test_waits_begin_after_some_slips_and_double_up_to_an_end() -> None:
    waits = [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]
    assert _fail(Tries(), BY_NAME.free + 12) == [0] * BY_NAME.free + waits


def test_a_try_that_has_to_wait_makes_the_wait_no_longer() -> None:
    tries = Tries()
    moment = sum(_fail(tries, BY_NAME.free + 3))
    assert [seconds_to_wait(tries, "An", "10.0.0.1", moment + second) for second in range(9)] == [
        *range(8, 0, -1),
        0,
    ]


def test_a_colleague_at_another_machine_is_not_kept_out() -> None:
    tries = Tries()
    moment = sum(_fail(tries, BY_NAME.free + 8))
    assert seconds_to_wait(tries, "An", "10.0.0.1", moment) > 60
    assert seconds_to_wait(tries, "An", "10.0.0.2", moment) == 0
    assert seconds_to_wait(tries, "Bình", "10.0.0.1", moment) == 0


def test_one_password_on_many_names_waits_too_but_not_long() -> None:
    tries = Tries()
    for number in range(BY_ADDRESS.free):
        assert seconds_to_wait(tries, f"name {number}", "10.0.0.1", 0.0) == 0
    assert seconds_to_wait(tries, "another", "10.0.0.1", 0.0) == 1
    moment = 0.0
    for number in range(20):
        moment += _fail(tries, 1, f"more {number}", moment)[0]
    assert seconds_to_wait(tries, "another", "10.0.0.1", moment) == BY_ADDRESS.longest


def test_who_knows_the_password_starts_anew_and_takes_nothing_off_others() -> None:
    tries = Tries()
    _fail(tries, BY_NAME.free)
    for number in range(BY_ADDRESS.free - BY_NAME.free):
        _fail(tries, 1, f"name {number}")
    moment = 2.0
    assert seconds_to_wait(tries, "An", "10.0.0.1", moment) == 0
    forgive(tries, "An", "10.0.0.1")
    assert tries.counted["", "10.0.0.1"][0] == BY_ADDRESS.free
    assert ("=An", "10.0.0.1") not in tries.counted


def test_what_is_long_ago_is_forgotten() -> None:
    tries = Tries()
    moment = sum(_fail(tries, BY_NAME.free + 8))
    assert seconds_to_wait(tries, "An", "10.0.0.1", moment + 3600) == 0
    assert tries.counted["=An", "10.0.0.1"][0] == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_door_tells_how_long_to_wait_and_then_lets_in(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    moment = [1000.0]
    monkeypatch.setattr("pipeline.review.accounts.time.monotonic", lambda: moment[0])
    client = TestClient(create_app(desk), follow_redirects=False, cookies={"chidao_language": language})
    nonce = client.get("/sign-in").text.split('name="nonce" value="')[1].split('"')[0]
    form = {"name": "Reviewer", "password": "guess", "nonce": nonce}
    assert [client.post("/sign-in", data=form).status_code for _ in range(6)] == [403] * 5 + [429]
    form["password"] = PASSWORD
    answer = client.post("/sign-in", data=form)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
    assert " 1 " in answer.text.split('role="alert">')[1].split("</p>")[0]
    moment[0] += 1
    assert client.post("/sign-in", data=form).status_code == 303
