"""What encoding the bytes of a text are in, by what they would say in each."""

from __future__ import annotations

import codecs
import re
import unicodedata

from extractors.lexicon import load
from models.errors import ReadError
from models.records import Language
from pipeline.readers.vietnamese import ENCODINGS, decode_legacy, is_vietnamese

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BLOCKS = frozenset((0x00, 0x01, 0x03, 0x04, 0x1E, 0x20))  # Latin, Cyrillic, Vietnamese, punctuation
_MOSTLY = 0.95
_FEW = 0.002  # share of broken sequences up to which a text is damaged UTF-8 and not another encoding
_WORD = re.compile(r"[^\W\d_]{2,}")
_SAMPLE = 200_000


def decode(data: bytes, declared: str = "") -> tuple[str, str]:
    """Return the text of the bytes and the encoding's name; a declared encoding is taken if the bytes allow it.

    Raises ReadError where the bytes are no text.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, errors="replace"), name.removesuffix("-sig")
    name = _wide(data)
    if name:
        return data.decode(name, errors="replace"), name
    if b"\x00" in data[:4096]:
        raise ReadError("read-unknown-format")
    return _utf8(data) or _as_declared(data, declared) or _single_byte(data)


def _wide(data: bytes) -> str:
    """Return the name of UTF-16 without a mark: every other byte is then the number of one of a few blocks."""
    sample = data[: min(len(data), 4000) // 2 * 2]
    if len(sample) < 8 or 0 not in sample:
        return ""
    shares = [sum(byte in _BLOCKS for byte in sample[parity::2]) / (len(sample) // 2) for parity in (0, 1)]
    if max(shares) < _MOSTLY or min(shares) > _MOSTLY:
        return ""
    return "utf-16-le" if shares[1] > shares[0] else "utf-16-be"


def _utf8(data: bytes) -> tuple[str, str] | None:
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd") - data.count("\ufffd".encode())
    foreign = sum(letter > "\x7f" for letter in text)
    return (text, "utf-8") if broken <= max(_FEW * foreign, 0) or broken < 3 < foreign / 30 else None


def _as_declared(data: bytes, declared: str) -> tuple[str, str] | None:
    """Take an encoding that the file names; Western ones are named by default and prove nothing."""
    try:
        name = codecs.lookup(declared).name if declared else ""
        return (data.decode(name), name) if name and name not in ("cp1252", "iso8859-1", "ascii") else None
    except (LookupError, UnicodeDecodeError):
        return None


def _single_byte(data: bytes) -> tuple[str, str]:
    """Return the reading with most evidence: Cyrillic by its common letters, Vietnamese by its syllables."""
    sample = data[:_SAMPLE]
    scored = [(_cyrillic(sample.decode(name, errors="replace")), name) for name in _names("ru")]
    share, name = max(scored)
    if share > 0.5:
        return data.decode(name, errors="replace"), name
    for name in _names("vi"):
        text = unicodedata.normalize("NFC", data.decode(name, errors="replace"))
        if is_vietnamese(text):
            return text, name
    text = data.decode("latin-1") if _has_old_letters(sample) else data.decode("cp1252", errors="replace")
    return text, "windows-1252"


def _names(language: Language) -> tuple[str, ...]:
    return load(language, "encodings").words["single_byte"]


def _cyrillic(text: str) -> float:
    """Return the share of the commonest Russian letters among all letters, if words are cased as words are."""
    words: list[str] = [word for word in _WORD.findall(text) if not word.isascii()]
    if not words:
        return 0.0
    cased = sum(word.islower() or word.istitle() or word.isupper() for word in words) / len(words)
    letters = "".join(words).lower()
    return (
        cased * sum(letters.count(letter) for letter in load("ru", "encodings").words["common_letters"]) / len(letters)
    )


def _has_old_letters(sample: bytes) -> bool:
    return decode_legacy(sample.decode("latin-1"))[1] in (*ENCODINGS, "+".join(ENCODINGS))
