"""Which characters a document's text may hold: NFC, plain blanks, nothing invisible."""

from __future__ import annotations

import re
import unicodedata

_LINE_BREAKS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\ufff9-\ufffc]"
)
_BLANKS = re.compile(r"[^\S\n]+")
_SPACED = re.compile(r"(?<!\S)(?:[^\W\d_] ){3,}[^\W\d_](?![^\W_])")
# Word keeps the signs of its symbol fonts in this private area; a dash and bullets are all that text needs of them.
_SYMBOLS = {0xF02D: "-", 0xF0BE: "-", 0xF02B: "+", 0xF0B7: "•", 0xF0A7: "•", 0xF0A8: "•", 0xF0D8: "•", 0xF076: "•"}
_LEAST_SMALL = 11  # characters of a word of six small letters: fewer may be one-letter words in a row
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_HYPHENS = {0x2010: "-", 0x2011: "-"}
_CLOSED = re.compile(r"[.;:!?…\]”»\"]$")
_MARKER = re.compile(r"(?:[-–—•+*·▪]|\(?(?:\d{1,3}(?:\.\d{1,3})*|[IVXLCivxlc]{1,6}|[^\W\d_])[.)])(?:\s|$)")


def clean(text: str) -> str:
    """Return the text in NFC, with single blanks, no invisible characters and no blank lines or line ends."""
    text = _LINE_BREAKS.sub("\n", text).translate(_SYMBOLS).translate(_HYPHENS)
    text = _PRIVATE.sub("", _INVISIBLE.sub("", text))
    text = _join_spaced(text)
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return unicodedata.normalize("NFC", "\n".join(line for line in lines if line))


def _join_spaced(text: str) -> str:
    """Return the text with letters set apart for emphasis ('О Р Д Е Р') as words; two blanks part two words."""
    return _SPACED.sub(lambda match: match[0].replace(" ", "") if _is_set_apart(match[0]) else match[0], text)


def _is_set_apart(letters: str) -> bool:
    return letters.isupper() or (letters.islower() and len(letters) >= _LEAST_SMALL)


def begins_point(line: str) -> bool:
    """Tell whether a line begins with a bullet, a number or a letter of a point."""
    return bool(_MARKER.match(line))


def continues(line: str, following: str) -> bool:
    """Tell whether a line break stands in the midst of a sentence: nothing closes it, a small letter follows."""
    line, following = line.strip(), following.strip()
    if not line or not following or _CLOSED.search(line) or begins_point(following):
        return False
    return following[0].islower()


def soften(text: str) -> str:
    """Return the text with line breaks in the midst of a sentence as blanks."""
    lines: list[str] = []
    for line in text.split("\n"):
        if lines and continues(lines[-1], line):
            lines[-1] = f"{lines[-1].rstrip()} {line.lstrip()}"
        else:
            lines.append(line)
    return "\n".join(lines)
