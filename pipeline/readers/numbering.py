"""Numbers as papers write them: 3 as c, III, в or 3."""

from __future__ import annotations

from collections.abc import Callable, Mapping

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_RUSSIAN = "абвгдежзиклмнопрстуфхцчшщэюя"  # the letters that Russian lists use


def numeral(number: int, kind: str) -> str:
    """Return a number in a format named as Word names it; an unknown one counts in digits."""
    return _KINDS.get(kind, str)(number)


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    result = ""
    for value, letters in _ROMAN:
        result += letters * (number // value)
        number %= value
    return result


def _letters(alphabet: str) -> Callable[[int], str]:
    """Count as Word does: a to z, then aa to zz."""

    def write(number: int) -> str:
        return (
            alphabet[(number - 1) % len(alphabet)] * ((number - 1) // len(alphabet) + 1) if number > 0 else str(number)
        )

    return write


_KINDS: Mapping[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02d}",
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerLetter": _letters(_LATIN),
    "upperLetter": lambda number: _letters(_LATIN)(number).upper(),
    "russianLower": _letters(_RUSSIAN),
    "russianUpper": lambda number: _letters(_RUSSIAN)(number).upper(),
    "ordinal": lambda number: f"{number}.",
    "none": lambda number: "",
}
