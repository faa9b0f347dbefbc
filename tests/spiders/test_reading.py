"""What became of a source, in one word for the health of its site."""

from __future__ import annotations

import pytest

from news.errors import Reason
from news.extract.kinds import walled
from news.report import Fate
from spiders.frontier import SourceMemory
from spiders.reading import Reading, fate_of


@pytest.mark.parametrize(
    ("reason", "detail", "fate"),
    [
        (Reason.ROBOTS, "https://a.vn/robots.txt forbids it", Fate.BLOCKED),
        (Reason.HTTP_CLIENT, "HTTP 403", Fate.BLOCKED),
        (Reason.BUSY, "The server asked us to wait 900 s.", Fate.BLOCKED),
        (Reason.BLOCKED, "HTTP 503", Fate.BLOCKED),
        (Reason.GONE, "HTTP 404", Fate.GONE),
        (Reason.HTTP_CLIENT, "HTTP 400", Fate.GONE),
        (Reason.UNREADABLE, "is not a feed", Fate.UNREADABLE),
        (Reason.TLS, "certificate has expired", Fate.FAILED),
        (Reason.HTTP_SERVER, "HTTP 502", Fate.FAILED),
    ],
)
def test_what_kept_a_source_from_being_read_has_a_name(reason: Reason, detail: str, fate: Fate) -> None:
    assert fate_of(reason, detail) is fate


def test_what_a_source_said_counts_more_than_what_of_it_failed() -> None:
    reading = Reading(SourceMemory())
    assert reading.fate is None
    reading.fails(Fate.FAILED)
    assert reading.fate is Fate.FAILED
    reading.unchanged = True
    assert reading.fate is Fate.UNCHANGED
    reading.came(3, may_be_empty=False)
    assert reading.fate is Fate.READ


def test_a_list_without_articles_is_empty_and_a_feed_without_entries_says_that_nothing_is_new() -> None:
    page, feed = Reading(SourceMemory(), had=1), Reading(SourceMemory(), had=1)
    page.came(0, may_be_empty=False)
    feed.came(0, may_be_empty=True)

    assert (page.fate, feed.fate) == (Fate.EMPTY, Fate.BARE)


def test_a_wall_is_known_by_its_title() -> None:
    assert walled(b"<html><head><title>Just a moment...</title></head>")
    assert walled("<TITLE>Truy cập bị chặn</TITLE>".encode())
    assert not walled(b"<title>503 Service Unavailable</title>")
    assert not walled("<p>Just a moment</p><title>Công an tỉnh cảnh báo</title>".encode())
