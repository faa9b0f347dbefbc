"""Writers that do at random what crawls and editors do, followers of what they did, and whether the two agree: for
bench.followers and for the tests."""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from random import Random
from typing import Any

from pymongo import monitoring

from config import load
from news.article import Article, Status, StoredArticle
from news.dedupe import Placement, story_id
from news.errors import BantinError
from news.event import Event, EventKind
from storage.conflicts import AlreadyStored
from storage.connect import Store, open_store
from storage.journal import Place

_TEXT = "Ủy ban nhân dân tỉnh tổ chức hội nghị triển khai nhiệm vụ phòng, chống thiên tai và tìm kiếm cứu nạn. " * 8


@dataclass
class Written:
    """What a writer did: when each of its writes was answered by its name (the `by` of its events), how often another
    writer was first, how many transactions were begun for it all, and how long each took in ms."""

    answered: dict[str, float] = field(default_factory=dict)
    refused: int = 0
    aborted: int = 0
    took: list[float] = field(default_factory=list)


@dataclass
class Followed:
    """What a follower saw, in order, and when; and how often it began again from its cursor."""

    events: list[Event] = field(default_factory=list)
    seen: list[float] = field(default_factory=list)
    restarts: int = 0


class _Aborts(monitoring.CommandListener):
    """Counts the transactions that were given up."""

    def __init__(self) -> None:
        self.count = 0

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        self.count += event.command_name == "abortTransaction"

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        pass

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        pass


@dataclass(frozen=True, slots=True)
class Child:
    """A writer or a follower in a process of its own."""

    process: Any
    pipe: Connection

    def ready(self) -> None:
        """Waits until it has opened the store."""
        self.pipe.recv()

    def start(self, until: float) -> None:
        self.pipe.send(until)

    def result(self) -> Any:
        """None of one that was killed."""
        given = None
        with suppress(EOFError, ConnectionResetError):
            given = self.pipe.recv()
        self.process.join()
        return given


def child(work: Callable[..., Any], environ: dict[str, str], *more: Any) -> Child:
    """Starts `work(store, until, *more)` in a process that opens the store by itself; it waits for `start`."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_child, args=(work, environ, theirs, more), daemon=True)
    process.start()
    theirs.close()
    return Child(process, ours)


def start_all(children: Sequence[Child], seconds: float) -> None:
    """Starts them at one moment, for so many seconds."""
    for one in children:
        one.ready()
    until = time.time() + seconds
    for one in children:
        one.start(until)


def _child(work: Callable[..., Any], environ: dict[str, str], pipe: Connection, more: tuple[Any, ...]) -> None:
    aborts = _Aborts()
    monitoring.register(aborts)
    with open_store(load(environ)) as store:
        pipe.send("ready")
        result = work(store, pipe.recv(), *more)
        if isinstance(result, Written):
            result.aborted = aborts.count
        pipe.send(result)


def write(store: Store, until: float, name: str, pause: float = 0.0) -> Written:
    """Does at random what crawls and editors do, with articles of its own and of others, until that time; `pause` is
    the longest between two writes, in seconds."""
    rng, done, mine = Random(name), Written(), list[str]()
    number = 0
    while time.time() < until:
        number += 1
        by = f"{name}-{number}"
        start = time.perf_counter()
        try:
            wrote = _write(store, rng, mine, by)
        except (AlreadyStored, BantinError) as error:
            if not _expected(error):
                raise
            done.refused += 1
            continue
        if wrote:
            done.answered[by] = time.time()
            done.took.append(1000 * (time.perf_counter() - start))
        time.sleep(pause * rng.random())
    return done


def _expected(error: Exception) -> bool:
    """Whether another writer's work explains the refusal: the story or the article has become another one meanwhile."""
    return isinstance(error, AlreadyStored) or any(
        text in str(error) for text in ("no story", "is alone in its story", "cannot be merged into itself")
    )


def _write(store: Store, rng: Random, mine: list[str], by: str) -> bool:
    now, what = datetime.now(UTC), rng.random()
    if what < 0.45 or len(mine) < 3:
        stored = _article(by, now)
        store.journal.create(stored, Place(Placement(stored.story), None, store.events.last()), by=by)
        mine.append(stored.id)
        return True
    # Half of the time what another writer may be at, too.
    id = rng.choice(mine) if rng.random() < 0.5 else _somebody(store, rng, mine)
    if what < 0.65:
        old = store.articles.get(id)
        assert old is not None
        new = replace(old, article=replace(old.article, body=f"{_TEXT} {by}"), version=old.version + 1,
                      fingerprint=f"f{by}", fetched=now)  # fmt: skip
        store.journal.update(new, old, None, changed=("body",), by=by)
        return True
    if what < 0.75:
        return store.journal.retract(id, now, "gone", by=by)
    if what < 0.82:
        return store.journal.restore(id, now, "back", by=by)
    if what < 0.92:
        one, other = (store.articles.get(which) for which in (id, rng.choice(mine)))
        return bool(one and other and store.journal.merge(one.story, other.story, now, by=by))
    return bool(store.journal.split(id, now, by=by))


def _somebody(store: Store, rng: Random, mine: Sequence[str]) -> str:
    last = store.events.last()
    found = store.events.after(str(rng.randrange(max(1, last))), 1)
    return found[0].article_id if found else rng.choice(mine)


def _article(name: str, now: datetime) -> StoredArticle:
    article = Article(f"https://a.vn/{name}", "a", title=f"Tin {name}", body=f"{_TEXT}{name}")
    return StoredArticle(f"a{name}", article, (f"a.vn/{name}",), (), f"f{name}", story_id(f"a{name}"),
                         Status.PUBLISHED, 1, now, now)  # fmt: skip


def follow(store: Store, until: float, name: str, forgetful: bool, environ: dict[str, str]) -> Followed:
    """Follows the events until an event named "end" comes. A forgetful one ends now and then, and goes on in a new
    connection from the last cursor that it kept."""
    rng, seen, cursor = Random(name), Followed(), ""
    with suppress(StopIteration):
        while True:
            cursor = next(_followed(store, seen, cursor, rng.uniform(0.3, 1.5) if forgetful else 1e9))
            seen.restarts += 1
            store.close()
            store = open_store(load(environ))
    store.close()
    return seen


def _followed(store: Store, seen: Followed, cursor: str, seconds: float) -> Iterator[str]:
    """Follows for so long and gives the cursor; ends where the events do."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for event in store.events.wait(cursor, 100, 1.0):
            if event.by == "end":
                return
            seen.events.append(event)
            seen.seen.append(time.time())
            cursor = event.cursor
    yield cursor


def end(store: Store) -> None:
    """Tells the followers that no more comes."""
    stored = _article(f"end-{time.time()}", datetime.now(UTC))
    store.journal.create(stored, by="end")


def events_of(store: Store) -> list[Event]:
    """All that happened, without the end."""
    found: list[Event] = []
    while more := store.events.after(found[-1].cursor if found else "", 1000):
        found += more
    return [event for event in found if event.by != "end"]


def problems(store: Store) -> list[str]:
    """Where the events and what is stored do not agree; empty where every change has its one event and the other way
    round."""
    events = events_of(store)
    numbers = [event.number for event in events]
    wrong = [] if numbers == list(range(1, len(numbers) + 1)) else ["the numbers have gaps"]
    told: dict[str, list[Event]] = {}
    for event in events:
        told.setdefault(event.article_id, []).append(event)
    stored = [one for id in store.articles.ids() if (one := store.articles.get(id)) and "end-" not in id]
    wrong += [f"{id} has events and is not there" for id in told.keys() - {one.id for one in stored}]
    for one in stored:
        wrong += _problems_of(store, one, told.get(one.id, []))
    members = Counter(member for story in store.stories.find(limit=100_000) for member in story.members)
    return wrong + [f"{member} is in {count} stories" for member, count in members.items() if count > 1]


def _problems_of(store: Store, stored: StoredArticle, told: Sequence[Event]) -> Iterator[str]:
    kinds = Counter(event.kind for event in told)
    if kinds[EventKind.CREATED] != 1 or told[0].kind is not EventKind.CREATED:
        yield f"{stored.id} was created {kinds[EventKind.CREATED]} times"
        return
    if not stored.version == 1 + kinds[EventKind.UPDATED] == 1 + len(store.versions.of(stored.id)) == told[-1].version:
        yield f"{stored.id} has version {stored.version} after {kinds[EventKind.UPDATED]} updates"
    taken = [event.kind for event in told if event.kind in (EventKind.RETRACTED, EventKind.RESTORED)]
    if taken != [EventKind.RETRACTED, EventKind.RESTORED] * (len(taken) // 2) + [EventKind.RETRACTED] * (
        len(taken) % 2
    ):
        yield f"{stored.id} was taken and given back in a strange order: {taken}"
    if (stored.status is Status.RETRACTED) is not (len(taken) % 2 == 1):
        yield f"{stored.id} is {stored.status} after {len(taken)} changes of its status"
    if stored.story != told[-1].story:
        yield f"{stored.id} is in {stored.story}, and its last event says {told[-1].story}"
