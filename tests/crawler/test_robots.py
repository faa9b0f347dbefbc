"""robots.txt is obeyed, as RFC 9309 has it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from news.errors import Reason
from news.report import RunReport, RunState
from news.urls import identity
from storage.connect import Store

Go = Callable[..., RunReport]


def test_what_robots_txt_forbids_is_not_asked_for_and_counted(host: Any, store: Store, go: Go) -> None:
    allowed, forbidden = host.articles(2)
    host.page("/robots.txt", f"User-agent: *\nDisallow: {forbidden}\n")
    report = go(host.site())
    assert host.asked[forbidden] == 0
    assert host.asked[allowed] == 1
    assert report.reasons == {Reason.ROBOTS: 1}
    row = store.urls.get(identity(host.base + forbidden))
    assert row is not None
    assert row.reason is Reason.ROBOTS


def test_rules_for_our_name_go_before_those_for_all(host: Any, go: Go) -> None:
    (path,) = host.articles(1)
    host.page("/robots.txt", "User-agent: *\nDisallow:\n\nUser-agent: Bantin\nDisallow: /\n")
    assert go(host.site()).state is RunState.FAILED
    assert host.asked[path] == 0


def test_rules_for_others_do_not_bind_us(host: Any, go: Go) -> None:
    # "example" is a word of our user agent's contact address and not our name.
    host.articles(1)
    host.page("/robots.txt", "User-agent: example\nDisallow: /\n\nUser-agent: Googlebot\nDisallow: /\n")
    assert go(host.site()).pages == 1


@pytest.mark.parametrize(("status", "pages"), [(404, 1), (403, 1), (500, 0), (503, 0)])
def test_no_robots_txt_allows_all_and_a_broken_one_nothing(host: Any, go: Go, status: int, pages: int) -> None:
    host.articles(1)
    host.page("/robots.txt", "", status)
    report = go(host.site())
    assert report.pages == pages
    assert report.reasons == ({} if pages else {Reason.HTTP_SERVER: 1})


def test_robots_txt_is_asked_for_once(host: Any, go: Go) -> None:
    host.articles(5)
    go(host.site())
    assert host.asked["/robots.txt"] == 1


def test_a_crawl_delay_is_granted_where_the_site_file_has_a_delay(host: Any, go: Go) -> None:
    host.articles(2)
    host.page("/robots.txt", "User-agent: *\nCrawl-delay: 1\n")
    assert go(host.site(politeness={"delay": 0.05})).seconds > 1
