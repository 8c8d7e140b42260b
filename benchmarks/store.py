"""Measures the store with 1,000 documents and 100,000 tasks: lists, filters and documents under ten readers at once.

Each reader is a thread that asks one question after the other without a pause, in one process as the review page is.
Exit 1 where the 95th percentile of a question is above its bound. `python -m benchmarks.store [FILE]` keeps the store.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

from models.records import Block, Deadline, Document, Extraction, Header, Language, Page, Span, Task, Unit
from models.store import (
    Filter,
    Store,
    accept,
    document_rows,
    known_units,
    list_documents,
    list_tasks,
    open_store,
    record_extraction,
    set_cell,
)
from pipeline.register import rows

DOCUMENTS, TASKS = 1_000, 100
READERS, ROUNDS = 10, 12
LARGEST_SECONDS = 0.2
_LANGUAGES: Sequence[Language] = ("vi", "en", "ru")
_WORDS: Mapping[Language, Sequence[str]] = {
    "vi": [
        "rà",
        "soát",
        "báo",
        "cáo",
        "kế",
        "hoạch",
        "tỉnh",
        "xã",
        "trường",
        "học",
        "bệnh",
        "viện",
        "đường",
        "cầu",
        "nước",
        "rừng",
        "biển",
        "lúa",
        "thuế",
        "ngân",
        "sách",
        "dữ",
        "liệu",
        "số",
    ],
    "en": [
        "review",
        "report",
        "plan",
        "province",
        "school",
        "hospital",
        "road",
        "bridge",
        "water",
        "forest",
        "coast",
        "rice",
        "tax",
        "budget",
        "data",
        "survey",
    ],
    "ru": [
        "проверить",
        "доклад",
        "план",
        "область",
        "школа",
        "больница",
        "дорога",
        "мост",
        "вода",
        "лес",
        "берег",
        "рис",
        "налог",
        "бюджет",
        "данные",
    ],
}


def main(arguments: Sequence[str]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(arguments[0]) if arguments else Path(folder) / "store.db"
        new = not path.exists()
        store = open_store(path)
        if new:
            fill(store)
        print(f"{DOCUMENTS} documents, {DOCUMENTS * TASKS} tasks, {path.stat().st_size / 1e6:.0f} MB")
        slow = [name for name, seconds in measure(store).items() if seconds > LARGEST_SECONDS]
        _measure_edits(store)
    if slow:
        print("above the bound:", ", ".join(slow))
    return int(bool(slow))


def fill(store: Store) -> None:
    """Record the directives, and accept half the rows of every third."""
    started = time.perf_counter()
    for number in range(DOCUMENTS):
        extraction = directive(number)
        recorded = record_extraction(store, extraction, rows(extraction), software="benchmark")
        if number % 3 == 0:
            versions = {row.task_id: row.version for row in document_rows(store, recorded.document_id)[1][:50]}
            accept(store, versions, who="benchmark")
    print(f"recorded in {time.perf_counter() - started:.0f} s")


def directive(number: int) -> Extraction:
    """Return a made directive of 100 tasks in one of three languages."""
    chance, language = random.Random(number), _LANGUAGES[number % 3]
    lines = [" ".join(chance.choices(_WORDS[language], k=chance.randint(12, 40))) + f" {i}" for i in range(TASKS)]
    text = "\n".join(lines)
    day = date(2020, 1, 1) + timedelta(days=number)
    document = Document(
        f"{number}.pdf", f"{number:064}", "application/pdf", text, (Block("paragraph", 0, 1),), (Page(1, 1, 1),)
    )
    header = Header(language, "plan", f"{number}/KH-UBND", day, "UBND", f"Kế hoạch {number}", "A")
    tasks, start = [], 0
    for index, line in enumerate(lines):
        span = Span(start, start + len(line))
        lead = (Unit(f"Sở {chance.randint(1, 300)}", span),)
        due = day + timedelta(days=chance.randint(1, 900))
        deadline = Deadline("date", due.isoformat(), span, "by", None, due) if chance.random() < 0.6 else None
        reasons = ("task-doubtful",) if chance.random() < 0.2 else ()
        task = Task(f"{number:08}{index:08}", span, span, line, f"II.{index}", 1, lead, (), deadline, reasons=reasons)
        tasks.append(task)
        start = span.end + 1
    return Extraction(document, f"{number:016}", header, tuple(tasks))


def questions(chance: random.Random) -> dict[str, Callable[[Store], object]]:
    """Return what a reviewer asks, each with other values every time."""
    unit, document = f"sở {chance.randint(1, 300)}", f"{chance.randrange(DOCUMENTS):016}"
    language = chance.choice(_LANGUAGES)
    word = chance.choice(_WORDS[language])
    due = date(2020, 1, 1) + timedelta(days=chance.randrange(1800))
    month = Filter(due_from=due.isoformat(), due_to=(due + timedelta(days=30)).isoformat())
    mixed = Filter(unit=unit, language=language, status="new", words=word)
    return {
        "documents": lambda store: list_documents(store, left="unreviewed", offset=chance.randrange(900)),
        "documents by words": lambda store: list_documents(store, words=f"ke hoach {chance.randrange(1000)}"),
        "one document": lambda store: document_rows(store, document),
        "all rows": lambda store: list_tasks(store),
        "rows of a unit": lambda store: list_tasks(store, Filter(unit=unit)),
        "rows of a month": lambda store: list_tasks(store, month, order="due"),
        "rows by status": lambda store: list_tasks(store, Filter(status="accepted", language=language)),
        "doubtful rows": lambda store: list_tasks(store, Filter(doubtful=True, status="new")),
        "rows by a word": lambda store: list_tasks(store, Filter(words=word)),
        "rows by two words": lambda store: list_tasks(store, Filter(words=f"{word} {chance.randrange(100)}")),
        "rows by everything": lambda store: list_tasks(store, mixed),
        "units": lambda store: known_units(store, f"so {chance.randint(1, 9)}"),
    }


def measure(store: Store) -> dict[str, float]:
    """Return the 95th percentile in seconds by question, with ten readers at once."""
    seconds: dict[str, list[float]] = {}

    def read(reader: int) -> None:
        chance = random.Random(reader)
        for _ in range(ROUNDS):
            asked = list(questions(chance).items())
            chance.shuffle(asked)
            for name, ask in asked:
                started = time.perf_counter()
                ask(store)
                seconds.setdefault(name, []).append(time.perf_counter() - started)

    with ThreadPoolExecutor(READERS) as threads:
        list(threads.map(read, range(READERS)))
    slowest = {name: statistics.quantiles(times, n=20)[-1] for name, times in seconds.items()}
    for name in questions(random.Random(0)):
        _tell(name, seconds[name])
    return slowest


def _tell(name: str, seconds: Sequence[float]) -> None:
    slowest = statistics.quantiles(seconds, n=20)[-1]
    print(f"{name:20} median {1000 * statistics.median(seconds):6.0f} ms, p95 {1000 * slowest:6.0f} ms")


def _measure_edits(store: Store) -> None:
    chance, times = random.Random(1), []
    for number in range(50):
        _, found = document_rows(store, f"{chance.randrange(DOCUMENTS):016}")
        row = chance.choice(found)
        started = time.perf_counter()
        set_cell(store, row.task_id, "deliverable", f"v{number}", expected=row.values.get("deliverable", ""), who="b")
        times.append(time.perf_counter() - started)
    _tell("an edit, alone", times)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
