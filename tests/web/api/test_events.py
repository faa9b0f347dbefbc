"""Following what happens, over HTTP: nobody misses or repeats anything, and waiting holds up nobody."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import httpx

from config import Config
from news.article import Status, StoredArticle
from news.review.states import Move
from storage import events
from storage.connect import Store
from tests.web.conftest import FETCHED

Put = Callable[..., StoredArticle]
Serving = Callable[[Store, Config], AbstractContextManager[httpx.Client]]
EVENTS = "/api/v1/events"
STREAM = "/api/v1/events/stream"


def told(lines: Iterator[str], many: int) -> list[dict[str, Any]]:
    """The next events of a stream, each with its `id`."""
    found: list[dict[str, Any]] = []
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "data" in fields:
            found.append({"id": fields["id"], "event": fields["event"], **json.loads(fields["data"])})
            fields = {}
            if len(found) == many:
                break
    return found


def follow(client: httpx.Client, **query: Any) -> list[dict[str, Any]]:
    """All events, page by page."""
    found: list[dict[str, Any]] = []
    page: dict[str, Any] = {"next": "", "more": True}
    while page["more"]:
        page = client.get(EVENTS, params={**query, "after": page["next"]}).json()
        found += page["events"]
    return found


def test_whoever_goes_on_behind_the_cursor_gets_every_event_once(client: httpx.Client, put: Put, store: Store) -> None:
    for n in range(5):
        put(f"a{n}")
    store.journal.retract("a0", FETCHED, "gone")

    found = follow(client, limit=2)

    assert [(event["article"], event["kind"], event["status"]) for event in found] == [
        *((f"a{n}", "created", "published") for n in range(5)),
        ("a0", "retracted", "retracted"),
    ]
    latest = client.get(EVENTS, params={"after": "latest"}).json()
    assert latest == {"events": [], "next": found[-1]["cursor"], "more": False}


def test_what_waits_for_an_editor_is_told_when_it_is_published(client: httpx.Client, put: Put, store: Store) -> None:
    put("a", status=Status.WAITING)

    hidden = client.get(EVENTS).json()
    assert (hidden["events"], hidden["next"]) == ([], "1"), "the cursor advances"

    store.journal.decide("a", Move.APPROVE, FETCHED, by="lan")
    shown = client.get(EVENTS, params={"after": hidden["next"]}).json()
    assert [(event["kind"], event["by"]) for event in shown["events"]] == [("approved", "editor")], "no name is told"
    assert [event["kind"] for event in client.get("/api/v1/articles/a/events").json()["events"]] == ["approved"]


def test_events_are_those_of_the_sites_asked_for(client: httpx.Client, put: Put) -> None:
    put("a")
    put("b", site="nhandan")

    for query in ({"site": "nhandan"}, {"kind": "press"}):
        assert [event["article"] for event in follow(client, limit=1, **query)] == ["b"]


def test_who_waits_is_told_at_once_and_a_hundred_hold_up_nobody(client: httpx.Client, put: Put) -> None:
    """More than the forty threads that answer."""
    put("a")

    async def all_wait() -> list[httpx.Response]:
        limits = httpx.Limits(max_connections=200)
        async with httpx.AsyncClient(base_url=client.base_url, timeout=20, limits=limits) as many:
            waiting = [asyncio.create_task(many.get(EVENTS, params={"after": 1, "wait": 60})) for _ in range(100)]
            other = await many.get("/api/v1/articles", params={"fields": "title"})
            assert other.status_code == 200
            assert not any(task.done() for task in waiting)
            await asyncio.to_thread(put, "b")
            return await asyncio.gather(*waiting)

    answers = [answer.json() for answer in asyncio.run(all_wait())]

    assert all([event["article"] for event in answer["events"]] == ["b"] for answer in answers)
    assert {answer["next"] for answer in answers} == {"2"}


def test_who_waits_in_vain_is_told_where_to_go_on(client: httpx.Client, put: Put) -> None:
    put("a")

    answer = client.get(EVENTS, params={"after": 1, "wait": 1}).json()

    assert answer == {"events": [], "next": "1", "more": False}


def test_a_stream_tells_what_happened_and_what_happens_to_all_who_listen(client: httpx.Client, put: Put) -> None:
    put("a")
    with client.stream("GET", STREAM, params={"after": "0"}) as one, client.stream("GET", STREAM) as other:
        assert one.headers["content-type"].startswith("text/event-stream")
        first, second = one.iter_lines(), other.iter_lines()
        next(second)  # it has begun
        assert [(event["id"], event["event"]) for event in told(first, 1)] == [("1", "created")]

        put("b")
        assert [event["article"] for event in told(first, 1)] == ["b"]
        assert [event["article"] for event in told(second, 1)] == ["b"], "without a cursor it begins now"

    with client.stream("GET", STREAM, headers={"Last-Event-ID": "1"}) as again:
        assert [event["article"] for event in told(again.iter_lines(), 1)] == ["b"]


def test_a_stream_keeps_the_place_of_what_it_does_not_tell(client: httpx.Client, put: Put) -> None:
    put("a", status=Status.WAITING)

    with client.stream("GET", STREAM, params={"after": "0"}) as stream:
        lines = stream.iter_lines()
        assert [line for _, line in zip(range(3), lines, strict=False)] == ["retry: 3000", "", "id: 1"]


def test_streams_and_waiting_clients_end_with_the_server(store: Store, config: Config, serving: Serving) -> None:
    ended = threading.Event()
    started = threading.Event()

    def listen(base: httpx.URL) -> None:
        with httpx.Client(base_url=base, timeout=60) as http, http.stream("GET", STREAM) as stream:
            for _ in stream.iter_lines():
                started.set()
        ended.set()

    with serving(store, config) as client:
        thread = threading.Thread(target=listen, args=(client.base_url,))
        thread.start()
        assert started.wait(10)
    thread.join(10)

    assert ended.is_set()


def test_a_cursor_behind_which_events_are_gone_says_where_to_go_on(
    client: httpx.Client, put: Put, store: Store
) -> None:
    for n in range(3):
        put(f"a{n}")
    store._database.events.delete_many({"_id": {"$lt": 3}})
    events.begin_at(store._database.counters, 3)

    for path in (EVENTS, STREAM):
        for cursor, start in (("1", "2"), ("77", "3")):  # pruned; and of another database
            answer = client.get(path, params={"after": cursor})
            problem = answer.json()
            assert (answer.status_code, problem["cursor"]) == (410, start)
            assert problem["type"].endswith("#problem-cursor-gone")


def test_what_is_no_cursor_is_refused(client: httpx.Client) -> None:
    for query in ("after=x", "after=-1", "wait=61", "wait=x", "limit=0", "site=soyta", "status=published"):
        answer = client.get(f"{EVENTS}?{query}")
        assert answer.status_code == 422, query
        assert answer.json()["errors"][0]["name"] == query.partition("=")[0]
