"""Processes that are forked from a server process which has imported what they need, and that end with their parent."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Any


def forking() -> ForkServerContext:
    """Makes processes that have imported what a crawl needs."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["crawler.preload"])
    return context


@contextmanager
def forked(
    name: str, target: Callable[..., None], arguments: tuple[Any, ...]
) -> Iterator[tuple[ForkServerProcess, Connection]]:
    """A process that calls `target` with the arguments, a connection on which it reports, and the lifeline for
    `end_with_parent`; and the other end of that connection. At the end of the context it is killed if it still runs.
    The caller's modules are imported by it, as multiprocessing does it."""
    context = forking()
    reports, child_reports = context.Pipe(duplex=False)
    child_lifeline, lifeline = context.Pipe(duplex=False)
    process = context.Process(target=target, args=(*arguments, child_reports, child_lifeline), name=name)
    with reports, lifeline:
        process.start()
        child_reports.close()
        child_lifeline.close()
        try:
            yield process, reports
        finally:
            process.kill()
            process.join()
            process.close()


def end_with_parent(lifeline: Connection) -> None:
    """Ends this process at once when the one that holds the other end of `lifeline` is gone. What it has not written
    is done again by the next one, so there is nothing to tidy up."""
    threading.Thread(target=_watch, args=(lifeline,), name="lifeline", daemon=True).start()


def _watch(lifeline: Connection) -> None:
    try:
        lifeline.recv_bytes()
    except (EOFError, OSError):
        os._exit(1)
