"""Crawls of the sample portals: all there is, once, and gently."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config import Config
from crawler.run import CrawlOptions, Progress, crawl, crawl_many
from demo.server import Demo
from news.article import VIETNAM
from news.report import Fate, RunReport, RunState
from news.urls import identity
from storage.articles import ArticleFilter
from storage.connect import Store
from storage.urls import UrlState

Go = Callable[..., RunReport]


def fetched(store: Store, demo: Demo, portal: str) -> set[str]:
    """The articles of a portal that the store has an outcome for."""
    host = demo.portals[portal]
    keys = {identity(host.url(article)): article.path for article in host.articles}
    rows = store.urls.known(list(keys))
    return {keys[key] for key, row in rows.items() if row.state is not UrlState.FOUND}


def test_every_article_of_every_portal_is_found_and_the_next_crawl_costs_next_to_nothing(
    demo: Demo, store: Store, config: Config
) -> None:
    seen: list[Progress] = []
    first = crawl_many(demo.sites, CrawlOptions(), config, seen.append)
    for report in first:
        portal = demo.portals[report.site]
        assert report.state is RunState.DONE, report
        assert report.error == ""
        assert report.complete
        assert fetched(store, demo, report.site) == {article.path for article in portal.articles}
        assert report.pages >= len(portal.articles)
        assert report.new + report.duplicate + report.rejected + report.unchanged + report.updated == report.pages
        assert sum(report.reasons.values()) >= report.rejected
        assert report.new == store.articles.count(ArticleFilter(sites=(report.site,)))
        assert store.runs.get(report.id) == report
        assert set(report.sources) == {source.url for source in demo.site(report.site).announcements}
        assert set(report.sources.values()) == {Fate.READ}
        assert report.articles == sum(report.bodies.values()) == report.fields["title"]
        assert report.listed >= report.new
    assert [report.site for report in first] == [site.id for site in demo.sites]
    assert {progress.site for progress in seen} == {site.id for site in demo.sites}

    demo.reset_counters()
    stored = store.articles.count()
    for report in crawl_many(demo.sites, CrawlOptions(), config):
        assert (report.pages, report.new, report.updated, report.state) == (0, 0, 0, RunState.DONE), report
        assert report.complete
        assert report.requests == demo.portals[report.site].requests.total()
        assert report.requests <= 3
        assert all(fate.good for fate in report.sources.values())
    assert store.articles.count() == stored


def test_what_is_published_and_edited_later_is_found(demo: Demo, store: Store, go: Go) -> None:
    site = demo.site("demo-nhandan")  # a sitemap, which tells when an article was changed
    go(site)
    added = demo.publish("demo-nhandan")
    edited = demo.edit("demo-nhandan", demo.portals["demo-nhandan"].articles[3].number)
    report = go(site)
    assert (report.new, report.updated, report.pages) == (1, 1, 2)
    portal = demo.portals["demo-nhandan"]
    assert store.articles.by_url(identity(portal.url(added))) is not None
    changed = store.articles.by_url(identity(portal.url(edited)))
    assert changed is not None
    assert changed.version == 2
    assert len(store.versions.of(changed.id)) == 1


def test_a_page_budget_is_kept_and_the_next_crawl_completes_it(demo: Demo, store: Store, go: Go) -> None:
    site = demo.site("demo-mst")
    first = go(site, max_pages=7)
    assert first.pages == 7
    assert not first.complete
    second = go(site, max_pages=10)
    assert second.pages == 10
    assert not second.complete
    third = go(site)
    assert third.complete
    portal = demo.portals["demo-mst"]
    assert fetched(store, demo, "demo-mst") == {article.path for article in portal.articles}
    assert first.new + second.new + third.new == store.articles.count()


def test_a_budget_goes_to_the_newest_of_a_sitemap(demo: Demo, store: Store, go: Go) -> None:
    go(demo.site("demo-nhandan"), max_pages=5)
    newest = {article.path for article in demo.portals["demo-nhandan"].articles[:5]}
    assert fetched(store, demo, "demo-nhandan") == newest


def test_since_leaves_older_articles_unfetched_and_counts_them(demo: Demo, store: Store, go: Go) -> None:
    portal = demo.portals["demo-noivu"]
    line = portal.articles[5].stamp
    report = go(demo.site("demo-noivu"), since=line)
    newer = {article.path for article in portal.articles if article.stamp >= line.replace(tzinfo=VIETNAM)}
    assert newer <= fetched(store, demo, "demo-noivu")
    assert report.reasons["before-since"] > 0
    assert report.pages < len(portal.articles)
    everything = go(demo.site("demo-noivu"))
    assert everything.complete
    keys = [identity(portal.url(article)) for article in portal.articles]
    assert set(store.urls.known(keys)) == set(keys)
    assert all(row.fetched for row in store.urls.known(keys).values())


def test_since_holds_for_articles_whose_list_tells_no_date(demo: Demo, store: Store, go: Go) -> None:
    portal = demo.portals["demo-cuadong"]
    line = portal.articles[9].stamp
    report = go(demo.site("demo-cuadong"), since=line)
    dates = [stored.article.published for stored in store.articles.find(limit=1000)]
    assert dates
    assert all(date is not None and date >= line for date in dates)
    assert report.reasons["before-since"] > 0
    go(demo.site("demo-cuadong"))
    assert store.articles.count() == len(portal.articles)


def test_a_dry_run_reports_what_a_run_would_do_and_remembers_nothing(demo: Demo, store: Store, go: Go) -> None:
    site = demo.site("demo-mst")
    dry = go(site, dry_run=True, max_pages=10)
    assert dry.dry_run
    assert store.articles.count() == 0
    assert store.urls.waiting(site.id, datetime.now(UTC) + timedelta(days=99), 10) == []
    assert store.site_state.sources(site.id) == {}
    real = go(site, max_pages=10)
    assert (real.pages, real.new + real.duplicate, real.rejected) == (dry.pages, dry.new + dry.duplicate, dry.rejected)


def test_a_revisit_asks_for_known_articles_again_and_stores_nothing_twice(demo: Demo, store: Store, go: Go) -> None:
    site = demo.site("demo-mst")
    first = go(site)
    again = go(site, revisit=True)
    assert again.pages == first.pages
    assert (again.new, again.updated) == (0, 0)
    assert again.unchanged + again.duplicate == first.new + first.duplicate


def test_print_views_and_denied_addresses_are_never_asked_for(demo: Demo, go: Go) -> None:
    go(demo.site("demo-noivu"))
    portal = demo.portals["demo-noivu"]
    views = {view for article in portal.articles for view in (article.print_path, *article.other_views)}
    assert views
    assert not views & set(portal.requests)


def test_the_site_is_asked_under_the_products_name_with_a_contact(demo: Demo, config: Config, host: object) -> None:
    host.articles(1)  # type: ignore[attr-defined]
    crawl(host.site(), CrawlOptions(), replace(config, contact_url="https://toasoan.vn/bot"))  # type: ignore[attr-defined]
    assert host.agents == {"Bantin/0.1 (+https://toasoan.vn/bot)"}  # type: ignore[attr-defined]


@pytest.mark.parametrize("delay", [0.3])
def test_a_delay_is_kept_between_any_two_requests(host: object, go: Go, delay: float) -> None:
    host.articles(3)  # type: ignore[attr-defined]
    report = go(host.site(politeness={"delay": delay, "concurrency": 4}))  # type: ignore[attr-defined]
    assert report.requests == 5
    assert report.seconds > 4 * delay * 0.5  # Scrapy varies a delay by half
