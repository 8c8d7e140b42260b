"""The page of what is learnt: shares by cell, month, language and rule, in words that anybody reads."""

from __future__ import annotations

import pytest

from models.store import Statistic, accept, document_rows, list_documents, reject, set_cell
from pipeline.review.desk import Desk
from pipeline.review.learnt import Share, tables
from tests.review.conftest import SignIn

STATISTICS = (
    Statistic("row", "vi", "", "2026-01", 30, 10, 4),
    Statistic("row", "vi", "vi.a", "2026-01", 30, 10, 0),
    Statistic("row", "vi", "vi.b", "2026-01", 20, 0, 0),
    Statistic("row", "ru", "", "2026-02", 10, 0, 1),
    Statistic("lead_unit", "vi", "", "2026-02", 199, 1, 0),
    Statistic("lead_unit", "vi", "vi.b", "2026-02", 1, 20, 0),
)


def test_rows_made_by_several_rules_count_once_but_for_the_rules() -> None:
    found = tables(STATISTICS, "en")
    assert found["seen"] == Share(40, 50, 5)
    assert found["seen"].percent == 80
    assert found["by_cell"]["lead_unit"].percent == 99  # 100 is only what was never wrong
    assert [(name, shares.get("row")) for name, shares in found["by_month"]] == [
        ("February 2026", Share(10, 10, 1)),
        ("January 2026", Share(30, 40, 4)),
    ]
    assert [name for name, _ in found["by_language"]] == ["Vietnamese", "Russian"]
    assert found["by_rule"] == [("vi.b", "lead_unit", Share(1, 21, 0)), ("vi.a", "row", Share(30, 40, 0))]


@pytest.mark.parametrize(
    ("language", "said"),
    [("vi", "66 % đúng là nhiệm vụ"), ("en", "66 % of them are tasks"), ("ru", "66 % — действительно поручения")],
)
def test_an_offices_head_is_told_in_a_sentence(desk: Desk, sign_in: SignIn, language: str, said: str) -> None:
    client = sign_in("Clerk")
    client.get(f"/language/{language}")
    assert 'class="empty"' in client.get("/learnt").text
    document_id = list_documents(desk.store).documents[0].document_id
    first, second, third = document_rows(desk.store, document_id)[1]
    accept(desk.store, {first.task_id: first.version}, who="Lan")
    set_cell(desk.store, second.task_id, "lead_unit", "Navy", expected="Port Police", who="Lan")
    reject(desk.store, {third.task_id: third.version}, who="Lan")
    page = client.get("/learnt").text
    assert said in page
    assert "33 %" in page
    assert "en.soon" in page  # a rule of the row that was rejected
    assert page.count("<table") == 4
