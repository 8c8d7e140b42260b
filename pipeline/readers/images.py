"""Page images: taken from a PDF, cleaned of stamps, straightened, their ruling lines found."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
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
        image: Image = page.render(scale=dpi / 72, may_draw_forms=True).to_pil().convert("RGB")
        page.close()
    return image


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
    import numpy as np
    from PIL import Image as images

    if image.mode in ("1", "L", "I;16"):
        return image.convert("L")
    pixels = np.asarray(image.convert("RGB"))
    red, green, blue = (pixels[:, :, channel].astype(np.int16) for channel in range(3))
    grey = np.asarray(image.convert("L")).copy()
    ink = max(1, int((grey < _DARK + 30).sum()))
    for coloured in (red - np.maximum(green, blue) > _COLOURED, blue - np.maximum(red, (red + green) // 2) > _COLOURED):
        if (coloured & (grey < 215)).sum() < _MOSTLY * ink:
            grey[coloured & (np.maximum(red, blue) > 90)] = 255
    return images.fromarray(grey)


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
    from PIL import Image as images

    ink = images.fromarray((_small_ink(image, 100) * 255).astype("uint8"))
    best = _best_angle(ink, [step * 1.0 for step in range(-int(_LONGEST_SKEW), int(_LONGEST_SKEW) + 1)])
    for step in (0.3, 0.1):
        best = _best_angle(ink, [best + step * count for count in range(-3, 4)])
    return best if abs(best) >= 0.15 else 0.0


def _best_angle(ink: Image, angles: list[float]) -> float:
    import numpy as np

    def sharpness(angle: float) -> float:
        turned = np.asarray(ink.rotate(angle)) > 127
        return float(np.square(turned.sum(axis=1, dtype=np.float64)).sum())

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
    ink = grey < min(190, max(90, int(np.median(grey)) - 50))
    height, width = (side // factor * factor for side in ink.shape)
    small = ink[:height, :width].reshape(height // factor, factor, width // factor, factor).max(axis=(1, 3))
    across, across_ink = _uncrossed(small, small, round(0.9 * _RULE_DPI), 0.2)
    letters = small & ~_grown(across)
    found = _uncrossed(np.asarray(small.T), np.asarray(letters.T), round(0.35 * _RULE_DPI), 0.02)
    down, down_ink = found[0].T, found[1].T
    across_ink, across = across_ink | (short := _bridging(small, down, round(0.15 * _RULE_DPI))), across | short
    short = _bridging(np.asarray(small.T), np.asarray(across.T), round(0.1 * _RULE_DPI)).T
    down_ink, down = down_ink | short, down | short
    unit = 72 * factor / dpi
    mask = np.zeros(ink.shape, bool)
    mask[:height, :width] = np.repeat(np.repeat(_grown(across_ink | down_ink), factor, 0), factor, 1)
    # underlines stay: taking them out hurts the dots below Vietnamese letters
    cleaned = np.where(mask & ink, 255, grey).astype(np.uint8) if across_ink.any() and down_ink.any() else grey
    return _rules(across, unit), _rules(down.T, unit), images.fromarray(cleaned)


def _long_runs(ink: np.ndarray, length: int) -> np.ndarray:
    """Return the pixels that lie in horizontal runs of ink of at least a length, gaps of two pixels bridged."""
    import numpy as np

    closed = ink.copy()
    closed[:, 1:-1] |= ink[:, :-2] & ink[:, 2:]
    closed[:, 1:-2] |= ink[:, :-3] & ink[:, 3:]
    rows, starts, ends = _run_ends(closed)
    keep = ends - starts >= length
    steps = np.zeros((ink.shape[0], ink.shape[1] + 1), np.int8)
    steps[rows[keep], starts[keep]] = 1
    steps[rows[keep], ends[keep]] = -1
    return np.asarray(np.cumsum(steps, axis=1, dtype=np.int8)[:, :-1] > 0)


def _run_ends(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the row, start and end of every horizontal run of a mask."""
    import numpy as np

    padded = np.zeros((mask.shape[0], mask.shape[1] + 2), np.int8)
    padded[:, 1:-1] = mask
    change = np.diff(padded, axis=1)
    rows, starts = np.nonzero(change == 1)
    return rows, starts, np.nonzero(change == -1)[1]


def _uncrossed(ink: np.ndarray, letters: np.ndarray, length: int, most: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the horizontal lines of at least a length that letters cross in no more than a share of their length.

    Folds and streaks of the scanner are crossed by the text. The second mask is the ink to take out before reading:
    those lines, and of the others what crosses no letter.
    """
    import numpy as np

    runs = _long_runs(ink, length)
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
