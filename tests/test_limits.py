"""What hostile and broken files come to: each is one clear failure, and what lies beside it is read."""

from __future__ import annotations

import csv
import io
import os
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from models.errors import ReadError
from models.records import Document
from pipeline import extract, limits, processes
from pipeline.extract import Outcome, extract_files
from pipeline.limits import MEGABYTE, Limits
from pipeline.readers import read_file
from pipeline.register import csv_bytes, read_register, rows
from pipeline.workers import Workers

pytestmark = pytest.mark.slow
TASK = b"The Port Police shall count the boats by 1 June 2027.\n"


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(1, Limits(20, 700 * MEGABYTE, 4 * MEGABYTE)) as made:
        yield made


def _bomb() -> bytes:
    return _zipped({"zeros.txt": b"0" * 60_000_000})


def _zipped(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def _nested(wrap: Callable[[bytes], bytes], times: int) -> bytes:
    data = TASK
    for _ in range(times):
        data = wrap(data)
    return data


def _in_zip(data: bytes) -> bytes:
    return _zipped({"inner.zip" if data[:2] == b"PK" else "inner.txt": data})


def _in_mail(data: bytes) -> bytes:
    return b"\r\n".join(
        [
            b"MIME-Version: 1.0",
            b'Content-Type: multipart/mixed; boundary="%d"' % len(data),
            b"",
            b"--%d" % len(data),
            b"Content-Type: message/rfc822" if data[:4] == b"MIME" else b"Content-Type: text/plain",
            b"",
            data,
            b"--%d--" % len(data),
            b"",
        ]
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _huge_image() -> bytes:
    """A PNG of a few bytes that says it has 3.6 thousand million pixels."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + _chunk(b"IEND", b"")
    )


def _many_pages() -> bytes:
    target, document = io.BytesIO(), pdfium.PdfDocument.new()
    for _ in range(limits.MOST_PAGES + 1):
        document.new_page(100, 100).close()
    document.save(target)
    return target.getvalue()


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "bomb.zip": (_bomb, "read-too-large"),
    "nested.zip": (lambda: _nested(_in_zip, 12), "read-too-large"),
    "nested.eml": (lambda: _nested(_in_mail, 40), "read-too-large"),
    "very-nested.eml": (lambda: _nested(_in_mail, 400), "read-"),
    "huge.png": (_huge_image, "read-too-large"),
    "many-pages.pdf": (_many_pages, "read-too-many-pages"),
    "truncated.zip": (lambda: _in_zip(TASK * 50)[:60], "read-broken"),
    "truncated.pdf": (lambda: _many_pages()[:700], "read-broken"),
    "only-zeros.pdf": (lambda: b"\0" * 5000, "read-empty"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_one_clear_failure(name: str, workers: Workers, tmp_path: Path) -> None:
    made, code = HOSTILE[name]
    (tmp_path / name).write_bytes(made())
    started = time.perf_counter()
    with pytest.raises(ReadError) as caught:
        workers.call(read_file, tmp_path / name)
    assert caught.value.code.startswith(code)
    assert "{" not in caught.value.message("vi")
    assert time.perf_counter() - started < 15
    (tmp_path / "good.txt").write_bytes(TASK)
    assert "Port Police" in workers.call(read_file, tmp_path / "good.txt")[0].text


def test_a_file_of_too_many_bytes_is_not_opened(tmp_path: Path) -> None:
    with (tmp_path / "large.txt").open("wb") as handle:
        handle.truncate(limits.LARGEST_FILE + 1)
    with pytest.raises(ReadError) as caught:
        read_file(tmp_path / "large.txt")
    assert (caught.value.code, caught.value.values) == ("read-too-large", {"file": "large.txt"})


def test_names_that_climb_lead_nowhere(tmp_path: Path) -> None:
    names = ["../../up.txt", "/root.txt", "C:\\drive.txt", "..\\..\\back.txt", "a/../../b.txt"]
    message = EmailMessage()
    message["Subject"] = "boats"
    message.set_content("See the attachment.")
    message.add_attachment(TASK, maintype="text", subtype="plain", filename="../../../mail.txt")
    (tmp_path / "climbing.zip").write_bytes(_zipped(dict.fromkeys(names, TASK)))
    (tmp_path / "climbing.eml").write_bytes(bytes(message))
    before = set(tmp_path.parent.rglob("*"))
    found = [*read_file(tmp_path / "climbing.zip"), *read_file(tmp_path / "climbing.eml")]
    inner = {each.file_name.split("/", 1)[1] for each in found if "/" in each.file_name}
    assert inner == {"up.txt", "root.txt", "C_/drive.txt", "back.txt", "a/b.txt", "mail.txt"}
    assert set(tmp_path.parent.rglob("*")) == before


def _hang(path: Path) -> tuple[Document, ...]:
    subprocess.Popen([sys.executable, "-c", f"import time; open({str(path)!r}, 'w').write('x'); time.sleep(600)"])
    while True:
        time.sleep(1)


def _grow(path: Path) -> tuple[Document, ...]:
    kept = []
    while True:
        kept.append(bytearray(os.urandom(MEGABYTE)) * 20)
        time.sleep(0.01)


def _write_much(path: Path) -> int:
    try:
        return path.write_bytes(b"x" * 8 * MEGABYTE)
    except OSError as error:
        return -(error.errno or 0)


def _say_much(path: Path) -> bytes:
    return b"x" * 8 * MEGABYTE


def _die(path: Path) -> None:
    os.kill(os.getpid(), 9)


class _UnpicklableError(Exception):
    def __init__(self, one: int, two: int) -> None:
        super().__init__("cannot be made again from this")


def _odd(path: Path) -> None:
    raise _UnpicklableError(1, 2)


def test_a_stuck_reader_is_ended_with_what_it_started(tmp_path: Path) -> None:
    with Workers(1, Limits(seconds=2)) as workers:
        with pytest.raises(ReadError) as caught:
            workers.call(_hang, tmp_path / "started")
        assert (caught.value.code, caught.value.values) == ("read-too-long", {"seconds": 2})
        assert (tmp_path / "started").exists()
        assert not any(str(tmp_path).encode() in line for line in _command_lines())
        assert workers.call(str.upper, "goes on") == "GOES ON"


def _command_lines() -> list[bytes]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_bytes())
        except OSError:
            continue
    return found


@pytest.mark.parametrize(
    ("function", "code"), [(_grow, "read-too-large"), (_say_much, "read-too-large"), (_die, "read-crashed")]
)
def test_what_takes_too_much_or_kills_is_one_failure(
    function: Callable[[Path], object], code: str, workers: Workers, tmp_path: Path
) -> None:
    with pytest.raises(ReadError) as caught:
        workers.call(function, tmp_path / "file")
    assert caught.value.code == code
    assert workers.call(str.upper, "goes on") == "GOES ON"


def test_no_file_grows_beyond_the_limit_and_any_error_comes_back(workers: Workers, tmp_path: Path) -> None:
    assert workers.call(_write_much, tmp_path / "large") < 0
    assert (tmp_path / "large").stat().st_size <= 4 * MEGABYTE
    with pytest.raises(RuntimeError, match="_UnpicklableError: cannot be made again"):
        workers.call(_odd, tmp_path)


def _slow_for_some(path: Path, units: Path | None) -> Outcome:
    if path.name == "stuck":
        time.sleep(600)
    return Outcome(path)


def test_the_batch_goes_on_beside_a_stuck_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extract, "outcome_of", _slow_for_some)
    monkeypatch.setattr(extract, "Workers", lambda count: Workers(count, Limits(seconds=5)))
    outcomes = list(extract_files([Path(name) for name in ("a", "stuck", "b", "c")], workers=2))
    codes = [(outcome.path.name, outcome.error.code if outcome.error else "") for outcome in outcomes]
    assert codes == [("a", ""), ("stuck", "read-too-long"), ("b", ""), ("c", "")]


def test_workers_let_go_in_the_middle_tell_who_waits() -> None:
    workers = Workers(1)
    with ThreadPoolExecutor(3) as threads:
        waiting = [threads.submit(workers.call, time.sleep, 60) for _ in range(3)]
        time.sleep(0.5)
        workers.close()
        errors = [type(future.exception(timeout=10)) for future in waiting]
    assert sorted(error.__name__ for error in errors) == ["ReadError", "RuntimeError", "RuntimeError"]


def test_time_grows_with_the_size_unless_given() -> None:
    by_size = Limits()
    assert by_size.seconds_for(0) < by_size.seconds_for(10 * MEGABYTE) < by_size.seconds_for(10**12) <= 7200
    assert Limits(5).seconds_for(10**9) == 5


def test_memory_is_that_of_a_process_and_its_children() -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", "x = bytearray(80 * 2**20); print(flush=True); input()"], stdin=-1, stdout=-1
    )
    assert child.stdout
    child.stdout.readline()
    own = processes._resident(os.getpid())
    assert processes.memory_of(os.getpid()) >= own + 80 * MEGABYTE
    processes.kill(child.pid)
    assert child.wait(5) == -9
    child.stdout.close()


def test_formula_cells_stay_text_in_the_register(tmp_path: Path) -> None:
    cells = [
        ["No.", "Task", "Lead unit", "Deadline"],
        ["1", "=cmd|'/c calc'!A0 of the harbour boats shall be counted", "+SUM(1;1) Office", "30 June 2027"],
        ["2", "@Count the boats in the harbour", "-Harbour Office", "31 July 2027"],
    ]
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in line)}</tr>" for line in cells)
    path = tmp_path / "plan.html"
    path.write_text(f"<html><body><h1>PLAN</h1><p>Tasks:</p><table>{lines}</table></body></html>", encoding="utf-8")
    table = [row for found in extract.extract_file(path) for row in rows(found)]
    assert table
    (tmp_path / "register.csv").write_bytes(csv_bytes(table))
    with (tmp_path / "register.csv").open(encoding="utf-8", newline="") as handle:
        written = [cell for line in csv.reader(handle) for cell in line]
    assert {"'=cmd", "'@Cou"} <= {cell[:5] for cell in written}
    assert not [cell for cell in written if cell.lstrip()[:1] in ("=", "+", "-", "@")]
    assert read_register(tmp_path / "register.csv") == [dict(row) for row in table]
