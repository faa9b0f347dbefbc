"""A site under maintenance is none that was redesigned or shuts us out, and no article of it is lost meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from demo.faults import FAULTS
from demo.wire import Request, Response
from news.errors import Reason
from news.health import HealthState, Memory, Outcome, Signals, judge, outcome
from news.manners import RobotsTxt
from news.report import Fate, RunReport, RunState
from news.urls import identity
from storage.connect import Store
from storage.urls import UrlState

Go = Callable[..., RunReport]
HTML = {"Content-Type": "text/html; charset=utf-8"}
SAYS = FAULTS["maintenance-200"](Response(), Request("GET", "/", {})).body
NOW = datetime.now(UTC)


class Everywhere(dict[str, Any]):
    """One answer, whatever is asked for."""

    def __init__(self, *answer: Any) -> None:
        self._answer = answer

    def get(self, path: str, default: Any = None) -> Any:
        return self._answer


def broken(report: RunReport) -> Any:
    """What is made of a site all of whose crawls of an hour were like this one."""
    memory = Memory()
    for quarters in range(4):
        memory = memory.learn(replace(report, started=NOW + quarters * timedelta(minutes=15)))
    return judge(Signals(memory), None, NOW + timedelta(hours=1))


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(
    ("status", "headers", "body", "reason"),
    [
        (200, HTML, SAYS, Reason.MAINTENANCE),
        (403, HTML, SAYS, Reason.MAINTENANCE),
        (503, HTML, SAYS, Reason.MAINTENANCE),
        (503, {**HTML, "Retry-After": "3600"}, SAYS, Reason.MAINTENANCE),
        (503, {**HTML, "Retry-After": "3600"}, b"", Reason.HTTP_SERVER),
    ],
)
def test_a_site_that_is_maintained_is_broken_and_says_why(
    host: Any, go: Go, known: bool, status: int, headers: dict[str, str], body: bytes, reason: Reason
) -> None:
    host.articles(2)
    if known:
        go(host.site())
    host.answers = Everywhere(status, headers, body)
    report = go(host.site(politeness={"retries": 1}))
    assert (report.fates, report.reasons) == ({Fate.FAILED: 1}, {reason: 1})
    assert outcome(report) is Outcome.BROKEN
    health = broken(report)
    assert health.state is HealthState.BROKEN
    assert dict(health.decisive())["errors"] == f"{reason} 4"
    assert report.wait == (3600 if "Retry-After" in headers else 0)


@pytest.mark.parametrize("kind", ["feed", "sitemap", "listing", "archive", "home"])
def test_whatever_a_source_is_its_maintenance_is_seen(host: Any, go: Go, kind: str) -> None:
    path = "/ngay/{d}.htm" if kind == "archive" else "/nguon"
    host.answers = Everywhere(200, HTML, SAYS)
    report = go(host.site(source=[{"kind": kind, "url": host.base + path, "max_pages": 40}]))
    assert (report.fates, set(report.reasons)) == ({Fate.FAILED: 1}, {Reason.MAINTENANCE})


def test_what_was_announced_is_waited_for_and_a_stored_article_is_not_taken_for_gone(
    host: Any, go: Go, store: Store
) -> None:
    first, second = host.articles(2)
    whole = host.answers[second]
    host.page(second, SAYS)
    go(host.site())
    host.page(first, SAYS)
    report = go(host.site(), revisit=True)
    assert (report.reasons, report.articles) == ({Reason.MAINTENANCE: 2}, 0)
    stored, waiting = (store.urls.get(identity(host.base + path)) for path in (first, second))
    assert stored is not None
    assert waiting is not None
    assert (stored.state, stored.reason, stored.gone) == (UrlState.STORED, Reason.MAINTENANCE, None)
    assert waiting.state is UrlState.FAILED
    host.answers[second] = whole
    store.urls.record([replace(waiting, next_check=NOW)])
    assert go(host.site()).new == 1


def test_an_address_of_its_own_for_maintenance_is_no_article_to_come(host: Any, go: Go, store: Store) -> None:
    first, second = host.articles(2)
    host.answers[first] = (302, {"Location": "/bao-tri.html"}, b"")
    host.page("/bao-tri.html", SAYS)
    assert go(host.site()).reasons == {Reason.MAINTENANCE: 1}
    assert store.urls.get(identity(host.base + "/bao-tri.html")) is None
    assert store.urls.get(identity(host.base + first)).reason is Reason.MAINTENANCE  # type: ignore[union-attr]
    assert store.articles.by_url(identity(host.base + second)) is not None


def test_articles_that_are_maintained_make_a_site_broken_whose_lists_are_read() -> None:
    def crawl(hours: int, **pages: Any) -> RunReport:
        at = NOW + timedelta(hours=hours)
        return RunReport("a", "a", at, RunState.DONE, at, sources={"https://a.vn/rss": Fate.READ}, **pages)

    memory = Memory()
    for hour in range(40):
        memory = memory.learn(crawl(hour, articles=3, sure=3, bodies={"site:a": 3}, fields={"title": 3}))
    for hour in range(40, 44):
        memory = memory.learn(crawl(hour, lost={"under-maintenance": 4}))
    health = judge(Signals(memory), None, NOW + timedelta(hours=44))
    assert health.state is HealthState.BROKEN
    assert set(health.decisive()) == {"reached", "maintained"}


def test_what_robots_txt_said_before_goes_on_to_hold(host: Any, go: Go, store: Store) -> None:
    path, _ = host.articles(2)
    store.robots.keep(RobotsTxt(host.base, f"User-agent: *\nDisallow: {path}", NOW - timedelta(days=2)))
    host.page("/robots.txt", SAYS)
    assert go(host.site()).reasons == {Reason.ROBOTS: 1}
