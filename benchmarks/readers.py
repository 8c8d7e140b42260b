"""Measures reading: the corpus's documents in other formats, and as images of every kind, against the text they hold.

The truth of an image is the text layer of the same page. Prints, as Markdown, for each way of reading the recall of
words, the character error rate, the rows of tables that are wholly right, the seconds a page beside bare Tesseract on
the same images in the same run (all cores for both), and the peak memory of a process that reads only these files
(its Tesseracts aside); then the annex of many rows over pages.

    python -m benchmarks.readers [--pages N] [--documents N] [--rows N]
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
import resource
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from benchmarks import conversions
from models.records import Document
from pipeline.readers import tesseract
from pipeline.readers.images import DPI, rendered, rendered_pages
from pipeline.readers.pdf import read_pdf
from tests.readers.pdfs import annex, pdf, scanned

CORPUS = Path(__file__).parents[1] / "corpus/documents"
MODELS = {"vi": "vie", "en": "eng", "ru": "rus"}
Spoil = Callable[[Image.Image], Image.Image]


def clean(image: Image.Image) -> Image.Image:
    return image.convert("L")


def skewed(image: Image.Image) -> Image.Image:
    return image.convert("L").rotate(1.7, fillcolor=255, resample=Image.Resampling.BILINEAR)


def noisy(image: Image.Image) -> Image.Image:
    """Return a grey copy like a bad photocopy's: blurred and full of grain."""
    grain = Image.effect_noise(image.size, 70).convert("L")
    return Image.blend(image.convert("L").filter(ImageFilter.GaussianBlur(0.9)), grain, 0.25)


def stamped(image: Image.Image) -> Image.Image:
    """Return a copy with the ink of a red round stamp and a blue signature on its text, as ink lies: see-through."""
    ink = Image.new("RGB", image.size, "white")
    draw = ImageDraw.Draw(ink)
    for radius, width in ((260, 14), (200, 7), (90, 9)):
        draw.ellipse([1100 - radius, 1150 - radius, 1100 + radius, 1150 + radius], outline=(225, 60, 70), width=width)
    draw.line([(350, 1400), (800, 950), (1000, 1500), (1500, 1000)], fill=(60, 80, 200), width=10)
    return ImageChops.multiply(image, ink)


def rotated(image: Image.Image) -> Image.Image:
    return image.convert("L").rotate(90, expand=True)


def upside_down(image: Image.Image) -> Image.Image:
    return image.convert("L").rotate(180)


WAYS: dict[str, Spoil] = {
    "skewed 1.7°": skewed,
    "noisy": noisy,
    "stamped": stamped,
    "rotated 90°": rotated,
    "rotated 180°": upside_down,
    "rotated 270°": lambda image: image.convert("L").rotate(270, expand=True),
}
LANGUAGES = {"Vietnamese": "vi", "English": "en", "Russian": "ru"}
Figures = tuple[Document, Document, float, float]  # as read, as it should be, seconds, seconds of bare Tesseract


def words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFC", text).casefold())


def table_rows(document: Document) -> list[str]:
    """Return the rows of a document's tables, blanks and punctuation aside."""
    rows: dict[tuple[int, int], list[str]] = {}
    for number, block in enumerate(document.blocks):
        for cell in block.cells:
            rows.setdefault((number, cell.row), []).append(" ".join(words(cell.span.of(document.text))))
    return ["|".join(filter(None, row)) for row in rows.values()]


def errors(found: str, truth: str) -> int:
    """Return the characters inserted, left out and replaced, word by word in order."""
    from difflib import SequenceMatcher

    left, right = words(found), words(truth)
    total = 0
    for kind, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if kind != "equal":
            total += distance(" ".join(left[a:b]), " ".join(right[c:d]))
    return total


def distance(left: str, right: str) -> int:
    """Return the Levenshtein distance of two strings."""
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        above, row[0] = row[0], i
        for j, b in enumerate(right, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (a != b))
    return row[-1]


def bare_seconds(images: Sequence[Image.Image], model: str) -> float:
    """Return the seconds that Tesseract alone takes for the images, one process a core."""
    started = time.perf_counter()
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        list(pool.map(lambda image: tesseract.read_words(image, model, DPI), images))
    return time.perf_counter() - started


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Sums:
    """The figures of one way of reading, over all documents."""

    def __init__(self) -> None:
        self.words = self.found = self.characters = self.errors = self.rows = self.right = self.pages = 0
        self.seconds = self.bare = 0.0

    def add(self, document: Document, truth: Document, seconds: float, bare: float) -> None:
        expected, text = Counter(words(truth.text)), Counter(words(document.text))
        self.words += expected.total()
        self.found += (expected & text).total()
        self.characters += sum(len(word) * count for word, count in expected.items())
        self.errors += errors(document.text, truth.text)
        rows, right = Counter(table_rows(truth)), Counter(table_rows(document))
        self.rows += rows.total()
        self.right += (rows & right).total()
        self.pages += len(truth.pages)
        self.seconds += seconds
        self.bare += bare

    def line(self, way: str, peak: float) -> str:
        bare = f"{self.bare / self.pages:5.2f} | {self.seconds / self.bare:5.2f}" if self.bare else "      |      "
        return (
            f"| {way:15} | {self.found / self.words:6.4f} | {self.errors / self.characters:6.4f} | "
            f"{self.right:3}/{self.rows:<3} | {self.seconds / self.pages:5.2f} | {bare} | {peak:4.0f} |"
        )


def in_process(work: Callable[[], list[Figures]]) -> tuple[list[Figures], float]:
    """Return what work gives in a process of its own, and that process's peak memory in megabytes."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=lambda: sender.send((work(), megabytes())))
    process.start()
    result: tuple[list[Figures], float] = receiver.recv()
    process.join()
    return result


def report(way: str, work: Callable[[], list[Figures]]) -> None:
    """Print the line of a way of reading."""
    figures, peak = in_process(work)
    sums = Sums()
    for document, truth, seconds, bare in figures:
        sums.add(document, truth, seconds, bare)
    print(sums.line(way, peak), flush=True)


def scans(spoil: Spoil, paths: Sequence[Path], pages: int, folder: Path) -> list[Figures]:
    """Read the first pages of documents as scans."""
    result = []
    for path in paths:
        truth_path, scan = folder / "truth.pdf", folder / "scan.pdf"
        made = [spoil(image) for image in first_pages(path, truth_path, pages)]
        made[0].save(scan, "PDF", resolution=DPI, save_all=True, append_images=made[1:])
        bare = bare_seconds(made, MODELS[path.name[:2]])
        started = time.perf_counter()
        document = read_pdf(scan)
        result.append((document, read_pdf(truth_path), time.perf_counter() - started, bare))
    return result


def plain(make: Callable[[], list[conversions.Made]]) -> list[Figures]:
    """Read files that need no OCR."""
    return [(*read, 0.0) for read in conversions.read_all(make())]


def first_pages(path: Path, copy: Path, pages: int) -> list[Image.Image]:
    """Write the first pages of a PDF into another file and return their images."""
    import pypdfium2

    with rendered_pages(path) as document:
        count = min(pages, len(document))
        images = [rendered(document, number) for number in range(1, count + 1)]
        new = pypdfium2.PdfDocument.new()
        new.import_pages(document, list(range(count)))
        new.save(copy)
        new.close()
    return images


def measure_annex(rows: int, folder: Path) -> None:
    """Print how many rows of a ruled annex over many pages come out right, as PDF and as scan."""
    pages, expected = annex(rows, seed=11)
    path = folder / "annex.pdf"
    path.write_bytes(pdf(pages))
    right = Counter("|".join(" ".join(words(cell)) for cell in row if words(cell)) for row in expected)
    print(f"annex of {rows} rows over {len(pages)} pages")
    print(f"  as PDF   {(right & Counter(table_rows(read_pdf(path)))).total()} of {rows} rows right")
    images = [scanned(page, 300) for page in pages]
    images[0].save(path, "PDF", resolution=300, save_all=True, append_images=images[1:])
    started = time.perf_counter()
    found = (right & Counter(table_rows(read_pdf(path)))).total()
    print(f"  as scan  {found} of {rows} rows right, {(time.perf_counter() - started) / len(pages):.2f} s a page")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=3, help="pages of each document")
    parser.add_argument("--rows", type=int, default=300, help="rows of the annex")
    parser.add_argument("--documents", type=int, default=9, help="documents of each language")
    chosen = parser.parse_args()
    ours = {name: sorted(CORPUS.glob(f"{start}-*.pdf"))[: chosen.documents] for name, start in LANGUAGES.items()}
    paths = [path for found in ours.values() for path in found]
    print("| way | word recall | CER | rows right | s a page | bare Tesseract | ratio | MB |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for way, make in conversions.ways(CORPUS, folder):
            report(way, partial(plain, make))
        for language, found in ours.items():
            report(f"clean, {language}", partial(scans, clean, found, chosen.pages, folder))
        for way, spoil in WAYS.items():
            report(way, partial(scans, spoil, paths, chosen.pages, folder))
        if chosen.rows:
            measure_annex(chosen.rows, folder)


if __name__ == "__main__":
    main()
