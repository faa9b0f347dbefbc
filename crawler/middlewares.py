"""What stands between a request and the network: the site's borders, and its robots.txt."""

from __future__ import annotations

import asyncio
import logging
from typing import Self
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Request
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.utils.httpobj import urlparse_cached

from crawler.failures import RefusedRequest, reason_of
from news.errors import Reason
from news.site import Site

log = logging.getLogger("bantin.crawler")

_IS_ROBOTS = "bantin_robots"
# Some robots.txt ask for minutes between two requests, which a crawl with a time limit cannot give.
MAX_CRAWL_DELAY = 30.0


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
        if request.meta.get(_IS_ROBOTS) or self._site.owns(request.url):
            return
        if urlsplit(request.url).netloc not in self._source_hosts:
            raise RefusedRequest(Reason.OFFSITE, f"{request.url} is not on a host of {self._site.id}")


class RobotsMiddleware:
    """Obeys robots.txt as RFC 9309 has it: one that cannot be had (5xx, network) forbids all, one that does not exist
    (4xx) allows all. Scrapy's own allows all in both cases."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self._delay: float = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._rules: dict[str, asyncio.Task[ProtegoRobotParser]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raises RefusedRequest for what the host's robots.txt forbids."""
        if request.meta.get(_IS_ROBOTS):
            return
        parts = urlparse_cached(request)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            self._rules[origin] = asyncio.ensure_future(self._read(origin))
        rules = await asyncio.shield(self._rules[origin])
        if not rules.allowed(request.url, self._agent):
            raise RefusedRequest(Reason.ROBOTS, f"{origin}/robots.txt forbids it")

    async def _read(self, origin: str) -> ProtegoRobotParser:
        request = Request(f"{origin}/robots.txt", meta={_IS_ROBOTS: True}, priority=1000, callback=NO_CALLBACK)
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception as error:
            raise RefusedRequest(reason_of(error), f"{origin}/robots.txt cannot be had: {error}") from None
        if response.status >= 500:
            detail = f"{origin}/robots.txt cannot be had: HTTP {response.status}"
            raise RefusedRequest(Reason.HTTP_SERVER, detail)
        rules = ProtegoRobotParser(response.body if response.status < 300 else b"", self._crawler.spider)
        self._slow_down(rules.crawl_delay(self._agent))
        return rules

    def _slow_down(self, wish: float | None) -> None:
        """Grants a Crawl-delay above our own, within reason. A site file with delay = 0 is a server of one's own."""
        if not wish or not 0 < self._delay < wish:
            return
        delay = min(wish, MAX_CRAWL_DELAY)
        throttle = self._crawler.get_extension(AutoThrottle)
        if throttle is not None:
            throttle.mindelay = delay
        for slot in self._crawler.engine.downloader.slots.values():
            slot.delay = max(slot.delay, delay)
