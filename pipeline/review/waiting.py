"""Who waits for whom: pages are made few at a time, and what takes long is done beside them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar, TypeVarTuple, Unpack

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI, Request

PAGES_AT_ONCE = 2  # the others wait in line: all are sooner done than if they took turns
_LONG_AT_ONCE = 8

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


@asynccontextmanager
async def few_at_once(_app: FastAPI) -> AsyncIterator[None]:
    """Let few pages be made at a time, for as long as the application runs."""
    to_thread.current_default_thread_limiter().total_tokens = PAGES_AT_ONCE
    yield


def long_line() -> CapacityLimiter:
    """Return the line in which scans, workbooks and passwords wait, so that no page waits behind them."""
    return CapacityLimiter(_LONG_AT_ONCE)


async def beside(request: Request, work: Callable[[Unpack[Ts]], T], *arguments: *Ts) -> T:
    """Do something that takes long, beside the pages, and return what it returns."""
    return await to_thread.run_sync(work, *arguments, limiter=request.app.state.long_line)
