"""What operators measure by: sums that count each thing once, whoever counts, and never go back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from config import load
from news import figures
from news.article import Precision, StoredArticle
from news.figures import Sums
from news.push import Attempt, Delivery, DeliveryState, Notice, Webhook
from news.report import RunReport, RunState
from storage.connect import Store
from storage.migrations import migrate
from storage.retention import prune

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
Make = Callable[..., StoredArticle]


def run(n: int, state: RunState = RunState.DONE, **more: Any) -> RunReport:
    """A run number n of the site "a", of ten seconds."""
    counts = {"requests": 5, "pages": 3, "new": 2, "rejected": 1, "reasons": {"no-text": 1}}
    return RunReport(f"r{n}", "a", NOW, state, **{"finished": NOW + timedelta(seconds=10), **counts, **more})


def done(store: Store, *reports: RunReport) -> None:
    for report in reports:
        store.runs.start(replace(report, state=RunState.RUNNING, finished=None))
        store.runs.finish(report)


def site(store: Store, id: str = "a") -> Sums:
    assert store.figures.gather()
    return store.figures.totals().sites.get(id, {})


def test_a_run_adds_to_its_sites_sums_when_it_is_over(store: Store) -> None:
    store.runs.start(run(1, RunState.RUNNING, finished=None))
    assert site(store) == {}
    store.runs.progress(run(1, RunState.RUNNING, finished=None))
    assert site(store) == {}
    store.runs.finish(run(1))
    store.runs.finish(run(2, RunState.SKIPPED, finished=NOW, requests=0, pages=0, new=0, rejected=0, reasons={}))

    sums = site(store)
    assert figures.part(sums, "runs") == {"done": 1, "skipped": 1}
    assert figures.part(sums, "counts") == {"requests": 5, "pages": 3, "new": 2, "rejected": 1}
    assert figures.part(sums, "reasons") == {"no-text": 1}
    assert sums["seconds"] == 10
    totals = store.figures.totals()
    assert figures.buckets(totals.everything, "durations", figures.RUN_BOUNDS)[:3] == [("5", 0), ("15", 1), ("30", 1)]
    assert totals.last["a"] == (NOW + timedelta(seconds=10),) * 3


def test_however_often_it_is_finished_and_counted_a_run_counts_once(store: Store) -> None:
    done(store, run(1))
    for _ in range(3):
        store.runs.finish(run(1))
        assert site(store)["runs.done"] == 1
    store.runs.finish(run(1, RunState.KILLED))
    assert figures.part(site(store), "runs") == {"done": 1}, "what was counted as done stays so"


def test_a_dry_run_and_what_an_older_bantin_left_do_not_count(store: Store, make: Make) -> None:
    done(store, run(1, dry_run=True), run(2))
    store.runs.finish(run(3, dry_run=True))
    store._database.runs.update_one({"_id": "r2"}, {"$unset": {"counted": 1}})
    store.journal.create(make(1))
    store._database.migrations.delete_one({"_id": 7})
    store._database.figures.delete_many({})
    assert migrate(store._database) == [7]
    store.journal.create(make(2))

    assert site(store) == {}
    assert store.figures.totals().everything == {"events.created": 1}
    store._database.migrations.delete_one({"_id": 7})
    migrate(store._database)
    store.figures.gather()
    assert store.figures.totals().everything == {"events.created": 1}, "done again it changes nothing"


def test_what_is_pruned_was_counted_and_no_sum_goes_back(store: Store) -> None:
    done(store, *(run(n) for n in range(7)))
    keep = replace(load({}), keep_runs_days=1)

    (gone,) = prune(store.retention, keep, NOW + timedelta(days=9))

    assert (gone.collection, gone.count) == ("runs", 6)
    assert site(store)["runs.done"] == 7
    done(store, run(8))
    assert site(store)["runs.done"] == 8


def test_of_many_that_count_at_once_each_thing_is_counted_by_one(store: Store, make: Make) -> None:
    done(store, *(run(n) for n in range(40)))
    for n in range(10):
        store.journal.create(make(n))
    start = threading.Barrier(6)

    def count() -> None:
        start.wait()
        store.figures.gather()

    threads = [threading.Thread(target=count) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert site(store)["runs.done"] == 40
    assert store.figures.totals().everything["events.created"] == 10


def test_much_is_counted_in_portions(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.figures._BATCH", 3)
    done(store, *(run(n) for n in range(10)))
    assert not store.figures.gather(batches=2)
    assert store.figures.totals().sites["a"]["runs.done"] == 6
    assert site(store)["runs.done"] == 10


def test_the_lag_is_from_publication_to_storage_where_the_page_tells_the_minute(store: Store, make: Make) -> None:
    def stored(n: int, hours: float, precision: Precision = Precision.MINUTE) -> None:
        published = NOW - timedelta(hours=hours)
        one = make(n, first_seen=NOW, fetched=NOW, published=published)
        article = replace(one.article, published_precision=precision)
        store.journal.create(replace(one, article=article))

    for n, hours in enumerate((0.02, 0.5, 5, 24 * 30, -3)):
        stored(n, hours)
    stored(9, 5, Precision.DAY)
    undated = make(10)
    store.journal.create(replace(undated, article=replace(undated.article, published=None)))

    lags = figures.buckets(site(store, "baochinh"), "lags", figures.LAG_BOUNDS)
    assert [count for _, count in lags] == [2, 2, 3, 3, 3, 4, 4, 4, 5]
    store.journal.retract("a0001", NOW, "gone")
    site(store)
    assert figures.part(store.figures.totals().everything, "events") == {"created": 7, "retracted": 1}


def test_a_delivery_counts_when_it_is_over_with_the_time_it_took(store: Store) -> None:
    webhook = Webhook("wh1", "Báo Mới", "https://a.vn/", "0f" * 32, NOW)
    store.webhooks.add(webhook)
    told = [Delivery(f"wh1-{n}", "wh1", n, Notice.NEW, f"a{n}", n, NOW, NOW, b"{}") for n in range(1, 5)]
    assert store.webhooks.advance(webhook, 4, told)
    for n, state in ((1, DeliveryState.DELIVERED), (2, DeliveryState.FAILED)):
        store.deliveries.finish(f"wh1-{n}", Attempt(NOW, 5, 200), state, NOW + timedelta(seconds=20 * n))
    assert store.deliveries.queue("wh1") == (2, NOW)
    for _ in range(2):
        store.figures.gather()
    sums = store.figures.totals().webhooks["wh1"]

    assert figures.part(sums, "deliveries") == {"delivered": 1, "failed": 1}
    assert figures.buckets(sums, "delays", figures.DELIVERY_BOUNDS)[2:4] == [("15", 0), ("60", 1)]
    assert sums["delays_sum"] == 20
