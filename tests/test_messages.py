"""Every message exists in the three languages, says the same in each, and none that the code uses is missing."""

from __future__ import annotations

import pickle
import re
from pathlib import Path
from string import Formatter

import pytest

from models.errors import ReadError, UsageError, message, message_parts, messages
from models.records import LANGUAGES, Language

ROOT = Path(__file__).parents[1]
# How the code names a code: by what it is about, or as a reason for review.
_CODE = re.compile(r"""["']((?:read|ocr|program|extract|deadline|reading|header)-[a-z][a-z-]*)["']""")
_REASON = re.compile(r"""reasons\w*(?:\.append\(|\s*\+?=\s*[(\[])["']([a-z]+-[a-z-]+)["']""")


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("code", messages())
def test_a_message_exists_in_every_language(code: str) -> None:
    texts = messages()[code]
    assert set(texts) == set(LANGUAGES)
    assert all(happened.strip() for happened, _ in texts.values())
    assert len({bool(next_step) for _, next_step in texts.values()}) == 1


@pytest.mark.parametrize("code", messages())
def test_a_message_names_the_same_values_in_every_language(code: str) -> None:
    values = {language: [_names(part) for part in parts] for language, parts in messages()[code].items()}
    together = {language: set.union(*names) for language, names in values.items()}
    assert together["vi"] == together["en"] == together["ru"]


def test_every_code_that_the_code_uses_has_a_message() -> None:
    files = [path for part in ("extractors", "pipeline") for path in (ROOT / part).rglob("*.py")]
    texts = {path.name: path.read_text(encoding="utf-8") for path in files}
    used = {(code, name) for name, text in texts.items() for code in (*_CODE.findall(text), *_REASON.findall(text))}
    assert {"read-empty", "lead-missing"} <= {code for code, _ in used}
    assert sorted((code, name) for code, name in used if code not in messages()) == []


def test_an_error_tells_what_happened_and_what_to_do() -> None:
    error = ReadError("read-empty", file="đơn.pdf")
    happened, next_step = message_parts("read-empty", "vi", error.values)
    assert happened == "Tệp đơn.pdf không có chữ nào đọc được."
    assert next_step.startswith("Hãy mở tệp để kiểm tra")
    assert error.message("vi") == f"{happened} {next_step}"
    assert str(error) == error.message("en")


def test_an_error_comes_out_of_a_worker_as_it_went_in() -> None:
    error = pickle.loads(pickle.dumps(UsageError("task-unknown", task="1", place="here")))
    assert (type(error), error.code, error.values) == (UsageError, "task-unknown", {"task": "1", "place": "here"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_value_and_an_unknown_code_are_no_second_error(language: Language) -> None:
    assert "{file}" in message("read-empty", language)
    assert message_parts("no-such-code", language) == ("no-such-code", "")
