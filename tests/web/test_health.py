"""The process says that it lives whatever is away, and that it is ready only with all that it takes; neither question
starts a crawl."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import httpx
import pytest

from config import Config
from storage.connect import Store, open_store
from storage.leases import SCHEDULER
from storage.owner import Owner
from tests.relay import relayed
from web import health

Serving = Callable[..., AbstractContextManager[httpx.Client]]
ALL = {"database", "migrations", "scheduler"}


@pytest.fixture(autouse=True)
def _asked_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_FRESH", 0.0)


def failing(answer: httpx.Response) -> set[str]:
    checks = answer.json()["checks"]
    assert all(bool(check["reason"]) is not check["ok"] for check in checks.values())
    return {name for name, check in checks.items() if not check["ok"]}


def test_ready_is_who_has_a_database_its_migrations_and_a_scheduler(store: Store, client: httpx.Client) -> None:
    without = client.get("/readyz")
    assert (without.status_code, failing(without)) == (503, {"scheduler"})
    assert without.json()["status"] == "failing"
    assert client.get("/readyz?exclude=scheduler").status_code == 200, "who only serves readers needs none"

    lease = store.leases.acquire(SCHEDULER, Owner.here("scheduler-1"), 60)
    ready = client.get("/readyz")
    assert (ready.status_code, set(ready.json()["checks"])) == (200, ALL)
    told = ready.json()["checks"]["scheduler"]
    assert (told["holder"], told["turn"]) == ("scheduler-1", 1)
    assert 0 <= told["age"] < 30

    assert lease
    store.leases.release(lease)
    assert "No scheduler has worked for" in client.get("/readyz").json()["checks"]["scheduler"]["reason"]

    store._database.migrations.delete_many({"_id": {"$gte": 5}})
    assert failing(client.get("/readyz?exclude=scheduler")) == {"migrations"}


def test_the_process_lives_without_its_database_and_is_not_ready(serving: Serving, config: Config) -> None:
    with relayed(config) as (far, way), open_store(far) as store, serving(store, far) as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        assert failing(client.get("/readyz")) == {"scheduler"}

        way.cut()

        assert client.get("/healthz").status_code == 200
        answer = client.get("/readyz", timeout=30)
        assert (answer.status_code, failing(answer)) == (503, ALL)
        assert str(way.target) not in answer.text, "where the database is concerns nobody"
        assert "127.0.0.1" not in answer.text


def test_watchers_need_no_token_and_get_no_old_answer(store: Store, config: Config, serving: Serving) -> None:
    with serving(store, replace(config, public_reading=False, anonymous_per_minute=1)) as client:
        for path in ("/healthz", "/readyz") * 3:
            answer = client.get(path)
            assert answer.status_code in (200, 503)
            assert answer.headers["cache-control"] == "no-store"
            assert client.head(path).status_code == answer.status_code


def test_a_check_that_is_none_is_told_as_the_slip_it_is(client: httpx.Client) -> None:
    answer = client.get("/readyz?exclude=sheduler")
    assert answer.status_code == 422
    assert "sheduler" in answer.json()["detail"]
    assert "scheduler" in answer.json()["remedy"]


def test_looking_starts_nothing(store: Store, client: httpx.Client) -> None:
    before = {name: store._database[name].count_documents({}) for name in store._database.list_collection_names()}
    for path in ("/healthz", "/readyz", "/readyz?exclude=scheduler", "/metrics"):
        client.get(path)
    counted = ("counters", "figures")  # what /metrics has counted so far
    after = {name: store._database[name].count_documents({}) for name in before if name not in counted}
    assert after == {name: count for name, count in before.items() if name not in counted}
    assert store.runs.find() == []
    assert store.controls.open() == []
