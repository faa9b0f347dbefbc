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
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self
from uuid import uuid4

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.job import Job
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.triggers.interval import IntervalTrigger
from pymongo.errors import PyMongoError

from config import Config
from crawler.job import CrawlOptions, Progress, new_run_id, stands_still
from crawler.renewing import Renewer
from crawler.run import crawl
from news.alerts import Rules
from news.cadence import cost_of
from news.errors import BantinError
from news.health import still_ahead
from news.report import RunReport, RunState
from news.rhythm import Rhythm
from news.schedule import ScheduleMode
from news.site import Site
from oversight.aftermath import carried_out, is_undone, keep
from oversight.alarm import Alarm
from oversight.courier import send
from oversight.engine import Crawls, Jobs
from oversight.keeper import LEARN_EVERY, Keeper
from oversight.steering import Steering
from oversight.trigger import Learned, SiteTrigger
from oversight.underway import Underway
from spiders.catalog import load_catalog
from storage.connect import Store
from storage.health import SiteHealth
from storage.leadership import Leadership
from storage.leases import SCHEDULER, TurnLost
from storage.owner import Owner
from storage.retention import prune

log = logging.getLogger("bantin.scheduler")

_TICK = 2.0  # seconds between two looks at whether we hold the lease and whether site files or taught rules changed
_FIRST_TICK = 0.2  # while the jobs of a turn are not in line yet, or another acts
_JUDGE_EVERY = 60.0  # seconds between two judgements of all sites: some are late or silent without any crawl
_AWAIT = 2.0  # seconds between two looks whether the crawl that a back-fill gave way to has ended
# The job that is of no site, in a store and an executor of its own; not in the first minutes, when crawls are due.
_UPKEEP, _PRUNE_AFTER = "upkeep", timedelta(minutes=10)

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
        self._by_id: dict[str, Site] = {}
        self._stopping = threading.Event()
        self._lock = threading.Lock()  # one thread at a time brings the jobs in line
        self._lead = Leadership(store.leases, SCHEDULER, Owner.here(self._id), self._begin_turn)
        self._underway = Underway(store, max(1, config.workers), config.crawl_time_limit)
        self._planned: dict[str, datetime] = {}
        self._steering = Steering(store, self)
        self._keeper = Keeper(store, self._due, self._steering.standing)
        self._alarm = Alarm(
            store, config.alerts, Rules(timedelta(seconds=config.alert_group_seconds), config.alert_quiet_hours),
            config.alert_language, self._names, self._lead.holds, send,
        )  # fmt: skip
        self._jobs = Jobs(
            lambda: self._lead.token,
            jobstores={"default": store.jobs.store(lambda: self._turn), _UPKEEP: MemoryJobStore()},
            executors={
                "default": Crawls(max(1, config.workers), self._crawl, self._underway.wait),
                _UPKEEP: ThreadPoolExecutor(1),
            },
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
        self._steering.__enter__()
        self._alarm.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._alarm.__exit__(kind, error, trace)
        self._steering.__exit__(kind, error, trace)
        self._ticking.join()
        self._renewer.stop()
        # A crawl that ends looks at its job, and APScheduler shuts down with the jobs locked: the crawls end first.
        self._underway.rest()
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
        self._keeper.begin(token)
        self._steering.begin()
        with self._lock:
            self._turn = token
            self._declared = None

    def _tick(self) -> None:
        """Keeps the jobs in line with the site files, and the articles with the taught rules, while it is our turn."""
        judged = float("-inf")
        while not self._stopping.is_set():
            try:
                if self._lead.token:
                    self._follow_files()
                    if time.monotonic() - judged > _JUDGE_EVERY:
                        judged = time.monotonic()
                        self._planned = self.next_runs()
                        self._keeper.look(list(self._by_id.values()))
            except (PyMongoError, BantinError, TurnLost) as error:
                log.warning("The schedule could not be brought in line with the site files yet: %s", error)
            except Exception:  # whatever it is, the other sites are crawled, and it is tried again
                log.exception("The schedule could not be brought in line with the site files.")
            self._follow_rules()
            self._stopping.wait(_TICK if self._declared is not None else _FIRST_TICK)

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
            self._by_id = {site.id: self._ordered(site) for site in sites}
            stored = {job.id: job for job in self._jobs.get_jobs("default")}
            for id in stored.keys() - self._by_id.keys():
                self._jobs.remove_job(id)
            for site in self._by_id.values():
                self._line_up(site, stored.get(site.id), begins=self._declared is None)
            self._declared = sites
        log.info("%d sites are on schedule.", len(sites))

    def _line_up(self, site: Site, job: Job | None, *, begins: bool) -> None:
        """The job of a site as its file and its operators want it. One that is so already keeps its next run; only
        where the turn begins, and the last run came to nothing with the scheduler that did it, it is done again at
        once."""
        paused = self._is_paused(site.id)
        if job is not None and job.trigger.schedule == site.schedule:
            last = self._last_run(site) if begins and not paused else None
            if (job.next_run_time is None) != paused or (last is not None and is_undone(last)):
                self._jobs.modify_job(site.id, next_run_time=None if paused else self._first(site))
            return
        self._jobs.add_job(
            run_of, SiteTrigger(site.schedule), [site.id], id=site.id, name=site.id, replace_existing=True,
            next_run_time=None if paused else self._first(site),
        )  # fmt: skip

    def _first(self, site: Site) -> datetime:
        """When a site is crawled first that was not on schedule: one that could not be read is left alone as long as
        it was to be."""
        now, known = datetime.now(UTC), self._keeper.known(site.id)
        if known is not None and known.memory.bad and known.retry:
            return max(now, known.retry)
        return due(site, self._last_run(site), now)

    def _ordered(self, site: Site) -> Site:
        """The site with the schedule that operators gave it."""
        standing = self._steering.standing().get(site.id)
        return replace(site, schedule=standing.schedule) if standing and standing.schedule else site

    def _is_paused(self, id: str) -> bool:
        standing = self._steering.standing().get(id)
        return standing is not None and standing.paused is not None

    # what operators ask (oversight.steering.Helm)

    def acts(self) -> bool:
        # Before the jobs are brought in line nothing is known of the sites that an order may be for.
        return bool(self._lead.token) and self._declared is not None

    def site(self, id: str) -> Site | None:
        return self._by_id.get(id)

    def hasten(self, id: str) -> None:
        if self._underway.waiting(id) is None:
            self._jobs.modify_job(id, next_run_time=datetime.now(UTC))

    def realign(self, id: str) -> None:
        with self._lock:
            declared = next((site for site in self._declared or () if site.id == id), None)
            if declared is None:  # its file is gone, or the turn has just begun and all jobs are to be brought in line
                return
            site = self._by_id[id] = self._ordered(declared)
            self._line_up(site, self._jobs.get_job(id), begins=False)
        self._keeper.follow(site)

    def accept(self, site: Site) -> None:
        self._keeper.accept(site)

    def stop(self, run: str, by: str) -> bool:
        return self._underway.end(run, by)

    def publish(self) -> None:
        self._underway.publish(self._turn)

    def backfill(self, site: Site, since: datetime, until: datetime) -> RunReport:
        options = CrawlOptions(since=since, until=until, backfill=True, turn=self._turn)
        while True:
            while not self._store.site_state.is_free(site.id, datetime.now(UTC)) and not self._stopping.wait(_AWAIT):
                pass
            try:
                report = self._begin(site, options)
            except _Stopped:
                return RunReport("", site.id, datetime.now(UTC))
            if report.state is not RunState.DONE or report.complete or stands_still(report):
                return report

    def _prune(self) -> None:
        """Once a day: deletes what is older than the settings keep it (`bantin prune`)."""
        if self._lead.holds():
            for portion in prune(self._store.retention, self._config, datetime.now(UTC)):
                log.info("Pruned: %s", portion)

    def _last_run(self, site: Site) -> RunReport | None:
        found = self._store.runs.find(site.id, limit=20)
        return next((run for run in found if not run.dry_run and run.state is not RunState.SKIPPED), None)

    # a crawl

    def _names(self) -> dict[str, str]:
        return {site.id: site.name for site in self._by_id.values()}

    def _due(self, id: str) -> datetime | None:
        """When the crawl of a site was or is due that has not begun."""
        return self._underway.waiting(id) or self._planned.get(id)

    def _crawl(self, id: str) -> None:
        self._planned.pop(id, None)
        with self._underway.at_work(id):
            if not self._stopping.is_set():
                self._crawl_now(id)

    def _crawl_now(self, id: str) -> None:
        site = self._by_id.get(id)
        if site is None:
            return
        if not self._lead.holds():
            log.warning("The crawl of %s is left to the scheduler that has taken over.", id)
            return
        try:
            report = self._begin(site, CrawlOptions(turn=self._turn))
        except _Stopped:
            log.info("The crawl of %s was stopped.", id)
            return
        level = logging.INFO if report.state is RunState.DONE else logging.WARNING
        log.log(level, "%s: %s, %d new, %d updated. %s", id, report.state, report.new, report.updated, report.error)
        try:
            carried_out(lambda: self._plan_next(site, report, self._keeper.follow(site)), self._stopping)
        except TurnLost:
            log.info("What follows from it is left to the scheduler that has taken over.")
        except Exception:  # not that the crawl did not begin, which APScheduler's word for it would be
            log.exception("What follows from the crawl of %s could not be done.", id)

    def _begin(self, site: Site, options: CrawlOptions) -> RunReport:
        """Crawls, until it is over, this scheduler ends, or somebody stops it."""
        report = crawl(site, options, self._config, self._watch, self._underway.ended_by)
        self._underway.over(report.id)
        if not carried_out(lambda: keep(self._store, report), self._stopping):
            raise _Stopped
        return report

    def _plan_next(self, site: Site, report: RunReport, known: SiteHealth) -> None:
        """Sets the next crawl by what is known now: one that cannot be read is tried again ever more rarely, others
        follow their rhythm, and none is asked sooner than its server wishes."""
        job = self._jobs.get_job(site.id)
        if job is None:
            return
        if self._is_paused(site.id):
            self._jobs.modify_job(site.id, next_run_time=None)
        elif known.memory.bad is not None and known.retry is not None:
            again = still_ahead(known.retry, site.schedule, datetime.now(UTC))
            self._jobs.modify_job(site.id, next_run_time=again)
        else:
            trigger, again = job.trigger, job.next_run_time
            if site.schedule.mode is ScheduleMode.ADAPTIVE and report.state is RunState.DONE:
                trigger = SiteTrigger(site.schedule, self._learned(site, job.trigger.learned, report, known))
                again = trigger.get_next_fire_time(report.started, datetime.now(UTC))
            if known.retry is not None and again is not None:
                again = max(again, known.retry)
            if (trigger, again) != (job.trigger, job.next_run_time):
                self._jobs.modify_job(site.id, trigger=trigger, next_run_time=again)

    def _learned(self, site: Site, before: Learned | None, report: RunReport, known: SiteHealth) -> Learned:
        now = datetime.now(UTC)
        if (before is None or now - before.at >= LEARN_EVERY) and known.rhythm and known.rhythm_at:
            every = timedelta(minutes=site.schedule.every_minutes)
            before = Learned(known.rhythm, known.rhythm_at, cost_of(Rhythm.from_json(known.rhythm), every / 2))
        assert before is not None
        if not report.new:
            return before
        # Of an article that states only its day, when it was found.
        found = self._store.articles.published_dates(site.id, before.at - timedelta(days=1))
        moments = [when if precise else report.started for when, precise in found]
        return replace(before, found=tuple(sorted(when for when in moments if before.at < when <= now)))

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
    if last is None or is_undone(last):
        return site.schedule.next_allowed(now)
    return max(now, SiteTrigger(site.schedule).get_next_fire_time(last.started, now))


def run_of(site_id: str) -> None:
    """What a stored job names as its function. It is never called: the scheduler that starts the job puts its own crawl
    in its place, since a document in MongoDB cannot hold one."""
    raise AssertionError(f"The job of {site_id} was run by another scheduler than Bantin's.")


class _Stopped(Exception):
    pass
