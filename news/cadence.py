"""When a site is crawled again and when a URL is looked at again: pure functions of what happened to it.

For a site that follows its rhythm instead of a fixed interval (times are aware, the clock is the caller's):

    rhythm = Rhythm.learn(published, until=now)                        # news.rhythm
    cost = cost_of(rhythm, delay=timedelta(minutes=7.5))               # as fresh as every 15 minutes, on the mean
    bounds = bounds_of(timedelta(minutes=15))                          # 3 minutes and 6 hours
    at = next_crawl(rhythm, last, now, cost=cost, found=found, **bounds._asdict())

Rhythm and cost are found anew once a day, the next crawl after each crawl. A site of which nothing was stored has the
rhythm Rhythm(). One `cost` for all sites, instead of one delay, spends the requests where most items wait.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import exp, lgamma, sqrt
from typing import NamedTuple

from news.rhythm import KINDLED, Rhythm, hour_number

# Corrections come within hours of publication, then rarely: EDGI and Media Cloud both see most edits on the first day.
REVISITS = (timedelta(hours=6), timedelta(days=1), timedelta(days=7))
# A page that failed is tried again after a quarter of an hour, then at doubling distances, for about a week in all.
RETRY_FIRST = timedelta(minutes=15)
RETRY_LONGEST = timedelta(days=1)
RETRY_LIMIT = 12
# A page that is missing is looked for again: half a day later, to tell a removal from a server's bad hour, and twice
# more, to see whether it comes back. Missing twice, so far apart, it was removed.
GONE_LOOKS = (timedelta(hours=12), timedelta(days=3), timedelta(days=7))
GONE_APART = timedelta(hours=6)
# A site that moves or breaks loses its articles all at once; an editor takes one down, or three.
FEW_REMOVALS = 3
MOST_REMOVED = 0.5
# The next crawl is found to the minute.
_STEP = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
# How often the learned week is walked through to find a cost.
_WALKS = 3


def next_visit(found: datetime, now: datetime) -> datetime | None:
    """When a stored article found at `found` is due again; None when it has settled."""
    return next((found + after for after in REVISITS if found + after > now), None)


def next_look(gone: datetime, now: datetime) -> datetime | None:
    """When a page missing since `gone` is looked for again; None when it is given up."""
    return next((gone + after for after in GONE_LOOKS if gone + after > now), None)


def is_removed(gone: datetime, now: datetime) -> bool:
    """Whether a page that is missing `now`, and was at `gone`, has been removed."""
    return now - gone >= GONE_APART


def credible(removed: int, there: int) -> bool:
    """Whether so many known articles of a site were removed, of which one crawl found `there` still in their place. If
    not, the site has changed its addresses or is ill."""
    return removed <= FEW_REMOVALS or removed <= MOST_REMOVED * (removed + there)


def next_retry(attempts: int, now: datetime) -> datetime | None:
    """When a URL that has failed `attempts` times before is tried again; None when it is given up."""
    if attempts >= RETRY_LIMIT:
        return None
    return now + min(RETRY_FIRST * (1 << min(attempts, 10)), RETRY_LONGEST)


class Bounds(NamedTuple):
    """The least and the longest time between two crawls of a site."""

    shortest: timedelta
    longest: timedelta


def bounds_of(every: timedelta) -> Bounds:
    """Between which times a site is crawled that is to be as fresh as with the fixed interval `every`: five times as
    often in a burst, and in its quiet hours 24 times as rarely, but daily where `every` is less than a day."""
    return Bounds(every / 5, max(every, min(24 * every, timedelta(days=1))))


def next_crawl(
    rhythm: Rhythm,
    last: datetime,
    now: datetime,
    *,
    cost: timedelta,
    shortest: timedelta,
    longest: timedelta,
    found: Sequence[datetime] = (),
) -> datetime:
    """When a site that was crawled at `last` is crawled next: when the news that it will have published by then has
    waited `cost` in sum, on expectation; never before `now`.

    A crawl is worth what the news would have waited without it. Where items come at a rate r, crawls at a distance d
    cost r d / 2 of waiting and 1 / d crawls each hour; the sum of waiting and `cost` times crawls is least for
    d = sqrt(2 cost / r), which is where the waiting r d² / 2 reaches `cost`: the crawls follow the square root of the
    rate (Cho and Garcia-Molina, Effective page refresh policies, 2003, find the same for pages). `found` are the
    publication moments that crawls found after `rhythm.until`; for items of which only the day is known, when they were
    found. They make others likelier, as a quiet hour makes them rarer, as far as the site's past says so.
    """
    latest = last + max(shortest, longest)
    limit, step = cost / _HOUR, _STEP / _HOUR
    decay = exp(-(1 - rhythm.kindling) * (_STEP / KINDLED))
    moment, hour = last, hour_number(last)
    rate = rhythm.rate_in(hour)
    more = rhythm.kindled(last, found) - rhythm.kindling * rate
    pending = waiting = 0.0
    while waiting < limit and moment < latest:
        moment += _STEP
        if (reached := hour_number(moment)) != hour:
            hour, rate = reached, rhythm.rate_in(reached)
        more *= decay
        pending += max(rate + more, (1 - rhythm.kindling) * rate) * step
        waiting += pending * step
    return max(now, min(max(moment, last + shortest), latest))


def cost_of(rhythm: Rhythm, delay: timedelta) -> timedelta:
    """The `cost` at which next_crawl makes the site's items wait `delay` on the mean, from publication to the crawl.

    The delay grows with the root of the cost, nearly; a few walks through the learned week find the rest. To be called
    when something was learned, not before each crawl: it takes some milliseconds.
    """
    rates = rhythm.week
    roots = sum(sqrt(rate) * _steadiness(rhythm, rate) for rate in rates)
    limit = 2 * (delay / _HOUR * sum(rates) / roots) ** 2
    even = sum(map(sqrt, rates)) / roots / rhythm.strangeness
    for _ in range(_WALKS):  # toward the delay that it must be in the week, to be `delay` with bursts and strangeness
        limit *= (delay / _HOUR * even / _mean_delay(rates, limit)) ** 2
    return limit * _HOUR


def _mean_delay(rates: Sequence[float], limit: float) -> float:
    """How many hours an item waits where each crawl comes when `limit` hours of waiting are expected."""
    total = pending = waiting = 0.0
    for rate in rates:
        left = 1.0
        while (takes := (sqrt(pending**2 + 2 * rate * (limit - waiting)) - pending) / rate) <= left:
            total += limit
            left -= takes
            pending = waiting = 0.0
        waiting += pending * left + rate * left**2 / 2
        pending += rate * left
    return (total + waiting) / sum(rates)


def _steadiness(rhythm: Rhythm, rate: float) -> float:
    """The mean root of the rate as it swings with what was just published, as a share of the root of its mean.

    The intensity of a Hawkes process has the relative variance kindling² / (2 (1 - kindling) KINDLED rate); of a gamma
    variable with that variance the mean root is known.
    """
    if rhythm.kindling < 0.01:
        return 1.0
    shape = 2 * (1 - rhythm.kindling) * (KINDLED / _HOUR) * rate / rhythm.batch / rhythm.kindling**2
    return exp(lgamma(shape + 0.5) - lgamma(shape)) / sqrt(shape)
