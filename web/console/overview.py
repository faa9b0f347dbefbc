"""How all sites are at this moment: read in a handful of questions for all of them at once, and shared by whoever asks
within a second."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from typing import NamedTuple
from uuid import uuid4

from news.article import VIETNAM
from news.control import Standing
from news.health import Health, HealthState, Pause
from news.report import RunReport
from news.site import Site
from storage.leases import SCHEDULER
from web.shelf import Shelf

DAYS = 30
"""Of so many days, today the last, the articles are counted."""
_SHARED = 1.0  # seconds: an operator who asks for something sees what became of it within two
# What was published on days gone by hardly changes; what is published today does with every crawl.
_RECENT, _RECOUNTED = 10.0, 900.0
_NEAR = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class SiteNow:
    """A site as it is. `days` are the articles of the last DAYS days, oldest first; `per_day` is what is expected of
    it. Times are UTC."""

    site: Site
    health: Health | None
    retry: datetime | None
    per_day: float
    next: datetime | None
    last: RunReport | None
    paused: Pause | None
    days: tuple[int, ...]

    @property
    def state(self) -> HealthState | None:
        """None of a site of which nothing is known."""
        return self.health.state if self.health else None


class Mark(NamedTuple):
    """When what is shown of a site changed last, and when its state did, in the counting of a Seen."""

    changed: int
    turned: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen at `at` (UTC). `number` grows with each look that found something else; it says something only
    beside others of the same `book`."""

    at: datetime
    book: str
    number: int
    sites: Mapping[str, SiteNow]
    marks: Mapping[str, Mark]
    acting: bool

    def since(self, number: int) -> list[SiteNow]:
        """The sites of which something else is shown since then."""
        return [one for id, one in self.sites.items() if self.marks[id].changed > number]

    def turned(self, number: int) -> int:
        """How many sites have changed their state since then."""
        return sum(mark.turned > number for mark in self.marks.values())


class Overview:
    """Looks at the store when somebody asks. Safe to use from several threads."""

    def __init__(self, shelf: Shelf, clock: Callable[[], float] = time.monotonic) -> None:
        self._shelf = shelf
        self._clock = clock
        self._lock = threading.Lock()
        self._book = uuid4().hex[:8]
        self._seen: Seen | None = None
        self._looked = float("-inf")
        self._daily = _Daily(shelf, clock)

    def now(self, *, fresh: bool = False) -> Seen:
        """As it was a second ago at most, or with `fresh` as it is. Raises StorageUnavailable."""
        with self._lock:
            moment = self._clock()
            if fresh or self._seen is None or moment - self._looked >= _SHARED:
                self._seen = self._look(datetime.now(UTC), self._seen)
                self._looked = moment
            return self._seen

    def warm(self) -> Seen:
        """Looks before anybody asks; who asks then looks anew, however soon. Raises StorageUnavailable."""
        with self._lock:
            self._seen = seen = self._look(datetime.now(UTC), self._seen)
            self._looked = self._daily.looked = float("-inf")
        return seen

    def _look(self, now: datetime, before: Seen | None) -> Seen:
        store = self._shelf.store
        health, standing, planned = store.health.all(), store.standing.all(), store.jobs.next_runs()
        latest, daily = store.runs.latest(), self._daily.count(now)
        holder = store.leases.holder(SCHEDULER)
        days = days_until(now)
        sites: dict[str, SiteNow] = {}
        for id, site in self._shelf.sites().items():
            known, counts = health.get(id), daily.get(id, {})
            sites[id] = SiteNow(
                site=site,
                health=known.health if known else None,
                retry=known.retry if known else None,
                per_day=site.expect.per_day or (known.per_day if known else 0.0),
                next=planned.get(id),
                last=latest.get(id),
                paused=standing.get(id, Standing(id)).paused,
                days=tuple(counts.get(day, 0) for day in days),
            )
        acting = holder is not None and holder.holds and not holder.owner.gone
        return self._numbered(now, sites, before, acting=acting)

    def _numbered(self, now: datetime, sites: Mapping[str, SiteNow], before: Seen | None, *, acting: bool) -> Seen:
        if before is None:
            return Seen(now, self._book, 0, sites, dict.fromkeys(sites, Mark(0, 0)), acting)
        number, marks, told = before.number + 1, dict[str, Mark](), dict[str, SiteNow]()
        for id, one in sites.items():
            old, mark = before.sites.get(id), before.marks.get(id, Mark(number, number))
            if old != one:
                mark = Mark(number, mark.turned if old and old.state is one.state else number)
            # What is the same stays the very same, so that what was made of it can be kept.
            told[id], marks[id] = old if old is not None and old == one else one, mark
        same = acting == before.acting and sites.keys() == before.sites.keys()
        if same and not any(mark.changed == number for mark in marks.values()):
            number -= 1
        return Seen(now, self._book, number, told, marks, acting)


class _Daily:
    """The articles of each site and day: those of days gone by are counted anew from time to time, beside whoever
    asks."""

    def __init__(self, shelf: Shelf, clock: Callable[[], float]) -> None:
        self._tallies = shelf.store.tallies
        self._clock = clock
        self._whole: dict[str, dict[date, int]] = {}
        self._near: dict[str, dict[date, int]] = {}
        self._counted = self.looked = float("-inf")
        self._counting: threading.Thread | None = None

    def count(self, now: datetime) -> Mapping[str, Mapping[date, int]]:
        moment = self._clock()
        if self._counted == float("-inf"):
            self._count(now)
        elif moment - self._counted > _RECOUNTED and not (self._counting and self._counting.is_alive()):
            self._counting = threading.Thread(target=self._count, args=(now,), name="daily", daemon=True)
            self._counting.start()
        if moment - self.looked > _RECENT:
            since = start_of(now.astimezone(VIETNAM).date() - _NEAR)
            self._near, self.looked = self._tallies.daily(since), moment
        return {id: self._whole.get(id, {}) | self._near.get(id, {}) for id in {*self._whole, *self._near}}

    def _count(self, now: datetime) -> None:
        self._counted = self._clock()  # also where it fails: it is tried again when it is due again
        self._whole = self._tallies.daily(start_of(days_until(now)[0]))


def days_until(now: datetime, count: int = DAYS) -> list[date]:
    """The last days of Vietnam, today the last."""
    today = now.astimezone(VIETNAM).date()
    return [today - timedelta(days=n) for n in reversed(range(count))]


def start_of(day: date) -> datetime:
    """When a day begins in Vietnam."""
    return datetime.combine(day, clock_time(), VIETNAM)
