"""A database is brought up to date once, whoever starts first, and is never opened by an older Bantin."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config import Config
from news.article import Status, StoredArticle
from news.dedupe import Text, sketch
from news.errors import BantinError
from news.review.review import Queue
from storage.articles import to_document
from storage.connect import Store, open_store
from storage.migrations import MIGRATIONS, migrate
from storage.owner import Owner
from storage.queues import QueueFilter
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


def test_what_was_stored_before_feeds_is_found_by_label_and_by_change(
    store: Store, make: Callable[..., StoredArticle]
) -> None:
    for n in (1, 2):
        store.journal.create(make(n))
    store.journal.retract("a0001", NOW, "gone")
    everything = ("articles", "events")
    before = {name: list(store._database[name].find().sort("_id", 1)) for name in everything}
    later = {"event": 1, "tags": 1, "section": 1, "documents": 1, "status": 1}
    store._database.articles.update_many({}, {"$unset": {name: 1 for name in later if name != "status"}})
    store._database.events.update_many({}, {"$unset": {"status": 1}})
    store._database.migrations.delete_one({"_id": 5})
    assert migrate(store._database) == [5]
    assert {name: list(store._database[name].find().sort("_id", 1)) for name in everything} == before


LONG = "\n".join(f"Đoạn {n}: Ủy ban nhân dân xã số {n} họp bàn về công tác năm {2000 + n}." for n in range(20))


@pytest.fixture
def before_events(store: Store, make: Callable[..., StoredArticle]) -> Store:
    """A store as it was before migration 2: articles, two of which have one text and one story, and nothing beside."""
    database = store._database
    articles = [make(1), make(2, story="shared"), make(3, site="other", story="shared"), make(4)]
    for n, stored in enumerate(articles):
        stored = replace(stored, article=replace(stored.article, body=f"{LONG}\n{n}"))
        document = to_document(stored)
        for later in ("related", "edit"):
            del document[later]
        database.articles.insert_one(document)
    database.migrations.delete_one({"_id": 2})
    database.counters.delete_many({})
    database.articles.create_index([("site", 1), ("fingerprint", 1)], name="site_1_fingerprint_1")
    return store


def _state(store: Store) -> dict[str, list[dict[str, object]]]:
    names = ("articles", "signatures", "stories", "events", "counters")
    return {name: list(store._database[name].find().sort("_id", 1)) for name in names}


def test_what_was_stored_before_gets_its_signature_its_story_and_one_event(before_events: Store) -> None:
    store = before_events
    assert migrate(store._database) == [2]
    assert [(event.number, str(event.kind), event.article_id, event.story) for event in store.events.after()] == [
        (1, "created", "a0001", "s1"),
        (2, "created", "a0002", "shared"),
        (3, "created", "a0003", "shared"),
        (4, "created", "a0004", "s4"),
    ]
    assert store.events.last() == 4
    assert [(story.id, story.members) for story in store.stories.find()] == [("shared", ("a0002", "a0003"))]
    mine = sketch(Text.of(store.articles.some(["a0001"])[0].article))
    assert mine is not None
    found = store.signatures.near(mine, datetime(2025, 1, 3, tzinfo=UTC), apart_from="a0001")
    assert {id for id, _ in found} == {"a0002", "a0003", "a0004"}
    assert "site_1_fingerprint_1" not in store._database.articles.index_information()


def test_run_again_it_changes_nothing_and_what_happened_since_stands_behind_it(
    before_events: Store, make: Callable[..., StoredArticle]
) -> None:
    store = before_events
    migrate(store._database)
    store.journal.create(make(5))
    store.journal.split("a0003", datetime(2025, 3, 5, tzinfo=UTC), by="lan")
    before = _state(store)
    store._database.migrations.delete_one({"_id": 2})
    assert migrate(store._database) == [2]
    assert _state(store) == before


def test_killed_half_way_it_is_finished_by_the_next_start(before_events: Store) -> None:
    store = before_events
    migrate(store._database)
    whole = _state(store)
    store._database.events.delete_many({"_id": {"$gt": 2}})
    store._database.signatures.delete_one({"_id": "a0004"})
    store._database.stories.delete_many({})
    store._database.counters.delete_many({})
    store._database.migrations.delete_one({"_id": 2})
    assert migrate(store._database) == [2]
    assert _state(store) == whole


def test_what_was_stored_before_there_was_a_desk_lies_where_it_would_lie_now(
    store: Store, make: Callable[..., StoredArticle]
) -> None:
    for n, status in enumerate((Status.PUBLISHED, Status.WAITING, Status.RETRACTED), start=1):
        store.journal.create(make(n, status=status))
    store._database.articles.update_one({"_id": "a0001"}, {"$unset": {"review": True}})
    store._database.articles.update_many({}, {"$unset": {"review.places": True, "review.weight": True}})
    store._database.migrations.delete_one({"_id": 6})
    assert migrate(store._database) == [6]
    assert [row.id for row in store.queues.page(QueueFilter(Queue.NEW))] == ["a0002", "a0001"]
    before = list(store._database.articles.find().sort("_id", 1))
    store._database.migrations.delete_one({"_id": 6})
    assert migrate(store._database) == [6]
    assert list(store._database.articles.find().sort("_id", 1)) == before
