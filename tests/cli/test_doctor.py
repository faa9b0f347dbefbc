"""bantin doctor: what is wrong is found, and said with its remedy."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config import Config
from news.health import Health, HealthState
from news.users import Role, User
from storage.alerts import Alert
from storage.backups import Backup
from storage.connect import Store
from storage.health import SiteHealth
from storage.leases import SCHEDULER
from storage.owner import Owner
from tests.web.conftest import running

NOW = datetime.now(UTC)
RUNNING = {"scheduler", "schedule", "health", "search index", "back-up", "users", "metrics"}
Bantin = Callable[..., Any]


@pytest.fixture
def serving() -> Callable[..., Any]:
    return running


def states(rows: list[dict[str, str]]) -> dict[str, str]:
    return {row["what"]: row["state"] for row in rows}


def test_an_installation_that_works_is_well(bantin: Bantin) -> None:
    ran = bantin("doctor", "--json", BANTIN_WEB_PORT="0")

    assert set(states(ran.rows).values()) == {"ok", "warning"}
    assert states(ran.rows)["contact"] == "warning", "the example address reaches nobody"
    assert (
        states(bantin("doctor", "--json", BANTIN_CONTACT_URL="https://x.vn/bot", BANTIN_WEB_PORT="0").rows)["contact"]
        == "ok"
    )


def test_everything_that_is_wrong_is_found_in_one_go(
    bantin: Bantin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.checkup._PATIENCE", 0.2)
    (tmp_path / "x.toml").write_text("id = 'x'\nkind = 'zoo'\n")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        rows = bantin(
            "doctor", "--json", expect=1, BANTIN_SITES_DIR=str(tmp_path), MONGODB_URI="mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100",
            BANTIN_WEB_PORT=str(taken.getsockname()[1]),
        ).rows  # fmt: skip

    wrong = {row["what"]: row for row in rows if row["state"] == "wrong"}
    assert set(wrong) == {"site files", "MongoDB", "web port"}
    assert all(row["remedy"] for row in wrong.values())
    assert "x.toml" in wrong["site files"]["found"]


def test_a_mongod_that_cannot_be_embedded_is_wrong(bantin: Bantin, tmp_path: Path) -> None:
    rows = bantin("doctor", "--json", expect=1, MONGODB_URI="", BANTIN_MONGOD="/no/mongod", BANTIN_WEB_PORT="0").rows

    assert states(rows)["mongod"] == "wrong"
    assert states(rows)["disk"] == "ok"


def test_a_wrong_setting_is_told_by_its_name(bantin: Bantin) -> None:
    assert "BANTIN_WORKERS" in bantin("doctor", expect=1, BANTIN_WORKERS="zwei").out


def test_what_runs_is_looked_at_too(bantin: Bantin, store: Store, tmp_path: Path) -> None:
    fresh = {row["what"]: row for row in bantin("doctor", "--json", BANTIN_WEB_PORT="0").rows}
    assert {name for name in RUNNING if fresh[name]["state"] == "warning"} == {"scheduler", "users"}
    assert all(row["remedy"] for row in fresh.values() if row["state"] == "warning")

    bantin("crawl", "demo-mst", "--max-pages", "2")
    lost = states(bantin("doctor", "--json", BANTIN_WEB_PORT="0", BANTIN_METRICS_ALLOW="0.0.0.0/0").rows)
    assert (lost["back-up"], lost["metrics"]) == ("warning", "warning")

    bantin("backup", str(tmp_path))
    store.users.add(User("lan", Role.ADMIN, datetime.now(UTC)))
    store.leases.acquire(SCHEDULER, Owner.here("s1"), 600)
    store._database.jobs.insert_one({"_id": "demo-mst", "next_run_time": time.time() + 600, "token": 1})
    well = {row["what"]: row for row in bantin("doctor", "--json", BANTIN_WEB_PORT="0").rows}
    assert {name for name in RUNNING if well[name]["state"] == "warning"} == set()
    assert f"process {os.getpid()}" in well["scheduler"]["found"]

    store.backups.note(Backup(datetime.now(UTC) - timedelta(days=30), "old.tar", "h", 1, 1))
    newest = store.backups.last()
    assert newest is not None
    assert newest.file.startswith(str(tmp_path))
    store._database.backups.delete_one({"_id": newest.at.isoformat()})
    store._database.jobs.update_one({}, {"$set": {"next_run_time": time.time() - 3600}})
    old = {row["what"]: row for row in bantin("doctor", "--json", BANTIN_WEB_PORT="0").rows}
    assert "30 days old" in old["back-up"]["found"]
    assert "demo-mst" in old["schedule"]["found"]
    assert states(bantin("doctor", "--json", BANTIN_WEB_PORT="0", BANTIN_BACKUP_DAYS="0").rows)["back-up"] == "ok"


def test_of_a_web_app_that_answers_it_is_asked_what_is_missing(
    bantin: Bantin, store: Store, config: Config, serving: Callable[..., Any]
) -> None:
    with serving(store, config) as client:
        rows = bantin("doctor", "--json", BANTIN_WEB_PORT=str(client.base_url.port)).rows
    found = {row["what"]: row for row in rows}
    assert found["web port"]["state"] == "ok"
    assert (found["readiness"]["state"], found["readiness"]["found"]) == (
        "warning",
        "scheduler: No scheduler ever ran.",
    )


def test_sites_that_are_not_well_and_alerts_that_reach_nobody_are_found(bantin: Bantin, store: Store) -> None:
    def row(what: str, code: int = 0, **settings: str) -> dict[str, str]:
        (found,) = bantin("doctor", "--only", what, "--json", expect=code, BANTIN_WEB_PORT="0", **settings).rows
        return dict(found)

    assert row("alerts")["state"] == row("health")["state"] == "ok", "there is nothing to tell of"
    for site, state in (("so-y-te", HealthState.BROKEN), ("bo-y-te", HealthState.HEALTHY)):
        store.health.keep(SiteHealth(site, Health(state, NOW), NOW))
    assert row("health", 1)["found"] == "1 healthy, 1 broken: so-y-te"
    assert "BANTIN_ALERTS" in row("alerts", 1)["remedy"]
    address = "json://127.0.0.1:9/mat-khau"
    assert row("alerts", BANTIN_ALERTS=address)["found"] == "to json://; 0 to be sent"
    unknown = row("alerts", 1, BANTIN_ALERTS=f"{address} khong://mat-khau")
    assert (unknown["state"], "mat-khau" in str(unknown)) == ("wrong", False)

    store.alerts.add(Alert(NOW, "Bantin", "", ("so-y-te:1",), ("d1",), NOW, attempts=3))
    assert "1 did not reach all" in row("alerts", 1, BANTIN_ALERTS=address)["found"]


def test_one_row_can_be_watched_alone(bantin: Bantin, store: Store) -> None:
    alone = bantin("doctor", "--only", "scheduler", "--json", expect=1, BANTIN_WEB_PORT="0")
    assert states(alone.rows) == {"scheduler": "warning"}
    store.leases.acquire(SCHEDULER, Owner.here("s1"), 600)
    well = bantin("doctor", "--only", "scheduler", "--only", "MongoDB", "--json", BANTIN_WEB_PORT="0")
    assert set(states(well.rows)) == {"scheduler", "MongoDB"}
    assert "sheduler" in bantin("doctor", "--only", "sheduler", expect=1, BANTIN_WEB_PORT="0").err
