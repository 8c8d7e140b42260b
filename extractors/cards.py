"""Cards: an action told in some sentences, and lines below that give its fields ("Responsible: ...", "Срок: ...")."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, utils

from extractors.base import Context
from extractors.fields import Field, filled, read_field
from extractors.findings import Finding
from extractors.points import Outline
from extractors.unitwords import UnitName
from models.records import Span

_SAME_NAME = 90  # of 100: rapidfuzz's token set ratio
_FIELDS_OF_A_FORM = 2  # field lines from which a card is a form that tells of one action


@dataclass(frozen=True, slots=True)
class Card:
    """Points that tell an action, and the field lines below them; `lines` are the points of the fields with what runs
    on from them. All points by index."""

    body: tuple[int, ...]
    lines: tuple[int, ...]
    fields: tuple[tuple[int, Field], ...]


def find_cards(outline: Outline, context: Context) -> list[Card]:
    """Return the cards of a document. A card begins at a heading, or after the fields of the one before it; a numbered
    point after fields begins one, and so does a field that this card has already."""
    found: list[Card] = []
    body: list[int] = []
    loose: list[int] = []  # behind a field: it runs on, or is the next card's
    fields: list[tuple[int, Field]] = []
    for point in outline.points:
        line = None if point.is_table or point.heading else read_field(outline.text, point, context)
        again = line and loose and any(line.rule == field.rule for _, field in fields)
        opens = point.is_table or point.block.kind == "heading" or bool(point.style and fields)
        if again or (opens and not line):
            found += _closed(body, fields)
            body, loose, fields = (loose if again else []), [], []
        if line:
            fields.append((point.index, line))
            loose = []
        else:
            (loose if fields else body).append(point.index)
    return found + _closed(body, fields)


def _closed(body: Sequence[int], fields: Sequence[tuple[int, Field]]) -> list[Card]:
    """Return the card of a body and its fields, none where there are no fields."""
    if not fields:
        return []
    return [Card(tuple(body), tuple(range(fields[0][0], fields[-1][0] + 1)), tuple(fields))]


def with_fields(
    cards: Sequence[Card], findings: Sequence[Finding], origins: Sequence[int], outline: Outline
) -> list[Finding]:
    """Fill the fields of cards in where their tasks don't say them themselves, and leave out what only explains the
    task of a form. `origins` are the points that the findings come from."""
    result = dict(enumerate(findings))
    for card in cards:
        told = [place for place, origin in enumerate(origins) if _belongs(origin, card, outline)]
        for place, task in _explaining(card, told, origins, outline):
            if _only_explains(findings[place], card):
                passage = Span(result[task].passage.start, findings[place].passage.end)
                result[task] = replace(result[task], passage=passage)
                del result[place]
        for _, field in card.fields:
            named = [place for place, origin in enumerate(origins) if field.point and _is_below(origin, field, outline)]
            for place in named or told:
                if place in result:
                    result[place] = filled(result[place], field)
    return list(result.values())


def _belongs(origin: int, card: Card, outline: Outline) -> bool:
    """Tell whether a point is one of those that the fields are said of: it stands where the first field line does, or
    below; a line below a bullet is said of the bullets beside it too."""
    if origin not in card.body:
        return False
    scope = outline.points[card.lines[0]].parent
    scopes = {scope}
    while scope >= 0 and outline.points[scope].style.startswith("bullet"):
        scope = outline.points[scope].parent
        scopes.add(scope)
    task = outline.points[origin]
    return not scopes.isdisjoint({origin, task.parent, *(parent.index for parent in outline.ancestors(task))})


def _is_below(origin: int, field: Field, outline: Outline) -> bool:
    """Tell whether a point is the one that a field names, or stands below it ("Срок по пункту 2: ...")."""
    point = outline.points[origin]
    return any(field.point == other.label for other in (point, *outline.ancestors(point)))


def _explaining(card: Card, told: Sequence[int], origins: Sequence[int], outline: Outline) -> Iterator[tuple[int, int]]:
    """Yield the findings that explain the task of a form, each with that task: all but the first of a point; where no
    point is numbered or has a bullet, all but the first."""
    if len({field.role for _, field in card.fields} & {"leads", "deadline"}) < _FIELDS_OF_A_FORM:
        return
    listed = any(outline.points[origins[place]].style for place in told)
    tasks: dict[int, int] = {}
    for place in told:
        task = tasks.setdefault(origins[place] if listed else -1, place)
        if task != place:
            yield place, task


def _only_explains(finding: Finding, card: Card) -> bool:
    """Tell whether a sentence orders nobody to do anything, sets no day, and is about those who are responsible."""
    return finding.kind != "assign" and not finding.dated and _are_of(finding.leads, card)


def _are_of(names: Sequence[UnitName], card: Card) -> bool:
    """Tell whether names are those that the card makes responsible, or theirs by initials or in part."""
    theirs = [unit.name for _, field in card.fields for unit in field.units]
    theirs += ["".join(word[0] for word in name.split() if word[0].isupper()) for name in theirs]
    alike = functools.partial(fuzz.token_set_ratio, processor=utils.default_process, score_cutoff=_SAME_NAME)
    return all(any(alike(unit.name, name) for name in theirs) for unit in names)
