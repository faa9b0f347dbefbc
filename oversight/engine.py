"""APScheduler as the scheduler uses it: with crawls in the place of stored functions, and fit for a MongoDB that goes
away."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.job import Job
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from pymongo.errors import PyMongoError

from news.errors import BantinError
from storage.leases import TurnLost

log = logging.getLogger("bantin.scheduler")

_RETRY = 2.0  # seconds until a look at the jobs that MongoDB did not answer is made again
_LOOK = 10.0  # seconds at most between two looks at what is due


class Crawls(ThreadPoolExecutor):  # type: ignore[misc]  # APScheduler has no types
    """Runs the jobs of one scheduler, so many at a time; `waits` is told of each that is due and must wait its turn."""

    def __init__(self, workers: int, crawl_site: Callable[[str], None], waits: Callable[[str, datetime], None]) -> None:
        super().__init__(workers)
        self._crawl_site = crawl_site
        self._waits = waits

    def _do_submit_job(self, job: Job, run_times: list[datetime]) -> None:
        job.func = self._crawl_site
        self._waits(job.id, run_times[0])
        super()._do_submit_job(job, run_times)


class Jobs(BackgroundScheduler):  # type: ignore[misc]  # APScheduler has no types
    """APScheduler's scheduler, which looks at the jobs only while it is our turn, and outlives a MongoDB that is away.

    Left to itself its thread dies where an update of a job fails (agronholm/apscheduler, issue 213).
    """

    def __init__(self, token: Callable[[], int], **options: Any) -> None:
        super().__init__(**options)
        self._token = token

    def _process_jobs(self) -> float | None:
        if not self._token():
            return _RETRY
        try:
            wait: float | None = super()._process_jobs()
        except (PyMongoError, BantinError, TurnLost, JobLookupError) as error:
            log.warning("The jobs could not be looked at: %s", error)
            return _RETRY
        # Looks again soon: the lease may be lost and taken meanwhile, and a job changed by another process.
        return _LOOK if wait is None else min(wait, _LOOK)
