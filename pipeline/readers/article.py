"""Where the article stands in a saved web page: what is no part of it is dropped by how it is built, not by words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.readers.leftovers import is_menu_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_NEVER = (
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "button",
    "select",
    "input",
    "textarea",
    "iframe",
    "nav",
    "head",
    "figcaption",
)
_ROLES = ("navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alert", "menu", "menubar")
# Words of page makers in class names and ids, not of any language of documents.
_NAMES = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|breadcrumbs?|sidebar|related|recommend\w*|share|sharing|social|comments?|"
    r"nav|navbar|navigation|menu|footer|site-header|topbar|toolbar|pagination|popup|modal|advert\w*|ads?|newsletter|"
    r"subscribe|skip-link|tags?|widget|promo|login|\w*caption|search-?form)(?:$|[\s_-])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CONTENT = ("p", "table", "h1", "h2", "h3", "li", "blockquote", "pre", "dl", "center", "br")
_MOST = 0.5  # share of a page's words beyond which a part is kept whatever its name says
_LINKED = 0.6  # share of words in links that makes a menu
_NARROWER = 0.75  # share of the words that an inner part must hold to be taken for the article


def prune(root: HtmlElement) -> None:
    """Drop scripts, hidden parts, menus, notices and boxes around the article from a page, in place."""
    for part in list(root.iter(*_NEVER)):
        _drop(part)
    for part in list(root.iter()):
        if isinstance(part.tag, str) and (part.get("hidden") is not None or _HIDDEN.search(part.get("style") or "")):
            _drop(part)
    total = max(_words(root), 1)
    for part in list(root.iter("header", "footer", "aside", "form", "div", "section", "ul", "ol", "table", "p", "td")):
        if part.getparent() is not None and _words(part) <= _MOST * total and _is_around(part):
            _drop(part)


def _drop(part: HtmlElement) -> None:
    if part.getparent() is not None:
        part.drop_tree()


def _is_around(part: HtmlElement) -> bool:
    if part.tag in ("aside", "footer", "form") or (part.get("role") or "") in _ROLES or part.get("aria-modal"):
        return True
    if part.tag in ("div", "section", "ul", "header") and _NAMES.search(
        f"{part.get('class') or ''} {part.get('id') or ''}"
    ):
        return True
    if part.tag in ("div", "section", "ul", "ol", "table", "td") and _is_menu(part):
        return True
    return part.tag == "header" and _linked(part) > _LINKED


def _is_menu(part: HtmlElement) -> bool:
    """Tell whether most words of a part are short links, or it begins with the heading of a menu."""
    links = [link for link in part.iter("a") if link.get("href")]
    if len(links) > 2 and _linked(part) > _LINKED:
        return True
    first = next((text.strip() for text in part.itertext() if text.strip()), "")
    return is_menu_line(first) and (_linked(part) > 0.3 or _words(part) < 12)


def _words(part: HtmlElement) -> int:
    return sum(len(text.split()) for text in part.itertext())


def _linked(part: HtmlElement) -> float:
    return sum(_words(link) for link in part.iter("a")) / max(_words(part), 1)


def article_of(root: HtmlElement) -> HtmlElement:
    """Return the innermost part of a page outside which nothing stands that reads like text."""
    part = root.find("body") if root.find("body") is not None else root
    while True:
        children = [child for child in part if isinstance(child.tag, str)]
        inner = max(children, key=_words, default=None)
        if inner is None or inner.tag in ("p", "table", "ul", "ol", "tr", "td", "span", "center"):
            return part
        if (
            _words(inner) < _NARROWER * _words(part)
            or _loose(part)
            or any(_is_text(x) for x in children if x is not inner)
        ):
            return part
        part = inner


def _loose(part: HtmlElement) -> bool:
    """Tell whether words stand in the part itself, between its children."""
    return bool((part.text or "").strip()) or any((child.tail or "").strip() for child in part)


def _is_text(part: HtmlElement) -> bool:
    """Tell whether a part beside the article is built of paragraphs, headings or tables rather than of boxes."""
    if not _words(part) or _linked(part) > _LINKED:
        return False
    return part.tag in _CONTENT or any(_words(inner) for inner in part.iter(*_CONTENT))
