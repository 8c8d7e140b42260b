"""What a document says of others that it amends: which ones, and which deadlines it changes, and where it says so.

The rules stand in `amendments.toml` of each language. A document amends another only where its title or the start of a
paragraph says so: what it cites may be an amendment of something else. What is changed in a way that no rule reads is a
change all the same, so that nobody takes the old words for the present ones.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from extractors.base import Context, years_of
from extractors.deadlines import primary, read_deadline_cell
from extractors.lexicon import Rule, RuleFile, load
from extractors.pairing import DeadlineCells, deadline_cells, number_parts
from extractors.references import find_references
from models.records import DocumentReference, Extraction, Language, Span


@dataclass(frozen=True, slots=True)
class Target:
    """A document that is amended, as the amending one cites it: its number, what it is made of, and its date."""

    number: str
    digits: tuple[str, ...]
    letters: str
    date: datetime.date | None


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is changed: at which point (innermost label first), and where it is a deadline, its day before and
    its register cells from now on. `tasks` are the places of the amending document's own tasks that restate it."""

    rule: str
    span: Span
    place: tuple[str, ...] = ()
    before: datetime.date | None = None
    after: DeadlineCells | None = None
    tasks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Amendment:
    """The documents that a document amends, and the changes that it makes, in text order."""

    targets: tuple[Target, ...]
    changes: tuple[Change, ...]


def find_amendment(extraction: Extraction) -> Amendment | None:
    """Return what a document amends and how, None where it amends nothing. Spans are of the document's text."""
    header, text = extraction.header, extraction.document.text
    file = load(header.language, "amendments")
    paragraphs = [block.span for block in extraction.document.blocks if not block.cells]
    title = _cited(header.title, "title", file)
    opened = {span: _cited(span.of(text), "opening", file) for span in paragraphs}
    targets = _targets(cited for cited in (title, *opened.values()) if cited)
    if not targets:
        return None
    context = Context(header.language, header.date, *years_of(header.title))
    changes = [found for span in paragraphs for found in _changes(span, text, bool(opened[span]), file, context)]
    return Amendment(targets, tuple(_with_tasks(changes, extraction)))


def _cited(text: str, role: str, file: RuleFile) -> DocumentReference | None:
    """Return the document that a title or paragraph says is amended."""
    for rule in _rules(file, role):
        match = rule.pattern.match(text)
        if match:
            named = Span(*match.span("target"))
            cited = find_references(text, file.language)
            return next((reference for reference in cited if reference.span.overlaps(named)), None)
    return None


def _rules(file: RuleFile, role: str) -> Iterator[Rule]:
    return (rule for rule in file.rules if rule.values["role"] == role)


def _targets(cited: Iterable[DocumentReference]) -> tuple[Target, ...]:
    """Return each document cited once, with its date where it is given anywhere."""
    found: dict[str, Target] = {}
    for each in cited:
        before = found.get(each.number)
        date = each.date or (before.date if before else None)
        found[each.number] = Target(each.number, *number_parts(each.number), date)
    return tuple(found.values())


def _changes(span: Span, text: str, is_opening: bool, file: RuleFile, context: Context) -> Iterator[Change]:
    """Yield the changes that a paragraph makes; one that only leads in to others makes none itself."""
    paragraph = span.of(text)
    read = [change for rule in _rules(file, "change") for change in _read(rule, paragraph, file, context)]
    yield from (replace(change, span=change.span.shifted(span.start)) for change in read)
    leads_in = is_opening and paragraph.rstrip().endswith(":")
    for rule in () if read or leads_in else _rules(file, "act"):
        if rule.pattern.search(paragraph):
            yield Change(rule.id, span, place_in(paragraph, file))
            return


def _read(rule: Rule, paragraph: str, file: RuleFile, context: Context) -> Iterator[Change]:
    for match in rule.pattern.finditer(paragraph):
        before, after = (primary(read_deadline_cell(match[name].strip(), context)) for name in ("before", "after"))
        place = place_in(paragraph[: match.start("before")], file)
        known = before is not None and after is not None and before.due and after.due
        if known and before and after:
            yield Change(rule.id, Span(*match.span()), place, before.due, deadline_cells(after))
        else:
            yield Change(rule.id, Span(*match.span()), place)


def place_in(paragraph: str, file: RuleFile) -> tuple[str, ...]:
    """Return the labels of the point that a paragraph speaks of, in its order; its own label is none of them."""
    own = file.pattern(file.parts["label"]).match(paragraph)
    found = file.pattern(file.parts["place"]).finditer(paragraph, own.end() if own else 0)
    return tuple(match["place"].strip("(").casefold() for match in found)


def _with_tasks(changes: Sequence[Change], extraction: Extraction) -> Iterator[Change]:
    """Give each change that no rule has read the tasks that stand below it, up to the next change."""
    tasks = sorted(extraction.tasks, key=lambda task: task.span.start)
    starts = [change.span.start for change in changes] + [len(extraction.document.text)]
    for change, end in zip(changes, starts[1:], strict=True):
        below = range(change.span.start, end) if change.after is None else range(0)
        yield replace(change, tasks=tuple(place for place, task in enumerate(tasks) if task.action.start in below))


def amendment_values(rule: Rule, text: str, language: Language) -> dict[str, str]:
    """Return what a rule reads from a text: the number amended, or the words before and after."""
    match = re.compile(rule.pattern).search(text)
    if match is None:
        return {}
    cited = _cited(text, rule.values["role"], load(language, "amendments")) if "target" in match.groupdict() else None
    said = {name: words for name, words in match.groupdict().items() if name in ("before", "after") and words}
    return said | ({"number": cited.number} if cited else {})
