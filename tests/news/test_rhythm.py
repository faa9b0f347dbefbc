"""A site's rhythm is learned from when it published, and says when to crawl it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.article import VIETNAM
from news.cadence import bounds_of, cost_of, next_crawl
from news.errors import InvalidValue
from news.rhythm import SLOW_DAYS, WEEK, Memory, Rhythm, hour_number, hour_start

MONDAY = datetime(2025, 6, 2, tzinfo=VIETNAM)  # a week without a holiday
HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
BOUNDS = bounds_of(15 * MINUTE)


def weeks(*times: tuple[int, float], count: int = 12, end: datetime = MONDAY) -> list[tuple[datetime, bool]]:
    """Items at these (weekday, hour of the day) of each of the `count` weeks before `end`."""
    return [(end - 7 * DAY * n + day * DAY + hour * HOUR, True) for n in range(1, count + 1) for day, hour in times]


OFFICE = weeks(*((day, hour) for day in range(5) for hour in (8.2, 9.4, 10.6, 14.3, 15.5, 16.7)))
BULLETIN = weeks(*((day, 17.1) for day in range(7)))
RHYTHM = Rhythm.learn(OFFICE, MONDAY)


def crawls(rhythm: Rhythm, start: datetime, length: timedelta, every: timedelta = 15 * MINUTE) -> list[datetime]:
    """When a site is crawled in that time, where crawls find nothing unusual."""
    found, cost = [start], cost_of(rhythm, every / 2)
    while found[-1] < start + length:
        found.append(next_crawl(rhythm, found[-1], found[-1], cost=cost, **bounds_of(every)._asdict()))
    return found[1:]


def within(found: list[datetime], first: int, last: int) -> int:
    return sum(first <= crawl.astimezone(VIETNAM).hour < last for crawl in found)


def test_an_office_is_crawled_in_its_hours_and_left_alone_at_night_and_at_the_weekend() -> None:
    tuesday, sunday = crawls(RHYTHM, MONDAY + DAY, DAY), crawls(RHYTHM, MONDAY + 6 * DAY, DAY)

    assert within(tuesday, 8, 17) > 3 * (within(tuesday, 0, 7) + within(tuesday, 18, 24)) > 0
    assert len(sunday) < len(tuesday) / 2


def test_a_daily_bulletin_is_looked_for_at_its_hour() -> None:
    day = crawls(Rhythm.learn(BULLETIN, MONDAY), MONDAY, DAY)

    assert within(day, 17, 18) >= 4
    assert len(day) < 40  # every 15 minutes would be 96


def test_a_site_without_a_history_is_crawled_as_offices_work_and_as_often_as_it_must() -> None:
    day = crawls(Rhythm(), MONDAY, DAY)

    assert within(day, 8, 12) > 2 * within(day, 0, 4) > 0
    assert 48 < len(day) < 96


def test_press_that_never_sleeps_is_crawled_at_the_fixed_interval() -> None:
    always = [(MONDAY - n * 10 * MINUTE, True) for n in range(1, 12 * 7 * 144)]
    day = crawls(Rhythm.learn(always, MONDAY), MONDAY, DAY)

    assert len(day) == pytest.approx(96, rel=0.1)


def test_a_site_of_three_items_a_month_keeps_to_what_is_usual_but_to_its_level() -> None:
    rare = Rhythm.learn([(MONDAY - n * 10 * DAY + 9 * HOUR, True) for n in range(1, 19)], MONDAY)

    assert sum(rare.week) == pytest.approx(0.7, rel=0.3)
    assert min(rare.week) > 0


def test_a_site_that_changes_its_rhythm_is_followed_within_weeks() -> None:
    later = MONDAY + 42 * DAY
    evening = weeks(*((day, hour) for day in range(7) for hour in (19.1, 20.4, 21.3)), count=6, end=later)
    changed = RHYTHM.grow(evening, later)

    assert changed.rate(later + 20 * HOUR) > 2 * changed.rate(later + 9 * HOUR)
    assert RHYTHM.rate(MONDAY + 20 * HOUR) < RHYTHM.rate(MONDAY + 9 * HOUR)


def test_at_tet_an_office_is_crawled_as_on_a_sunday_and_afterwards_as_before() -> None:
    before = datetime(2025, 1, 20, tzinfo=VIETNAM)
    office = Rhythm.learn([(moment - (MONDAY - before), exact) for moment, exact in OFFICE], before)
    tet, monday = datetime(2025, 1, 29, 9, tzinfo=VIETNAM), datetime(2025, 2, 10, 9, tzinfo=VIETNAM)
    quiet = office.grow([], monday - 9 * HOUR)

    assert office.rate(tet) < office.rate(before + 9 * HOUR) / 5
    # Two weeks went by without an item, one of them Tết: that one is held against no weekday.
    watched = sum(quiet.slow.hours) - sum(office.slow.hours) * quiet.slow.weight(21 * 24)
    assert watched == pytest.approx(14 * 24, rel=0.1)
    assert quiet.rest_factors["tet"] < office.rest_factors["tet"]


def test_a_day_without_a_time_counts_for_its_weekday() -> None:
    days = [(MONDAY - 7 * DAY * n + 2 * DAY, False) for n in range(1, 13) for _ in range(4)]  # Wednesdays
    week = Rhythm.learn(days, MONDAY).week

    by_day = [sum(week[day * 24 : day * 24 + 24]) for day in range(7)]
    assert max(by_day) == by_day[2] > 2 * sorted(by_day)[-2]
    assert week[2 * 24 + 9] > week[2 * 24 + 2]  # an hour that nobody stated is no midnight


def test_old_habits_weigh_less_than_new_ones() -> None:
    old = weeks(*((day, 7.5) for day in range(7)), count=20, end=MONDAY - 20 * 7 * DAY)
    new = weeks(*((day, 19.5) for day in range(7)), count=20)
    rhythm = Rhythm.learn(old + new, MONDAY)

    assert rhythm.rate(MONDAY + 19.5 * HOUR) > 3 * rhythm.rate(MONDAY + 7.5 * HOUR)


def test_after_a_crawl_that_found_news_the_next_comes_sooner_where_news_comes_in_bursts() -> None:
    bursts = [(MONDAY - day * DAY * 1.37 + n * 11 * MINUTE, True) for day in range(3, 90) for n in range(8)]
    rhythm = Rhythm.learn(bursts, MONDAY)
    cost, last = cost_of(rhythm, 7.5 * MINUTE), MONDAY + 30 * HOUR

    quiet = next_crawl(rhythm, last, last, cost=cost, **BOUNDS._asdict())
    excited = next_crawl(rhythm, last, last, cost=cost, **BOUNDS._asdict(), found=[last - 20 * MINUTE, last - MINUTE])

    assert rhythm.kindling > 0.5
    assert excited - last < (quiet - last) / 2


def test_items_of_one_minute_are_one_batch_and_call_for_nothing() -> None:
    rhythm = Rhythm.learn(
        [(moment + n * 10 * timedelta(seconds=1), True) for moment, _ in BULLETIN for n in range(9)], MONDAY
    )

    assert rhythm.batch > 6
    assert rhythm.kindling < 0.1


def test_what_is_dated_in_the_future_is_left_out() -> None:
    assert Rhythm.learn([*OFFICE, (MONDAY + 400 * DAY, True)], MONDAY) == RHYTHM


def test_learned_bit_by_bit_the_week_is_the_same() -> None:
    grown = Rhythm.learn([], min(OFFICE)[0])
    for n in range(84, -1, -1):
        until = MONDAY - n * DAY
        grown = grown.grow([item for item in OFFICE if until - DAY < item[0] <= until], until)

    assert grown.week == pytest.approx(RHYTHM.week, rel=0.02)


def test_a_rhythm_is_written_and_read_and_stays_small() -> None:
    many = [(MONDAY - n * 4 * MINUTE, True) for n in range(20_000)]
    rhythm = Rhythm.learn(many, MONDAY)
    text = json.dumps(rhythm.to_json())

    back = Rhythm.from_json(json.loads(text))

    assert len(text) < 8_000
    assert back.week == pytest.approx(rhythm.week, rel=1e-3)
    assert back.recent == rhythm.recent != ()
    assert Rhythm.from_json(json.loads(json.dumps(back.to_json()))) == back
    assert Rhythm.from_json(Rhythm().to_json()) == Rhythm()


@pytest.mark.parametrize(
    "spoilt", [{}, {"until": "soon"}, {"fast": None}, {"batches": "?"}, {"slow": {"seen": [1], "hours": [1]}}]
)
def test_what_is_no_rhythm_is_refused_where_it_enters(spoilt: dict[str, object]) -> None:
    row = {**RHYTHM.to_json(), **spoilt} if spoilt else {}
    with pytest.raises(InvalidValue, match="rhythm"):
        Rhythm.from_json(row)


def test_the_delay_asked_for_is_what_the_cost_gives() -> None:
    for minutes in (3, 7.5, 30):
        costs = cost_of(RHYTHM, minutes * MINUTE), cost_of(RHYTHM, 2 * minutes * MINUTE)
        assert costs[0] * 2 < costs[1] < costs[0] * 8  # about the square


def test_hours_are_numbered_from_vietnams_midnight() -> None:
    assert hour_start(hour_number(MONDAY)) == MONDAY
    assert hour_number(MONDAY.astimezone(UTC) - MINUTE) == hour_number(MONDAY) - 1


moments = st.integers(0, 60 * 24 * 200).map(lambda n: MONDAY - n * MINUTE)
histories = st.lists(st.tuples(moments, st.booleans()), max_size=60)


@given(histories, st.integers(0, 60 * 24 * 7), st.floats(0.1, 600), st.lists(moments, max_size=5))
def test_a_crawl_is_never_sooner_than_the_shortest_nor_later_than_the_longest(
    history: list[tuple[datetime, bool]], after: int, cost: float, found: list[datetime]
) -> None:
    last = MONDAY + after * MINUTE
    rhythm = Rhythm.learn(history, MONDAY)

    crawl = next_crawl(rhythm, last, last, cost=cost * MINUTE, **BOUNDS._asdict(), found=found)

    assert BOUNDS.shortest <= crawl - last <= BOUNDS.longest


def test_a_crawl_that_is_overdue_is_due_now() -> None:
    now = MONDAY + 3 * DAY
    assert next_crawl(RHYTHM, MONDAY, now, cost=HOUR, **BOUNDS._asdict()) == now


counts = st.lists(st.floats(0, 50), min_size=WEEK, max_size=WEEK).map(tuple)


@given(counts, st.integers(0, WEEK - 1), st.floats(0.5, 20), st.floats(0.5, 120))
def test_more_news_in_an_hour_never_makes_its_crawls_rarer(
    seen: tuple[float, ...], hour: int, more: float, cost: float
) -> None:
    def due(counted: tuple[float, ...]) -> datetime:
        rhythm = Rhythm(MONDAY, slow=Memory(SLOW_DAYS, counted, (10.0,) * WEEK))
        last = MONDAY + hour * HOUR
        return next_crawl(rhythm, last, last, cost=cost * MINUTE, **BOUNDS._asdict())

    busier = tuple(count + more * (n == hour) for n, count in enumerate(seen))

    assert due(busier) <= due(seen)


def test_a_rhythm_stays_what_it_was_when_another_grows_from_it() -> None:
    before = replace(RHYTHM)
    RHYTHM.grow([(MONDAY + HOUR, True)], MONDAY + DAY)

    assert before == RHYTHM
