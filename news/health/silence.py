"""How long a site may say nothing: what its rhythm, its operator and Vietnam's days of rest let one expect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import log
from typing import NamedTuple

from news.article import VIETNAM
from news.holidays import Rest, rest
from news.rhythm import Rhythm
from news.schedule import Expect

# Of a site whose news come by chance, so many years pass between two silences that mean nothing: one a year in a
# catalogue of forty. Judgement: an alarm that is wrong more often is soon not read.
YEARS = 40.0
# However much a site publishes: a server that is moved, an editor who is ill. Less than a day is nobody's silence.
LEAST = timedelta(days=1)
# A rhythm of fewer articles says too little; what any portal publishes is believed with a week's grace.
_KNOWN, _UNKNOWN_GRACE = 6.0, timedelta(days=7)
# Some publish in fits and starts that no rhythm tells: twice the longest silence of the year but one is nothing new.
_LULLS, _LULL = 2.0, timedelta(hours=12)
# Offices close before Tết and open by and by after it: in 2023 to 2026 the days off, with the weekends that adjoin
# them, ended up to three days after the five of the law, and began up to two days before.
_BEFORE_TET, _AFTER_TET = 2, 4
_DAY = timedelta(days=1)


class Silence(NamedTuple):
    """What was to be expected since the newest article, beside what must be expected for its absence to mean anything.
    Both in articles, but where an operator says how many days may pass: then in days."""

    since: datetime
    expected: float
    allowed: float
    in_days: bool

    @property
    def name(self) -> str:
        """What its figures are called in the evidence."""
        return "silent_days" if self.in_days else "expected"

    @property
    def too_long(self) -> bool:
        """Whether it has lasted too long."""
        return self.expected > self.allowed


def silence(found: datetime, until: datetime, rhythm: Rhythm, expect: Expect, lull: float = 0.0) -> Silence:
    """The silence from the newest article to the last crawl that could have found another; `lull` is what
    `longest_lull` says of the year.

    Articles come in clusters: a batch at once, or news that call for news. With r clusters an hour the chance that none
    comes in a time is exp(-r t), so that among n clusters a year a silence of log(n YEARS) clusters is the longest of
    YEARS years. On days of rest nothing is owed.
    """
    if expect.silent_days:
        return Silence(found, sum(part for _, part in _owing(found, until)), expect.silent_days, in_days=True)
    known = sum(rhythm.slow.seen) >= _KNOWN or expect.per_day > 0
    days = _days(rhythm)
    scale = expect.per_day * 5 / sum(days[:5]) if expect.per_day else 1.0
    cluster = (rhythm.batch / (1 - rhythm.kindling)) if known else 1.0
    expected = _expected(rhythm, days, found, until) * scale
    allowed = max(cluster * log(max(2.0, 52 * sum(days) * scale / cluster) * YEARS), _LULLS * lull * scale)
    if until - found < (LEAST if known else _UNKNOWN_GRACE):
        expected = min(expected, allowed)
    return Silence(found, expected, allowed, in_days=False)


def longest_lull(published: Sequence[datetime], rhythm: Rhythm) -> float:
    """The longest silence but one between the moments, which are in order, in articles that the rhythm would have let
    one expect meanwhile. The longest one may have been a fault."""
    days = _days(rhythm)
    gaps = [(first, then) for first, then in pairwise(published) if then - first >= _LULL]
    lulls = sorted((_expected(rhythm, days, first, then) for first, then in gaps), reverse=True)
    return lulls[1] if len(lulls) > 1 else 0.0


def is_quiet(day: date) -> bool:
    """Whether nothing is owed on that day: a holiday, Tết, and the days around it in which offices are half empty."""
    if rest(day) is not Rest.NONE:
        return True
    near = (*range(-_AFTER_TET, 0), *range(1, _BEFORE_TET + 1))
    return any(rest(day + timedelta(n)) is Rest.TET for n in near)


def _owing(since: datetime, until: datetime) -> Iterator[tuple[datetime, float]]:
    """The days on which something is owed: when they begin, or the time begins, and how much of each is in it."""
    moment = since.astimezone(VIETNAM)
    while moment < until:
        midnight = datetime.combine(moment.date() + _DAY, datetime.min.time(), VIETNAM)
        ends = min(midnight, until)
        if not is_quiet(moment.date()):
            yield moment, (ends - moment) / _DAY
        moment = midnight


def _days(rhythm: Rhythm) -> list[float]:
    """The articles to be expected on each day of the week."""
    return [sum(rhythm.week[n : n + 24]) for n in range(0, 168, 24)]


def _steady(rhythm: Rhythm) -> float:
    """What the learned week is multiplied by: 1, or less where the last weeks were busier than the last months. After a
    rush nothing is owed but the usual."""
    seen, hours = sum(rhythm.slow.seen), sum(rhythm.slow.hours)
    return min(1.0, seen / hours * len(rhythm.week) / sum(rhythm.week)) if seen and hours else 1.0


def _expected(rhythm: Rhythm, days: list[float], since: datetime, until: datetime) -> float:
    return _steady(rhythm) * sum(_within(rhythm, days, begins, part) for begins, part in _owing(since, until))


def _within(rhythm: Rhythm, days: list[float], begins: datetime, part: float) -> float:
    """The articles to be expected in a part of a day that begins then."""
    if part > 0.999:
        return days[begins.weekday()]
    hour = begins.hour + begins.minute / 60
    ends, expected, first = hour + 24 * part, 0.0, begins.weekday() * 24
    while hour < ends:
        step = min(ends, int(hour) + 1.0) - hour
        expected += step * rhythm.week[first + min(23, int(hour))]
        hour += step
    return expected
