"""Whatever is kept however long: what a plan announces is what goes, by the age of each thing, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config import Config, load
from news.access import Usage
from news.article import Page, StoredArticle
from news.control import ControlKind, ControlState
from news.errors import Reason
from news.health import Health, HealthState
from news.push import Attempt, Delivery, DeliveryState, Notice, Webhook
from news.report import RunReport, RunState
from news.runlog import LogLine
from storage.alerts import Alert
from storage.connect import Store
from storage.health import HealthChange, SiteHealth
from storage.urls import UrlRow, UrlState

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEPT = [field.name for field in fields(Config) if field.name.startswith("keep_") and field.name.endswith("_days")]
Documents = dict[str, dict[Any, dict[str, Any]]]


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def everything(store: Store) -> Documents:
    names = store._database.list_collection_names()
    return {name: {row["_id"]: row for row in store._database[name].find()} for name in names}


@pytest.fixture
def filled(store: Store, make: Callable[..., StoredArticle]) -> Store:
    """Something of every age in every collection, and much that never goes."""
    webhook = Webhook("wh1", "Báo Mới", "https://a.vn/", "0f" * 32, ago(90))
    store.webhooks.add(webhook)
    told = [Delivery(f"wh1-{n}", "wh1", n, Notice.NEW, f"a{n}", n, ago(90), ago(90), b"{}") for n in range(1, 9)]
    store.webhooks.advance(webhook, 8, told)
    states = (RunState.DONE, RunState.FAILED, RunState.RUNNING)
    for n in range(18, -1, -1):
        when = ago(5 * n)
        stored = make(n, first_seen=when, fetched=when)
        store.journal.create(stored)
        store.pages.keep(stored.id, "baochinh", Page(stored.article.url, b"x" * (100 + n), when))
        store._database.pages.update_one({"_id": stored.id}, {"$set": {"kept": when}})
        store.runs.finish(RunReport(f"r{n}", f"s{n % 2}", when, states[n % 3], when))
        store.run_logs.write(f"r{n}", when, [LogLine(0, when, "INFO", "x", "y")])
        for state in UrlState:
            fetched = ago(2 * n) if n % 2 else None
            row = UrlRow(key=f"{state}{n}", url="https://a.vn/", site="a", found=when, state=state, fetched=fetched)
            store.urls.record([replace(row, reason=Reason.NO_TEXT if state is UrlState.REJECTED else None)])
        health = Health(HealthState.SILENT, when)
        change = HealthChange(f"s{n % 2}", 20 - n, when, None, health, "told" if n % 3 else "")
        store.health.keep(SiteHealth(change.site, health, when, changes=change.number), change)
        alert = Alert(when, "t", "b", (change.id,), (), when)
        store.alerts.add(alert)
        asked = store.controls.ask("s1", ControlKind.PAUSE, "lan", when)
        if n % 3:
            store.alerts.end(alert.id, when)
            store.controls.end(asked.id, ControlState.DONE, "", when)
        store.usage.add([Usage("a", when.date(), 1)])
        if n in range(1, 7):
            store.deliveries.finish(f"wh1-{n}", Attempt(when, 5, 200), DeliveryState.DELIVERED, when)
        if n % 4 == 0:
            new = replace(stored, article=replace(stored.article, title="Đính chính"), version=2, fetched=when)
            store.journal.update(new, stored, None, changed=["title"])
    return store


def over(kept: Documents, keep: Config) -> dict[str, set[Any]]:
    """What has to go, by the words of docs/settings.md."""
    bound = {name: ago(getattr(keep, name)) if getattr(keep, name) else None for name in KEPT}

    def older(collection: str, field: str, setting: str) -> set[Any]:
        limit = bound[setting]
        rows = kept.get(collection, {}).items()
        return {id for id, row in rows if limit and row.get(field) is not None and row[field] < limit}

    newest = {max((r["started"], id) for id, r in kept["runs"].items() if r["site"] == s)[1] for s in ("s0", "s1")}
    running = {id for id, row in kept["runs"].items() if row["state"] == "running"}
    rejected = {id for id, row in kept["urls"].items() if row["state"] == "rejected"}
    fetched = {id for id, row in kept["urls"].items() if row["fetched"]}
    lately = fetched - older("urls", "fetched", "keep_urls_days")
    logs = older("run_logs", "at", "keep_logs_days") | older("run_logs", "at", "keep_runs_days")
    old = older("events", "at", "keep_events_days")
    first = min(kept["events"].keys() - old, default=max(kept["events"]) + 1)
    changes = kept["health_changes"]
    last = {max((r["number"], id) for id, r in changes.items() if r["site"] == s)[1] for s in ("s0", "s1")}
    untold = {id for id, row in changes.items() if not row["alert"]}
    pending = {
        id for name in ("alerts", "controls") for id, row in kept[name].items() if row.keys() & {"pending", "open"}
    }
    return {
        "pages": older("pages", "kept", "keep_pages_days"),
        "runs": older("runs", "started", "keep_runs_days") - newest - running,
        "run_logs": logs,
        "events": {number for number in old if number < first},
        "urls": (older("urls", "found", "keep_urls_days") & rejected) - lately,
        "versions": older("versions", "ended", "keep_versions_days"),
        "usage": older("usage", "day", "keep_usage_days"),
        "deliveries": older("deliveries", "ended", "keep_deliveries_days"),
        "health_changes": older("health_changes", "at", "keep_health_days") - last - untold,
        "alerts": older("alerts", "at", "keep_health_days") - pending,
        "controls": older("controls", "at", "keep_health_days") - pending,
    }


def test_every_setting_of_age_is_tried(filled: Store) -> None:
    every = over(everything(filled), replace(load({}), **dict.fromkeys(KEPT, 20.0)))  # type: ignore[arg-type]
    assert all(every.values()), "and each has something to delete"
    assert len(every) == len(KEPT) + 2, "of health there are three"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.fixed_dictionaries({name: st.sampled_from([0.0, 0.5, 7.0, 20.0, 44.9, 60.0, 200.0]) for name in KEPT}))
def test_what_is_announced_is_what_goes(filled: Store, days: dict[str, float]) -> None:
    keep = replace(load({}), keep_pages_gb=0, **days)  # type: ignore[arg-type]
    filled.figures.gather()  # it is done before anything goes, and changes the marks alone
    before = everything(filled)
    expected = {name: ids for name, ids in over(before, keep).items() if ids}

    plan = filled.retention.plan(keep, NOW)
    assert {portion.collection: portion.count for portion in plan} == {name: len(ids) for name, ids in expected.items()}
    late = UrlRow(key="late", url="https://a.vn/", site="a", found=NOW, state=UrlState.REJECTED, reason=Reason.NO_TEXT)
    filled.urls.record([late])  # between plan and deletion
    done = filled.retention.apply(plan)

    after = everything(filled)
    gone = {name: set(before[name]) - set(after.get(name, {})) for name in before}
    assert {name: ids for name, ids in gone.items() if ids} == expected
    assert [portion.count for portion in done] == [portion.count for portion in plan]
    assert after["urls"].pop("late")
    for name, rows in after.items():
        if name != "counters":  # says where the events begin now
            assert rows == {id: row for id, row in before[name].items() if id not in gone[name]}, name
    assert filled.retention.plan(keep, NOW) == ()
    _put_back(filled, before, gone)


def _put_back(store: Store, before: Documents, gone: dict[str, set[Any]]) -> None:
    store._database.urls.delete_one({"_id": "late"})
    for name, ids in gone.items():
        if ids:
            store._database[name].insert_many([before[name][id] for id in ids])
    store._database.counters.update_many({}, {"$unset": {"first": 1}})
