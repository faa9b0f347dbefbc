"""The days on which Vietnam's offices rest: Tết and the public holidays, computed for any year.

The lunar calendar is computed as Hồ Ngọc Đức does (https://www.xemamlich.uhm.vn/calrules_en.html): the month begins on
the day of the new moon, the 11th month holds the winter solstice, a year of 13 months repeats the first one without a
major solar term, and every day is one of Vietnam (UTC+7), which is why Tết of 2007 and 2030 is a day before China's.
New moon and sun are Meeus' series (Astronomical Algorithms, 1998), good to minutes between 1900 and 2100.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from math import floor, radians, sin

# Labour Code 2019, art. 112: five days of Tết. With the days that are added each year, offices close two days before
# the first day of the year and open on its sixth (2023 to 2026: the notices of the Ministry of Labour, then of Home).
TET_BEFORE, TET_AFTER = 2, 5
# Art. 112 again: New Year, Reunification, Labour, National Day. Hùng Kings' day is the tenth of the third lunar month.
# The second day beside 2 September, and Saturdays worked instead of a bridge day, change yearly and are left out.
_SOLAR = frozenset({(1, 1), (4, 30), (5, 1), (9, 2)})
_SYNODIC = 29.530588853
_FIRST_MOON = 2415021.076998695  # the new moon that Meeus counts from, as a Julian day: 31 December 1899
_ZONE = 7 / 24


class Rest(StrEnum):
    """Why a day is not like others."""

    NONE = ""
    HOLIDAY = "holiday"
    TET = "tet"


@lru_cache(maxsize=4096)
def rest(day: date) -> Rest:
    """What kind of day it is in Vietnam; weekends are no matter of the calendar."""
    first = new_year(day.year)
    if first - timedelta(TET_BEFORE) <= day < first + timedelta(TET_AFTER):
        return Rest.TET
    if (day.month, day.day) in _SOLAR or day == hung_kings(day.year):
        return Rest.HOLIDAY
    return Rest.NONE


@lru_cache(maxsize=256)
def new_year(year: int) -> date:
    """The first day of the lunar year that begins in `year`: mùng một Tết."""
    return _month(year, 1)


@lru_cache(maxsize=256)
def hung_kings(year: int) -> date:
    """The day of the Hùng Kings in `year`: the tenth of the third lunar month, never of a leap third month."""
    return _month(year, 3) + timedelta(9)


def _month(year: int, number: int) -> date:
    """The first day of the lunar month `number` (1 to 9) of the lunar year that begins in `year`."""
    eleventh = _eleventh_month(year - 1)
    moons = round((_eleventh_month(year) - eleventh) / _SYNODIC)
    steps = number + 1  # from the 11th month
    if moons == 13 and steps >= _leap(eleventh):
        steps += 1
    return _date(_moon_day(_moons_until(eleventh) + steps))


def _eleventh_month(year: int) -> int:
    """The Julian day on which the month of the winter solstice of `year` begins."""
    solstice_year_end = date(year, 12, 31).toordinal() + 1721425
    k = floor((solstice_year_end - 2415021) / _SYNODIC)
    begins = _moon_day(k)
    return _moon_day(k - 1) if _term(begins) >= 9 else begins


def _leap(eleventh: int) -> int:
    """How many months after the 11th the leap month stands: the first that begins in the same term as the next."""
    k = _moons_until(eleventh)
    return next(n for n in range(1, 14) if _term(_moon_day(k + n)) == _term(_moon_day(k + n + 1)))


def _moons_until(day: int) -> int:
    return floor(0.5 + (day - _FIRST_MOON) / _SYNODIC)


def _moon_day(k: int) -> int:
    """The Julian day in Vietnam of the k-th new moon since 1900."""
    return floor(_new_moon(k) + 0.5 + _ZONE)


def _new_moon(k: int) -> float:
    """The moment of the k-th new moon since 1900, as a Julian day of universal time."""
    t = k / 1236.85
    mean = 2415020.75933 + 29.53058868 * k + 0.0001178 * t**2 - 0.000000155 * t**3
    mean += 0.00033 * _sine(166.56 + 132.87 * t - 0.009173 * t**2)
    sun = 359.2242 + 29.10535608 * k - 0.0000333 * t**2 - 0.00000347 * t**3
    moon = 306.0253 + 385.81691806 * k + 0.0107306 * t**2 + 0.00001236 * t**3
    node = 21.2964 + 390.67050646 * k - 0.0016528 * t**2 - 0.00000239 * t**3
    shift = (0.1734 - 0.000393 * t) * _sine(sun) + 0.0021 * _sine(2 * sun) - 0.4068 * _sine(moon)
    shift += 0.0161 * _sine(2 * moon) - 0.0004 * _sine(3 * moon) + 0.0104 * _sine(2 * node)
    shift += -0.0051 * _sine(sun + moon) - 0.0074 * _sine(sun - moon) + 0.0004 * _sine(2 * node + sun)
    shift += -0.0004 * _sine(2 * node - sun) - 0.0006 * _sine(2 * node + moon) + 0.0010 * _sine(2 * node - moon)
    shift += 0.0005 * _sine(2 * moon + sun)
    # Universal time lags behind the even time of the series.
    return mean + shift - (-0.000278 + 0.000265 * t + 0.000262 * t**2)


def _term(day: int) -> int:
    """The twelfth of the ecliptic (0 from the spring equinox, 9 from the winter solstice) in which the sun stands at
    the beginning of that day in Vietnam."""
    t = (day - 0.5 - _ZONE - 2451545.0) / 36525
    anomaly = 357.52910 + 35999.05030 * t - 0.0001559 * t**2 - 0.00000048 * t**3
    longitude = 280.46645 + 36000.76983 * t + 0.0003032 * t**2
    longitude += (1.914600 - 0.004817 * t - 0.000014 * t**2) * _sine(anomaly)
    longitude += (0.019993 - 0.000101 * t) * _sine(2 * anomaly) + 0.000290 * _sine(3 * anomaly)
    return floor((longitude % 360) / 30)


def _sine(degrees: float) -> float:
    return sin(radians(degrees))


def _date(julian_day: int) -> date:
    return date.fromordinal(julian_day - 1721425)
