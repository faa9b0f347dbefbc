"""A back-up is of one moment however much is written meanwhile; what is restored is the same, and goes on."""

from __future__ import annotations

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from config import Config
from crawler.run import CrawlOptions, crawl
from demo.server import Demo
from news.access import Scope
from news.article import StoredArticle
from news.errors import BantinError
from news.report import RunReport, RunState
from storage.backup import Archive
from storage.connect import Store, open_store
from storage.leases import SCHEDULER
from storage.owner import Owner
from storage.search import SearchIndex

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 3, 1, tzinfo=UTC)
PORTALS = ("demo-noivu", "demo-mst")
Make = Callable[..., StoredArticle]


@pytest.fixture
def demo() -> Iterator[Demo]:
    with Demo(base_port=0) as portals:
        yield portals


@pytest.fixture
def elsewhere(config: Config, tmp_path: Path) -> Iterator[Config]:
    """The settings of another, empty database."""
    other = replace(config, database=f"{config.database}_elsewhere", data_dir=tmp_path / "elsewhere")
    yield other
    with MongoClient[dict[str, object]](config.mongodb_uri) as client:
        client.drop_database(other.database)


def put_back(file: Path, config: Config, *, instead: bool = False) -> None:
    with Archive.open(file) as archive, open_store(config, as_is=True) as store:
        archive.verify()
        store.restore(archive, replace=instead)


def everything(store: Store) -> dict[str, list[dict[str, Any]]]:
    names = store._database.list_collection_names(filter={"type": "collection"})
    return {name: list(store._database[name].find().sort("_id", 1)) for name in names}


def check_whole(store: Store) -> None:
    """What holds at every moment of a database: transactions are there as a whole or not at all."""
    events = [event.number for event in store.events.after("", 100_000)]
    assert events == list(range(1, len(events) + 1)), "events have a gap"
    assert store.events.last() == len(events)
    database = store._database
    articles = {row["_id"]: row for row in database.articles.find()}
    assert {event.article_id for event in store.events.after("", 100_000)} == set(articles)
    assert {row["_id"] for row in database.signatures.find()} == set(articles)
    for id, article in articles.items():
        versions = database.versions.find({"article_id": id}).sort("version", 1)
        assert [old["version"] for old in versions] == list(range(1, article["version"])), id
    for story in database.stories.find():
        assert set(story["members"]) <= set(articles)


def test_a_copy_made_while_crawls_write_is_of_one_moment_and_crawls_go_on_there(
    demo: Demo, store: Store, config: Config, elsewhere: Config, tmp_path: Path
) -> None:
    store.tokens.issue("Báo Mới", [Scope.READ], 60, NOW)
    crawl(demo.site("demo-mst"), CrawlOptions(max_pages=5), config)
    demo.edit("demo-mst", demo.portals["demo-mst"].articles[0].number, title="Tin đã đính chính hôm nay")
    # On a machine that is busy with other tests their ten seconds for a page are soon over.
    sites = [demo.site(id) for id in PORTALS]
    sites = [replace(site, politeness=replace(site.politeness, timeout=60.0)) for site in sites]
    crawls = [threading.Thread(target=crawl, args=(site, CrawlOptions(revisit=True), config)) for site in sites]
    for thread in crawls:
        thread.start()
    files = []
    while any(thread.is_alive() for thread in crawls):
        files.append(tmp_path / f"{len(files)}.tar")
        store.back_up(files[-1])
        time.sleep(0.2)
    for thread in crawls:
        thread.join()

    middle = files[len(files) // 2]
    assert len(files) >= 2, "they were made meanwhile"
    put_back(middle, elsewhere)
    with open_store(elsewhere) as other:
        check_whole(other)
        then = other.articles.count()
        assert 0 < then <= store.articles.count()
        assert not [run for run in other.runs.find() if run.state is RunState.RUNNING]

        for site in sites:
            report = crawl(site, CrawlOptions(), elsewhere)
            assert (report.state, report.complete, report.reasons) == (RunState.DONE, True, {}), report
        check_whole(other)
        titles = sorted(row["article"]["title"] for row in other._database.articles.find())
        assert titles == sorted(row["article"]["title"] for row in store._database.articles.find())
        assert other.articles.count() > then or middle == files[-1]


def test_what_is_restored_is_the_same_to_the_last_field_and_is_found_again(
    store: Store, make: Make, elsewhere: Config, tmp_path: Path
) -> None:
    for n in range(30):
        store.journal.create(make(n))
    old = store.articles.some(["a0001"])[0]
    new = replace(old, article=replace(old.article, title="Đính chính"), version=2)
    store.journal.update(new, old, None, changed=["title"])
    store.tokens.issue("Báo Mới", [Scope.READ], 60, NOW)
    before = everything(store)
    made = store.back_up(tmp_path / "x.tar")
    assert store.backups.last() == made
    assert oct((tmp_path / "x.tar").stat().st_mode & 0o777) == "0o600", "it holds what opens doors"

    put_back(tmp_path / "x.tar", elsewhere)

    with open_store(elsewhere) as other:
        assert everything(other) == before | {"leases": []}, "and of its own back-up it knows nothing"
        for name in before:
            assert other._database[name].index_information() == store._database[name].index_information(), name
            assert other._database[name].options() == store._database[name].options(), name
        with SearchIndex.of(elsewhere, other) as index:
            while index.step():
                pass
            assert index.status().articles == 30
        other.journal.create(make(99))
        check_whole(other)


def test_what_processes_were_at_is_ended(store: Store, make: Make, elsewhere: Config, tmp_path: Path) -> None:
    alive = Owner.here("r1")
    store.journal.create(make(1))
    store.runs.start(RunReport("r1", "baochinh", NOW), alive)
    store.site_state.claim("baochinh", alive, NOW, 3600)
    store.leases.acquire(SCHEDULER, alive, 3600)
    store.back_up(tmp_path / "x.tar")
    put_back(tmp_path / "x.tar", elsewhere)

    with open_store(elsewhere) as other:
        assert [(run.state, bool(run.error)) for run in other.runs.find()] == [(RunState.LOST, True)]
        assert other.site_state.claim("baochinh", Owner("r2", "elsewhere", 1, ""), NOW, 60)
        lease = other.leases.acquire(SCHEDULER, Owner("s2", "elsewhere", 1, ""), 60)
        assert lease is not None
        assert lease.token == 2, "turns go on counting"


def test_no_job_is_restored_for_it_could_run_anything(store: Store, elsewhere: Config, tmp_path: Path) -> None:
    store._database.jobs.insert_one({"_id": "soyte", "next_run_time": 1.0, "token": 1, "job_state": b"cos\nsystem"})
    store.back_up(tmp_path / "x.tar")
    put_back(tmp_path / "x.tar", elsewhere)
    with open_store(elsewhere) as other:
        assert other.jobs.next_runs() == {}


def test_nothing_is_overwritten_unless_that_is_said(
    store: Store, make: Make, elsewhere: Config, tmp_path: Path
) -> None:
    file = tmp_path / "x.tar"
    store.journal.create(make(1))
    store.back_up(file)
    with pytest.raises(BantinError, match="is there already"):
        store.back_up(file)
    with open_store(elsewhere) as other:
        other.journal.create(make(2))
        other.leases.acquire(SCHEDULER, Owner.here("s1"), 3600)
    with pytest.raises(BantinError, match="A scheduler is at work"):
        put_back(file, elsewhere, instead=True)
    with open_store(elsewhere) as other:
        other._database.leases.delete_many({})
    with pytest.raises(BantinError, match="has articles, which would be lost"):
        put_back(file, elsewhere)
    put_back(file, elsewhere, instead=True)
    with open_store(elsewhere) as other:
        assert list(other.articles.ids()) == ["a0001"]


def test_a_restore_that_was_ended_half_way_keeps_everybody_out_until_it_is_done(
    store: Store, make: Make, elsewhere: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.journal.create(make(1))
    store.back_up(tmp_path / "x.tar")
    with monkeypatch.context() as patch:
        patch.setattr("storage.backup.restoring._settle", lambda database: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            put_back(tmp_path / "x.tar", elsewhere)
    with pytest.raises(BantinError, match="half restored"):
        open_store(elsewhere)
    put_back(tmp_path / "x.tar", elsewhere)
    with open_store(elsewhere) as other:
        check_whole(other)


@pytest.mark.parametrize("where", [0.02, 0.5, 0.97])
def test_a_file_that_was_cut_off_is_refused(
    store: Store, make: Make, elsewhere: Config, tmp_path: Path, where: float
) -> None:
    file = archived(store, make, tmp_path)
    size = file.stat().st_size
    os.truncate(file, int((size - 10_240) * where))
    refused(file, elsewhere)


def test_a_file_in_which_one_byte_is_another_is_refused(
    store: Store, make: Make, elsewhere: Config, tmp_path: Path
) -> None:
    file = archived(store, make, tmp_path)
    with tarfile.open(file) as tar:
        places = [member.offset_data + member.size // 2 for member in tar.getmembers()]
    whole = file.read_bytes()
    for place in places:
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        refused(file, elsewhere)
    file.write_bytes(whole)
    put_back(file, elsewhere)


def test_what_is_no_back_up_or_of_a_newer_bantin_is_refused(store: Store, elsewhere: Config, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("not a tar at all")
    with tarfile.open(tmp_path / "other.tar", "w") as tar:
        tar.add(tmp_path / "text")
    for name in ("none", "text", "other.tar"):
        refused(tmp_path / name, elsewhere)
    store._database.migrations.insert_one({"_id": 999, "name": "from the future"})
    store.back_up(tmp_path / "newer.tar")
    refused(tmp_path / "newer.tar", elsewhere, match="newer Bantin")


def links(tar: tarfile.TarFile, manifest: dict[str, Any]) -> None:
    for name, other in (("manifest.json", "manifest.sha256"), ("manifest.sha256", "manifest.json")):
        member = tarfile.TarInfo(name)
        member.type, member.linkname = tarfile.SYMTYPE, other
        tar.addfile(member)


def holes(tar: tarfile.TarFile, manifest: dict[str, Any]) -> None:
    """A member of nothing that says to be 64 GB."""
    member = tarfile.TarInfo("manifest.json")
    member.pax_headers = {"GNU.sparse.map": "0,0", "GNU.sparse.size": str(64 * 10**9)}
    tar.addfile(member)


def nested(tar: tarfile.TarFile, manifest: dict[str, Any]) -> None:
    add_manifest(tar, b"[" * 200_000)


def a_count_in_words(tar: tarfile.TarFile, manifest: dict[str, Any]) -> None:
    for each in manifest["collections"]:
        for chunk in each["chunks"]:
            chunk["count"] = "five"
    add_manifest(tar, json.dumps(manifest).encode())


def a_collection_twice(tar: tarfile.TarFile, manifest: dict[str, Any]) -> None:
    manifest["collections"] *= 2
    add_manifest(tar, json.dumps(manifest).encode())


def add_manifest(tar: tarfile.TarFile, text: bytes) -> None:
    for name, data in (("manifest.json", text), ("manifest.sha256", hashlib.sha256(text).hexdigest().encode())):
        member = tarfile.TarInfo(name)
        member.size = len(data)
        tar.addfile(member, io.BytesIO(data))


@pytest.mark.parametrize("made", [links, holes, nested, a_count_in_words, a_collection_twice])
def test_what_was_made_up_is_refused_before_anything_is_touched(
    store: Store, make: Make, elsewhere: Config, tmp_path: Path, made: Callable[[tarfile.TarFile, dict[str, Any]], None]
) -> None:
    with tarfile.open(archived(store, make, tmp_path)) as whole, tarfile.open(tmp_path / "made.tar", "w") as tar:
        for member in whole.getmembers():
            if not member.name.startswith("manifest"):
                tar.addfile(member, whole.extractfile(member))
        told = whole.extractfile("manifest.json")
        assert told
        made(tar, json.loads(told.read()))
    refused(tmp_path / "made.tar", elsewhere, match="not a whole back-up")


def archived(store: Store, make: Make, folder: Path) -> Path:
    for n in range(5):
        store.journal.create(make(n))
    file = folder / "x.tar"
    store.back_up(file)
    return file


def refused(file: Path, config: Config, match: str = "back-up") -> None:
    with pytest.raises(BantinError, match=match):
        put_back(file, config)
    with open_store(config) as store:
        assert store.articles.count() == 0


_KILLED = """
import os, signal, sys
from pathlib import Path
import config
from storage.connect import open_store

def tell(name, count):
    if name == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)

with open_store(config.load()) as store:
    store.back_up(Path(sys.argv[1]), tell)
"""


@pytest.mark.parametrize("at", ["articles", "versions"])
def test_a_back_up_that_is_killed_leaves_no_file_of_its_name_and_can_be_made_again(
    store: Store, make: Make, environ: dict[str, str], tmp_path: Path, at: str
) -> None:
    for n in range(5):
        store.journal.create(make(n))
    file = tmp_path / "x.tar"
    ran = subprocess.run([sys.executable, "-c", _KILLED, str(file), at], env={**os.environ, **environ}, cwd=ROOT)
    assert ran.returncode == -signal.SIGKILL
    assert not file.exists()
    store.back_up(file)
    assert os.listdir(tmp_path) == ["x.tar"]
    with Archive.open(file) as archive:
        archive.verify()


def test_of_two_at_once_one_writes(store: Store, tmp_path: Path) -> None:
    with pytest.raises(BantinError, match="Another back-up"):
        store.back_up(tmp_path / "x.tar", lambda name, count: store.back_up(tmp_path / "x.tar") and None)
    assert os.listdir(tmp_path) == []


def test_what_the_disk_does_not_take_is_told(store: Store, tmp_path: Path) -> None:
    with pytest.raises(BantinError, match="cannot be written: No such file"):
        store.back_up(tmp_path / "none" / "x.tar")
