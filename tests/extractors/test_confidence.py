"""How sure a row is: signs of doubt lower it, and nothing that only asks for a look raises it."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.reliability import Judged, fitted, left_out
from extractors.confidence import WEIGHTS, row_confidence, signs
from extractors.findings import Finding
from extractors.unitwords import UnitName
from models.records import Deadline, Span

OFFICE = UnitName("Harbour Office", Span(0, 14))
DAY = Deadline("date", "by 5 May 2027", Span(60, 73))
ROW = Finding(
    action=Span(15, 80),
    passage=Span(0, 80),
    section="1",
    leads=(OFFICE,),
    coordinators=(),
    deadlines=(DAY,),
    confidence=0.98,
    rules=("en.table",),
    named=True,
    dated=True,
    origin="table",
)


def test_a_whole_row_of_a_table_is_sure() -> None:
    assert row_confidence(ROW, DAY, 1.0) >= 0.9


def test_what_is_doubtful_lowers_it() -> None:
    best = row_confidence(ROW, DAY, 1.0)
    assert row_confidence(replace(ROW, leads=(), named=False), DAY, 1.0) < best
    assert row_confidence(replace(ROW, rules=("en.letter.addressee",)), DAY, 1.0) < best
    assert row_confidence(replace(ROW, action=Span(15, 25)), DAY, 1.0) < best
    assert row_confidence(ROW, replace(DAY, reasons=("deadline-half-understood",)), 1.0) < best
    assert row_confidence(ROW, None, 1.0) < best
    assert row_confidence(ROW, DAY, 0.0) <= best / 2 + 0.01


def test_every_weight_has_a_sign_and_no_reason_for_review_speaks_for_a_row() -> None:
    assert {sign for sign in signs(ROW, DAY) if sign in WEIGHTS} == {"row", "frame table", "lead table own"}
    assert all(weight <= 0 for sign, weight in WEIGHTS.items() if " " not in sign and sign != "row")


def _rows(document: str, sign: str, right: int, wrong: int) -> list[Judged]:
    return [Judged("own", document, ("row", sign), 0.0, True, place < right) for place in range(right + wrong)]


def test_weights_are_fitted_and_a_document_has_no_say_in_its_own() -> None:
    rows = [*_rows("a", "lead good", 90, 10), *_rows("b", "lead bad", 10, 90), *_rows("c", "lead good", 0, 50)]
    weights = fitted(rows[:200])
    assert weights["lead good"] > 0 > weights["lead bad"]
    values = {row.document: value for value, row in left_out(rows)}
    assert values["c"] > 0.5 > values["b"]
