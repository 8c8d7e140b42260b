"""Templates: everything is escaped, and every template knows the reader, the language and the words."""

from __future__ import annotations

import functools
import hashlib
import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

from models.errors import message_parts
from models.records import LANGUAGES, Language
from models.store import COUNTED, TaskRow, User
from pipeline.review import views, wording
from pipeline.review.sessions import csrf_token, language_of, may

FOLDER = Path(__file__).parent
_ROWS: dict[tuple[object, ...], Markup] = {}  # rows as shown, the oldest first
_ROWS_KEPT = 4000  # some 20 MB
_KEEPING = threading.Lock()


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        LANGUAGES=LANGUAGES,
        left=views.left,
        shown=views.shown,
        cells_of=views.cells_of,
        COUNTED=COUNTED,
        may=may,
        version=static_version(),
    )
    environment.filters["query"] = query
    environment.filters["compact"] = _compact
    return environment


def _compact(spans: object) -> Markup:
    return Markup(json.dumps(spans, separators=(",", ":")))  # numbers and brackets


@functools.cache
def _words_of(language: Language) -> dict[str, Any]:
    """Return what templates say things with, in a language; what takes no values is escaped once for all."""

    @functools.cache
    def plain(key: str) -> Markup:
        return escape(wording.say(language, key))

    return {
        "language": language,
        "t": lambda key, **values: wording.say(language, key, **values) if values else plain(key),
        "m": lambda code, **values: message_parts(code, language, values)[0],
        "name_of": functools.cache(lambda column: escape(wording.column_name(language, column))),
        "day": functools.partial(wording.day_in_words, language),
        "moment": functools.partial(wording.moment_in_words, language),
        "words": wording.words()[language],
    }


def row_html(row: TaskRow, language: Language) -> Markup:
    """Return a row as the document's page shows it; kept for as long as nothing in it changes."""
    place = row.reading_id, row.start, row.end  # found elsewhere, a row may well have the version that it had
    key = (language, row.task_id, row.version, place, *row.sources.items(), *row.machine.items())
    found = _ROWS.get(key)
    if found is None:
        template = _environment().get_template("row.html")
        found = Markup(template.render(view=views.row_view(row, language), **_words_of(language)))
        with _KEEPING:
            _ROWS[key] = found
            if len(_ROWS) > _ROWS_KEPT:
                del _ROWS[next(iter(_ROWS))]
    return found


@functools.cache
def static_version() -> str:
    """Return a mark of the static files, so that browsers may keep them for as long as they stay the same."""
    content = b"".join(path.read_bytes() for path in sorted((FOLDER / "static").iterdir()))
    return hashlib.sha256(content).hexdigest()[:12]


def query(fields: Mapping[str, object], **changes: object) -> str:
    """Return the fields as the query of an address, with changes, without those that are empty."""
    return urlencode({name: value for name, value in {**fields, **changes}.items() if value not in ("", None)})


def page(request: Request, template: str, user: User | None = None, *, status: int = 200, **values: Any) -> Response:
    """Return a template filled for who is reading."""
    known = {**_words_of(language_of(request)), "request": request, "user": user, "csrf": csrf_token(request)}
    text = _environment().get_template(template).render(**known, **values)
    return HTMLResponse(text, status)


def part(request: Request, template: str, **values: Any) -> Markup:
    """Return a part of a page, filled for who is reading."""
    known = {**_words_of(language_of(request)), "csrf": csrf_token(request)}
    return Markup(_environment().get_template(template).render(**known, **values))


def events(response: Response, after: str = "", **happened: Any) -> Response:
    """Tell the page's script what happened: at once, or after the new rows stand (`after` = "Settle")."""
    header = f"HX-Trigger-After-{after}" if after else "HX-Trigger"
    response.headers[header] = json.dumps(happened)
    return response
