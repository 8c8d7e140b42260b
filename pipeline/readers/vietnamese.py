"""Vietnamese letters: TCVN3 and VNI bytes to Unicode by what makes syllables, and words torn by spans mended."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping

from extractors.lexicon import load

ENCODINGS = ("tcvn3", "vni")
_TOKEN = re.compile("(?:[^\\W\\d_]|[\u00a1-\u00ff])+")
_LEGACY = re.compile("[\u00a1-\u00ff]")
_BEYOND = re.compile("[\u0100-\u024f\u0300-\u036f\u1e00-\u1eff\u0400-\u04ff]")
_TONES = {"\u0301": "sac", "\u0300": "huyen", "\u0309": "hoi", "\u0303": "nga", "\u0323": "nang"}
_STOPPED = re.compile(r"(?:c|ch|p|t)$")
_LOOK_ALIKES = {0x00D0: "Đ", 0x0189: "Đ", 0x00F0: "đ", 0x0256: "đ"}
_ENOUGH = 3  # syllables that only one encoding explains, before it is believed to be in use
_SHARE = 0.7


def decode_legacy(text: str) -> tuple[str, str]:
    """Return the text with TCVN3 and VNI letters as Unicode in NFC, and what was found: '', 'tcvn3', 'vni' or both.

    Every line is judged by itself, words written in Unicode are kept; the number of lines stays.
    """
    if not _LEGACY.search(text):
        return unicodedata.normalize("NFC", text), ""
    lines = text.split("\n")
    votes = [_vote(line) for line in lines]
    weights = Counter[str]()
    for encoding, weight in votes:
        weights[encoding] += weight
    used = [encoding for encoding in ENCODINGS if weights[encoding] >= _ENOUGH]
    if not used:
        return unicodedata.normalize("NFC", text), ""
    ranking = sorted([*used, ""], key=lambda name: -weights[name])
    decoded = (_decode_line(line, vote, ranking) for line, (vote, _) in zip(lines, votes, strict=True))
    return unicodedata.normalize("NFC", "\n".join(decoded)), "+".join(used)


def _vote(line: str) -> tuple[str, int]:
    """Return the encoding a line is surely in ('' for Unicode) and by how many syllables."""
    tokens = [token for token in _evidence(line) if _LEGACY.search(token) or _BEYOND.search(token)]
    old = [token for token in tokens if not _BEYOND.search(token)]
    plain = sum(is_syllable(token) for token in tokens)
    best, most = "", plain
    for encoding in ENCODINGS:
        valid = sum(is_syllable(_decode_token(token, encoding)) for token in old)
        if valid > most and valid >= _SHARE * len(old):
            best, most = encoding, valid
    return best, most


def _evidence(line: str) -> list[str]:
    """Return the words that can tell an encoding: more than a sign alone, for bars look like TCVN3."""
    return [token for token in _TOKEN.findall(line) if len(token) > 1 and re.search("[A-Za-z]", token)]


def _decode_line(line: str, vote: str, ranking: list[str]) -> str:
    encoding = vote if vote in ranking and vote else _best(line, ranking)
    if not encoding:
        return line
    shouted = _shouted(line)
    return _TOKEN.sub(lambda match: _decode_word(match[0], encoding, shouted), line)


def _best(line: str, ranking: list[str]) -> str:
    """Return the encoding that explains most syllables of a line; the commoner one of the text where two do."""
    tokens = [token for token in _evidence(line) if _LEGACY.search(token) and not _BEYOND.search(token)]
    scores = {name: sum(is_syllable(_decode_token(token, name)) for token in tokens) for name in ranking}
    return max(ranking, key=lambda name: scores[name])


def _decode_word(token: str, encoding: str, shouted: bool) -> str:
    if _BEYOND.search(token):
        return token
    word = _decode_token(token, encoding)
    capitals = sum("A" <= letter <= "Z" for letter in token)
    if encoding == "tcvn3" and not re.search("[a-z]", token) and (capitals > 1 or (capitals and shouted)):
        return word.upper()  # TCVN3 has no toned capitals of its own: its capital fonts draw them over small ones
    return word


def _shouted(line: str) -> bool:
    """Tell whether a line is set in capitals: a word with old letters is, and none has small letters."""
    words = [token for token in _TOKEN.findall(line) if len(re.findall("[A-Za-z]", token)) > 1]
    old = [word for word in words if _LEGACY.search(word)]
    return bool(old) and not any(re.search("[a-z]", word) for word in words)


def _decode_token(token: str, encoding: str) -> str:
    if not encoding:
        return token
    table = _table(encoding)
    pattern = _pattern(encoding)
    return pattern.sub(lambda match: table[match[0]], token)


@functools.cache
def _table(encoding: str) -> Mapping[str, str]:
    pairs = [entry.split(" ") for entry in load("vi", "encodings").words[encoding]]
    table = dict(pairs)
    if encoding == "vni":
        for seen, meant in pairs:
            table[seen.upper()] = table[seen[0].upper() + seen[1:]] = meant.upper()
    return table


@functools.cache
def _pattern(encoding: str) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(seen) for seen in sorted(_table(encoding), key=len, reverse=True)))


@functools.lru_cache(maxsize=65536)
def is_syllable(word: str) -> bool:
    """Tell whether a word is built as a Vietnamese syllable, in either tone placement."""
    return any(rhyme in _words("rhymes") for onset, rhyme in _splits(word) if onset in _words("onsets") or not onset)


def _splits(word: str) -> list[tuple[str, str]]:
    """Return the ways to part a word into onset and rhyme, without tone; none where the tone can't be."""
    plain, tones = _without_tone(word)
    if len(tones) > 1 or (_STOPPED.search(plain) and tones not in (["sac"], ["nang"])):
        return []
    return [(plain[:cut], plain[cut:]) for cut in range(min(4, len(plain)))]


def _without_tone(word: str) -> tuple[str, list[str]]:
    letters = unicodedata.normalize("NFD", word.lower())
    tones = [_TONES[letter] for letter in letters if letter in _TONES]
    return unicodedata.normalize("NFC", "".join(letter for letter in letters if letter not in _TONES)), tones


@functools.cache
def _words(name: str) -> frozenset[str]:
    return frozenset(load("vi", "syllables").words[name])


def is_vietnamese(text: str) -> bool:
    """Tell whether most words with marks are Vietnamese syllables, and there are enough of them among the words."""
    words = _TOKEN.findall(text)
    marked = [word for word in words if not word.isascii()]
    syllables = sum(map(is_syllable, marked))
    return syllables > 2 and syllables >= _SHARE * len(marked) and len(marked) > 0.2 * len(words)


_PAIR = re.compile(r"(?<![^\W\d_])([^\W\d_]+) (?=([^\W\d_]+)(?![^\W_]))")


def mend_words(text: str) -> str:
    """Return a Vietnamese text with words torn by a blank ('cơ ch ế') whole again, where that is sure, and with
    Đ in place of the letters of other alphabets that look like it."""
    return _PAIR.sub(lambda match: match[1] if _torn(match) else match[0], text.translate(_LOOK_ALIKES))


def _torn(match: re.Match[str]) -> bool:
    head, tail = match[1], match[2]
    if not tail.islower() or tail.isascii() or (len(head) > 1 and head.isupper()) or not is_syllable(head + tail):
        return False
    if head.lower() in _words("onsets"):
        return (
            len(head) > 1
            or _is_fragment(tail)
            or (len(tail) == 1 and _inside(match.string[max(0, match.start() - 30) : match.start()]))
        )
    _, tones = _without_tone(head)
    return is_syllable(head) and not tones and _is_fragment(tail)


def _is_fragment(tail: str) -> bool:
    """Tell whether a word that begins with a vowel can't stand alone."""
    plain, _ = _without_tone(tail)
    return plain[:1] in _words("rhymes") and tail not in _words("vowel_initial")


def _inside(before: str) -> bool:
    """Tell whether the text goes on mid-sentence, so that a lone consonant can't be the letter of a point."""
    last = before.split()[-1:] if before[-1:] == " " else []
    return bool(last) and last[0][-1].isalpha() and last[0].lower() not in _words("point_words")
