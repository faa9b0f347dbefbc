"""The next crawls of a site, foretold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from news.article import VIETNAM
from news.rhythm import Rhythm
from news.schedule import Schedule, ScheduleMode
from news.upcoming import Pace, upcoming

MONDAY = datetime(2026, 3, 2, 8, 10, tzinfo=VIETNAM)
HOUR = timedelta(hours=1)


def office() -> Rhythm:
    """A site that publishes on working days, six times from 8 to 11."""
    days = [MONDAY.replace(hour=8, minute=0) - timedelta(days=n) for n in range(1, 90)]
    moments = [day + n * HOUR / 2 for day in days if day.weekday() < 5 for n in range(6)]
    return Rhythm.learn([(moment, True) for moment in moments], until=MONDAY)


def test_an_interval_goes_on_from_the_last_crawl() -> None:
    plain = Schedule(ScheduleMode.INTERVAL, every_minutes=60)
    assert upcoming(plain, MONDAY - HOUR / 2, MONDAY, count=3) == tuple(MONDAY + (n + 0.5) * HOUR for n in range(3))
    assert upcoming(plain, MONDAY - 5 * HOUR, MONDAY, count=2) == (MONDAY, MONDAY + HOUR), "the missed are one"
    assert upcoming(plain, None, MONDAY, count=1) == (MONDAY,), "one that never was is crawled at once"


def test_cron_and_windows_say_when() -> None:
    cron = Schedule(ScheduleMode.CRON, cron="0 6,17 * * *")
    shown = [moment.astimezone(VIETNAM) for moment in upcoming(cron, MONDAY - HOUR, MONDAY, count=3)]
    assert [(moment.day, moment.hour) for moment in shown] == [(2, 17), (3, 6), (3, 17)]
    night = Schedule(ScheduleMode.INTERVAL, every_minutes=180, windows=("Mon-Fri 06:00-09:00",))
    shown = [moment.astimezone(VIETNAM) for moment in upcoming(night, MONDAY - HOUR, MONDAY, count=3)]
    assert [(moment.day, moment.hour) for moment in shown] == [(3, 6), (4, 6), (5, 6)]


def test_an_adaptive_one_comes_when_the_site_publishes() -> None:
    schedule = Schedule(ScheduleMode.ADAPTIVE, every_minutes=60)
    pace = Pace.of(office().to_json(), schedule)
    ahead = upcoming(schedule, MONDAY - HOUR, MONDAY, pace, count=30)
    assert all(later > earlier for earlier, later in pairwise(ahead))
    hours = [moment.astimezone(VIETNAM).hour for moment in ahead if moment < MONDAY + timedelta(days=1)]
    morning = sum(8 <= hour <= 11 for hour in hours)
    assert morning > len(hours) - morning, "the four hours in which it publishes see more crawls than the other twenty"
    assert upcoming(schedule, MONDAY, MONDAY, None, count=1) == (MONDAY + HOUR,), "of one that nothing is known of"


def test_moments_are_those_of_the_world() -> None:
    ahead = upcoming(Schedule(ScheduleMode.CRON, cron="30 7 * * *"), None, datetime(2026, 3, 1, tzinfo=UTC), count=2)
    assert ahead[0] == datetime(2026, 3, 1, tzinfo=UTC)
    assert ahead[1] == datetime(2026, 3, 1, 0, 30, tzinfo=UTC), "7:30 in Vietnam"
