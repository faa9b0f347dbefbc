"""When a site is crawled next, and the times after that: what a scheduler does, and what an operator is shown before.

due(schedule, last, now, pace)           # after a crawl at `last`
upcoming(schedule, last, now, pace)      # that and the next, as far as they can be foretold
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Self

from news.cadence import bounds_of, cost_of, next_crawl
from news.rhythm import Rhythm
from news.schedule import Schedule, ScheduleMode


@dataclass(frozen=True, slots=True)
class Pace:
    """What an adaptive schedule follows: a site's rhythm, what a crawl costs (news.cadence.cost_of), and the
    publication times of what crawls have found since the rhythm was learnt."""

    rhythm: Rhythm
    cost: timedelta
    found: tuple[datetime, ...] = ()

    @classmethod
    def of(cls, rhythm: Mapping[str, Any], schedule: Schedule) -> Self:
        """The pace of a site that has such a rhythm (`Rhythm.to_json`), under a schedule."""
        known = Rhythm.from_json(rhythm)
        return cls(known, cost_of(known, timedelta(minutes=schedule.every_minutes) / 2))


def due(schedule: Schedule, last: datetime, now: datetime, pace: Pace | None = None) -> datetime:
    """When a site that was crawled at `last` is due, whether or not a crawl may start then; it may lie before `now`. An
    adaptive schedule without a pace keeps its distance."""
    times, every = schedule.times, timedelta(minutes=schedule.every_minutes)
    if times is not None:
        return times.after(last, schedule.zone)
    if schedule.mode is ScheduleMode.INTERVAL or pace is None:
        return last + every
    bounds = bounds_of(every)
    shortest = max(bounds.shortest, timedelta(minutes=schedule.at_least_minutes))
    return next_crawl(
        pace.rhythm, last, now, cost=pace.cost, shortest=shortest, longest=bounds.longest, found=pace.found
    )


def upcoming(
    schedule: Schedule, last: datetime | None, now: datetime, pace: Pace | None = None, count: int = 10
) -> tuple[datetime, ...]:
    """The next `count` crawls from `now` on, UTC, of a site that was crawled last at `last` (None: never), without the
    jitter. Of an adaptive schedule they are those of a site where nothing unexpected happens: each crawl plans the next
    one anew."""
    return tuple(islice(_ahead(schedule, last, now, pace), count))


def _ahead(schedule: Schedule, last: datetime | None, now: datetime, pace: Pace | None) -> Iterator[datetime]:
    moment = now if last is None else max(now, due(schedule, last, now, pace))
    while True:
        moment = schedule.next_allowed(moment)
        yield moment
        moment = due(schedule, moment, moment, pace)
