"""Who is crawled when."""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from config import Config
from demo.server import Demo
from news.report import RunReport, RunState
from news.schedule import Schedule, ScheduleMode
from news.site import Site
from scheduler import Scheduler, SiteTrigger, due
from storage.connect import Store
from storage.leases import SCHEDULER
from storage.owner import Owner

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Demo(base_port=0) as demo:
        yield demo.site("demo-mst")


def run(site: Site, ago: timedelta, state: RunState = RunState.DONE, now: datetime = NOW) -> RunReport:
    finished = None if state is RunState.RUNNING else now - ago
    return RunReport(id=f"r-{ago}", site=site.id, started=now - ago, state=state, finished=finished)


def test_a_restart_lets_nothing_lapse(site: Site) -> None:
    every = timedelta(minutes=site.schedule.every_minutes)
    plain = fixed(site)

    assert due(plain, None, NOW) == NOW, "never crawled"
    assert due(plain, run(site, every * 3), NOW) == NOW, "overdue"
    assert due(plain, run(site, every / 3), NOW) == NOW - every / 3 + every, "not before its time"


@pytest.mark.parametrize("state", [RunState.FAILED, RunState.KILLED, RunState.LOST])
def test_a_run_that_did_not_get_done_is_done_again_at_once(site: Site, state: RunState) -> None:
    assert due(site, run(site, timedelta(minutes=1), state), NOW) == NOW


def test_due_sites_are_crawled_and_others_wait(site: Site, store: Store, config: Config) -> None:
    now = datetime.now(UTC)
    waiting = fixed(replace(site, id="cho-doi", name="Chờ đợi"))
    store.runs.finish(run(waiting, timedelta(minutes=5), now=now))
    sites = [fixed(site), waiting]
    with Scheduler(lambda: sites, config, store) as scheduler:
        wait_for(lambda: any(report.finished for report in store.runs.find(site.id)))
        planned = scheduler.next_runs()

    (report,) = store.runs.find(site.id)
    assert (report.state, report.new > 30) == (RunState.DONE, True)
    every = timedelta(minutes=site.schedule.every_minutes)
    assert abs(planned[waiting.id] - (now - timedelta(minutes=5) + every)) < timedelta(seconds=1)
    assert abs(planned[site.id] - (report.started + every)) < timedelta(seconds=15)
    assert len(store.runs.find(waiting.id)) == 1


def test_a_schedule_outlives_its_scheduler(site: Site, store: Store, config: Config) -> None:
    sites = [fixed(site)]
    with Scheduler(lambda: sites, config, store) as scheduler:
        wait_for(lambda: any(report.finished for report in store.runs.find(site.id)))
        wait_for(lambda: scheduler.next_runs()[site.id] > datetime.now(UTC))
        planned = scheduler.next_runs()[site.id]
    with Scheduler(lambda: sites, config, store) as scheduler:
        wait_for(lambda: store.leases.is_current(SCHEDULER, 2))
        time.sleep(3)
        assert scheduler.next_runs() == {site.id: planned}
    assert len(store.runs.find(site.id)) == 1


def test_a_changed_file_is_taken_up_and_a_site_whose_file_is_gone_is_crawled_no_more(
    site: Site, store: Store, config: Config
) -> None:
    now = datetime.now(UTC)
    quiet = fixed(site)
    store.runs.finish(run(quiet, timedelta(minutes=1), now=now))
    current = [[quiet]]
    with Scheduler(lambda: current[0], config, store) as scheduler:
        wait_for(lambda: site.id in scheduler.next_runs())
        current[0] = [replace(quiet, schedule=replace(quiet.schedule, every_minutes=600))]
        wait_for(lambda: scheduler.next_runs()[site.id] > now + timedelta(minutes=500))
        current[0] = []
        wait_for(lambda: not scheduler.next_runs())


def test_a_run_of_a_dead_process_is_closed_at_the_start(site: Site, store: Store, config: Config) -> None:
    lost = run(site, timedelta(minutes=1), RunState.RUNNING)
    store.runs.start(lost, replace(Owner.here(lost.id), pid=2**22))

    with Scheduler(list, config, store):
        wait_for(lambda: state_of(store, lost.id) is RunState.LOST)


def test_stopping_ends_a_running_crawl_and_keeps_what_it_stored(site: Site, store: Store, config: Config) -> None:
    slow = [replace(site, politeness=replace(site.politeness, delay=0.5, concurrency=1))]
    with Scheduler(lambda: slow, config, store):
        wait_for(store.articles.count)
        began = time.monotonic()

    assert time.monotonic() - began < 20
    (report,) = store.runs.find(site.id)
    assert report.finished
    assert 0 < store.articles.count() < 30


def test_a_crawl_that_is_due_while_the_last_one_runs_leaves_a_trace(site: Site, store: Store, config: Config) -> None:
    slow = replace(site, politeness=replace(site.politeness, delay=0.5, concurrency=1))
    sites = [fixed(slow)]
    with Scheduler(lambda: sites, config, store) as scheduler:
        wait_for(store.articles.count)
        scheduler._jobs.modify_job(site.id, next_run_time=datetime.now(UTC))
        wait_for(lambda: RunState.SKIPPED in {report.state for report in store.runs.find(site.id)})

    trace = next(report for report in store.runs.find(site.id) if report.state is RunState.SKIPPED)
    assert "still running" in trace.error


def test_of_two_schedulers_one_acts_and_the_other_follows_it(site: Site, store: Store, config: Config) -> None:
    sites = [fixed(site)]
    with ExitStack() as stack:
        with Scheduler(lambda: sites, config, store):
            wait_for(lambda: store.leases.is_current(SCHEDULER, 1))
            stack.enter_context(Scheduler(lambda: sites, config, store))
            wait_for(lambda: any(report.finished for report in store.runs.find(site.id)))
            assert store.leases.is_current(SCHEDULER, 1)
        wait_for(lambda: store.leases.is_current(SCHEDULER, 2))
    assert len(store.runs.find(site.id)) == 1


def test_a_site_is_crawled_by_its_rhythm_once_it_is_known(site: Site, store: Store, config: Config) -> None:
    sites = [replace(site, schedule=Schedule(every_minutes=60, jitter_seconds=0))]
    with Scheduler(lambda: sites, config, store) as scheduler:
        wait_for(lambda: any(report.finished for report in store.runs.find(site.id)))
        # The portal's news are of last year, so nothing is to be expected but what any portal publishes.
        wait_for(lambda: learned(store, site.id) is not None)
        planned = scheduler.next_runs()[site.id]
    (report,) = store.runs.find(site.id)
    assert report.started + timedelta(minutes=12) <= planned <= report.started + timedelta(days=1)


@pytest.mark.parametrize(
    ("schedule", "last", "now", "expected"),
    [
        (Schedule(ScheduleMode.INTERVAL, 30, jitter_seconds=0), 10, 15, 40),
        (Schedule(ScheduleMode.INTERVAL, 30, jitter_seconds=0), 10, 500, 500),  # missed: done once, now
        (Schedule(ScheduleMode.ADAPTIVE, 30, jitter_seconds=0), 10, 15, 40),  # of an unknown site nothing is known
        (Schedule(ScheduleMode.CRON, cron="0 */2 * * *", jitter_seconds=0), 10, 15, 60),  # 16:00 in Vietnam
        (Schedule(ScheduleMode.INTERVAL, 30, windows=("17:00-18:00",), jitter_seconds=0), 10, 15, 120),
    ],
)
def test_the_next_crawl_is_where_the_schedule_says(schedule: Schedule, last: int, now: int, expected: int) -> None:
    def at(minutes: int) -> datetime:
        return NOW + timedelta(minutes=minutes)

    assert SiteTrigger(schedule).get_next_fire_time(at(last), at(now)) == at(expected)


def test_jitter_never_leaves_the_window() -> None:
    schedule = Schedule(ScheduleMode.INTERVAL, 1, windows=("15:00-15:10",), jitter_seconds=3600)
    for minute in range(9):
        when = SiteTrigger(schedule).get_next_fire_time(NOW, NOW + timedelta(minutes=minute))
        assert schedule.allows(when)


def fixed(site: Site) -> Site:
    return replace(site, schedule=Schedule(ScheduleMode.INTERVAL, site.schedule.every_minutes, jitter_seconds=0))


def learned(store: Store, site: str) -> Any:
    job = store._database.jobs.find_one({"_id": site})
    return pickle.loads(job["job_state"])["trigger"].learned if job else None


def state_of(store: Store, run: str) -> RunState | None:
    found = store.runs.get(run)
    return found and found.state


def wait_for(condition: Callable[[], object]) -> None:
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until, condition
        time.sleep(0.1)
