"""What styles make of Word paragraphs: headings, weight, place, numbers, hidden text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.readers.numbering import numeral
from pipeline.readers.wordruns import NAMESPACE as W
from pipeline.readers.wordruns import on, value

if TYPE_CHECKING:
    from lxml.etree import _Element

_POINTS = 1 / 20  # a twip
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_BORDERS = ("top", "left", "start", "bottom", "right", "end", "insideH", "insideV")
_BULLETS = ("-", "–", "—", "+", "*", "•")


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """How a paragraph looks: what the reader needs of it. `indent` is in points."""

    level: int
    bold: bool
    centered: bool
    indent: float
    hidden: bool
    contents: bool
    next_page: bool
    numbered_alone: bool


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a list: its format, its text with %1 for numbers, where it starts, its indent in points."""

    kind: str
    text: str
    start: int
    indent: float
    legal: bool


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles and lists of a document."""

    by_id: Mapping[str, _Element]
    default: str
    lists: Mapping[str, tuple[str, Mapping[int, Level]]]
    starts: Mapping[str, Mapping[int, int]]

    def chain(self, style_id: str | None) -> Iterator[_Element]:
        """Yield a style and those it is based on."""
        seen: set[str] = set()
        while style_id and style_id in self.by_id and style_id not in seen:
            seen.add(style_id)
            style = self.by_id[style_id]
            yield style
            style_id = value(style.find(f"{W}basedOn"))

    def paragraph(self, element: _Element) -> ParagraphStyle:
        style_id = value(element.find(f"{W}pPr/{W}pStyle")) or self.default
        chain = list(self.chain(style_id))
        name = (value(chain[0].find(f"{W}name")) or "").lower() if chain else ""
        section = element.find(f"{W}pPr/{W}sectPr")
        return ParagraphStyle(
            level=self._level(element, chain),
            bold=self._bold(element, chain),
            centered=self._property(element, chain, "jc") == "center",
            indent=self._indent(element, chain),
            hidden=on(element.find(f"{W}pPr/{W}rPr/{W}vanish")) is True and not _words(element),
            contents=name.startswith("toc ") or name == "table of figures",
            next_page=section is not None and value(section.find(f"{W}type")) != "continuous",
            numbered_alone=any(parent.tag == f"{W}tc" for parent in element.iterancestors()),
        )

    def _property(self, element: _Element, chain: list[_Element], name: str) -> str | None:
        for source in (element, *chain):
            found = source.find(f"{W}pPr/{W}{name}")
            if found is not None:
                return value(found)
        return None

    def _level(self, element: _Element, chain: list[_Element]) -> int:
        level = self._property(element, chain, "outlineLvl")
        if level is not None and level.isdigit():
            return int(level) + 1 if int(level) < 9 else 0
        names = (_HEADING.fullmatch(value(style.find(f"{W}name")) or "") for style in chain)
        return next((int(match[1]) for match in names if match), 0)

    def _bold(self, element: _Element, chain: list[_Element]) -> bool:
        """Tell whether all words of a paragraph are bold."""
        base = next((state for style in chain if (state := on(style.find(f"{W}rPr/{W}b"))) is not None), False)
        runs = [run for run in element.iter(f"{W}r") if _words(run)]
        return bool(runs) and all(self._run_bold(run, base) for run in runs)

    def _run_bold(self, run: _Element, base: bool) -> bool:
        for source in (run, *self.chain(value(run.find(f"{W}rPr/{W}rStyle")))):
            state = on(source.find(f"{W}rPr/{W}b"))
            if state is not None:
                return state
        return base

    def is_hidden(self, run: _Element) -> bool:
        sources = (run, *self.chain(value(run.find(f"{W}rPr/{W}rStyle"))))
        return next((state for source in sources if (state := on(source.find(f"{W}rPr/{W}vanish"))) is not None), False)

    def _indent(self, element: _Element, chain: list[_Element]) -> float:
        for source in (element, *chain):
            found = source.find(f"{W}pPr/{W}ind")
            if found is not None:
                left = found.get(f"{W}left") or found.get(f"{W}start")
                if left is not None:
                    return max(0.0, _number(left) * _POINTS)
        level = self._list_level(element)
        return level[2].indent if level else 0.0

    def _list_level(self, element: _Element) -> tuple[str, int, Level] | None:
        """Return the list of a paragraph, its level in it and what the level looks like."""
        style_id = value(element.find(f"{W}pPr/{W}pStyle")) or self.default
        number: str | None = None
        level: str | None = None
        for source in (element, *self.chain(style_id)):
            properties = source.find(f"{W}pPr/{W}numPr")
            if properties is not None:
                number = number if number is not None else value(properties.find(f"{W}numId"))
                level = level if level is not None else value(properties.find(f"{W}ilvl"))
            if number is not None:
                break
        if number is None or number not in self.lists:
            return None
        depth = int(level) if level and level.isdigit() else 0
        found = self.lists[number][1].get(depth)
        return (number, depth, found) if found else None

    def number(self, element: _Element, counters: dict[str, list[int]]) -> str:
        """Count a paragraph in its list and return its number or bullet as Word shows it; '' where it has none."""
        found = self._list_level(element)
        if found is None:
            return ""
        number, depth, level = found
        key, levels = self.lists[number]
        counts = counters.setdefault(key, [])
        if number not in counters:  # a list that starts anew though it shares its levels with one before it
            counters[number] = []
            for restarted, start in self.starts.get(number, {}).items():
                counts += [0] * (restarted + 1 - len(counts))
                counts[restarted] = start - 1
                del counts[restarted + 1 :]
        for missing in range(len(counts), depth + 1):
            counts.append(levels[missing].start - (missing == depth) if missing in levels else 0)
        counts[depth] += 1
        del counts[depth + 1 :]
        return _shown(level, levels, counts)

    def is_bordered(self, table: _Element) -> bool:
        """Tell whether a table has visible borders: its own, its style's or its cells'."""
        own = table.find(f"{W}tblPr/{W}tblBorders")
        if own is not None and _visible(own):
            return True
        if any(_visible(borders) for borders in table.iter(f"{W}tcBorders")):
            return True
        chain = self.chain(value(table.find(f"{W}tblPr/{W}tblStyle")))
        found = (style.find(f"{W}tblPr/{W}tblBorders") for style in chain)
        return own is None and any(borders is not None and _visible(borders) for borders in found)


def _words(element: _Element) -> str:
    return "".join(text.text or "" for text in element.iter(f"{W}t")).strip()


def _visible(borders: _Element) -> bool:
    sides = (borders.find(f"{W}{side}") for side in _BORDERS)
    return sum(value(side) not in (None, "nil", "none") for side in sides) > 1


def _shown(level: Level, levels: Mapping[int, Level], counts: list[int]) -> str:
    if level.kind == "bullet":
        return level.text if level.text in _BULLETS else "•"
    if level.kind == "none" and "%" not in level.text:
        return level.text.strip()

    def replaced(match: re.Match[str]) -> str:
        place = int(match[1]) - 1
        if place >= len(counts) or place not in levels:
            return ""
        return numeral(counts[place], "decimal" if level.legal else levels[place].kind)

    return re.sub(r"%(\d)", replaced, level.text).strip()


def _number(text: str) -> float:
    match = re.match(r"-?\d+(?:\.\d+)?", text)
    return float(match[0]) if match else 0.0


def styles_of(document: Any) -> Styles:
    """Return the styles and lists of an open Word document."""
    styles = {style.get(f"{W}styleId"): style for style in document.styles.element.iter(f"{W}style")}
    defaults = (
        key for key, style in styles.items() if style.get(f"{W}default") == "1" and style.get(f"{W}type") == "paragraph"
    )
    numbering = _numbering_root(document)
    lists, starts = _lists(numbering) if numbering is not None else ({}, {})
    return Styles(styles, next(defaults, ""), lists, starts)


def _numbering_root(document: Any) -> _Element | None:
    for relation in document.part.rels.values():
        if not relation.is_external and relation.reltype.endswith("/numbering"):
            element: _Element = relation.target_part.element
            return element
    return None


def _lists(
    root: _Element,
) -> tuple[dict[str, tuple[str, Mapping[int, Level]]], dict[str, Mapping[int, int]]]:
    """Return number id -> (key of its counters, levels) and number id -> levels that it starts anew."""
    abstract = {item.get(f"{W}abstractNumId"): item for item in root.iter(f"{W}abstractNum")}
    linked = {
        value(item.find(f"{W}styleLink")): item for item in abstract.values() if item.find(f"{W}styleLink") is not None
    }
    lists: dict[str, tuple[str, Mapping[int, Level]]] = {}
    starts: dict[str, Mapping[int, int]] = {}
    for item in root.iter(f"{W}num"):
        base = abstract.get(value(item.find(f"{W}abstractNumId")))
        if base is None:
            continue
        base = linked.get(value(base.find(f"{W}numStyleLink")), base)
        levels = dict(_levels(base))
        overrides = list(item.iter(f"{W}lvlOverride"))
        for override in overrides:
            levels.update(_levels(override))
        number = item.get(f"{W}numId") or ""
        lists[number] = (f"abstract {base.get(f'{W}abstractNumId')}", levels)
        starts[number] = {
            int(override.get(f"{W}ilvl") or 0): int(value(override.find(f"{W}startOverride")) or 1)
            for override in overrides
            if override.find(f"{W}startOverride") is not None
        }
    return lists, starts


def _levels(parent: _Element) -> Iterator[tuple[int, Level]]:
    for item in parent.iter(f"{W}lvl"):
        indent = item.find(f"{W}pPr/{W}ind")
        left = (indent.get(f"{W}left") or indent.get(f"{W}start") or "0") if indent is not None else "0"
        start = value(item.find(f"{W}start")) or "1"
        yield (
            int(item.get(f"{W}ilvl") or 0),
            Level(
                kind=value(item.find(f"{W}numFmt")) or "decimal",
                text=value(item.find(f"{W}lvlText")) or "",
                start=int(start) if start.isdigit() else 1,
                indent=_number(left) * _POINTS,
                legal=on(item.find(f"{W}isLgl")) is True,
            ),
        )
