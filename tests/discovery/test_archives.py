"""Day archives: back to where reading ended, and no further."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from news.article import VIETNAM
from news.discover.archive import day_url, days_back
from news.errors import InvalidValue
from news.site import Source, SourceKind
from tests.discovery.layouts import Layout, archived, slug

Serve = Callable[[Layout], Any]


def _portal(serve: Serve) -> Any:
    return serve(archived("archive", "/xem-theo-ngay-{d}.htm", lambda n: f"/{slug(n)}-{197260000 + n}.htm"))


def test_an_archive_that_was_read_is_read_back_to_that_day_only(serve: Serve) -> None:
    portal = _portal(serve)
    portal.read()
    assert len(portal.asked) > 20
    portal.read(days_later=2)
    days = [path for path in portal.asked if "xem-theo-ngay" in path]
    assert days == [f"/xem-theo-ngay-{day:02}-03-2026.htm" for day in (9, 8, 7)]


def test_an_archive_is_read_back_to_since(serve: Serve) -> None:
    portal = _portal(serve)
    portal.read(since=datetime(2026, 3, 5, tzinfo=VIETNAM))
    days = [path for path in portal.asked if "xem-theo-ngay" in path]
    assert days == [f"/xem-theo-ngay-{day:02}-03-2026.htm" for day in (7, 6, 5)]
    # What lies before was left out, so the next reading is a full one.
    portal.read(days_later=0.01)
    assert len(portal.asked) > 20


def test_a_day_is_written_as_the_file_says() -> None:
    day = date(2026, 3, 7)
    for form, written in [("{d}", "07-03-2026"), ("{d:%Y/%m/%d}", "2026/03/07"), ("{d:%d%m%Y}", "07032026")]:
        assert day_url(Source(SourceKind.ARCHIVE, f"https://a.vn/{form}.htm"), day) == f"https://a.vn/{written}.htm"


def test_days_go_back_across_months() -> None:
    assert [day.day for day in days_back(date(2026, 3, 2), date(2026, 2, 27), 50)] == [2, 1, 28, 27]


@pytest.mark.parametrize(("kind", "url"), [("archive", "https://a.vn/tin"), ("listing", "https://a.vn/{d}.htm")])
def test_an_archive_and_nothing_else_has_a_day_in_its_address(kind: str, url: str) -> None:
    with pytest.raises(InvalidValue, match="needs"):
        Source(SourceKind(kind), url)
