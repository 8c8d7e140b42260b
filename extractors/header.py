"""What a document says of itself: language, kind, number, date, issuer, title, signer, addressees, papers cited."""

from __future__ import annotations

import re
from typing import cast

from extractors.addressing import find_addressees, find_issuer, find_title
from extractors.identity import Found, below_signature, find_date, find_number
from extractors.letterhead import Segment, Sheet, first_match, read_sheet, rules_of
from extractors.lexicon import languages, load
from extractors.references import find_references
from extractors.reported import Report, find_report
from extractors.signature import Signature, find_signature
from models.records import Document, DocumentReference, DocumentType, Header, Language, Span

_SAMPLE = 40_000  # characters that tell the language
_LETTER = 0.35  # weight of a word that only one language would spell so; a function word counts 1
_STAMP = 6  # lines of an approval stamp
UNSURE = 0.85  # confidence of a word below which a number or date is doubtful
_WORD = re.compile(r"[^\W\d_]+")


def detect_language(text: str) -> Language:
    """Return the language of a text, by its function words and by spellings that only one language has."""
    words = _WORD.findall(text[:_SAMPLE].casefold())
    scores = {language: _score(words, language) for language in languages()}
    return max(scores, key=lambda language: scores[language])


def _score(words: list[str], language: Language) -> float:
    file = load(language, "header")
    function, plain = set(file.words["function_words"]), set(file.words["plain_words"])
    letters = file.pattern(file.parts["letters"])
    return sum(
        1.0 if word in function else 0.5 if word in plain else _LETTER if letters.search(word) else 0.0
        for word in words
    )


def read_header(document: Document) -> Header:
    """Return everything a document says of itself. What it doesn't say stays empty; what it leaves blank is flagged."""
    language = detect_language(document.text)
    sheet = read_sheet(document, language)
    signature = find_signature(sheet)
    kind = _kind(sheet)
    report = find_report(document, sheet) if _may_report(document, sheet, kind) else None
    tail = below_signature(sheet, signature)
    number = find_number(document, sheet, tail, report)
    day = find_date(document, sheet, tail, report, kind)
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
        reasons=(
            *number.reasons,
            *day.reasons,
            *_doubts(document, number, day, bool((kind and kind.alone) or sheet.of("motto"))),
        ),
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
    return numbered and any(0 < kind.line - stamp <= _STAMP for stamp in stamps)


def _may_report(document: Document, sheet: Sheet, kind: Segment | None) -> bool:
    """Tell whether a document may be a web article: it has no letterhead of its own."""
    own = sheet.of("motto", "number", "annex", "parent", "approval")
    return not own and not (kind and (kind.alone or kind.values.get("number")))


def _type(sheet: Sheet, kind: Segment | None, number: str, report: Report | None) -> DocumentType:
    """Return the kind of paper: by its kind line, the paper reported, the addressee line, the number's symbol."""
    said = kind.type if kind else ""
    if not said and report:
        found = first_match(sheet.language, "kind", report.values["kind"].capitalize())
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


def _doubts(document: Document, number: Found, day: Found, letterhead: bool) -> tuple[str, ...]:
    """Return reasons for a number or date that a scan shows poorly, or not at all where a paper must have it."""
    scanned = document.pages[0].method == "ocr" and letterhead
    return (
        *(("header-number-missing",) if scanned and not number.number and not number.reasons else ()),
        *(("header-date-missing",) if scanned and not day.date and not day.reasons else ()),
        *_poor(document, number, day),
    )


def _poor(document: Document, number: Found, day: Found) -> tuple[str, ...]:
    return tuple(
        code
        for code, found in (("header-number-doubtful", number), ("header-date-doubtful", day))
        if found.span and not found.reasons and _poorly_read(document, found.span)
    )


def _poorly_read(document: Document, span: Span) -> bool:
    return any(word.confidence < UNSURE for word in document.words_in(span))


def _rules(
    kind: Segment | None, number: Found, day: Found, issuer: str, signature: Signature | None
) -> tuple[str, ...]:
    rules = (kind.rule if kind else "", number.rule, day.rule, issuer, signature.rule if signature else "")
    return tuple(dict.fromkeys(rule for rule in rules if rule))
