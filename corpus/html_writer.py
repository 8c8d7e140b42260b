"""Saved web pages from laid-out directives: the text amid menus, notices and tails, as browsers save it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape
from pathlib import Path
from string import Template

from corpus.elements import Break, Element, Frame, Grid, Para
from corpus.sourcefile import Cell, Row, Source, Table, Web
from corpus.text_writer import labelled, marked

TEMPLATE = Path(__file__).with_name("webpage.html")


def write_html(source: Source, elements: Iterable[Element]) -> str:
    """A whole page: template, surroundings and body."""
    web = source.web
    assert web is not None, "checked when the source is loaded"
    notes: list[str] = []
    body = "\n".join(_element(element, notes) for element in elements)
    footnotes = "".join(f"<p class='fn'>[{number}] {escape(note)}</p>" for number, note in enumerate(notes, 1))
    page = Template(TEMPLATE.read_text(encoding="utf-8"))
    return page.substitute(_surroundings(source, web), body=body + footnotes)


def _surroundings(source: Source, web: Web) -> dict[str, str]:
    linked = {"@type": "NewsArticle", "headline": source.title, "datePublished": source.date, "author": web.author}
    plain = {
        "language": source.language,
        "title": source.title,
        "site": web.site,
        "url": web.url,
        "published": web.published,
        "author": web.author,
        "summary": web.summary,
        "image": web.image,
        "cookie": web.cookie,
        "related_title": web.related_title,
    }
    lists = {"menu": web.menu, "related": web.related, "tags": web.tags, "comments": web.comments}
    return {
        **{key: escape(value) for key, value in plain.items()},
        **{key: "".join(f"<li><a href='#'>{escape(text)}</a></li>" for text in texts) for key, texts in lists.items()},
        "footer": "<br>".join(escape(line) for line in web.footer),
        "linked": json.dumps(linked, ensure_ascii=False),
    }


def _element(element: Element, notes: list[str]) -> str:
    match element:
        case Para():
            return _para(element, notes)
        case Frame(left, right):
            cells = ("".join(_para(para, notes) for para in side) for side in (left, right))
            return f"<table class='khung' border='0'><tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr></table>"
        case Grid(table):
            return _table(table)
        case Break():
            return "<div style='page-break-after:always'></div>"


def _para(para: Para, notes: list[str]) -> str:
    if para.rule:
        return "<hr width='30%'>"
    text = escape(labelled(para))
    if para.note is not None:
        notes.append(para.note)
        text = escape(marked(para, "\0")).replace("\0", f"<sup>[{len(notes)}]</sup>")
    if para.italic:
        text = f"<em>{text}</em>"
    if para.level:
        return f"<h{para.level + 1}>{text}</h{para.level + 1}>"
    if para.bold:
        text = f"<strong>{text}</strong>"
    return f"<p style='text-align:{para.align}'>{text}</p>"


def _table(table: Table) -> str:
    head = "".join(f"<tr>{''.join(_cell(cell, 'th') for cell in row)}</tr>" for row in table.header())
    rows = "".join(f"<tr>{_row(row, len(table.widths))}</tr>" for row in table.rows)
    return f"<table border='1'><thead>{head}</thead><tbody>{rows}</tbody></table>"


def _row(row: Row, width: int) -> str:
    if row.group is None:
        return "".join(_cell(cell, "td") for cell in row.cells)
    labels = [] if isinstance(row.group, str) else row.group[:-1]
    text = row.group if isinstance(row.group, str) else row.group[-1]
    cells = "".join(_cell(label, "td") for label in labels)
    return f"{cells}<td colspan='{width - len(labels)}'><strong>{escape(text)}</strong></td>"


def _cell(cell: str | Cell | None, tag: str) -> str:
    if cell is None:
        return ""
    spec = cell if isinstance(cell, Cell) else Cell(text=cell)
    spans = f" rowspan='{spec.rows}'" if spec.rows > 1 else ""
    spans += f" colspan='{spec.cols}'" if spec.cols > 1 else ""
    return f"<{tag}{spans}>{escape(spec.text).replace(chr(10), '<br>')}</{tag}>"
