"""One task once, although prose and annex both say it or a finding lies within another."""

from __future__ import annotations

from extractors.findings import Finding
from extractors.merging import letters, merged
from extractors.unitwords import UnitName
from models.records import Span
from tests.extractors.rows import Row, rows

TEXT = "Count all berths of the harbour. Paint the rails. Count all berths of the harbor."


def finding(words: str, lead: str = "", start: int = 0, origin: str = "prose") -> Finding:
    begin = TEXT.index(words, start)
    span = Span(begin, begin + len(words))
    leads = (UnitName(lead, span),) if lead else ()
    return Finding(span, span, "", leads, (), (), 0.9, (origin,), origin=origin)


def test_a_row_of_the_annex_takes_up_the_prose_that_says_the_same() -> None:
    prose = [finding("Count all berths of the harbour.", "Board"), finding("Paint the rails.")]
    row = finding("Count all berths of the harbor.", origin="table")
    kept = merged(prose, [row], TEXT)
    assert [(found.origin, found.action.of(TEXT)) for found in kept] == [
        ("prose", "Paint the rails."),
        ("table", "Count all berths of the harbor."),
    ]
    assert kept[1].also_at == (prose[0].passage,)
    assert [unit.name for unit in kept[1].leads] == ["Board"]
    assert kept[1].rules == ("table", "prose")


def test_what_lies_within_another_finding_is_dropped() -> None:
    assert len(merged([finding("Count all berths of the harbour."), finding("all berths")], [], TEXT)) == 1


def test_other_tasks_stay_apart() -> None:
    assert len(merged([finding("Paint the rails.")], [finding("Count all berths of the harbor.")], TEXT)) == 2


def test_letters_are_what_is_left_without_signs_and_blanks() -> None:
    assert letters("Giao  Sở\nBến-bãi: ") == "giaosởbếnbãi"


def test_a_plan_and_its_annex_give_each_task_once() -> None:
    prose = "1. Giao Sở Bến bãi thay toàn bộ đèn tín hiệu tại bến Tây và bến Đông của tỉnh."
    heading = ["STT", "Nhiệm vụ", "Đơn vị chủ trì", "Thời hạn"]
    row = ["1", "Thay toàn bộ đèn tín hiệu tại bến Tây và bến Đông của tỉnh", "Sở Bến bãi", "30/6/2027"]
    assert rows("vi", prose, "PHỤ LỤC", [heading, row]) == [Row(row[1], ["Sở Bến bãi"], [], "2027-06-30")]
