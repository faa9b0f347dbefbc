"""Who is crawled when."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config import Config
from demo.server import Demo
from news.report import RunReport, RunState
from news.site import Site
from scheduler import Scheduler, due
from storage.connect import Store
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

    assert due(site, None, NOW) == NOW, "never crawled"
    assert due(site, run(site, every * 3), NOW) == NOW, "overdue"
    assert due(site, run(site, every / 3), NOW) == NOW - every / 3 + every, "not before its time"


@pytest.mark.parametrize("state", [RunState.FAILED, RunState.KILLED, RunState.LOST])
def test_a_run_that_did_not_get_done_is_done_again_at_once(site: Site, state: RunState) -> None:
    assert due(site, run(site, timedelta(minutes=1), state), NOW) == NOW


def test_a_dry_run_counts_as_none(site: Site) -> None:
    assert due(site, replace(run(site, timedelta(minutes=1)), dry_run=True), NOW) == NOW


def test_due_sites_are_crawled_and_others_wait(site: Site, store: Store, config: Config) -> None:
    now = datetime.now(UTC)
    waiting = replace(site, id="cho-doi", name="Chờ đợi")
    store.runs.finish(run(waiting, timedelta(minutes=5), now=now))
    with Scheduler([site, waiting], config, store) as scheduler:
        planned = scheduler.next_runs()[waiting.id]
        until = time.monotonic() + 60
        while not any(report.finished for report in store.runs.find(site.id)):
            assert time.monotonic() < until
            time.sleep(0.1)

    (report,) = store.runs.find(site.id)
    assert (report.state, report.new > 30) == (RunState.DONE, True)
    assert abs(planned - (now + timedelta(minutes=site.schedule.every_minutes - 5))) < timedelta(seconds=1)
    assert len(store.runs.find(waiting.id)) == 1


def test_a_run_of_a_dead_process_is_closed_at_the_start(site: Site, store: Store, config: Config) -> None:
    lost = run(site, timedelta(minutes=1), RunState.RUNNING)
    store.runs.start(lost, replace(Owner.here(lost.id), pid=2**22))

    with Scheduler([], config, store):
        pass

    stored = store.runs.get(lost.id)
    assert stored
    assert stored.state is RunState.LOST


def test_stopping_ends_a_running_crawl_and_keeps_what_it_stored(site: Site, store: Store, config: Config) -> None:
    slow = replace(site, politeness=replace(site.politeness, delay=0.5, concurrency=1))
    with Scheduler([slow], config, store):
        until = time.monotonic() + 60
        while not store.articles.count():
            assert time.monotonic() < until
            time.sleep(0.1)
        began = time.monotonic()

    assert time.monotonic() - began < 20
    (report,) = store.runs.find(site.id)
    assert report.finished
    assert 0 < store.articles.count() < 30
