"""Who is crawled when: one APScheduler job a site, kept in MongoDB, run by whichever scheduler holds the lease.

The order of a turn: the lease is taken; runs that dead processes left are closed as lost; every job is marked as ours;
jobs are brought in line with the site files; from then on APScheduler starts what is due, in processes of their own
(crawler.run), `workers` at a time. A scheduler that loses its lease, because it was stopped or MongoDB was away, starts
nothing more and stands by. However late a site is due, it is crawled, once; what is not begun leaves a run that says
why.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.job import Job
from apscheduler.jobstores.base import JobLookupError
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger
from pymongo.errors import PyMongoError

from config import Config
from crawler.job import CrawlOptions, Progress, new_run_id
from crawler.renewing import Renewer
from crawler.run import crawl
from news.cadence import bounds_of, cost_of, next_crawl
from news.errors import BantinError
from news.report import RunReport, RunState
from news.rhythm import Rhythm
from news.schedule import Schedule, ScheduleMode
from news.site import Site
from spiders.catalog import load_catalog
from storage.connect import Store
from storage.jobs import TurnLost
from storage.leadership import Leadership
from storage.leases import SCHEDULER
from storage.owner import Owner
from storage.retention import prune

log = logging.getLogger("bantin.scheduler")

_TICK = 2.0  # seconds between two looks at whether we hold the lease and whether site files or taught rules changed
_RETRY = 2.0  # seconds until a look at the jobs that MongoDB did not answer is made again
_LOOK = 10.0  # seconds at most between two looks at what is due
# A rhythm changes over weeks. What is older than a year says little of it (news.rhythm).
_LEARN_EVERY, _LOOK_BACK = timedelta(hours=12), timedelta(days=365)
# The job that is of no site, in a store and an executor of its own; not in the first minutes, when crawls are due.
_UPKEEP, _PRUNE_AFTER = "upkeep", timedelta(minutes=10)
_UNDONE = (RunState.FAILED, RunState.KILLED, RunState.LOST)

_TROUBLES = {
    EVENT_JOB_ERROR: "failed before it began; the log says how",
    EVENT_JOB_MISSED: "was missed",
    EVENT_JOB_MAX_INSTANCES: "was due again while the one before was still running or waiting for its turn",
}


class Scheduler:
    """Crawls sites on time from `with Scheduler(...)` to its end, where running crawls write what they hold and stop.

    `sites` gives the sites to be crawled; it is asked again every two seconds, and must be cheap and give the very same
    object while nothing has changed. `config.mongodb_uri` names the open `store`, as crawler.run.crawl wants it.
    """

    def __init__(self, sites: Callable[[], Sequence[Site]], config: Config, store: Store) -> None:
        self._sites = sites
        self._config = config
        self._store = store
        self._id = f"scheduler-{uuid4().hex[:8]}"
        self._declared: Sequence[Site] | None = None
        self._by_id: Mapping[str, Site] = {}
        self._stopping = threading.Event()
        self._lock = threading.Lock()  # one thread at a time brings the jobs in line
        self._idle = threading.Condition()
        self._busy = 0  # crawls under way
        self._lead = Leadership(store.leases, SCHEDULER, Owner.here(self._id), self._begin_turn)
        self._jobs = _Jobs(
            lambda: self._lead.token,
            jobstores={"default": store.jobs.store(lambda: self._turn), _UPKEEP: MemoryJobStore()},
            executors={"default": _Crawls(max(1, config.workers), self._crawl), _UPKEEP: ThreadPoolExecutor(1)},
            # However late it is, a crawl that is due is done, and once: what it finds covers what was missed.
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
            timezone=UTC,
        )
        self._turn = 0
        self._renewer = Renewer(store, config, self._site)
        self._ticking = threading.Thread(target=self._tick, name="scheduler", daemon=True)

    def __enter__(self) -> Self:
        self._jobs.add_listener(self._tell, EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
        self._jobs.add_job(
            self._prune, IntervalTrigger(days=1, timezone=UTC), id=_UPKEEP, jobstore=_UPKEEP, executor=_UPKEEP,
            next_run_time=datetime.now(UTC) + _PRUNE_AFTER,
        )  # fmt: skip
        self._jobs.start()
        self._lead.__enter__()
        self._ticking.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._ticking.join()
        self._renewer.stop()
        # A crawl that ends looks at its job, and APScheduler shuts down with the jobs locked: the crawls end first.
        with self._idle:
            self._idle.wait_for(lambda: not self._busy)
        self._jobs.shutdown(wait=True)
        self._lead.__exit__(kind, error, trace)

    def next_runs(self) -> dict[str, datetime]:
        """When each site is crawled next, UTC."""
        return self._store.jobs.next_runs()

    # the turn

    def _begin_turn(self, token: int) -> None:
        """In a thread of its own, when the lease has become ours."""
        log.info("This scheduler acts from now on (turn %d).", token)
        lost = self._store.runs.close_lost()
        if lost:
            log.warning("%d runs of processes that are gone were closed as lost.", lost)
        self._store.jobs.take_over(token)
        with self._lock:
            self._turn = token
            self._declared = None

    def _tick(self) -> None:
        """Keeps the jobs in line with the site files, and the articles with the taught rules, while it is our turn."""
        while not self._stopping.is_set():
            try:
                if self._lead.token:
                    self._follow_files()
            except (PyMongoError, BantinError, TurnLost) as error:
                log.warning("The schedule could not be brought in line with the site files yet: %s", error)
            except Exception:  # whatever it is, the other sites are crawled, and it is tried again
                log.exception("The schedule could not be brought in line with the site files.")
            self._follow_rules()
            self._stopping.wait(_TICK)

    def _follow_rules(self) -> None:
        """Reads again what rules that were taught or withdrawn concern."""
        try:
            if self._lead.token:
                self._renewer.look()
        except BantinError as error:
            log.warning("It could not be seen which sites are to be read again: %s", error)

    def _site(self, id: str) -> Site:
        """Any site by its id, also one that is not crawled on time."""
        return self._by_id.get(id) or load_catalog(self._config.sites_dir).get(id)

    def _follow_files(self) -> None:
        with self._lock:
            sites = self._sites()
            if sites is self._declared:
                return
            self._by_id = {site.id: site for site in sites}
            stored = {job.id: job for job in self._jobs.get_jobs("default")}
            for id in stored.keys() - self._by_id.keys():
                self._jobs.remove_job(id)
            for site in sites:
                self._line_up(site, stored.get(site.id), begins=self._declared is None)
            self._declared = sites
        log.info("%d sites are on schedule.", len(sites))

    def _line_up(self, site: Site, job: Job | None, *, begins: bool) -> None:
        """The job of a site as its file wants it. One that is so already keeps its next run; only where the turn
        begins, and the last run came to nothing with the scheduler that did it, it is done again at once."""
        if job is not None and job.trigger.schedule == site.schedule:
            last = self._last_run(site) if begins else None
            if last is not None and last.state in _UNDONE:
                self._jobs.modify_job(site.id, next_run_time=site.schedule.next_allowed(datetime.now(UTC)))
            return
        trigger = SiteTrigger(site.schedule)
        self._jobs.add_job(
            run_of, trigger, [site.id], id=site.id, name=site.id, replace_existing=True,
            next_run_time=due(site, self._last_run(site), datetime.now(UTC)),
        )  # fmt: skip

    def _prune(self) -> None:
        """Once a day: deletes what is older than the settings keep it (`bantin prune`)."""
        if self._lead.holds():
            for portion in prune(self._store.retention, self._config, datetime.now(UTC)):
                log.info("Pruned: %s", portion)

    def _last_run(self, site: Site) -> RunReport | None:
        found = self._store.runs.find(site.id, limit=20)
        return next((run for run in found if not run.dry_run and run.state is not RunState.SKIPPED), None)

    # a crawl

    def _crawl(self, id: str) -> None:
        with self._idle:
            if self._stopping.is_set():
                return
            self._busy += 1
        try:
            self._crawl_now(id)
        finally:
            with self._idle:
                self._busy -= 1
                self._idle.notify_all()

    def _crawl_now(self, id: str) -> None:
        site = self._by_id.get(id)
        if site is None:
            return
        if not self._lead.holds():
            log.warning("The crawl of %s is left to the scheduler that has taken over.", id)
            return
        try:
            report = crawl(site, CrawlOptions(turn=self._turn), self._config, self._watch)
        except _Stopped:
            log.info("The crawl of %s was stopped.", id)
            return
        level = logging.INFO if report.state is RunState.DONE else logging.WARNING
        log.log(level, "%s: %s, %d new, %d updated. %s", id, report.state, report.new, report.updated, report.error)
        if site.schedule.mode is ScheduleMode.ADAPTIVE and report.state is RunState.DONE:
            self._follow_rhythm(site, report)

    def _follow_rhythm(self, site: Site, report: RunReport) -> None:
        """Sets the next crawl by what is known of the site's rhythm now."""
        job = self._jobs.get_job(site.id)
        if job is None:
            return
        learned = self._learned(site, job.trigger.learned, report)
        trigger = SiteTrigger(site.schedule, learned)
        again = trigger.get_next_fire_time(report.started, datetime.now(UTC))
        self._jobs.modify_job(site.id, trigger=trigger, next_run_time=again)

    def _learned(self, site: Site, known: Learned | None, report: RunReport) -> Learned:
        now = datetime.now(UTC)
        if known is None or now - known.at >= _LEARN_EVERY:
            dates = self._store.articles.published_dates(site.id, now - _LOOK_BACK)
            rhythm = Rhythm.learn([row for row in dates if row[0] <= now], until=now)
            every = timedelta(minutes=site.schedule.every_minutes)
            return Learned(rhythm.to_json(), now, cost_of(rhythm, every / 2))
        if not report.new:
            return known
        # Of an article that states only its day, when it was found.
        found = self._store.articles.published_dates(site.id, known.at - timedelta(days=1))
        moments = [when if precise else report.started for when, precise in found]
        return replace(known, found=tuple(sorted(when for when in moments if known.at < when <= now)))

    def _watch(self, progress: Progress) -> None:
        """Ends a crawl from within: crawl() stops its process when this raises."""
        if self._stopping.is_set() and not progress.report.finished:
            raise _Stopped

    def _tell(self, event: JobEvent) -> None:
        """Leaves a trace of a run that was due and not begun."""
        why = f"The crawl of {event.job_id} {_TROUBLES[event.code]}."
        log.warning(why, exc_info=getattr(event, "exception", None))
        if event.job_id == _UPKEEP:
            return
        now = datetime.now(UTC)
        report = RunReport(new_run_id(event.job_id, now), event.job_id, now, RunState.SKIPPED, now, error=why)
        self._store.runs.finish(report)


def due(site: Site, last: RunReport | None, now: datetime) -> datetime:
    """When a site is to be crawled first after a start. A run that did not get done is done again at once."""
    if last is None or last.state in _UNDONE:
        return site.schedule.next_allowed(now)
    return max(now, SiteTrigger(site.schedule).get_next_fire_time(last.started, now))


def run_of(site_id: str) -> None:
    """What a stored job names as its function. It is never called: the scheduler that starts the job puts its own crawl
    in its place, since a document in MongoDB cannot hold one."""
    raise AssertionError(f"The job of {site_id} was run by another scheduler than Bantin's.")


@dataclass(frozen=True, slots=True)
class Learned:
    """What is known of a site's rhythm: when it was learnt, what a crawl costs (news.cadence.cost_of), and the
    publication times of what crawls have found since."""

    rhythm: Mapping[str, Any]
    at: datetime
    cost: timedelta
    found: tuple[datetime, ...] = ()


class SiteTrigger(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """When a site is crawled: as its schedule says, by its rhythm where that is adaptive. Pickled into its job."""

    def __init__(self, schedule: Schedule, learned: Learned | None = None) -> None:
        self.schedule = schedule
        self.learned = learned

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """The next time after the previous one; at once where there was none. Never in the past: what was missed is
        done once."""
        if previous_fire_time is None:
            return self.schedule.next_allowed(now)
        due = self.schedule.next_allowed(max(self._due(previous_fire_time, now), now))
        when: datetime = self._apply_jitter(due, self.schedule.jitter_seconds, now)
        return when if self.schedule.allows(when) else due

    def _due(self, last: datetime, now: datetime) -> datetime:
        times, every = self.schedule.times, timedelta(minutes=self.schedule.every_minutes)
        if times is not None:
            return times.after(last, self.schedule.zone)
        learned = self.learned
        if self.schedule.mode is ScheduleMode.INTERVAL or learned is None:
            return last + every
        bounds = bounds_of(every)
        shortest = max(bounds.shortest, timedelta(minutes=self.schedule.at_least_minutes))
        rhythm = Rhythm.from_json(learned.rhythm)
        return next_crawl(
            rhythm, last, now, cost=learned.cost, shortest=shortest, longest=bounds.longest, found=learned.found
        )


class _Crawls(ThreadPoolExecutor):  # type: ignore[misc]  # APScheduler has no types
    """Runs the jobs of one scheduler, so many at a time."""

    def __init__(self, workers: int, crawl_site: Callable[[str], None]) -> None:
        super().__init__(workers)
        self._crawl_site = crawl_site

    def _do_submit_job(self, job: Job, run_times: list[datetime]) -> None:
        job.func = self._crawl_site
        super()._do_submit_job(job, run_times)


class _Jobs(BackgroundScheduler):  # type: ignore[misc]  # APScheduler has no types
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


class _Stopped(Exception):
    pass
