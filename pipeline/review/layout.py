"""Where words stand on their pages: found by reading the original once more, and kept beside the results.

The flow leaves the places of words out of what it keeps. They are most of the bytes, and only a page needs them.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import io
import json
import threading
from pathlib import Path
from typing import Any

from models.errors import ReadError
from models.records import Document
from models.store import ReadText
from pipeline.review.desk import Desk
from pipeline.review.originals import content_of, is_paged, print_of
from pipeline.wholefile import write_whole

IMAGE_DPI = 130
_READING = threading.Lock()  # one original at a time: OCR takes all the cores there are


def layout_of(desk: Desk, text: ReadText) -> dict[str, Any]:
    """Return {"pages": [[number, width, height]], "words": [[start, end, page, x0, y0, x1, y1]]} of a text, in points.

    Places of a file without pages are those on its print, and pages those of one paper where the file holds several.
    Both are empty where the original is away, can't be printed, or is now read otherwise than it was.
    """
    path = _kept_at(desk, text)
    if not path.is_file():
        with _READING:
            if not path.is_file():
                return _read_layout(desk, text, path)
    found: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    return found


def _kept_at(desk: Desk, text: ReadText) -> Path:
    words = hashlib.sha256(text.text.encode("utf-8", errors="replace")).hexdigest()[:16]
    return desk.outputs / "layouts" / f"{text.sha256}-{text.part}-{words}.json.gz"


def _read_layout(desk: Desk, text: ReadText, path: Path) -> dict[str, Any]:
    """Find out where the words stand, and keep it; nothing is kept where the original may yet come back."""
    found = _layout(desk, text)
    if found["words"]:
        write_whole(path, gzip.compress(json.dumps(found).encode(), mtime=0))
    return found


def _layout(desk: Desk, text: ReadText) -> dict[str, Any]:
    document = _read_again(desk, text)
    if document is None or document.text != text.text:
        return {"pages": [], "words": []}
    pages = [[page.number, page.width, page.height] for page in document.pages]
    boxes = ((word.start, word.end, word.box) for word in document.words)
    words = [
        [start, end, box.page, *(round(value, 1) for value in (box.x0, box.y0, box.x1, box.y1))]
        for start, end, box in boxes
    ]
    return {"pages": pages, "words": words}


def _read_again(desk: Desk, text: ReadText) -> Document | None:
    """Return the document of a text with its places."""
    from pipeline.readers import read_file

    content = content_of(desk, text)
    if content is None:
        return None
    try:
        papers = read_file(content) if is_paged(text) else _papers_on_print(desk, content, text.sha256)
        return papers[text.part]
    except (ReadError, IndexError):
        return None


def _papers_on_print(desk: Desk, content: Path, sha256: str) -> tuple[Document, ...]:
    """Return the papers of a file without pages with the places that their words have on its print."""
    from extractors.parts import parts_of
    from pipeline.readers import read_whole
    from pipeline.readers.pdf import read_pdf
    from pipeline.readers.printed import placed

    document = read_whole(content)
    path = print_of(desk, content, sha256, document)
    return parts_of(placed(document, read_pdf(path)), like=document) if path else ()


def image_of(desk: Desk, text: ReadText, page: int) -> tuple[bytes, str] | None:
    """Return a page (from 1) as an image and its media type; None where there is no original or no such page."""
    try:
        content = content_of(desk, text)
        path = content if content is None or is_paged(text) else print_of(desk, content, text.sha256)
        if path is None or page < 1 or (is_paged(text) and page > text.pages):
            return None
        return _image(path, text.sha256, page, not text.media_type.startswith("image/"))
    except (ReadError, IndexError, OSError):
        return None


@functools.lru_cache(maxsize=48)
def _image(path: Path, _sha256: str, page: int, is_pdf: bool) -> tuple[bytes, str]:
    """Return an image of a page; of a PDF as JPEG, which takes a tenth of the time of PNG."""
    from pipeline.readers.images import page_count, rendered, rendered_pages
    from pipeline.readers.pdf import page_image

    if not is_pdf:
        return page_image(path, page, IMAGE_DPI), "image/png"
    with rendered_pages(path) as document:
        if page > page_count(document):
            raise IndexError(page)
        image = rendered(document, page, IMAGE_DPI)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=85)
    return buffer.getvalue(), "image/jpeg"
