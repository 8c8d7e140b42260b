"""What a web page leaves around a pasted article: banner, doubled byline, captions, the tail of menus."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import replace

from extractors.lexicon import Rule, languages, load
from pipeline.readers.pieces import Paragraph, Piece, Table

_BANNER = re.compile(r"^(?:[a-z0-9-]+\.)+[a-z]{2,6}\s*[-–—|]\s*\S.{0,100}$", re.IGNORECASE)
_BYLINE = re.compile(r"^(?P<author>\S.{2,80}?)\s*(?P=author)\s*(?P<date>\d{1,2}[./-]\d{1,2}[./-]\d{4})$")
_BODY = 0.3  # share of a text that is surely no tail
_LONG = 200  # characters no line of a menu has
_SENTENCES = 0.3  # share of lines of a tail that may end like sentences
_SENTENCE = re.compile(r"[.;:!?]$")


def without_leftovers(pieces: Sequence[Piece]) -> tuple[list[Piece], tuple[tuple[str, str], ...]]:
    """Return the pieces that belong to the article, and what the others told: source, author and date."""
    kept, metadata = _without_tail(list(pieces))
    if kept and isinstance(kept[0], Paragraph) and _BANNER.match(kept[0].text.strip()) and len(kept) > 1:
        kept = kept[1:]
    result: list[Piece] = []
    for piece in kept:
        text = piece.text.strip() if isinstance(piece, Paragraph) else ""
        if text and any(rule.pattern.match(text) for rule in _rules("caption")):
            continue
        byline = _BYLINE.match(text)
        if byline and isinstance(piece, Paragraph):
            metadata = (*metadata, ("author", byline["author"]), ("published", byline["date"]))
            piece = replace(piece, text=f"{byline['author']} {byline['date']}")
        result.append(piece)
    return result, metadata


def _without_tail(pieces: list[Piece]) -> tuple[list[Piece], tuple[tuple[str, str], ...]]:
    """Cut the text where a source line or a menu begins, if all that follows looks like a menu."""
    for index in range(_first_tail(pieces), len(pieces)):
        piece = pieces[index]
        text = piece.text.strip() if isinstance(piece, Paragraph) else ""
        source = _source(text)
        if (source or is_menu_line(text)) and _is_tail(pieces[index + 1 :]):
            return pieces[:index], (("source", source),) if source else ()
    return pieces, ()


def _first_tail(pieces: Sequence[Piece]) -> int:
    lengths = [len(piece.text) if isinstance(piece, Paragraph) else _LONG for piece in pieces]
    total, passed = sum(lengths), 0
    for index, length in enumerate(lengths):
        passed += length
        if passed > _BODY * total:
            return max(index, 1)
    return len(pieces)


def _source(text: str) -> str:
    matches = (rule.pattern.match(text) for rule in _rules("source"))
    return next((match["address"] for match in matches if match), "")


def is_menu_line(text: str) -> bool:
    """Tell whether a line is the heading of a menu or comment box in one of the languages."""
    return bool(text) and any(rule.pattern.match(text) for rule in _rules("menu"))


def _is_tail(pieces: Sequence[Piece]) -> bool:
    if any(isinstance(piece, Table) or len(piece.text) > _LONG for piece in pieces):
        return False
    sentences = sum(bool(_SENTENCE.search(piece.text.strip())) for piece in pieces if isinstance(piece, Paragraph))
    return sentences <= _SENTENCES * len(pieces)


@functools.cache
def _rules(kind: str) -> tuple[Rule, ...]:
    return tuple(
        rule for language in languages() for rule in load(language, "web").rules if rule.values["kind"] == kind
    )
