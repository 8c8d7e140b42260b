"""Switches off each part of the extraction in turn and says what that does to the score; names rules of one document.

    python -m benchmarks.ablation [--rules]

The gold set counts where it lies beside this checkout. A part that changes nothing when it is off earns no place. A
rule that is right in one document only may be made for that document: it is listed with how often it was right and
wrong. Some minutes on one core; scans are read once and kept in outputs/readings.
"""

from __future__ import annotations

import contextlib
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from types import MappingProxyType, ModuleType
from typing import Any
from unittest.mock import patch

from benchmarks.annotated import Collection, collections
from extractors import assignments, clauses, linking, morphology, openings, prose, structure
from extractors.findings import Finding
from extractors.openings import Inherited
from extractors.points import Outline
from extractors.registry import Registry
from models.records import LANGUAGES
from pipeline.register import Row
from pipeline.score import Figures, pair, score

Off = Callable[[], AbstractContextManager[object]]


def main(arguments: Sequence[str]) -> int:
    sets = collections()
    if "--rules" not in arguments:
        for line in ablation_lines(sets):
            print(line, flush=True)
        print()
    registers = [(each, each.rows(linking.extract)) for each in sets]
    for line in (*rule_lines(registers), "", *identified_lines(registers)):
        print(line)
    return 0


def ablation_lines(sets: Sequence[Collection]) -> Iterator[str]:
    """Yield a table: the figures with everything on, and for each part what is lost with it off, in points of 100."""
    heads = ("F1", "lead", "coord", "due", "row", *(f"row {language}" for language in LANGUAGES))
    yield _line("", [[each.name, *[""] * (len(heads) - 1)] for each in sets])
    yield _line("part switched off", [heads for _ in sets])
    whole = [figures(each) for each in sets]
    yield _line("(none)", [[f"{100 * value:.1f}" for value in values] for values in whole])
    for name, off in PARTS.items():
        with off():
            found = [figures(each) for each in sets]
        yield _line(name, [_changes(values, before) for values, before in zip(found, whole, strict=True)])


def _changes(values: Sequence[float], before: Sequence[float]) -> list[str]:
    return [f"{100 * (value - full):+.1f}" for value, full in zip(values, before, strict=True)]


def _line(name: str, groups: Sequence[Sequence[str]]) -> str:
    return f"{name:34}" + " |".join("".join(f"{cell:>7}" for cell in cells) for cells in groups)


def figures(each: Collection) -> tuple[float, ...]:
    """Return F1, lead, coordinators, due and row F1 of a collection, then the row F1 of each language."""
    found = score(each.rows(linking.extract), each.gold).figures
    by_language = (found[f"language {language}"].row_f1 for language in LANGUAGES)
    total: Figures = found["all"]
    return (total.f1, total.lead, total.coord, total.due, total.row_f1, *by_language)


def rule_lines(registers: Sequence[tuple[Collection, Sequence[Row]]]) -> Iterator[str]:
    """Yield the rules whose right rows all come from one document, with how often they were right and wrong."""
    right: defaultdict[str, Counter[str]] = defaultdict(Counter)
    wrong: Counter[str] = Counter()
    for document, row, is_task in _judged(registers):
        for rule in row["rules"].split("; "):
            if is_task:
                right[rule][document] += 1
            else:
                wrong[rule] += 1
    yield f"{'rules that are right in one document only':50} {'right':>6} {'wrong':>6}  document"
    for rule, documents in sorted(right.items()):
        if len(documents) == 1:
            yield f"{rule:50} {documents.total():6d} {wrong[rule]:6d}  {next(iter(documents))}"
    for rule in sorted(wrong.keys() - right.keys()):
        yield f"{rule:50} {0:6d} {wrong[rule]:6d}  none"


def identified_lines(registers: Sequence[tuple[Collection, Sequence[Row]]]) -> Iterator[str]:
    """Yield how many leads have an id: what the registry gives, of which the figures above know nothing."""
    for each, register in registers:
        for language in LANGUAGES:
            own = [row for row in register if row["language"] == language]
            names = sum(len(row["lead_unit"].split("; ")) for row in own if row["lead_unit"])
            known = sum(bool(unit_id) for row in own for unit_id in row["lead_unit_id"].split("; "))
            yield f"{each.name} {language}: {known} of {names} leads have an id"


def _judged(registers: Sequence[tuple[Collection, Sequence[Row]]]) -> Iterator[tuple[str, Row, bool]]:
    """Yield each row with its document, forms of one document under one name, and whether it is a firm task."""
    for each, register in registers:
        for document in each.gold:
            tasks = document["tasks"]
            own = [row for row in register if row["source_file"] == document["document"]]
            firm = {found.row for found in pair(own, tasks) if tasks[found.task].get("core", True)}
            name = str(document["document"]).rpartition(".")[0]
            yield from ((name, row, place in firm) for place, row in enumerate(own))


def _patched(*replacements: tuple[ModuleType, str, object]) -> Off:
    """Return a switch that puts something else in the place of some names while it is off."""

    @contextlib.contextmanager
    def off() -> Iterator[None]:
        with ExitStack() as stack:
            for module, name, value in replacements:
                stack.enter_context(patch.object(module, name, value))
            yield

    return off


def _without(**fields: object) -> Off:
    """Return a switch after which headings and lead-ins pass some things on to nobody."""

    def emptied(function: Callable[..., Inherited]) -> Callable[..., Inherited]:
        return lambda *arguments: replace(function(*arguments), **fields)  # type: ignore[arg-type]

    names = ("opened", "carried_by", "addressed_to")
    return _patched(*((prose, name, emptied(getattr(openings, name))) for name in names))


def _same(value: Any, *_: object) -> Any:
    return value


def _nothing(*_: object) -> list[Any]:
    return []


def _outline_without_roles(*arguments: Any) -> Outline:
    outline = _READ_OUTLINE(*arguments)
    return replace(outline, points=tuple(replace(point, role="") for point in outline.points))


def _flat_outline(*arguments: Any) -> Outline:
    outline = _READ_OUTLINE(*arguments)
    points = (replace(point, parent=-1, lead_in=False) for point in outline.points)
    return replace(outline, points=tuple(points))


def _unmerged(found: Sequence[Finding], rows: Sequence[Finding], _: str) -> list[Finding]:
    return sorted([*found, *rows], key=lambda finding: finding.passage.start)


_READ_OUTLINE = structure.outline
_NO_UNITS = Registry(MappingProxyType({}))
PARTS: Mapping[str, Off] = {
    "kinds of sections": _patched((linking, "read_outline", _outline_without_roles)),
    "points within points": _patched((linking, "read_outline", _flat_outline)),
    "frames of wording": _patched(*((module, "analyse", lambda *_: None) for module in (prose, clauses, openings))),
    "points of a list without a frame": _patched((clauses, "begins_item", lambda *_: False)),
    "running text": _patched((linking, "find_prose_tasks", _nothing)),
    "tables": _patched((linking, "find_table_tasks", _nothing)),
    "cards of fields": _patched((prose, "find_cards", _nothing)),
    "leads passed down": _without(leads=(), rules=()),
    "coordinators passed down": _without(coordinators=()),
    "deadlines passed down": _without(deadlines=()),
    "leads that run on": _patched((prose, "_with_running", lambda _reading, _point, above: above)),
    "lead of a document that has one": _patched((prose, "_with_only_lead", _same)),
    "orientation left out": _patched((prose, "_without_orientation", _same)),
    "lead-ins without points": _patched((prose, "_childless", _nothing)),
    "sentences split into clauses": _patched((clauses, "_joints", _nothing)),
    "sentences that explain": _patched((clauses, "_explains", lambda *_: False)),
    "defined short forms": _patched((linking, "defined_acronyms", lambda *_: frozenset())),
    "morphology: verbs": _patched((assignments, "_verb_mark", lambda _: "")),
    "morphology: nominative": _patched((morphology, "nominative", _same)),
    "prose and table told once": _patched((linking, "merged", _unmerged)),
    "unit registry": _patched((linking, "starter", lambda: _NO_UNITS)),
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
