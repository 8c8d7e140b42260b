"""What a document says of itself: language, kind, number, date, issuer, title, signer, addressees, papers cited."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import cast

from extractors.addressing import find_addressees, find_issuer, find_title
from extractors.letterhead import Segment, Sheet, cut, first_match, read_sheet, rules_of
from extractors.lexicon import languages, load
from extractors.references import find_references, normalised
from extractors.reported import Report, find_report, published
from extractors.signature import Signature, find_signature, first_annex
from models.records import Document, DocumentReference, DocumentType, Header, Language, Span

_SAMPLE = 40_000  # characters that tell the language
_LETTER = 0.35  # weight of a word with a letter that only one language has; a function word counts 1
_TAIL = 6  # lines below a signature in which date and number may stand
_UNSURE = 0.6  # confidence of a word below which an own number or date is doubtful
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER_KEYS, _DATE_KEYS = ("number",), ("date_signed", "date-signed", "signed", "date")


@dataclass(frozen=True, slots=True)
class Found:
    """A number or date with the rule that found it and why a person should look at it."""

    number: str = ""
    date: date | None = None
    rule: str = ""
    reasons: tuple[str, ...] = ()
    span: Span | None = None


def detect_language(text: str) -> Language:
    """Return the language of a text, by its function words and the letters that only one language has."""
    words = _WORD.findall(text[:_SAMPLE].casefold())
    scores = {language: _score(words, language) for language in languages()}
    return max(scores, key=lambda language: (scores[language], not _has_letters(language)))


def _score(words: list[str], language: Language) -> float:
    file = load(language, "header")
    function, plain = set(file.words["function_words"]), set(file.words["plain_words"])
    letters = file.pattern(file.parts["letters"])
    return sum(
        1.0 if word in function else 0.5 if word in plain else _LETTER if letters.search(word) else 0.0
        for word in words
    )


def _has_letters(language: Language) -> bool:
    return load(language, "header").parts["letters"] != "(?!)"


def read_header(document: Document) -> Header:
    """Return everything a document says of itself. What it doesn't say stays empty; what it leaves blank is flagged."""
    language = detect_language(document.text)
    sheet = read_sheet(document, language)
    signature = find_signature(sheet)
    kind = _kind(sheet)
    report = find_report(document, sheet) if _may_report(document, sheet, kind) else None
    tail = _tail(sheet, signature)
    number = _number(document, sheet, tail, report)
    day = _date(document, sheet, tail, report)
    issuer, issuer_rule = find_issuer(sheet, kind, tail)
    references = find_references(document.text, language)
    return Header(
        language=language,
        type=_type(sheet, kind, number.number, report),
        number=number.number,
        date=day.date,
        issuer=issuer or (report.values.get("issuer", "") if report else ""),
        title=find_title(sheet, kind, document),
        signer=signature.name if signature else (report.values.get("signer", "") if report else ""),
        addressees=find_addressees(sheet),
        references=tuple(reference for reference in references if not _is_own(reference, number)),
        reasons=(*number.reasons, *day.reasons, *_doubts(document, number, day)),
        rules=_rules(kind, number, day, issuer_rule, signature),
    )


def _kind(sheet: Sheet) -> Segment | None:
    """Return the kind line of the first paper: one that stands alone before one that begins a longer line."""
    kinds = [kind for kind in sheet.of("kind") if not _in_stamp(kind, sheet)] or list(sheet.of("kind"))
    return next((kind for kind in kinds if kind.alone), kinds[0] if kinds else None)


def _in_stamp(kind: Segment, sheet: Sheet) -> bool:
    """Tell whether a kind line is that of the order in an approval stamp: it has a number and stands below it."""
    stamps = [approval.line for approval in sheet.of("approval")]
    numbered = any(number.line == kind.line for number in sheet.of("number"))
    return numbered and any(0 < kind.line - stamp <= _TAIL for stamp in stamps)


def _may_report(document: Document, sheet: Sheet, kind: Segment | None) -> bool:
    """Tell whether a document may be a web article: it has no letterhead of its own."""
    own = sheet.of("motto", "number", "annex", "parent", "approval")
    return not own and not (kind and (kind.alone or kind.values.get("number")))


def _tail(sheet: Sheet, signature: Signature | None) -> tuple[Segment, ...]:
    """Return the segments below the signature, where some papers have date, number and issuer."""
    end = first_annex(sheet, sheet.body)
    start = signature.line + 1 if signature and signature.line >= sheet.body else max(sheet.body, end - _TAIL)
    closing = (
        index
        for index in range(sheet.body, end)
        if not sheet.lines[index].table and first_match(sheet.language, "closing-issuer", sheet.lines[index].text)
    )
    start = next(closing, start)
    return tuple(
        segment for index in range(start, min(start + _TAIL, end)) for segment in _short(sheet, index)
    )


def _short(sheet: Sheet, index: int) -> tuple[Segment, ...]:
    """Cut a line below a signature; sentences there are no numbers and dates."""
    line = sheet.lines[index]
    return tuple(cut(line, index, sheet.language)) if len(line.text) <= 80 else ()


def _number(document: Document, sheet: Sheet, tail: tuple[Segment, ...], report: Report | None) -> Found:
    head = [*_kind_numbers(sheet), *_numbers(sheet.head, sheet.language)]
    below = [found for found in _numbers(tail, sheet.language) if not found.reasons]
    parent = _parent(sheet)
    candidates = [
        *(found for found in head if not found.reasons),
        *_from_metadata(document),
        *below,
        *([Found(number=parent.number, rule="parent")] if parent else []),
        *([Found(number=normalised(report.values["number"]), rule=report.rule)] if report else []),
    ]
    partial = sorted((found for found in head if found.reasons), key=lambda found: not found.number)
    return next(iter([*candidates, *partial]), Found())


def _kind_numbers(sheet: Sheet) -> list[Found]:
    return [
        Found(number=normalised(kind.values["number"]), rule=kind.rule, span=kind.span)
        for kind in sheet.of("kind")
        if kind.values.get("number")
    ]


def _numbers(segments: tuple[Segment, ...], language: Language) -> list[Found]:
    """Return the numbers among segments; one that isn't whole has a reason."""
    file = load(language, "header")
    whole = file.pattern(file.parts["complete"])
    found = []
    for segment in segments:
        if segment.role == "number":
            number = normalised(segment.values.get("number", "")).replace(" ", "").strip(".…_,;:'\"")
            reasons = () if whole.fullmatch(number) else ("header-number-missing",)
            found.append(Found(number=number, rule=segment.rule, reasons=reasons, span=segment.span))
    return found


def _from_metadata(document: Document) -> list[Found]:
    """Return number and date that the file itself states, as the front matter of a Markdown file does."""
    values = dict(document.metadata)
    number = next((values[key] for key in _NUMBER_KEYS if values.get(key, "").strip(" '\"")), "")
    return [Found(number=number.strip(" '\""), rule="metadata.number")] if number else []


def _parent(sheet: Sheet) -> DocumentReference | None:
    """Return the paper to which an annex that came alone belongs, as the lines at its top name it."""
    marks = sheet.of("annex", "parent")
    if not marks:
        return None
    start, end = marks[0].line, max(mark.line for mark in marks) + 4
    text = " ".join(line.text for line in sheet.lines[start : min(end, max(sheet.body, marks[-1].line + 1))])
    return next(iter(find_references(text, sheet.language)), None)


def _date(document: Document, sheet: Sheet, tail: tuple[Segment, ...], report: Report | None) -> Found:
    head = _dates(sheet.head)
    parent = _parent(sheet)
    day_out, source = published(document)
    candidates = [
        *(found for found in head if found.date),
        *_metadata_date(document),
        *(found for found in _dates(tuple(part for part in tail if part.date and not part.date.bare)) if found.date),
        *([Found(date=parent.date, rule="parent")] if parent and parent.date else []),
        *([Found(date=report.date, rule=report.rule)] if report and report.date else []),
    ]
    slots = [*(found for found in head if not found.date), *_blank_slots(sheet)]
    if not slots:
        candidates += [*_labelled(sheet), *([Found(date=day_out, rule=source)] if day_out else [])]
    return next(iter([*candidates, *slots]), Found())


def _dates(segments: tuple[Segment, ...]) -> list[Found]:
    """Return the dates among segments; one that is incomplete, impossible or ambiguous has a reason."""
    found = []
    for segment in segments:
        if segment.date is not None:
            problem = segment.date.problem
            reasons = (f"header-date-{problem}",) if problem else ()
            found.append(Found(date=segment.date.value, rule=segment.rule, reasons=reasons, span=segment.span))
    return found


def _blank_slots(sheet: Sheet) -> list[Found]:
    """Return a missing date for a line that has the label of the date, and nothing readable behind it."""
    dated = {segment.line for segment in sheet.of("date")}
    for index in range(sheet.body):
        found = first_match(sheet.language, "date-slot", sheet.lines[index].text)
        if found and index not in dated:
            return [Found(rule=found[0].id, reasons=("header-date-missing",))]
    return []


def _metadata_date(document: Document) -> list[Found]:
    values = dict(document.metadata)
    for key in _DATE_KEYS:
        try:
            return [Found(date=date.fromisoformat(values.get(key, "").strip(" '\"")[:10]), rule=f"metadata.{key}")]
        except ValueError:
            continue
    return []


def _labelled(sheet: Sheet) -> list[Found]:
    """Return a date that a label anywhere in the document says is that of signing or drawing up."""
    found = []
    for index, line in enumerate(sheet.lines):
        if not line.table and len(line.text) <= 80 and first_match(sheet.language, "labelled-date", line.text):
            found += [reading for reading in _dates(tuple(_labelled_parts(sheet, index))) if reading.date]
    return found


def _labelled_parts(sheet: Sheet, index: int) -> list[Segment]:
    from extractors.dates import written_dates

    text = sheet.lines[index].text
    offset = sheet.lines[index].span.start
    return [
        Segment("date", written.span.of(text), written.span.shifted(offset), index, written.rule, date=written)
        for written in written_dates(text, sheet.language)
    ]


def _type(sheet: Sheet, kind: Segment | None, number: str, report: Report | None) -> DocumentType:
    """Return the kind of paper: by its kind line, the paper reported, the addressee line, the number's symbol."""
    said = kind.type if kind else ""
    if not said and report:
        found = first_match(sheet.language, "kind", report.values["kind"])
        said = next((name for name in (found[1].groupdict() if found else {}) if found and found[1][name]), "")
    said = said or next((segment.type for segment in sheet.of("addressee") if segment.type), "")
    if said in ("", "other", "meeting"):
        said = "minutes" if said == "meeting" else _by_symbol(number) or said
    numbered = number or sheet.of("number")
    if not said and numbered and sheet.of("addressee", "subject") and not sheet.of("annex"):
        said = "letter"
    return cast(DocumentType, said or "other")


def _by_symbol(number: str) -> str:
    """Return the kind that the letters of a number stand for, in whatever language the number is quoted."""
    for language in languages():
        for rule in rules_of(language, "symbol"):
            match = rule.pattern.search(number)
            if match:
                return next(name for name, value in match.groupdict().items() if value)
    return ""


def _is_own(reference: DocumentReference, own: Found) -> bool:
    if own.span and reference.span.overlaps(own.span):
        return True
    return bool(own.number) and (reference.number == own.number or reference.number.endswith(" " + own.number))


def _doubts(document: Document, number: Found, day: Found) -> tuple[str, ...]:
    """Return reasons for a number or date that a scan shows only poorly."""
    return tuple(
        code
        for code, found in (("header-number-doubtful", number), ("header-date-doubtful", day))
        if found.span and not found.reasons and _poorly_read(document, found.span)
    )


def _poorly_read(document: Document, span: Span) -> bool:
    return any(word.confidence < _UNSURE for word in document.words_in(span))


def _rules(kind: Segment | None, number: Found, day: Found, issuer: str, signature: Signature | None) -> tuple[str, ...]:
    rules = (kind.rule if kind else "", number.rule, day.rule, issuer, signature.rule if signature else "")
    return tuple(dict.fromkeys(rule for rule in rules if rule))
