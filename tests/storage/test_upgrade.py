"""A database that the first Bantin left is brought up to date when it is opened, and crawls go on in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from config import Config
from crawler.run import CrawlOptions, crawl
from demo.server import Demo
from news.report import RunState
from storage.backup import Archive
from storage.connect import Store, open_store
from storage.indexes import INDEXES
from storage.migrations import MIGRATIONS
from tests.storage.test_backup import check_whole

# What came after the first version, by collection: the names that its documents had not.
LATER = {
    "articles": ("related", "edit", "event", "section", "tags", "documents", "review"),
    "urls": ("teaches", "gone", "named"),
    "pages": ("kept", "size"),
    "runs": ("counted",),
    "site_state": ("declared", "trust", "lessons"),
}
THEN = {"articles", "versions", "pages", "urls", "runs", "site_state", "robots"}


@pytest.fixture
def demo() -> Iterator[Demo]:
    with Demo(base_port=0) as portals:
        yield portals


def age(store: Store) -> None:
    """Makes of a database what the first Bantin would have left there."""
    database = store._database
    for name in database.list_collection_names():
        if name not in THEN:
            database.drop_collection(name)
        else:
            database[name].drop_indexes()
            database[name].update_many({}, {"$unset": dict.fromkeys(LATER.get(name, ("_none",)), 1)})


def state(store: Store) -> dict[str, Any]:
    """What is stored, however it is written down."""
    pages = [(row["_id"], row["size"], row["body"]) for row in store._database.pages.find().sort("_id", 1)]
    signatures = list(store._database.signatures.find().sort("_id", 1))
    ids = list(store.articles.ids())
    return {"articles": [replace(one, related=()) for one in store.articles.some(ids)], "pages": pages,
            "signatures": signatures, "teaching": store.urls.with_queries("demo-mst", 100)}  # fmt: skip


def upgrade_in_place(config: Config, folder: Path) -> None:
    open_store(config).close()


def upgrade_through_a_back_up(config: Config, folder: Path) -> None:
    with open_store(config, as_is=True) as store:
        store._database.migrations.insert_one({"_id": 1, "name": "as it was"})
        store.back_up(folder / "old.tar")
    with Archive.open(folder / "old.tar") as archive, open_store(config, as_is=True) as store:
        archive.verify()
        store.restore(archive, replace=True)


@pytest.mark.parametrize("upgrade", [upgrade_in_place, upgrade_through_a_back_up])
def test_it_is_as_if_this_bantin_had_crawled_it_and_goes_on(
    demo: Demo, store: Store, config: Config, tmp_path: Path, upgrade: Callable[[Config, Path], None]
) -> None:
    site = demo.site("demo-mst")
    crawl(site, CrawlOptions(max_pages=8), config)
    now = state(store)
    age(store)
    assert store._database.list_collection_names(filter={"name": "events"}) == []

    upgrade(config, tmp_path)

    with open_store(config) as upgraded:
        check_whole(upgraded)
        rows = list(upgraded._database.migrations.find().sort("_id", 1))
        assert [row["_id"] for row in rows] == [migration.number for migration in MIGRATIONS]
        for index in INDEXES:
            assert index.name in upgraded._database[index.collection].index_information()
        assert state(upgraded) == now

        known = upgraded.articles.count()
        published = demo.publish("demo-mst")
        report = crawl(site, CrawlOptions(), config)
        assert (report.state, report.complete) == (RunState.DONE, True)
        titles = [row["article"]["title"] for row in upgraded._database.articles.find()]
        assert published.title in titles
        assert len(titles) == len(set(titles)) == known + report.new, "nothing is stored twice"
        check_whole(upgraded)
