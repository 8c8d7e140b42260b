"""Markdown: front matter, headings, nested lists with their markers, tables also without a delimiter row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pipeline.readers.builder import Reading
from pipeline.readers.encodings import decode
from pipeline.readers.html import html_pieces
from pipeline.readers.leftovers import without_leftovers
from pipeline.readers.pieces import Paragraph, Piece, table_of
from pipeline.readers.text import text_pieces, wrap_width

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

_FRONT = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)(?:^---|^\.\.\.)[ \t]*\r?$\n?", re.DOTALL | re.MULTILINE)
_TEMPLATE = re.compile(
    r"^[ \t]*(?:\{/?\w[^{}\n]*\}|\{\{[^{}\n]*\}\}|\{%[^%\n]*%\}|\{:[^{}\n]*\}|:::.*)[ \t]*$", re.MULTILINE
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TIGHT_HEADING = re.compile(r"^(#{1,6})(?=[^#\s])", re.MULTILINE)
_BREAK = re.compile(r"\s*<br\s*/?>\s*", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_ROW = re.compile(r"^[ \t]*\|.*\|[ \t]*$")
_MARKUP = re.compile(r"^#{1,6}\s|^[ \t]*[-*+]\s|^[ \t]*\|.*\||\]\(\S+\)|\*\*\S", re.MULTILINE)
_DELIMITER = re.compile(r"^[ \t]*\|?(?:[ \t]*:?-{2,}:?[ \t]*\|?)+[ \t]*$")
_LIST_INDENT = 20.0  # points a level


def read_markdown(data: bytes) -> Reading:
    """Return the pieces of a Markdown file; its front matter is metadata."""
    text, _ = decode(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT.match(text)
    body = text[front.end() :] if front else text
    body = _COMMENT.sub("", _TEMPLATE.sub("", body))
    pieces, found = without_leftovers(list(_pieces(_delimited(_TIGHT_HEADING.sub(r"\1 ", body)))))
    return Reading(tuple(pieces), "text/markdown", (*_metadata(front[1] if front else ""), *found))


def _metadata(front: str) -> tuple[tuple[str, str], ...]:
    """Return the plain values of YAML front matter as pairs; lists are joined by '; '."""
    import yaml

    try:
        values = yaml.load(front, Loader=yaml.BaseLoader)  # values stay the text they are: dates are not converted
    except yaml.YAMLError:
        return ()
    if not isinstance(values, dict):
        return ()
    pairs = (
        (str(key), "; ".join(map(str, value)) if isinstance(value, list) else value) for key, value in values.items()
    )
    return tuple((key, value) for key, value in pairs if isinstance(value, str) and value not in ("", "null"))


def _delimited(text: str) -> str:
    """Give tables that lack it the delimiter row after their first row, without which they are no tables."""
    result: list[str] = []
    lines = text.split("\n")
    for index, line in enumerate(lines):
        result.append(line)
        begins = _ROW.match(line) and not (index and _ROW.match(lines[index - 1]))
        following = lines[index + 1] if index + 1 < len(lines) else ""
        if begins and _ROW.match(following) and not _DELIMITER.match(following):
            result.append("|" + " --- |" * (line.strip().strip("|").count("|") + 1))
    return "\n".join(result)


def _pieces(text: str) -> Iterator[Piece]:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

    if not _MARKUP.search(text) and wrap_width(text.split("\n")):
        yield from text_pieces(text)
        return
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    yield from _blocks(SyntaxTreeNode(parser.parse(text)).children, 0)


def _blocks(nodes: Sequence[SyntaxTreeNode], depth: int) -> Iterator[Piece]:
    for node in nodes:
        match node.type:
            case "heading":
                yield Paragraph(" ".join(_text(node).split()), level=int(node.tag[1]))
            case "paragraph":
                yield _paragraph(node, depth)
            case "bullet_list" | "ordered_list":
                for item in node.children:
                    yield from _item(item, node.type, depth + 1)
            case "table":
                yield _table(node)
            case "fence" | "code_block":
                yield from text_pieces(node.content)
            case "html_block":
                yield from html_pieces(node.content)
            case _:
                yield from _blocks(node.children, depth)


def _paragraph(node: SyntaxTreeNode, depth: int, marker: str = "") -> Paragraph:
    inline = [child for child in node.children[0].children if child.type != "text" or child.content.strip()]
    bold = bool(inline) and all(child.type in ("strong", "softbreak") for child in inline)
    return Paragraph(marker + _text(node), bold=bold, indent=depth * _LIST_INDENT)


def _item(item: SyntaxTreeNode, kind: str, depth: int) -> Iterator[Piece]:
    """A list item: its number or bullet stands before its first paragraph, what else it holds is set in with it."""
    marker = f"{item.info}{item.markup} " if kind == "ordered_list" else "- "
    children = item.children
    if children and children[0].type == "paragraph":
        yield _paragraph(children[0], depth, marker)
        children = children[1:]
    yield from _blocks(children, depth)


def _table(node: SyntaxTreeNode) -> Piece:
    rows = [row for part in node.children for row in part.children]
    return table_of([[_text(cell).strip() for cell in row.children] for row in rows])


def _text(node: SyntaxTreeNode) -> str:
    """Return what a node says: links and emphasis as their words, breaks of lines as they count."""
    match node.type:
        case "text" | "code_inline":
            return _TAG.sub("", node.content)
        case "image":
            return ""
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "html_inline":
            return "\n" if _BREAK.match(node.content) else ""
        case _:
            return _BREAK.sub("\n", "".join(map(_text, node.children)))
