"""What stands between a request and the network: the site's borders, and its wish to be left alone for a while."""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import UTC, datetime
from typing import Self
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from scrapy.statscollectors import StatsCollector

from crawler.failures import RefusedRequest
from crawler.robots import IS_ROBOTS
from news.errors import Reason
from news.extract.kinds import put_before
from news.manners import MAX_RETRY_AFTER, retry_after
from news.site import Site

log = logging.getLogger("bantin.crawler")

ASKED_TO_WAIT = "bantin/asked_to_wait"
"""The figure of a crawl that says for how many seconds, at most, its server asked to be left alone."""


class SiteMiddleware:
    """Keeps requests, redirected ones too, on the site's hosts and in one queue, so that its delay holds for all."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._source_hosts = {urlsplit(source.url).netloc for source in site.sources}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.spider.site)  # type: ignore[union-attr]

    def process_request(self, request: Request) -> None:
        """Raises RefusedRequest for another host. RFC 9309 (2.3.1.2) lets a robots.txt be redirected anywhere."""
        request.meta["download_slot"] = self._site.id
        if request.meta.get(IS_ROBOTS) or self._site.owns(request.url):
            return
        if urlsplit(request.url).netloc not in self._source_hosts:
            raise RefusedRequest(Reason.OFFSITE, f"{request.url} is not on a host of {self._site.id}")


class RetryAfterMiddleware:
    """Does what a 429 or 503 asks for: no request to the site for so many seconds. A wish above MAX_RETRY_AFTER ends
    the asking in this crawl; what was not fetched is tried again by later ones."""

    def __init__(self, site: Site, stats: StatsCollector) -> None:
        self._site = site
        self._stats = stats
        self._until = 0.0  # of time.monotonic
        self._asked = 0.0
        self._why = Reason.BUSY

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        assert crawler.stats is not None
        return cls(crawler.spider.site, crawler.stats)  # type: ignore[union-attr]

    async def process_request(self, request: Request) -> None:
        """Raises RefusedRequest where the wait would be too long."""
        while (left := self._until - time.monotonic()) > 0:
            if self._asked > MAX_RETRY_AFTER:
                raise RefusedRequest(self._why, f"The server asked us to wait {self._asked:.0f} s.")
            await asyncio.sleep(left)

    def process_response(self, request: Request, response: Response) -> Response:
        """Hears the wish before Scrapy's middleware sends the request again."""
        value = response.headers.get("Retry-After")
        if response.status not in (429, 503) or not value:
            return response
        wish = retry_after(value.decode("latin-1"), datetime.now(UTC))
        if wish:
            log.info("%s asks us to wait %.0f s.", self._site.id, wish)
            self._asked = max(self._asked, wish)
            # 429 is said to us; 503 to everybody, of a server that cannot.
            too_often = response.status == 429
            self._why = Reason.BUSY if too_often else put_before(response.body) or Reason.HTTP_SERVER
            self._stats.max_value(ASKED_TO_WAIT, wish)
            self._until = max(self._until, time.monotonic() + wish)
        return response
