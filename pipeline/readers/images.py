"""Page images: taken from a PDF, cleaned of stamps, straightened."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.errors import ReadError
from pipeline.readers.ruling import long_runs

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

DPI = 300
_PDFIUM = threading.Lock()  # pdfium must not be entered by two threads at once
_DARK = 140  # grey value below which a pixel is ink
_COLOURED = 55  # difference of channels from which a pixel is coloured ink
_PALE = 22  # the same beside such ink: the edges of its strokes
_SQUARE = 8  # pixels
_TINTED = 25  # the same where sixteen pixels are seen as one
_MOSTLY = 0.5  # share of all ink from which a colour is that of the text, not of a stamp
_LOOK = 75  # dots per inch at which skew and direction are looked for
_LONGEST_SKEW = 5.0  # degrees


@contextmanager
def rendered_pages(path: Path) -> Iterator[Any]:
    """Open a PDF for rendering. Raises ReadError if it is broken or needs a password."""
    import pypdfium2 as pdfium

    try:
        with _PDFIUM:
            document = pdfium.PdfDocument(path)
            document.init_forms()
    except pdfium.PdfiumError as error:
        code = "read-encrypted" if "password" in str(error).lower() else "read-broken"
        raise ReadError(code, file=path.name) from error
    try:
        yield document
    finally:
        with _PDFIUM:
            document.close()


def rendered(document: Any, number: int, dpi: int = DPI) -> Image:
    """Return a page (1-based) of an open PDF as an RGB image, its stamps and form fields drawn."""
    with _PDFIUM:
        page = document[number - 1]
        image: Image = page.render(scale=dpi / 72, may_draw_forms=True, rev_byteorder=True).to_pil()
        page.close()
    return image if image.mode == "RGB" else image.convert("RGB")


def ink_behind(document: Any, number: int, boxes: list[tuple[float, float, float, float]]) -> list[float]:
    """Return what share of each box (in points of the page as shown) is dark when the page's text is left out."""
    import numpy as np
    import pypdfium2.raw as pdfium

    scale = 100 / 72
    with _PDFIUM:
        page = document[number - 1]
        for drawn in list(page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_TEXT,), max_depth=1)):
            page.remove_obj(drawn)
        pixels = np.asarray(page.render(scale=scale, grayscale=True, may_draw_forms=False).to_pil())
        page.close()
    shares = []
    for x0, y0, x1, y1 in boxes:
        area = pixels[int(y0 * scale) : int(y1 * scale) + 1, int(x0 * scale) : int(x1 * scale) + 1]
        shares.append(float((area < _DARK).mean()) if area.size else 0.0)
    return shares


def without_stamps(image: Image) -> Image:
    """Return an image in grey with red and blue ink gone, unless the text itself is red or blue."""
    from PIL import ImageChops

    if image.mode in ("1", "L", "I;16"):
        return image.convert("L")
    image = image.convert("RGB")
    grey = image.convert("L")
    if not any(mask.getbbox() for mask in _coloured(image.reduce(4), _TINTED)):
        return grey
    ink = max(1, sum(grey.histogram()[: _DARK + 30]))
    for mask, pale in zip(_coloured(image, _COLOURED), _coloured(image, _PALE), strict=True):
        if sum(grey.histogram(mask)[:215]) < _MOSTLY * ink:
            grey.paste(255, mask=mask)
            grey.paste(255, mask=ImageChops.darker(pale, _surroundings(mask)))
    return grey


def _surroundings(mask: Image) -> Image:
    """Return a mask of the squares of pixels in and around which a mask has something."""
    from PIL import Image as images
    from PIL import ImageFilter

    squares = mask.reduce(_SQUARE).point([0] * 4 + [255] * 252).filter(ImageFilter.MaxFilter(3))
    return squares.resize(mask.size, images.Resampling.NEAREST)


def _coloured(image: Image, least: int) -> tuple[Image, Image]:
    """Return masks of red and of blue ink: one channel above the others by more than `least`, and not black."""
    from PIL import ImageChops

    red, green, blue = image.split()
    excesses = (
        ImageChops.subtract(red, ImageChops.lighter(green, blue)),
        ImageChops.subtract(blue, ImageChops.lighter(red, ImageChops.add(red, green, scale=2))),
    )
    bright = ImageChops.lighter(red, blue).point([0] * 91 + [255] * 165)
    table = [0] * (least + 1) + [255] * (255 - least)
    first, second = (ImageChops.darker(excess.point(table), bright) for excess in excesses)
    return first, second


def is_sideways(image: Image) -> bool:
    """Tell whether lines of text run from top to bottom: then columns alternate between ink and paper, not rows."""
    import numpy as np

    ink = _small_ink(image)
    ink = (
        ink & ~long_runs(ink, _LOOK // 2) & ~long_runs(np.asarray(ink.T), _LOOK // 2).T
    )  # lines of tables tell nothing
    if not ink.any():
        return False
    return _alternation(ink.sum(axis=0, dtype=np.int32)) > 1.3 * _alternation(ink.sum(axis=1, dtype=np.int32))


def uprightness(image: Image) -> float:
    """Return how much more sharply lines of text end below than above: more than 1 if the page stands upright.

    Tips and marks of letters stand above the line, few tails below. So it is with Latin letters (1.05 and more upright,
    the inverse upside down); Cyrillic ones tell little (0.92 to 1.07).
    """
    import numpy as np

    small = image.reduce(max(1, image.width // 1240))
    small = straightened(small, skew(small))
    pixels = np.asarray(small)
    ink = pixels < max(60, min(200, float(pixels.mean()) - 25))
    ink &= ~long_runs(ink, _LOOK)
    steps = np.diff(np.minimum(ink.sum(axis=1), 0.5 * ink.shape[1]).astype(np.float64))
    rises, falls = np.square(steps[steps > 0]).sum(), np.square(steps[steps < 0]).sum()
    return float(falls / rises) if rises else 1.0


def _alternation(sums: np.ndarray) -> float:
    """Return how strongly neighbouring sums differ."""
    import numpy as np

    return float(np.square(np.diff(sums.astype(np.float64))).sum()) / max(1, len(sums))


def _small_ink(image: Image, dpi: int = _LOOK) -> np.ndarray:
    """Return where ink is, at a low resolution."""
    import numpy as np

    small = image.reduce(max(1, DPI // dpi)) if image.width > 1200 else image
    pixels = np.asarray(small.convert("L"))
    return np.asarray(pixels < max(60, min(200, float(pixels.mean()) - 25)))


def fullest_strip(image: Image, share: float) -> Image:
    """Return the strip of a page, of a share of its height, that holds most ink in lines across the page."""
    import numpy as np

    ink = _small_ink(image)
    ink = ink & ~long_runs(ink, _LOOK // 2)
    height = max(1, int(share * ink.shape[0]))
    weights = np.convolve(np.minimum(ink.sum(axis=1), 0.4 * ink.shape[1]), np.ones(height), "valid")
    top = int(weights.argmax()) * image.height // ink.shape[0]
    return image.crop((0, top, image.width, min(image.height, top + int(share * image.height))))


def skew(image: Image) -> float:
    """Return the angle in degrees, counter-clockwise, by which a page must be turned to lie straight."""
    import numpy as np

    ink = _small_ink(image, 100)
    rows, columns = (axis.astype(np.float32) for axis in np.nonzero(ink))
    middle = ink.shape[1] / 2

    def sharpness(angle: float) -> float:
        """Return how strongly the ink gathers in few rows when the page is turned."""
        turned = rows * math.cos(math.radians(angle)) - (columns - middle) * math.sin(math.radians(angle))
        return float(np.square(np.bincount((turned + middle + 0.5).astype(np.int32)), dtype=np.float64).sum())

    best = _best([step * 1.0 for step in range(-int(_LONGEST_SKEW), int(_LONGEST_SKEW) + 1)], sharpness)
    for step in (0.3, 0.1):
        best = _best([best + step * count for count in range(-3, 4)], sharpness)
    return best if abs(best) >= 0.15 else 0.0


def _best(angles: list[float], sharpness: Callable[[float], float]) -> float:
    return max(angles, key=lambda angle: (round(sharpness(angle)), -abs(angle)))


def straightened(image: Image, angle: float) -> Image:
    """Return a grey image turned counter-clockwise about its middle, its size kept, the corners white."""
    from PIL import Image as images

    return image.rotate(angle, resample=images.Resampling.BILINEAR, fillcolor=255) if angle else image


def rotation_about_middle(angle: float, width: float, height: float) -> tuple[float, float, float, float, float, float]:
    """Return the matrix from an image straightened by an angle back to the image before."""
    sine, cosine = math.sin(math.radians(angle)), math.cos(math.radians(angle))
    x, y = width / 2, height / 2
    return cosine, sine, -sine, cosine, x - cosine * x + sine * y, y - sine * x - cosine * y


def page_count(document: Any) -> int:
    """Return how many pages an open PDF has."""
    with _PDFIUM:
        return len(document)
