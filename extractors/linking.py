"""From a document to its tasks: header, outline, prose and tables, made into rows with stable ids."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from extractors.base import Context, years_of
from extractors.confidence import DOUBTFUL, is_inferred, row_confidence
from extractors.dates import day_first
from extractors.deadlines import primary
from extractors.findings import Finding
from extractors.glossary import defined_acronyms
from extractors.header import UNSURE, read_header
from extractors.merging import letters, merged
from extractors.prose import find_prose_tasks
from extractors.references import find_references
from extractors.registry import Registry, country_of, current, find, starter
from extractors.structure import outline as read_outline
from extractors.tasktables import find_table_tasks
from extractors.unitwords import UnitName
from models.records import Deadline, Document, Extraction, Header, Language, Span, Task, Unit


def extract(document: Document, units: Registry | None = None) -> Extraction:
    """Find everything a document says: pure, the same document and registry always give the same extraction."""
    header = read_header(document)
    language = header.language
    acronyms, order = defined_acronyms(document.text, language), day_first(document.text, language)
    context = Context(language, header.date, *years_of(header.title), acronyms, order)
    outline = read_outline(document, language)
    prose = find_prose_tasks(outline, context, header.addressees)
    findings = merged(prose, find_table_tasks(document, outline, context), document.text)
    findings = [finding for finding in findings if not _is_title(finding, header, document.text)]
    document_id = _digest("document", *_identity(header, document), length=16)
    registry = units or starter()
    return Extraction(document, document_id, header, _tasks(document, header, findings, registry))


def _is_title(finding: Finding, header: Header, text: str) -> bool:
    """Tell whether a finding is but the title; a closed sentence that names its unit is none, whatever the header."""
    passage = finding.passage.of(text)
    words = letters(passage)
    closed = finding.named and passage.rstrip().endswith((".", ";"))
    return bool(words) and not closed and words in letters(header.title)


def _identity(header: Header, document: Document) -> tuple[str, ...]:
    """Return what makes the directive itself, whatever file it is found in."""
    if header.number and header.date:
        return letters(header.number), header.date.isoformat(), letters(header.issuer), header.language
    return (letters(document.text),)


def _digest(*parts: str, length: int) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:length]


def _tasks(document: Document, header: Header, findings: Sequence[Finding], registry: Registry) -> tuple[Task, ...]:
    seen: Counter[str] = Counter()
    identity = _identity(header, document)
    ids: dict[Span, str] = {}
    for finding in findings:
        words = letters(finding.action.of(document.text))
        seen[words] += 1
        ids[finding.action] = _digest("task", *identity, words, str(seen[words]), length=16)
    naming = _naming(registry, header, document)
    return tuple(_task(ids, finding, document, header, naming) for finding in findings)


@dataclass(frozen=True, slots=True)
class _Naming:
    """What tells which body a name stands for."""

    registry: Registry
    language: Language
    on: date | None
    country: str

    def units(self, names: Sequence[UnitName], rules: Sequence[str]) -> tuple[Unit, ...]:
        rule = rules[0] if rules else ""
        return tuple(Unit(name.name, name.span, self._id(name.name), rule) for name in names)

    def _id(self, name: str) -> str:
        match = find(self.registry, name, self.language, self.on, self.country)
        if match is None:
            return ""
        return current(self.registry, match.id, self.on) if self.on else match.id

    def again(self, units: Sequence[Unit]) -> tuple[Unit, ...]:
        return tuple(replace(unit, id=self._id(unit.name)) for unit in units)


def _naming(registry: Registry, header: Header, document: Document) -> _Naming:
    return _Naming(registry, header.language, header.date, country_of(document.text, header.language))


def with_units(extraction: Extraction, units: Registry) -> Extraction:
    """Match the units of what was found with another registry; all else stays."""
    naming = _naming(units, extraction.header, extraction.document)
    tasks = (
        replace(task, leads=naming.again(task.leads), coordinators=naming.again(task.coordinators))
        for task in extraction.tasks
    )
    return replace(extraction, tasks=tuple(tasks))


def _task(ids: Mapping[Span, str], finding: Finding, document: Document, header: Header, naming: _Naming) -> Task:
    deadline = _as_read(primary(finding.deadlines), document)
    references = find_references(finding.passage.of(document.text), header.language)
    own = header.number
    return Task(
        id=ids[finding.action],
        span=finding.passage,
        action=finding.action,
        text=_task_text(finding, deadline, document.text),
        section=finding.section,
        page=document.page_of(finding.passage.start),
        leads=naming.units(finding.leads, finding.rules),
        coordinators=naming.units(finding.coordinators, finding.rules),
        deadline=deadline,
        deliverable=finding.deliverable,
        parent_id=ids.get(finding.parent, "") if finding.parent else "",
        also_at=finding.also_at,
        references=tuple(dict.fromkeys(ref.number for ref in references if ref.number != own)),
        confidence=row_confidence(finding, deadline, _page_quality(finding, document)),
        reasons=_reasons(finding, deadline, document),
        rules=_rules(finding, deadline, header.language),
    )


def _as_read(deadline: Deadline | None, document: Document) -> Deadline | None:
    """Say of a deadline that a word of it was hard to read: a figure may be another."""
    if deadline is None or all(word.confidence >= UNSURE for word in document.words_in(deadline.span)):
        return deadline
    return replace(deadline, reasons=(*deadline.reasons, "deadline-hard-to-read"))


def _rules(finding: Finding, deadline: Deadline | None, language: Language) -> tuple[str, ...]:
    """Return the ids of the rules that made the row; a deadline that stands above the task says so."""
    rules = [*finding.rules]
    if deadline:
        rules += [deadline.rule, *([] if finding.dated else [f"{language}.deadline.inherited"])]
    return tuple(dict.fromkeys(rule for rule in rules if rule))


def _task_text(finding: Finding, deadline: Deadline | None, text: str) -> str:
    """Return the action's words without a deadline that stands at their end."""
    span = finding.action
    if deadline and deadline.span.within(span) and not text[deadline.span.end : span.end].strip(" .;:,)"):
        span = Span(span.start, deadline.span.start)
    words = " ".join(span.of(text).split()).strip(" ,;:")
    return words.rstrip(" ./(") if len(words) > 8 else " ".join(finding.action.of(text).split())


def _page_quality(finding: Finding, document: Document) -> float:
    number = document.page_of(finding.passage.start)
    return next((page.quality for page in document.pages if page.number == number), 1.0)


def _reasons(finding: Finding, deadline: Deadline | None, document: Document) -> tuple[str, ...]:
    reasons = list(finding.reasons)
    if not finding.leads:
        reasons.append("lead-missing")
    elif is_inferred(finding):
        reasons.append("lead-inferred")
    if finding.confidence < DOUBTFUL:
        reasons.append("task-doubtful")
    if _page_quality(finding, document) < 0.8:
        reasons.append("reading-poor")
    return tuple(dict.fromkeys([*reasons, *(deadline.reasons if deadline else ())]))
