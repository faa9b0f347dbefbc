"""How fast pages become stored articles: all demo portals at once, beside a Scrapy that only fetches them."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from bench.bare import fetch_all
from bench.figures import Figure, run
from config import Config, load
from crawler.intake import Intake
from crawler.run import CrawlOptions, crawl_many
from demo.server import Demo
from news.extract import extract
from news.report import RunReport
from news.site import Site
from storage.connect import Store, open_store

CONCURRENCY = 8
# Each portal has some 35 articles of its own; more are published for the long run, so that starting nine processes
# does not weigh more than crawling.
MORE_ARTICLES = 100


def measure(quick: bool) -> list[Figure]:
    rounds = 1 if quick else 3
    with tempfile.TemporaryDirectory(prefix="bantin-bench-") as folder, Demo(base_port=0) as demo:
        if not quick:
            _publish_more(demo)
        config = load({"BANTIN_DATA_DIR": folder, "BANTIN_WORKERS": str(os.cpu_count() or 2)})
        with open_store(config, must_own=True) as store:
            config = replace(config, mongodb_uri=store.uri)
            return _figures(demo, config, store, rounds)


def _figures(demo: Demo, config: Config, store: Store, rounds: int) -> list[Figure]:
    published = sum(len(portal.articles) for portal in demo.portals.values())
    sites = demo.sites
    full: list[float] = []
    bare: list[float] = []
    reports: list[RunReport] = []
    fetched: list[list[str]] = []
    for number in range(rounds):
        fresh = replace(config, database=f"bench_{number}")
        demo.reset_counters()
        start = time.perf_counter()
        reports = _crawl(sites, fresh)
        full.append(time.perf_counter() - start)
        fetched = [[portal.base + path for path in portal.requests.elements()] for portal in demo.portals.values()]
        start = time.perf_counter()
        fetch_all(fetched, config.workers, CONCURRENCY)
        bare.append(time.perf_counter() - start)
    start = time.perf_counter()
    second = _crawl(sites, fresh)
    again = time.perf_counter() - start
    pages = sum(report.pages for report in reports)
    requests = sum(map(len, fetched))
    with open_store(fresh) as result:
        stored = result.articles.count()
        stages = _stages(result, {site.id: site for site in sites}, config)
    speed, peer = pages / median(full), requests / median(bare)
    ratio = (requests / median(full)) / peer
    return [
        Figure("articles stored of those published", 100 * stored / published, "%", "= 100", stored == published),
        Figure("from request to stored article", speed, "pages/s", beside=f"bare Scrapy {peer:.0f} requests/s"),
        Figure("all requests of the crawl", requests / median(full), "requests/s", beside=f"ratio to bare {ratio:.2f}"),
        Figure("ratio of bare Scrapy's speed", ratio, "", beside=f"{requests} requests, {rounds} rounds in turn"),
        Figure("second crawl, nothing new", again, "s", beside=f"{sum(r.requests for r in second)} requests"),
        Figure("new or updated in the second crawl", sum(r.new + r.updated for r in second), "", "= 0",
               not any(r.new + r.updated for r in second)),
        *stages,
    ]  # fmt: skip


def _stages(store: Store, sites: dict[str, Site], config: Config) -> list[Figure]:
    """Where the time of a page goes, each stage by itself on the pages that the crawl kept, in one process."""
    kept = [
        (sites[article.article.site], page) for id, page in store.pages.each() if (article := store.articles.get(id))
    ]
    extracting = taking = 0.0
    with open_store(replace(config, mongodb_uri=store.uri, database="bench_stages")) as empty:
        intake = Intake(empty)
        for site, page in kept:
            # In turn, so that what else the machine does falls on both.
            start = time.perf_counter()
            extract(page.body, page.url, site=site, content_type=page.content_type)
            between = time.perf_counter()
            intake.take(page, site)
            extracting += between - start
            taking += time.perf_counter() - between
        intake.flush()
    each = 1000 / max(1, len(kept))
    return [
        Figure(
            "extract and clean", extracting * each, "ms/page", beside=f"{len(kept) / extracting:.0f} pages/s a core"
        ),
        Figure("look up, judge, write", (taking - extracting) * each, "ms/page", beside="3 round trips to MongoDB"),
    ]


def _publish_more(demo: Demo) -> None:
    for portal in demo.portals:
        for _ in range(MORE_ARTICLES):
            demo.publish(portal)


def _crawl(sites: Sequence[Site], config: Config) -> list[RunReport]:
    reports = crawl_many(sites, CrawlOptions(max_pages=100_000), config)
    failed = [f"{report.site}: {report.error}" for report in reports if report.error]
    if failed:
        raise RuntimeError("; ".join(failed))
    return reports


if __name__ == "__main__":
    run(Path(__file__).stem, measure)
