"""How sites are and were is kept, told once, and asked for in the order in which it happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from news.control import ControlKind, ControlState
from news.errors import InvalidValue
from news.health import Fact, Health, HealthState, Memory, Pause
from news.report import Fate, RunReport, RunState
from news.schedule import Schedule, ScheduleMode
from storage.alerts import Alert, digest
from storage.connect import Store
from storage.health import HealthChange, SiteHealth
from storage.leases import TurnLost

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def broken(site: str = "a", number: int = 1, at: datetime = NOW) -> tuple[SiteHealth, HealthChange]:
    health = Health(HealthState.BROKEN, NOW - MINUTE, (Fact("errors", "dns-error 3", None, True), Fact("due", NOW)))
    report = RunReport("r", site, NOW, RunState.FAILED, NOW, sources={"https://a.vn/rss": Fate.FAILED})
    row = SiteHealth(site, health, at, NOW, NOW, number, Memory().learn(report), {"until": None}, NOW, 2.5)
    return row, HealthChange(site, number, at, HealthState.HEALTHY, health)


def test_what_is_known_of_a_site_is_kept_whole(store: Store) -> None:
    row, change = broken()
    store.health.keep(row, change)

    assert store.health.get("a") == row
    assert store.health.load() == {"a": row}
    assert store.health.all() == {"a": replace(row, memory=Memory(), rhythm=None)}
    assert store.health.history("a") == [change]
    store.health.forget(["a"])
    assert store.health.get("a") is None
    assert store.health.history("a") == [change]


def test_a_memory_that_cannot_be_read_is_learnt_anew_and_keeps_no_other_site_waiting(store: Store) -> None:
    for site in ("a", "b"):
        store.health.keep(*broken(site))
    store._database.health.update_one({"_id": "a"}, {"$set": {"memory": {"last": "gestern"}}})

    rows = store.health.load()
    assert (rows["a"].memory, rows["a"].learned, rows["a"].changes) == (Memory(), None, 1)
    assert rows["b"] == broken("b")[0]


def test_a_change_that_is_stored_again_is_one_change(store: Store) -> None:
    row, change = broken()
    store.health.keep(row, change)
    store.health.keep(row, change)

    assert store.health.untold() == [change]


def test_changes_are_told_once_and_found_newest_first(store: Store) -> None:
    for n, site in enumerate(("a", "b", "a"), 1):
        store.health.keep(*broken(site, n, NOW + n * MINUTE))
    store.health.mark_told(["a:1", "b:2"], "first")
    store.health.mark_told(["a:1", "a:3"], "second")

    assert store.health.untold() == []
    assert [change.alert for change in store.health.changes(NOW)] == ["second", "first", "first"]
    assert [change.number for change in store.health.history("a")] == [3, 1]
    assert [change.number for change in store.health.history("a", before=3)] == [1]
    assert len(store.health.changes(NOW + 2 * MINUTE)) == 2


def test_a_scheduler_that_lost_its_turn_changes_nothing_of_what_the_next_one_knows(store: Store) -> None:
    row, change = broken()
    store.health.keep(row, change, turn=1)
    store.health.take_over(2)
    late = replace(row, health=replace(row.health, state=HealthState.HEALTHY), changes=2)
    with pytest.raises(TurnLost):
        store.health.keep(late, HealthChange("a", 2, NOW, HealthState.BROKEN, late.health), turn=1)
    with pytest.raises(TurnLost):
        store.health.keep(late, turn=1)
    store.health.forget(["a"], turn=1)

    assert store.health.get("a") == row
    assert store.health.history("a") == [change], "of what it would have said nobody is told"
    store.health.keep(late, HealthChange("a", 2, NOW, HealthState.BROKEN, late.health), turn=2)
    assert store.health.get("a") == late
    store.health.forget(["a"], turn=2)
    assert store.health.get("a") is None


def test_an_alert_is_pending_until_it_is_ended_and_stored_once(store: Store) -> None:
    alert = Alert(NOW, "Bantin", "hỏng", ("a:1",), (digest("json://x"), digest("json://y")), NOW)
    store.alerts.add(alert)
    store.alerts.reached(alert.id, digest("json://x"))
    store.alerts.add(alert)  # again, after a kill
    store.alerts.failed(alert.id, "away", NOW + MINUTE, 1)

    (pending,) = store.alerts.pending()
    assert pending == replace(alert, left=(digest("json://y"),), error="away", due=NOW + MINUTE, attempts=1)
    store.alerts.end(alert.id, NOW)
    assert store.alerts.pending() == []
    assert [one.ended for one in store.alerts.sent()] == [NOW]


def test_what_is_asked_is_open_until_it_is_over_and_answered_once(store: Store) -> None:
    run = store.controls.ask("a", ControlKind.RUN, "lan", NOW)
    days = {"since": "2026-01-01T00:00:00+07:00", "until": "2026-02-01T00:00:00+07:00"}
    fill = store.controls.ask("a", ControlKind.BACKFILL, "lan", NOW + MINUTE, days)

    assert [control.id for control in store.controls.open()] == [run.id, fill.id]
    assert fill.since == datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=7)))
    assert store.controls.take(run.id, NOW)
    assert store.controls.take(run.id, NOW), "a scheduler that has taken over takes it again"
    store.controls.end(run.id, ControlState.DONE, "It is crawled next.", NOW)
    store.controls.end(run.id, ControlState.REFUSED, "late", NOW)
    assert not store.controls.take(run.id, NOW)
    assert store.controls.wait(run.id, 5).answer == "It is crawled next."
    assert store.controls.wait(fill.id, 0).state is ControlState.ASKED
    assert [control.kind for control in store.controls.of("a")] == [ControlKind.BACKFILL, ControlKind.RUN]


@pytest.mark.parametrize(
    ("kind", "by", "args"),
    [
        (ControlKind.RUN, " ", {}),
        (ControlKind.RUN, "lan", {"until": "2026-01-01T00:00:00+07:00"}),
        (ControlKind.BACKFILL, "lan", {"since": "2026-01-01T00:00:00+07:00"}),
        (ControlKind.STOP, "lan", {}),
        (ControlKind.BACKFILL, "lan", {"since": "2026-03-01T00:00:00", "until": "2026-04-01T00:00:00"}),
        (ControlKind.PAUSE, "lan", {"reason": "x" * 501}),
    ],
)
def test_what_cannot_be_asked_is_refused_where_it_is_asked(
    store: Store, kind: ControlKind, by: str, args: dict[str, str]
) -> None:
    with pytest.raises(InvalidValue):
        store.controls.ask("a", kind, by, NOW, args)
    assert store.controls.open() == []


def test_standing_orders_hold_until_they_are_taken_back(store: Store) -> None:
    schedule = Schedule(ScheduleMode.CRON, cron="0 6 * * *", windows=("06:00-22:00",))
    store.standing.pause("a", Pause(NOW, "lan", NOW + MINUTE, "bảo trì"))
    store.standing.schedule("a", schedule, "minh", NOW)

    found = store.standing.all()["a"]
    assert (found.paused, found.schedule) == (Pause(NOW, "lan", NOW + MINUTE, "bảo trì"), schedule)
    assert (found.scheduled_by, found.scheduled_at) == ("minh", NOW)
    store.standing.pause("a", None)
    store.standing.schedule("a", None, "minh", NOW)
    back = store.standing.get("a")
    assert (back.paused, back.schedule, back.scheduled_by) == (None, None, "")
