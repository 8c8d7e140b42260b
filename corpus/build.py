"""Builds the corpus: `python -m corpus.build [NAME ...]` writes documents/ and gold/ from sources/.

TXT, HTML, Markdown, DOCX and gold come out the same from the same sources; a PDF is made anew (by LibreOffice) only
when the Word file behind it has changed, which manifest.json remembers.
"""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

from corpus.docx_writer import write_docx
from corpus.goldlines import complaints, gold_line
from corpus.html_writer import write_html
from corpus.layouts import laid_out
from corpus.sourcefile import Source, load_source
from corpus.text_writer import as_markdown, as_text
from models.records import LANGUAGES

HERE = Path(__file__).parent
SOURCES, DOCUMENTS, GOLD = HERE / "sources", HERE / "documents", HERE / "gold"
MANIFEST = HERE / "manifest.json"
OFFICE_SECONDS = 180
# LibreOffice's stand-in for Times lacks half of the Vietnamese letters; this font has them all, but is drawn larger.
VIETNAMESE_FONT, VIETNAMESE_SCALE = "DejaVu Serif Condensed", 0.88


def all_sources() -> list[Source]:
    """Every source, by language and name."""
    paths = (path for language in LANGUAGES for path in sorted((SOURCES / language).glob("*.yaml")))
    return [load_source(path) for path in paths]


def built_files(source: Source) -> dict[str, bytes]:
    """File name to content for all formats but PDF."""
    makers: dict[str, Callable[[], bytes]] = {
        "docx": lambda: write_docx(source, laid_out(source)),
        "html": lambda: write_html(source, laid_out(source)).encode(),
        "txt": lambda: as_text(laid_out(source)).encode(),
        "md": lambda: as_markdown(laid_out(source)).encode(),
    }
    return {f"{source.name}.{suffix}": make() for suffix, make in makers.items() if suffix in source.formats}


def gold_text(sources: Iterable[Source]) -> str:
    """A gold register: one line a built file."""
    return "".join(gold_line(source, suffix) + "\n" for source in sources for suffix in source.formats)


def build(source: Source, manifest: dict[str, str]) -> None:
    """Writes the files of one source; `manifest` (PDF name to hash of its Word file) is brought up to date."""
    for name, data in built_files(source).items():
        (DOCUMENTS / name).write_bytes(data)
    if "pdf" in source.formats:
        _build_pdf(source, manifest)


def _build_pdf(source: Source, manifest: dict[str, str]) -> None:
    name, word = f"{source.name}.pdf", word_for_pdf(source)
    digest = contents_digest(word)
    if manifest.get(name) == digest and (DOCUMENTS / name).exists():
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{source.name}.docx"
        path.write_bytes(word)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(DOCUMENTS), str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=OFFICE_SECONDS)
    manifest[name] = digest


def contents_digest(archive: bytes) -> str:
    """The hash of what an archive holds, whatever the compressor made of it."""
    digest = hashlib.sha256()
    with zipfile.ZipFile(io.BytesIO(archive)) as entries:
        for name in entries.namelist():
            digest.update(name.encode() + b"\0" + entries.read(name))
    return digest.hexdigest()


def word_for_pdf(source: Source) -> bytes:
    """The Word file that LibreOffice turns into the PDF."""
    if source.language == "vi" and not source.mixed_fonts:
        return write_docx(source, laid_out(source), VIETNAMESE_FONT, VIETNAMESE_SCALE)
    return write_docx(source, laid_out(source))


def main(names: list[str]) -> int:
    """Builds the sources named (all of them without names) and every gold register; 1 if a source is wrong."""
    sources = all_sources()
    wrong = [complaint for source in sources for complaint in complaints(source)]
    for complaint in wrong:
        print(complaint, file=sys.stderr)
    if wrong:
        return 1
    DOCUMENTS.mkdir(exist_ok=True)
    GOLD.mkdir(exist_ok=True)
    manifest: dict[str, str] = json.loads(MANIFEST.read_text()) if MANIFEST.exists() else {}
    for source in sources:
        if not names or source.name in names:
            build(source, manifest)
    MANIFEST.write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")
    for language in LANGUAGES:
        chosen = [source for source in sources if source.language == language]
        (GOLD / f"{language}.jsonl").write_text(gold_text(chosen), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
