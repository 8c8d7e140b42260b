"""Two charts as SVG, drawn here: they ask nobody for anything, can be read aloud, and print as they look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from models.errors import message_parts
from models.records import Language
from pipeline.followup.figures import FollowUp
from pipeline.status import Standing, unit_name

# Colours stand as attributes: neither the page's content policy nor the PDF has a say in them.
COLOURS = {
    "overdue": "#a3262a",
    "week": "#d9730d",
    "month": "#e2b13c",
    "later": "#0d5c63",
    "recurring": "#2463b4",
    "undated": "#9aa5ae",
}
MOST_UNITS = 15
_INK, _FAINT, _LINE = "#1d2733", "#66727f", "#dfe3e6"
_FONT = 'font-family="Liberation Sans, DejaVu Sans, Noto Sans, Arial, sans-serif" font-size="12"'
_WIDTH = 640
_NAMES = 250  # points for the names of units
_LONGEST_NAME = 34


def deadlines_chart(found: FollowUp, language: Language) -> str:
    """Return columns: what is overdue, what falls due in each of the next months, and after them."""
    columns = [(_word("status-overdue", language), found.overdue, COLOURS["overdue"])]
    columns += [(f"{month:%m/%y}", count, COLOURS["later"]) for month, count in found.months]
    columns.append((_word("status-later", language), found.beyond, COLOURS["undated"]))
    highest, step = max(1, *(count for _, count, _ in columns)), _WIDTH / len(columns)
    parts = []
    for number, (name, count, colour) in enumerate(columns):
        left, height = number * step, 130 * count / highest
        middle = left + step / 2
        parts.append(_box(left + 5, 150 - height, step - 10, height, colour, f"{name}: {count}"))
        parts.append(_text(middle, 145 - height, str(count) if count else "", _INK, "middle"))
        parts.append(_text(middle, 166, name if 0 < number <= len(found.months) else "", _FAINT, "middle"))
    parts.append(f'<line x1="0" y1="150.5" x2="{_WIDTH}" y2="150.5" stroke="{_LINE}"/>')
    parts.append(_text(0, 180, columns[0][0], COLOURS["overdue"]) + _text(_WIDTH, 180, columns[-1][0], _FAINT, "end"))
    told = "; ".join(f"{name}: {count}" for name, count, _ in columns)
    return _svg("deadlines", 190, _word("follow-up-months", language), told, parts)


def loads_chart(found: FollowUp, language: Language) -> str:
    """Return bars: what each unit has to do, by how it stands; the units with most."""
    units = found.loads[:MOST_UNITS]
    highest = max((_total(each) for each in units), default=1)
    parts, told = list(_legend(language)), []
    for number, each in enumerate(units):
        top, name = 34 + number * 24, unit_name(each, language)
        parts.append(_text(_NAMES - 8, top + 13, _shortened(name), _INK, "end", name))
        parts += _bars(each, top, (_WIDTH - _NAMES - 40) / highest, language)
        told.append(f"{name}: {_total(each)}")
    return _svg("loads", 40 + 24 * len(units), _word("follow-up-loads", language), "; ".join(told), parts)


def _total(each: Standing) -> int:
    return sum(each.counts[state] for state in COLOURS)


def _bars(each: Standing, top: int, scale: float, language: Language) -> list[str]:
    left, parts = float(_NAMES), []
    for state, colour in COLOURS.items():
        width = each.counts[state] * scale
        if width:
            told = f"{_word(f'status-{state}', language)}: {each.counts[state]}"
            parts.append(_box(left, top, width, 17, colour, told))
        left += width
    return [*parts, _text(left + 5, top + 13, str(_total(each)), _INK)]


def _legend(language: Language) -> Iterable[str]:
    step = _WIDTH / len(COLOURS)
    for number, (state, colour) in enumerate(COLOURS.items()):
        yield _box(number * step, 4, 10, 10, colour, "")
        yield _text(number * step + 14, 13, _word(f"follow-up-short-{state}", language), _FAINT)


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


def _word(code: str, language: Language) -> str:
    return message_parts(code, language)[0]


def _svg(name: str, height: int, title: str, told: str, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" '
        f'role="img" aria-labelledby="{name}-title {name}-told" {_FONT}>'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-told">{escape(told)}</desc>{"".join(parts)}</svg>'
    )


def _box(left: float, top: float, width: float, height: float, colour: str, told: str) -> str:
    place = f'x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect {place} fill="{colour}">{f"<title>{escape(told)}</title>" if told else ""}</rect>'


def _text(left: float, top: float, text: str, colour: str, anchor: str = "start", told: str = "") -> str:
    if not text:
        return ""
    title = f"<title>{escape(told)}</title>" if told and told != text else ""
    place = f'x="{left:.1f}" y="{top:.1f}" text-anchor="{anchor}"'
    return f'<text {place} fill="{colour}">{title}{escape(text)}</text>'
