"""When a site is crawled: APScheduler's question, answered by news.upcoming.

Stored jobs of earlier versions name these classes as `scheduler`'s, where they can still be found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from apscheduler.triggers.base import BaseTrigger

from news.rhythm import Rhythm
from news.schedule import Schedule
from news.upcoming import Pace, due


@dataclass(frozen=True, slots=True)
class Learned:
    """What is known of a site's rhythm: when it was learnt, what a crawl costs (news.cadence.cost_of), and the
    publication times of what crawls have found since."""

    rhythm: Mapping[str, Any]
    at: datetime
    cost: timedelta
    found: tuple[datetime, ...] = ()


class SiteTrigger(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """When a site is crawled: as its schedule says, by its rhythm where that is adaptive. Pickled into its job."""

    def __init__(self, schedule: Schedule, learned: Learned | None = None) -> None:
        self.schedule = schedule
        self.learned = learned

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """The next time after the previous one; at once where there was none. Never in the past: what was missed is
        done once."""
        if previous_fire_time is None:
            return self.schedule.next_allowed(now)
        due = self.schedule.next_allowed(max(self._due(previous_fire_time, now), now))
        when: datetime = self._apply_jitter(due, self.schedule.jitter_seconds, now)
        return when if self.schedule.allows(when) else due

    def _due(self, last: datetime, now: datetime) -> datetime:
        learned = self.learned
        pace = Pace(Rhythm.from_json(learned.rhythm), learned.cost, learned.found) if learned else None
        return due(self.schedule, last, now, pace)
