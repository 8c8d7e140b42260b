"""The outline of a document: points and headings with their nesting, the role of each section, and sentences.

A point is a paragraph, a heading or a table. Its parent is the point under which it stands: by the styles of the
numbering ("I." over "1." over "a)" over "-"), by heading levels where the format knows them, and by lead-ins that end
in a colon. The role of a section ("aim", "basis", "result" ...) is told by its heading and holds for what is below.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from extractors import lexicon
from models.records import Block, Document, Language, Span

HEADING_WORDS = 26
TITLE_WORDS = 14
_BULLETS = "-–—+•●▪■◦○*·✓➢►§"
_MARKER = re.compile(
    rf"""(?P<roman>(?:[IVXLC]{{1,6}}|I[iv]{{1,2}}|Vi{{1,3}})[.)/](?=\s|\D))
      |  (?P<decimals>\d{{1,3}}(?:\.\d{{1,3}})+\.?(?=\s|[^\W\d_]))
      |  (?P<decimal>\d{{1,3}}[.)/](?=\s|[^\W\d_]))
      |  (?P<enclosed>\((?:[a-zđа-я]|[ivx]{{1,5}}|\d{{1,2}}|[A-Z])\)(?=\s|\w))
      |  (?P<letter>[a-zđа-я][).](?=\s|[^\W\d_]))
      |  (?P<upper>[A-ZĐА-Я]\.(?=\s\w{{2,}}))
      |  (?P<bullet>[{re.escape(_BULLETS)}]+(?=\s|\w))""",
    re.VERBOSE,
)
_SENTENCE_END = re.compile(r"""[.!?…]+[”"»')\]]*(?=\s)""")
_SENTENCE_ENDS = (".", ";", "!", "?", ",", "/")
_SECTION_STYLES = ("division", "annex", "roman", "upper")
_CONTENTS_LINE = re.compile(r"(?:\.\s?){5,}\s*\d*$|…{2,}\s*\d*$")


@dataclass(frozen=True, slots=True)
class Point:
    """A paragraph, heading or table with its place in the outline; `body` is its span without the marker."""

    index: int
    block: Block
    span: Span
    body: Span
    style: str = ""
    label: str = ""
    parent: int = -1
    heading: bool = False
    lead_in: bool = False
    role: str = ""
    role_rule: str = ""
    role_scope: str = ""

    @property
    def is_table(self) -> bool:
        return self.block.kind == "table"


@dataclass(frozen=True, slots=True)
class Outline:
    """The points of a document in reading order."""

    text: str
    language: Language
    points: tuple[Point, ...]

    def ancestors(self, point: Point) -> Iterator[Point]:
        """Yield the point's parents, the nearest first."""
        while point.parent >= 0:
            point = self.points[point.parent]
            yield point

    def children(self, point: Point) -> Iterator[Point]:
        return (other for other in self.points[point.index + 1 :] if other.parent == point.index)

    def section(self, point: Point) -> str:
        """Return the labels from the top to the point, joined by dots; annexes by slashes."""
        labels = [p.label for p in reversed(list(self.ancestors(point)))] + [point.label]
        path = ""
        for label in filter(None, labels):
            path += ("/" if path and (len(label) > 8 or "/" in path) else "." if path else "") + label
        return path


def outline(document: Document, language: Language) -> Outline:
    """Read the outline of a document."""
    points: list[Point] = []
    stack: list[Point] = []
    for block in document.blocks:
        for segment in _segments(document.text, block, language):
            point = _placed(segment, stack, document.text, len(points))
            points.append(point)
            _push(point, stack)
    points = _with_headings(points, document.text)
    return Outline(document.text, language, tuple(_with_roles(points, document.text, language)))


def sentences(text: str, span: Span, language: Language) -> list[Span]:
    """Split a span of the text into sentences; abbreviations, initials and numbers end none."""
    abbreviation = _abbreviations(language)
    result, start = [], span.start
    for match in _SENTENCE_END.finditer(text, span.start, span.end):
        before = text[start : match.start() + 1]
        after = text[match.end() : span.end].lstrip()
        if after and not _starts_sentence(after):
            continue
        if match[0] == "." and abbreviation.search(before):
            continue
        result.append(Span(start, match.end()))
        start = match.end() + len(text[match.end() : span.end]) - len(text[match.end() : span.end].lstrip())
    if text[start : span.end].strip():
        result.append(Span(start, span.end))
    return result


def _starts_sentence(after: str) -> bool:
    first = after.lstrip("“\"«'([ –-•")[:1]
    return first.isupper() or first.isdigit()


@functools.cache
def _abbreviations(language: Language) -> re.Pattern[str]:
    words = lexicon.load(language, "structure").words.get("abbreviations", ())
    listed = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?:(?<!\w)(?:{listed})|(?<!\w)[^\W\d_]|(?<![\w.])\d{{1,3}}|^\W*[IVX]+)\.$", re.IGNORECASE)


@functools.cache
def _division(language: Language) -> re.Pattern[str]:
    rules = lexicon.load(language, "structure")
    return rules.pattern(r"(?P<word>{divisions}|{abbreviated_divisions})\s*(?P<number>[IVXLC]+\b|\d{1,3}(?:\.\d+)*(?![\d(]))\s*[.:)–-]*\s*")


@functools.cache
def _annex(language: Language) -> re.Pattern[str]:
    rules = lexicon.load(language, "structure")
    return rules.pattern(r"(?P<word>{annexes})(?:\s*(?:№|N|No\.?|số)?\s*(?P<number>[IVXLC]+\b|\d+|[A-Z]\b))?\s*[.:)–-]*\s*")


def _segments(text: str, block: Block, language: Language) -> Iterator[Point]:
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
    return Span(span.start + len(words) - len(words.lstrip()), span.end - len(words) + len(words.rstrip())) if words.strip() else Span(span.start, span.start)


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
    label = match[0].strip("().)/ ")
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
    return not words or len(words) <= HEADING_WORDS and not text[end : span.end].rstrip().endswith((";", ","))


def _placed(segment: Point, stack: list[Point], text: str, index: int) -> Point:
    """Give a point its place: pops the stack to the point's parent."""
    if segment.style == "annex":
        stack.clear()
    elif segment.block.level:
        while stack and not (stack[-1].block.level and stack[-1].block.level < segment.block.level):
            stack.pop()
    elif segment.style and segment.style != "table":
        _pop_to_style(segment, stack)
    elif _is_display(segment, segment.body.of(text)):
        while stack and not stack[-1].style.startswith(_SECTION_STYLES) and not stack[-1].block.level:
            stack.pop()
    parent = stack[-1].index if stack else -1
    style = _disambiguated(segment, stack)
    return replace(segment, index=index, parent=parent, style=style)


def _is_display(point: Point, body: str) -> bool:
    """Tell whether a paragraph is set as a heading: bold, centred or in capitals, short, without a full stop."""
    if point.is_table or not body or len(body.split()) > HEADING_WORDS or body.endswith(_SENTENCE_ENDS):
        return False
    display = point.block.bold or point.block.centered or point.block.kind == "heading" or body.isupper()
    return display and not body[:1].islower()


def _pop_to_style(segment: Point, stack: list[Point]) -> None:
    styles = [point.style for point in stack]
    style = _disambiguated(segment, stack)
    if style in styles:
        del stack[len(styles) - 1 - styles[::-1].index(style) :]
    elif style.startswith("division"):
        while stack and not (stack[-1].style.startswith(("division", "annex")) or stack[-1].block.level):
            stack.pop()
    elif style.startswith("decimals"):
        while stack and (stack[-1].style.startswith("bullet") or _deeper(stack[-1].style, style)):
            stack.pop()
    elif style == "roman":
        while stack and not (stack[-1].style.startswith(("division", "annex", "upper")) or stack[-1].block.level):
            stack.pop()


def _deeper(left: str, right: str) -> bool:
    return left.startswith("decimals") and left >= right


def _disambiguated(segment: Point, stack: list[Point]) -> str:
    """An 'i' that follows an 'h' of the same brackets is a letter, not a Roman one; likewise 'v' and 'x'."""
    if not segment.style.endswith(" roman"):
        return segment.style
    plain = segment.style.removesuffix(" roman")
    for point in stack:
        if point.style == plain and len(segment.label) == 1 and ord(segment.label) - ord(point.label[-1:] or "\0") == 1:
            return plain
    return segment.style


def _push(point: Point, stack: list[Point]) -> None:
    if point.is_table:
        return
    if point.style or point.block.level:
        stack.append(point)


def _with_headings(points: list[Point], text: str) -> list[Point]:
    """Mark headings and lead-ins, and hang unmarked points below the unmarked lead-in or heading before them."""
    result: list[Point] = []
    opener: dict[int, int] = {}
    for number, point in enumerate(points):
        following = points[number + 1] if number + 1 < len(points) else None
        body = point.body.of(text)
        lead_in = not point.is_table and body.endswith(":")
        heading = point.heading or _is_heading(point, body, following)
        if point.style and not point.is_table and result and _interrupts(result[-1], point):
            above = points[point.parent]
            result[-1] = replace(result[-1], parent=result[above.index].parent if above.index != -1 and not above.style else above.index)
            opener[point.parent] = result[-1].index
        parent = opener.get(point.parent, point.parent)
        if not point.style and not point.block.level and not point.is_table:
            if heading:
                parent = point.parent
            if heading or lead_in:
                opener[point.parent] = point.index
        result.append(replace(point, heading=heading, lead_in=lead_in, parent=parent))
    return result


def _interrupts(before: Point, point: Point) -> bool:
    """Tell whether an unnumbered lead-in stands within a numbered list: what follows in the list is below it."""
    return before.lead_in and not before.style and before.parent > point.parent >= 0


def _is_heading(point: Point, body: str, following: Point | None) -> bool:
    if point.is_table or not body:
        return False
    if point.block.level or point.style in ("annex",):
        return True
    if _is_display(point, body):
        return True
    if len(body.split()) > HEADING_WORDS or body.endswith(_SENTENCE_ENDS) or body[:1].islower():
        return False
    opens = following is not None and (following.parent == point.index or following.style != point.style)
    return bool(point.style) and not point.style.startswith("bullet") and not body.endswith(":") and opens


def _with_roles(points: list[Point], text: str, language: Language) -> list[Point]:
    """Give each point its own role, else that of the section it stands in, else that of the rest of the paper."""
    result: list[Point] = []
    rest = ("", "", "")
    for point in points:
        own = _own_role(point, text, language)
        if own[2] == "rest":
            rest = own
        elif point.style == "annex" or (point.heading and not point.style and own[0]):
            rest = ("", "", "")
        above = result[point.parent] if point.parent >= 0 else None
        if not own[0] and above and _passes_role(above):
            own = (above.role, above.role_rule, above.role_scope)
        role, rule, scope = own if own[0] else rest
        result.append(replace(point, role=role, role_rule=rule, role_scope=scope))
    return result


def _passes_role(point: Point) -> bool:
    """Tell whether a point's role holds for what is below it: a legal basis that ends in "orders:" is over there."""
    return point.role_scope in ("section", "lead-in", "rest") or point.lead_in and point.role not in ("", "basis")


def _own_role(point: Point, text: str, language: Language) -> tuple[str, str, str]:
    """Return role, rule id and scope that the point's own words give it: "section" for what stands below a heading,
    "lead-in" below a sentence that ends in a colon, "paragraph" for itself, "rest" for all that follows."""
    if point.is_table:
        return "", "", ""
    body = point.body.of(text)[:600]
    for rule in lexicon.load(language, "structure").rules:
        scope = rule.values.get("scope", "section")
        if scope == "section" and not (point.heading or point.lead_in and len(body.split()) <= HEADING_WORDS):
            continue
        if scope == "lead-in" and not point.lead_in:
            continue
        if rule.pattern.match(body):
            return rule.values["role"], rule.id, scope
    return "", "", ""
