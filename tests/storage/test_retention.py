"""What is over is shown first, and then that goes and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from config import load
from news.access import Usage
from news.article import Page, StoredArticle
from news.errors import Reason
from news.push import Attempt, Delivery, DeliveryState, Notice, Webhook
from news.report import RunReport, RunState
from storage.connect import Store
from storage.events import CursorGone
from storage.retention import Plan, prune
from storage.urls import UrlRow, UrlState

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OFF = replace(
    load({}), keep_pages_days=0, keep_pages_gb=0, keep_runs_days=0, keep_logs_days=0, keep_events_days=0,
    keep_urls_days=0, keep_versions_days=0, keep_usage_days=0, keep_deliveries_days=0, keep_health_days=0,
)  # fmt: skip
COLLECTIONS = ("articles", "versions", "pages", "runs", "events", "urls", "stories", "signatures", "counters")

Make = Callable[..., StoredArticle]


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def everything(store: Store) -> dict[str, set[Any]]:
    return {name: {row["_id"] for row in store._database[name].find({}, {"_id": 1})} for name in COLLECTIONS}


def found(store: Store, plan: Plan) -> dict[str, set[Any]]:
    """The documents that the plan names."""
    return {p.collection: {row["_id"] for row in store._database[p.collection].find(p.query)} for p in plan}


@pytest.fixture
def filled(store: Store, make: Make) -> Store:
    """A year of a site, a little of everything each ten days: n of a thing is 10 * n days old."""
    for n in range(36, -1, -1):
        stored = make(n, first_seen=ago(10 * n), fetched=ago(10 * n))
        store.journal.create(stored)
        store.pages.keep(stored.id, "baochinh", Page(stored.article.url, b"x" * 1000, ago(10 * n)))
        store._database.pages.update_one({"_id": stored.id}, {"$set": {"kept": ago(10 * n)}})
        store.runs.start(RunReport(f"r{n}", "baochinh" if n % 2 else "baokhac", ago(10 * n)))
        if n != 30:
            done = RunReport(f"r{n}", "baochinh" if n % 2 else "baokhac", ago(10 * n), RunState.DONE, ago(10 * n))
            store.runs.finish(done)
        for state in (UrlState.REJECTED, UrlState.STORED, UrlState.FAILED):
            row = UrlRow(key=f"{state}{n}", url="https://a.vn/", site="a", found=ago(10 * n), state=state)
            store.urls.record([replace(row, reason=Reason.NO_TEXT)])
        if n % 3 == 0:
            edited = replace(stored.article, title=f"Đính chính {n}")
            store.journal.edit(stored.id, edited, ago(10 * n), by="lan")
    return store


def test_by_default_no_article_version_or_page_ever_goes(filled: Store) -> None:
    plan = filled.retention.plan(load({}), NOW + timedelta(days=10_000))
    assert {portion.collection for portion in plan} == {"runs", "events", "urls"}


def test_with_everything_kept_for_ever_nothing_is_over(filled: Store) -> None:
    assert filled.retention.plan(OFF, NOW + timedelta(days=10_000)) == ()


@pytest.mark.parametrize(
    ("keep", "collection", "count"),
    [
        ({"keep_pages_days": 95}, "pages", 27),
        ({"keep_pages_gb": 5e-6}, "pages", 32),  # 5,000 bytes: the newest five
        ({"keep_pages_days": 95, "keep_pages_gb": 1}, "pages", 27),
        ({"keep_pages_days": 355, "keep_pages_gb": 5e-6}, "pages", 32),
        ({"keep_runs_days": 95}, "runs", 26),  # r30 is still running
        ({"keep_urls_days": 95}, "urls", 27),
        ({"keep_versions_days": 95}, "versions", 9),
        ({"keep_events_days": 95}, "events", 36),
    ],
)
def test_what_is_shown_is_what_goes_and_the_rest_stays(
    filled: Store, keep: dict[str, float], collection: str, count: int
) -> None:
    settings = replace(OFF, **keep)  # type: ignore[arg-type]
    before = everything(filled)
    plan = filled.retention.plan(settings, NOW)
    shown = found(filled, plan)
    assert {portion.collection: portion.count for portion in plan} == {collection: count}
    assert len(shown[collection]) == count
    assert everything(filled) == before, "a plan changes nothing"

    done = filled.retention.apply(plan)

    assert {portion.collection: portion.count for portion in done} == {collection: count}
    assert everything(filled) == before | {collection: before[collection] - shown[collection]}
    assert filled.retention.plan(settings, NOW) == ()
    assert [portion.count for portion in filled.retention.apply(plan)] == [0]


def test_pages_are_counted_in_bytes_too(filled: Store) -> None:
    (portion,) = filled.retention.plan(replace(OFF, keep_pages_days=95), NOW)
    assert portion.size == 27_000


def test_what_is_stored_after_it_was_shown_is_safe(filled: Store, make: Make) -> None:
    plan = filled.retention.plan(replace(OFF, keep_pages_days=95, keep_runs_days=95, keep_urls_days=95), NOW)
    again = make(36)
    filled.pages.keep(again.id, "baochinh", Page("https://baochinh.vn/x", b"new", NOW))
    filled.urls.record([UrlRow(key="rejected36", url="https://a.vn/", site="a", found=ago(360), fetched=NOW,
                               state=UrlState.REJECTED, reason=Reason.NO_TEXT)])  # fmt: skip
    filled.retention.apply(plan)
    assert filled.pages.get(again.id) is not None
    assert filled.urls.get("rejected36") is not None


def test_the_newest_run_of_each_site_stays_however_old_and_running_ones_too(filled: Store) -> None:
    prune(filled.retention, replace(OFF, keep_runs_days=1), NOW + timedelta(days=1000))
    assert everything(filled)["runs"] == {"r0", "r1", "r30"}


def test_who_is_behind_what_was_pruned_is_told_where_to_start_again(filled: Store) -> None:
    every = filled.events.after("", 1000)
    prune(filled.retention, replace(OFF, keep_events_days=95), NOW)
    first = filled.events.first()
    kept = [event for event in every if event.at >= ago(95)]
    assert first == kept[0].number
    with pytest.raises(CursorGone, match=f"from the cursor {first - 1}") as gone:
        filled.events.after("3")
    with pytest.raises(CursorGone):
        filled.events.after(str(first - 2))
    assert filled.events.after(gone.value.start, 1000) == kept
    for beginning in ("", "0"):
        assert filled.events.after(beginning, 1000) == kept
    assert filled.events.after(every[-1].cursor) == []


def test_of_events_that_are_all_over_the_numbers_go_on(filled: Store, make: Make) -> None:
    last = filled.events.last()
    prune(filled.retention, replace(OFF, keep_events_days=1), NOW + timedelta(days=1000))
    assert filled.events.first() == last + 1
    assert filled.events.after(str(last)) == []
    with pytest.raises(CursorGone):
        filled.events.after(str(last - 1))
    filled.journal.create(make(99))
    assert [event.number for event in filled.events.after(str(last))] == [last + 1]


def test_an_old_event_behind_a_young_one_stays(store: Store, make: Make) -> None:
    """Times are those of the fetch, numbers those of the storing: the order of numbers holds."""
    for n, days in enumerate((300, 200, 1, 250, 0)):
        store.journal.create(make(n, first_seen=ago(days), fetched=ago(days)))
    prune(store.retention, replace(OFF, keep_events_days=100), NOW)
    assert [event.number for event in store.events.after("", 10)] == [3, 4, 5]


def test_a_deletion_that_was_killed_is_ended_by_the_next(filled: Store) -> None:
    settings = replace(OFF, keep_events_days=95, keep_pages_days=95)
    plan = filled.retention.plan(settings, NOW)
    expected = {name: ids - found(filled, plan).get(name, set()) for name, ids in everything(filled).items()}
    filled.retention._move_first(plan[1].first_event)
    filled._database.events.delete_many({"_id": {"$in": [2, 5, 6]}})
    filled._database.pages.delete_one({"_id": "a0030"})
    prune(filled.retention, settings, NOW)
    assert everything(filled) == expected
    with pytest.raises(CursorGone):
        filled.events.after("1")


def test_pages_of_an_older_bantin_have_the_age_of_their_fetch(store: Store) -> None:
    from storage.migrations import migrate

    for n, fetched in enumerate((ago(100), ago(1).replace(microsecond=123456))):
        store.pages.keep(f"a{n}", "s", Page("https://a.vn/", b"12345", fetched))
    store._database.pages.update_many({}, {"$unset": {"kept": 1, "size": 1}})
    store._database.migrations.delete_many({})
    migrate(store._database)
    (portion,) = store.retention.plan(replace(OFF, keep_pages_days=50), NOW)
    assert (portion.count, portion.size) == (1, 5)


def test_the_usage_of_days_long_ago_goes(store: Store) -> None:
    store.usage.add([Usage("a", ago(10 * n).date(), 1) for n in range(20)])
    (gone,) = prune(store.retention, replace(OFF, keep_usage_days=95), NOW)

    assert (gone.collection, gone.count) == ("usage", 10)
    assert min(row.day for row in store.usage.since(ago(1000).date())) == ago(90).date()


def test_the_log_of_deliveries_goes_by_its_end_and_what_waits_stays(store: Store) -> None:
    webhook = Webhook("wh1", "Báo Mới", "https://a.vn/", "0f" * 32, ago(90))
    store.webhooks.add(webhook)
    told = [Delivery(f"wh1-{n}", "wh1", n, Notice.NEW, f"a{n}", n, ago(80), ago(80), b"{}") for n in range(1, 5)]
    assert store.webhooks.advance(webhook, 4, told)
    for n, days in ((1, 70), (2, 40), (3, 20)):
        store.deliveries.finish(f"wh1-{n}", Attempt(ago(days), 5, 200), DeliveryState.DELIVERED, ago(days))

    (gone,) = prune(store.retention, replace(OFF, keep_deliveries_days=30), NOW)

    assert (gone.collection, gone.count) == ("deliveries", 2)
    assert [delivery.number for delivery in store.deliveries.log("wh1")] == [4, 3]
