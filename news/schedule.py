"""When a site may be crawled, and what an operator expects of it: values of a site file, and pure functions of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from news.cron import Cron, parse_cron
from news.errors import InvalidValue

# A year, and a day: what is more is a slip, and the calendar ends in the year 9999.
_YEAR = 525_600
_BOUNDS = (("every_minutes", 1, _YEAR), ("at_least_minutes", 1, _YEAR), ("jitter_seconds", 0, 86_400))
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WINDOW = re.compile(r"(?:([A-Za-z]{3}(?:[-,][A-Za-z]{3})*)\s+)?(\d\d):(\d\d)-(\d\d):(\d\d)")
_WINDOW_REMEDY = 'Write it like "Mon-Fri 06:00-22:00", "Sat,Sun 08:00-20:00" or "06:00-22:00".'


class ScheduleMode(StrEnum):
    ADAPTIVE = "adaptive"
    INTERVAL = "interval"
    CRON = "cron"


class Window(NamedTuple):
    """Hours of certain days (Monday = 0), in minutes from midnight; one that ends before it begins ends a day later."""

    days: tuple[int, ...]
    begins: int
    ends: int

    def holds(self, local: datetime) -> bool:
        """Whether the local time lies in it; the end itself does not."""
        minute = local.hour * 60 + local.minute
        if self.begins < self.ends:
            return local.weekday() in self.days and self.begins <= minute < self.ends
        begun_yesterday = (local.weekday() - 1) % 7 in self.days and minute < self.ends
        return begun_yesterday or (local.weekday() in self.days and minute >= self.begins)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a site is crawled. `every_minutes` is the distance of an interval; an adaptive schedule keeps news as fresh
    as that on the mean, its crawls `at_least_minutes` apart; `windows` are the hours, in `timezone`, in which a crawl
    may start.
    """

    mode: ScheduleMode = ScheduleMode.ADAPTIVE
    every_minutes: int = 60
    at_least_minutes: int = 5
    cron: str = ""
    timezone: str = "Asia/Ho_Chi_Minh"
    windows: tuple[str, ...] = ()
    jitter_seconds: int = 30

    def __post_init__(self) -> None:
        for name, low, high in _BOUNDS:
            if getattr(self, name) < low:
                raise InvalidValue(f"{name} = {getattr(self, name)} is too small.", f"Give {low} or more.")
            if getattr(self, name) > high:
                raise InvalidValue(f"{name} = {getattr(self, name)} is too much.", f"Give {high} or less.")
        if self.mode is ScheduleMode.ADAPTIVE and self.at_least_minutes > self.every_minutes:
            raise InvalidValue(
                f"at_least_minutes = {self.at_least_minutes} is more than every_minutes.",
                "Lower it, or raise every_minutes.",
            )
        self._check_cron()
        try:
            ZoneInfo(self.timezone)
        except (KeyError, ValueError, OSError):
            raise InvalidValue(
                f"timezone = {self.timezone!r} is unknown.", "Use a name of the tz database, such as Asia/Ho_Chi_Minh."
            ) from None
        for window in self.windows:
            _parse_window(window)

    def _check_cron(self) -> None:
        if self.mode is ScheduleMode.CRON and not self.cron:
            raise InvalidValue("cron is empty.", 'mode = "cron" needs one, such as "0 6,11,17 * * *".')
        if self.cron and self.mode is not ScheduleMode.CRON:
            raise InvalidValue(f"cron = {self.cron!r} is not used.", 'Write mode = "cron", or take it out.')
        if self.cron:
            parse_cron(self.cron)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def times(self) -> Cron | None:
        """The cron expression, read; None in the other modes."""
        return parse_cron(self.cron) if self.cron else None

    def allows(self, moment: datetime) -> bool:
        """Whether a crawl may start at the moment, which is aware."""
        local = moment.astimezone(self.zone)
        return not self.windows or any(_parse_window(window).holds(local) for window in self.windows)

    def next_allowed(self, moment: datetime) -> datetime:
        """The moment itself if a crawl may start then, else the first one after it, in UTC."""
        if self.allows(moment):
            return moment
        today = moment.astimezone(self.zone).date()
        # A beginning that a change of the clock leaves out comes with the next day of the window, a week on at most.
        windows = [_parse_window(window) for window in self.windows]
        begins = (self._beginning(window, today + timedelta(days=n)) for window in windows for n in range(15))
        return min(start for start in begins if start is not None and start > moment and self.allows(start))

    def _beginning(self, window: Window, day: date) -> datetime | None:
        if day.weekday() not in window.days:
            return None
        begins = time(window.begins // 60, window.begins % 60)
        return datetime.combine(day, begins, self.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Expect:
    """The rhythm an operator states of a site; 0: it is learnt from what was published. `per_day` is articles on an
    ordinary day, `silent_days` how long nothing new is nothing unusual."""

    per_day: float = 0.0
    silent_days: float = 0.0

    def __post_init__(self) -> None:
        for name in ("per_day", "silent_days"):
            if not 0 <= getattr(self, name) < 100_000:
                raise InvalidValue(f"{name} = {getattr(self, name)} is no rhythm.", "Give 0 (learn it) or more.")


def _parse_window(text: str) -> Window:
    match = _WINDOW.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise InvalidValue(f"{text!r} in windows is no time of the week.", _WINDOW_REMEDY)
    begins, ends = int(match[2]) * 60 + int(match[3]), int(match[4]) * 60 + int(match[5])
    if int(match[3]) > 59 or int(match[5]) > 59 or begins >= 1440 or ends > 1440 or begins == ends:
        raise InvalidValue(f"{text!r} in windows has hours that no day has.", _WINDOW_REMEDY)
    return Window(_days(text, match[1] or "Mon-Sun"), begins, ends)


def _days(text: str, named: str) -> tuple[int, ...]:
    found: set[int] = set()
    for piece in named.lower().split(","):
        ends = piece.split("-")
        if len(ends) > 2 or any(day not in _DAYS for day in ends):
            raise InvalidValue(f"{text!r} in windows names a day that no week has.", _WINDOW_REMEDY)
        first, last = _DAYS.index(ends[0]), _DAYS.index(ends[-1])
        found.update((first + n) % 7 for n in range((last - first) % 7 + 1))
    return tuple(sorted(found))
