"""How a directive is set: its head, body and signature as a row of elements that every writer understands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

from corpus.elements import Align, Auto, Break, Element, Frame, Grid, Para
from corpus.sourcefile import Annex, Block, Head, Layout, Numbering, Signature, Source
from models.records import Language

DEPTHS: tuple[Numbering, ...] = ("I.", "1.", "a)", "-")


def laid_out(source: Source) -> list[Element]:
    """The whole directive in reading order; the signature ends it unless a block says where it stands."""
    placed = any(block.signature is True for block in source.body)
    return list(
        chain(HEADS[source.layout](source.head), _body(source), [] if placed else _signature(source.language, source))
    )


def _centred(lines: list[str], bold: bool = False, italic: bool = False, size: float = 13.0) -> list[Para]:
    return [Para(line, "center", bold=bold, italic=italic, size=size) for line in lines]


def _vi_office(head: Head) -> Iterator[Element]:
    """Issuer at the left, motto at the right, number and place below them, kind and subject in the middle."""
    rule = Para("", "center", rule=True)
    left = (*_centred(head.superior, size=12), *_centred(head.issuer, bold=True, size=12), rule)
    right = (*_centred(head.motto[:1], bold=True, size=12), *_centred(head.motto[1:], bold=True), rule)
    if head.issuer:
        yield Frame(left, right, (6.6, 9.9))
    beneath = [head.subject] if not head.kind and head.subject else []
    number = (*_centred([head.number_line]), *_centred(beneath, size=12))
    if head.number_line:
        yield Frame(number, tuple(_centred([head.place_date], italic=True)), (6.6, 9.9))
    if head.kind:
        yield Para(head.kind, "center", bold=True, size=14, before=14)
        yield from _centred([head.subject] if head.subject else [], bold=True)
        yield from _centred([head.under] if head.under else [], italic=True)
        yield rule
    yield from _addressees(head)


def _addressees(head: Head) -> Iterator[Element]:
    if not head.addressees:
        return
    names = head.addressees.names
    if len(names) == 1:
        yield Para(f"{head.addressees.label} {names[0]}", "center")
        return
    yield Frame((Para(head.addressees.label, "right"),), tuple(Para(name, "left") for name in names), (5.0, 11.5))


def _ru_gost(head: Head) -> Iterator[Element]:
    if head.approval:
        yield Frame((Para("", "left"),), tuple(Para(line, "left", size=12) for line in head.approval), (8.0, 8.5))
    yield from _centred(head.superior, size=12)
    yield from _centred(head.issuer, bold=True)
    yield from _centred(head.lines, size=11)
    yield from _centred([head.kind] if head.kind else [], bold=True, size=15)
    if head.place_date or head.number_line:
        yield Frame((Para(head.place_date, "left"),), (Para(head.number_line, "right"),), (8.25, 8.25))
    yield from _centred([head.under] if head.under else [], size=12)
    if head.subject:
        yield Frame((Para(head.subject, "left", bold=True),), (Para(""),), (8.6, 7.9))
    yield from _addressees(head)


def _en_memo(head: Head) -> Iterator[Element]:
    yield from _centred([*head.superior, *head.issuer], bold=True)
    yield from _centred(head.lines, size=11)
    yield from ([Para(head.kind, "center", bold=True, size=15)] if head.kind else [])
    yield from (Para(line, "left") for line in (head.place_date, head.number_line) if line)
    for label, value in head.fields:
        yield Frame((Para(label, "left", bold=True),), (Para(value, "left"),), (3.2, 13.3))
    yield from ([Para(head.subject, "left", bold=True)] if head.subject else [])
    yield from _addressees(head)


def _en_order(head: Head) -> Iterator[Element]:
    yield from _centred([*head.superior, *head.issuer], bold=True)
    yield from _centred(head.lines, size=11)
    for line, size in ((head.kind, 15.0), (head.number_line, 13.0), (head.subject, 13.0)):
        yield from _centred([line] if line else [], bold=True, size=size)
    yield from _centred([line for line in (head.place_date, head.under) if line], italic=True)
    yield from (Para(f"{label} {value}", "left") for label, value in head.fields)


HEADS: dict[Layout, Callable[[Head], Iterator[Element]]] = {
    "vi-office": _vi_office,
    "ru-gost": _ru_gost,
    "en-memo": _en_memo,
    "en-order": _en_order,
    "minutes": _en_memo,
    "web-article": _en_order,
}


class Counters:
    """Counts the automatic labels of a document: a list goes on until a heading or a shallower label ends it."""

    def __init__(self) -> None:
        self.series = 0
        self.open: dict[Numbering, tuple[int, int]] = {}

    def next(self, style: Numbering) -> Auto:
        self.close_below(DEPTHS.index(style) + 1)
        if style not in self.open:
            self.series += 1
            self.open[style] = (self.series, 0)
        series, count = self.open[style]
        self.open[style] = (series, count + 1)
        return Auto(style, series, count + 1)

    def close_below(self, depth: int) -> None:
        for style in DEPTHS[depth:]:
            self.open.pop(style, None)


def _body(source: Source) -> Iterator[Element]:
    counters, landscape = Counters(), False
    blocks = source.body
    for index, block in enumerate(blocks):
        following = blocks[index + 1].table if index + 1 < len(blocks) else None
        wide = bool(block.table and block.table.landscape) or bool(block.annex and following and following.landscape)
        turned = wide != landscape
        landscape = wide
        yield from ([Break("landscape" if wide else "portrait")] if turned else [])
        yield from _block(block, source, counters, turned)


def _block(block: Block, source: Source, counters: Counters, fresh_page: bool) -> Iterator[Element]:
    auto = counters.next(block.auto) if block.auto else None
    if block.h is not None and not block.auto:
        counters.close_below(0)
    if block.page_break:
        yield Break("page")
    elif block.signature:
        signed = source if isinstance(block.signature, bool) else block.signature
        yield from _signature(source.language, signed)
    elif block.head:
        yield from HEADS[source.layout](block.head)
    elif block.annex:
        yield from ([] if fresh_page else [Break("page")])
        yield from _annex_head(block.annex, source)
    elif block.table:
        yield from _centred([block.table.caption] if block.table.caption else [], bold=True, size=12)
        yield Grid(block.table)
    elif block.center is not None:
        yield Para(block.text, "center", bold=block.bold, italic=block.italic, note=block.note)
    else:
        level = block.level if block.h is not None else 0
        side: Align = "left" if source.language == "en" else "justify"
        indent = source.language != "en" and not auto
        yield Para(block.text, side, block.bold or level > 0, block.italic, 13.0, indent, level, auto, block.note)


def _annex_head(annex: Annex, source: Source) -> Iterator[Element]:
    """Label and title in the middle; a Russian label of several lines stands at the right."""
    lines = annex.label.split("\n")
    if source.language == "ru":
        yield Frame((Para("", "left"),), tuple(Para(line, "left", size=12) for line in lines), (9.5, 7.0))
    else:
        yield from _centred(lines, bold=True)
    yield from _centred([annex.title], bold=True)
    yield from _centred([annex.under] if annex.under else [], italic=True, size=12)


def _signature(language: Language, signed: Source | Signature) -> Iterator[Element]:
    sign = signed.sign
    if language == "ru" and sign:
        post = tuple(Para(line, "left") for line in (*sign.capacity, sign.post) if line)
        yield Frame(post, (Para(sign.name, "right"),), (9.0, 7.5))
        yield from (Para(line, "left", size=11) for line in signed.recipients)
        return
    lines = [*sign.capacity, sign.post] if sign else []
    block = [*_centred([line for line in lines if line], bold=True)]
    block += _centred([sign.mark] if sign and sign.mark else [], italic=True)
    gap = 6.0 if sign and sign.mark else 42.0
    block += [Para(sign.name, "center", bold=True, before=gap)] if sign and sign.name else []
    if language == "vi" and (sign or signed.recipients):
        received = [Para(line, "left", bold=not i, italic=not i, size=11) for i, line in enumerate(signed.recipients)]
        yield Frame(tuple(received), tuple(block), (8.0, 8.5))
        return
    yield from (Para(line.text, "left", bold=line.bold, italic=line.italic, before=line.before) for line in block)
    yield from (Para(line, "left", size=11) for line in signed.recipients)
