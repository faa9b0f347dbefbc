"""The one spider: from a site file to Pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from news.article import VIETNAM, Lead, Page
from news.errors import BantinError, Reason
from news.extract.kinds import put_before
from news.manners import product
from news.site import Politeness, Site
from spiders.backfill import Backfill
from spiders.catalog import load_catalog
from spiders.frontier import Asked, Seen, Terms, Trust, is_audited, newest_first, reason_of_status, refusal
from spiders.ledger import Fetched, Ledger
from spiders.reading import said_of
from spiders.sources import Sources

# How much of a page budget goes to what earlier crawls left over before the sources are asked for news; the rest of
# the leftovers is fetched after them. A backlog of thousands (a sitemap's first reading) must not delay today's news.
WAITING_SHARE = 0.75


class PortalSpider(Spider):
    """Crawls one site: `scrapy crawl portal -a site=ID [-a max_pages=N] [-a since=DATE] [-a dry_run=1] [-a revisit=1]`.

    The order of a crawl:

    1. robots.txt is fetched before anything else of a host and obeyed (crawler.middlewares).
    2. URLs that wait: found by an earlier crawl and not fetched, or due again after a temporary failure.
    3. Feeds and sitemaps, asked whether they have changed. What they announce is written down, then fetched if it is
       unknown, or if it was changed after we fetched it.
    4. Lists (listings, day archives, front pages with their sections), page after page, if a feed may have hidden
       something, if none was looked at for a day, or if the site has nothing else. A page that holds only articles
       which earlier crawls knew ends a list, provided that the list was read to its end before (spiders.sources tells
       why that matters).
    5. What still waits, as far as the page budget goes.

    Each article page is yielded as a Page. Whatever else becomes of a URL is told to the ledger, with a reason.
    """

    name = "portal"
    ledger: Ledger

    def __init__(self, site: Site, terms: Terms, *, dry_run: bool = False, run_id: str = "", turn: int = 0) -> None:
        super().__init__()
        self.site = site
        self.terms = terms
        self.dry_run = dry_run
        self.run_id = run_id
        self.turn = turn
        self.complete = False
        self.sources: Sources | None = None
        self._asked: set[str] = set()
        self._left_over = False
        self._answered = 0
        self._trust = Trust()

    @classmethod
    def from_crawler(
        cls,
        crawler: Crawler,
        site: Site | str = "",
        max_pages: int | str | None = None,
        since: datetime | str | None = None,
        dry_run: bool | str = False,
        revisit: bool | str = False,
        until: datetime | str | None = None,
        backfill: bool | str = False,
        run_id: str = "",
        turn: int = 0,
    ) -> Self:
        """The spider of a site, by its id or its description. Raises BantinError for arguments that say nothing."""
        if not isinstance(site, Site):
            site = _site_of(site, Path(crawler.settings["SITES_DIR"]))
        budget = _number(max_pages) if max_pages else site.politeness.max_pages
        terms = Terms(
            started=datetime.now(UTC), budget=budget, since=_moment(since) if since else None, revisit=_yes(revisit),
            until=_moment(until) if until else None, backfill=_yes(backfill),
        )  # fmt: skip
        spider = cls(site, terms, dry_run=_yes(dry_run), run_id=run_id, turn=turn)
        spider._set_crawler(crawler)
        _apply(site.politeness, crawler.settings)
        if spider.needs_browser:
            handler = dict.fromkeys(("http", "https"), "crawler.browser.BrowserDownloadHandler")
            handlers = {**crawler.settings.getdict("DOWNLOAD_HANDLERS"), **handler}
            crawler.settings.set("DOWNLOAD_HANDLERS", handlers, priority="spider")
        return spider

    @property
    def needs_browser(self) -> bool:
        """Whether any page of the site is made by scripts."""
        return self.site.browser or any(source.browser for source in self.site.announcements)

    @property
    def queued(self) -> int:
        """How many article pages were asked for and have not come yet."""
        return len(self._asked) - self._answered

    async def start(self) -> AsyncIterator[Any]:
        """The whole crawl, in the order of the class's description."""
        kind = Backfill if self.terms.backfill else Sources
        sources = self.sources = kind(self.site, self.terms, self.ledger, self._fetch, self._has_room, self._render)
        self._trust = (await self.ledger.trust()).get(Asked.ARTICLES, Trust())
        async for request in self._waiting(int(self.terms.budget * WAITING_SHARE)):
            yield request
        async for batch in sources.wanted():
            seen = {lead.url: known for lead, known in batch}
            for lead in newest_first([lead for lead, _ in batch]):
                news = self._request(lead, seen[lead.url])
                if news:
                    yield news
        async for request in self._waiting(self.terms.budget - len(self._asked)):
            yield request
        self.complete = sources.complete and not self._left_over and not await self._unasked()

    async def parse_article(self, response: Response, lead: Lead) -> AsyncIterator[Page | Request]:
        """The Page of a response, or a line in the ledger. Behind a 304 it is looked now and then, in full."""
        if response.status == 304 and is_audited(self.site.identity(lead.url), self.terms.started):
            await self.ledger.audit(lead)
            yield self._asking(lead, {})
            return
        self._answered += 1
        if response.status == 304:
            await self.ledger.unchanged(lead)
            return
        reason = reason_of_status(response.status)
        if reason is not None:
            reason = put_before(response.body) or reason
            await self.ledger.failed(lead, reason, said_of(response.status, reason))
            return
        yield Page(
            url=response.url,
            requested=lead.url,
            body=response.body,
            fetched=datetime.now(UTC),
            status=response.status,
            content_type=_header(response, "Content-Type"),
            etag=_header(response, "ETag"),
            last_modified=_header(response, "Last-Modified"),
            lead=lead,
        )

    async def lose(self, failure: Failure) -> None:
        """Writes down why a request came to nothing, at the URL that was asked for first."""
        self._answered += 1
        assert isinstance(failure.value, Exception)
        await self.ledger.failed(failure.request.cb_kwargs["lead"], failure.value)  # type: ignore[attr-defined]

    async def _waiting(self, room: int) -> AsyncIterator[Request]:
        """Requests for what waits in the ledger, at most `room`."""
        if room < 1:
            return
        asked = 0
        for lead, seen in await self.ledger.waiting(len(self._asked) + room):
            if asked >= room:
                break
            reason = refusal(lead, self.site, self.terms)
            if reason in (Reason.TOO_OLD, Reason.TOO_NEW) and self.terms.backfill:
                continue  # they wait for the daily crawl
            if reason is not None:
                await self.ledger.passed([(lead, reason)])
            elif self.site.identity(lead.url) not in self._asked and (request := self._request(lead, seen)):
                asked += 1
                yield request

    async def _unasked(self) -> bool:
        waiting = await self.ledger.waiting(len(self._asked) + 1)
        mine = [lead for lead, _ in waiting if not (self.terms.backfill and refusal(lead, self.site, self.terms))]
        return any(self.site.identity(lead.url) not in self._asked for lead in mine)

    def _has_room(self) -> bool:
        return len(self._asked) < self.terms.budget

    def _request(self, lead: Lead, seen: Seen | None) -> Request | None:
        """The request for a lead; None if it was asked for in this crawl, or the budget is spent."""
        key = self.site.identity(lead.url)
        if key in self._asked:
            return None
        if not self._has_room():
            self._left_over = True
            return None
        self._asked.add(key)
        believed = seen is not None and self._trust.holds(self.terms.started)
        return self._asking(lead, seen.validators.headers() if seen and believed else {})

    def _asking(self, lead: Lead, headers: Mapping[str, str]) -> Request:
        return Request(
            lead.url, callback=self.parse_article, errback=self.lose, cb_kwargs={"lead": lead}, headers=dict(headers),
            meta={"browser": True} if self.site.browser else None,
        )  # fmt: skip

    async def _fetch(self, url: str, headers: Mapping[str, str]) -> Fetched:
        """A page of a source, through the same middlewares as every request."""
        return await self._had(Request(url, headers=dict(headers), callback=NO_CALLBACK))

    async def _render(self, url: str, headers: Mapping[str, str]) -> Fetched:
        """A page of a source as its scripts make it."""
        return await self._had(Request(url, meta={"browser": True}, callback=NO_CALLBACK))

    async def _had(self, request: Request) -> Fetched:
        response = await self.crawler.engine.download_async(request)
        return Fetched(
            response.url, response.status, response.body, _header(response, "ETag"), _header(response, "Last-Modified")
        )


def _apply(politeness: Politeness, settings: BaseSettings) -> None:
    """Turns a site's manners into Scrapy's settings. Without a delay (a server of one's own) nothing throttles."""
    values: dict[str, Any] = {
        "DOWNLOAD_DELAY": politeness.delay,
        "CONCURRENT_REQUESTS": max(4, 2 * politeness.concurrency),
        "CONCURRENT_REQUESTS_PER_DOMAIN": politeness.concurrency,
        "DOWNLOAD_TIMEOUT": politeness.timeout,
        "DOWNLOAD_MAXSIZE": politeness.max_bytes,
        "RETRY_TIMES": politeness.retries,
        "AUTOTHROTTLE_ENABLED": politeness.delay > 0,
        "AUTOTHROTTLE_START_DELAY": politeness.delay,
        "AUTOTHROTTLE_TARGET_CONCURRENCY": float(politeness.concurrency),
    }
    if politeness.user_agent:
        values["USER_AGENT"] = politeness.user_agent
    agent = politeness.user_agent or settings["USER_AGENT"]
    values["ROBOTSTXT_USER_AGENT"] = product(agent)
    settings.setdict(values, priority="spider")


def _site_of(site_id: str, folder: Path) -> Site:
    if not site_id:
        raise BantinError("No site was named.", "Say which one: scrapy crawl portal -a site=ID.")
    return load_catalog(folder).get(site_id)


def _number(text: int | str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise BantinError(f"max_pages = {text!r} is not a number of pages.", "Give 1 or more.")
    return number


def _moment(value: datetime | str) -> datetime:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise BantinError(f"since = {value!r} is not a date.", "Write it as 2026-03-07.") from None
    return value if value.tzinfo else value.replace(tzinfo=VIETNAM)


def _yes(value: bool | str) -> bool:
    return value if isinstance(value, bool) else value.strip().lower() in ("1", "true", "yes", "on")


def _header(response: Response, name: str) -> str:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else ""
