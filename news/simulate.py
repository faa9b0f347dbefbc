"""What a policy of crawling would have cost a recorded history, and how long its items would have waited.

    outcome = replay(moments, policy, start, end)

A policy is told when the last crawl was and what it found, and says when the next one is; it never sees what it has
not found. Every crawl finds all that was published up to it; the first one also what a feed still names of the time
before, which teaches but is not measured.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, Self

from news.cadence import Bounds, bounds_of, cost_of, next_crawl
from news.rhythm import Rhythm

_DAY = timedelta(days=1)
# What a feed names: RSS feeds of Vietnamese portals and press hold 10 to 50 items.
BACKLOG = 20
# More moments than the batches of the last hours have say nothing of the next crawl.
_RECENT = 200


class Policy(Protocol):
    def next(self, last: datetime, found: Sequence[datetime]) -> datetime:
        """When to crawl after the crawl at `last`, which found items published at `found`; later than `last`."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a replay came to. `delays` are in order of publication, one for each item."""

    requests: int
    days: float
    delays: tuple[timedelta, ...]

    @property
    def requests_a_day(self) -> float:
        return self.requests / self.days

    @property
    def mean(self) -> timedelta:
        return sum(self.delays, timedelta()) / len(self.delays) if self.delays else timedelta()

    @property
    def longest(self) -> timedelta:
        return max(self.delays, default=timedelta())

    def quantile(self, share: float) -> timedelta:
        """The delay that this share of the items does not exceed; .5 is the median."""
        ranked = sorted(self.delays)
        return ranked[min(len(ranked) - 1, int(share * len(ranked)))] if ranked else timedelta()

    def to_json(self) -> dict[str, Any]:
        """Delays in minutes."""
        delays = {
            "mean": self.mean,
            "median": self.quantile(0.5),
            "p95": self.quantile(0.95),
            "max": self.longest,
        }
        minutes = {f"{name}_minutes": round(delay / timedelta(minutes=1), 2) for name, delay in delays.items()}
        return {"requests": self.requests, "requests_a_day": round(self.requests_a_day, 2), **minutes}


def replay(published: Sequence[datetime], policy: Policy, start: datetime, end: datetime) -> Outcome:
    """Crawls from `start`, where the first crawl is, until one at `end` or behind it has found the rest.

    Every item published after `start` and not after `end` is found exactly once; of those before, the first crawl finds
    the last BACKLOG.
    """
    moments = sorted(moment for moment in published if moment <= end)
    known = bisect_right(moments, start)
    crawl, requests = start, 1
    delays: list[timedelta] = []
    found: Sequence[datetime] = moments[max(0, known - BACKLOG) : known]
    while crawl < end:
        following = policy.next(crawl, found)
        if following <= crawl:
            raise ValueError(f"{policy!r} does not go on from {crawl}.")
        crawl = following
        reached = bisect_right(moments, crawl)
        found, known = moments[known:reached], reached
        delays += [crawl - moment for moment in found]
        requests += 1
    return Outcome(requests, (end - start) / _DAY, tuple(delays))


@dataclass(frozen=True, slots=True)
class Fixed:
    """Every `interval`, come what may."""

    interval: timedelta

    def next(self, last: datetime, found: Sequence[datetime]) -> datetime:
        return last + self.interval


@dataclass(slots=True)
class Adaptive:
    """`news.cadence.next_crawl` as the scheduler uses it, from knowing nothing: what was found is learned once a day,
    and the price of a crawl is then that at which items wait `delay` on the mean, or `cost` where that is given."""

    delay: timedelta
    bounds: Bounds
    cost: timedelta | None = None
    _rhythm: Rhythm = field(default_factory=Rhythm)
    _price: timedelta = timedelta()
    _fresh: list[datetime] = field(default_factory=list)

    @classmethod
    def as_fresh_as(cls, every: timedelta) -> Self:
        """Aims at the mean delay of a fixed interval."""
        return cls(every / 2, bounds_of(every))

    def next(self, last: datetime, found: Sequence[datetime]) -> datetime:
        self._fresh += found
        if self._rhythm.until is None or last - self._rhythm.until >= _DAY:
            self._rhythm = self._rhythm.grow([(moment, True) for moment in self._fresh], last)
            self._fresh.clear()
            self._price = self.cost or cost_of(self._rhythm, self.delay)
        recent = self._fresh[-_RECENT:]
        return next_crawl(self._rhythm, last, last, cost=self._price, found=recent, **self.bounds._asdict())
