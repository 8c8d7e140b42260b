"""What made a row of the register, in plain words: the passage, its place, the rules that fired, and the doubts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from extractors import lexicon
from extractors.lexicon import Rule
from models.errors import message
from models.records import Document, Extraction, Language, Span, Task, Unit

# The column a rule of a task table recognises -> what it gave to the row.
_BY_ROLE = {
    "task": "gave-task",
    "leads": "gave-lead",
    "coordinators": "gave-coordinators",
    "deadline": "gave-deadline",
    "product": "gave-product",
}


def explain(extraction: Extraction, task: Task, language: Language) -> Iterator[str]:
    """Yield the lines of an explanation, in the reader's language."""

    def say(code: str, **values: object) -> str:
        return message(code, language, values)

    header, document = extraction.header, extraction.document
    yield f"{task.id}: {task.text}"
    yield f"  “{' '.join(task.span.of(document.text).split())}”"
    yield say("explain-document", number=header.number, title=header.title, date=header.date or "-")
    yield say("explain-where", file=document.file_name, page=task.page, section=task.section or "-")
    yield from (say("explain-lead", **_unit(unit, document)) for unit in task.leads)
    yield from (say("explain-coordinator", **_unit(unit, document)) for unit in task.coordinators)
    yield _deadline(task, document, language)
    yield say("explain-confidence", confidence=f"{task.confidence:.2f}")
    if task.reasons:
        yield say("explain-doubts")
        yield from (f"  {reason}: {message(reason, language)}" for reason in task.reasons)
    yield say("explain-rules")
    yield from (f"  {_rule(rule_id, task, header.language, language)}" for rule_id in task.rules)


def _unit(unit: Unit, document: Document) -> Mapping[str, object]:
    return {"name": unit.name, **_words(unit.span, document)}


def _words(span: Span, document: Document) -> Mapping[str, object]:
    return {"words": " ".join(span.of(document.text).split()), "page": document.page_of(span.start)}


def _deadline(task: Task, document: Document, language: Language) -> str:
    deadline = task.deadline
    if deadline is None or (deadline.kind == "none" and not deadline.text):
        return message("explain-no-deadline", language)
    days = " – ".join(day.isoformat() for day in (deadline.start, deadline.due) if day)
    parts = [part for part in (deadline.bound, days, deadline.recurrence, deadline.base) if part]
    kind = message(f"kind-{deadline.kind}", language)
    reading = f" ({', '.join(parts)})" if parts else ""
    return message("explain-deadline", language, {**_words(deadline.span, document), "kind": kind, "days": reading})


def _rule(rule_id: str, task: Task, language: Language, reader: Language) -> str:
    found = find_rule(rule_id, language)
    gave = ", ".join(message(code, reader) for code in _gave(rule_id, task, found[1] if found else None))
    if found is None:
        return message("explain-layout", reader, {"rule": rule_id, "gave": gave})
    file, rule = found
    example = " ".join(rule.takes[0].text.split())
    return message("explain-rule", reader, {"rule": rule_id, "file": file, "gave": gave, "example": example})


def _gave(rule_id: str, task: Task, rule: Rule | None) -> list[str]:
    """Return what a rule gave to the row, as message codes."""
    role = str(rule.values.get("role", "")) if rule else ""
    if role:
        return [_BY_ROLE.get(role, "gave-context")]
    gave = {
        "gave-task": bool(task.rules) and task.rules[0] == rule_id,
        "gave-lead": any(unit.rule == rule_id for unit in task.leads),
        "gave-coordinators": any(unit.rule == rule_id for unit in task.coordinators),
        "gave-deadline": task.deadline is not None and task.deadline.rule == rule_id,
    }
    return [code for code, holds in gave.items() if holds] or ["gave-context"]


def find_rule(rule_id: str, language: Language) -> tuple[str, Rule] | None:
    """Return the file of a rule and the rule itself; None for what the layout alone has shown."""
    for kind in lexicon.kinds(language):
        for rule in lexicon.load(language, kind).rules:
            if rule.id == rule_id:
                return f"extractors/languages/{language}/{kind}.toml", rule
    return None
