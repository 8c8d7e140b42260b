"""Page images: taken from a PDF, cleaned of stamps, straightened, their ruling lines found."""

from __future__ import annotations

import functools
import math
import operator
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.errors import ReadError
from pipeline.readers.pages.sheets import Rule

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
_RULE_DPI = 150
_TOUCH = 5  # pixels at that resolution between the end of a line and the line it touches
_BESIDE = 5  # pixels at that resolution from a line to where ink on both sides shows that it is crossed


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
        ink & ~_long_runs(ink, _LOOK // 2) & ~_long_runs(np.asarray(ink.T), _LOOK // 2).T
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
    ink &= ~_long_runs(ink, _LOOK)
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
    ink = ink & ~_long_runs(ink, _LOOK // 2)
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


def ruling_lines(image: Image, dpi: int) -> tuple[list[Rule], list[Rule], Image]:
    """Return the horizontal and vertical lines of a straight grey image in points, and the image without them."""
    import numpy as np
    from PIL import Image as images

    factor = max(1, round(dpi / _RULE_DPI))
    grey = np.asarray(image)
    ink = grey < min(190, max(90, int(np.median(grey[::4, ::4])) - 50))
    small = _reduced(ink, factor)
    across, across_ink = _uncrossed(small, small, round(0.9 * _RULE_DPI), 0.2)
    letters = small & ~_grown(across)
    found = _uncrossed(_turned(small), _turned(letters), round(0.35 * _RULE_DPI), 0.02)
    down, down_ink = _turned(found[0]), _turned(found[1])
    across_ink, across = across_ink | (short := _bridging(small, down, round(0.15 * _RULE_DPI))), across | short
    short = _turned(_bridging(_turned(small), _turned(across), round(0.1 * _RULE_DPI)))
    down_ink, down = down_ink | short, down | short
    unit = 72 * factor / dpi
    rules = _rules(across, unit), _rules(_turned(down), unit)
    if not (across_ink.any() and down_ink.any()):
        return *rules, image  # underlines stay: taking them out hurts the dots below Vietnamese letters
    mask = np.zeros(ink.shape, bool)
    grown = np.repeat(np.repeat(_grown(across_ink | down_ink), factor, 0), factor, 1)
    mask[: grown.shape[0], : grown.shape[1]] = grown
    return *rules, images.fromarray(np.where(mask & ink, np.uint8(255), grey))


def _reduced(ink: np.ndarray, factor: int) -> np.ndarray:
    """Return a mask in which each square of pixels with any ink is one pixel."""
    height, width = (side // factor * factor for side in ink.shape)
    rows = functools.reduce(operator.or_, (ink[y:height:factor, :width] for y in range(factor)))
    return functools.reduce(operator.or_, (rows[:, x::factor] for x in range(factor))).copy()


def _turned(mask: np.ndarray) -> np.ndarray:
    """Return a mask with rows and columns exchanged."""
    import numpy as np

    return np.ascontiguousarray(mask.T)


def _long_runs(ink: np.ndarray, length: int) -> np.ndarray:
    """Return the pixels that lie in horizontal runs of ink of at least a length, gaps of two pixels bridged."""
    import numpy as np

    closed = ink.copy()
    closed[:, 1:-1] |= ink[:, :-2] & ink[:, 2:]
    closed[:, 1:-2] |= ink[:, :-3] & ink[:, 3:]
    wide = max(0, ink.shape[1] - length + 1)  # places at which such a run may begin
    begins, reached = closed, 1
    while reached < length and begins.any():  # a run of twice a length is two of it, side by side
        step = min(reached, length - reached)
        begins, reached = begins[:, : -step or None] & begins[:, step:], reached + step
    runs = np.zeros_like(ink)
    if reached < length or not begins.any():
        return runs
    covered = np.pad(begins[:, :wide], ((0, 0), (0, length - 1)))
    reached = 1
    while reached < length:
        step = min(reached, length - reached)
        covered[:, step:] |= covered[:, :-step].copy()
        reached += step
    return covered


def _run_ends(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the row, start and end of every horizontal run of a mask."""
    import numpy as np

    padded = np.zeros((mask.shape[0], mask.shape[1] + 2), bool)
    padded[:, 1:-1] = mask
    width = mask.shape[1] + 1
    edges = np.flatnonzero(padded[:, 1:] != padded[:, :-1])  # of a flat array: many times as fast as of a square one
    rows, starts = np.divmod(edges[::2], width)
    return rows, starts, edges[1::2] % width


def _uncrossed(ink: np.ndarray, letters: np.ndarray, length: int, most: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the horizontal lines of at least a length that letters cross in no more than a share of their length.

    Folds and streaks of the scanner are crossed by the text. The second mask is the ink to take out before reading:
    those lines, and of the others what crosses no letter.
    """
    import numpy as np

    runs = _long_runs(ink, length)
    if not runs.any():
        return runs, runs
    beside = np.zeros_like(ink)
    beside[_BESIDE:-_BESIDE] = letters[: -2 * _BESIDE] & letters[2 * _BESIDE :]
    crossed = np.zeros((runs.shape[0], runs.shape[1] + 1), np.int32)
    np.cumsum(runs & beside, axis=1, out=crossed[:, 1:])
    kept = np.zeros_like(runs)
    for row, start, end in _spans(runs):
        if crossed[row, end] - crossed[row, start] <= most * (end - start):
            kept[row, start:end] = True
    return kept, kept | (runs & ~_widened(beside))


def _bridging(ink: np.ndarray, walls: np.ndarray, length: int) -> np.ndarray:
    """Return the short horizontal lines that run from one vertical line to another: sides of narrow cells."""
    import numpy as np

    if not walls.any():
        return walls
    runs, _ = _uncrossed(ink, ink, length, 0.2)
    near = walls.copy()
    for step in range(1, _TOUCH + 1):
        near[:, step:] |= walls[:, :-step]
        near[:, :-step] |= walls[:, step:]
    kept = np.zeros_like(runs)
    for row, start, end in _spans(runs):
        if near[row, start] and near[row, end - 1]:
            kept[row, start:end] = True
    return kept


def _widened(mask: np.ndarray) -> np.ndarray:
    """Return a mask with two pixels more at either end of each horizontal run."""
    wide = mask.copy()
    for step in (1, 2):
        wide[:, step:] |= mask[:, :-step]
        wide[:, :-step] |= mask[:, step:]
    return wide


def _spans(runs: np.ndarray) -> Iterator[tuple[int, int, int]]:
    """Yield the row, start and end of every run of a mask."""
    rows, starts, ends = _run_ends(runs)
    yield from zip(rows.tolist(), starts.tolist(), ends.tolist(), strict=True)


def _grown(mask: np.ndarray) -> np.ndarray:
    grown = mask.copy()
    grown[1:] |= mask[:-1]
    grown[:-1] |= mask[1:]
    grown[:, 1:] |= mask[:, :-1]
    grown[:, :-1] |= mask[:, 1:]
    return grown


def _rules(runs: np.ndarray, unit: float) -> list[Rule]:
    """Return the runs of a mask as lines in points; the rows of a thick line are several."""
    return [Rule((row + 0.5) * unit, start * unit, end * unit) for row, start, end in _spans(runs)]


def rotation_about_middle(angle: float, width: float, height: float) -> tuple[float, float, float, float, float, float]:
    """Return the matrix from an image straightened by an angle back to the image before."""
    sine, cosine = math.sin(math.radians(angle)), math.cos(math.radians(angle))
    x, y = width / 2, height / 2
    return cosine, sine, -sine, cosine, x - cosine * x + sine * y, y - sine * x - cosine * y


def page_count(document: Any) -> int:
    """Return how many pages an open PDF has."""
    with _PDFIUM:
        return len(document)
