"""Measures the reading of a ruled annex of many rows over many pages, in every kind of file, beside other tools.

The annex is made (`tests/readers/annexes.py`): a heading of two rows on every page, rows broken by the pages, group
rows, units merged over rows, several points in a cell. A row is right if each of its six cells holds what it should,
letter for letter. Of the scan (300 dpi, askew, with grain) the numbered rows are also counted whose cells, the number
aside, have at most three letters in a hundred, or one, misread. Exit 1 where a bound is missed.

    python -m benchmarks.annex [--rows N] [--languages vi ru en] [--scan PAGES, 0 for none]
"""

from __future__ import annotations

import argparse
import io
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.readers import read_bytes
from tests.readers.annexes import Annex, Row, annex, expected, read_rows, readable, right, squeezed
from tests.readers.annexfiles import converted, scanned, sheet, web, word

LEAST_OF_SCAN = 0.97
Read = Callable[[bytes], list[Row]]


@dataclass(frozen=True, slots=True)
class Result:
    """What a tool made of a file: the rows it found, and its seconds."""

    tool: str
    rows: list[Row]
    seconds: float


def by_chidao(name: str) -> Read:
    return lambda data: [row for document in read_bytes(name, data) for row in read_rows(document)]


def by_pdfplumber(data: bytes) -> list[Row]:
    """Return the rows of pdfplumber's own `extract_tables`, page by page."""
    import pdfplumber

    rows: list[Row] = []
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            for table in page.extract_tables():
                rows += [_plain(row) for row in table]
            page.close()
    return rows


def by_python_docx(data: bytes) -> list[Row]:
    """Return the rows of python-docx's own tables, which give a merged cell in every place that it covers."""
    import docx

    return [
        _plain([cell.text for cell in row.cells])
        for table in docx.Document(io.BytesIO(data)).tables
        for row in table.rows
    ]


def _plain(cells: Sequence[str | None]) -> Row:
    """Return a row's cells, blanks squeezed; a group row, given once or in every place, as its one text."""
    texts = tuple(squeezed(cell or "") for cell in cells)
    return texts[:1] if len(set(texts[1:]) - {"", texts[0]}) == 0 else texts


def results(data: bytes, kind: str) -> Iterator[Result]:
    tools: list[tuple[str, Read]] = [("chidao", by_chidao(f"annex.{kind}"))]
    tools += {"pdf": [("pdfplumber", by_pdfplumber)], "docx": [("python-docx", by_python_docx)]}.get(kind, [])
    for tool, read in tools:
        started = time.perf_counter()
        rows = read(data)
        yield Result(tool, rows, time.perf_counter() - started)


def measure(table: Annex, scan_pages: int) -> bool:
    """Print a line for every file and tool; return whether chidao keeps the bounds."""
    wanted, made = expected(table), word(table)
    pdf = converted(made, "pdf")
    pages = page_count(pdf)
    files = {"docx": made, "pdf": pdf, "doc": converted(made, "doc"), "xlsx": sheet(table), "html": web(table)}
    whole = True
    for kind, data in files.items():
        for result in results(data, kind):
            count = right(result.rows, wanted)
            print(line(table.language, kind, result, count, len(wanted), pages))
            whole = whole and (result.tool != "chidao" or count == len(wanted))
    return (not scan_pages or measure_scan(table.language, pdf, wanted, min(scan_pages, pages), pages)) and whole


def measure_scan(language: str, pdf: bytes, wanted: list[Row], read: int, pages: int) -> bool:
    """Print how a scan of the first pages is read; the row that the last of them may cut is left out."""
    (result,) = results(scanned(pdf, range(read)), "scan.pdf")
    rows = [row for row in wanted if len(row) > 1]
    if read < pages:
        last = max(int(row[0]) for row in by_chidao("annex.pdf")(first_pages(pdf, read)) if row[0].isdigit())
        rows = rows[: last - 1]
    legible, exact = readable(result.rows, rows), right(result.rows, rows)
    print(line(language, "scan", result, exact, len(rows), read))
    print(f"{language}   scan  with few letters misread: {legible} of {len(rows)} rows ({legible / len(rows):.1%})")
    return legible >= LEAST_OF_SCAN * len(rows)


def line(language: str, kind: str, result: Result, count: int, of: int, pages: int) -> str:
    seconds = result.seconds / pages
    return f"{language}   {kind:5} {result.tool:12} {count:4} of {of} rows   {1000 * seconds:8.1f} ms a page of {pages}"


def page_count(pdf: bytes) -> int:
    import pypdfium2

    return len(pypdfium2.PdfDocument(pdf))


def first_pages(pdf: bytes, count: int) -> bytes:
    import pypdfium2

    new, stream = pypdfium2.PdfDocument.new(), io.BytesIO()
    new.import_pages(pypdfium2.PdfDocument(pdf), list(range(count)))
    new.save(stream)
    return stream.getvalue()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=300)
    parser.add_argument("--languages", nargs="+", default=["vi", "ru", "en"])
    parser.add_argument("--scan", type=int, default=1000, help="pages read as a scan")
    chosen = parser.parse_args()
    kept = [measure(annex(language, chosen.rows, seed=7), chosen.scan) for language in chosen.languages]
    return int(not all(kept))


if __name__ == "__main__":
    sys.exit(main())
