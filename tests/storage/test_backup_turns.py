"""One back-up of a database is made at a time, and has its time whatever becomes of another."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from news.article import StoredArticle
from news.errors import BantinError
from storage.backup.turn import WINDOW, turn
from storage.connect import Store
from tests.storage.test_backup import _KILLED, ROOT

Make = Callable[..., StoredArticle]


def history(store: Store) -> int:
    """For how many seconds MongoDB keeps old states."""
    return int(store._client.admin.command({"getParameter": 1, WINDOW: 1})[WINDOW])


def test_a_second_back_up_is_refused_and_takes_nothing_from_the_first(store: Store, make: Make, tmp_path: Path) -> None:
    store.journal.create(make(1))
    usual, meanwhile = history(store), []

    def second(name: str, count: int) -> None:
        with pytest.raises(BantinError, match=rf"Another back-up of .* is under way \(process {os.getpid()} of "):
            store.back_up(tmp_path / "second.tar")
        meanwhile.append(history(store))

    store.back_up(tmp_path / "first.tar", second)
    assert min(meanwhile) > 3600 > usual == history(store)
    assert os.listdir(tmp_path) == ["first.tar"]
    store.back_up(tmp_path / "second.tar")


def test_who_was_away_while_another_began_leaves_it_its_time(store: Store) -> None:
    usual = history(store)
    sleeper = turn(store._database, store._patience)
    sleeper.__enter__()
    store._database.leases.update_one({"_id": "backup"}, {"$set": {"until": datetime(2026, 3, 1, tzinfo=UTC)}})
    with turn(store._database, store._patience):
        sleeper.__exit__(None, None, None)
        assert history(store) > 3600
    assert history(store) <= max(usual, 300)


def test_one_that_was_killed_is_in_nobodys_way_and_leaves_no_long_memory(
    store: Store, make: Make, environ: dict[str, str], tmp_path: Path
) -> None:
    store.journal.create(make(1))
    killed = [sys.executable, "-c", _KILLED, str(tmp_path / "killed.tar"), "articles"]
    ran = subprocess.run(killed, env={**os.environ, **environ}, cwd=ROOT)
    assert ran.returncode == -signal.SIGKILL
    assert history(store) > 3600
    store.back_up(tmp_path / "next.tar")
    assert history(store) <= 300
