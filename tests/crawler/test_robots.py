"""robots.txt is obeyed, as RFC 9309 has it."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from news.errors import Reason
from news.manners import ROBOTS_TIMEOUT, RobotsTxt
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


def aged(store: Store, host: Any, days: float) -> None:
    """Makes the kept robots.txt of the host so old."""
    kept = store.robots.get(host.base)
    assert kept is not None
    store.robots.keep(replace(kept, fetched=datetime.now(UTC) - timedelta(days=days)))


def test_robots_txt_is_kept_for_a_day_and_then_asked_for_again(host: Any, store: Store, go: Go) -> None:
    paths = host.articles(2)
    host.page("/robots.txt", f"User-agent: *\nDisallow: {paths[0]}\nSitemap: {host.base}/sitemap.xml\n")
    go(host.site())
    go(host.site(), revisit=True)
    assert host.asked["/robots.txt"] == 1
    kept = store.robots.get(host.base)
    assert kept is not None
    assert kept.sitemaps == (f"{host.base}/sitemap.xml",)
    aged(store, host, 1.01)
    host.page("/robots.txt", "User-agent: *\nDisallow: /\n")
    assert go(host.site(), revisit=True).pages == 0
    assert host.asked["/robots.txt"] == 2


def test_a_kept_one_is_asked_for_with_its_validators_and_confirmed(host: Any, store: Store, go: Go) -> None:
    (path,) = host.articles(1)

    def conditional(handler: Any) -> tuple[int, dict[str, str], bytes]:
        if handler.headers["If-None-Match"] == '"one"':
            return 304, {}, b""
        return 200, {"ETag": '"one"'}, f"User-agent: *\nDisallow: {path}\n".encode()

    host.answers["/robots.txt"] = conditional
    go(host.site())
    aged(store, host, 20)
    assert go(host.site(), revisit=True).pages == 0
    assert (host.asked["/robots.txt"], host.asked[path]) == (2, 0)
    kept = store.robots.get(host.base)
    assert kept is not None
    assert kept.fresh(datetime.now(UTC))


@pytest.mark.parametrize(("days", "asked"), [(29, 1), (31, 0)])
def test_of_a_server_that_fails_the_kept_one_holds_for_thirty_days(
    host: Any, store: Store, go: Go, days: int, asked: int
) -> None:
    allowed, forbidden = host.articles(2)
    host.page("/robots.txt", f"User-agent: *\nDisallow: {forbidden}\n")
    fetched = datetime.now(UTC) - timedelta(days=days)
    store.robots.keep(RobotsTxt(host.base, f"User-agent: *\nDisallow: {forbidden}\n", fetched))
    host.page("/robots.txt", "", 503)
    report = go(host.site())
    assert (host.asked[allowed], host.asked[forbidden]) == (asked, 0)
    assert set(report.reasons) == ({Reason.ROBOTS} if asked else {Reason.HTTP_SERVER})


def test_a_robots_txt_that_hangs_costs_its_own_short_time_and_forbids(host: Any, go: Go) -> None:
    host.articles(1)
    host.answers["/robots.txt"] = lambda handler: time.sleep(20)
    report = go(host.site(politeness={"timeout": 100, "retries": 0}))
    assert report.reasons == {Reason.TIMEOUT: 1}
    assert host.asked["/robots.txt"] == 1
    assert report.seconds < ROBOTS_TIMEOUT + 5


def _endless(handler: Any) -> None:
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    rules = b"User-agent: *\nDisallow: /hoi-nghi-phong-chong-100.html\n"
    handler.wfile.write(b"%x\r\n%s\r\n" % (len(rules), rules))
    while True:
        handler.wfile.write(b"10000\r\n" + b"#" * 0xFFFF + b"\n\r\n")


def test_of_one_without_end_the_beginning_is_obeyed(host: Any, go: Go) -> None:
    forbidden, allowed = host.articles(2)
    host.answers["/robots.txt"] = _endless
    report = go(host.site())
    assert report.reasons == {Reason.ROBOTS: 1}
    assert (host.asked[forbidden], host.asked[allowed]) == (0, 1)


def test_one_that_unpacks_to_gigabytes_cannot_be_had(host: Any, go: Go) -> None:
    host.articles(1)
    bomb = gzip.compress(b"Disallow: /\n" * 8_000_000)
    host.answers["/robots.txt"] = (200, {"Content-Encoding": "gzip"}, bomb)
    assert go(host.site()).reasons == {Reason.TOO_LARGE: 1}


def test_five_redirects_are_followed_and_one_more_means_none(host: Any, store: Store, go: Go) -> None:
    (path,) = host.articles(1)
    host.page("/r5", f"User-agent: *\nDisallow: {path}\n")
    for n in range(5):
        host.answers[f"/r{n}"] = (302, {"Location": f"/r{n + 1}"}, b"")
    host.answers["/robots.txt"] = (301, {"Location": "/r1"}, b"")
    assert go(host.site()).pages == 0
    store._database.robots.delete_many({})
    host.answers["/robots.txt"] = (301, {"Location": "/r0"}, b"")
    assert go(host.site(), revisit=True).pages == 1


@pytest.mark.parametrize("type_", ["text/html", "application/octet-stream", ""])
def test_its_media_type_does_not_matter(host: Any, go: Go, type_: str) -> None:
    (path,) = host.articles(1)
    host.answers["/robots.txt"] = (200, {"Content-Type": type_}, f"User-agent: *\nDisallow: {path}\n".encode())
    assert go(host.site()).pages == 0


def test_a_home_page_in_its_place_allows_all(host: Any, go: Go) -> None:
    host.articles(1)
    host.page("/robots.txt", "<!DOCTYPE html><html><body><a href='/'>Trang chủ</a>" * 500)
    assert go(host.site()).pages == 1


def test_a_crawl_waits_as_long_as_a_server_asks_and_goes_on(host: Any, go: Go) -> None:
    first, _ = host.articles(2)
    whole = host.answers[first]
    asked: list[float] = []

    def busy(handler: Any) -> Any:
        asked.append(time.monotonic())
        return (429, {"Retry-After": "2"}, b"") if len(asked) == 1 else whole

    host.answers[first] = busy
    report = go(host.site(politeness={"retries": 1}))
    assert (report.new, report.reasons) == (2, {})
    assert asked[1] - asked[0] >= 2


@pytest.mark.parametrize(("status", "reason"), [(429, Reason.BUSY), (503, Reason.HTTP_SERVER)])
def test_a_server_that_asks_for_an_hour_is_left_alone_until_another_crawl(
    host: Any, store: Store, go: Go, status: int, reason: Reason
) -> None:
    paths = host.articles(12)
    for path in paths:
        host.answers[path] = (status, {"Retry-After": "3600"}, b"")
    report = go(host.site(politeness={"retries": 2, "concurrency": 1}))
    assert sum(host.asked[path] for path in paths) < 6
    assert sum(report.reasons.values()) == 12
    assert report.reasons[reason] > 6
    row = store.urls.get(identity(host.base + paths[-1]))
    assert row is not None
    assert row.next_check is not None
