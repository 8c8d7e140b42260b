"""A reviewer at work in a real browser, by keyboard alone: what was corrected stands in the register."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import load_workbook

from models.records import LANGUAGES
from models.store import list_documents, set_cell
from pipeline.register import read_register
from pipeline.review.desk import Desk
from pipeline.xlsx_round_trip import LAYOUT
from tests.review.made import LAMPS, PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Page


def _come_in(page: Page, address: str, desk: Desk) -> None:
    page.goto(f"{address}/")
    page.keyboard.type("Reviewer")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("table.list")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector(".row.chosen")
    page.wait_for_selector("#sheets rect.passage")


def _quiet(page: Page) -> None:
    """Wait until the page has taken in what the server answered."""
    busy = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"
    page.wait_for_function(f"() => !document.querySelector('{busy}')")


def _choose(page: Page, words: str, cell: str) -> None:
    """Go to a cell by arrow keys; what the page takes in meanwhile may move the choice, so look again."""
    for _ in range(3):
        _quiet(page)
        for key in ("ArrowUp", "ArrowDown"):
            for _ in range(6):
                if words in page.inner_text(".row.chosen"):
                    break
                page.keyboard.press(key)
        for key in ("ArrowLeft", "ArrowRight"):
            for _ in range(6):
                if page.get_attribute(".cell.current", "data-cell") == cell:
                    break
                page.keyboard.press(key)
        page.wait_for_timeout(150)
        if words in page.inner_text(".row.chosen") and page.get_attribute(".cell.current", "data-cell") == cell:
            return
    raise AssertionError(f"{words} / {cell} is not reached from {page.inner_text('.row.chosen')}")


def _edit(page: Page) -> None:
    page.keyboard.press("Enter")
    page.wait_for_selector(".editor :focus")
    _quiet(page)


def _saved(page: Page, told: str) -> None:
    page.wait_for_selector(f"#toast.shown:has-text('{told}')")
    _quiet(page)
    page.evaluate("document.querySelector('#toast').className = ''")


def _register(desk: Desk, **wanted: str) -> dict[str, str]:
    """Return the row of the register that has these values, waiting until it is written."""
    end = time.monotonic() + 8
    while time.monotonic() < end:
        for row in read_register(desk.outputs / "register.csv"):
            if wanted.items() <= row.items():
                return row
        time.sleep(0.05)
    raise AssertionError(f"{wanted} isn't in {read_register(desk.outputs / 'register.csv')}")


def test_a_reviewer_works_by_keyboard_and_the_register_shows_it(page: Page, address: str, desk: Desk) -> None:
    _come_in(page, address, desk)

    page.keyboard.press("n")  # the next doubtful cell: the deadline of the third row
    assert page.get_attribute(".cell.current", "data-cell") == "deadline"
    assert "roughly said" in page.inner_text(".cell.current")

    _choose(page, "paint", "lead_unit")
    _edit(page)
    page.keyboard.type("fish")
    page.wait_for_selector(".picker li")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.input_value(".editor [data-units]") == "Fish Market"
    page.keyboard.press("Enter")
    _saved(page, "Saved")

    _choose(page, "paint", "deadline")
    _edit(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("07152026")  # as the browser of an American writes days
    page.wait_for_selector(".in-words:has-text('15 July 2026 · Wednesday')")
    page.keyboard.press("Enter")
    _saved(page, "Saved")

    _choose(page, "count", "deadline")
    _edit(page)
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "every":
            break
    page.keyboard.press("ArrowDown")
    page.wait_for_selector(".in-words:has-text('every quarter')")
    page.keyboard.press("Tab")
    page.keyboard.type("25")
    page.keyboard.press("Enter")
    _saved(page, "Saved")

    _choose(page, "count", "task")
    page.keyboard.press("s")
    page.wait_for_selector("dialog[open] textarea:focus")
    page.keyboard.press("Control+a")
    page.keyboard.type("count the boats")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("report the catch")
    page.keyboard.press("Control+Enter")
    _saved(page, "Split")

    _choose(page, "publish", "task")  # the passage to mark begins after the chosen row
    page.keyboard.press("i")
    page.keyboard.press("Shift+ArrowDown")
    for _ in range(12):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open] textarea:focus")
    assert page.inner_text("dialog blockquote") == LAMPS
    page.keyboard.press("Tab")
    page.keyboard.type("Night Watch")
    page.keyboard.press("Control+Enter")
    _saved(page, "Added")

    _choose(page, "publish", "task")
    page.keyboard.press("x")
    _saved(page, "Rejected")
    assert "publish" not in page.inner_text("#rows .stack")
    page.keyboard.press("u")
    _saved(page, "Undone")
    assert "publish" in page.inner_text("#rows .stack")

    painted = _register(desk, lead_unit="Fish Market", due_date="2026-07-15")
    assert (painted["task"], painted["reviewed_by"]) == ("paint the northern pier", "Reviewer")
    rule = "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=25"
    assert _register(desk, task="count the boats")["recurrence"] == rule
    assert _register(desk, task="report the catch")["recurrence"] == rule
    assert _register(desk, task=LAMPS, lead_unit="Night Watch")["source_text"] == LAMPS
    assert _register(desk, lead_unit="Fish Market", deadline_kind="ongoing")["review_status"] == "new"


def test_who_comes_too_late_sees_what_the_other_wrote(page: Page, address: str, desk: Desk) -> None:
    _come_in(page, address, desk)
    _choose(page, "paint", "lead_unit")
    _edit(page)
    task = page.get_attribute(".row.chosen", "data-task") or ""
    set_cell(desk.store, task, "lead_unit", "Pier Guard", expected="Harbour Office", who="Clerk")
    page.keyboard.type("Night Watch")
    page.keyboard.press("Enter")
    page.wait_for_selector("#toast.error:has-text('Clerk')")
    assert "Pier Guard" in page.inner_text(f"#row-{task}")
    assert list_documents(desk.store).documents[0].unreviewed == 2


def test_nothing_runs_over_the_edge_in_any_language(page: Page, address: str, desk: Desk) -> None:
    _come_in(page, address, desk)
    document = page.url
    for language in LANGUAGES:
        page.goto(f"{address}/language/{language}?back={document.removeprefix(address)}")
        page.wait_for_selector(".row.chosen")
        for width in (1280, 1920):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (language, width)
            assert page.evaluate("(box => box.scrollWidth <= box.clientWidth)(document.querySelector('#rows'))")
            assert page.evaluate("document.querySelector('.tools').offsetHeight") < 40, (language, width)
            page.keyboard.press("?")
            page.wait_for_selector("#help[open]")
            assert page.evaluate("document.querySelector('#help').scrollHeight <= innerHeight"), (language, width)
            page.keyboard.press("Escape")


def test_an_answer_to_what_was_typed_before_says_nothing(page: Page, address: str, desk: Desk) -> None:
    _come_in(page, address, desk)
    _choose(page, "paint", "deadline")
    _edit(page)
    page.evaluate("""() => {
        const fetched = window.fetch;
        let calls = 0;
        window.fetch = async (...asked) => {
            const late = calls++ === 0;
            const answer = await fetched(...asked);
            if (late) await new Promise((done) => setTimeout(() => done((window.late = true)), 400));
            return answer;
        };
    }""")
    page.fill("[name=due_date]", "2026-07-15")  # its words come last
    page.fill("[name=due_date]", "2026-08-16")
    page.wait_for_selector(".in-words:has-text('16 August 2026')")
    page.wait_for_function("() => window.late")
    page.wait_for_timeout(100)
    assert "16 August 2026" in page.inner_text(".in-words")


def test_every_list_fits_the_screen_in_every_language(page: Page, address: str, desk: Desk) -> None:
    _come_in(page, address, desk)
    page.keyboard.press("a")  # something is learnt
    _saved(page, "Accepted")
    for language in LANGUAGES:
        for path in ("/", "/tasks", "/excel", "/learnt", "/people"):
            page.goto(f"{address}/language/{language}?back={path}")
            page.wait_for_selector("main")
            for width in (1280, 1920):
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (language, path, width)


def test_an_excel_file_goes_out_comes_back_and_is_applied(page: Page, address: str, desk: Desk, tmp_path: Path) -> None:
    _come_in(page, address, desk)
    page.goto(f"{address}/excel")
    with page.expect_download() as download:
        page.click("a[href='/excel/register.xlsx']")
    download.value.save_as(tmp_path / "register.xlsx")
    workbook = load_workbook(tmp_path / "register.xlsx")
    workbook.worksheets[0].cell(2, LAYOUT.index("lead_unit") + 1).value = "Pier Guard"
    workbook.save(tmp_path / "corrected.xlsx")
    page.set_input_files("#file", tmp_path / "corrected.xlsx")
    page.wait_for_selector("#preview .becomes:has-text('Pier Guard')")
    page.click("#apply button")
    page.wait_for_selector(".said:has-text('Written: 1 cells')")
    assert _register(desk, lead_unit="Pier Guard")["reviewed_by"] == "Reviewer"


def test_the_words_behind_the_cursor_become_the_next_part(page: Page, address: str, desk: Desk) -> None:
    _come_in(page, address, desk)
    _choose(page, "count", "task")
    page.keyboard.press("s")
    page.wait_for_selector("#dialog[open] textarea:focus")
    page.evaluate("document.activeElement.setSelectionRange(15, 15)")
    page.keyboard.press("Alt+Enter")
    parts = page.eval_on_selector_all("#dialog textarea", "all => all.map((one) => one.value)")
    assert parts == ["count the boats", "and report the catch", ""]
