"""05/12/2025 is read in the order of the document's other dates, where they tell it."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.base import Context
from extractors.dates import day_first
from extractors.deadlines import find_deadlines

TEXTS = [
    ("The panel met on 25/12/2024 and on 05/01/2025.", True),
    ("The panel met on 5 December 2024.", True),
    ("The panel met on 12/25/2024.", False),
    ("The panel met on December 5, 2024.", False),
    ("The panel met on 05/01/2025.", None),
    ("The panel met on 25/12/2024 and on 12/26/2024.", None),
    ("The panel met on 5 December 2024 and on 12/26/2024.", None),
]


@pytest.mark.parametrize(("text", "order"), TEXTS)
def test_the_dates_that_can_be_read_one_way_tell_the_order(text: str, order: bool | None) -> None:
    assert day_first(text, "en") is order


@pytest.mark.parametrize(
    ("order", "due", "reasons"),
    [(True, date(2025, 12, 5), ()), (False, date(2025, 5, 12), ()), (None, None, ("deadline-ambiguous",))],
)
def test_a_day_in_slashes(order: bool | None, due: date | None, reasons: tuple[str, ...]) -> None:
    context = Context("en", date(2025, 4, 1), day_first=order)
    (found,) = find_deadlines("Pay the invoice by 05/12/2025.", context)
    assert (found.due, found.reasons) == (due, reasons)


def test_another_order_is_not_forced_on_a_day_that_has_only_one() -> None:
    for order, text in ((True, "by 12/25/2025"), (False, "by 25/12/2025")):
        (found,) = find_deadlines(f"Pay the invoice {text}.", Context("en", date(2025, 4, 1), day_first=order))
        assert found.due == date(2025, 12, 25)
