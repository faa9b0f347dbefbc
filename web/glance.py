"""What the pages of agencies, places, documents and topics count, counted once for all readers until something
happens."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from storage.connect import Store
from storage.overview import Labels, Newest

_WEEK = timedelta(days=7)
LOOKED_AT = 1000
"""Among so many of the newest articles documents, sections and tags are counted."""
# While a crawl brings an article every second, readers share an answer for so many seconds.
_SHARED = 3.0
# What is counted over the last week moves with the clock, too.
_OLD = 600.0


class Seen(NamedTuple):
    """What was seen at a moment: the newest article of each site, how many it had in a week, and what the newest
    articles of all are about."""

    newest: dict[str, Newest]
    this_week: dict[str, int]
    labels: tuple[Labels, ...]


class Glance:
    """Looks at the store again when an event has come since. Safe to use from several threads."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: tuple[int, float, Seen] | None = None

    def now(self) -> Seen:
        """Raises StorageUnavailable."""
        with self._lock:
            moment = self._clock()
            if self._kept and moment - self._kept[1] < _SHARED:
                return self._kept[2]
            event = self._store.events.last()
            if self._kept and self._kept[0] == event and moment - self._kept[1] < _OLD:
                return self._kept[2]
            seen = self._look()
            self._kept = (event, moment, seen)
            return seen

    def _look(self) -> Seen:
        overview = self._store.overview
        newest = {row.site: row for row in overview.newest()}
        counts = overview.count_since(datetime.now(UTC) - _WEEK, sorted(newest))
        return Seen(newest, counts, tuple(overview.labels(LOOKED_AT)))
