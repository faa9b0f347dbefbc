"""The process of one crawl: runs Scrapy to its end and tells its parent how it goes."""

from __future__ import annotations

import asyncio
import signal
from multiprocessing.connection import Connection

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawler import logs
from crawler.extensions import Bookkeeper, progress_made
from crawler.forks import end_with_parent
from crawler.job import Job, Progress


def run(job: Job, reports: Connection, lifeline: Connection) -> None:
    """Crawls and sends each Progress down `reports`, the last with the final report. Ends at once with its parent,
    which holds the other end of `lifeline`."""
    # Ctrl-C reaches the whole foreground group. The parent hears it too, and tells this process by SIGTERM.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent(lifeline)
    # Reads the environment, so it is not imported with the rest, which the fork server does before any crawl.
    from crawler.settings import settings_of

    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.setdict({**settings_of(job.config), "LOG_INSTALL_ROOT_HANDLER": False}, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    logs.configure(job.config, logs.Subject(job.run_id, job.site.id))
    crawler = process.create_crawler("portal")

    def tell(progress: Progress) -> None:
        reports.send(progress)

    crawler.signals.connect(tell, signal=progress_made)
    options = job.options
    process.crawl(
        crawler, run_id=job.run_id, site=job.site, max_pages=options.max_pages, since=options.since,
        dry_run=options.dry_run, revisit=options.revisit, until=options.until, backfill=options.backfill,
        turn=options.turn,
    )  # fmt: skip
    _stop_on_sigterm(process)
    process.start(install_signal_handlers=False)
    keeper = crawler.get_extension(Bookkeeper)
    if keeper is not None and keeper.report.finished:
        reports.send(Progress(keeper.report))


def _stop_on_sigterm(process: AsyncCrawlerProcess) -> None:
    from twisted.internet import reactor

    stopping: list[asyncio.Task[None]] = []

    def stop() -> None:
        stopping.append(asyncio.ensure_future(process.stop()))

    signal.signal(signal.SIGTERM, lambda *_: reactor.callFromThread(stop))
