"""Ctrl-C and SIGTERM: one way to end, in which crawls write what they hold and MongoDB is closed last."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stop:
    """Whether this process was asked to end."""

    def __init__(self) -> None:
        self.asked = threading.Event()

    def check(self, *_: object) -> None:
        """Raises KeyboardInterrupt where the process was asked to end; in a crawl's progress call it ends the crawl."""
        if self.asked.is_set():
            raise KeyboardInterrupt


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Inside, both signals raise KeyboardInterrupt in the main thread, once; the others learn it from the Stop."""
    stop = Stop()

    def ask(number: int, frame: FrameType | None) -> None:
        again = stop.asked.is_set()
        stop.asked.set()
        if not again:
            raise KeyboardInterrupt

    before = {sign: signal.signal(sign, ask) for sign in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)
