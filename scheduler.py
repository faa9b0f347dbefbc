"""Who is crawled when: one APScheduler job a site, due as long after its last run as its file says.

The jobs live in memory and are made anew from the site files and the stored runs at each start, so that a restart lets
nothing lapse and a changed file counts. The crawls run in processes of their own (crawler.run), `workers` at a time.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from config import Config
from crawler.job import CrawlOptions, Progress
from crawler.run import crawl
from news.report import RunReport, RunState
from news.site import Site
from storage.connect import Store

log = logging.getLogger("bantin.scheduler")

_TROUBLES = {
    EVENT_JOB_ERROR: "failed",
    EVENT_JOB_MISSED: "was missed",
    EVENT_JOB_MAX_INSTANCES: "was left out: the one before is still running",
}


class Scheduler:
    """Crawls `sites` on time from `with Scheduler(...)` to its end, where running crawls write what they hold and stop.

    `config.mongodb_uri` names the open `store`, as crawler.run.crawl wants it.
    """

    def __init__(self, sites: Sequence[Site], config: Config, store: Store) -> None:
        self._sites = sites
        self._config = config
        self._store = store
        self._stopping = threading.Event()
        self._jobs = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(max(1, config.workers))},
            # However late it is, a crawl that is due is done, and once: what it finds covers what was missed.
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
            timezone=UTC,
        )

    def __enter__(self) -> Self:
        lost = self._store.runs.close_lost()
        if lost:
            log.warning("%d runs of processes that are gone were closed as lost.", lost)
        now = datetime.now(UTC)
        for site in self._sites:
            last = next(iter(self._store.runs.find(site.id, limit=1)), None)
            every = IntervalTrigger(minutes=site.schedule.every_minutes, timezone=UTC)
            self._jobs.add_job(self._crawl, every, [site], id=site.id, next_run_time=due(site, last, now))
        self._jobs.add_listener(_tell, EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
        self._jobs.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._jobs.shutdown(wait=True)

    def next_runs(self) -> dict[str, datetime]:
        """When each site is crawled next, UTC."""
        return {job.id: job.next_run_time for job in self._jobs.get_jobs() if job.next_run_time}

    def _crawl(self, site: Site) -> None:
        if self._stopping.is_set():
            return
        try:
            report = crawl(site, CrawlOptions(), self._config, self._watch)
        except _Stopped:
            log.info("The crawl of %s was stopped.", site.id)
            return
        level = logging.INFO if report.state is RunState.DONE else logging.WARNING
        log.log(
            level, "%s: %s, %d new, %d updated. %s", site.id, report.state, report.new, report.updated, report.error
        )

    def _watch(self, progress: Progress) -> None:
        """Ends a crawl from within: crawl() stops its process when this raises."""
        if self._stopping.is_set() and not progress.report.finished:
            raise _Stopped


def due(site: Site, last: RunReport | None, now: datetime) -> datetime:
    """When a site is to be crawled first after a start. A run that did not get done is done again at once."""
    if last is None or last.state is not RunState.DONE or last.dry_run:
        return now
    return max(now, last.started + timedelta(minutes=site.schedule.every_minutes))


class _Stopped(Exception):
    pass


def _tell(event: JobEvent) -> None:
    log.error("The crawl of %s %s.", event.job_id, _TROUBLES[event.code], exc_info=getattr(event, "exception", None))
