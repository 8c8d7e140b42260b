"""Pages of already read text a second, on one core: the whole extraction beside spaCy's tokeniser and sentence ends.

    python -m benchmarks.throughput

Both go over the same documents in turn, in this process; the best of three rounds counts. Exit 1 where chidao falls
below the bound. `--dear` shows which documents cost most.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence

from benchmarks.annotated import collections
from extractors.linking import extract
from models.records import LANGUAGES, Document, Language

ROUNDS = 3
LEAST = 40.0  # pages a second
_DEAREST = 5


def main(arguments: Sequence[str]) -> int:
    documents = [part for each in collections() for parts in each.documents.values() for part in parts]
    pages = sum(len(document.pages) for document in documents)
    languages = {document.sha256: extract(document).header.language for document in documents}
    tools = {"chidao extract": extract, "spaCy tokens and sentences": _spacy(languages)}
    best = dict.fromkeys(tools, float("inf"))
    for _ in range(ROUNDS):
        for name, tool in tools.items():
            best[name] = min(best[name], sum(_seconds(tool, document) for document in documents))
    characters = sum(len(document.text) for document in documents)
    print(f"{len(documents)} documents, {pages} pages, {characters:,} characters, one core")
    for name, seconds in best.items():
        print(f"{name:28} {pages / seconds:8.1f} pages a second {1000 * seconds / pages:8.2f} ms a page")
    if "--dear" in arguments:
        for cost, document in sorted(((_seconds(extract, each), each) for each in documents), key=_cost)[-_DEAREST:]:
            print(f"{1000 * cost / len(document.pages):8.1f} ms a page  {document.file_name}")
    return int(pages / best["chidao extract"] < LEAST)


def _cost(item: tuple[float, Document]) -> float:
    return item[0] / len(item[1].pages)


def _seconds(tool: Callable[[Document], object], document: Document) -> float:
    started = time.process_time()
    tool(document)
    return time.process_time() - started


def _spacy(languages: Mapping[str, Language]) -> Callable[[Document], object]:
    """Return spaCy's blank pipelines with sentence ends: the least that any tool built on it does."""
    import spacy

    own = {"vi": {"nlp": {"tokenizer": {"use_pyvi": False}}}}  # pyvi is another package
    pipelines = {language: spacy.blank(language, config=own.get(language, {})) for language in LANGUAGES}
    for pipeline in pipelines.values():
        pipeline.add_pipe("sentencizer")
        pipeline.max_length = 10_000_000
    return lambda document: pipelines[languages[document.sha256]](document.text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
