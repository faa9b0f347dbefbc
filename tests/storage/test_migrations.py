"""A database is brought up to date once, whoever starts first, and is never opened by an older Bantin."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config import Config
from news.errors import BantinError
from storage.connect import Store, open_store
from storage.migrations import MIGRATIONS, migrate
from storage.owner import Owner
from storage.urls import UrlRow

NOW = datetime(2025, 3, 5, tzinfo=UTC)


def test_migrations_are_numbered_without_a_gap() -> None:
    assert [migration.number for migration in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))


def test_a_new_database_gets_them_all_and_an_opened_one_none(store: Store) -> None:
    rows = list(store._database.migrations.find().sort("_id", 1))
    assert [(row["_id"], row["name"]) for row in rows] == [(step.number, step.name) for step in MIGRATIONS]
    assert migrate(store._database) == []


def test_processes_that_start_at_once_run_each_migration_once(store: Store, config: Config) -> None:
    store._database.migrations.delete_many({})
    runs: list[int] = []
    start = threading.Barrier(5)

    def go() -> None:
        start.wait()
        runs.extend(migrate(store._database))

    threads = [threading.Thread(target=go) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert runs == [migration.number for migration in MIGRATIONS]


@pytest.mark.parametrize("why", ["dead process", "time is over"])
def test_a_migration_that_was_killed_is_done_by_the_next_start(store: Store, why: str) -> None:
    store._database.migrations.delete_many({})
    now = datetime.now(UTC)
    dead = why == "dead process"
    owner = replace(Owner.here("migrate"), boot="another-boot/1") if dead else Owner("migrate", "elsewhere", 1, "")
    until = now + timedelta(hours=1) if dead else now - timedelta(seconds=1)
    store._database.migrations.insert_one({"_id": "lease", "owner": owner.to_json(), "until": until})
    assert migrate(store._database) == [migration.number for migration in MIGRATIONS]
    assert store._database.migrations.find_one({"_id": "lease"}) is None


def test_addresses_stored_by_an_older_bantin_teach_as_well(store: Store) -> None:
    rows = [UrlRow(key=f"k{n}", url=f"https://a.vn/tin{query}", site="a", found=NOW, fetched=NOW, article_id=article)
            for n, (query, article) in enumerate([("?id=1", "a1"), ("", "a2"), ("?id=3", "")])]  # fmt: skip
    store.urls.record(rows)
    store._database.urls.update_many({}, {"$unset": {"teaches": True}})
    store._database.migrations.delete_many({})
    migrate(store._database)
    assert store.urls.with_queries("a", 9) == [("https://a.vn/tin?id=1", "a1")]


def test_a_database_of_a_newer_bantin_is_left_alone(store: Store, config: Config) -> None:
    store._database.migrations.insert_one({"_id": 999, "name": "from the future"})
    with pytest.raises(BantinError, match=r"newer Bantin \(migration 999\)"):
        open_store(config)
