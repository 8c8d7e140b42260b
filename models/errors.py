"""One tree of errors: a code for machines, a sentence and a next step for the clerk, in the clerk's language.

The sentences stand in `messages.toml` beside this file: `[code]` with `vi`, `en` and `ru`, each a list of two strings:
what happened, and what to do next. Both may use the values of the error as `{name}`. Review reasons and warnings of
documents are codes of the same file.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path

from models.records import Language

_MESSAGES = Path(__file__).with_name("messages.toml")


class ChidaoError(Exception):
    """An error with a code; `message()` tells a person what happened and what to do."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values

    def message(self, language: Language = "en") -> str:
        return message(self.code, language, self.values)

    def __str__(self) -> str:
        return self.message()

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.code, self.values)


class ReadError(ChidaoError):
    """A file that can't be read: the batch goes on without it."""


class UsageError(ChidaoError):
    """A command that can't be carried out as given."""


class MissingProgramError(ReadError):
    """A system program that a format needs isn't installed; the message names its package."""


def _rebuild(kind: type[ChidaoError], code: str, values: Mapping[str, object]) -> ChidaoError:
    return kind(code, **values)


@functools.cache
def messages() -> Mapping[str, Mapping[str, tuple[str, str]]]:
    """Return code -> language -> (what happened, what to do next)."""
    data = tomllib.loads(_MESSAGES.read_text(encoding="utf-8"))
    return {code: {language: (pair[0], pair[1]) for language, pair in texts.items()} for code, texts in data.items()}


def message(code: str, language: Language, values: Mapping[str, object] | None = None) -> str:
    """Return the two sentences of a code as one text; an unknown code is returned as it is."""
    return " ".join(part for part in message_parts(code, language, values) if part)


def message_parts(code: str, language: Language, values: Mapping[str, object] | None = None) -> tuple[str, str]:
    """Return what happened and what to do next; an unknown code is returned as it is, with nothing to do."""
    texts = messages().get(code)
    if texts is None:
        return code, ""
    happened, next_step = texts[language]
    known = _Values(values or {})
    return happened.format_map(known), next_step.format_map(known)


class _Values(dict[str, object]):
    """Leaves a name that has no value visible instead of failing while an error is being told."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
