"""The figures as a part of a page, and on paper: both are made from one template and one style sheet."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.errors import UsageError, message_parts
from models.records import Language
from pipeline.followup import charts
from pipeline.followup.figures import FollowUp
from pipeline.status import COUNTS, day_text, unit_name

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

STYLE = Path(__file__).with_name("figures.css")
SHOWN = 100  # tasks of a list on the page
PRINTED = 1000
_CARDS = ("tasks", "done", "overdue", "week", "month", "later", "recurring", "undated", "leadless")
_PAGE_LISTS = ("overdue", "week", "month", "recurring", "later", "undated", "done", "dropped")
_PAPER_LISTS = ("overdue", "week", "month", "recurring")


def figures_html(found: FollowUp, language: Language, *, form: Callable[..., str] | None = None) -> Markup:
    """Return the figures as a part of a page; `form` makes what stands beside a task to say how it is done."""
    lists = [(name, found.lists[name]) for name in _PAGE_LISTS]
    return _rendered("figures.html", found, language, lists=lists, most=SHOWN, form=form)


def report_html(found: FollowUp, language: Language) -> Markup:
    """Return the report as a whole document that needs nothing beside it."""
    lists = [(name, found.lists[name]) for name in _PAPER_LISTS]
    style = STYLE.read_text(encoding="utf-8")
    return _rendered("report.html", found, language, lists=lists, most=PRINTED, form=None, style=style)


def report_pdf(found: FollowUp, language: Language) -> bytes:
    """Return the report as PDF on A4 across. Raises UsageError `report-library` where a system library is missing."""
    try:
        from weasyprint import HTML
    except OSError as error:  # Pango is not a Python package
        raise UsageError("report-library", reason=str(error).splitlines()[0]) from error
    pdf: bytes = HTML(string=report_html(found, language), url_fetcher=_fetch_nothing).write_pdf()
    return pdf


def _fetch_nothing(url: str, *_: object, **__: object) -> dict[str, Any]:
    raise ValueError(f"the report loads nothing: {url}")


def _rendered(template: str, found: FollowUp, language: Language, **values: Any) -> Markup:
    from markupsafe import Markup

    drawn = {"months": charts.deadlines_chart(found, language), "loads": charts.loads_chart(found, language)}
    return Markup(
        _environment()
        .get_template(template)
        .render(
            found=found,
            language=language,
            t=lambda code, **known: message_parts(code, language, known)[0],
            day=lambda moment: day_text(moment, language),
            name_of=lambda each: unit_name(each, language),
            charts={name: Markup(svg) for name, svg in drawn.items()},
            cards=_CARDS,
            counts=COUNTS,
            **values,
        )
    )


@functools.cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader

    folder = Path(__file__).with_name("templates")
    made = Environment(loader=FileSystemLoader(folder), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    made.filters["day_of"] = lambda iso, language: day_text(date.fromisoformat(iso), language)
    return made
