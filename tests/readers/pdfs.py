"""A small writer of PDFs for the tests: words at places, ruling lines, page images; nothing but the standard library.

Places are in points from the top left corner. The fonts are not embedded: every letter is half its size wide.
"""

from __future__ import annotations

import random
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

WIDTH, HEIGHT = 595.0, 842.0
FONT = "DejaVuSans.ttf"
XS = [60.0, 100.0, 330.0, 440.0, 540.0]
HEADING = [["No."], ["Task"], ["Lead"], ["Term"]]


@dataclass
class Page:
    """What stands on a page, in the order of drawing."""

    width: float = WIDTH
    height: float = HEIGHT
    rotate: int = 0
    commands: list[str] = field(default_factory=list)
    letters: set[str] = field(default_factory=set)
    picture: tuple[int, int, bytes] | None = None
    fields: list[tuple[float, float, float, str]] = field(default_factory=list)
    written: list[tuple[float, float, str, float]] = field(default_factory=list)
    ruled: list[tuple[float, float, float, float]] = field(default_factory=list)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float = 12,
        bold: bool = False,
        hidden: bool = False,
        turned: str = "",
    ) -> None:
        """Write words from x on the baseline y; `turned` 'up' or 'down' writes them upwards or downwards."""
        self.letters |= set(words)
        self.written.append((x, y, words, size))
        matrix = {"": "1 0 0 1", "up": "0 1 -1 0", "down": "0 -1 1 0"}[turned]
        font, mode = "F2" if bold else "F1", 3 if hidden else 0
        place = f"{matrix} {x} {self.height - y} Tm"
        self.commands.append(f"BT {mode} Tr /{font} {size} Tf {place} <{words.encode('utf-16-be').hex()}> Tj ET")

    def lines(
        self, x: float, y: float, texts: list[str], size: float = 12, step: float = 15, bold: bool = False
    ) -> float:
        """Write lines one below the other and return the baseline after the last one."""
        for text in texts:
            self.text(x, y, text, size, bold)
            y += step
        return y

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.ruled.append((x0, y0, x1, y1))
        self.commands.append(f"0.7 w {x0} {self.height - y0} m {x1} {self.height - y1} l S")

    def box(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.commands.append(f"0.7 w {x0} {self.height - y1} {x1 - x0} {y1 - y0} re S")

    def image(self, width: int, height: int, grey: bytes) -> None:
        """Draw a grey picture over the whole page."""
        self.picture = (width, height, grey)
        self.commands.append(f"q {self.width} 0 0 {self.height} 0 0 cm /I Do Q")


def width_of(text: str, size: float = 12) -> float:
    return 0.5 * size * len(text)


def grid(page: Page, xs: list[float], ys: list[float], size: float, rows: list[list[list[str]]]) -> None:
    """Draw a ruled table: the lines of text of every cell, the cells of every row."""
    for y in ys:
        page.rule(xs[0], y, xs[-1], y)
    for x in xs:
        page.rule(x, ys[0], x, ys[-1])
    for top, row in zip(ys, rows, strict=False):
        for left, lines in zip(xs, row, strict=False):
            page.lines(left + 4, top + size + 2, lines, size, 1.2 * size)


def annex(count: int, seed: int) -> tuple[list[Page], list[list[str]]]:
    """Return an annex of `count` rows over many pages, rows broken by the pages at random, and the rows it holds."""
    chance = random.Random(seed)
    words = ("count", "boats", "paint", "pier", "mend", "lamps", "report", "figures", "clean", "nets", "repair", "quay")
    pages: list[Page] = []
    expected = []
    y = 1e9
    for number in range(1, count + 1):
        lines = [" ".join(chance.choices(words, k=6)) for _ in range(chance.randint(2, 8))]
        lead = [f"Unit {chance.randint(1, 40)}"]
        expected.append([str(number), " ".join(lines), lead[0], f"{chance.randint(1, 28)}/5/2026"])
        row = [[str(number)], lines, lead, [expected[-1][3]]]
        while row[1]:
            room = int((780 - y) // 13) - 1
            if room < 1:
                pages.append(Page())
                y = 60.0
                grid(pages[-1], XS, [y, y + 20], 9, [HEADING])
                y += 20
                continue
            taken, row[1] = row[1][:room], row[1][room:]
            grid(pages[-1], XS, [y, y + 13 * len(taken) + 6], 9, [[row[0], taken, row[2], row[3]]])
            y += 13 * len(taken) + 6
            row[0], row[2], row[3] = [""], [""], [""]
    return pages, expected


def scanned(page: Page, dpi: int = 200) -> Image:
    """Return a page as a scan, in a font about as wide as the PDF's. Raises OSError where the font is missing."""
    from PIL import Image, ImageDraw, ImageFont

    scale = dpi / 72
    image = Image.new("L", (round(page.width * scale), round(page.height * scale)), 250)
    draw = ImageDraw.Draw(image)
    for x, y, words, size in page.written:
        font = ImageFont.truetype(FONT, 0.85 * size * scale)
        draw.text((x * scale, y * scale), words, fill=20, font=font, anchor="ls")
    for x0, y0, x1, y1 in page.ruled:
        draw.line([(x0 * scale, y0 * scale), (x1 * scale, y1 * scale)], fill=30, width=max(1, round(0.8 * scale)))
    return image


def pdf(pages: list[Page], trailer: str = "") -> bytes:
    """Return the pages as the bytes of a PDF file."""
    letters = "".join(
        sorted(
            set().union(*(page.letters for page in pages)) | {text for p in pages for f in p.fields for text in f[3]}
        )
    )
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", *_font("Test", letters), *_font("Test-Bold", letters)]
    kids = []
    for page in pages:
        first = len(objects) + 1
        kids.append(f"{first} 0 R")
        objects += _page(page, first)
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    return _file(objects, trailer)


def _font(name: str, letters: str) -> list[bytes]:
    """Return a font, what it descends from, its description and its table of characters; objects 3 to 6 or 7 to 10."""
    first = 3 if name == "Test" else 7
    pairs = "\n".join(
        f"<{letter.encode('utf-16-be').hex()}> <{letter.encode('utf-16-be').hex()}>" for letter in letters
    )
    table = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n1 begincodespacerange <0000> <FFFF> "
        f"endcodespacerange\n{len(letters)} beginbfchar\n{pairs}\nendbfchar endcmap end end"
    )
    system = "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
    return [
        f"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H /DescendantFonts [{first + 1} 0 R] "
        f"/ToUnicode {first + 3} 0 R >>".encode(),
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} {system} /DW 500 "
        f"/FontDescriptor {first + 2} 0 R >>".encode(),
        f"<< /Type /FontDescriptor /FontName /{name} /Flags 4 /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 "
        "/StemV 80 /FontBBox [0 -200 1000 800] >>".encode(),
        _stream(table.encode()),
    ]  # fmt: skip


def _page(page: Page, first: int) -> list[bytes]:
    """Return a page, its contents, its picture and its form fields as objects numbered from `first`."""
    fonts = "/Font << /F1 3 0 R /F2 7 0 R >>"
    extra: list[bytes] = []
    pictures = ""
    if page.picture:
        columns, rows, grey = page.picture
        pictures = f"/XObject << /I {first + 2} 0 R >>"
        kind = f"/Subtype /Image /Width {columns} /Height {rows} /ColorSpace /DeviceGray /BitsPerComponent 8"
        extra.append(_stream(grey, kind))
    notes = []
    for x, y, size, text in page.fields:
        number = first + 2 + len(extra)
        width = width_of(text, size)
        drawn = f"BT /F1 {size} Tf 0 {0.25 * size} Td <{text.encode('utf-16-be').hex()}> Tj ET"
        extra.append(
            _stream(
                drawn.encode(),
                f"/Type /XObject /Subtype /Form /BBox [0 0 {width} {1.2 * size}] /Resources << {fonts} >>",
            )
        )
        low = page.height - y - 0.25 * size
        notes.append(f"{number + 1} 0 R")
        box = f"[{x} {low} {x + width} {low + 1.2 * size}]"
        extra.append(f"<< /Type /Annot /Subtype /Widget /FT /Tx /F 4 /Rect {box} /AP << /N {number} 0 R >> >>".encode())
    return [
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {page.width} {page.height}] /Rotate {page.rotate} "
        f"/Resources << {fonts} {pictures} >> /Contents {first + 1} 0 R /Annots [{' '.join(notes)}] >>".encode(),
        _stream("\n".join(page.commands).encode()),
        *extra,
    ]  # fmt: skip


def _stream(data: bytes, entries: str = "") -> bytes:
    packed = zlib.compress(data)
    return f"<< {entries} /Filter /FlateDecode /Length {len(packed)} >>\nstream\n".encode() + packed + b"\nendstream"


def _file(objects: list[bytes], trailer: str) -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
