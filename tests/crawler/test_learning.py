"""A site's own addresses teach which of their parameters mean nothing; what tells articles apart stays."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.intake import Intake
from crawler.learning import learned_site
from news.article import Decision, Page
from news.report import RunReport
from news.urls import identity
from storage.connect import Store
from storage.site_state import Lessons
from storage.urls import UrlRow, UrlState
from tests.crawler.conftest import Host, article

Go = Callable[..., RunReport]
NOW = datetime(2025, 3, 5, 3, 20, tzinfo=UTC)


def publish(host: Host, crawl: str, numbers: range, *, name: str = "id") -> None:
    """Puts articles into the list, each under an address that no crawl before this one has seen."""
    paths = [f"/chi-tiet-tin?{name}=28{n:03}&_c={crawl}{n}&rand={crawl}x{n}" for n in numbers]
    for n, path in zip(numbers, paths, strict=True):
        host.page(path, article(n))
    host.list_of(*paths)


def asked_for_articles(host: Host) -> int:
    return sum(times for path, times in host.asked.items() if path.startswith("/chi-tiet"))


def test_ever_changing_addresses_are_learnt_and_their_articles_not_fetched_again(
    host: Host, go: Go, store: Store
) -> None:
    publish(host, "1", range(1, 6))
    assert go(host.site()).new == 5
    publish(host, "2", range(1, 6))
    taught = go(host.site())
    assert (taught.new, taught.duplicate) == (0, 5)

    host.asked.clear()
    publish(host, "3", range(1, 8))
    third = go(host.site())
    assert (third.new, third.pages) == (2, 2)
    assert asked_for_articles(host) == 2
    host.asked.clear()
    publish(host, "4", range(1, 8))
    assert go(host.site()).pages == 0
    assert asked_for_articles(host) == 0
    assert store.articles.count() == 7


@pytest.mark.parametrize("name", ["id", "so"])
def test_a_parameter_that_decides_keeps_every_article_of_the_site(host: Host, go: Go, store: Store, name: str) -> None:
    site = host.site(article_urls=["/chi-tiet"])
    for crawl in ("1", "2"):
        publish(host, crawl, range(1, 6), name=name)
        go(site)
    publish(host, "3", range(6, 12), name=name)
    assert go(site).new == 6
    assert store.articles.count() == 11


def test_what_the_file_ignores_needs_no_lesson_and_what_it_keeps_is_never_unlearnt(host: Host, go: Go) -> None:
    publish(host, "1", range(1, 4))
    site = host.site(urls={"ignore": ["_c", "rand"]})
    assert go(site).new == 3
    publish(host, "2", range(1, 4))
    assert go(site).pages == 0
    kept = host.site(urls={"keep": ["_c"]})
    assert go(kept).pages == 3


def test_two_lists_that_spell_one_article_differently_cost_one_fetch(host: Host, go: Go) -> None:
    for n in range(1, 4):
        for place in ("tin", "nong"):
            host.page(f"/chi-tiet-tin?id=2800{n}&tu={place}", article(n))
    lists = ("tin", "nong")
    for place in lists:
        links = (f'<a href="/chi-tiet-tin?id=2800{n}&tu={place}">Hội nghị</a>' for n in range(1, 4))
        host.page(f"/{place}", "".join(links))
    sources = [{"kind": "listing", "url": f"{host.base}/{place}"} for place in lists]
    site = host.site(source=sources, urls={"ignore": ["tu"]})
    first = go(site)
    assert (first.new, first.pages, first.complete) == (3, 3, True)
    assert go(site).pages == 0


def known(store: Store, *urls: str, article_id: str) -> None:
    rows = [
        UrlRow(key=identity(url), url=url, site="lamha", found=NOW, fetched=NOW, state=UrlState.DUPLICATE,
               article_id=article_id)
        for url in urls
    ]  # fmt: skip
    store.urls.record(rows)


def teach(store: Store, host: Host) -> None:
    for n in range(3):
        known(store, *(f"{host.base}/tin?id={n}&rand={n}{visit}" for visit in "ab"), article_id=f"a{n}")


def test_what_was_learnt_is_logged_and_the_articles_are_known_without_it(
    host: Host, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    teach(store, host)
    with caplog.at_level(logging.INFO, "bantin.crawler"):
        site = learned_site(store, host.site())
    assert site.urls.learned == {"rand"}
    assert "rand" in caplog.text
    row = store.urls.get(identity(f"{host.base}/tin?id=1"))
    assert row is not None
    assert (row.state, row.article_id) == (UrlState.DUPLICATE, "a1")


def test_what_was_learnt_holds_until_one_address_proves_otherwise_and_then_for_good(host: Host, store: Store) -> None:
    teach(store, host)
    learned_site(store, host.site())
    store._database.urls.delete_many({})
    assert learned_site(store, host.site()).urls.learned == {"rand"}
    for value in "ab":
        known(store, f"{host.base}/tin?id=9&rand={value}", article_id=f"b{value}")
    assert learned_site(store, host.site()).urls.learned == frozenset()
    store._database.urls.delete_many({})
    teach(store, host)
    assert learned_site(store, host.site()).urls.learned == frozenset()


def test_learning_in_a_dry_run_writes_nothing_and_an_address_of_its_own_is_left_alone(host: Host, store: Store) -> None:
    teach(store, host)
    key = identity(f"{host.base}/tin?id=1")
    assert learned_site(store, host.site(), dry_run=True).urls.learned == {"rand"}
    assert store.urls.get(key) is None
    assert store.site_state.lessons("lamha") == Lessons()
    own = UrlRow(key=key, url=f"{host.base}/tin?id=1", site="lamha", found=NOW, state=UrlState.STORED, etag='"e"')
    store.urls.record([own])
    learned_site(store, host.site())
    assert store.urls.get(key) == own


def test_a_page_is_noted_under_the_sites_spelling_but_never_in_the_place_of_a_row_of_its_own(
    host: Host, store: Store
) -> None:
    site = host.site(urls={"ignore": ["rand"]})

    def take(url: str) -> Decision:
        intake = Intake(store)
        outcome = intake.take(Page(url, article(3), NOW, content_type="text/html; charset=utf-8"), site)
        intake.flush()
        return outcome.decision

    def rows(*urls: str) -> list[Any]:
        return [(row.state, row.url) for url in urls if (row := store.urls.get(identity(url)))]

    plain, noisy = f"{host.base}/tin?id=1", f"{host.base}/tin?id=1&rand=4"
    assert take(noisy) is Decision.NEW
    assert rows(noisy, plain) == [(UrlState.STORED, noisy), (UrlState.DUPLICATE, noisy)]
    store.urls.record([UrlRow(key=identity(plain), url=plain, site="lamha", found=NOW, state=UrlState.STORED)])
    assert take(f"{noisy}2") is Decision.DUPLICATE
    assert rows(plain) == [(UrlState.STORED, plain)]
