"""The index can be killed, deleted, damaged and left behind: it comes to hold what is stored, and nothing else."""

from __future__ import annotations

import logging
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from config import Config
from news.article import StoredArticle
from news.errors import BantinError
from news.search import Query
from storage import search_file
from storage.connect import Store
from storage.events import begin_at
from storage.search import Order, SearchIndex
from storage.search_file import FORMAT

Make = Callable[..., StoredArticle]
NOW = datetime(2025, 3, 5, 3, 20, tzinfo=UTC)
TIN, SUA = Query.parse("tin"), Query.parse("sửa")


@pytest.fixture
def index(store: Store, config: Config) -> Iterator[SearchIndex]:
    with SearchIndex.of(config, store) as opened:
        yield opened


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search brings in nothing itself where more than one thing is to be done, and a batch is two articles."""
    monkeypatch.setattr("storage.search.AT_ONCE", 1)
    monkeypatch.setattr("storage.search_upkeep.BATCH", 2)


def fill(store: Store, make: Make, *numbers: int) -> list[StoredArticle]:
    made = [make(n) for n in numbers]
    for stored in made:
        store.journal.create(stored)
    return made


def correct(store: Store, stored: StoredArticle) -> StoredArticle:
    title = f"Tin sửa lần {stored.version}"
    new = replace(
        stored,
        article=replace(stored.article, title=title),
        version=stored.version + 1,
        fingerprint=stored.fingerprint + "'",
    )
    store.journal.update(new, stored, None, changed=["title"])
    return new


def finish(index: SearchIndex) -> None:
    while index.step():
        pass


def file_of(index: SearchIndex) -> Path:
    assert index.file is not None
    return index.file


def held(index: SearchIndex) -> list[tuple[Any, ...]]:
    """What the index holds, and says of its words."""
    with sqlite3.connect(file_of(index)) as database:
        number = database.execute("SELECT min(number) FROM generations").fetchone()[0]
        rows = database.execute(f"SELECT id, status, at, event, digest FROM docs_{number} WHERE NOT dead ORDER BY id")
        found = rows.fetchall()
        database.execute(f"INSERT INTO words_{number}(words_{number}) VALUES('integrity-check')")
    database.close()
    return found


def anew(store: Store, folder: Path) -> list[tuple[Any, ...]]:
    """What an index holds that is built now."""
    with SearchIndex(folder, store) as fresh:
        finish(fresh)
        return held(fresh)


@pytest.mark.usefixtures("slowly")
def test_what_happens_while_the_index_is_built_is_in_it(
    store: Store, index: SearchIndex, make: Make, tmp_path: Path
) -> None:
    stored = fill(store, make, 1, 2, 3, 5, 6)
    index.step()
    index.step()  # the first two are read
    page = index.find(TIN)
    assert (page.complete, set(page.ids)) == (False, {"a0001", "a0002"})
    correct(store, stored[0])
    store.journal.retract("a0006", NOW, "gone")
    fill(store, make, 0, 4, 7)
    finish(index)
    page = index.find(TIN, order=Order.CHANGED)
    assert (page.complete, page.ids) == (True, ("a0007", "a0004", "a0000", "a0001", "a0005", "a0003", "a0002"))
    assert index.find(SUA).ids == ("a0001",)
    assert held(index) == anew(store, tmp_path / "fresh")


@pytest.mark.usefixtures("slowly")
def test_many_pending_events_are_left_to_the_background(store: Store, index: SearchIndex, make: Make) -> None:
    fill(store, make, 1)
    assert index.find(TIN)[1:] == (1, True, None, True)
    fill(store, make, 2, 3)
    page = index.find(TIN)
    assert (page.ids, page.complete, index.status().behind) == (("a0001",), False, 2)
    index.start()
    deadline = time.monotonic() + 10
    while index.cursor != "3" and time.monotonic() < deadline:
        time.sleep(0.01)
    assert index.find(TIN)[1:] == (3, True, None, True)


KILLED = """
import sys, time
import config, storage.search_upkeep
from storage.connect import open_store
from storage.search import SearchIndex
storage.search_upkeep.BATCH = 2
given = config.load()
with open_store(given) as store, SearchIndex.of(given, store) as index:
    while index.step():
        print("step", flush=True)
        time.sleep(0.01)
    print("done", flush=True)
"""


def test_a_builder_that_is_killed_is_gone_on_with(
    store: Store, index: SearchIndex, make: Make, environ: dict[str, str], tmp_path: Path
) -> None:
    fill(store, make, *range(30))
    for steps in (4, 7):
        builder = subprocess.Popen(
            [sys.executable, "-c", KILLED],
            env=environ,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        assert builder.stdout is not None
        said = [builder.stdout.readline() for _ in range(steps)]
        builder.send_signal(signal.SIGKILL)
        builder.wait()
        builder.stdout.close()
        assert said == ["step\n"] * steps
        (state,) = search_file.states(search_file.connect(file_of(index)))
        assert state.walked
    assert state.walked >= "a0017"  # the second went on behind the first
    finish(index)
    assert held(index) == anew(store, tmp_path / "fresh")


def test_who_searches_at_once_finds_his_own_article_and_none_twice(
    store: Store, index: SearchIndex, make: Make, config: Config, tmp_path: Path
) -> None:
    with SearchIndex.of(config, store) as other:  # as another process has it

        def work(worker: int) -> None:
            mine = (index, other)[worker % 2]
            for n in range(worker * 100, worker * 100 + 8):
                (stored,) = fill(store, make, n)
                assert stored.id in mine.find(Query.parse(f'"số {n}"')).ids
                correct(store, stored)
                found = mine.find(TIN, limit=200).ids
                assert len(found) == len(set(found))
                assert stored.id in mine.find(SUA).ids

        with ThreadPoolExecutor(6) as pool:
            list(pool.map(work, range(6)))
    assert index.find(SUA).total == 48
    assert held(index) == anew(store, tmp_path / "fresh")


def test_a_file_that_is_damaged_or_of_another_format_is_built_anew(
    store: Store, index: SearchIndex, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    fill(store, make, *range(5))
    assert index.find(TIN).total == 5
    spoilt: list[Callable[[Path], object]] = [
        lambda path: path.write_bytes(b"no database at all, " * 999),
        lambda path: sqlite3.connect(path).execute(f"PRAGMA user_version = {FORMAT + 1}"),
        lambda path: path.write_bytes(path.read_bytes()[:8192] + bytes(len(path.read_bytes()) - 8192)),
    ]
    for spoil in spoilt:
        index.close()
        caplog.clear()
        spoil(file_of(index))
        with caplog.at_level(logging.WARNING, "bantin.search"):
            assert index.find(TIN).total == 5
        assert [record.message.count("thrown away") for record in caplog.records] == [1]
    file_of(index).unlink()  # while it is open
    assert index.find(TIN).total == 5


def test_a_file_that_cannot_be_written_is_said_so(store: Store, tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    with pytest.raises(BantinError, match="cannot be used"):
        SearchIndex(tmp_path / "a file" / "x", store).find(TIN)


def test_the_events_of_another_database_are_not_followed(
    store: Store, index: SearchIndex, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    fill(store, make, 1, 2)
    assert index.find(TIN).total == 2
    database = store._database
    for name in ("articles", "events", "counters", "signatures", "stories"):
        database[name].delete_many({})
    assert index.find(TIN).total == 0
    fill(store, make, 3, 4, 5)  # more events than it had followed
    index.find(TIN)
    for name in ("articles", "events", "counters", "signatures", "stories"):
        database[name].delete_many({})
    fill(store, make, 6, 7, 8, 9)
    assert index.find(TIN, order=Order.CHANGED).ids == ("a0009", "a0008", "a0007", "a0006")
    assert [record.message.count("another database") for record in caplog.records] == [1, 1]


@pytest.mark.usefixtures("slowly")
def test_a_cursor_whose_events_are_gone_answers_until_a_new_index_is_built(
    store: Store, index: SearchIndex, make: Make, tmp_path: Path
) -> None:
    fill(store, make, 1, 2, 3)
    finish(index)
    fill(store, make, 4, 5)
    begin_at(store._database.counters, 5)
    store._database.events.delete_many({"_id": {"$lt": 5}})
    assert index.find(TIN)[1:] == (3, True, None, False)
    index.step()
    index.step()
    assert index.find(TIN)[1:] == (3, True, None, False)
    finish(index)
    assert index.find(TIN)[1:] == (5, True, None, True)
    begin_at(store._database.counters, 6)
    store._database.events.delete_many({})
    assert index.find(TIN).complete  # it has read what was pruned
    # What changed when is gone with the events; what there is is not.
    assert [row[0] for row in anew(store, tmp_path / "fresh")] == [row[0] for row in held(index)]


def test_texts_that_were_replaced_are_cleared_away(
    store: Store, index: SearchIndex, make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("storage.search_upkeep._DEAD_ANYWAY", 2)
    stored = fill(store, make, 1, 2, 3, 4)
    finish(index)
    for _ in range(3):
        stored[0] = correct(store, stored[0])
        index.catch_up()
    assert (index.status().articles, index.status().dead) == (4, 3)
    finish(index)
    assert (index.status().articles, index.status().dead, index.find(TIN).total) == (4, 0, 4)
    assert held(index) == anew(store, tmp_path / "fresh")
    index.rebuild()
    assert index.find(TIN).complete
    finish(index)
    assert index.status().ready
