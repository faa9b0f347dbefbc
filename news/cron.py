"""Cron expressions of five fields (minute hour day month weekday), read as crontab(5) reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from news.errors import InvalidValue

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CRON_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_REMEDY = 'Give minute, hour, day, month and weekday, such as "*/15 6-22 * * mon-fri"; 0 and 7 are Sunday.'
_SHORTCUTS = {
    "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
}  # fmt: skip
# The longest February 29 keeps away is eight years, around a century that is no leap year.
_HORIZON_DAYS = 8 * 366 + 2


@dataclass(frozen=True, slots=True)
class Cron:
    """The moments an expression names. `weekdays` count from Monday = 0, as in Python and APScheduler, not as in
    crontab; `days` or `weekdays` is None where the expression has a `*`. Given both, either is enough (crontab(5))."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    months: tuple[int, ...]
    days: tuple[int, ...] | None
    weekdays: tuple[int, ...] | None

    def on(self, day: date) -> bool:
        """Whether it names a moment of that day."""
        if day.month not in self.months:
            return False
        if self.days is not None and self.weekdays is not None:
            return day.day in self.days or day.weekday() in self.weekdays
        return (self.days is None or day.day in self.days) and (self.weekdays is None or day.weekday() in self.weekdays)

    def after(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """The first moment later than `moment`, in UTC. Local times that a change of the clock leaves out are passed
        over, those that it brings twice count once."""
        today = moment.astimezone(zone).date()
        for ahead in range(_HORIZON_DAYS):
            for local in self._times(today + timedelta(days=ahead)):
                stamp = local.replace(tzinfo=zone).astimezone(UTC)
                if stamp > moment and stamp.astimezone(zone).replace(tzinfo=None) == local:
                    return stamp
        raise AssertionError("parse_cron lets through only what comes to pass")

    def _times(self, day: date) -> Iterator[datetime]:
        if self.on(day):
            yield from (datetime.combine(day, time(hour, minute)) for hour in self.hours for minute in self.minutes)


def parse_cron(text: str) -> Cron:
    """The expression. Raises InvalidValue for one that crontab would not take, or that never comes to pass."""
    parts = _SHORTCUTS.get(text.strip().lower(), text).split()
    if len(parts) != 5:
        raise InvalidValue(f"cron = {text!r} has {len(parts)} fields, not five.", _REMEDY)
    minute, hour, day, month, weekday = parts
    days = _numbers(text, day, 1, 31)
    weekdays = _numbers(text, weekday, 0, 7, _CRON_DAYS)
    found = Cron(
        minutes=_numbers(text, minute, 0, 59),
        hours=_numbers(text, hour, 0, 23),
        months=_numbers(text, month, 1, 12, _MONTHS),
        days=None if day.startswith("*") and len(days) == 31 else days,
        weekdays=None if len({n % 7 for n in weekdays}) == 7 else tuple(sorted({(n - 1) % 7 for n in weekdays})),
    )
    if not any(found.on(date(2024, 1, 1) + timedelta(days=ahead)) for ahead in range(366)):  # a leap year
        raise InvalidValue(f"cron = {text!r} names a day that no month has.", "Correct the day or the month.")
    return found


def _numbers(text: str, field: str, low: int, high: int, names: tuple[str, ...] = ()) -> tuple[int, ...]:
    found: set[int] = set()
    for piece in field.split(","):
        match = re.fullmatch(r"(\*|(\w+)(?:-(\w+))?)(?:/(\d+))?", piece)
        step = int(match[4] or 1) if match else 0
        if match is None or step < 1 or (match[4] and match[1] != "*" and match[3] is None):
            raise InvalidValue(f"cron = {text!r} has {piece!r}, which is no field of a crontab.", _REMEDY)
        first = low if match[2] is None else _number(text, match[2], low, high, names)
        last = first if match[3] is None else _number(text, match[3], low, high, names)
        if match[1] == "*":
            last = high
        if last < first:
            raise InvalidValue(f"cron = {text!r} counts backwards in {piece!r}.", "Write two ranges with a comma.")
        found.update(range(first, last + 1, step))
    return tuple(sorted(found))


def _number(text: str, word: str, low: int, high: int, names: tuple[str, ...]) -> int:
    value = names.index(word.lower()) + (names is _MONTHS) if word.lower() in names else -1
    value = int(word) if word.isascii() and word.isdigit() else value
    if not low <= value <= high:
        raise InvalidValue(f"cron = {text!r} has {word!r}, which is not from {low} to {high}.", _REMEDY)
    return value
