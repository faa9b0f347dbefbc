"""What is known of a site stands over its pause, and over the time in which its file is gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from demo.server import Demo
from news.control import Standing
from news.health import HealthState, Pause
from news.report import Fate, RunReport, RunState
from news.schedule import Expect
from news.site import Site
from oversight.keeper import Keeper
from storage.connect import Store
from storage.health import SiteHealth

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Demo(base_port=0) as demo:
        yield replace(demo.site("demo-mst"), expect=Expect(silent_days=90_000))


def crawled(store: Store, site: Site, ago: timedelta, fate: Fate = Fate.READ, **values: Any) -> None:
    at = datetime.now(UTC) - ago
    sources = {source.url: fate for source in site.announcements}
    done = RunState.DONE if fate.good else RunState.FAILED
    store.runs.finish(RunReport(f"r{at:%j%H%M%S}", site.id, at, done, at, sources=sources, **values))


def articles(store: Store, site: Site, ago: timedelta, authors: int, body: str) -> None:
    counts = {"articles": 10, "sure": 10, "new": 10, "bodies": {body: 10}}
    crawled(store, site, ago, fields={"title": 10, "author": authors}, **counts)


def known(keeper: Keeper, site: Site) -> SiteHealth:
    found = keeper.known(site.id)
    assert found is not None
    return found


def test_what_becomes_of_a_site_that_is_taken_off_and_put_back_is_told_too(store: Store, site: Site) -> None:
    keeper = Keeper(store, lambda _: None, dict)
    crawled(store, site, 9 * HOUR)
    keeper.look([site])
    keeper.look([])
    assert store.health.get(site.id) is None

    for hours in (3, 2):
        crawled(store, site, hours * HOUR, Fate.FAILED, reasons={"timeout": 1})
    keeper.look([site])
    (told,) = store.health.untold()
    assert (told.health.state, told.number) == (HealthState.BROKEN, 2)
    assert [change.number for change in store.health.history(site.id)] == [2, 1]


def redesigned(keeper: Keeper, store: Store, site: Site, *hours: int) -> None:
    """Lets a site be well for weeks, and be made anew so many hours ago."""
    for day in range(20, 3, -1):
        articles(store, site, 24 * day * HOUR, 10, "family:a")
        keeper.look([site])
    for ago in hours:
        articles(store, site, ago * HOUR, 0, "density")
    keeper.look([site])


def test_a_redesign_outlasts_a_pause(store: Store, site: Site) -> None:
    standing: dict[str, Standing] = {}
    keeper = Keeper(store, lambda _: None, lambda: standing)
    redesigned(keeper, store, site, 9, 6, 3)
    assert known(keeper, site).health.state is HealthState.REDESIGNED

    standing[site.id] = Standing(site.id, Pause(datetime.now(UTC), "lan"))
    keeper.look([site])
    standing.clear()
    keeper.look([site])
    states = [change.health.state for change in store.health.history(site.id)]
    assert states[:3] == [HealthState.REDESIGNED, HealthState.PAUSED, HealthState.REDESIGNED]


def test_the_pages_of_a_trouble_that_ended_in_a_pause_do_not_teach_what_is_usual(store: Store, site: Site) -> None:
    standing: dict[str, Standing] = {}
    keeper = Keeper(store, lambda _: None, lambda: standing)
    redesigned(keeper, store, site, 19, 16, 13)
    standing[site.id] = Standing(site.id, Pause(datetime.now(UTC), "lan"))
    keeper.look([site])
    for hours in (9, 6, 3):  # by hand, until its file is as the site is now
        articles(store, site, hours * HOUR, 10, "family:a")
    keeper.look([site])
    assert known(keeper, site).health.state is HealthState.PAUSED
    standing.clear()
    keeper.look([site])

    row = known(keeper, site)
    assert row.health.state is HealthState.HEALTHY
    assert row.memory.recovered is not None
    assert {name for sample in row.memory.recent for name in sample.bodies()} == {"family:a"}


def test_a_pause_alone_forgets_nothing(store: Store, site: Site) -> None:
    standing: dict[str, Standing] = {}
    keeper = Keeper(store, lambda _: None, lambda: standing)
    for hours in (9, 6, 3):
        articles(store, site, hours * HOUR, 10, "family:a")
    keeper.look([site])
    before = known(keeper, site).memory
    standing[site.id] = Standing(site.id, Pause(datetime.now(UTC), "lan"))
    keeper.look([site])
    standing.clear()
    keeper.look([site])
    assert known(keeper, site).memory == before


def test_a_site_that_cannot_be_judged_keeps_no_other_from_it(
    store: Store, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    class Odd(dict[str, Standing]):
        def get(self, key: str, otherwise: Any = None) -> Any:
            if key == "odd":
                raise ZeroDivisionError
            return super().get(key, otherwise)

    keeper = Keeper(store, lambda _: None, Odd)
    crawled(store, site, HOUR)
    keeper.look([replace(site, id="odd"), site])

    assert keeper.known(site.id) is not None
    assert "odd could not be judged" in caplog.text
