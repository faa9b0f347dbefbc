"""When a site that cannot be read is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta

from news.health.memory import Memory
from news.schedule import Schedule

# The first crawl in vain is made sure of soon, whatever the site's schedule says; from then on it is left alone for
# twice as long each time. A day at most: a site that is back must not be missed for longer.
FIRST, LONGEST = timedelta(minutes=15), timedelta(days=1)
# A server that asks for more is asked again after a week: it may have meant something else.
_LONGEST_WISH = timedelta(days=7)


def next_try(memory: Memory, schedule: Schedule, ended: datetime) -> datetime | None:
    """The earliest next crawl of a site after one that ended at `ended`; None where the schedule alone decides.

    A wish of the server (Retry-After) is granted whether or not the crawl was in vain.
    """
    wish = min(timedelta(seconds=memory.wait), _LONGEST_WISH)
    if memory.bad is None:
        return schedule.next_allowed(ended + wish) if wish else None
    pause = min(FIRST * (1 << min(memory.bad.runs - 1, 10)), LONGEST)
    return schedule.next_allowed(ended + max(pause, wish))


def still_ahead(retry: datetime, schedule: Schedule, now: datetime) -> datetime:
    """When a failing site is crawled next after a crawl at `now`. One that said nothing of the site (the disk is full,
    somebody else crawls it) left `retry` where it was, which is over: without a pause it would be begun again at once,
    hundreds of times a minute."""
    return retry if retry > now else schedule.next_allowed(now + FIRST)
