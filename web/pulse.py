"""When something happens: one thread that follows the events, for all clients who wait, and only while one does."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from itertools import islice

from news.event import Event
from storage.events import Events

log = logging.getLogger("bantin.web")

# So many of the last events are kept, so that of a thousand clients who wait none asks the store for what just came.
_KEPT = 1000
_LOOK, _PAUSE = 1.0, 1.0  # seconds for which the store is asked to wait; until it is asked again after an error


class Pulse:
    """Wakes who waits for events. Clients wait on event loops, the watching is done in a thread."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self._lock = threading.Lock()
        self._waiting: dict[asyncio.Future[None], int] = {}
        self._recent: deque[Event] = deque(maxlen=_KEPT)
        self._last = -1  # the number of the newest event that the thread knows of; -1: it knows nothing
        self._watching = False
        self._stopping = False

    @property
    def stopping(self) -> bool:
        """Whether the server goes down, so that nobody should wait any more."""
        return self._stopping

    def stop(self) -> None:
        """Sends home whoever waits. To be called when the server goes down."""
        self._stopping = True
        self._wake(everybody=True)

    async def wait(self, number: int, seconds: float) -> None:
        """Returns when there is an event behind that number, when the seconds have passed, or at `stop`."""
        waiter = asyncio.get_running_loop().create_future()
        with self._lock:
            if self._stopping or self._last > number:
                return
            self._waiting[waiter] = number
            if not self._watching:
                self._watching = True
                threading.Thread(target=self._watch, name="pulse", daemon=True).start()
        try:
            await asyncio.wait({waiter}, timeout=seconds)
        finally:
            waiter.cancel()
            with self._lock:
                self._waiting.pop(waiter, None)

    def recent(self, number: int, limit: int) -> list[Event] | None:
        """The next events behind that number, in their order; None where the store must be asked."""
        with self._lock:
            if 0 <= self._last <= number:
                return []
            if not self._recent or number < self._recent[0].number - 1:
                return None
            return list(islice(self._recent, number + 1 - self._recent[0].number, None))[:limit]

    def _watch(self) -> None:
        known = False
        while self._go_on():
            try:
                if not known:
                    self._begin(self._events.last())
                    known = True
                self._add(self._events.wait(str(self._last), _KEPT, _LOOK))
            except Exception:
                if not self._stopping:  # the store may be closed by now
                    log.exception("Waiting clients hear nothing of events for now.")
                    threading.Event().wait(_PAUSE)

    def _go_on(self) -> bool:
        with self._lock:
            self._watching = bool(self._waiting) and not self._stopping
            if not self._watching:
                # Nobody looks from now on: what is kept is only good while it is all there is.
                self._recent.clear()
                self._last = -1
            return self._watching

    def _begin(self, last: int) -> None:
        with self._lock:
            self._last = last
        self._wake()

    def _add(self, events: list[Event]) -> None:
        if events:
            with self._lock:
                self._recent.extend(events)
                self._last = events[-1].number
            self._wake()

    def _wake(self, *, everybody: bool = False) -> None:
        with self._lock:
            woken = [waiter for waiter, number in self._waiting.items() if everybody or number < self._last]
        for loop in {waiter.get_loop() for waiter in woken}:
            own = [waiter for waiter in woken if waiter.get_loop() is loop]
            if not loop.is_closed():
                loop.call_soon_threadsafe(_finish, own)


def _finish(waiters: list[asyncio.Future[None]]) -> None:
    for waiter in waiters:
        if not waiter.done():
            waiter.set_result(None)
