"""Where one file holds several papers: a letter and the decision that it forwards, two orders scanned in one go.

A paper begins with a letterhead of its own: motto, issuer, number, date, kind or addressee, at a page's top or below
the signature of the one before. What comes with a paper is no paper: an annex, a plan issued with its decision, a
blank form whose number and date are dots.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extractors.header import detect_language
from extractors.letterhead import Line, Sheet, first_match, lines_of, sheet_of
from extractors.lexicon import languages, load
from models.records import Block, Cell, Document, Language, Span, Word

_SAMPLE = 3000  # characters that tell a page's language
_HEAD = 24  # lines among which a letterhead is looked for
_SENTENCE = 60  # characters from which on a closed line is a sentence
_FIELDS = 8  # lines at the top of a printed message that hold its fields
_ABOVE = 2  # lines above a letterhead that may call it an annex or a form, where pages don't part them
_NEAR = 25  # lines below a signature: stamps and a distribution list
_LONGEST = 120  # characters of a letterhead's first line
_ENOUGH = 5  # points of evidence for a letterhead
_CERTAIN = 7  # points for one that nothing parts from the text above


@dataclass(frozen=True, slots=True)
class _Head:
    """What a stretch of lines says of itself at its top; `length` is that of its letterhead, in lines."""

    language: Language
    length: int
    motto: bool
    organ: bool
    numbers: frozenset[str]
    numbered: bool
    dated: bool
    titled: bool
    addressed: bool
    attached: bool
    approved: bool
    message: bool

    @property
    def points(self) -> int:
        """How much speaks for a letterhead."""
        number = 2 if self.numbers else int(self.numbered)
        return 2 * self.motto + self.organ + number + 2 * self.dated + self.titled + self.addressed


def parts_of(document: Document, like: Document | None = None) -> tuple[Document, ...]:
    """Return the papers that a document holds, in order; the document itself where it is one.

    Pages and boxes of a part are those of the whole; `part` counts from 0. It is cut as `like` would be, the same text
    without places, where that is given.
    """
    if document.part or not document.blocks:
        return (document,)
    starts = [0, *(_block_at(document, position) for position in _starts(like or document))]
    if len(starts) == 1:
        return (document,)
    ends = [*starts[1:], len(document.blocks)]
    return tuple(_part(document, number, *bounds) for number, bounds in enumerate(zip(starts, ends, strict=True)))


def is_letterhead(texts: Sequence[str]) -> bool:
    """Tell whether the lines of a page begin with a letterhead, be it that of an annex."""
    head = _head([Line(text, Span(0, len(text))) for text in texts], detect_language("\n".join(texts)))
    return head.motto or (head.points >= _ENOUGH and not head.attached)


def _starts(document: Document) -> Iterator[int]:
    """Yield the positions in the text at which a second paper, a third one ... begins."""
    lines = tuple(lines_of(document))
    tops = _page_tops(document, lines)
    candidates = tops if document.words else range(1, len(lines))
    if not candidates:
        return
    language = detect_language(document.text)
    paper = _head(lines[: next(iter(tops), len(lines))], language)
    body = paper.length
    for index in candidates:
        head = _opening(document, lines, index, tops, language) if index >= body else None
        if head and _belongs(head, paper):
            body = index + head.length
        elif head and _begins(head, paper, lines[body:index], index in tops):
            yield lines[index].span.start
            paper, body = head, index + head.length


def _page_tops(document: Document, lines: Sequence[Line]) -> list[int]:
    """Return the indexes of the lines with which pages begin, but for the first, in order."""
    pages = [document.page_of(line.span.start) for line in lines]
    return [index for index in range(1, len(pages)) if pages[index] > pages[index - 1]]


def _opening(
    document: Document, lines: Sequence[Line], index: int, tops: Sequence[int], language: Language
) -> _Head | None:
    """Return the head that a paper beginning at a line would have, if the line can begin one."""
    line = lines[index]
    if line.table or len(line.text) > _LONGEST:
        return None
    following = bisect.bisect_right(tops, index)
    here = lines[index : min([index + _HEAD, *tops[following : following + 1]])]
    if document.words:
        start = line.span.start
        return _head(here, detect_language(document.text[start : start + _SAMPLE]))
    if not _may_open(here, language):
        return None
    above = lines[max(0, index - _ABOVE) : index]
    if any(_begins_annex(other, language) or _is(other, "form", language) for other in above):
        return None
    return _head(here, language)


def _may_open(lines: Sequence[Line], language: Language) -> bool:
    """Tell, by looks that cost little, whether lines without a page around them may begin with a letterhead."""
    text = lines[0].text.strip()
    if not text[:1].isalpha() or text[-1] in ".,;:" or not any(map(str.isdigit, "".join(line.text for line in lines))):
        return False
    return any(first_match(language, role, text) for role in ("motto", "organ", "kind"))


def _head(lines: Sequence[Line], language: Language) -> _Head:
    ends = (index for index, line in enumerate(lines[:_HEAD]) if _is_sentence(line, language))
    sheet = sheet_of(tuple(lines[: next(ends, _HEAD)]), language)
    dates = [segment.date for segment in sheet.of("date") if segment.date]
    return _Head(
        language=language,
        length=sheet.body,
        motto=bool(sheet.of("motto")),
        organ=any(first_match(language, "organ", segment.text) for segment in sheet.of("text", "authority")),
        numbers=frozenset(_numbers(sheet)),
        numbered=bool(sheet.of("number")),
        dated=any(date.month and date.year for date in dates),
        titled=any(kind.alone or kind.values.get("number") for kind in sheet.of("kind")),
        addressed=bool(sheet.of("addressee", "subject")),
        attached=bool(sheet.of("annex", "parent")) or any(_is(line, "form", language) for line in lines[: sheet.body]),
        approved=bool(sheet.of("approval")),
        message=any(_is(line, "message", other) for line in lines[:_FIELDS] for other in languages()),
    )


def _is_sentence(line: Line, language: Language) -> bool:
    return len(line.text) >= _SENTENCE and line.text[-1] in ".:;" and not first_match(language, "subject", line.text)


def _numbers(sheet: Sheet) -> Iterator[str]:
    """Yield the whole numbers of a head; a place for one that is blank gives none."""
    file = load(sheet.language, "header")
    whole = file.pattern(file.parts["complete"])
    for segment in (*sheet.of("number"), *sheet.of("kind")):
        number = "".join(segment.values.get("number", "").split())
        if whole.fullmatch(number) and any(map(str.isdigit, number)):
            yield number.casefold()


def _is(line: Line, role: str, language: Language) -> bool:
    rules = (rule for rule in load(language, "parts").rules if rule.values["role"] == role)
    return not line.table and any(rule.pattern.search(line.text) for rule in rules)


def _begins_annex(line: Line, language: Language) -> bool:
    return not line.table and any(first_match(language, role, line.text) for role in ("annex", "parent"))


def _is_signed(lines: Sequence[Line], language: Language) -> bool:
    """Tell whether a signature stands near the end of the lines."""
    return any(
        first_match(language, role, line.text)
        for line in lines[-_NEAR:]
        if not line.table
        for role in ("capacity", "signature")
    )


def _belongs(head: _Head, paper: _Head) -> bool:
    """Tell whether a head says that what follows is a piece of the paper that the reading is in, or its copy."""
    return head.attached or bool(head.numbers & paper.numbers and head.language == paper.language)


def _begins(head: _Head, paper: _Head, between: Sequence[Line], at_top: bool) -> bool:
    """Tell whether a head is that of another paper; `between` is the text so far of the one the reading is in."""
    if head.message or paper.message:
        headed = head.motto or head.titled or head.approved
        return at_top and head.message != paper.message and (head.message or headed)
    if head.approved or not (head.motto or head.titled or head.addressed):
        return False
    if head.points < _CERTAIN and not (head.points >= _ENOUGH and (at_top or _is_signed(between, paper.language))):
        return False
    if any(_begins_annex(line, paper.language) for line in between):  # forms of annexes look like papers
        return bool(head.numbers) and head.dated
    return bool(head.numbers) or head.dated


def _block_at(document: Document, position: int) -> int:
    return next(index for index, block in enumerate(document.blocks) if block.end > position)


def _part(document: Document, number: int, first: int, end: int) -> Document:
    """Return some of a document's blocks as a document of its own; what the file says of itself goes with the first."""
    blocks = document.blocks[first:end]
    start, stop = blocks[0].start, blocks[-1].end
    words = tuple(_moved(word, start) for word in document.words if start <= word.start and word.end <= stop)
    following = document.page_of(document.blocks[end].start) if end < len(document.blocks) else 0
    here = document.page_of(start) if number else 1
    end_page = max((word.box.page for word in words), default=here)  # it may end on the page on which the next begins
    return replace(
        document,
        text=document.text[start:stop],
        blocks=tuple(_block_moved(block, start) for block in blocks),
        words=words,
        pages=tuple(
            page
            for page in document.pages
            if here <= page.number and (not following or page.number <= max(end_page, following - 1))
        ),
        metadata=() if number else document.metadata,
        part=number,
        _starts=(),
    )


def _moved(word: Word, offset: int) -> Word:
    return replace(word, start=word.start - offset, end=word.end - offset)


def _block_moved(block: Block, offset: int) -> Block:
    cells: tuple[Cell, ...] = tuple(
        replace(cell, start=cell.start - offset, end=cell.end - offset) for cell in block.cells
    )
    return replace(block, start=block.start - offset, end=block.end - offset, cells=cells)
