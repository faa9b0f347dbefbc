"""How sites are found to be, over what happens to their files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from demo.server import Demo
from news.health import HealthState
from news.report import Fate, RunReport, RunState
from oversight.keeper import Keeper
from storage.connect import Store


def test_a_site_whose_file_went_and_came_back_is_told_of_again(store: Store) -> None:
    """A change that took the number of an old one would never be stored, nor told."""
    with Demo(base_port=0) as demo:
        site = demo.site("demo-mst")
    keeper = Keeper(store, lambda _: None, dict)

    def crawled(id: str, hours_ago: float, state: RunState, fate: Fate) -> None:
        when = datetime.now(UTC) - timedelta(hours=hours_ago)
        store.runs.finish(RunReport(id, site.id, when, state, when, sources={site.home: fate}))

    crawled("r1", 3, RunState.DONE, Fate.READ)
    keeper.look([site])
    crawled("r2", 2, RunState.FAILED, Fate.FAILED)
    crawled("r3", 1, RunState.FAILED, Fate.FAILED)
    keeper.look([site])
    first = store.health.untold()
    assert [(change.number, change.health.state) for change in first] == [(2, HealthState.BROKEN)]
    store.health.mark_told([first[0].id], "told")

    keeper.look([])
    assert store.health.get(site.id) is None
    keeper.look([site])

    assert [(change.number, change.health.state) for change in store.health.untold()] == [(3, HealthState.BROKEN)]
    assert [change.number for change in store.health.history(site.id)] == [3, 2, 1]
    crawled("r4", 0, RunState.DONE, Fate.READ)
    keeper.look([site])
    assert [change.number for change in store.health.untold()] == [3, 4]
