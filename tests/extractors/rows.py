"""The tasks of a document as short tuples, and the letterheads that documents of tests stand under."""

from __future__ import annotations

from typing import NamedTuple

from extractors.linking import extract
from models.records import Language
from tests.extractors.documents import Table, document

HEADS: dict[Language, tuple[str, ...]] = {
    "vi": (
        "ỦY BAN NHÂN DÂN TỈNH THANH HẢI",
        "Số: 47/KH-UBND",
        "Thanh Hải, ngày 09 tháng 3 năm 2027",
        "KẾ HOẠCH",
        "Sửa chữa bến đò",
    ),
    "en": ("LAKE DISTRICT AUTHORITY", "Memorandum No. 17", "March 9, 2027", "Subject: Ferry piers"),
    "ru": ("АДМИНИСТРАЦИЯ ОЗЁРСКОГО РАЙОНА", "РАСПОРЯЖЕНИЕ", "от 09.03.2027 № 61-р", "О ремонте причалов"),
}


class Row(NamedTuple):
    """What a clerk would write down: the words, who leads, who assists, the day or rule of recurrence."""

    task: str
    leads: list[str]
    coordinators: list[str]
    due: str


def rows(language: Language, *parts: str | Table) -> list[Row]:
    """Return the tasks of a directive of 9 March 2027 with the given paragraphs and tables."""
    found = []
    for task in extract(document(*HEADS[language], *parts)).tasks:
        deadline = task.deadline
        due = "" if deadline is None else deadline.due.isoformat() if deadline.due else deadline.recurrence
        leads, coordinators = ([unit.name for unit in units] for units in (task.leads, task.coordinators))
        found.append(Row(task.text, leads, coordinators, due or (deadline.kind if deadline else "")))
    return found
