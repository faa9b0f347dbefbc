"""Back-fills: all of the days asked for, from where the last one ended, and out of the way of the daily work."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from config import Config
from crawler.run import CrawlOptions, crawl
from news.article import VIETNAM
from news.report import RunReport, RunState
from news.site import Site
from storage.articles import ArticleFilter
from storage.connect import Store
from tests.crawler.conftest import Go, Host, article

FIRST, LAST = datetime(2025, 3, 1, tzinfo=VIETNAM), datetime(2025, 3, 11, tzinfo=VIETNAM)
DAYS = [date(2025, 3, 1) + timedelta(days=n) for n in range(20)]


def _dated(n: int, day: date) -> bytes:
    return article(n).replace(b"07/03/2025", f"{day:%d/%m/%Y}".encode())


def _archive(host: Host) -> dict[date, list[str]]:
    """Two articles a day for twenty days, in an archive that has a page for each."""
    paths: dict[date, list[str]] = {}
    for index, day in enumerate(DAYS):
        paths[day] = [f"/hoi-nghi-phong-chong-{index * 2 + n}00.html" for n in (1, 2)]
        for n, path in enumerate(paths[day], start=1):
            host.page(path, _dated(index * 2 + n, day))
        links = "".join(f'<a href="{path}">Hội nghị về phòng, chống thiên tai</a>' for path in paths[day])
        host.page(f"/ngay/{day:%d-%m-%Y}.htm", links)
    host.list_of(*paths[DAYS[-1]])
    return paths


def _day(n: int) -> str:
    """The day of the article that stands n-th in a list, newest first."""
    return f"{DAYS[-1 - n // 2]:%d/%m/%Y}"


def _site(host: Host, **changes: Any) -> Site:
    source = [{"kind": "archive", "url": f"{host.base}/ngay/{{d}}.htm"}]
    return host.site(source=source, **changes)


def _fill(go: Go, site: Site, **options: Any) -> RunReport:
    return go(site, since=FIRST, until=LAST, backfill=True, **options)


def _asked_days(host: Host) -> list[str]:
    return sorted(path[6:16] for path in host.asked if path.startswith("/ngay/"))


def test_a_backfill_stores_the_days_asked_for_and_no_others(host: Host, store: Store, go: Go) -> None:
    paths = _archive(host)
    report = _fill(go, _site(host))
    assert report.state is RunState.DONE, report
    assert report.complete
    stored = {stored.article.url.removeprefix(host.base) for stored in store.articles.find(limit=99)}
    assert stored == {path for day in DAYS[:10] for path in paths[day]}
    assert _asked_days(host) == sorted(f"{day:%d-%m-%Y}" for day in DAYS[:10])
    host.asked.clear()
    again = _fill(go, _site(host))
    assert (again.pages, again.complete, _asked_days(host)) == (0, True, [])


def test_a_backfill_that_was_killed_goes_on_where_it_was(host: Host, store: Store, config: Config) -> None:
    _archive(host)
    site = _site(host, politeness={"delay": 0.25, "concurrency": 1})
    options = CrawlOptions(since=FIRST, until=LAST, backfill=True)
    killed = crawl(site, options, replace(config, crawl_time_limit=6))
    assert killed.state is RunState.KILLED
    before = store.articles.count(ArticleFilter(sites=(site.id,)))
    first = _asked_days(host)
    host.asked.clear()
    report = crawl(_site(host), options, config)
    assert report.complete
    assert store.articles.count(ArticleFilter(sites=(site.id,))) == 20
    assert len(first) > 2
    assert len(set(_asked_days(host)) & set(first)) <= 1, "at most the day that it was reading is read again"
    assert report.new <= 20 - before


def test_a_list_is_read_back_through_its_pages_and_the_place_is_kept(host: Host, store: Store, go: Go) -> None:
    paths = [path for day in reversed(DAYS) for path in _archive(host)[day]]
    for page in range(10):
        shown = paths[page * 4 : page * 4 + 4]
        items = "".join(
            f'<li><a href="{path}">Hội nghị về phòng, chống thiên tai</a> {_day(page * 4 + n)}</li>'
            for n, path in enumerate(shown)
        )
        host.page(f"/list?page={page + 1}", f"<ul>{items}</ul>")
    source = {
        "kind": "listing",
        "url": f"{host.base}/list?page=1",
        "paging": f"{host.base}/list?page={{n}}",
        "max_pages": 2,
    }
    site = host.site(source=[source])
    host.asked.clear()
    part = _fill(go, site, max_pages=7)
    assert not part.complete
    rest = _fill(go, site)
    assert rest.complete
    assert part.new + rest.new == 20
    assert host.asked["/list?page=1"] == 1
    # The daily crawl knows nothing of it: its own memory of the list, and what it left out, are as they were.
    assert store.site_state.sources(site.id) == {}
    assert part.reasons["after-until"] > 0


def test_a_backfill_gives_way_to_a_crawl_of_its_site_and_goes_on_later(
    host: Host, store: Store, config: Config, go: Go
) -> None:
    _archive(host)
    slow = _site(host, politeness={"delay": 0.4, "concurrency": 1})
    reports: list[RunReport] = []
    options = CrawlOptions(since=FIRST, until=LAST, backfill=True)
    thread = threading.Thread(target=lambda: reports.append(crawl(slow, options, config)))
    thread.start()
    deadline = time.monotonic() + 60
    while not _asked_days(host) and time.monotonic() < deadline:
        time.sleep(0.1)
    ordinary = go(host.site())
    thread.join(60)
    assert ordinary.state is RunState.DONE, ordinary
    assert ordinary.new >= 2, "today's, and what the back-fill had found and not fetched yet"
    (gave_way,) = reports
    assert gave_way.error == "It gave way to another crawl of the site."
    assert not gave_way.complete
    assert gave_way.finished is not None
    assert gave_way.finished <= ordinary.finished
    assert _fill(go, _site(host)).complete
    assert store.articles.count(ArticleFilter(sites=(slow.id,))) == 22


def test_two_backfills_do_not_wait_for_each_other(host: Host, store: Store, config: Config) -> None:
    from datetime import UTC

    from storage.owner import Owner

    _archive(host)
    assert store.site_state.claim("lamha", Owner.here("other"), datetime.now(UTC), 60, yields=True)
    began = time.monotonic()
    report = crawl(_site(host), CrawlOptions(since=FIRST, until=LAST, backfill=True), config)
    assert report.state is RunState.FAILED
    assert "is being crawled already" in report.error
    assert time.monotonic() - began < 30
    assert not store.site_state.must_give_way("lamha", "other")
