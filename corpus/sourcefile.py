"""A directive as its author writes it: one YAML file with the text, its layout and its gold tasks."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from models.records import DeadlineKind, DocumentType, Language

DAY = r"^(\d{4}-\d{2}-\d{2})?$"
RRULE = (
    r"^FREQ=(HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY)"
    r"(;(INTERVAL|BYMONTHDAY|BYMONTH|BYSETPOS|UNTIL)=-?\d+(,\d+)*|;BYDAY=[+-]?\d?(MO|TU|WE|TH|FR|SA|SU))*$"
)
LABEL = re.compile(r"^(?:[IVX]+\.|\d+(?:\.\d+)*[.)]?|[a-zđа-я]\)|[-–+•*])\s+")
NOTE_MARK = "[^]"

Format = Literal["pdf", "docx", "html", "txt", "md"]
Layout = Literal["vi-office", "ru-gost", "en-memo", "en-order", "minutes", "web-article"]
Numbering = Literal["I.", "1.", "a)", "-"]


def _iso(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


Day = Annotated[str, BeforeValidator(_iso), Field(pattern=DAY)]
Rule = Annotated[str, Field(pattern=RRULE)]
Unit = str | list[str]


class Strict(BaseModel):
    """A model that refuses keys it doesn't know: a misspelt key would lose text silently."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Deadline(Strict):
    """A gold deadline; a list as a value gives equally right answers."""

    kind: DeadlineKind | list[DeadlineKind] = "none"
    text: str | None = None
    start: Day | None = None
    due: Day | list[Day] | None = None
    rrule: Rule | list[Rule] | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        kinds = [self.kind] if isinstance(self.kind, str) else self.kind
        if kinds == ["date"] and not self.due:
            raise ValueError(f"a date needs its day: {self.text}")
        if kinds == ["period"] and not (self.due and self.start):
            raise ValueError(f"a period needs both its ends: {self.text}")
        if kinds == ["recurring"] and not self.rrule:
            raise ValueError(f"a recurring deadline needs its rule: {self.text}")
        return self


class Task(Strict):
    """A gold task. At its block or row the quote is the whole text without its label, or the part that `starts` and
    `ends` with the words given; in a table, what is left out is read from the table's columns."""

    id: int | None = None
    quote: str | None = None
    starts: str | None = None
    ends: str | None = None
    lead: list[Unit] | None = None
    coordinating: list[Unit] | None = []
    deadline: Deadline = Deadline()
    core: bool = True


Tasks = Annotated[list[Task], BeforeValidator(_listed)]


class Cell(Strict):
    """A table cell that covers several rows or columns; the covered cells below are written as null."""

    text: str
    rows: int = 1
    cols: int = 1


class Row(Strict):
    """A table row, or with `group` a row whose (last) text runs over the whole width."""

    cells: list[str | Cell | None] = []
    group: str | list[str] | None = None
    task: Tasks = []


class Table(Strict):
    """A table; `columns` is one header row or several, `widths` are centimetres."""

    caption: str = ""
    columns: list[str] | list[list[str | Cell | None]]
    widths: list[float]
    rows: list[Row]
    landscape: bool = False
    task_column: int | None = None
    lead_column: int | None = None
    coordinating_column: int | None = None
    deadline_column: int | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain_rows(cls, values: dict[str, Any]) -> dict[str, Any]:
        rows = [{"cells": row} if isinstance(row, list) else row for row in values.get("rows", [])]
        return {**values, "rows": rows}

    @model_validator(mode="after")
    def _rectangular(self) -> Self:
        for row in self.rows:
            if row.group is None and len(row.cells) != len(self.widths):
                raise ValueError(f"{len(row.cells)} cells for {len(self.widths)} columns: {row.cells}")
        return self

    def header(self) -> list[list[str | Cell | None]]:
        if isinstance(self.columns[0], list):
            return [list(row) for row in self.columns]
        return [[str(name) for name in self.columns]]


class Annex(Strict):
    label: str
    title: str
    under: str = ""


class Addressees(Strict):
    label: str
    names: list[str]


class Head(Strict):
    """The strings above the body; a layout takes what it knows. `approval` is the stamp of who approves, at the top."""

    approval: list[str] = []
    superior: list[str] = []
    issuer: list[str] = []
    motto: list[str] = []
    lines: list[str] = []
    number_line: str = ""
    place_date: str = ""
    kind: str = ""
    subject: str = ""
    under: str = ""
    fields: list[tuple[str, str]] = []
    addressees: Addressees | None = None


class Sign(Strict):
    capacity: list[str] = []
    post: str = ""
    mark: str = ""
    name: str = ""


class Signature(Strict):
    """The signature of another paper in the same file."""

    sign: Sign
    recipients: list[str] = []


class Block(Strict):
    """One paragraph, heading, list item, table, annex, page break, a signature (`true` is that of the source, when more
    text follows it) or the head of an attached paper; exactly one of the first nine keys."""

    p: str | None = None
    h: str | None = None
    item: str | None = None
    center: str | None = None
    table: Table | None = None
    annex: Annex | None = None
    page_break: bool = False
    signature: bool | Signature = False
    head: Head | None = None
    level: int = 1
    auto: Numbering | None = None
    bold: bool = False
    italic: bool = False
    note: str | None = None
    task: Tasks = []

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = (self.p, self.h, self.item, self.center, self.table, self.annex, self.head)
        flags = (self.page_break, bool(self.signature))
        if sum(kind is not None for kind in kinds) + sum(flags) != 1:
            raise ValueError("a block is exactly one thing: p, h, item, center, table, annex, head, ...")
        return self

    @property
    def text(self) -> str:
        return self.p or self.h or self.item or self.center or ""


class Web(Strict):
    """What surrounds the text on a saved web page."""

    site: str
    url: str
    menu: list[str] = []
    published: str = ""
    author: str = ""
    summary: str = ""
    image: str = ""
    cookie: str = ""
    related_title: str = ""
    related: list[str] = []
    tags: list[str] = []
    comments: list[str] = []
    footer: list[str] = []


class Source(Strict):
    """A whole directive. `mixed_fonts`: its PDF takes the letters that Times lacks from another font, which tears words
    apart for many readers, as it does in many real papers."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    language: Language
    type: DocumentType
    number: str | None
    date: Day | None
    title: str
    issuer: str
    signer: str = ""
    formats: list[Format]
    layout: Layout
    word_headings: bool = False
    mixed_fonts: bool = False
    head: Head = Head()
    web: Web | None = None
    body: list[Block]
    sign: Sign | None = None
    recipients: list[str] = []
    gold: list[Task] = []

    @model_validator(mode="after")
    def _web_where_needed(self) -> Self:
        if "html" in self.formats and self.web is None:
            raise ValueError("a web page needs its surroundings: `web`")
        return self


def load_source(path: Path) -> Source:
    """Reads and validates one source file; raises pydantic.ValidationError or yaml.YAMLError."""
    return Source.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def without_label(text: str) -> str:
    return LABEL.sub("", text, count=1)


def squeezed(text: str) -> str:
    """The text with every run of blanks as one blank, without footnote marks."""
    return " ".join(text.replace(NOTE_MARK, "").split())
