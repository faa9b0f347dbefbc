"""The operations of what operators look at, as rows of tests/storage/test_indexes.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from news.article import StoredArticle
from news.errors import Reason
from news.report import RunState
from news.runlog import LogLine
from storage.backups import Backup
from storage.connect import Store
from storage.engine import Station
from storage.runs import RunFilter

NOW = datetime(2025, 3, 1, tzinfo=UTC)
LINE = LogLine(2000, NOW, "INFO", "x", "y")
FAILED = RunFilter(state=RunState.FAILED, since=NOW)
OPERATIONS: dict[str, tuple[int, Callable[[Store, StoredArticle], object]]] = {
    "engine.tell": (1, lambda store, a: store.engine.tell(Station(1, 2, 0, 900.0, {"a": NOW}))),
    "engine.get": (1, lambda store, a: store.engine.get()),
    "runs.listed": (1, lambda store, a: store.runs.listed(RunFilter(since=NOW, until=NOW), 9, (NOW, "r1"))),
    "runs.listed site": (1, lambda store, a: store.runs.listed(replace(FAILED, site="a"), 9, (NOW, "r1"))),
    "runs.listed state": (1, lambda store, a: store.runs.listed(FAILED, 9, (NOW, "r1"))),
    "runs.under_way": (1, lambda store, a: store.runs.under_way()),
    "runs.owner": (1, lambda store, a: store.runs.owner("r1")),
    "urls.barren": (1, lambda store, a: store.urls.barren("a", Reason.NO_TEXT, 9)),
    "urls.barren before": (1, lambda store, a: store.urls.barren("a", Reason.NO_TEXT, 9, (NOW, "k1"))),
    "run_logs.write": (2, lambda store, a: store.run_logs.write("r1", NOW, [LINE])),
    "run_logs.of": (1, lambda store, a: store.run_logs.of("r1", 150)),
    "figures.gather": (40, lambda store, a: store.figures.gather()),
    "figures.totals": (1, lambda store, a: store.figures.totals()),
    "backups.note": (1, lambda store, a: store.backups.note(Backup(NOW, "x.tar", "h", 1, 2))),
    "backups.last": (1, lambda store, a: store.backups.last()),
    "runs.latest": (1, lambda store, a: store.runs.latest()),
    "tallies.daily": (1, lambda store, a: store.tallies.daily(NOW)),
    "tallies.daily site": (1, lambda store, a: store.tallies.daily(NOW, "a")),
    "runs.running": (1, lambda store, a: store.runs.running()),
    "urls.queue": (2, lambda store, a: store.urls.queue(["a", "b"], NOW)),
    "deliveries.queue": (2, lambda store, a: store.deliveries.queue("wh1")),
}
