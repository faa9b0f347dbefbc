"""What a scheduler is at: which crawls are due and wait for a worker, how many workers are busy, and whose end is
wanted. The console reads it in the store (storage.engine)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from storage.connect import Store
from storage.engine import Station


class Underway:
    """Of one scheduler, with so many `workers`; a crawl may take `limit` seconds. Safe to use from several threads."""

    def __init__(self, store: Store, workers: int, limit: float) -> None:
        self._store = store
        self._workers = workers
        self._limit = limit
        self._lock = threading.Lock()
        self._idle = threading.Condition(self._lock)
        self._busy = 0
        self._waiting: dict[str, datetime] = {}  # by site, since when a crawl is due that has not begun
        self._ends: dict[str, str] = {}  # by run that is under way, who wants it to end
        self._told: Station | None = None

    def wait(self, site: str, since: datetime) -> None:
        """Says that a crawl is due and has not begun."""
        with self._lock:
            self._waiting[site] = since

    def waiting(self, site: str) -> datetime | None:
        """Since when the crawl of a site is due that has not begun."""
        return self._waiting.get(site)

    @contextmanager
    def at_work(self, site: str) -> Iterator[None]:
        """A worker is at a site, whose crawl does not wait any more."""
        with self._lock:
            self._waiting.pop(site, None)
            self._busy += 1
        try:
            yield
        finally:
            with self._lock:
                self._busy -= 1
                self._idle.notify_all()

    def rest(self) -> None:
        """Returns when no worker is at any site."""
        with self._idle:
            self._idle.wait_for(lambda: not self._busy)

    def ended_by(self, run: str) -> str:
        """Who wants a run to end, "" while nobody does. It is asked of a run as long as that is under way."""
        with self._lock:
            return self._ends.setdefault(run, "")

    def end(self, run: str, by: str) -> bool:
        """Whether the run is under way here; it ends then."""
        with self._lock:
            if run not in self._ends:
                return False
            self._ends[run] = by
            return True

    def over(self, run: str) -> None:
        """Says that a run is over."""
        with self._lock:
            self._ends.pop(run, None)

    def publish(self, turn: int) -> None:
        """Writes down how it stands, where that has changed."""
        with self._lock:
            station = Station(turn, self._workers, self._busy, self._limit, dict(self._waiting))
        if station != self._told:
            self._store.engine.tell(station)
            self._told = station
