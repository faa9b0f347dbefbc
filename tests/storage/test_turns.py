"""A transaction is done once and whole: whose answer was lost, who has to wait, and who is refused all the time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from pymongo.client_session import ClientSession
from pymongo.errors import AutoReconnect, ConfigurationError

from news.article import StoredArticle
from news.event import EventKind
from storage import events
from storage.connect import StorageUnavailable, Store
from storage.patience import Patience
from storage.turns import Turns

Make = Callable[..., StoredArticle]


def test_a_commit_whose_answer_was_lost_is_neither_lost_nor_done_twice(
    store: Store, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in (1, 2):
        store.journal.create(make(n))
    commit, commits = ClientSession.commit_transaction, list[ClientSession]()

    def commit_and_lose(session: ClientSession) -> None:
        commit(session)
        commits.append(session)
        if len(commits) == 1:
            raise AutoReconnect("reset by peer", {"errorLabels": ["UnknownTransactionCommitResult"]})

    monkeypatch.setattr(ClientSession, "commit_transaction", commit_and_lose)
    # Done again, it would find no story "s1" any more, and would say so to the editor.
    assert store.journal.merge("s1", "s2", make().fetched, by="lan")
    assert len(commits) == 2
    assert commits[0] is commits[1]
    kinds = [event.kind for event in store.events.after()]
    assert kinds == [EventKind.CREATED, EventKind.CREATED, EventKind.MERGED]


def test_a_member_that_has_just_come_up_is_waited_for(store: Store) -> None:
    said = ["Sessions are not supported by this MongoDB deployment"]  # what PyMongo makes of one without its set

    def work(session: ClientSession) -> int:
        if said:
            raise ConfigurationError(said.pop())
        return events.next_numbers(store._database.counters, 1, session)

    assert Turns(store._database, Patience(5, "here", "none")).take(work) == 1


def test_what_work_raises_ends_it_and_leaves_nothing(store: Store) -> None:
    turns = Turns(store._database, Patience(5, "here", "none"))

    def work(session: ClientSession) -> None:
        events.next_numbers(store._database.counters, 7, session)
        raise LookupError

    with pytest.raises(LookupError):
        turns.take(work)
    assert store.events.last() == 0


def test_who_gets_no_turn_in_time_is_told_and_who_is_at_work_is_left_alone(store: Store) -> None:
    holding, stop = threading.Event(), threading.Event()

    def hold(session: ClientSession) -> None:
        while not stop.is_set():  # slow, but alive: each look finds that it has done something
            events.next_numbers(store._database.counters, 1, session)
            holding.set()
            time.sleep(0.1)

    others: Any = store._database.client.get_database(store._database.name)
    holder = threading.Thread(target=lambda: Turns(others, Patience(30, "elsewhere", "none")).take(hold))
    holder.start()
    holding.wait(10)
    try:
        with pytest.raises(StorageUnavailable, match="gave no turn to write for 4 s"):
            Turns(store._database, Patience(4, "here", "Look who writes.")).take(
                lambda session: events.next_numbers(store._database.counters, 1, session)
            )
    finally:
        stop.set()
        holder.join()
    assert store.events.last() > 20
