"""What a row was read from: the text, the page images, and where the words stand on them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from models.store import read_text
from pipeline.review.desk import Desk
from pipeline.review.layout import image_of, layout_of
from pipeline.review.sessions import Reader
from pipeline.review.waiting import beside

router = APIRouter(prefix="/readings/{reading_id}")


@router.get("/text")
def text(request: Request, reading_id: int, user: Reader) -> Response:
    """Return the text as read."""
    return PlainTextResponse(read_text(request.app.state.desk.store, reading_id).text)


@router.get("/layout")
async def layout(request: Request, reading_id: int, user: Reader) -> Response:
    """Return where the words stand; a scan that was never looked at takes as long as its OCR."""
    return JSONResponse(await beside(request, _layout, request.app.state.desk, reading_id))


def _layout(desk: Desk, reading_id: int) -> dict[str, Any]:
    return layout_of(desk, read_text(desk.store, reading_id))


@router.get("/pages/{number}")
async def page_image(request: Request, reading_id: int, number: int, user: Reader) -> Response:
    """Return a page as an image."""
    image = await beside(request, _image, request.app.state.desk, reading_id, number)
    if image is None:
        raise HTTPException(404, "page-missing")
    content, media_type = image
    return Response(content, media_type=media_type, headers={"Cache-Control": "private, max-age=3600"})


def _image(desk: Desk, reading_id: int, number: int) -> tuple[bytes, str] | None:
    return image_of(desk, read_text(desk.store, reading_id), number)
