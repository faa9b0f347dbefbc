"""The bookkeeping of a crawl: claim the site, open the ledger, report how it goes, close."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import resource
import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response

from config import Config
from crawler import browser
from crawler.intake import Intake
from crawler.job import GAVE_WAY, Progress, new_run_id
from crawler.learning import learned_site
from crawler.ledger import StoreLedger
from crawler.logs import RunLog
from crawler.middlewares import ASKED_TO_WAIT
from news.declared import declared
from news.errors import BantinError
from news.report import COUNTERS, RunReport, RunState
from news.site import Site
from spiders.portal import PortalSpider
from storage.connect import Store, open_store
from storage.leases import SCHEDULER
from storage.owner import Owner

log = logging.getLogger("bantin.crawler")

progress_made = object()
"""Sent with progress= (crawler.job.Progress) about every two seconds, and once more at the end."""

REPORT_EVERY = 2.0  # seconds
# The claim of a dead process of this host is seen at once, by its pid. The time is for dead hosts, and must outlast
# the patience with a MongoDB that is away.
CLAIM_SECONDS = 300.0
_RENEW_EVERY = 60.0
# How long a back-fill may take to end when a crawl wants its site: what is under way is awaited.
GIVE_WAY_SECONDS = 90.0


class Bookkeeper:
    """Gives the spider its ledger, and keeps the crawl's report in `runs`; after the crawl it is in `report`."""

    def __init__(self, crawler: Crawler, config: Config) -> None:
        self._crawler = crawler
        self._config = config
        self._store: Store | None = None
        self._ledger: StoreLedger | None = None
        self._ticking: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None
        self._log = RunLog()
        self._last_url = ""
        self.report = RunReport(id="", site="", started=datetime.now(UTC))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        keeper = cls(crawler, crawler.settings["CONFIG"])
        crawler.signals.connect(keeper.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(keeper.spider_closed, signal=signals.spider_closed)
        crawler.signals.connect(keeper.response_received, signal=signals.response_received)
        return keeper

    async def spider_opened(self, spider: PortalSpider) -> None:
        """Raises CloseSpider where the store cannot be had or another crawl has the site."""
        started = spider.terms.started
        run_id = spider.run_id or new_run_id(spider.site.id, started)
        self.report = RunReport(run_id, spider.site.id, started, dry_run=spider.dry_run, backfill=spider.terms.backfill)
        logging.getLogger().addHandler(self._log)
        try:
            if spider.needs_browser:
                browser.check(self._config)
            self._store = await asyncio.to_thread(open_store, self._config)
            await asyncio.to_thread(self._store.disk.require, self._config.disk_floor_gb, started)
            intake = Intake(self._store, dry_run=spider.dry_run, since=spider.terms.since)
            await self._begin(run_id, spider.site, yields=spider.terms.backfill)
            spider.site = await asyncio.to_thread(learned_site, self._store, spider.site, dry_run=spider.dry_run)
            ledger = StoreLedger(self._store, intake, spider.site, self._give_up, dry_run=spider.dry_run)
        except BantinError as error:
            self.report = replace(self.report, state=RunState.FAILED, error=str(error))
            raise CloseSpider("not-begun") from error
        self._ledger = spider.ledger = ledger
        self._ticking = asyncio.ensure_future(self._tick(spider))

    def response_received(self, response: Response) -> None:
        """Notes where the crawl is."""
        self._last_url = response.url

    async def spider_closed(self, spider: PortalSpider, reason: str) -> None:
        """Writes what is held back, then the report."""
        if self._ticking is not None:
            self._ticking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._ticking
        if self._ledger is not None:
            lost = ""
            with contextlib.suppress(CloseSpider):
                lost = await self._ledger.settle()
            report = self._final(self._ledger, spider, reason)
            self.report = replace(report, error=" ".join(part for part in (report.error, lost) if part))
        report = self.report
        if report.state is RunState.FAILED:
            log.error("%s: %s", report.site, report.error)
        told = (report.site, report.state, report.pages, report.new, report.updated, report.rejected, report.error)
        log.info("%s: %s, %d pages, %d new, %d updated, %d rejected. %s", *told)
        await self._end()

    async def _claimed(self, site: str, owner: Owner, *, yields: bool) -> bool:
        """Whether the site is this crawl's now. A back-fill is asked to give way, and waited for."""
        assert self._store is not None
        state = self._store.site_state
        deadline = asyncio.get_running_loop().time() + GIVE_WAY_SECONDS
        while not await asyncio.to_thread(state.claim, site, owner, datetime.now(UTC), CLAIM_SECONDS, yields=yields):
            if yields or asyncio.get_running_loop().time() > deadline:
                return False
            # Asked each time: the next step of a back-fill may have been quicker than we were.
            asked = await asyncio.to_thread(state.ask_way, site)
            if not asked and not await asyncio.to_thread(state.is_free, site, datetime.now(UTC)):
                return False
            await asyncio.sleep(0.5 if asked else 0)
        return True

    async def _begin(self, run_id: str, crawled: Site, *, yields: bool) -> None:
        assert self._store is not None
        site, owner = self.report.site, Owner.here(run_id)
        turn: int = self._crawler.spider.turn  # type: ignore[union-attr]
        if turn and not await asyncio.to_thread(self._store.leases.is_current, SCHEDULER, turn):
            raise BantinError(f"Another scheduler has taken over {site}.", "Nothing to do: it crawls it in time.")
        if not await self._claimed(site, owner, yields=yields):
            raise BantinError(
                f"{site} is being crawled already.", "Wait for that crawl to end; `bantin runs list` shows it."
            )
        await asyncio.to_thread(self._store.runs.start, self.report)
        if not self.report.dry_run:
            await asyncio.to_thread(self._store.site_state.declare, {site: declared(crawled)})

    async def _tick(self, spider: PortalSpider) -> None:
        """Every two seconds: write what is held back, renew the claim, tell how it goes."""
        assert self._ledger is not None
        assert self._store is not None
        renewed = asyncio.get_running_loop().time()
        while True:
            await asyncio.sleep(REPORT_EVERY)
            try:
                await self._ledger.flush()
                self._tell(self._current(self._ledger))
                await self._ledger.do(self._store.runs.progress, self.report)
                await self._ledger.do(self._keep_log, self._store)
                if spider.terms.backfill:
                    await self._give_way()
                now = asyncio.get_running_loop().time()
                if now - renewed >= _RENEW_EVERY:
                    renewed = now
                    await self._renew()
            except CloseSpider:
                return

    async def _renew(self) -> None:
        assert self._ledger is not None
        assert self._store is not None
        renew = self._store.site_state.renew
        if not await self._ledger.do(renew, self.report.site, self.report.id, datetime.now(UTC), CLAIM_SECONDS):
            error = BantinError(
                f"Another crawl has taken over {self.report.site}.", "Nothing is lost; look at `bantin runs list`."
            )
            self._ledger.lose(error)
            raise CloseSpider("taken-over")

    async def _give_way(self) -> None:
        assert self._ledger is not None
        assert self._store is not None
        if await self._ledger.do(self._store.site_state.must_give_way, self.report.site, self.report.id):
            self._closing = asyncio.ensure_future(self._crawler.engine.close_spider_async(reason="gave-way"))
            raise CloseSpider("gave-way")

    def _give_up(self) -> None:
        self._closing = asyncio.ensure_future(self._crawler.engine.close_spider_async(reason="store-lost"))

    def _current(self, ledger: StoreLedger) -> RunReport:
        counts: dict[str, Any] = {name: ledger.counts[name] for name in COUNTERS}
        counts["requests"] = self._crawler.stats.get_value("downloader/request_count", 0)
        counts["wait"] = self._crawler.stats.get_value(ASKED_TO_WAIT, 0.0)
        sources = self._crawler.spider.sources  # type: ignore[union-attr]
        if sources is not None:
            counts |= {"sources": sources.fates, "listed": len(sources.listed)}
        counts |= {"memory": _peak_memory(), "last_url": self._last_url}
        return replace(self.report, reasons=dict(ledger.reasons), **counts, **ledger.signs.counted())

    def _final(self, ledger: StoreLedger, spider: PortalSpider, reason: str) -> RunReport:
        report = replace(self._current(ledger), finished=datetime.now(UTC))
        if ledger.error is not None:
            return replace(report, state=RunState.FAILED, error=str(ledger.error))
        if reason == "shutdown":
            return replace(report, state=RunState.KILLED, error="The crawl was told to stop. The next one goes on.")
        if reason == "gave-way":
            return replace(report, state=RunState.DONE, error=f"{GAVE_WAY} to another crawl of the site.")
        if reason != "finished":
            return replace(report, state=RunState.FAILED, error=f"The spider ended with {reason!r}; see the log.")
        problems = spider.sources.problems if spider.sources else []
        unread = f"Sources that could not be read: {'; '.join(problems[:5]).rstrip('.')}." if problems else ""
        if spider.sources and spider.sources.dead:
            return replace(report, state=RunState.FAILED, error=f"{unread} `bantin sites check` tells more.")
        return replace(report, state=RunState.DONE, error=unread, complete=spider.complete)

    async def _end(self) -> None:
        self.report = replace(self.report, finished=self.report.finished or datetime.now(UTC))
        if self._ledger is not None:
            await asyncio.to_thread(self._ledger.close)
        if self._store is not None:
            await asyncio.to_thread(self._sign_off, self._store)
        logging.getLogger().removeHandler(self._log)
        # Told last: whoever hears that the crawl is finished may end its process.
        self._tell(self.report)

    def _sign_off(self, store: Store) -> None:
        try:
            if self._ledger is not None and self._ledger.error is not None:
                store.ping()  # the crawl has waited for MongoDB already; the report does not begin anew
            self._keep_log(store)
            store.runs.finish(self.report)
            store.site_state.release(self.report.site, self.report.id)
        except BantinError as error:
            log.error("The report of %s could not be stored: %s", self.report.id, error)
        finally:
            store.close()

    def _keep_log(self, store: Store) -> None:
        for chunk in self._log.unstored():
            store.run_logs.write(self.report.id, self.report.started, chunk)
            self._log.stored(chunk)

    def _tell(self, report: RunReport) -> None:
        self.report = report
        spider = self._crawler.spider
        queued = spider.queued if isinstance(spider, PortalSpider) else 0
        self._crawler.signals.send_catch_log(signal=progress_made, progress=Progress(report, queued))


def _peak_memory() -> int:
    """The most that this process has held so far, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
