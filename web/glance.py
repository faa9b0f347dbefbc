"""What the pages of agencies, places, documents and topics count, counted once for all readers until something
happens."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from news.article import Status
from storage.articles import ArticleFilter
from storage.connect import Store
from storage.tallies import Labelled, Newest, Unit

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
    labels: tuple[Labelled, ...]


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
        tallies = self._store.tallies
        newest = {row.site: row for row in tallies.newest()}
        shown = ArticleFilter(statuses=(Status.PUBLISHED,))
        this_week = replace(shown, sites=tuple(newest), since=datetime.now(UTC) - _WEEK)
        return Seen(newest, tallies.by(Unit.SITE, this_week), tuple(tallies.labels(shown, LOOKED_AT)))
