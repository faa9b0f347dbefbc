"""Sources are read so that no crawl that was cut short hides an article from the next one.

The site here is a scripted one, and the ledger a dictionary: what is tested is the order of reading and remembering.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from news.article import Lead
from news.errors import Reason
from news.site import Site
from news.urls import identity
from spiders.frontier import Asked, Seen, SourceMemory, Terms, Trust, Validators
from spiders.ledger import Fetched
from spiders.sources import Sources

START = datetime(2026, 3, 7, 9, 0, tzinfo=UTC)
HOME = "https://lamha.gov.vn"


@dataclass
class Notebook:
    """A ledger in memory. What is in it survives a crawl, as the store does."""

    clock: datetime = START
    rows: dict[str, Seen] = field(default_factory=dict)
    reasons: dict[str, Reason] = field(default_factory=dict)
    memory: dict[str, SourceMemory] = field(default_factory=dict)
    kept: dict[str, Validators] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    cuts: list[tuple[str, Reason]] = field(default_factory=list)
    trusted: dict[Asked, Trust] = field(default_factory=dict)

    async def waiting(self, limit: int) -> list[tuple[Lead, Seen]]:
        raise AssertionError("the spider asks for these, not its sources")

    async def known(self, leads: Sequence[Lead]) -> dict[str, Seen]:
        return {lead.url: self.rows[key] for lead in leads if (key := identity(lead.url)) in self.rows}

    async def examples(self) -> list[str]:
        return []

    async def cut(self, url: str, reason: Reason, detail: str = "") -> None:
        self.cuts.append((url, reason))

    async def trust(self) -> dict[Asked, Trust]:
        return dict(self.trusted)

    async def lied(self, asked: Asked, url: str) -> None:
        self.trusted[asked] = self.trusted.get(asked, Trust()).betrayed(self.clock, url)

    async def audit(self, lead: Lead) -> None:
        raise AssertionError("the spider reports these")

    async def found(self, leads: Sequence[Lead]) -> None:
        for lead in leads:
            self.rows.setdefault(identity(lead.url), Seen(self.clock))

    async def passed(self, leads: Sequence[tuple[Lead, Reason]]) -> None:
        for lead, reason in leads:
            self.rows[identity(lead.url)] = Seen(self.clock, passed=reason)
            self.reasons[lead.url] = reason

    async def failed(self, lead: Lead, cause: Exception | Reason, detail: str = "") -> None:
        raise AssertionError("the spider reports these")

    async def unchanged(self, lead: Lead) -> None:
        raise AssertionError("the spider reports these")

    async def sources(self) -> dict[str, SourceMemory]:
        return dict(self.memory)

    async def remember(self, memories: Mapping[str, SourceMemory]) -> None:
        self.memory.update(memories)

    async def validators(self, url: str) -> Validators:
        return self.kept.get(url, Validators())

    async def read(self, url: str, validators: Validators) -> None:
        self.kept[url] = validators

    async def unreadable(self, url: str, cause: Exception | Reason | None, detail: str) -> Reason:
        self.broken.append(url)
        return cause if isinstance(cause, Reason) else Reason.UNREADABLE


@dataclass
class Portal:
    """Articles newest first, so many to a page of the list; a feed of the newest five."""

    articles: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    faults: dict[str, int] = field(default_factory=dict)
    feed_size: int = 5
    per_page: int = 10
    pinned: int = 0  # links that stand on every page, and on the error page, which then says 200

    def publish(self, count: int) -> None:
        start = len(self.articles)
        self.articles[:0] = [f"{HOME}/tin-tuc-so-{n}00.html" for n in reversed(range(start, start + count))]

    async def fetch(self, url: str, headers: Mapping[str, str]) -> Fetched:
        self.asked.append(url.removeprefix(HOME))
        status = self.faults.get(url.removeprefix(HOME), 200)
        if url.endswith("/rss"):
            items = "".join(f"<item><link>{address}</link></item>" for address in self.articles[: self.feed_size])
            tag = f'"{hash(items)}"'
            if headers.get("If-None-Match") == tag:
                return Fetched(url, 304, b"", tag, "")
            return Fetched(url, status, f"<rss><channel>{items}</channel></rss>".encode(), tag, "")
        page = int(url.partition("?p=")[2] or 1)
        shown = self.articles[(page - 1) * self.per_page : page * self.per_page] + self.articles[: self.pinned]
        body = "".join(f'<a href="{address}">Hội nghị tổng kết công tác năm</a>' for address in shown)
        return Fetched(url, status if shown else 404, f"<html><body>{body}</body></html>".encode(), "", "")


def site_with(*kinds: str, pages: int = 50) -> Site:
    feed = {"kind": "feed", "url": f"{HOME}/rss"}
    listing = {"kind": "listing", "url": f"{HOME}/tin", "paging": f"{HOME}/tin?p={{n}}", "max_pages": pages}
    return Site.parse(
        {
            "id": "lamha",
            "name": "Lam Hà",
            "kind": "province",
            "hosts": ["lamha.gov.vn"],
            "home": HOME,
            "article_urls": [r"-\d+\.html$"],
            "source": [{"feed": feed, "listing": listing}[kind] for kind in kinds],
        }
    )


@dataclass
class Crawl:
    """One crawl of the sources; `stop_after` cuts it short, as a kill does, after so many batches."""

    site: Site
    portal: Portal
    notebook: Notebook
    budget: int = 10_000
    since: datetime | None = None
    got: list[str] = field(default_factory=list)
    sources: Sources | None = None

    def run(self, stop_after: int | None = None) -> Crawl:
        self.portal.asked.clear()
        self.notebook.clock += timedelta(minutes=30)
        terms = Terms(started=self.notebook.clock - timedelta(seconds=1), budget=self.budget, since=self.since)
        self.sources = Sources(self.site, terms, self.notebook, self.portal.fetch, lambda: len(self.got) < self.budget)
        asyncio.run(self._run(stop_after))
        return self

    async def _run(self, stop_after: int | None) -> None:
        assert self.sources is not None
        batches = 0
        async for batch in self.sources.wanted():
            self.got += [lead.url for lead, _ in batch]
            batches += 1
            if batches == stop_after:
                return


def test_a_list_is_read_to_its_end_then_only_to_what_is_known() -> None:
    portal, notebook, site = Portal(), Notebook(), site_with("listing")
    portal.publish(35)
    first = Crawl(site, portal, notebook).run()
    assert sorted(first.got) == sorted(portal.articles)
    assert first.sources is not None
    assert first.sources.complete
    portal.publish(3)
    second = Crawl(site, portal, notebook).run()
    assert second.got == portal.articles[:3]
    assert portal.asked == ["/tin", "/tin?p=2"]
    assert Crawl(site, portal, notebook).run().got == []
    assert portal.asked == ["/tin"]


def test_a_crawl_killed_in_the_middle_of_a_list_hides_nothing() -> None:
    for stop in range(1, 5):
        portal, notebook, site = Portal(), Notebook(), site_with("listing")
        portal.publish(45)
        Crawl(site, portal, notebook).run()
        portal.publish(45)
        killed = Crawl(site, portal, notebook).run(stop_after=stop)
        portal.publish(12)  # pushes what the killed crawl saw down by more than a page
        after = Crawl(site, portal, notebook).run()
        assert set(killed.got) | set(after.got) == set(portal.articles[:57]), stop


def test_a_page_budget_that_ends_in_the_middle_hides_nothing() -> None:
    portal, notebook, site = Portal(), Notebook(), site_with("listing")
    portal.publish(60)
    got: set[str] = set()
    for _ in range(4):
        crawl = Crawl(site, portal, notebook, budget=20).run()
        got |= set(crawl.got)
    assert got == set(portal.articles)
    assert crawl.sources is not None
    assert crawl.sources.complete


def test_a_quiet_feed_spares_the_lists() -> None:
    portal, notebook, site = Portal(), Notebook(), site_with("feed", "listing")
    portal.publish(35)
    Crawl(site, portal, notebook).run()
    assert Crawl(site, portal, notebook).run().got == []
    assert portal.asked == ["/rss"]


def test_a_feed_with_news_and_no_gap_spares_the_lists_too() -> None:
    portal, notebook, site = Portal(), Notebook(), site_with("feed", "listing")
    portal.publish(35)
    Crawl(site, portal, notebook).run()
    portal.publish(2)
    assert Crawl(site, portal, notebook).run().got == portal.articles[:2]
    assert portal.asked == ["/rss"]


def test_more_news_than_a_feed_holds_are_found_in_the_lists() -> None:
    portal, notebook, site = Portal(), Notebook(), site_with("feed", "listing")
    portal.publish(35)
    Crawl(site, portal, notebook).run()
    portal.publish(17)
    assert set(Crawl(site, portal, notebook).run().got) == set(portal.articles[:17])


def test_a_crawl_killed_between_feed_and_list_hides_nothing() -> None:
    portal, notebook, site = Portal(), Notebook(), site_with("feed", "listing")
    portal.publish(35)
    Crawl(site, portal, notebook).run()
    portal.publish(17)
    killed = Crawl(site, portal, notebook).run(stop_after=1)
    assert len(killed.got) == 5
    after = Crawl(site, portal, notebook).run()
    assert set(killed.got) | set(after.got) == set(portal.articles[:17])


def test_the_lists_are_looked_at_once_a_day_all_the_same() -> None:
    portal, notebook, site = Portal(), Notebook(), site_with("feed", "listing")
    portal.publish(35)
    Crawl(site, portal, notebook).run()
    notebook.clock += timedelta(hours=25)
    Crawl(site, portal, notebook).run()
    assert portal.asked == ["/rss", "/tin"]


def test_a_dead_feed_sends_the_crawl_to_the_lists_and_is_reported() -> None:
    portal, notebook, site = Portal(), Notebook(), site_with("feed", "listing")
    portal.publish(35)
    Crawl(site, portal, notebook).run()
    portal.publish(3)
    portal.faults["/rss"] = 503
    crawl = Crawl(site, portal, notebook).run()
    assert crawl.got == portal.articles[:3]
    assert crawl.sources is not None
    assert not crawl.sources.complete
    assert not crawl.sources.dead
    assert notebook.broken == [f"{HOME}/rss"]


def test_a_list_that_fails_in_the_middle_is_read_whole_next_time() -> None:
    portal, notebook, site = Portal(), Notebook(), site_with("listing")
    portal.publish(35)
    portal.faults["/tin?p=2"] = 500
    broken = Crawl(site, portal, notebook).run()
    portal.faults.clear()
    after = Crawl(site, portal, notebook).run()
    assert set(broken.got) | set(after.got) == set(portal.articles)


def test_a_site_whose_sources_are_all_gone_is_dead() -> None:
    portal, notebook, site = Portal(), Notebook(), site_with("feed", "listing")
    portal.faults = {"/rss": 404, "/tin": 404}
    crawl = Crawl(site, portal, notebook).run()
    assert crawl.sources is not None
    assert crawl.sources.dead
    assert len(crawl.sources.problems) == 2


def test_an_empty_list_is_a_problem_not_a_quiet_day() -> None:
    portal, notebook, site = Portal(), Notebook(), site_with("listing")
    portal.publish(5)
    Crawl(site, portal, notebook).run()
    portal.articles.clear()
    crawl = Crawl(site, portal, notebook).run()
    assert crawl.sources is not None
    assert crawl.sources.dead


def test_a_list_that_answers_every_page_number_ends_where_nothing_new_comes() -> None:
    portal, notebook, site = Portal(pinned=2), Notebook(), site_with("listing")
    portal.publish(25)
    crawl = Crawl(site, portal, notebook).run()
    assert portal.asked == ["/tin", "/tin?p=2", "/tin?p=3", "/tin?p=4"]
    assert set(crawl.got) == set(portal.articles)
    assert crawl.sources is not None
    assert crawl.sources.complete


def test_a_list_is_read_no_deeper_than_its_limit() -> None:
    portal, notebook, site = Portal(), Notebook(), site_with("listing", pages=2)
    portal.publish(45)
    crawl = Crawl(site, portal, notebook).run()
    assert portal.asked == ["/tin", "/tin?p=2"]
    assert crawl.sources is not None
    assert crawl.sources.complete


def test_what_a_look_back_left_out_is_fetched_by_a_crawl_that_looks_further() -> None:
    portal, notebook, site = Portal(per_page=1), Notebook(), site_with("listing")
    portal.articles = [f"{HOME}/portal/{year}-1-20/tin-tuc-so-{year}.html" for year in (2026, 2025, 2024)]
    new, old, older = portal.articles
    recent = Crawl(site, portal, notebook, since=datetime(2026, 1, 1, tzinfo=UTC)).run()
    assert recent.got == [new]
    assert notebook.reasons == {old: Reason.TOO_OLD}
    assert Crawl(site, portal, notebook).run().got == [old, older]
