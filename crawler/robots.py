"""robots.txt between a request and the network: kept a day, asked for again in its own short time, obeyed."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self, cast

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached

from crawler.failures import RefusedRequest, reason_of
from news.errors import Reason
from news.extract.maintenance import under_maintenance
from news.manners import MAX_ROBOTS_BYTES, ROBOTS_TIMEOUT, RobotsTxt, robots_text

if TYPE_CHECKING:
    from crawler.ledger import StoreLedger

log = logging.getLogger("bantin.crawler")

IS_ROBOTS = "bantin_robots"
_HAD = "bantin_robots_bytes"
# Some robots.txt ask for minutes between two requests, which a crawl with a time limit cannot give.
MAX_CRAWL_DELAY = 30.0
# What one may say of its length, or unpack to, before it is taken for an attack.
_MAX_SIZE = 64_000_000


class RobotsMiddleware:
    """Obeys robots.txt as RFC 9309 has it (news.manners). Scrapy's own allows all when it cannot be had."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self._delay: float = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._texts: dict[str, asyncio.Task[RobotsTxt]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        made = cls(crawler)
        crawler.signals.connect(made.bytes_received, signal=signals.bytes_received)
        return made

    def bytes_received(self, data: bytes, request: Request) -> None:
        """Stops the download of a robots.txt behind what is read of it."""
        if request.meta.get(IS_ROBOTS):
            request.meta[_HAD] = request.meta.get(_HAD, 0) + len(data)
            if request.meta[_HAD] > MAX_ROBOTS_BYTES:
                raise StopDownload(fail=False)

    async def process_request(self, request: Request) -> None:
        """Raises RefusedRequest for what the host's robots.txt forbids."""
        if request.meta.get(IS_ROBOTS):
            return
        parts = urlparse_cached(request)
        origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        if origin not in self._texts:
            self._texts[origin] = asyncio.ensure_future(self._read(origin))
        robots = await asyncio.shield(self._texts[origin])
        if not robots.allows(request.url, self._agent):
            raise RefusedRequest(Reason.ROBOTS, f"{origin}/robots.txt forbids it")

    async def _read(self, origin: str) -> RobotsTxt:
        ledger = cast("StoreLedger", self._crawler.spider.ledger)  # type: ignore[union-attr]
        kept = await ledger.robots(origin)
        if kept is None or not kept.fresh(datetime.now(UTC)):
            kept = await self._ask(origin, kept)
            await ledger.keep_robots(kept)
        self._slow_down(kept.crawl_delay(self._agent))
        return kept

    async def _ask(self, origin: str, kept: RobotsTxt | None) -> RobotsTxt:
        """What the server says now; where it does not, what it said within the last thirty days."""
        try:
            answer = await self._answer(origin, kept)
        except RefusedRequest as refused:
            if kept is None or not kept.usable(datetime.now(UTC)):
                raise
            log.warning("%s; the one of %s goes on to hold.", refused, kept.fetched.date())
            return kept
        return answer

    async def _answer(self, origin: str, kept: RobotsTxt | None) -> RobotsTxt:
        now = datetime.now(UTC)
        try:
            response = await self._crawler.engine.download_async(self._request(origin, kept))
        except Exception as error:
            reason = reason_of(error)
            if reason is Reason.REDIRECTS:  # over five: as if there were none (2.3.1.2)
                return RobotsTxt(origin, "", now)
            raise RefusedRequest(reason, f"{origin}/robots.txt cannot be had: {error}") from None
        if response.status == 304 and kept is not None:
            return replace(kept, fetched=now)
        if under_maintenance(response.body):  # with status 200 too, which would allow all
            raise RefusedRequest(Reason.MAINTENANCE, f"{origin} says that it is under maintenance")
        text = robots_text(response.status, response.body)
        if text is None:
            detail = f"{origin}/robots.txt cannot be had: HTTP {response.status}"
            raise RefusedRequest(Reason.HTTP_SERVER, detail)
        return RobotsTxt(origin, text, now, _header(response, "ETag"), _header(response, "Last-Modified"))

    def _request(self, origin: str, kept: RobotsTxt | None) -> Request:
        settings = self._crawler.settings
        meta = {
            IS_ROBOTS: True,
            "download_timeout": min(ROBOTS_TIMEOUT, settings.getfloat("DOWNLOAD_TIMEOUT")),
            "download_maxsize": _MAX_SIZE,
            "max_retry_times": min(1, settings.getint("RETRY_TIMES")),
        }
        headers = dict(kept.headers()) if kept else {}
        return Request(f"{origin}/robots.txt", headers=headers, meta=meta, priority=1000, callback=NO_CALLBACK)

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


def _header(response: Response, name: str) -> str:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else ""
