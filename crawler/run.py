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
from crawler import logs
from crawler.forks import forked
from crawler.job import CrawlOptions, Job, Progress, new_run_id
from news.errors import BantinError
from news.report import RunReport, RunState
from news.site import Site
from storage.connect import open_store

__all__ = ["CrawlOptions", "Progress", "crawl", "crawl_many"]

log = logging.getLogger("bantin.crawler")

OnProgress = Callable[[Progress], None]
EndedBy = Callable[[str], str]
"""Who wants the run of an id to end, "" while nobody does; asked four times a second while it is under way."""

# How long a crawl that was told to stop, or has sent its last report, may take to end by itself.
_GRACE = 15.0
# How long one may take that somebody stops, who looks on: what it has not written by then the next one finds again.
_STOPPED_GRACE = 1.0
_LOOK = 0.25


def crawl(
    site: Site, options: CrawlOptions, config: Config, on_progress: OnProgress | None = None,
    ended_by: EndedBy = lambda _: "",
) -> RunReport:  # fmt: skip
    """Crawls one site and returns the report, which is also stored in `runs`. What goes wrong with the crawl is in the
    report and is never raised.

    `config.mongodb_uri` must name a store that is open, the embedded one too (`Store.uri`): the crawl's process
    connects to it. `on_progress` is called about every two seconds, in this thread; a crawl that somebody wants to end
    is over a second later.
    """
    started = datetime.now(UTC)
    job = Job(new_run_id(site.id, started), site, options, config)
    report = RunReport(job.run_id, site.id, started, dry_run=options.dry_run, backfill=options.backfill)
    child = forked(f"crawl {site.id}", _in_child, (job,))
    with logs.about(job.run_id, site.id), child as (process, reports):
        try:
            report = _watch(process, reports, report, config.crawl_time_limit, on_progress, ended_by)
        except BaseException:
            _stop(process)
            raise
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
    process: ForkServerProcess, reports: Connection, report: RunReport, limit: float, on_progress: OnProgress | None,
    ended_by: EndedBy,
) -> RunReport:  # fmt: skip
    """The last report of the crawl; without `finished` where the process did not get to send it."""
    deadline = time.monotonic() + limit
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            process.kill()
            process.join()
            return replace(
                report, state=RunState.KILLED, error=f"The crawl was killed after {limit:g} seconds, its time limit."
            )
        if by := ended_by(report.id):
            return _end(process, reports, report, by)
        if not reports.poll(min(left, _LOOK)):
            continue
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


def _end(process: ForkServerProcess, reports: Connection, report: RunReport, by: str) -> RunReport:
    """Ends a crawl that somebody stops; it may write what it holds, if that is quickly done."""
    process.terminate()
    until = time.monotonic() + _STOPPED_GRACE
    try:
        while not report.finished and reports.poll(max(0.0, until - time.monotonic())):
            report = reports.recv().report
    except (EOFError, OSError):
        pass  # it is gone
    process.kill()
    process.join()
    # Not finished, so that it is stored here: what the crawl says of itself does not say by whom.
    return replace(report, state=RunState.KILLED, finished=None, error=f"{by} stopped it. The next one goes on.")


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
