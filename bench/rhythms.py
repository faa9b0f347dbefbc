"""Generated year-long histories of publication: what a site of each kind might have published, from a seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from math import sqrt
from random import Random
from typing import NamedTuple

from news.article import VIETNAM
from news.holidays import Rest, rest

START = date(2025, 1, 1)
# Days before START from which a site has something to show when it is first crawled.
BEFORE = 184
# Items an hour, from the hours since START.
Rate = Callable[[date, int], float]


class Kind(NamedTuple):
    """A kind of site: `rate` items an hour; each brings `more` others, on the mean `gap` later (a Hawkes process);
    `bounded` where nobody who does not know the future can reach the target, with the reason."""

    rate: Rate
    more: float = 0.0
    gap: timedelta = timedelta(minutes=30)
    bounded: str = ""


def generate(kind: Kind, days: int, seed: int) -> list[datetime]:
    """What such a site published in the BEFORE days before START and the `days` from then."""
    random = Random(seed)
    moments = []
    for day in range(-BEFORE, days):
        for hour in range(24):
            begin = datetime.combine(START, datetime.min.time(), VIETNAM) + timedelta(days=day, hours=hour)
            for offset in _arrivals(kind.rate(begin.date(), hour), random):
                moments += _family(begin + timedelta(hours=offset), kind, random)
    return sorted(moments)


def least(kind: Kind, days: int) -> float:
    """Requests times mean delay, as a share of a fixed interval's, of the best policy that knows the rate of every
    hour beforehand: (sum of sqrt(rate))² / (hours * sum of rate). A lower bound where items come one by one."""
    rates = [kind.rate(START + timedelta(days=day), hour) for day in range(days) for hour in range(24)]
    return sum(map(sqrt, rates)) ** 2 / (len(rates) * sum(rates))


def _arrivals(rate: float, random: Random) -> Iterator[float]:
    """The moments of a Poisson process within one hour."""
    at = random.expovariate(rate) if rate > 0 else 1.0
    while at < 1:
        yield at
        at += random.expovariate(rate)


def _family(moment: datetime, kind: Kind, random: Random) -> list[datetime]:
    family, waiting = [], [moment]
    while waiting:
        one = waiting.pop()
        family.append(one)
        waiting += [one + kind.gap * random.expovariate(1) for _ in _arrivals(kind.more, random)]
    return family


def _office(day: date, hour: int) -> float:
    if day.weekday() >= 5 or rest(day) is not Rest.NONE:
        return 0.01
    return 1.3 if 8 <= hour < 11 or 14 <= hour < 17 else 0.02


def _bulletin(day: date, hour: int) -> float:
    return 2.0 if hour == 17 and rest(day) is not Rest.TET else 0.004


def _evenings(day: date, hour: int) -> float:
    return 1.5 if 18 <= hour < 22 else 0.02


def _press(day: date, hour: int) -> float:
    shape = (1, 0.5, 0.5, 0.5, 1, 3, 6, 8, 9, 9, 9, 8, 7, 7, 8, 9, 9, 8, 7, 6, 5, 4, 3, 2)[hour]
    quiet = 0.7 if day.weekday() >= 5 else 1
    return shape * quiet * (0.5 if rest(day) is Rest.TET else 1)


def _weekend(day: date, hour: int) -> float:
    return (1.2 if day.weekday() >= 5 else 0.03) * (1 if 7 <= hour < 22 else 0.05)


def _tet(day: date, hour: int) -> float:
    """A province's portal: at work six days a week, busier in the three weeks before Tết, nearly mute in its days."""
    if rest(day) is Rest.TET:
        return 0.01
    soon = any(rest(day + timedelta(n)) is Rest.TET for n in range(1, 22))
    at_work = (7 <= hour < 11 or 13 <= hour < 17) and day.weekday() < 6
    return (2.5 if soon else 1.0) * (1 if at_work else 0.015)


def _change(day: date, hour: int) -> float:
    return _office(day, hour) if day < date(2025, 7, 1) else _evenings(day, hour)


def _rare(day: date, hour: int) -> float:
    return _office(day, hour) * 0.018


NOTHING_TO_LEARN = "comes at any hour alike: at equal requests nothing beats a fixed interval"
KINDS: dict[str, Kind] = {
    "daily bulletin": Kind(_bulletin),
    "office hours": Kind(_office),
    "bursts": Kind(lambda day, hour: 0.02, 0.92, timedelta(minutes=25)),
    "bursts by day": Kind(lambda day, hour: 0.08 if 7 <= hour < 21 else 0.005, 0.8),
    "weekend": Kind(_weekend),
    "Tết": Kind(_tet),
    "changed in July": Kind(_change),
    "rare": Kind(_rare),
    "press": Kind(_press, 0.2, bounded="awake 18 hours a day"),
    "steady": Kind(lambda day, hour: 4.0, bounded=NOTHING_TO_LEARN),
    "irregular": Kind(lambda day, hour: 0.12, bounded=NOTHING_TO_LEARN),
}
