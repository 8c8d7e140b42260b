"""Cards: an action told in some sentences, and the lines below that give its fields."""

from __future__ import annotations

from tests.extractors.rows import rows

_FORM = [
    "Action 4: Renew the lamps",
    "By May 2027, all harbour offices will have lamps that are seen in fog.",
    "The Harbour Board will buy the lamps from a framework contract.",
    "Responsible: Harbour Board, with guidance from the Council of Ports",
    "Measurement: Number of lamps renewed",
    "Plan for the lamps of small piers",
    "Timeline: Completed within 6 months",
]


def test_a_form_tells_of_one_action() -> None:
    (row,) = rows("en", *_FORM)
    assert row.task.startswith("have lamps")
    assert row.leads == ["Harbour Board"]


def test_a_day_outweighs_a_term_without_beginning() -> None:
    (row,) = rows("en", *_FORM)
    assert row.due == "2027-05-31"


def test_who_is_not_responsible_keeps_a_task_of_its_own() -> None:
    lines = [*_FORM[:3], "The Port Police will guard the store.", *_FORM[3:]]
    assert [row.task.split()[0] for row in rows("en", *lines)] == ["have", "guard"]


def test_what_is_ordered_keeps_a_task_of_its_own() -> None:
    lines = [*_FORM[:3], "The Act requires the Harbour Board to publish the contract.", *_FORM[3:]]
    assert [row.task.split()[0] for row in rows("en", *lines)] == ["have", "publish"]


def test_bullets_of_a_form_are_tasks_each() -> None:
    lines = [
        "Action 5: Keep the piers safe",
        "By June 2027, the harbour offices will do the following:",
        "- The Harbour Board shall mend the rails.",
        "- The Harbour Board shall paint the steps.",
        "Responsible: Port Police",
        "Timeline: Completed within 9 months",
    ]
    found = rows("en", *lines)
    assert [(row.leads, row.due) for row in found] == [(["Port Police"], "2027-06-30")] * 2
