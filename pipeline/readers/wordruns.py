"""The words of a Word paragraph: runs with tabs, breaks and symbols, deleted and hidden ones left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

    from pipeline.readers.wordstyles import Styles

NAMESPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W = NAMESPACE
_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_SIGNS = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
    f"{W}softHyphen": "\u00ad",  # the letter ư of TCVN3 stands at its place
}
_LEFT_OUT = frozenset(
    f"{W}{name}" for name in ("del", "moveFrom", "pPr", "instrText", "delText", "rPr", "drawing", "pict", "object")
)
_OFF = ("0", "false", "off", "none")


def value(element: _Element | None) -> str | None:
    """Return the w:val of an element; None where the element or its value is missing."""
    return None if element is None else element.get(f"{W}val")


def on(element: _Element | None) -> bool | None:
    """Return whether a switch is on: None where it isn't there, True where it has no value."""
    return None if element is None else value(element) not in _OFF


def run_text(paragraph: _Element, styles: Styles) -> tuple[str, int, bool]:
    """Return a paragraph's text, how many pages begin in it, and whether the first begins before its first word."""
    parts: list[str] = []
    breaks, first = 0, False
    for element in _leaves(paragraph, styles):
        if element.tag == f"{W}t":
            parts.append(element.text or "")
        elif element.tag == f"{W}lastRenderedPageBreak" or _is_page_break(element):
            first = first or not "".join(parts).strip()
            breaks += 1
        elif element.tag == f"{W}br":
            parts.append("\n")
        elif element.tag == f"{W}sym":
            parts.append(_symbol(element))
        else:
            parts.append(_SIGNS.get(element.tag, ""))
    return "".join(parts), breaks, first


def _leaves(element: _Element, styles: Styles) -> Iterator[_Element]:
    for child in element:
        if child.tag in _LEFT_OUT or child.tag == _ALTERNATE:
            continue
        if child.tag == f"{W}r" and styles.is_hidden(child):
            continue
        if len(child):
            yield from _leaves(child, styles)
        else:
            yield child


def _is_page_break(element: _Element) -> bool:
    """A break that the writer set; Word marks the page after it as rendered too where it has laid the pages out."""
    if element.tag != f"{W}br" or element.get(f"{W}type") != "page":
        return False
    return not any(True for _ in element.getroottree().getroot().iter(f"{W}lastRenderedPageBreak"))


def _symbol(element: _Element) -> str:
    code = element.get(f"{W}char") or ""
    try:
        return chr(int(code, 16))
    except ValueError:
        return ""


def text_boxes(paragraph: _Element) -> Iterator[_Element]:
    """Yield the contents of text boxes anchored in a paragraph, each once though it is stored for old Words too."""
    for content in paragraph.iter(f"{W}txbxContent"):
        above = [parent.tag.rpartition("}")[2] for parent in content.iterancestors()]
        nearest = next((tag for tag in above if tag in ("Fallback", "txbxContent", "Choice")), "")
        owner = next(content.iterancestors(f"{W}p"), None)
        if nearest != "Fallback" and owner is paragraph and not _in_deleted(content):
            yield content


def _in_deleted(content: _Element) -> bool:
    return any(parent.tag in (f"{W}del", f"{W}moveFrom") for parent in content.iterancestors())
