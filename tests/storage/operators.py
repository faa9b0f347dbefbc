"""The operations of what operators look at, as rows of tests/storage/test_indexes.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from news.article import StoredArticle
from news.runlog import LogLine
from storage.backups import Backup
from storage.connect import Store

NOW = datetime(2025, 3, 1, tzinfo=UTC)
LINE = LogLine(2000, NOW, "INFO", "x", "y")
COLLECTIONS = ("run_logs", "figures", "backups")
OPERATIONS: dict[str, tuple[int, Callable[[Store, StoredArticle], object]]] = {
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
