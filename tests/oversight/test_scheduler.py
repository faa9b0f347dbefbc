"""What the scheduler does about the health of sites and at the word of operators, with real crawls."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from config import Config
from demo.server import Demo
from news.control import Control, ControlKind, ControlState
from news.health import HealthState
from news.report import RunReport, RunState
from news.schedule import Expect, Schedule, ScheduleMode
from news.site import Site
from scheduler import Scheduler
from storage.connect import Store
from storage.health import SiteHealth
from storage.owner import Owner

MINUTE = timedelta(minutes=1)
HOURLY = Schedule(ScheduleMode.INTERVAL, 60, jitter_seconds=0)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Demo(base_port=0) as demo:
        # What it publishes is of some day long ago, whatever the day of the test is.
        yield replace(demo.site("demo-mst"), schedule=HOURLY, expect=Expect(silent_days=90_000))


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduler._TICK", 0.2)


@pytest.fixture
def dead(site: Site) -> Site:
    """The site, at an address where nobody answers."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        host = f"127.0.0.1:{door.getsockname()[1]}"
    politeness = replace(site.politeness, retries=0)
    return replace(site, hosts=(host,), home=f"http://{host}/", sources=(), politeness=politeness)


def wait_for(condition: Callable[[], object], seconds: float = 60) -> Any:
    until = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < until, condition
        time.sleep(0.05)
    return found


def failed(store: Store, site: Site, runs: int) -> SiteHealth | None:
    """How the site is after so many crawls in vain."""
    row = store.health.get(site.id)
    return row if row and row.memory.bad and row.memory.bad.runs == runs else None


def near(one: datetime | None, other: datetime | None) -> bool:
    return bool(one and other) and abs(one - other) < timedelta(seconds=1)  # type: ignore[operator]


def quiet(site: Site, store: Store) -> None:
    """The site was crawled a moment ago, so that nothing is due."""
    now = datetime.now(UTC)
    store.runs.finish(RunReport("r0", site.id, now - MINUTE, RunState.DONE, now))


@contextmanager
def scheduled(sites: list[list[Site]], config: Config, store: Store) -> Iterator[Scheduler]:
    with Scheduler(lambda: sites[0], config, store) as scheduler:
        wait_for(scheduler.acts)
        yield scheduler


def ask(store: Store, site: Site, kind: ControlKind, **args: Any) -> Control:
    asked = store.controls.ask(site.id, kind, "lan", datetime.now(UTC), args)
    done = store.controls.wait(asked.id, 10)
    assert done.state.over
    assert done.ended
    return done


def test_a_site_that_fails_is_left_alone_ever_longer_and_returns_to_its_schedule(
    site: Site, dead: Site, store: Store, config: Config
) -> None:
    sites = [[dead]]
    with scheduled(sites, config, store) as scheduler:
        waits = []
        for runs in (1, 2):
            row = wait_for(lambda runs=runs: failed(store, site, runs))
            wait_for(lambda row=row: near(scheduler.next_runs().get(site.id), row.retry))
            waits.append(row.retry - row.judged)
            if runs == 1:
                ask(store, site, ControlKind.RUN)
        assert [round(wait / MINUTE) for wait in waits] == [15, 30]

        sites[0] = [site]
        wait_for(lambda: scheduler._by_id[site.id] == site)
        ask(store, site, ControlKind.RUN)
        row = wait_for(lambda: (row := store.health.get(site.id)) and row.memory.bad is None and row)
        assert row.retry is None
        assert row.memory.success
        assert row.health.state is HealthState.HEALTHY
        planned = wait_for(lambda: (at := scheduler.next_runs()[site.id]) > row.judged + 50 * MINUTE and at)
        assert planned < row.judged + 61 * MINUTE


def test_a_failing_site_that_somebody_else_crawls_is_left_to_them(dead: Site, store: Store, config: Config) -> None:
    with scheduled([[dead]], config, store) as scheduler:
        row = wait_for(lambda: failed(store, dead, 1))
        wait_for(lambda: near(scheduler.next_runs().get(dead.id), row.retry))
        over = replace(row, retry=datetime.now(UTC) - MINUTE)  # the pause that it was left alone for
        store.health.keep(over, turn=scheduler._turn)
        scheduler._keeper.begin(scheduler._turn)
        assert store.site_state.claim(dead.id, Owner.here("by hand"), datetime.now(UTC), 60)
        ask(store, dead, ControlKind.RUN)
        wait_for(lambda: len(store.runs.find(dead.id)) == 2)
        planned = wait_for(lambda: (at := scheduler.next_runs()[dead.id]) > datetime.now(UTC) and at)
        assert planned > datetime.now(UTC) + 14 * MINUTE
    assert len(store.runs.find(dead.id)) == 2


def test_a_failing_site_is_not_hurried_by_a_restart(dead: Site, store: Store, config: Config) -> None:
    with scheduled([[dead]], config, store) as scheduler:
        row = wait_for(lambda: failed(store, dead, 1))
        wait_for(lambda: near(scheduler.next_runs().get(dead.id), row.retry))
    with scheduled([[dead]], config, store) as scheduler:
        assert store.leases.is_current("scheduler", 2)
        assert near(scheduler.next_runs()[dead.id], row.retry)
    assert len(store.runs.find(dead.id)) == 1


def test_an_operator_pauses_resumes_and_reschedules_a_site_within_two_seconds(
    site: Site, store: Store, config: Config
) -> None:
    quiet(site, store)
    with scheduled([[site]], config, store) as scheduler:
        wait_for(lambda: site.id in scheduler.next_runs())
        paused = ask(store, site, ControlKind.PAUSE, reason="bảo trì")
        assert paused.ended
        assert paused.ended - paused.at < timedelta(seconds=2)
        assert scheduler.next_runs() == {}
        health = store.health.get(site.id)
        assert health
        assert (health.health.state, health.health.decisive()) == (HealthState.PAUSED, {"paused_by": "lan"})

        ask(store, site, ControlKind.SCHEDULE, mode="cron", cron="0 6 * * *")
        assert scheduler.next_runs() == {}, "it is paused still"
        ask(store, site, ControlKind.RESUME)
        planned = scheduler.next_runs()[site.id]
        assert (planned.astimezone(scheduler._by_id[site.id].schedule.zone).hour, planned.minute) == (6, 0)
        assert store.standing.get(site.id).scheduled_by == "lan"

        ask(store, site, ControlKind.SCHEDULE)
        assert timedelta() < scheduler.next_runs()[site.id] - datetime.now(UTC) < 61 * MINUTE
        bad = ask(store, site, ControlKind.SCHEDULE, cron="nightly")
        assert bad.state is ControlState.REFUSED
        assert ask(store, replace(site, id="la"), ControlKind.RUN).state is ControlState.REFUSED
    assert [change.health.state for change in store.health.history(site.id)][:2] == [
        HealthState.HEALTHY, HealthState.PAUSED,
    ]  # fmt: skip


def test_what_fails_as_nobody_thought_of_is_refused_and_the_next_is_heard(
    site: Site, store: Store, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    def burst(*_: object) -> None:
        raise OverflowError("date value out of range")

    quiet(site, store)
    monkeypatch.setattr("oversight.keeper.Keeper.accept", burst)
    monkeypatch.setattr("scheduler.Scheduler.backfill", burst)
    with scheduled([[site]], config, store):
        span = {"since": "2026-01-01T00:00:00+07:00", "until": "2026-02-01T00:00:00+07:00"}
        for done in (ask(store, site, ControlKind.ACCEPT), ask(store, site, ControlKind.BACKFILL, **span)):
            assert (done.state, "out of range" in done.answer) == (ControlState.REFUSED, True)
        assert ask(store, site, ControlKind.PAUSE).state is ControlState.DONE


def test_a_pause_holds_over_a_restart_and_ends_at_its_time(site: Site, store: Store, config: Config) -> None:
    quiet(site, store)
    until = datetime.now(UTC) + 60 * MINUTE
    with scheduled([[site]], config, store):
        ask(store, site, ControlKind.PAUSE, until=until.isoformat())
    with scheduled([[site]], config, store) as scheduler:
        scheduler._steering.step(until - MINUTE)
        assert scheduler.next_runs() == {}
        scheduler._steering.step(until)
        assert site.id in scheduler.next_runs()


def test_a_paused_site_can_be_crawled_once_and_a_run_is_begun_once(site: Site, store: Store, config: Config) -> None:
    quiet(site, store)
    with scheduled([[site]], config, store) as scheduler:
        ask(store, site, ControlKind.PAUSE)
        ran = ask(store, site, ControlKind.RUN)
        wait_for(lambda: len(store.runs.find(site.id)) == 2 and store.runs.find(site.id)[0].finished)
        wait_for(lambda: scheduler.next_runs() == {})
    store._database.controls.update_one({"_id": ran.id}, {"$set": {"state": "taken", "open": True}})
    with scheduled([[site]], config, store):  # the one before was killed before it could answer
        done = store.controls.wait(ran.id, 10)
    assert "since" in done.answer
    assert len(store.runs.find(site.id)) == 2


def test_an_operator_asks_for_a_back_fill(site: Site, store: Store, config: Config) -> None:
    quiet(site, store)
    with scheduled([[site]], config, store):
        days = {"since": "2024-01-01T00:00:00+07:00", "until": "2030-01-01T00:00:00+07:00"}
        asked = store.controls.ask(site.id, ControlKind.BACKFILL, "lan", datetime.now(UTC), days)
        wait_for(lambda: store.controls.wait(asked.id, 0).state is ControlState.TAKEN)
        done = store.controls.wait(asked.id, 60)

    assert (done.state, done.answer) == (ControlState.DONE, "All is read.")
    assert store.articles.count() > 30
    run = store.runs.find(site.id)[0]
    assert run.backfill
