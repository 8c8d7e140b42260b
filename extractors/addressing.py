"""The issuer, the title and the addressees of a document, put together from the lines of its head."""

from __future__ import annotations

import functools
import re

from extractors.letterhead import Segment, Sheet, cut, first_match, rules_of
from extractors.lexicon import alternatives, load
from models.records import Document, Language

_LONGEST_TITLE = 600
_HEADLINE = 220
_LIST_LINES = 40
_ADDRESS = 160
_ANNEX_TITLE = 4  # lines
_TITLE_ENDS = ("authority", "addressee", "approval", "annex", "parent")
_LONE_MARK = re.compile(r"(?:^|\s)[^\w\s&«»\"'()–-]+(?=\s|$)")
_HYPHEN = re.compile(r"\w-$")
_YEAR = re.compile(r"\d{4}")
_BULLET = re.compile(r"^\s*[-–—+•*]+\s*")
_CAPITALS = 0.7


def find_issuer(sheet: Sheet, kind: Segment | None, tail: tuple[Segment, ...]) -> tuple[str, str]:
    """Return the issuing body as printed and the rule that found it: the last body above the kind, for a superior
    stands above it; else the one in the kind line, the approval stamp or below the signature."""
    bodies = _bodies(sheet, kind)
    if bodies:
        name, rule = bodies[-1]
        bare = len(bodies) > 1 and first_match(sheet.language, "organ-bare", name)
        return (f"{name} {bodies[-2][0]}" if bare else name), rule
    organ = next((part for part in sheet.of("organ-of") if kind and kind.line <= part.line <= kind.line + 1), None)
    if organ and kind and not kind.title:
        return organ.text, organ.rule
    approver = next(iter(sheet.of("approver") if sheet.of("approval") else ()), None)
    if approver:
        return approver.values["issuer"], approver.rule
    for segment in tail:
        found = first_match(sheet.language, "closing-issuer", segment.text)
        if found:
            return segment.text.strip(" ,"), found[0].id
    return "", ""


def _bodies(sheet: Sheet, kind: Segment | None) -> list[tuple[str, str]]:
    """Return the bodies named above the kind, from the highest down; a name may run over lines."""
    bodies: list[tuple[str, str]] = []
    open_line = -2
    for segment in _above(sheet, kind):
        for text in _split(_LONE_MARK.sub("", segment.text).strip(), sheet):
            organ = first_match(sheet.language, "organ", text)
            if organ:
                bodies.append((text, organ[0].id))
                open_line = segment.line
            elif bodies and segment.line - open_line <= 1 and _same_case(bodies[-1][0], text):
                bodies[-1] = (f"{bodies[-1][0]} {text}", bodies[-1][1])
                open_line = segment.line
    return bodies


def _above(sheet: Sheet, kind: Segment | None) -> list[Segment]:
    """Return the texts in which the issuer may stand: above the kind, or above title and addressees of a letter."""
    if kind is None and not sheet.of("number", "motto", "addressee", "date"):
        return []
    ends = [kind] if kind else [*sheet.of("addressee", "subject", "sender", "title-start")]
    last = min((segment.line for segment in ends), default=len(sheet.lines))
    if not kind and sheet.of("motto"):
        last = max(last, sheet.of("motto")[-1].line)
    return [segment for segment in sheet.of("text", "authority") if segment.line < last]


def _split(text: str, sheet: Sheet) -> list[str]:
    """Part a superior from the body under it where both came in one line."""
    for rule in rules_of(sheet.language, "organ-inside"):
        match = rule.pattern.search(text)
        if match and first_match(sheet.language, "organ", text[: match.start()]):
            return [text[: match.start()].strip(), text[match.start() :].strip()]
    return [text]


def _same_case(name: str, text: str) -> bool:
    """Tell whether a line can go on with a name: in capitals if the name is."""
    return not _is_capitals(name) or _is_capitals(text)


def _is_capitals(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return bool(letters) and sum(letter.isupper() for letter in letters) > _CAPITALS * len(letters)


def find_title(sheet: Sheet, kind: Segment | None, document: Document) -> str:
    """Return the whole title, joined from its lines."""
    subject = _subject(sheet)
    if kind is None:
        return subject or _stated(document) or _headline(sheet)
    if kind.title == "with":
        return _joined([_line_of(kind, sheet), *_after(sheet, kind, kind.line + 1)])
    if kind.title == "line" or not (kind.alone or _has_number(sheet, kind)):
        return _line_of(kind, sheet)
    return _joined(_after(sheet, kind, kind.line)) or subject


def _stated(document: Document) -> str:
    """Return the title that the front matter of a Markdown file states."""
    return dict(document.metadata).get("title", "").strip() if document.media_type == "text/markdown" else ""


def _has_number(sheet: Sheet, kind: Segment) -> bool:
    """Tell whether the issuer or number follows a kind in its line: then what comes after is the title."""
    return bool(kind.values.get("number")) or any(part.line == kind.line for part in sheet.of("organ-of", "number"))


def _line_of(kind: Segment, sheet: Sheet) -> str:
    """Return the words of a kind's line, without number and date."""
    roles = ("kind", "text", "organ-of", "subject", "approver")
    parts = [part for part in sheet.head if part.line == kind.line and part.role in roles]
    return " ".join(part.text.strip() for part in sorted(parts, key=lambda part: part.span.start)).strip(" ,")


def _after(sheet: Sheet, kind: Segment, first: int) -> list[str]:
    """Return the lines of the title behind a kind, from a line on: up to the authority, the addressees or the body."""
    texts: list[Segment] = []
    for segment in sheet.head:
        if segment.span.start < kind.span.end or segment.line < first or segment.role == "motto":
            continue
        if segment.role in _TITLE_ENDS or (segment.role == "kind" and segment.alone):
            break
        if texts and _is_body(sheet.lines[segment.line].text) and not _starts_title(segment, sheet):
            break
        if segment.role in ("text", "subject", "kind") or (
            segment.role in ("organ-of", "approver") and (kind.title or texts)
        ):
            texts.append(segment)
    start = next((i for i, text in enumerate(texts) if _starts_title(text, sheet)), 0)
    return [_subject_text(text) for text in texts[start:]]


def _starts_title(segment: Segment, sheet: Sheet) -> bool:
    return segment.role == "subject" or first_match(sheet.language, "title-start", segment.text) is not None


def _joined(texts: list[str]) -> str:
    title = ""
    for text in texts:
        if title and len(title) + len(text) > _LONGEST_TITLE:
            break
        # a word parted at its own hyphen, as "Internet-" over "Accessible"
        title = f"{title}{text}" if _HYPHEN.search(title) else f"{title} {text}".strip()
    return title


def _subject(sheet: Sheet) -> str:
    """Return the subject of a letter or memo; its lines run on below the label, or begin there."""
    for subject in sheet.of("subject"):
        texts = [_subject_text(subject)]
        for segment in sheet.head[sheet.head.index(subject) + 1 :]:
            if segment.role not in ("text", "motto", "date", "number", "place", "noise"):
                break
            if segment.role == "text":
                if segment.line > subject.line + 3 or _is_body(sheet.lines[segment.line].text):
                    break
                texts.append(segment.text)
        return _joined([text for text in texts if text])
    return ""


def _is_sentence(text: str) -> bool:
    """Tell whether a line begins with a capital and is closed, as no middle of a subject does and is."""
    text = text.strip()
    return text[:1].isupper() and text[-1:] in ".:;!?"


def _is_body(text: str) -> bool:
    """Tell whether a line below the title's first is a sentence or the point of a list."""
    return _is_sentence(text) or bool(_BULLET.match(text))


def _subject_text(segment: Segment) -> str:
    return segment.text if segment.role != "subject" else segment.values.get("rest", "")


def _headline(sheet: Sheet) -> str:
    """Return the title of a document without a kind line: where its words show one, else its first short line."""
    texts = [segment for segment in sheet.of("text") if len(segment.text) <= _HEADLINE]
    started = next((i for i, text in enumerate(texts) if _starts_title(text, sheet)), None)
    if started is not None and rules_of(sheet.language, "title-start"):
        return _joined([text.text for text in texts[started:]])
    marks = sheet.of("annex", "approval")
    if marks:
        below = [text.text for text in texts if text.line > marks[0].line and sheet.lines[text.line].kind != "cell"]
        return _joined(below[:_ANNEX_TITLE])
    if sheet.of("addressee", "number", "motto"):
        return ""
    return texts[0].text if texts and texts[0].line == 0 else ""


def find_addressees(sheet: Sheet) -> tuple[str, ...]:
    """Return those to whom the document is addressed, as printed."""
    found: list[str] = []
    for segment in sheet.of("addressee"):
        said = segment.values.get("dative") or segment.values.get("rest", "")
        if segment.values.get("dative"):
            said = " ".join([said, *_run_on(sheet, segment)])
        said = _exception(sheet.language).sub("", said)
        if said and len(said) <= _ADDRESS * 2:
            found += _clean(said)
        if not said or said.endswith((";", ",")):
            found += _list_below(sheet, segment)
    return tuple(dict.fromkeys(found))


@functools.cache
def _exception(language: Language) -> re.Pattern[str]:
    words = load(language, "header").words.get("exceptions", ()) or ("\0",)
    return re.compile(rf"[\s,.;(]+{alternatives(words)}\b.*", re.IGNORECASE | re.DOTALL)


def _run_on(sheet: Sheet, addressee: Segment) -> list[str]:
    """Return the lines below an addressee on which its name goes on: they begin with a small letter."""
    lines: list[str] = []
    for segment in sheet.head[sheet.head.index(addressee) + 1 :]:
        begins_small = segment.text[:1].islower() and not _starts_title(segment, sheet)
        if segment.role != "text" or not begins_small or segment.line > addressee.line + len(lines) + 1:
            break
        lines.append(segment.text)
    return lines


def _list_below(sheet: Sheet, addressee: Segment) -> list[str]:
    """Return the entries of a list below an address line; it ends at a full stop or where the bullets end."""
    found: list[str] = []
    bulleted = None
    for index in range(addressee.line + 1, min(addressee.line + _LIST_LINES, len(sheet.lines))):
        line = sheet.lines[index]
        text = line.text.strip()
        if line.table or len(text) > _ADDRESS:
            break
        if _is_other(sheet, index):
            continue
        bullet = bool(_BULLET.match(text))
        bulleted = bullet if bulleted is None else bulleted
        if bullet != bulleted or (not bullet and (_YEAR.search(text) or first_match(sheet.language, "body", text))):
            break
        found += _clean(text)
        if text.endswith("."):
            break
    return found


def _is_other(sheet: Sheet, index: int) -> bool:
    """Tell whether a line between address line and list is of the letterhead's other column."""
    return any(part.role in ("motto", "date", "noise") for part in cut(sheet.lines[index], index, sheet.language))


def _clean(text: str) -> list[str]:
    text = _BULLET.sub("", text).strip().rstrip(".;,")
    return [part.strip(" .;") for part in text.split(";") if part.strip(" .;")]
