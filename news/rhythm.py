"""When a site publishes: learned from the moments at which it did, by weekday and hour of Vietnam's time.

    rhythm = Rhythm.learn(published, until=now)          # from a stored history: storage's Articles.published_dates
    rhythm = rhythm.grow(published_since, until=later)   # and after each crawl, or once a day, from what came meanwhile
    row = rhythm.to_json(); Rhythm.from_json(row)        # bounded: a few kilobytes, however long the history
    rhythm.rate(moment)                                  # items an hour to be expected then

`published` are pairs (moment, precise); of one that is not precise only the day counts. `news.cadence.next_crawl` says
from a rhythm when to crawl. The week is the same learned at once and bit by bit, as long as each item is given once, in
the call whose `until` follows it; after a back-fill a rhythm is learned anew.

Two memories are kept, one that halves in three weeks and one that halves in four months, so that a site that changes
its rhythm is followed and a site of three items a month is still known. From the memories an hour's rate is estimated
in steps, from the common to the particular: Vietnam's usual week, this site's hours on working days, Saturdays and
Sundays, its weekdays, its hours of each weekday, and these hours lately. Each step multiplies what the one before
expected by (seen + k) / (expected + k): the mean of a Poisson rate with a gamma prior worth k items. Little history
thus changes little, and the size of the site does not matter. Tết and holidays are remembered apart; they dent no
weekday.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from math import exp, sqrt
from typing import Any, Self

from news.article import VIETNAM
from news.errors import InvalidValue
from news.holidays import Rest, rest

Published = tuple[datetime, bool]

WEEK = 168
_HOUR = timedelta(hours=1)
# Days by which a memory is half forgotten. These, the worths below and KINDLED are those of a few tried that spent
# least on generated years (bench.rhythms, seeds 1 to 4; bench.cadence has others); twice or half changes a few percent.
FAST_DAYS, SLOW_DAYS = 21.0, 120.0
# A site of which nothing is known; a ministry's or province's portal publishes about as much. Judgement.
USUAL_A_DAY = 5.0
# Vietnam's usual day by the hour, where 1 is about its mean: offices work from 7 or 8 to 11:30 and from 13:30 to 17.
# The shape is judgement; after a dozen items a site's own hours weigh more.
_USUAL_DAY = (
    .15, .1, .1, .1, .15, .4, 1., 1.6, 2., 2.2, 2.2, 1.6, .8, 1., 1.8, 2., 1.9, 1.4, .9, .7, .6, .6, .4, .3
)  # fmt: skip
_USUAL_SATURDAY, _USUAL_SUNDAY = 0.5, 0.4
# What a Sunday's rate is multiplied by before anything is known of a site's holidays. Judgement.
_USUAL_REST = {Rest.HOLIDAY: 1.0, Rest.TET: 0.6}
# What the expectation of each step is worth, in items (in batches, where a site publishes many at once).
_K_LEVEL, _K_HOURS, _K_DAY, _K_WEEKDAY, _K_LATELY, _K_REST = 1.0, 0.7, 24.0, 6.0, 6.0, 4.0
# No hour is ever thought emptier than this share of the site's mean: habits change.
_LEAST = 0.01
# News calls for news: the mean time for which an item makes others likelier, and within which pairs are counted.
KINDLED = timedelta(minutes=45)
_NEAR = timedelta(hours=2)
# Items within five minutes are one batch; the most of them that can be remembered of the last two hours.
_BATCH = timedelta(minutes=5)
_K_PAIRS = 10.0
_MOST_KINDLING = 0.85
# A long history is learned week by week, so that each week is foretold by those before it.
_CHAPTER = timedelta(days=7)
_K_JUDGED = 2.0


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of a site: `seen` items and `hours` watched, in each hour of the week from Monday 0:00; both
    halve in `half_life` days."""

    half_life: float
    seen: tuple[float, ...] = (0.0,) * WEEK
    hours: tuple[float, ...] = (0.0,) * WEEK

    def __post_init__(self) -> None:
        if len(self.seen) != WEEK or len(self.hours) != WEEK:
            raise InvalidValue("A memory of a rhythm has not the hours of a week.", "Learn the rhythm again.")

    def weight(self, age_hours: float) -> float:
        return float(0.5 ** (max(0.0, age_hours) / (24 * self.half_life)))


@dataclass(frozen=True)
class Rhythm:
    """A site's rhythm as of `until` (None: nothing is known). `rests` are items seen and hours watched at Tết and on
    holidays; `batches` and `pairs` count, as the slow memory does, the batches of items and for each batch those of
    the two hours before; `recent` are the batches of the last hours. Values are immutable."""

    until: datetime | None = None
    fast: Memory = Memory(FAST_DAYS)
    slow: Memory = Memory(SLOW_DAYS)
    rests: Mapping[Rest, tuple[float, float]] = field(default_factory=dict)
    batches: float = 0.0
    pairs: float = 0.0
    precise: float = 0.0
    judged: float = 0.0
    strange: float = 0.0
    recent: tuple[datetime, ...] = ()

    @classmethod
    def learn(cls, published: Iterable[Published], until: datetime, since: datetime | None = None) -> Self:
        """The rhythm of a history that was watched from `since` (its first item, if None) to `until`."""
        history = [item for item in published if item[0] <= until]
        if since is None:
            since = min((moment for moment, _ in history), default=until)
        return cls(until=min(since, until)).grow([item for item in history if item[0] >= since], until)

    def grow(self, published: Iterable[Published], until: datetime) -> Self:
        """The rhythm with what was published up to `until` and not given before. What lies behind `until` (a site's
        clock is wrong) is left out. Time that runs backwards changes nothing but adds the items."""
        items = sorted(item for item in published if item[0] <= until)
        start = self.until or min((moment for moment, _ in items), default=until)
        grown = self
        while until - start > _CHAPTER:
            start += _CHAPTER
            grown = grown._grow([item for item in items if item[0] <= start], start)
            items = items[bisect_right(items, (start, True)) :]
        return grown._grow(items, max(start, until))

    def _grow(self, items: Sequence[Published], until: datetime) -> Self:
        start = self.until or min((moment for moment, _ in items), default=until)
        watched = list(_watched(start, until))
        grown = replace(
            self,
            until=until,
            fast=_remember(self.fast, start, until, watched, items),
            slow=_remember(self.slow, start, until, watched, items),
            rests=_rests(self.rests, watched, items),
        )
        kept = self.slow.weight(_hours_between(start, until))
        return grown._kindled(kept, items, until)._judged(kept, items, self)

    def _judged(self, kept: float, items: Sequence[Published], before: Rhythm) -> Self:
        """With the items counted by how well the rhythm `before` foretold them."""
        week = before.week
        usual = sum(map(sqrt, week)) / sum(week)
        cells = [_cell(hour_number(moment)) for moment, precise in items if precise]
        strange = sum(1 / sqrt(week[cell]) for cell in cells) / usual
        return replace(self, judged=self.judged * kept + len(cells), strange=self.strange * kept + strange)

    def _kindled(self, kept: float, items: Sequence[Published], until: datetime) -> Self:
        """With the batches and pairs of the new items counted; `kept` is how much of the old counts remains."""
        moments = sorted({*self.recent, *(moment for moment, precise in items if precise)})
        starts = _batches(moments)
        known = set(self.recent)
        batches, pairs, first = self.batches * kept, self.pairs * kept, 0
        for n, moment in enumerate(starts):
            while moment - starts[first] > _NEAR:
                first += 1
            if moment not in known:
                weight = self.slow.weight(_hours_between(moment, until))
                batches += weight
                pairs += weight * (n - first)
        precise = self.precise * kept + sum(self.slow.weight(_hours_between(m, until)) for m, exact in items if exact)
        recent = tuple(moment for moment in starts if until - moment <= _NEAR)
        return replace(self, batches=batches, pairs=pairs, precise=precise, recent=recent)

    @cached_property
    def week(self) -> tuple[float, ...]:
        """Items an hour to be expected in each hour of an ordinary week, from Monday 0:00 Vietnam's time."""
        scale = self.batch
        rates = _usual_week()
        rates = _scaled(rates, self.slow, _K_LEVEL * scale, [range(WEEK)])
        rates = _scaled(rates, self.slow, _K_HOURS * scale, _day_kinds())
        rates = _scaled(rates, self.slow, _K_DAY * scale, [range(n, n + 24) for n in range(0, WEEK, 24)])
        rates = _scaled(rates, self.slow, _K_WEEKDAY * scale, [(n,) for n in range(WEEK)])
        rates = _scaled(rates, self.fast, _K_LATELY * scale, [range(WEEK)])
        rates = _scaled(rates, self.fast, _K_LATELY * scale, _day_kinds())
        rates = _scaled(rates, self.fast, _K_LATELY * scale, [(n,) for n in range(WEEK)])
        least = _LEAST * sum(rates) / WEEK
        return tuple(max(rate, least) for rate in rates)

    @property
    def per_day(self) -> float:
        """Items to be expected on the mean day of an ordinary week."""
        return sum(self.week) / 7

    @cached_property
    def batch(self) -> float:
        """How many items come at once, on the mean: 1 or more."""
        return max(1.0, (self.precise + 1) / (self.batches + 1))

    @cached_property
    def kindling(self) -> float:
        """How many further items an item calls forth (0: each comes for itself), as in a Hawkes process: of its counts
        the variance over the mean is 1 / (1 - kindling)², and 1 + 2 x for x neighbours too many on one side."""
        seen = sum(self.slow.seen) or 1.0
        usual = sum(n * rate for n, rate in zip(self.slow.seen, self.week, strict=True)) / seen / self.batch
        expected = self.batches * usual * (_NEAR / _HOUR)
        excess = (self.pairs - expected) / (self.batches + _K_PAIRS)
        return min(_MOST_KINDLING, 1 - 1 / sqrt(1 + 2 * max(0.0, excess)))

    @cached_property
    def strangeness(self) -> float:
        """How much longer items waited than the week foretold, as far as it lies in the hours they chose: below 1 where
        they keep to its busy hours more than it dared to say. Judged by each item before it was learned; items that
        others called forth waited as long whatever the hour."""
        k = _K_JUDGED * self.batch
        return 1 + (1 - self.kindling) * ((self.strange + k) / (self.judged + k) - 1)

    @cached_property
    def rest_factors(self) -> Mapping[Rest, float]:
        """What a Sunday's rate is multiplied by on each kind of day of rest."""
        sunday = sum(self.week[6 * 24 :]) / 24
        factors = {}
        for kind, usual in _USUAL_REST.items():
            seen, hours = self.rests.get(kind, (0.0, 0.0))
            k = _K_REST * self.batch
            factors[kind] = usual * (seen + k) / (usual * sunday * hours + k)
        return factors

    def rate(self, moment: datetime) -> float:
        """Items an hour to be expected at that moment, before it is known what the last hours brought."""
        return self.rate_in(hour_number(moment))

    def rate_in(self, hour: int) -> float:
        """The same, of an hour by its `hour_number`."""
        kind = rest(date.fromordinal(_EPOCH_DAY + hour // 24))
        if kind is Rest.NONE:
            return self.week[_cell(hour)]
        return self.week[6 * 24 + hour % 24] * self.rest_factors[kind]

    def kindled(self, moment: datetime, found: Iterable[datetime] = ()) -> float:
        """How much likelier the batches of the last hours make others at `moment`, in items an hour: those the rhythm
        remembers, and those at `found`; what is later than `moment` does not count."""
        starts = _batches(sorted({when for when in (*self.recent, *found) if when <= moment}))
        kept = sum(exp(-((moment - when) / KINDLED)) for when in starts if moment - when <= _NEAR * 2)
        return self.kindling * self.batch * kept / (KINDLED / _HOUR)

    def to_json(self) -> dict[str, Any]:
        return {
            "until": self.until and self.until.isoformat(),
            "fast": {"seen": _short(self.fast.seen), "hours": _short(self.fast.hours)},
            "slow": {"seen": _short(self.slow.seen), "hours": _short(self.slow.hours)},
            "rests": {str(kind): list(_short(counts)) for kind, counts in self.rests.items()},
            "batches": self.batches,
            "pairs": self.pairs,
            "precise": self.precise,
            "judged": self.judged,
            "strange": self.strange,
            "recent": [moment.isoformat() for moment in self.recent],
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """What `to_json` wrote. Raises InvalidValue where it is no rhythm."""
        try:
            return cls(
                until=datetime.fromisoformat(row["until"]) if row["until"] else None,
                fast=_memory(FAST_DAYS, row["fast"]),
                slow=_memory(SLOW_DAYS, row["slow"]),
                rests={Rest(kind): (float(seen), float(hours)) for kind, (seen, hours) in row["rests"].items()},
                batches=float(row["batches"]),
                pairs=float(row["pairs"]),
                precise=float(row["precise"]),
                judged=float(row["judged"]),
                strange=float(row["strange"]),
                recent=tuple(datetime.fromisoformat(moment) for moment in row["recent"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InvalidValue(f"This is no rhythm: {error!r}.", "Learn it again from the stored articles.") from error


def _memory(half_life: float, row: Mapping[str, Sequence[float]]) -> Memory:
    return Memory(half_life, tuple(map(float, row["seen"])), tuple(map(float, row["hours"])))


_EPOCH_DAY = date(1970, 1, 1).toordinal()
_EPOCH = datetime(1970, 1, 1, tzinfo=VIETNAM)


def hour_number(moment: datetime) -> int:
    """The hours from the beginning of 1970 in Vietnam to the one that holds this moment."""
    return (moment - _EPOCH) // _HOUR


def hour_start(number: int) -> datetime:
    """When an hour begins, in Vietnam's time."""
    return _EPOCH + number * _HOUR


def _cell(hour: int) -> int:
    """The place of an hour in the week; 1 January 1970 was a Thursday."""
    return (hour + 3 * 24) % WEEK


def _hours_between(earlier: datetime, later: datetime) -> float:
    return (later - earlier) / _HOUR


def _watched(start: datetime, until: datetime) -> Iterable[tuple[int, Rest, float, float]]:
    """The hours from `start` to `until`: number, kind of day, the part watched, and the age of its middle in hours."""
    for hour in range(hour_number(start), hour_number(until) + 1):
        begins = max(hour_start(hour), start)
        ends = min(hour_start(hour + 1), until)
        if ends > begins:
            middle = begins + (ends - begins) / 2
            kind = rest(date.fromordinal(_EPOCH_DAY + hour // 24))
            yield hour, kind, (ends - begins) / _HOUR, _hours_between(middle, until)


def _remember(
    old: Memory,
    start: datetime,
    until: datetime,
    watched: Sequence[tuple[int, Rest, float, float]],
    items: Sequence[Published],
) -> Memory:
    kept = old.weight(_hours_between(start, until))
    seen, hours = [n * kept for n in old.seen], [n * kept for n in old.hours]
    for hour, kind, part, age in watched:
        if kind is Rest.NONE:
            hours[_cell(hour)] += part * old.weight(age)
    for moment, precise in items:
        hour = hour_number(moment)
        if rest(date.fromordinal(_EPOCH_DAY + hour // 24)) is not Rest.NONE:
            continue
        weight = old.weight(_hours_between(moment, until))
        if precise:
            seen[_cell(hour)] += weight
        else:
            _spread(seen, _cell(hour) // 24, weight)
    return Memory(old.half_life, tuple(seen), tuple(hours))


def _spread(seen: list[float], weekday: int, weight: float) -> None:
    """An item of which only the day is known counts at each hour as much as items usually come then."""
    for hour, usual in enumerate(_USUAL_DAY):
        seen[weekday * 24 + hour] += weight * usual / sum(_USUAL_DAY)


def _rests(
    old: Mapping[Rest, tuple[float, float]],
    watched: Sequence[tuple[int, Rest, float, float]],
    items: Sequence[Published],
) -> dict[Rest, tuple[float, float]]:
    """Days of rest are few; what is seen of them is kept for good."""
    sums = dict(old)
    for _, kind, part, _age in watched:
        if kind is not Rest.NONE:
            seen, hours = sums.get(kind, (0.0, 0.0))
            sums[kind] = (seen, hours + part)
    for moment, _ in items:
        kind = rest(moment.astimezone(VIETNAM).date())
        if kind is not Rest.NONE:
            seen, hours = sums.get(kind, (0.0, 0.0))
            sums[kind] = (seen + 1, hours)
    return sums


def _batches(moments: Sequence[datetime]) -> list[datetime]:
    """The first moment of each run of moments that follow one another within five minutes of it."""
    starts = list(moments[:1])
    for _, moment in pairwise(moments):
        if moment - starts[-1] >= _BATCH:
            starts.append(moment)
    return starts


def _scaled(rates: Sequence[float], memory: Memory, k: float, groups: Iterable[Sequence[int]]) -> list[float]:
    """The rates, those of each group of hours multiplied by what the group brought more or less than they foretell."""
    scaled = list(rates)
    for group in groups:
        seen = sum(memory.seen[n] for n in group)
        expected = sum(memory.hours[n] * rates[n] for n in group)
        for n in group:
            scaled[n] = rates[n] * (seen + k) / (expected + k)
    return scaled


def _usual_week() -> list[float]:
    days = [1.0] * 5 + [_USUAL_SATURDAY, _USUAL_SUNDAY]
    week = [day * hour for day in days for hour in _USUAL_DAY]
    level = USUAL_A_DAY * 7 / sum(week)
    return [level * rate for rate in week]


def _day_kinds() -> list[list[int]]:
    """The hours of a day on working days, on Saturdays, on Sundays."""
    kinds = [range(5), range(5, 6), range(6, 7)]
    return [[day * 24 + hour for day in days] for days in kinds for hour in range(24)]


def _short(values: Iterable[float]) -> list[float]:
    return [float(f"{value:.5g}") for value in values]
