"""A crawl of a site as one function: a process of its own, a hard limit, a report whatever happens.

The process is forked from a server process that has Scrapy and trafilatura imported already (crawler.preload). It
claims the site, crawls, stores its report and sends it here. If it dies or hangs instead, this side stores the report
in its place. The caller's modules are imported by the new process, as multiprocessing does it: a script that calls
`crawl` must do so under `if __name__ == "__main__":`.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess

from config import Config
from crawler.forks import forking
from crawler.job import CrawlOptions, Job, Progress, new_run_id
from news.errors import BantinError
from news.report import RunReport, RunState
from news.site import Site
from storage.connect import open_store

__all__ = ["CrawlOptions", "Progress", "crawl", "crawl_many"]

log = logging.getLogger("bantin.crawler")

OnProgress = Callable[[Progress], None]

# How long a crawl that was told to stop, or has sent its last report, may take to end by itself.
_GRACE = 15.0


def crawl(site: Site, options: CrawlOptions, config: Config, on_progress: OnProgress | None = None) -> RunReport:
    """Crawls one site and returns the report, which is also stored in `runs`. What goes wrong with the crawl is in the
    report and is never raised.

    `config.mongodb_uri` must name a store that is open, the embedded one too (`Store.uri`): the crawl's process
    connects to it. `on_progress` is called about every two seconds, in this thread.
    """
    started = datetime.now(UTC)
    job = Job(new_run_id(site.id, started), site, options, config)
    report = RunReport(job.run_id, site.id, started, dry_run=options.dry_run, backfill=options.backfill)
    context = forking()
    reports, child_reports = context.Pipe(duplex=False)
    child_lifeline, lifeline = context.Pipe(duplex=False)
    process = context.Process(target=_in_child, args=(job, child_reports, child_lifeline), name=f"crawl {site.id}")
    with reports, lifeline:
        process.start()
        child_reports.close()
        child_lifeline.close()
        try:
            report = _watch(process, reports, report, config.crawl_time_limit, on_progress)
        except BaseException:
            _stop(process)
            raise
        finally:
            process.close()
    if not report.finished:
        report = replace(report, finished=datetime.now(UTC))
        _store(report, config)
    return report


def crawl_many(
    sites: Sequence[Site], options: CrawlOptions, config: Config, on_progress: OnProgress | None = None
) -> list[RunReport]:
    """Crawls sites, `config.workers` at a time, and returns their reports in the same order. `on_progress` is called
    from several threads, one at a time."""
    lock = threading.Lock()

    def tell(progress: Progress) -> None:
        if on_progress is not None:
            with lock:
                on_progress(progress)

    with ThreadPoolExecutor(max_workers=max(1, config.workers), thread_name_prefix="crawl") as pool:
        return list(pool.map(lambda site: crawl(site, options, config, tell), sites))


def _in_child(job: Job, reports: Connection, lifeline: Connection) -> None:
    from crawler.child import run  # brings Scrapy along, which the parent has no use for

    run(job, reports, lifeline)


def _watch(
    process: ForkServerProcess, reports: Connection, report: RunReport, limit: float, on_progress: OnProgress | None
) -> RunReport:
    """The last report of the crawl; without `finished` where the process did not get to send it."""
    deadline = time.monotonic() + limit
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not reports.poll(left):
            process.kill()
            process.join()
            return replace(
                report, state=RunState.KILLED, error=f"The crawl was killed after {limit:g} seconds, its time limit."
            )
        try:
            progress: Progress = reports.recv()
        except (EOFError, OSError):
            process.join()
            return report if report.finished else _dead(report, process.exitcode)
        report = progress.report
        if on_progress is not None:
            on_progress(progress)
        if report.finished:
            process.join(_GRACE)
            if process.is_alive():
                process.kill()
                process.join()
            return report


def _dead(report: RunReport, code: int | None) -> RunReport:
    if code is not None and code < 0:
        return replace(report, state=RunState.KILLED, error=f"The crawl's process was killed by signal {-code}.")
    return replace(
        report,
        state=RunState.FAILED,
        error=f"The crawl's process ended with exit code {code} and no report; its last words are in the log.",
    )


def _stop(process: ForkServerProcess) -> None:
    """Ends a crawl whose caller was interrupted: it may write what it holds, then it goes."""
    process.terminate()
    process.join(_GRACE)
    if process.is_alive():
        process.kill()
        process.join()


def _store(report: RunReport, config: Config) -> None:
    """Stores the report of a process that could not, and gives its site free."""
    try:
        with open_store(config) as store:
            store.runs.finish(report)
            store.site_state.release(report.site, report.id)
    except BantinError as error:
        log.error("The report of %s could not be stored: %s", report.id, error)
