"""Work spread over all cores in processes of their own, so that a crash takes down one file and nothing else."""

from __future__ import annotations

import multiprocessing
import os
import queue
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import ParamSpec, TypeVar

from models.errors import ReadError

P = ParamSpec("P")
T = TypeVar("T")
# What every worker needs is loaded once, before the workers are split off.
_PRELOADED = ["pipeline.extract", "pipeline.readers", "extractors.linking"]


def cores() -> int:
    """Return the number of cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Workers:
    """A set of worker processes, for use by several threads at once.

    Each worker is a pool of one: when it dies, the call that it carried out is known, and only that call fails.
    """

    def __init__(self, count: int) -> None:
        self.count = max(1, count)
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(_PRELOADED)
        self._idle: queue.SimpleQueue[ProcessPoolExecutor] = queue.SimpleQueue()
        for _ in range(self.count):
            self._idle.put(self._worker())

    def _worker(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(1, mp_context=self._context)

    def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Carry out a call in the next idle worker and return its result; what it raises is raised here.

        Raises ReadError `read-crashed` where the worker dies of it.
        """
        worker = self._idle.get()
        try:
            return worker.submit(function, *args, **kwargs).result()
        except BrokenProcessPool as error:
            worker.shutdown(wait=False)
            worker = self._worker()
            raise ReadError("read-crashed") from error
        finally:
            self._idle.put(worker)

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while not self._idle.empty():
            self._idle.get().shutdown(wait=False, cancel_futures=True)
