"""How many articles lie in each queue, counted no more often than it is worth it."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from typing import NamedTuple

from storage.queues import QueueFilter
from web.shelf import Shelf

_KEPT = 200  # filters
# Of a hundred thousand articles a count takes a tenth of a second, and a crawl stores some every second: one that took
# as long as that is shown for so many times as long, however much happened; the page asks again after AGAIN seconds.
_LONG, _WORTH = 0.05, 20
AGAIN = 2


class Counted(NamedTuple):
    """`of` by the value of the queue, "all" among them; `old`: something has happened since."""

    of: Mapping[str, int]
    old: bool


class _Kept(NamedTuple):
    counts: Mapping[str, int]
    event: int
    until: float


class Counts:
    """Counts, kept until something happens. Safe to use from several threads."""

    def __init__(self, shelf: Shelf) -> None:
        self._queues, self._events = shelf.store.queues, shelf.store.events
        self._lock = threading.Lock()
        self._kept: OrderedDict[QueueFilter, _Kept] = OrderedDict()

    def get(self, filter: QueueFilter) -> Counted:
        """The counts of all queues under a filter, whatever its queue."""
        event = self._events.last()
        with self._lock:
            kept = self._kept.get(filter)
        now = time.monotonic()
        if kept and (kept.event == event or now < kept.until):
            return Counted(kept.counts, kept.event != event)
        counts = {str(queue): count for queue, count in self._queues.counts(filter).items()}
        took = time.monotonic() - now
        until = now + _WORTH * took if took > _LONG else 0.0
        with self._lock:
            self._kept[filter] = _Kept(counts, event, until)
            self._kept.move_to_end(filter)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return Counted(counts, old=False)
