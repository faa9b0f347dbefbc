"""Offices rest at Tết and on holidays: the lunar dates are those that Vietnam keeps, not China's."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from news.holidays import Rest, hung_kings, new_year, rest

# The first day of Tết and the Hùng Kings' day, from printed calendars (the table of Hồ Ngọc Đức's âm lịch).
CALENDAR = {
    2015: ("02-19", "04-28"), 2016: ("02-08", "04-16"), 2017: ("01-28", "04-06"), 2018: ("02-16", "04-25"),
    2019: ("02-05", "04-14"), 2020: ("01-25", "04-02"), 2021: ("02-12", "04-21"), 2022: ("02-01", "04-10"),
    2023: ("01-22", "04-29"), 2024: ("02-10", "04-18"), 2025: ("01-29", "04-07"), 2026: ("02-17", "04-26"),
    2027: ("02-06", "04-16"), 2028: ("01-26", "04-04"), 2029: ("02-13", "04-23"), 2030: ("02-02", "04-12"),
    2031: ("01-23", "04-01"), 2032: ("02-11", "04-19"), 2033: ("01-31", "04-09"), 2034: ("02-19", "04-28"),
    2035: ("02-08", "04-17"),
}  # fmt: skip


@pytest.mark.parametrize("year", CALENDAR)
def test_tet_and_the_hung_kings_fall_on_the_days_of_the_printed_calendar(year: int) -> None:
    assert (f"{new_year(year):%m-%d}", f"{hung_kings(year):%m-%d}") == CALENDAR[year]


@pytest.mark.parametrize(
    ("day", "china"),
    [
        (date(1968, 1, 29), date(1968, 1, 30)),  # the north of Vietnam, the first year of UTC+7
        (date(1985, 1, 21), date(1985, 2, 20)),  # a month apart: the solstice fell on another day
        (date(2007, 2, 17), date(2007, 2, 18)),
        (date(2030, 2, 2), date(2030, 2, 3)),
    ],
)
def test_tet_is_vietnams_where_china_begins_the_year_on_another_day(day: date, china: date) -> None:
    assert new_year(day.year) == day != china


@pytest.mark.parametrize("year", range(1990, 2100))
def test_a_lunar_year_has_twelve_or_thirteen_months_and_begins_between_21_january_and_21_february(year: int) -> None:
    assert date(year, 1, 20) <= new_year(year) <= date(year, 2, 21)
    assert (new_year(year + 1) - new_year(year)).days in (353, 354, 355, 383, 384, 385)
    assert (hung_kings(year) - new_year(year)).days in (67, 68, 69, 97, 98, 99)


def test_the_days_of_tet_hold_the_days_off_that_were_announced() -> None:
    # 2024: 8 to 14 February; 2023: 20 to 26 January (the notices of the Ministry of Labour).
    for first, last in ((date(2024, 2, 8), date(2024, 2, 14)), (date(2023, 1, 20), date(2023, 1, 26))):
        days = [first + timedelta(n) for n in range(-1, (last - first).days + 2)]
        assert [rest(day) for day in days] == [Rest.NONE, *[Rest.TET] * 7, Rest.NONE]


def test_holidays_are_told_from_other_days() -> None:
    rests = [rest(date(2025, *day)) for day in ((1, 1), (4, 7), (4, 30), (5, 1), (9, 2), (5, 2), (12, 25))]

    assert rests == [Rest.HOLIDAY] * 5 + [Rest.NONE] * 2
