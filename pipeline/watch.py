"""`chidao watch`: runs whatever is dropped into the inbox through the flow, for as long as it is let.

What is known of every file lies in the outputs (`known.py`), so that a service that is killed at any moment takes up
what it had in hand, and does nothing twice.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from models.records import Language
from pipeline import batch, known, looks, moving, statuspage
from pipeline.batch import Round, Say
from pipeline.extract import warm_up
from pipeline.hold import held
from pipeline.inbox import Dropped, is_passing
from pipeline.known import Known
from pipeline.limits import Limits
from pipeline.server import Server
from pipeline.statuspage import Line, Status, write_status
from pipeline.unitfile import office_file, stamp
from pipeline.workers import Workers, cores

ROUND = 12  # files of a round, and a twentieth of those known: the register is written at the end of each
RETRY = 600.0  # seconds until a failure that may pass is tried again
_SOON, _BACK_OFF, _AFTER_OTHERS = 0.15, 5.0, 60.0  # seconds: while files are written; after trouble; after its own
_REST = 4  # times as long as a look took, until the next one
_ANYWAY = 30.0  # seconds after which the inbox is looked at though no event came


@dataclass(frozen=True, slots=True)
class Watching:
    """How an inbox is watched: its folders, the clerk's language, whether files are moved, and how it is looked at.

    `polling` looks every `interval` seconds and waits for no event: for network shares, which send none. `units` is the
    office's file of units; where none is given, the one in the outputs, if there is one.
    """

    inbox: Path
    outputs: Path
    language: Language = "en"
    move: bool = False
    polling: bool = False
    interval: float = 2.0
    limits: Limits | None = None
    units: Path | None = None


@dataclass(slots=True)
class _Service:
    """What the service remembers while it runs; all of it can be lost."""

    how: Watching
    say: Say
    stop: threading.Event
    server: Server | None
    workers: Workers
    sights: Mapping[Path, looks.Sight] = field(default_factory=dict)
    settled: Mapping[Path, looks.Sight] | None = None  # the sights after which nothing was left to do
    units: str = ""  # the stamp of the office's file of units as it was then
    put_off: dict[str, float] = field(default_factory=dict)  # until when (monotonic), by content
    status: Status = field(default_factory=Status)
    is_written: bool = False  # whether the register says what is known
    is_careful: bool = False  # after trouble: one file at a time, so that one bad one holds up no other


def watch(how: Watching, say: Say, stop: threading.Event) -> None:
    """Watch an inbox until `stop` is set; no trouble with a file, a folder or the server ends it.

    Raises UsageError where another process writes to the outputs, and OSError where they can't be made.
    """
    with held(how.outputs):
        signal.signal(signal.SIGIO, signal.SIG_IGN)
        server = batch.start_prefect(how.outputs)
        import pipeline.flow  # noqa: F401 - loaded while the server starts, not when the first file comes

        with Workers(cores(), how.limits) as workers:
            threading.Thread(target=_close_when, args=(stop, workers), daemon=True).start()
            _serve(_Service(how, say, stop, server, workers))


def _close_when(stop: threading.Event, workers: Workers) -> None:
    """End what is in hand when the service is asked to stop: it is taken up again by the next one."""
    stop.wait()
    workers.close()


def _serve(service: _Service) -> None:
    """Go round until the service is asked to stop."""
    how = service.how
    service.status.done = statuspage.last_done(how.outputs)
    with suppress(Exception):  # of no consequence yet: what is amiss is told when a file comes
        for _ in range(service.workers.count):
            service.workers.call(warm_up)
        _ready(service.server, how.outputs)
    service.say("watch-begins", {"inbox": how.inbox, "page": how.outputs / "status.html"})
    waits = _waits(how, service.stop)
    while not service.stop.is_set():
        _wait(_cycle(service), waits, service.stop)
    _told(service, "stopped")


def _wait(seconds: float | None, waits: Iterator[None], stop: threading.Event) -> None:
    """Wait some seconds, or where nothing is left to do until something may have changed."""
    if seconds is None:
        next(waits, None)
    else:
        stop.wait(seconds)


def _waits(how: Watching, stop: threading.Event) -> Iterator[None]:
    """Return each time that something may have changed: after an event where there are any, else after a while."""
    with suppress(ImportError, OSError, RuntimeError):  # no such events here, or no more of them
        if not how.polling:
            yield from _events(how, stop)
    while not stop.wait(how.interval):
        yield


def _events(how: Watching, stop: threading.Event) -> Iterator[None]:
    from watchfiles import watch as events

    outputs = how.outputs.resolve()

    def concerns_us(_: object, path: str) -> bool:
        return not is_passing(Path(path).name) and outputs not in Path(path).parents

    every = int(_ANYWAY * 1000)
    for _ in events(
        how.inbox.resolve(),
        watch_filter=concerns_us,
        debounce=200,
        stop_event=stop,
        rust_timeout=every,
        yield_on_timeout=True,
    ):
        yield


def _cycle(service: _Service) -> float | None:
    """Look, and do what is to be done; returns the seconds until the next look, None where an event may be awaited."""
    try:
        return _looked(service)
    except Exception as error:  # a full disk, a share that is gone, a server that died: all of it may pass
        if service.stop.is_set():
            return 0.0
        service.is_careful, service.is_written, service.settled = True, False, None
        service.status.trouble = f"{type(error).__name__}: {error}"
        service.say("watch-trouble", {"reason": service.status.trouble})
        _told(service, "trouble")
        return _BACK_OFF
    except BaseException:  # while a flow runs, Prefect makes an exception of its own of the signal to end
        if service.stop.is_set():
            return 0.0
        raise


def _looked(service: _Service) -> float | None:
    how, now = service.how, time.monotonic()
    quiet = max(how.interval, 1.0)
    service.sights = looks.look(how.inbox, how.outputs, service.sights, now, quiet)
    units_before, service.units = service.units, stamp(office_file(how.units, how.outputs))
    are_units_new = service.units != units_before
    if service.sights == service.settled and not are_units_new and not _is_due(service, now):
        return None
    start = batch.begin(looks.dropped(service.sights), how.outputs, how.units)
    new = _turn(service, start, now)
    if new:
        _run(service, start, new)
    elif not service.is_written or are_units_new or known.load(how.outputs) != start.known:
        batch.up_to_date(how.outputs, start.known, how.language)
    service.is_written = True
    entries = known.load(how.outputs)
    if how.move:
        service.sights = moving.tidy(how.inbox, service.sights, entries)
    return _concluded(service, entries, now)


def _turn(service: _Service, start: Round, now: float) -> tuple[Dropped, ...]:
    """Return the files of the next round: those that came last go first, so that a back-file holds up nobody."""
    since = {sight.sha256: sight.since for sight in service.sights.values()}
    ready = [file for file in start.new if service.put_off.get(file.sha256, 0.0) <= now]
    ready.sort(key=lambda file: -since[file.sha256])
    return tuple(ready[: 1 if service.is_careful else ROUND + len(start.known) // 20])


def _run(service: _Service, start: Round, new: tuple[Dropped, ...]) -> None:
    """Run a round through the flow; files that are to be tried again later are put off first."""
    from pipeline.flow import run_inbox

    how, status = service.how, service.status
    left = {file.name: file for file in new}
    status.waiting = _waiting(service, start, left)

    def say(code: str, values: Mapping[str, object]) -> None:
        service.say(code, values)
        name = str(values["file"])
        left.pop(name, None)
        if code == "run-read":
            told = {column: values[column] for column in ("tasks", "pages", "amends")}
            line = {"file": name, **told, "moment": statuspage.moment()}
            status.counts["done"] = status.counts.get("done", 0) + 1
            status.done = [line, *status.done][: statuspage.MOST_LINES]
        status.in_work = [{"file": each} for each in left]
        _told(service, "working")

    status.in_work = [{"file": name} for name in left]
    _told(service, "working")
    _ready(service.server, how.outputs)
    service.put_off |= {file.sha256: time.monotonic() + (_AFTER_OTHERS if service.is_careful else 0.0) for file in new}
    crew = nullcontext(service.workers)
    run_inbox(how.inbox, how.outputs, how.language, say, lambda: replace(start, new=new), lambda: crew)
    service.put_off |= {file.sha256: time.monotonic() + RETRY for file in new}
    service.is_careful = False


def _ready(server: Server | None, outputs: Path) -> None:
    """See to it that Prefect's server answers, and that its database hasn't grown too large."""
    if server is None:
        return
    if batch.has_long_history(outputs):
        server.stop()
        batch.prepare_prefect(outputs)
    server.start()
    server.wait()


def _is_due(service: _Service, now: float) -> bool:
    """Say whether a failure that may pass is to be tried again."""
    return any(until <= now for until in service.put_off.values())


def _concluded(service: _Service, entries: Mapping[str, Known], now: float) -> float | None:
    """Tell how things stand, and return the seconds until the next look."""
    whole = {sight.sha256 for sight in service.sights.values() if sight.is_whole}
    open_ = {sha256 for sha256 in whole if sha256 not in entries or not entries[sha256].is_settled}
    service.put_off = {sha256: until for sha256, until in service.put_off.items() if sha256 in open_}
    how, status, unfinished = service.how, service.status, looks.unfinished(service.sights.values())
    status.trouble, status.in_work = "", ()
    status.failed = statuspage.failures(how.outputs)
    status.counts = {"done": sum(not entry.code for entry in entries.values()), "failed": len(status.failed)}
    status.waiting = _waiting(service, Round(dict(entries), ()), {})
    queued = any(service.put_off.get(sha256, 0.0) <= now for sha256 in open_)
    _told(service, "working" if queued else "idle")
    service.settled = None if queued or unfinished else dict(service.sights)
    soon = how.interval if how.polling else max(_SOON, _REST * (time.monotonic() - now))
    return 0.0 if queued else soon if unfinished else None


def _waiting(service: _Service, start: Round, left: Mapping[str, Dropped]) -> list[Line]:
    """Return the files that wait, each with the code that says for what."""
    lines: list[Line] = []
    now = time.monotonic()
    for file in looks.dropped(service.sights):
        entry = start.known.get(file.sha256)
        if file.name not in left and not (entry and entry.is_settled):
            late = service.put_off.get(file.sha256, 0.0) > now
            lines.append({"file": file.name, "why": "watch-again" if late else "watch-queued"})
    copying = looks.unfinished(service.sights.values())
    return lines + [{"file": name, "why": "watch-copying"} for name in copying]


def _told(service: _Service, state: statuspage.State) -> None:
    """Write the status; a disk that is full is told in the terminal only."""
    service.status.state = state
    with suppress(OSError):
        write_status(service.how.outputs, service.status, service.how.language)


def until_asked() -> tuple[threading.Event, Callable[[], None]]:
    """Return an event that is set when the process is asked to end, and a function that puts the signals back."""
    stop = threading.Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def ask(number: int, _: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt  # asked twice: at once
        stop.set()

    for number in before:
        signal.signal(number, ask)

    def put_back() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    return stop, put_back
