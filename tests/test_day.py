"""One whole day, end to end: portals publish, correct and delete; crawls follow; readers see it in the feed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from urllib.request import urlopen

import feedparser
import pytest

from config import Config
from crawler.run import CrawlOptions, crawl_many
from demo.server import Demo
from news.policy import first_status
from news.report import RunReport, RunState
from news.urls import identity
from storage.connect import Store
from tests.served import served
from web.app import create_app

TODAY = ("demo-noivu", "demo-nhandan", "demo-mst")


@pytest.fixture
def demo() -> Iterator[Demo]:
    with Demo(base_port=0) as running:
        yield running


@contextmanager
def readers_see(store: Store, config: Config, demo: Demo) -> Iterator[str]:
    """The web app on a free port; gives its address."""
    sites = {site.id: site for site in demo.sites}
    app = create_app(store, config, lambda: sites)
    with served(app) as address:
        yield address


def crawl(demo: Demo, config: Config, *, revisit: bool = False, only: tuple[str, ...] = ()) -> dict[str, RunReport]:
    sites = [site for site in demo.sites if not only or site.id in only]
    reports = crawl_many(sites, CrawlOptions(revisit=revisit), config)
    assert [report.error for report in reports] == [""] * len(sites)
    assert {report.state for report in reports} == {RunState.DONE}
    return {report.site: report for report in reports}


def assert_all_kept(demo: Demo, site: str, store: Store) -> None:
    """Every article of a portal stands in the store as its truth says, with its page; published where it is sure."""
    for truth in demo.portals[site].articles:
        kept = store.articles.by_url(identity(demo.portals[site].url(truth)))
        assert kept is not None, truth.key
        assert (kept.article.title, kept.article.lead) == (truth.title, truth.lead)
        assert kept.article.body.split("\n") == list(truth.body)
        assert (kept.article.author, kept.article.source) == (truth.author, truth.source)
        assert kept.article.published == truth.published
        assert kept.status is first_status(demo.site(site).publish, kept.article.confidence)
        assert store.pages.get(kept.id) is not None


def test_a_day_of_news(demo: Demo, config: Config, store: Store) -> None:
    config = replace(config, mongodb_uri=store.uri)

    # In the morning everything is new, and every article comes out once, whatever number of addresses it has.
    for site, report in crawl(demo, config).items():
        assert report.new == len(demo.portals[site].articles), site
        assert report.complete
        assert_all_kept(demo, site, store)
    count = sum(len(portal.articles) for portal in demo.portals.values())
    assert store.articles.count() == count

    # At noon nothing happened, and nothing is stored, changed or asked for in vain.
    demo.reset_counters()
    noon = crawl(demo, config)
    assert sum(r.new + r.updated + r.duplicate + r.rejected for r in noon.values()) == 0
    for site in ("demo-noivu", "demo-kinhte", "demo-nhandan"):
        assert noon[site].requests <= 3
        assert demo.portals[site].requests.total() == noon[site].requests

    # In the afternoon a ministry publishes, a paper corrects, a department deletes.
    published = demo.publish("demo-mst", title="Bộ công bố kết quả chuyển đổi số năm 2025")
    corrected = demo.portals["demo-nhandan"].articles[3]
    demo.edit("demo-nhandan", corrected.number, title="Đính chính: " + corrected.title)
    deleted = demo.portals["demo-noivu"].articles[5]
    demo.delete("demo-noivu", deleted.number)
    afternoon = crawl(demo, config, revisit=True, only=TODAY)
    assert (afternoon["demo-mst"].new, afternoon["demo-mst"].updated) == (1, 0)
    assert (afternoon["demo-nhandan"].new, afternoon["demo-nhandan"].updated) == (0, 1)
    assert (afternoon["demo-noivu"].new, afternoon["demo-noivu"].updated) == (0, 0)

    # The correction is the second version of its article; what was deleted at its source is still kept here.
    url = demo.portals["demo-nhandan"].url(corrected)
    kept = store.articles.by_url(identity(url))
    assert kept is not None
    assert (kept.version, kept.article.title) == (2, "Đính chính: " + corrected.title)
    assert [old.stored.article.title for old in store.versions.of(kept.id)] == [corrected.title]
    assert store.articles.by_url(identity(demo.portals["demo-noivu"].url(deleted))) is not None
    assert store.articles.count() == count + 1

    # In the evening a reader's feed shows the news and the correction, and says when nothing has changed.
    with readers_see(store, config, demo) as base:
        feed = feedparser.parse(f"{base}/feeds/atom.xml?site=demo-mst")
        assert not feed.bozo
        assert feed.entries[0].title == published.title
        feed = feedparser.parse(f"{base}/feeds/atom.xml?site=demo-nhandan&limit=100")
        assert "Đính chính: " + corrected.title in [entry.title for entry in feed.entries]
        assert len({entry.id for entry in feed.entries}) == len(feed.entries) == 44
        assert feedparser.parse(f"{base}/feeds/atom.xml?site=demo-nhandan&limit=100", etag=feed.etag).status == 304
        with urlopen(f"{base}/articles/{kept.id}") as response:
            page = response.read().decode()
        assert kept.article.title in page
        assert "<script" not in page

    # Every crawl of the day is on record.
    runs = store.runs.find(site="demo-mst", limit=10)
    assert [run.state for run in runs] == [RunState.DONE] * 3
    assert all(run.finished and run.finished <= datetime.now(UTC) for run in runs)
