"""Templates: everything is escaped, and every template knows the reader, the language and the words."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader

from models.records import LANGUAGES
from models.store import User
from pipeline.review import views, wording
from pipeline.review.sessions import csrf_token, language_of, may

FOLDER = Path(__file__).parent


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
        row_view=views.row_view,
        may=may,
        version=static_version(),
    )
    environment.filters["query"] = query
    environment.filters["compact"] = lambda value: json.dumps(value, separators=(",", ":"))
    return environment


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
    language = language_of(request)
    text = (
        _environment()
        .get_template(template)
        .render(
            request=request,
            user=user,
            language=language,
            t=functools.partial(wording.say, language),
            name_of=functools.partial(wording.column_name, language),
            day=functools.partial(wording.day_in_words, language),
            words=wording.words()[language],
            csrf=csrf_token(request),
            **values,
        )
    )
    return HTMLResponse(text, status)


def events(response: Response, after: str = "", **happened: Any) -> Response:
    """Tell the page's script what happened: at once, or after the new rows stand (`after` = "Settle")."""
    header = f"HX-Trigger-After-{after}" if after else "HX-Trigger"
    response.headers[header] = json.dumps(happened)
    return response
