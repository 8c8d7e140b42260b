"""The follow-up page and its PDF: the figures of `chidao status`, progress by form, three languages."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pdfplumber
import pytest

from models.records import LANGUAGES, Language
from models.store import Said, all_published, current_progress, list_tasks, progress_history, record_progress
from pipeline import cli
from pipeline.followup.charts import deadlines_chart, loads_chart
from pipeline.followup.figures import FollowUp, follow_up
from pipeline.followup.rendering import report_html, report_pdf
from pipeline.review.desk import Desk
from pipeline.status import COUNTS
from tests.outputs.made import row
from tests.review import conftest as browser
from tests.review.conftest import SignIn
from tests.review.made import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Page

ON = date(2026, 11, 25)
NAME = "Sở Văn hóa, Thể thao và Du lịch"
HOSTILE = '<script>alert("x")</script>&'
address, page = browser.address, browser.page


def _made() -> FollowUp:
    rows = [
        row(1, due_date="2026-11-01", lead_unit=NAME),
        row(2, due_date="2026-12-01", lead_unit=NAME, task=HOSTILE),
        row(3, due_date="2027-02-01", lead_unit="Минфин России"),
        row(4, due_date="2028-02-01", lead_unit=HOSTILE),
        row(5, lead_unit=NAME, deadline_kind="recurring", recurrence="FREQ=MONTHLY;BYMONTHDAY=20"),
        row(6),
    ]
    return follow_up(rows, ON)


def test_figures_by_unit_and_month() -> None:
    found = _made()
    assert (found.overdue, found.beyond) == (1, 1)
    assert [(month.isoformat(), count) for month, count in found.months if count] == [
        ("2026-12-01", 1),
        ("2027-02-01", 1),
    ]
    assert len(found.months) == 12
    assert found.loads[0].unit == NAME
    assert {state: len(items) for state, items in found.lists.items() if items} == {
        "overdue": 1,
        "week": 1,
        "recurring": 1,
        "later": 2,
        "undated": 1,
    }
    assert found.lists["recurring"][0].day == date(2026, 12, 20)
    assert sum(map(len, found.lists.values())) == found.all.counts["tasks"]


@pytest.mark.parametrize("unit", ["минфин россии", "  Минфин   России "])
def test_a_unit_is_looked_at_alone(unit: str) -> None:
    rows = [row(1, lead_unit="Минфин России; Росстат", due_date="2026-11-01"), row(2, lead_unit="Росстат")]
    found = follow_up(rows, ON, unit=unit)
    assert [(each.unit, each.counts["tasks"]) for each in found.standings] == [("Минфин России", 1), ("*", 1)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_charts_are_whole_svg_that_can_be_read_aloud_and_ask_for_nothing(language: Language) -> None:
    for chart in (deadlines_chart(_made(), language), loads_chart(_made(), language)):
        root = ElementTree.fromstring(chart)
        named = {element.get("id"): element.text for element in root if element.get("id")}
        assert all(named[part] for part in root.get("aria-labelledby", "").split())
        assert "style=" not in chart
        assert not re.search(r"(href|src|url\()", chart)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_says_the_figures_in_every_script(language: Language) -> None:
    with pdfplumber.open(io.BytesIO(report_pdf(_made(), language))) as pdf:
        text = "\n".join(found.extract_text() for found in pdf.pages)
        fonts = {char["fontname"] for found in pdf.pages for char in found.chars}
    assert all(word in text for word in ("Sở Văn hóa", "Минфин России", "alert"))
    assert fonts
    assert "\ufffd" not in text


def test_nothing_of_a_document_is_taken_for_markup() -> None:
    html = report_html(_made(), "en")
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_the_page_shows_what_the_terminal_says(sign_in: SignIn, desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    first = list_tasks(desk.store).rows[0].task_id
    record_progress(desk.store, first, Said("done", "2026-05-30"), seen=0, who="Clerk")
    assert cli.main(["status", "--outputs", str(desk.outputs), "--on", "2026-05-25"]) == 0
    last = capsys.readouterr().out.splitlines()[-1].split()
    html = sign_in("Clerk").get("/follow-up?on=2026-05-25").text
    total = html.split('class="total"')[1].split("</tr>")[0]
    assert re.findall(r"<td[^>]*>([^<]*)</td>", total)[: len(COUNTS)] == last[1 : len(COUNTS) + 1]


def test_progress_is_kept_signed_and_taken_back(sign_in: SignIn, desk: Desk) -> None:
    client, first = sign_in("Clerk"), list_tasks(desk.store).rows[0].task_id
    form = {"task": first, "seen": "0", "state": "done", "done_on": "2026-05-30", "reference": "15/BC", "note": ""}
    before = all_published(desk.store)
    assert client.post("/follow-up/progress", data=form).status_code == 303
    entry = current_progress(desk.store)[first]
    assert (entry.said, entry.who) == (Said("done", "2026-05-30", "15/BC"), "Clerk")
    assert all_published(desk.store) == before
    assert f"{first},done,2026-05-30,15/BC" in (desk.outputs / "progress.csv").read_text(encoding="utf-8")
    assert client.post("/follow-up/progress", data={**form, "state": "in-progress"}).status_code == 409
    answer = client.post("/follow-up/undo", data={"entry": str(entry.entry_id), "asked": "on=2026-05-25"})
    assert answer.headers["location"] == "/follow-up?on=2026-05-25"
    assert current_progress(desk.store) == {}
    assert len(progress_history(desk.store, first)) == 2


def test_a_forged_request_records_nothing(sign_in: SignIn, desk: Desk) -> None:
    client, first = sign_in("Clerk"), list_tasks(desk.store).rows[0].task_id
    client.headers["X-CSRF"] = "forged"
    assert client.post("/follow-up/progress", data={"task": first, "seen": "0", "state": "done"}).status_code == 403
    assert current_progress(desk.store) == {}


def test_the_report_is_a_pdf_on_the_page_and_by_command(sign_in: SignIn, desk: Desk, tmp_path: Path) -> None:
    answer = sign_in("Clerk").get("/follow-up.pdf?on=2026-05-25")
    assert (answer.headers["content-type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    place = tmp_path / "report.pdf"
    assert cli.main(["report", "-o", str(place), "--outputs", str(desk.outputs), "--on", "2026-05-25"]) == 0
    with pdfplumber.open(place) as pdf:
        assert "Harbour Office" in "".join(found.extract_text() for found in pdf.pages)


def test_a_clerk_records_progress_by_keyboard_in_a_browser(page: Page, address: str, desk: Desk) -> None:
    page.goto(f"{address}/follow-up")  # the door first, and back again
    page.fill("input[name=name]", "Clerk")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".cards")
    assert page.evaluate("getComputedStyle(document.querySelector('.cards')).display") == "flex"
    page.locator("#overdue + table summary").first.focus()
    page.keyboard.press("Enter")
    page.locator("input[name=reference]:visible").focus()
    page.keyboard.type("15/BC")
    page.keyboard.press("Enter")
    page.wait_for_selector("#done")
    (entry,) = current_progress(desk.store).values()
    assert (entry.said.state, entry.said.reference, entry.who) == ("done", "15/BC", "Clerk")
    page.locator("form.undo button").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#overdue")
    assert current_progress(desk.store) == {}


@pytest.mark.parametrize("width", [1280, 1920])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_fits_the_screen(page: Page, address: str, language: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}/language/{language}?back=/follow-up")
    page.fill("input[name=name]", "Clerk")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".charts svg")
    assert page.evaluate("document.documentElement.scrollWidth") == width
