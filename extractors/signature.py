"""Who signed a document: the name beside or below an office, before the first annex, or in the approval stamp."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.letterhead import Line, Sheet, first_match
from models.records import Language

_NAME_WITHIN = 10  # lines between the office and the name: stamps and a distribution list may stand between
_STAMP_LINES = 6
_OFFICE_LINES = 3  # lines over which the name of an office may run, with the person at the end


@dataclass(frozen=True, slots=True)
class Signature:
    """A name, the index of its line and the rule that found it."""

    name: str
    line: int
    rule: str


def find_signature(sheet: Sheet) -> Signature | None:
    """Return the signature of the first paper, or the approval stamp's, or the memo's sender's."""
    return _stamp(sheet) or _closing(sheet) or _sender(sheet)


def first_annex(sheet: Sheet, start: int) -> int:
    """Return the index of the first line at or after the start that begins an annex, or the number of lines."""
    for index in range(start, len(sheet.lines)):
        line = sheet.lines[index]
        if not line.table and first_match(sheet.language, "annex", line.text):
            return index
    return len(sheet.lines)


def _stamp(sheet: Sheet) -> Signature | None:
    for approval in sheet.of("approval"):
        for index in range(approval.line, min(approval.line + _STAMP_LINES, len(sheet.lines))):
            found = _signed(sheet, index) or _named(sheet, index)
            if found:
                return found
    return None


def _closing(sheet: Sheet) -> Signature | None:
    end = first_annex(sheet, sheet.body)
    for index in range(sheet.body, end):
        found = _signed(sheet, index) or _by_capacity(sheet, index, end)
        if found:
            return found
    return None


def _sender(sheet: Sheet) -> Signature | None:
    for sender in sheet.of("sender"):
        if sender.values.get("name"):
            return Signature(sender.values["name"], sender.line, sender.rule)
        following = sheet.lines[sender.line + 1 : sender.line + 2]
        found = first_match(sheet.language, "sender", f"{sender.text} {following[0].text}") if following else None
        if found and found[1].groupdict().get("name"):
            return Signature(found[1]["name"], sender.line + 1, found[0].id)
    return None


def _signed(sheet: Sheet, index: int) -> Signature | None:
    """Return the signature of a line that holds office and name."""
    line = sheet.lines[index]
    found = None if line.table else first_match(sheet.language, "signature", line.text)
    return Signature(found[1]["name"].strip(), index, found[0].id) if found else None


def _named(sheet: Sheet, index: int) -> Signature | None:
    line = sheet.lines[index]
    name = "" if line.table else name_in(line.text, sheet.language)
    return Signature(name, index, "name") if name else None


def _by_capacity(sheet: Sheet, index: int, end: int) -> Signature | None:
    """Return the name that goes with an office that has a line for itself."""
    line = sheet.lines[index]
    found = None if line.table else first_match(sheet.language, "capacity", line.text)
    if not found:
        return None
    rule, match = found
    inline = name_in(match["rest"] or "", sheet.language)
    if inline:
        return Signature(inline, index, rule.id)
    if rule.values.get("name") == "beside" and index > sheet.body:
        before = name_in(sheet.lines[index - 1].text, sheet.language)
        if before:
            return Signature(before, index, rule.id)
    reach = 1 if rule.values.get("name") == "beside" else _NAME_WITHIN
    return _name_below(sheet, range(index + 1, min(index + 1 + reach, end)), rule.id)


def _name_below(sheet: Sheet, indexes: range, rule: str) -> Signature | None:
    for index in indexes:
        line: Line = sheet.lines[index]
        if line.table:
            return None
        name = name_in(line.text, sheet.language)
        tail = first_match(sheet.language, "name-tail", line.text) if index - indexes.start < _OFFICE_LINES else None
        if name or tail:
            return Signature(name or (tail[1]["name"] if tail else ""), index, rule)
    return None


def name_in(text: str, language: Language) -> str:
    """Return the name of a person that a line consists of, or an empty text."""
    if not text.strip() or first_match(language, "not-name", text):
        return ""
    found = first_match(language, "name", text)
    return found[1]["name"].strip() if found else ""
