"""Dates, times and counts as people write them, in Vietnam's time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from news.article import VIETNAM, Precision
from web.texts import Texts
from web.texts.names import Noun


class Moment(NamedTuple):
    """A time as it is shown, and as machines read it (the datetime attribute of <time>)."""

    shown: str
    machine: str


def day_of(when: datetime | None, texts: Texts, today: date | None = None) -> str:
    """The day with its name: "Chủ Nhật, 01/03/2026"; with `today` given, said as "Hôm nay" or "Hôm qua" too."""
    if when is None:
        return texts.undated
    local = when.astimezone(VIETNAM)
    named = texts.date.format(
        weekday=texts.weekdays[local.weekday()], day=local.day, month=texts.months[local.month - 1], year=local.year
    )
    if today is not None and local.date() in (today, today - timedelta(days=1)):
        return f"{texts.today if local.date() == today else texts.yesterday} · {named}"
    return named


def date_of(day: date, texts: Texts) -> str:
    """A date alone: "22/12/2024"."""
    return texts.date_without_day.format(day=day.day, month=texts.months[day.month - 1], year=day.year)


def clock_of(when: datetime | None, precision: Precision | None) -> str:
    """ "09:51"; "" where the page stated no time."""
    if when is None or precision is Precision.DAY:
        return ""
    return f"{when.astimezone(VIETNAM):%H:%M}"


def moment_of(when: datetime, texts: Texts, precision: Precision | None = None) -> str:
    """Date and time: "01/03/2026 09:51"."""
    return f"{date_of(when.astimezone(VIETNAM).date(), texts)} {clock_of(when, precision)}".strip()


def machine(when: datetime | None, precision: Precision | None = None) -> str:
    """What stands in the datetime attribute."""
    if when is None:
        return ""
    local = when.astimezone(VIETNAM)
    return local.date().isoformat() if precision is Precision.DAY else local.isoformat(timespec="minutes")


def grouped(count: int, texts: Texts) -> str:
    """ "1.204"."""
    return f"{count:,}".replace(",", texts.thousands)


def counted(count: int, noun: Noun, texts: Texts) -> str:
    """ "1.204 bài"."""
    return f"{grouped(count, texts)} {noun[0] if count == 1 else noun[1]}"


def span_of(span: timedelta, texts: Texts) -> str:
    """How long it took, in its two largest units: "2 giờ 15 phút"; "" for less than a minute."""
    minutes = int(span.total_seconds() // 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    units = ((days, texts.days), (hours, texts.hours), (minutes, texts.minutes))
    said = [counted(count, noun, texts) for count, noun in units if count]
    return " ".join(said[:2])
