"""A block as points: its marker ("II.", "a)", "Sec. 3.", "Phụ lục 1") and the titles run into a paragraph."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from extractors import lexicon
from extractors.points import Point
from models.records import Block, Language, Span

_BULLETS = "-–—_¬+•●▪■◦○*·✓➢►§"
_MARKER = re.compile(
    rf"""(?P<roman>(?:[IVXLC]{{1,6}}|I[iv]{{1,2}}|Vi{{1,3}})(?:[.)]|/(?![a-z]))(?=\s|\D))
      |  (?P<decimals>\d{{1,3}}(?:\.\d{{1,3}})+[.,]?(?=\s|[^\W\d_]))
      |  (?P<decimal>(?:\d{{1,3}}|[§$])[.)/](?=\s|[^\W\d_]))
      |  (?P<enclosed>\((?:[a-zđа-я]|[ivx]{{1,5}}|\d{{1,2}}|[A-Z])\)(?=\s|\w))
      |  (?P<letter>(?:[ivx]{{2,5}}|[a-zđа-я])[).](?=\s|[^\W\d_]))
      |  (?P<upper>[A-ZĐА-Я]\.(?=\s\w{{2,}}))
      |  (?P<bullet>[{re.escape(_BULLETS)}]+(?=\s|\w)|o(?=\s+[A-ZĐА-Я]))""",
    re.VERBOSE,
)
_CONTENTS_LINE = re.compile(r"(?:\.\s?){5,}\s*\d*$|…{2,}\s*\d*$")
HEADING_WORDS = 26
TITLE_WORDS = 14


@functools.cache
def _division(language: Language) -> re.Pattern[str]:
    rules = lexicon.load(language, "structure")
    words = r"|{numberwords}(?=\s*(?:[.:–-]|$))" if "numberwords" in rules.words else ""
    number = rf"(?P<number>[IVXLC]+\b|\d{{1,3}}(?:\.\d+)*(?![\d(]){words})"
    return rules.pattern(rf"(?P<word>{{divisions}}|{{abbreviated_divisions}})\s*{number}\s*[.:)–-]*\s*")


@functools.cache
def _annex(language: Language) -> re.Pattern[str]:
    rules = lexicon.load(language, "structure")
    return rules.pattern(
        r"(?P<word>{annexes})(?:\s*(?:{numbersigns})?\s*(?P<number>[IVXLC]+\b|\d+|[A-Z]\b))?\s*[.:)–-]*\s*"
    )


def segments(text: str, block: Block, language: Language) -> Iterator[Point]:
    """Yield a block as points without place: one, or more where sections or a heading and its first point share a
    paragraph."""
    span = _trimmed(text, block.span)
    if block.kind == "table":
        yield Point(0, block, span, span, style="table")
        return
    if block.kind == "footnote" or span.start == span.end or _CONTENTS_LINE.search(span.of(text)):
        return
    starts = [match.start() for match in _inner_division(language).finditer(text, span.start + 1, span.end)]
    for start, end in zip([span.start, *starts], [*starts, span.end], strict=True):
        yield from _section_segments(text, block, _trimmed(text, Span(start, end)), language)


@functools.cache
def _inner_division(language: Language) -> re.Pattern[str]:
    """A section that begins within a paragraph: "... the workforce. Sec. 5. Fees. (a) ..."."""
    rules = lexicon.load(language, "structure")
    return rules.pattern(r"(?<=[.;:]\s)(?:{divisions}|{abbreviated_divisions})\s*\d{1,3}\.\s+(?=\w)", re.VERBOSE)


def _section_segments(text: str, block: Block, span: Span, language: Language) -> Iterator[Point]:
    style, label, start = _marker(text, span, language)
    body = _trimmed(text, Span(start, span.end))
    split = _inline_title(text, body, style)
    if not split:
        yield Point(0, block, span, body, style, label)
        return
    yield Point(0, block, Span(span.start, split), Span(body.start, split), style, label, heading=True)
    rest = _trimmed(text, Span(split, span.end))
    inner_style, inner_label, inner_start = _marker(text, rest, language)
    yield Point(0, block, rest, _trimmed(text, Span(inner_start, rest.end)), inner_style, inner_label)


def _inline_title(text: str, body: Span, style: str) -> int:
    """Return where the run-in title of a section ends ("Sec. 3. Purpose. (a) Within ..."), 0 where there is none."""
    if not style.startswith("division"):
        return 0
    match = re.compile(r"[.:]\s+(?=\S)").search(text, body.start, body.end)
    if not match:
        return 0
    words = text[body.start : match.start()].split()
    capitals = sum(word[:1].isupper() or len(word) < 4 for word in words)
    following = text[match.end() : body.end]
    titled = len(words) <= TITLE_WORDS and capitals >= 0.8 * len(words)
    return match.start() + 1 if titled or (_MARKER.match(following) and len(words) <= HEADING_WORDS) else 0


def _trimmed(text: str, span: Span) -> Span:
    words = span.of(text)
    return (
        Span(span.start + len(words) - len(words.lstrip()), span.end - len(words) + len(words.rstrip()))
        if words.strip()
        else Span(span.start, span.start)
    )


def _marker(text: str, span: Span, language: Language) -> tuple[str, str, int]:
    """Return the style, the label and the end of a point's marker; no style where it has none."""
    annex = _annex(language).match(text, span.start, span.end)
    if annex and _is_title(text, span, annex.end()):
        return "annex", annex[0].strip(" .:–-"), annex.end()
    division = _division(language).match(text, span.start, span.end)
    if division:
        return f"division {_division_name(division['word'], language)}", division["number"], division.end()
    match = _MARKER.match(text, span.start, span.end)
    if not match or match.lastgroup is None:
        return "", "", span.start
    label = match[0].strip("()./ ")
    style = match.lastgroup
    if style == "decimals":
        style += str(label.rstrip(".").count("."))
    elif style == "bullet":
        style, label = f"bullet {match[0][0]}", ""
    elif style != "roman":
        style += match[0][-1]
        style += _alphabet(label)
    return style, label.rstrip("."), match.end()


def _division_name(word: str, language: Language) -> str:
    """Return the full word of a division, so that "Sec. 2" stands beside "Section 1"."""
    stem = word.casefold().rstrip(".")
    divisions = lexicon.load(language, "structure").words["divisions"]
    return next((full for full in divisions if full.casefold().startswith(stem)), divisions[0]).casefold()


def _alphabet(label: str) -> str:
    return " digits" if label.isdigit() else " roman" if re.fullmatch(r"[ivx]+", label) else ""


def _is_title(text: str, span: Span, end: int) -> bool:
    """Tell whether the annex word opens a title, not a sentence that speaks of an annex."""
    words = text[end : span.end].split()
    return not words or (len(words) <= HEADING_WORDS and not text[end : span.end].rstrip().endswith((";", ",")))
