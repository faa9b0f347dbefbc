"""Events are one sequence without a gap, and who follows it hears at once of what is new."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from config import Config
from news.article import Status, StoredArticle
from news.errors import InvalidValue
from news.event import Event, EventKind
from storage.connect import Store, open_store

Make = Callable[..., StoredArticle]
NOW = datetime(2025, 3, 5, 3, 20, tzinfo=UTC)


def numbers(events: list[Event]) -> list[int]:
    return [event.number for event in events]


def test_the_first_event_is_number_one_and_each_next_one_more(store: Store, make: Make) -> None:
    assert (store.events.after(), store.events.last()) == ([], 0)
    for n in range(1, 6):
        store.journal.create(make(n))
        store.journal.create(make(n))  # nothing happened, and no number is lost
    assert numbers(store.events.after()) == [1, 2, 3, 4, 5]
    assert store.events.last() == 5


def test_an_event_comes_back_as_it_was_told(store: Store, make: Make) -> None:
    store.journal.create(make(1))
    store.journal.retract("a0001", NOW, "gone: missing twice")
    assert store.events.after("1") == [
        Event(
            2, EventKind.RETRACTED, "a0001", "baochinh", "s1", 1, NOW, "crawl", ("status",), "gone: missing twice",
            Status.RETRACTED,
        )
    ]  # fmt: skip


def test_who_follows_the_cursor_page_by_page_sees_every_event_once(store: Store, make: Make) -> None:
    for n in range(1, 8):
        store.journal.create(make(n))
    seen, cursor = [], ""
    while page := store.events.after(cursor, limit=3):
        seen += numbers(page)
        cursor = page[-1].cursor
    assert seen == [1, 2, 3, 4, 5, 6, 7]
    assert store.events.after("7") == store.events.after("999") == []


@pytest.mark.parametrize("cursor", ["-1", "mới nhất", "1.5", "9" * 19])
def test_what_is_no_cursor_is_refused(store: Store, cursor: str) -> None:
    with pytest.raises(InvalidValue):
        store.events.after(cursor)
    with pytest.raises(InvalidValue):
        store.events.wait(cursor, 10, 0.1)


def test_what_happened_to_one_article_is_told_apart(store: Store, make: Make) -> None:
    for n in (1, 2):
        store.journal.create(make(n))
    for _ in range(2):
        store.journal.retract("a0001", NOW, "")
        store.journal.restore("a0001", NOW, "")
    kinds = ["created", "retracted", "restored", "retracted", "restored"]
    assert [str(event.kind) for event in store.events.of("a0001")] == kinds
    newest = store.events.newest("a0001", EventKind.RETRACTED)
    assert newest is not None
    assert newest.number == 5
    assert store.events.newest("a0002", EventKind.RETRACTED) is None


def test_waiting_ends_at_once_where_something_is_there(store: Store, make: Make) -> None:
    store.journal.create(make(1))
    began = time.monotonic()
    assert numbers(store.events.wait("", 10, 30)) == [1]
    assert time.monotonic() - began < 1


def test_waiting_ends_when_something_comes(store: Store, make: Make) -> None:
    store.journal.create(make(1))
    threading.Timer(0.4, lambda: store.journal.create(make(2))).start()
    began = time.monotonic()
    assert numbers(store.events.wait("1", 10, 30)) == [2]
    assert 0.3 < time.monotonic() - began < 5


def test_waiting_in_vain_ends_after_its_time(store: Store, make: Make) -> None:
    store.journal.create(make(1))
    began = time.monotonic()
    assert store.events.wait("1", 10, 0.5) == []
    assert 0.4 < time.monotonic() - began < 4
    assert store.events.wait("1", 10, 0) == []


def test_however_many_write_every_follower_sees_the_same_sequence(store: Store, make: Make, config: Config) -> None:
    def write(writer: int) -> None:
        with open_store(config) as own:
            for n in range(15):
                own.journal.create(make(100 * writer + n))

    def follow(_: int) -> list[tuple[int, str]]:
        seen: list[tuple[int, str]] = []
        with open_store(config) as own:
            while len(seen) < 60:
                cursor = str(seen[-1][0]) if seen else ""
                page = own.events.wait(cursor, 7, 20)
                assert page, f"nothing came behind {cursor}"
                seen += [(event.number, event.article_id) for event in page]
        return seen

    with ThreadPoolExecutor(6) as pool:
        followers = [pool.submit(follow, n) for n in range(2)]
        list(pool.map(write, range(1, 5)))
        first, second = (follower.result() for follower in followers)
    assert first == second
    assert [number for number, _ in first] == list(range(1, 61))
    assert len({article for _, article in first}) == 60
