"""Processes that are forked from a server process which has imported what they need, and that end with their parent."""

from __future__ import annotations

import multiprocessing
import os
import threading
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext


def forking() -> ForkServerContext:
    """Makes processes. The caller's modules are imported by each, as multiprocessing does it."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["crawler.preload"])
    return context


def end_with_parent(lifeline: Connection) -> None:
    """Ends this process at once when the one that holds the other end of `lifeline` is gone. What it has not written
    is done again by the next one, so there is nothing to tidy up."""
    threading.Thread(target=_watch, args=(lifeline,), name="lifeline", daemon=True).start()


def _watch(lifeline: Connection) -> None:
    try:
        lifeline.recv_bytes()
    except (EOFError, OSError):
        os._exit(1)
