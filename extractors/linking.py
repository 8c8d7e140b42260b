"""From a document to its tasks: header, outline, prose and tables, made into rows with stable ids."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from extractors.base import Context
from extractors.deadlines import primary
from extractors.findings import Finding
from extractors.glossary import defined_acronyms
from extractors.header import read_header
from extractors.prose import find_prose_tasks
from extractors.references import find_references
from extractors.structure import outline as read_outline
from extractors.tasktables import find_table_tasks
from extractors.unitwords import UnitName
from models.records import Deadline, Document, Extraction, Header, Span, Task, Unit

DOUBTFUL = 0.6
_NOT_A_LETTER = re.compile(r"[\W_]+")


def extract(document: Document) -> Extraction:
    """Find everything a document says: pure, the same document always gives the same extraction."""
    header = read_header(document)
    context = Context(header.language, header.date, *_years(header), defined_acronyms(document.text, header.language))
    outline = read_outline(document, header.language)
    findings = find_prose_tasks(outline, context, header.addressees) + find_table_tasks(document, outline, context)
    findings = [finding for finding in findings if not _is_title(finding, header, document.text)]
    findings.sort(key=lambda finding: finding.passage.start)
    document_id = _digest("document", *_identity(header, document), length=16)
    tasks = _tasks(document, header, _without_repeats(findings, document.text))
    return Extraction(document, document_id, header, tasks)


def _years(header: Header) -> tuple[int, int]:
    """Return the first and last year a title speaks of, (0, 0) where it names none."""
    years = [int(year) for year in re.findall(r"(?<![\d/.-])(?:19|20)\d\d(?![\d/])", header.title)]
    return (min(years), max(years)) if years and max(years) - min(years) <= 1 else (0, 0)


def _is_title(finding: Finding, header: Header, text: str) -> bool:
    words = _letters(finding.passage.of(text))
    return bool(words) and words in _letters(header.title)


def _identity(header: Header, document: Document) -> tuple[str, ...]:
    """Return what makes the directive itself, whatever file it is found in."""
    if header.number and header.date:
        return _letters(header.number), header.date.isoformat(), _letters(header.issuer), header.language
    return (_letters(document.text),)


def _letters(text: str) -> str:
    return _NOT_A_LETTER.sub("", unicodedata.normalize("NFKC", text).casefold())


def _digest(*parts: str, length: int) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:length]


def _without_repeats(findings: Sequence[Finding], text: str) -> list[Finding]:
    """Drop a finding whose words lie within another's."""
    kept: list[Finding] = []
    for finding in findings:
        if not any(finding.action.within(other.action) for other in kept):
            kept.append(finding)
    return kept


def _tasks(document: Document, header: Header, findings: Sequence[Finding]) -> tuple[Task, ...]:
    seen: Counter[str] = Counter()
    identity = _identity(header, document)
    tasks: list[Task] = []
    for finding in findings:
        words = _letters(finding.action.of(document.text))
        seen[words] += 1
        task_id = _digest("task", *identity, words, str(seen[words]), length=16)
        tasks.append(_task(task_id, finding, document, header))
    return tuple(tasks)


def _task(task_id: str, finding: Finding, document: Document, header: Header) -> Task:
    deadline = primary(finding.deadlines)
    references = find_references(finding.passage.of(document.text), header.language)
    own = header.number
    return Task(
        id=task_id,
        span=finding.passage,
        action=finding.action,
        text=_task_text(finding, deadline, document.text),
        section=finding.section,
        page=document.page_of(finding.passage.start),
        leads=_units(finding.leads, finding.rules),
        coordinators=_units(finding.coordinators, finding.rules),
        deadline=deadline,
        deliverable=finding.deliverable,
        references=tuple(dict.fromkeys(ref.number for ref in references if ref.number != own)),
        confidence=_confidence(finding, document),
        reasons=_reasons(finding, deadline, document),
        rules=tuple(dict.fromkeys((*finding.rules, *((deadline.rule,) if deadline and deadline.rule else ())))),
    )


def _units(names: Sequence[UnitName], rules: Sequence[str]) -> tuple[Unit, ...]:
    rule = rules[0] if rules else ""
    return tuple(Unit(name.name, name.span, rule=rule) for name in names)


def _task_text(finding: Finding, deadline: Deadline | None, text: str) -> str:
    """Return the action's words without a deadline that stands at their end."""
    span = finding.action
    if deadline and deadline.span.within(span) and not text[deadline.span.end : span.end].strip(" .;:,)"):
        span = Span(span.start, deadline.span.start)
    words = " ".join(span.of(text).split()).strip(" ,;:")
    return words.rstrip(" .(") if len(words) > 8 else " ".join(finding.action.of(text).split())


def _page_quality(finding: Finding, document: Document) -> float:
    number = document.page_of(finding.passage.start)
    return next((page.quality for page in document.pages if page.number == number), 1.0)


def _confidence(finding: Finding, document: Document) -> float:
    return round(finding.confidence * min(1.0, 0.5 + _page_quality(finding, document) / 2), 2)


def _reasons(finding: Finding, deadline: Deadline | None, document: Document) -> tuple[str, ...]:
    reasons = list(finding.reasons)
    if not finding.leads:
        reasons.append("lead-missing")
    if finding.confidence < DOUBTFUL:
        reasons.append("task-doubtful")
    if _page_quality(finding, document) < 0.8:
        reasons.append("reading-poor")
    return tuple(dict.fromkeys([*reasons, *(deadline.reasons if deadline else ())]))
