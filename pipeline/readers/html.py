"""HTML, also a whole saved page: the article's paragraphs, lists and tables, without menus, notices and tails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.readers.article import article_of, prune
from pipeline.readers.builder import Reading
from pipeline.readers.characters import begins_point, soften
from pipeline.readers.encodings import decode
from pipeline.readers.leftovers import without_leftovers
from pipeline.readers.numbering import numeral
from pipeline.readers.pieces import Paragraph, Piece, Table, TableCell, in_reading_order, is_layout, joined_tables

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_CHARSET = re.compile(
    rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]+encoding=["']([\w.:-]+)""", re.IGNORECASE
)
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html",
    "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr",
    "ul",
))  # fmt: skip
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_BLANKS = re.compile(r"[^\S\xa0]+")
_BREAK = "\x0b"  # stands for <br> until the paragraph is whole
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_CENTER = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)
_MARGIN = re.compile(r"(?:margin|padding)-left\s*:\s*([\d.]+)\s*(pt|px|cm|in|em)", re.IGNORECASE)
_POINTS = {"pt": 1.0, "px": 0.75, "cm": 28.35, "in": 72.0, "em": 12.0}
_LIST_INDENT = 20.0
_CELL_PARAGRAPHS = 12  # paragraphs from which on a cell is a part of a page and not of a table
_FEW_CELLS = 4
_ORDERED = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}


def read_html(data: bytes) -> Reading:
    """Return the pieces of the article of a page; its title and published time are metadata."""
    declared = _CHARSET.search(data[:8192])
    name = next((group for group in declared.groups() if group), b"") if declared else b""
    text, _ = decode(data, name.decode("ascii", "replace"))
    root = _parsed(text)
    metadata = tuple(_metadata(root))
    prune(root)
    pieces, found = without_leftovers(list(joined_tables(_walk(article_of(root)))))
    return Reading(tuple(pieces), "text/html", (*metadata, *found))


def html_pieces(text: str) -> list[Piece]:
    """Return the pieces of a fragment of HTML, as Markdown may hold."""
    return list(joined_tables(_walk(_parsed(f"<div>{text}</div>"))))


def _parsed(text: str) -> HtmlElement:
    import lxml.html

    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True, encoding="utf-8")
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    return lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)


def _metadata(root: HtmlElement) -> Iterator[tuple[str, str]]:
    title = root.findtext(".//title")
    if title and title.strip():
        yield "title", " ".join(title.split())
    for name in ("article:published_time", "datePublished", "pubdate"):
        for value in root.xpath("//meta[@property=$name or @name=$name or @itemprop=$name]/@content", name=name):
            yield "published", str(value)
            return


def _walk(element: HtmlElement, indent: float = 0.0, marker: str = "") -> Iterator[Piece]:
    """Yield the pieces of a block: its own running text as paragraphs, its inner blocks in their order."""
    run: list[str] = [element.text or ""]
    for child in element:
        if not isinstance(child.tag, str):
            run.append(child.tail or "")
        elif _holds_blocks(child):
            yield from _flushed(run, element, indent, marker)
            marker = marker if not "".join(run).strip() else ""
            pieces = list(_block(child, indent, marker))
            marker = marker if not pieces else ""
            yield from pieces
            run = [child.tail or ""]
        else:
            run += [_inline(child), child.tail or ""]
    yield from _flushed(run, element, indent, marker)


def _holds_blocks(element: HtmlElement) -> bool:
    return element.tag in _BLOCKS or any(
        isinstance(inner.tag, str) and inner.tag in _BLOCKS for inner in element.iter()
    )


def _block(element: HtmlElement, indent: float, marker: str) -> Iterator[Piece]:
    if element.tag == "table":
        yield from _table(element, indent)
    elif element.tag in ("ol", "ul"):
        yield from _list(element, indent + _LIST_INDENT)
    elif element.tag == "pre":
        from pipeline.readers.text import text_pieces

        yield from text_pieces(element.text_content())
    else:
        yield from _walk(element, indent + _margin(element), marker)


def _inline(element: HtmlElement) -> str:
    if element.tag == "br":
        return _BREAK
    if element.tag in ("sup", "sub") and _is_note(element):
        return ""
    inner = [element.text or ""]
    for child in element:
        inner += [_inline(child) if isinstance(child.tag, str) else "", child.tail or ""]
    return "".join(inner)


def _is_note(element: HtmlElement) -> bool:
    """Tell whether a raised number only leads to a footnote."""
    return element.tag == "sup" and element.find(".//a") is not None


def _flushed(run: list[str], element: HtmlElement, indent: float, marker: str) -> Iterator[Paragraph]:
    text = _BLANKS.sub(" ", "".join(run).replace(_BREAK, "\x00")).replace("\x00", "\n")
    if not text.strip():
        return
    level = next((_HEADINGS[parent.tag] for parent in _self_and_above(element) if parent.tag in _HEADINGS), 0)
    if level:
        text = " ".join(text.split())
    if marker and not begins_point(text.strip()):
        text = f"{marker} {text.strip()}"
    yield Paragraph(text, level=level, bold=_is_bold(element), centered=_is_centered(element), indent=indent)


def _self_and_above(element: HtmlElement) -> Iterator[HtmlElement]:
    yield element
    yield from element.iterancestors()


def _is_bold(element: HtmlElement) -> bool:
    """Tell whether all words of a block are bold, by elements or styles."""
    words = "".join(element.itertext()).split()
    bold = [part for part in element.iter("b", "strong", "span") if part.tag != "span" or _styled(part, _BOLD)]
    if any(_styled(parent, _BOLD) or parent.tag in ("b", "strong") for parent in _self_and_above(element)):
        return True
    inner = "".join(
        "".join(part.itertext()) for part in bold if not any(above in bold for above in part.iterancestors())
    )
    return bool(words) and len("".join(inner.split())) >= len("".join(words))


def _styled(element: HtmlElement, pattern: re.Pattern[str]) -> bool:
    return bool(pattern.search(element.get("style") or ""))


def _is_centered(element: HtmlElement) -> bool:
    for parent in _self_and_above(element):
        if parent.tag == "center" or (parent.get("align") or "").lower() == "center" or _styled(parent, _CENTER):
            return True
        if parent.get("align") or "text-align" in (parent.get("style") or "") or parent.tag in ("td", "th"):
            return False
    return False


def _margin(element: HtmlElement) -> float:
    match = _MARGIN.search(element.get("style") or "")
    return float(match[1]) * _POINTS[match[2].lower()] if match else 0.0


def _list(element: HtmlElement, indent: float) -> Iterator[Piece]:
    number = _integer(element.get("start"), 1)
    for item in element:
        if item.tag != "li":
            if isinstance(item.tag, str):
                yield from _block(item, indent, "")
            continue
        number = _integer(item.get("value"), number)
        plain = "list-style" in (element.get("style") or "") and "none" in (element.get("style") or "")
        kind = _ORDERED.get(element.get("type") or "1", "decimal")
        marker = "" if plain else f"{numeral(number, kind)}." if element.tag == "ol" else "-"
        yield from _walk(item, indent, marker)
        number += 1


def _integer(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,6}", text.strip()) else default


def _table(element: HtmlElement, indent: float) -> Iterator[Piece]:
    cells = list(_cells(element))
    table = Table(tuple(cell for cell, _ in cells))
    if _is_page_layout(element, cells) or is_layout(table, _is_bordered(element)):
        sources = {(cell.row, cell.column): source for cell, source in cells}
        for cell in in_reading_order(table):
            yield from _walk(sources[cell.row, cell.column], indent)
    else:
        caption = element.find("caption")
        if caption is not None:
            yield from _walk(caption, indent)
        yield table


def _is_page_layout(element: HtmlElement, cells: list[tuple[TableCell, HtmlElement]]) -> bool:
    if element.get("role") == "presentation" or not cells:
        return True
    nested = any(True for _ in element.iterdescendants("table"))
    largest = max(cell.text.count("\n") + 1 for cell, _ in cells)
    return (nested or largest > _CELL_PARAGRAPHS) and len([cell for cell, _ in cells if cell.text]) <= _FEW_CELLS


def _is_bordered(element: HtmlElement) -> bool | None:
    """Tell whether a table has visible borders, None where only a style sheet could say; headings count as borders."""
    if element.find(".//th") is not None or (element.get("border") or "0").strip() not in ("", "0"):
        return True
    styles = " ".join(part.get("style") or "" for part in element.iter("table", "td"))
    if re.search(r"border(?:-\w+)*\s*:[^;]*\b(?:solid|double|dotted|dashed)", styles):
        return True
    return False if element.get("border") or "border" in styles else None


def _cells(element: HtmlElement) -> Iterator[tuple[TableCell, HtmlElement]]:
    """Yield the cells of a table with the elements they come from, rows and columns spans worked out."""
    taken: set[tuple[int, int]] = set()
    for row, line in enumerate(_rows(element)):
        column = 0
        for source in line:
            if source.tag not in ("td", "th"):
                continue
            while (row, column) in taken:
                column += 1
            height = max(1, min(_integer(source.get("rowspan"), 1), 1000))
            width = max(1, min(_integer(source.get("colspan"), 1), 100))
            taken |= {(row + down, column + right) for down in range(height) for right in range(width)}
            yield TableCell(_cell_text(source), row, column, height, width, _cell_bold(source)), source


def _rows(element: HtmlElement) -> list[HtmlElement]:
    return [line for line in element.iter("tr") if next(line.iterancestors("table"), None) is element]


def _cell_text(source: HtmlElement) -> str:
    lines = []
    for piece in _walk(source):
        lines += [soften(piece.text)] if isinstance(piece, Paragraph) else [cell.text for cell in piece.cells]
    return "\n".join(" ".join(line.split()) for text in lines for line in text.split("\n") if line.strip())


def _cell_bold(source: HtmlElement) -> bool:
    return source.tag == "th" or (bool("".join(source.itertext()).strip()) and _is_bold(source))
