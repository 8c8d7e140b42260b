"""Work spread over all cores in processes of their own, within limits: what kills or exceeds takes down one file."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import queue
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, ParamSpec, TypeVar, cast

from models.errors import ReadError
from pipeline import processes
from pipeline.limits import Limits

P = ParamSpec("P")
T = TypeVar("T")
# What every worker needs is loaded once, before the workers are split off.
_PRELOADED = ["pipeline.packed", "pipeline.readers", "extractors.linking"]
_LOOK = 0.2  # seconds between two looks at a worker's memory


def cores() -> int:
    """Return the number of cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Worker:
    """A process that carries out one call after another; it ends with this one."""

    def __init__(self, context: multiprocessing.context.ForkServerContext, output: int) -> None:
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, output), daemon=True)
        self._process.start()
        self.pid = cast(int, self._process.pid)
        theirs.close()  # so that the end of the process is the end of the connection

    def kill(self) -> None:
        processes.kill(self.pid)
        self.connection.close()
        self._process.join()


class Workers:
    """A set of worker processes within limits, for use by several threads at once.

    When a worker dies or takes too much, only the call that it carried out fails, and another takes its place.
    """

    def __init__(self, count: int, limits: Limits | None = None) -> None:
        self.count = max(1, count)
        self._limits = limits or Limits()
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(_PRELOADED)
        self._idle: queue.SimpleQueue[_Worker | None] = queue.SimpleQueue()  # None: there are no more
        self._busy: set[_Worker] = set()
        self._is_closed = False
        for _ in range(self.count):
            self._idle.put(self._worker())

    def _worker(self) -> _Worker | None:
        return None if self._is_closed else _Worker(self._context, self._limits.output)

    def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Carry out a call that takes nothing large in the next idle worker; what it raises is raised here."""
        return self.call_for(0, function, *args, **kwargs)

    def call_for(self, size: int, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Carry out a call on something of so many bytes in the next idle worker; what it raises is raised here.

        Raises ReadError `read-crashed` where the worker dies of it, `read-too-long` and `read-too-large` where it
        takes more time, or more memory or output, than the limits allow.
        """
        worker = self._idle.get()
        if worker is None:
            self._idle.put(None)
            raise RuntimeError("the workers have been let go")
        self._busy.add(worker)
        left: _Worker | None = None
        try:
            done, result = _answered(worker, (function, args, kwargs), self._limits.seconds_for(size), self._limits)
            left = self._fresh(worker)
        except BaseException:
            worker.kill()
            left = self._worker()
            raise
        finally:
            self._busy.discard(worker)
            self._idle.put(left)
        if not done:
            raise result
        return cast(T, result)

    def _fresh(self, worker: _Worker) -> _Worker | None:
        """Return a worker, or another one for one that has grown: what it keeps would count against the next file."""
        if processes.memory_of(worker.pid) < self._limits.memory // 3:
            return worker
        worker.kill()
        return self._worker()

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all workers at once; who still waits for one is told that there are none."""
        self._is_closed = True
        for worker in list(self._busy):
            processes.kill(worker.pid)  # its caller notices
        with contextlib.suppress(queue.Empty):
            while idle := self._idle.get_nowait():
                idle.kill()
        self._idle.put(None)


def _answered(worker: _Worker, call: object, seconds: float, limits: Limits) -> tuple[bool, Any]:
    """Hand a call to a worker and return whether it was carried out, and its result or error."""
    end = time.monotonic() + seconds
    try:
        worker.connection.send(call)
        while not worker.connection.poll(max(0.0, min(_LOOK, end - time.monotonic()))):
            if time.monotonic() >= end:
                raise ReadError("read-too-long", seconds=round(seconds))
            if processes.memory_of(worker.pid) > limits.memory:
                raise ReadError("read-too-large")
        return cast(tuple[bool, Any], pickle.loads(worker.connection.recv_bytes()))
    except (EOFError, ConnectionError) as error:
        raise ReadError("read-crashed") from error


def _serve(connection: Connection, output: int) -> None:
    """Carry out the calls that come, until nobody is there who could send one."""
    processes.die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who is asked to stop ends this process
    _limit_files(output)
    with contextlib.suppress(EOFError, ConnectionError):
        while True:
            function, args, kwargs = connection.recv()
            connection.send_bytes(_answer(function, args, kwargs, output))


def _limit_files(output: int) -> None:
    """Let no file that this process or its programs write grow beyond a limit; no dumps of crashes are written."""
    try:
        import resource
    except ImportError:  # no such limits on this system
        return
    resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(function: Callable[..., object], args: Any, kwargs: Any, output: int) -> bytes:
    try:
        answer = pickle.dumps((True, function(*args, **kwargs)), pickle.HIGHEST_PROTOCOL)
        return answer if len(answer) <= output else pickle.dumps((False, ReadError("read-too-large")))
    except BaseException as error:
        return _told(error)


def _told(error: BaseException) -> bytes:
    """Return an error as it can be raised elsewhere: itself, or where it can't be taken along, what it says."""
    try:
        told = pickle.dumps((False, error))
        pickle.loads(told)
    except Exception:
        return pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}")))
    return told
