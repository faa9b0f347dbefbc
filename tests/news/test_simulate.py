"""A replay counts what a policy spends and how long each item waits, and lets a policy see no more than its crawls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.article import VIETNAM
from news.simulate import BACKLOG, Adaptive, Fixed, replay

START = datetime(2025, 6, 2, tzinfo=VIETNAM)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
END = START + 3 * DAY


class Watched:
    """A fixed interval that remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[datetime, list[datetime]]] = []

    def next(self, last: datetime, found: Sequence[datetime]) -> datetime:
        self.told.append((last, list(found)))
        return last + HOUR


moments = st.lists(st.integers(1, 3 * 24 * 60).map(lambda n: START + n * MINUTE), max_size=80)


@given(moments, st.integers(1, 300))
def test_every_item_is_found_once_and_none_before_it_was_published(published: list[datetime], minutes: int) -> None:
    for policy in (Fixed(minutes * MINUTE), Adaptive.as_fresh_as(minutes * MINUTE)):
        outcome = replay(published, policy, START, END)
        assert len(outcome.delays) == len(published)
        assert all(delay >= timedelta() for delay in outcome.delays)


@given(moments)
def test_a_policy_sees_what_it_found_and_nothing_else(published: list[datetime]) -> None:
    policy = Watched()
    replay(published, policy, START, END)

    seen = [moment for _, found in policy.told for moment in found]
    assert len(seen) == len(set(map(id, seen)))
    assert all(moment <= crawl for crawl, found in policy.told for moment in found)
    assert sorted(seen) == sorted(moment for moment in published if moment <= policy.told[-1][0])


def test_delays_and_requests_are_those_of_the_interval() -> None:
    outcome = replay([START + n * MINUTE for n in (1, 10, 15, 16)], Fixed(15 * MINUTE), START, START + DAY)

    assert outcome.delays == (14 * MINUTE, 5 * MINUTE, timedelta(), 14 * MINUTE)
    assert outcome.requests == 97  # the first at the start
    assert outcome.mean == 8.25 * MINUTE
    assert (outcome.quantile(0.5), outcome.longest) == (14 * MINUTE, 14 * MINUTE)
    assert outcome.to_json()["requests_a_day"] == 97


def test_the_first_crawl_finds_what_the_feed_still_names_and_that_is_not_measured() -> None:
    policy = Watched()
    outcome = replay([START - n * HOUR for n in range(1, 100)], policy, START, END)

    assert policy.told[0] == (START, [START - n * HOUR for n in range(BACKLOG, 0, -1)])
    assert outcome.delays == ()
    assert outcome.mean == outcome.longest == outcome.quantile(0.95) == timedelta()


def test_a_policy_that_stands_still_is_refused() -> None:
    with pytest.raises(ValueError, match="does not go on"):
        replay([], Fixed(timedelta()), START, END)


def test_adaptive_spends_half_on_an_office_at_about_the_delay_of_a_fixed_interval() -> None:
    random = Random(5)
    hours = (8, 8, 9, 10, 14, 15, 16)
    office = [START + n * DAY + (hour + random.random()) * HOUR for n in range(180) if n % 7 < 5 for hour in hours]
    fixed, adaptive = (
        replay(office, policy, START, START + 180 * DAY)
        for policy in (Fixed(15 * MINUTE), Adaptive.as_fresh_as(15 * MINUTE))
    )

    assert adaptive.requests <= fixed.requests / 2
    assert adaptive.mean <= 1.2 * fixed.mean
