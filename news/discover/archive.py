"""Day archives ("xem-theo-ngay/07-03-2026.htm"): the address of a day, and when to stop walking back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from news.site import DAY_MARK, Source, SourceKind

# Offices close for nine days at Tết; twice that without an article is where an archive begins.
QUIET_DAYS = 18
# An archive that shows the same articles on so many days in a row does not look at the date it is asked for.
SAME_DAYS = 3


def day_url(source: Source, day: date) -> str:
    """The address of the archive's page of that day; without a form of its own {d} is written 07-03-2026."""
    return DAY_MARK.sub(lambda mark: day.strftime(mark[1] or "%d-%m-%Y"), source.url)


def first_url(source: Source, today: date) -> str:
    """Where the reading of a source begins."""
    return day_url(source, today) if source.kind is SourceKind.ARCHIVE else source.url


def days_back(last: date, first: date | None, limit: int) -> Iterator[date]:
    """The days from `last` back to `first`, at most `limit` of them."""
    for count in range(limit):
        day = last - timedelta(days=count)
        if first is not None and day < first:
            return
        yield day
