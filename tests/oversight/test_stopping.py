"""A run that somebody stops ends, is counted as killed by them, and nothing of it is lost or done twice."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from config import Config
from demo.server import Demo
from news.control import Control, ControlKind, ControlState
from news.report import RunReport, RunState
from news.site import Site
from scheduler import Scheduler
from storage.connect import Store
from storage.now import now_of

PORTAL = "demo-mst"


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with Demo(base_port=0) as running:
        yield running


@pytest.fixture
def slow(demo: Demo) -> Iterator[Site]:
    """A site whose articles never come."""
    demo.portals[PORTAL].fault("post|tin|bai|html", "hang")
    yield demo.site(PORTAL)
    demo.portals[PORTAL].mend()


def wait_for(condition: Callable[[], Any]) -> Any:
    until = time.monotonic() + 60
    while not (found := condition()):
        assert time.monotonic() < until, condition
        time.sleep(0.05)
    return found


def stopped(store: Store, run: str, site: str = PORTAL) -> Control:
    asked = store.controls.ask(site, ControlKind.STOP, "lan", datetime.now(UTC), {"run": run})
    return store.controls.wait(asked.id, 30)


def test_a_run_that_hangs_ends_at_once_and_says_who_stopped_it(slow: Site, store: Store, config: Config) -> None:
    config = replace(config, workers=1)
    second = replace(slow, id="cho-luot", name="Chờ lượt")
    sites = [slow, second]
    with Scheduler(lambda: sites, config, store):
        (run,) = wait_for(store.runs.under_way)
        told = wait_for(lambda: (now := now_of(store, 5)).waiting and now)
        assert (told.station.busy, told.station.workers, told.station.limit) == (1, 1, config.crawl_time_limit)
        assert [*told.waiting] == [next(site.id for site in sites if site.id != run.site)]
        assert run.site not in told.next

        assert stopped(store, run.id, run.site).answer == "It is being stopped."
        told = "lan stopped it. The next one goes on."
        ended = wait_for(lambda: (found := store.runs.get(run.id)) and found.error == told and found)

        assert ended.state is RunState.KILLED
        assert store.site_state.is_free(run.site, datetime.now(UTC)), "the next one can begin"
        assert (ended.finished - run.started).total_seconds() < config.crawl_time_limit
        assert stopped(store, run.id, run.site).answer == "It is over already."


def test_what_a_scheduler_did_not_begin_it_does_not_end(store: Store, config: Config) -> None:
    with Scheduler(list, config, store):
        store.runs.start(RunReport("r1", "a", datetime.now(UTC)))
        refused, unknown = stopped(store, "r1", "a"), stopped(store, "r2", "a")

    assert (refused.state, unknown.state) == (ControlState.REFUSED, ControlState.REFUSED)
    assert f"process {os.getpid()}" in refused.answer
    assert "no run r2" in unknown.answer
