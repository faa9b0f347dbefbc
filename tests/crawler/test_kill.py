"""kill -9 of a crawl at any moment, and MongoDB away in the middle: no article lost, none twice."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from pymongo import MongoClient

import config as settings
from config import Config
from crawler.run import CrawlOptions, crawl
from demo.server import Demo
from news.report import RunReport, RunState
from storage.articles import ArticleFilter
from storage.connect import Store, open_store


def titles(store: Store, site: str) -> Counter[str]:
    return Counter(stored.article.title for stored in store.articles.find(ArticleFilter(sites=(site,)), limit=1000))


@pytest.mark.parametrize("portal", ["demo-noivu", "demo-trieuson"])  # a feed with a list behind it; lists alone
def test_five_kills_at_random_moments_lose_nothing_and_store_nothing_twice(
    demo: Demo, store: Store, config: Config, portal: str
) -> None:
    site, seed = demo.site(portal), random.randrange(2**32)
    chance = random.Random(seed)
    clean = replace(config, database=config.database + "_clean")
    try:
        undisturbed = crawl(site, CrawlOptions(), clean)
        with open_store(clean) as other:
            expected = titles(other, portal)
    finally:
        with MongoClient[dict[str, object]](config.mongodb_uri) as client:
            client.drop_database(clean.database)

    outcomes: list[RunReport] = []
    shortest = undisturbed.seconds  # of those that were not killed; the first may have been slow, as its machine was
    with ThreadPoolExecutor(1) as pool:
        while sum(report.state is RunState.KILLED for report in outcomes) < 5:
            assert len(outcomes) < 25, f"seed {seed} hardly kills anything"
            running = pool.submit(crawl, site, CrawlOptions(), config)
            while not (pids := [child.pid for child in multiprocessing.active_children() if child.pid]):
                time.sleep(0.01)
            time.sleep(chance.uniform(0.1, 0.7) * shortest)
            with suppress(ProcessLookupError):  # it was done before
                os.kill(pids[0], signal.SIGKILL)
            outcomes.append(running.result(30))
            if outcomes[-1].state is RunState.DONE:
                shortest = min(shortest, outcomes[-1].seconds)
    last = crawl(site, CrawlOptions(), config)
    assert last.state is RunState.DONE
    assert last.complete
    assert titles(store, portal) == expected, f"seed {seed}"
    assert expected.total() == undisturbed.new
    assert max(expected.values()) == 1
    assert store.site_state.sources(portal)[site.sources[0].url].caught_up


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[Store, Config]]:
    """An embedded MongoDB of the test's own, which may be killed."""
    plain = settings.load({"BANTIN_DATA_DIR": str(tmp_path / "data"), "BANTIN_MONGODB_PATIENCE": "30"})
    with open_store(plain, must_own=True) as store:
        yield store, replace(plain, mongodb_uri=store.uri)


def _mongod(store: Store) -> int:
    with MongoClient[dict[str, object]](store.uri) as client:
        return int(str(client.admin.command("serverStatus")["pid"]))


def test_a_crawl_waits_for_a_mongodb_that_is_away_and_loses_nothing(demo: Demo, own: tuple[Store, Config]) -> None:
    store, config = own
    site = demo.site("demo-mst")
    truth = len(demo.portals["demo-mst"].articles)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(crawl, site, CrawlOptions(), config)
        for share in (0.2, 0.6):
            while store.articles.count() < share * truth:
                assert not running.done(), running.result()
                time.sleep(0.02)
            pid = _mongod(store)
            os.kill(pid, signal.SIGSTOP)  # silent for a while, then gone, then back
            time.sleep(1.5)
            os.kill(pid, signal.SIGKILL)
        report = running.result(60)
    assert (report.state, report.complete, report.error) == (RunState.DONE, True, "")
    assert titles(store, site.id).total() == truth
    assert store.runs.get(report.id) == report


def test_a_mongodb_that_stays_away_ends_the_crawl_with_its_address(demo: Demo, own: tuple[Store, Config]) -> None:
    store, config = own
    demo.portals["demo-mst"].latency = 0.05
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(crawl, demo.site("demo-mst"), CrawlOptions(), replace(config, mongodb_patience=1.0))
        while store.articles.count() < 3:
            time.sleep(0.02)
        uri = store.uri
        store.close()
        report = running.result(60)
    assert report.state is RunState.FAILED
    assert uri.split("%2F")[-1].split("/")[0] in report.error
    assert not report.complete
    plain = replace(config, mongodb_uri="")
    demo.portals["demo-mst"].latency = 0.0
    with open_store(plain) as again:
        assert crawl(demo.site("demo-mst"), CrawlOptions(), replace(plain, mongodb_uri=again.uri)).complete
        assert titles(again, "demo-mst").total() == len(demo.portals["demo-mst"].articles)
