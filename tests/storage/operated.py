"""The operations of health, alerts, controls and standing orders, for the test of indexes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from news.article import StoredArticle
from news.control import ControlKind, ControlState
from news.health import Fact, Health, HealthState, Pause
from news.schedule import Schedule
from storage.alerts import Alert
from storage.connect import Store
from storage.health import HealthChange, SiteHealth

NOW = datetime(2025, 3, 1, tzinfo=UTC)
BROKEN = Health(HealthState.BROKEN, NOW, (Fact("failed_runs", 3, 0, True), Fact("last_success", NOW)))
ROW = SiteHealth("a", BROKEN, NOW, learned=NOW, retry=NOW, changes=2)
CHANGE = HealthChange("a", 2, NOW, HealthState.HEALTHY, BROKEN)
ALERT = Alert(NOW, "Bantin", "a", ("a:2",), ("d1", "d2"), NOW)

OPERATIONS: dict[str, tuple[int, Callable[[Store, StoredArticle], object]]] = {
    "health.keep": (1, lambda store, a: store.health.keep(ROW)),
    "health.keep changed": (3, lambda store, a: store.health.keep(ROW, CHANGE, turn=1)),
    "health.take_over": (1, lambda store, a: store.health.take_over(1)),
    "health.get": (1, lambda store, a: store.health.get("a")),
    "health.all": (1, lambda store, a: store.health.all()),
    "health.load": (1, lambda store, a: store.health.load()),
    "health.history": (1, lambda store, a: store.health.history("a")),
    "health.history before": (1, lambda store, a: store.health.history("a", before=9)),
    "health.changes": (1, lambda store, a: store.health.changes(NOW)),
    "health.untold": (1, lambda store, a: store.health.untold()),
    "health.mark_told": (1, lambda store, a: store.health.mark_told(["a:2"], "x")),
    "health.forget": (1, lambda store, a: store.health.forget(["a", "b"], turn=1)),
    "alerts.add": (1, lambda store, a: store.alerts.add(ALERT)),
    "alerts.pending": (1, lambda store, a: store.alerts.pending()),
    "alerts.reached": (1, lambda store, a: store.alerts.reached(ALERT.id, "d1")),
    "alerts.failed": (1, lambda store, a: store.alerts.failed(ALERT.id, "away", NOW, 1)),
    "alerts.end": (1, lambda store, a: store.alerts.end(ALERT.id, NOW)),
    "alerts.outbox": (2, lambda store, a: store.alerts.outbox(NOW)),
    "alerts.sent": (1, lambda store, a: store.alerts.sent()),
    "controls.ask": (1, lambda store, a: store.controls.ask("a", ControlKind.RUN, "lan", NOW)),
    "controls.open": (1, lambda store, a: store.controls.open()),
    "controls.of": (1, lambda store, a: store.controls.of("a")),
    "controls.take": (1, lambda store, a: store.controls.take("c1", NOW)),
    "controls.end": (1, lambda store, a: store.controls.end("c1", ControlState.DONE, "", NOW)),
    "controls.get": (1, lambda store, a: store.controls.get("c1")),
    "controls.wait": (2, lambda store, a: _waited(store)),
    "standing.all": (1, lambda store, a: store.standing.all()),
    "standing.get": (1, lambda store, a: store.standing.get("a")),
    "standing.pause": (1, lambda store, a: store.standing.pause("a", Pause(NOW, "lan"))),
    "standing.schedule": (1, lambda store, a: store.standing.schedule("a", Schedule(), "lan", NOW)),
}


def _waited(store: Store) -> None:
    asked = store.controls.ask("a", ControlKind.RUN, "lan", NOW)
    assert store.controls.wait(asked.id, 0) == asked
