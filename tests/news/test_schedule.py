"""When a crawl may start, as operators write it down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger
from hypothesis import given
from hypothesis import strategies as st

from news.article import VIETNAM
from news.cron import Cron, parse_cron
from news.errors import InvalidValue
from news.schedule import Expect, Schedule, ScheduleMode
from news.tls import Tls, TlsMode

# A Monday, the day on which crontab and APScheduler do not agree what 1 means.
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=VIETNAM)


def cron(expression: str, **more: Any) -> Schedule:
    return Schedule(mode=ScheduleMode.CRON, cron=expression, **more)


@pytest.mark.parametrize(
    ("windows", "moment", "allowed"),
    [
        ((), MONDAY.replace(hour=3), True),
        (("Mon-Fri 06:00-22:00",), MONDAY, True),
        (("Mon-Fri 06:00-22:00",), MONDAY.replace(hour=6), True),
        (("Mon-Fri 06:00-22:00",), MONDAY.replace(hour=22), False),
        (("Mon-Fri 06:00-22:00",), MONDAY - timedelta(days=1), False),
        (("Mon-Fri 06:00-22:00", "Sat,Sun 08:00-20:00"), MONDAY - timedelta(days=1), True),
        (("06:00-24:00",), MONDAY.replace(hour=23, minute=59), True),
        (("Sun 22:00-05:00",), MONDAY.replace(hour=4), True),
        (("Sun 22:00-05:00",), MONDAY.replace(hour=23), False),
        (("Fri-Mon 09:00-17:00",), MONDAY, True),
    ],
)
def test_a_crawl_starts_in_the_windows_only(windows: tuple[str, ...], moment: datetime, allowed: bool) -> None:
    schedule = Schedule(windows=windows)

    assert schedule.allows(moment) is allowed
    assert schedule.allows(moment.astimezone(UTC)) is allowed, "whatever zone the question comes in"


def test_what_may_not_start_now_starts_with_the_next_window() -> None:
    schedule = Schedule(windows=("Mon-Fri 06:00-22:00", "Sat 08:00-12:00"))

    assert schedule.next_allowed(MONDAY) == MONDAY
    assert schedule.next_allowed(MONDAY.replace(hour=22)) == MONDAY.replace(hour=6) + timedelta(days=1)
    saturday = MONDAY.replace(hour=13) + timedelta(days=5)
    assert schedule.next_allowed(saturday) == MONDAY.replace(hour=6) + timedelta(days=7)
    assert Schedule(windows=("Mon 06:00-07:00",)).next_allowed(MONDAY) == MONDAY.replace(hour=6) + timedelta(days=7)


def test_a_window_is_in_the_zone_of_the_schedule() -> None:
    assert not Schedule(windows=("06:00-22:00",), timezone="UTC").allows(MONDAY.replace(hour=10))
    assert Schedule(windows=("06:00-22:00",), timezone="UTC").allows(MONDAY.replace(hour=14))


DAYS = st.sampled_from(["", "Mon ", "Sat,Sun ", "Mon-Fri ", "Fri-Mon "])
HOURS = st.tuples(st.integers(0, 23), st.integers(0, 59))


@given(
    days=DAYS,
    begins=HOURS,
    ends=HOURS,
    zone=st.sampled_from(["Asia/Ho_Chi_Minh", "Europe/Berlin"]),
    moment=st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
)
def test_the_next_allowed_moment_is_allowed_not_earlier_and_not_a_minute_late(
    days: str, begins: tuple[int, int], ends: tuple[int, int], zone: str, moment: datetime
) -> None:
    if begins == ends:
        return
    window = f"{days}{begins[0]:02}:{begins[1]:02}-{ends[0]:02}:{ends[1]:02}"
    schedule = Schedule(windows=(window,), timezone=zone)

    found = schedule.next_allowed(moment)

    assert found >= moment
    assert schedule.allows(found)
    assert found - moment <= timedelta(days=8)
    if found > moment and zone == "Asia/Ho_Chi_Minh":
        assert not schedule.allows(found - timedelta(minutes=1))


@pytest.mark.parametrize(
    ("expression", "after", "expected"),
    [
        ("0 6 * * 1", MONDAY, MONDAY.replace(hour=6) + timedelta(days=7)),
        ("0 6 * * 0", MONDAY, MONDAY.replace(hour=6) + timedelta(days=6)),
        ("0 6 * * 7", MONDAY, MONDAY.replace(hour=6) + timedelta(days=6)),
        ("0 6 * * sun", MONDAY, MONDAY.replace(hour=6) + timedelta(days=6)),
        ("0 6 * * 1-5", MONDAY, MONDAY.replace(hour=6) + timedelta(days=1)),
        ("*/15 6-22 * * mon-fri", MONDAY, MONDAY + timedelta(minutes=15)),
        ("30 11,17 * * *", MONDAY, MONDAY.replace(hour=11, minute=30)),
        ("0 0 29 2 *", MONDAY, datetime(2028, 2, 29, tzinfo=VIETNAM)),
        ("0 8 13 * 5", MONDAY, datetime(2026, 3, 6, 8, tzinfo=VIETNAM)),  # the 13th, and every Friday
        ("@daily", MONDAY, datetime(2026, 3, 3, tzinfo=VIETNAM)),
    ],
)
def test_cron_counts_weekdays_as_a_crontab_does(expression: str, after: datetime, expected: datetime) -> None:
    schedule = cron(expression)
    assert schedule.times is not None

    assert schedule.times.after(after, schedule.zone) == expected


FIELDS = st.tuples(
    st.sampled_from(["0", "*/20", "5,35", "10-12"]),
    st.sampled_from(["*", "6-22", "*/5", "0,12"]),
    st.sampled_from(["*", "1", "15-31", "*/10"]),
    st.sampled_from(["*", "2", "jan-mar", "*/4"]),
    st.sampled_from(["*", "0", "7", "1-5", "sat,sun", "fri", "0-2"]),
)


@given(fields=FIELDS, moment=st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)))
def test_apscheduler_fires_at_the_same_moments(fields: tuple[str, ...], moment: datetime) -> None:
    schedule = cron(" ".join(fields))
    times = schedule.times
    assert times is not None
    triggers = [CronTrigger(**each, timezone=schedule.timezone) for each in _as_apscheduler_says_it(times)]

    fired = OrTrigger(triggers).get_next_fire_time(None, moment + timedelta(seconds=1))

    assert fired == times.after(moment, schedule.zone)


@pytest.mark.parametrize(
    "expression",
    ["", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8", "a * * * *",
     "*/0 * * * *", "5/10 * * * *", "22-6 * * * *", "* * * * mon-", "0 0 31 2 *", "0 0 30 feb *", "-1 * * * *",
     "* * * * thứ-hai", "1,,2 * * * *", "@reboot"],
)  # fmt: skip
def test_a_cron_expression_that_says_nothing_is_refused(expression: str) -> None:
    with pytest.raises(InvalidValue, match="cron") as caught:
        cron(expression)
    assert caught.value.remedy
    if expression:
        with pytest.raises(InvalidValue):
            parse_cron(expression)


def test_local_times_that_the_clock_leaves_out_are_passed_over() -> None:
    """Nobody in Vietnam changes the clock; a scheduler that hangs in a loop over it would be no better for that."""
    schedule = cron("30 2 * * *", timezone="Europe/Berlin")
    assert schedule.times is not None

    spring = schedule.times.after(datetime(2026, 3, 28, 12, tzinfo=UTC), schedule.zone)

    assert spring == datetime(2026, 3, 30, 0, 30, tzinfo=UTC), "29 March has no half past two"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"every_minutes": 0}, "every_minutes = 0"),
        ({"every_minutes": 3}, "at_least_minutes = 5"),
        ({"jitter_seconds": -1}, "jitter_seconds = -1"),
        ({"timezone": "Asia/Hanoi"}, "timezone = 'Asia/Hanoi'"),
        ({"timezone": "../etc/passwd"}, "timezone = "),
        ({"mode": ScheduleMode.CRON}, "cron is empty"),
        ({"cron": "0 6 * * *"}, "is not used"),
        ({"windows": ("Mon-Fry 06:00-22:00",)}, "Mon-Fry"),
        ({"windows": ("T2-T6 06:00-22:00",)}, "T2-T6"),
        ({"windows": ("6:00-22:00",)}, "6:00-22:00"),
        ({"windows": ("06:00-25:00",)}, "06:00-25:00"),
        ({"windows": ("06:00-06:00",)}, "06:00-06:00"),
        ({"windows": ("06:70-08:00",)}, "06:70-08:00"),
        ({"windows": (7,)}, "7 in windows"),
        ({"every_minutes": 10**12}, "every_minutes = 1000000000000 is too much"),
        ({"jitter_seconds": 10**15}, "jitter_seconds"),
    ],
)
def test_a_schedule_that_cannot_be_meant_is_refused(values: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidValue, match=words) as caught:
        Schedule(**values)
    assert caught.value.remedy


def test_an_expectation_is_a_number_of_articles_or_days() -> None:
    assert Expect(per_day=12.5).silent_days == 0
    for values in ({"per_day": -1.0}, {"silent_days": -0.1}, {"per_day": float("inf")}, {"per_day": float("nan")}):
        with pytest.raises(InvalidValue, match="rhythm"):
            Expect(**values)


def test_only_a_site_that_nobody_checks_has_a_standing_warning() -> None:
    assert [mode for mode in TlsMode if Tls(mode, "ca.pem" if mode is TlsMode.PINNED else "").warning] == [TlsMode.OFF]
    for values in ({"mode": TlsMode.PINNED}, {"ca": "ca.pem"}, {"mode": TlsMode.PINNED, "ca": "../ca.pem"}):
        with pytest.raises(InvalidValue, match="ca"):
            Tls(**values)  # type: ignore[arg-type]


def _as_apscheduler_says_it(times: Cron) -> list[dict[str, str]]:
    """The arguments of its CronTrigger, which asks for day and weekday both, and counts weekdays from Monday: where
    either is enough there are two triggers, and whichever is first counts (OrTrigger)."""

    def said(numbers: Sequence[int]) -> str:
        return ",".join(map(str, numbers))

    shared = {"minute": said(times.minutes), "hour": said(times.hours), "month": said(times.months)}
    days = [{"day": said(times.days)}] if times.days is not None else []
    weekdays = [{"day_of_week": said(times.weekdays)}] if times.weekdays is not None else []
    return [{**shared, **chosen} for chosen in [*days, *weekdays] or [{}]]
