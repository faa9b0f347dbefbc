"""An article that was removed at its source is retracted with its text kept; one whose site is ill is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from news.article import Status
from news.event import EventKind
from news.report import RunReport
from news.review.states import Move
from news.urls import identity
from storage.connect import Store

Go = Callable[..., RunReport]
DATES = ("found", "fetched", "due", "next_check", "gone")


@dataclass
class Watch:
    """A site of which every article is looked at again at each crawl, and what became of them."""

    host: Any
    store: Store
    go: Go

    def crawl(self) -> RunReport:
        """Two looks at a site are half a day apart."""
        back = {
            name: {"$cond": [f"${name}", {"$subtract": [f"${name}", 12 * 3600 * 1000 + 1]}, None]} for name in DATES
        }
        self.store._database.urls.update_many({}, [{"$set": back}])
        return self.go(self.host.site())

    def status(self, path: str) -> str:
        stored = self.store.articles.by_url(identity(self.host.base + path))
        assert stored is not None
        assert stored.article.body
        return str(stored.status)

    def told(self, path: str) -> list[str]:
        stored = self.store.articles.by_url(identity(self.host.base + path))
        assert stored is not None
        return [str(event.kind) for event in self.store.events.of(stored.id)]


@pytest.fixture
def watch(host: Any, store: Store, go: Go) -> Watch:
    return Watch(host, store, go)


NO_PAGE = "<html><head><title>Không tìm thấy trang</title></head><body><h1>Không tìm thấy trang</h1></body></html>"
HOME = (
    "<html><body>"
    + "".join(f"<h3><a href='/tin-{n}'>Tin số {n} trong ngày</a></h3>" for n in range(12))
    + "</body></html>"
)


def take_down(watch: Watch, path: str, way: str) -> None:
    if way == "soft 404":
        watch.host.page(path, NO_PAGE)
    elif way == "home":
        watch.host.page("/", HOME)
        watch.host.page(path, "", 302, Location="/")
    else:
        watch.host.page(path, "<h1>Error</h1>", int(way))


@pytest.mark.parametrize("way", ["410", "404", "soft 404", "home"])
def test_an_article_missing_once_is_nothing_and_missing_twice_is_retracted_with_its_text(
    watch: Watch, way: str
) -> None:
    gone, *others = watch.host.articles(3)
    watch.crawl()
    take_down(watch, gone, way)
    assert watch.crawl().error == ""
    assert (watch.status(gone), watch.told(gone)) == ("published", ["created"])
    watch.crawl()
    assert (watch.status(gone), watch.told(gone)) == ("retracted", ["created", "retracted"])
    for _ in range(3):
        watch.crawl()
    assert watch.told(gone) == ["created", "retracted"]
    assert [watch.told(path) for path in others] == [["created"]] * 2


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_a_firewall_or_a_broken_server_never_retracts(watch: Watch, status: int) -> None:
    path, *_ = watch.host.articles(2)
    watch.crawl()
    watch.host.page(path, "<h1>Access denied</h1>", status)
    for _ in range(5):
        watch.crawl()
    assert (watch.status(path), watch.told(path)) == ("published", ["created"])


def test_a_site_that_loses_its_articles_all_at_once_retracts_none_and_the_report_says_so(watch: Watch) -> None:
    paths = watch.host.articles(9)
    watch.crawl()
    for path in paths[:6]:
        watch.host.page(path, "", 404)
    assert watch.crawl().error == ""
    report = watch.crawl()
    assert report.error.startswith(
        "6 known articles are gone and only 3 of those looked at are there: none is retracted."
    )
    assert {watch.status(path) for path in paths} == {"published"}


def test_articles_retracted_long_ago_do_not_make_a_site_look_ill(watch: Watch) -> None:
    paths = watch.host.articles(8)
    watch.crawl()
    for path in paths[:4]:
        watch.host.page(path, "", 410)
    watch.crawl()
    watch.crawl()
    assert [watch.status(path) for path in paths[:4]] == ["retracted"] * 4
    # The last look for them comes when the others are visited no more.
    assert [watch.crawl().error for _ in range(14)] == [""] * 14


def test_another_address_that_still_shows_the_article_becomes_its_address(watch: Watch) -> None:
    path, *_ = watch.host.articles(2)
    other = "/chuyen-de/hoi-nghi-100.html"
    watch.host.answers[other] = watch.host.answers[path]
    watch.crawl()
    watch.host.list_of(other)
    watch.go(watch.host.site(), revisit=True)
    watch.host.page(path, "", 410)
    watch.crawl()
    watch.crawl()
    stored = watch.store.articles.by_url(identity(watch.host.base + path))
    assert stored is not None
    assert (stored.status, stored.article.url, stored.aliases) == (
        Status.PUBLISHED, watch.host.base + other, (watch.host.base + path,),
    )  # fmt: skip
    watch.host.page(other, "", 410)
    for _ in range(2):
        watch.crawl()
    watch.crawl()
    assert watch.told(other) == ["created", "retracted"]


def test_a_page_that_comes_back_restores_its_article(watch: Watch) -> None:
    path, *_ = watch.host.articles(2)
    whole = watch.host.answers[path]
    watch.crawl()
    watch.host.page(path, "", 410)
    watch.crawl()
    watch.crawl()
    watch.host.answers[path] = whole
    for _ in range(6):
        watch.crawl()
    assert (watch.status(path), watch.told(path)) == ("published", ["created", "retracted", "restored"])


def test_a_page_that_comes_back_unmodified_is_asked_for_in_full_and_restores_its_article(watch: Watch) -> None:
    path, *_ = watch.host.articles(2)
    status, headers, body = watch.host.answers[path]

    def whole(handler: Any) -> tuple[int, dict[str, str], bytes]:
        return (
            (304, {}, b"") if handler.headers["If-None-Match"] == '"1"' else (status, {**headers, "ETag": '"1"'}, body)
        )

    watch.host.answers[path] = whole
    watch.crawl()
    watch.host.page(path, "", 410)
    watch.crawl()
    watch.crawl()
    watch.host.answers[path] = whole
    for _ in range(6):
        watch.crawl()
    assert watch.told(path) == ["created", "retracted", "restored"]


def test_an_article_that_an_editor_retracted_stays_retracted_though_its_page_is_there(watch: Watch) -> None:
    path, *_ = watch.host.articles(2)
    watch.crawl()
    stored = watch.store.articles.by_url(identity(watch.host.base + path))
    assert stored is not None
    assert watch.store.journal.decide(stored.id, Move.RETRACT, datetime.now(UTC), by="lan", reason="sai sự thật")
    for _ in range(2):
        watch.crawl()
    assert (watch.status(path), watch.told(path)) == ("retracted", ["created", "retracted"])


def test_an_address_that_leads_to_another_article_now_does_not_bring_that_ones_text(watch: Watch) -> None:
    gone, other = watch.host.articles(2)
    watch.crawl()
    watch.host.page(gone, "", 301, Location=other)
    watch.crawl()
    watch.crawl()
    assert (watch.told(gone), watch.told(other)) == (["created", "retracted"], ["created"])
    stored = watch.store.articles.by_url(identity(watch.host.base + gone))
    assert stored is not None
    assert "số 1 về" in stored.article.title


def test_the_retraction_says_since_when_the_page_was_missing(watch: Watch) -> None:
    path, *_ = watch.host.articles(2)
    watch.crawl()
    watch.host.page(path, "", 410)
    watch.crawl()
    watch.crawl()
    stored = watch.store.articles.by_url(identity(watch.host.base + path))
    assert stored is not None
    (event,) = [event for event in watch.store.events.of(stored.id) if event.kind is EventKind.RETRACTED]
    assert event.detail.startswith("gone: missing since ")
    since = datetime.fromisoformat(event.detail.rpartition(" ")[2])
    assert abs(event.at - since - timedelta(hours=12)) < timedelta(minutes=2)
