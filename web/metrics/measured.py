"""What is measured in the store: read in some twenty small queries, and kept for a while, however many ask."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, TypeVar

from news.article import Status
from news.health import Health
from news.site import Site
from storage.alerts import Outbox
from storage.articles import ArticleFilter
from storage.backups import Backup
from storage.connect import Store
from storage.disk import Room
from storage.figures import Totals
from storage.leases import PUSHER, SCHEDULER, Holder
from storage.search import IndexStatus, SearchIndex

# Seconds. Prometheus asks every 15 as a rule; counting a million articles takes half a second, and is done less often.
_FRESH, _COUNTED = 12.0, 60.0

_LOST = timedelta(days=7)  # so long it is told that an alert was given up

T = TypeVar("T")


class Hook(NamedTuple):
    """A webhook: deliveries that are not over, when the oldest was planned, and how many events it is behind."""

    pending: int
    oldest: datetime | None
    behind: int
    paused: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found at `at` (UTC)."""

    at: datetime
    totals: Totals
    running: int
    articles: Mapping[str, int]
    queue: Mapping[str, tuple[int, int]]
    next_runs: Mapping[str, datetime]
    health: Mapping[str, Health]
    outbox: Outbox
    leases: Mapping[str, Holder]
    hooks: Mapping[str, Hook]
    search: IndexStatus
    room: Room | None
    backup: Backup | None
    backup_days: float
    seconds: float  # that the reading took


@dataclass
class Measured:
    """The store, looked at from time to time. `sites` gives the catalogue as it is now."""

    store: Store
    search: SearchIndex
    sites: Callable[[], Mapping[str, Site]]
    backup_days: float
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _kept: dict[str, tuple[float, object]] = field(default_factory=dict)

    def reading(self) -> Reading:
        """The last one, or a new one where it is old. Raises StorageUnavailable."""
        with self._lock:  # who asks meanwhile waits for the same answer
            return self._keep("reading", _FRESH, self._read)

    def _keep(self, name: str, seconds: float, read: Callable[[], T]) -> T:
        when, kept = self._kept.get(name, (float("-inf"), None))
        if time.monotonic() - when < seconds:
            return kept  # type: ignore[return-value]
        found = read()
        self._kept[name] = time.monotonic(), found
        return found

    def _read(self) -> Reading:
        store, began, now = self.store, time.monotonic(), datetime.now(UTC)
        store.ping()  # of a MongoDB that is away it is told at once, not after the patience of each question
        store.figures.gather()
        next_runs = store.jobs.next_runs()
        holders = ((name, store.leases.holder(name)) for name in (SCHEDULER, PUSHER))
        return Reading(
            at=now,
            totals=store.figures.totals(),
            running=store.runs.running(),
            articles=self._keep("articles", _COUNTED, self._articles),
            queue=store.urls.queue(sorted({*self.sites(), *next_runs}), now),
            next_runs=next_runs,
            health={site: row.health for site, row in store.health.all().items()},
            outbox=store.alerts.outbox(now - _LOST),
            leases={name: holder for name, holder in holders if holder is not None},
            hooks=self._hooks(),
            search=self.search.status(),
            room=store.disk.room(),
            backup=store.backups.last(),
            backup_days=self.backup_days,
            seconds=time.monotonic() - began,
        )

    def _articles(self) -> dict[str, int]:
        count = self.store.articles.count
        return {str(status): count(ArticleFilter(statuses=(status,))) for status in Status}

    def _hooks(self) -> dict[str, Hook]:
        last = self.store.events.last()
        found = {}
        for webhook in self.store.webhooks.all():
            pending, oldest = self.store.deliveries.queue(webhook.id)
            found[webhook.id] = Hook(pending, oldest, max(0, last - webhook.cursor), webhook.paused is not None)
        return found
