"""Whoever follows the events sees all of them, once, in one order: with eight writers, while writers and MongoDB are
killed, and every change has its event."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from pymongo import MongoClient

import config as settings
from bench.followers import together
from bench.writers import child, end, events_of, follow, problems, start_all, write
from config import Config
from news.article import StoredArticle
from storage.connect import Store, open_store

Make = Callable[..., StoredArticle]


def test_three_followers_of_eight_writers_see_the_same_sequence(store: Store, environ: dict[str, str]) -> None:
    run = together(store, environ, 6.0)

    assert [event.number for event in run.events] == list(range(1, len(run.events) + 1))
    for followed in run.followed:
        assert followed.events == run.events
    assert run.followed[0].restarts
    assert {name for written in run.written for name in written.answered} <= {event.by for event in run.events}
    assert len({event.by.partition("-")[0] for event in run.events}) == 8
    assert run.problems == []


def test_writers_and_mongodb_may_be_killed_and_no_event_is_lost_or_told_twice(tmp_path: Path) -> None:
    plain = settings.load({"BANTIN_DATA_DIR": str(tmp_path), "BANTIN_DATABASE": "k", "BANTIN_MONGODB_PATIENCE": "60"})
    with open_store(plain, must_own=True) as store:
        environ = {"MONGODB_URI": store.uri, "BANTIN_DATABASE": "k", "BANTIN_MONGODB_PATIENCE": "60"}
        followers = [child(follow, environ, f"f{n}", n == 0, environ) for n in range(2)]
        writers = [child(write, environ, f"w{n}") for n in range(4)]
        start_all([*followers, *writers], 9)
        for writer in writers[:2]:
            time.sleep(0.7)
            os.kill(writer.process.pid, signal.SIGKILL)
        mongod = _mongod(store)
        os.kill(mongod, signal.SIGSTOP)  # silent for a while, then gone, then back
        time.sleep(3)
        os.kill(mongod, signal.SIGKILL)
        written = [writer.result() for writer in writers]
        end(store)
        followed = [follower.result() for follower in followers]

        events = events_of(store)
        assert problems(store) == []
        assert [one.events == events for one in followed] == [True, True]
        assert written[:2] == [None, None]
        answered = [name for one in written[2:] for name in one.answered]
        assert set(answered) <= {event.by for event in events}
        assert _mongod(store) != mongod


def _mongod(store: Store) -> int:
    with MongoClient[dict[str, object]](store.uri) as client:
        return int(str(client.admin.command("serverStatus")["pid"]))


_HOLDER = """
import sys, time
import config
from storage import events
from storage.connect import open_store

with open_store(config.load({"MONGODB_URI": sys.argv[1], "BANTIN_DATABASE": sys.argv[2]})) as store:
    with store._database.client.start_session() as session, session.start_transaction():
        print(events.next_numbers(store._database.counters, 1, session), flush=True)
        time.sleep(300)
"""


def test_a_writer_killed_in_its_turn_does_not_hold_up_the_others(store: Store, config: Config, make: Make) -> None:
    command = [sys.executable, "-c", _HOLDER, config.mongodb_uri, config.database]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "1\n"
        holder.kill()
    start = time.monotonic()
    store.journal.create(make())  # MongoDB by itself would keep the turn for a minute or more
    assert time.monotonic() - start < 20
    assert [event.number for event in store.events.after()] == [1]
