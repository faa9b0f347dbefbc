"""Searching the stored articles: an index beside MongoDB, which can be deleted at any time and builds itself again.

Why it is not MongoDB's own: docs/decisions/0014-search-beside-mongodb.md. What happens to articles is read from the
events; what was stored before a search is found by it.
"""

from __future__ import annotations

import fcntl
import logging
import os
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Self, TypeVar

from news.article import Status
from news.errors import BantinError
from news.search import Query
from storage import search_file, search_pages
from storage.connect import Store, StoreSettings
from storage.events import CursorGone
from storage.search_file import NotOurs, State
from storage.search_pages import Order, Place, SearchPage, Wanted
from storage.search_upkeep import AnotherDatabase, Upkeep

__all__ = ["IndexStatus", "Order", "Place", "SearchIndex", "SearchPage"]

log = logging.getLogger("bantin.search")

AT_ONCE = 200
"""As many pending events, or articles where nothing is built yet, a search brings in itself before it answers."""

_PAUSE, _LONG_PAUSE = 1.0, 60.0  # seconds between looks of the background thread; after an error
_FOREIGN = "its events are those of another database"
_PATIENCE = 10.0  # seconds to wait for a thread that may be waiting for MongoDB
_ENDING = ".sqlite"
_IDLE = 8  # connections that are kept open

T = TypeVar("T")


class IndexStatus(NamedTuple):
    """How the index is: where, if it was made yet; its `articles` and `dead` texts; the event it holds, and how many it
    is behind; its size on disk."""

    file: Path | None
    ready: bool
    articles: int
    dead: int
    cursor: str
    behind: int
    bytes: int

    def to_json(self) -> dict[str, object]:
        return {**self._asdict(), "file": self.file and str(self.file)}


class SearchIndex:
    """The index of one database in a folder of its own. Safe to use from several threads and processes, not across a
    fork.

    Its own work is done by whoever searches, as far as it is little, and else by `step`: call `start` for a thread that
    does it, and `close` at the end.
    """

    def __init__(self, folder: Path, store: Store) -> None:
        self._folder = folder
        self._upkeep = Upkeep(store.articles, store.events)
        self._events = store.events
        self._idle: deque[tuple[Path, sqlite3.Connection]] = deque()
        self._turn = threading.Lock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @classmethod
    def of(cls, settings: StoreSettings, store: Store) -> Self:
        """The index of an opened store, where its settings put it."""
        return cls(settings.data_dir / "search" / settings.database, store)

    # asking

    def find(
        self,
        query: Query,
        *,
        sites: frozenset[str] | None = None,
        statuses: tuple[Status, ...] | None = (Status.PUBLISHED,),
        since: datetime | None = None,
        until: datetime | None = None,
        before: int | None = None,
        order: Order = Order.RELEVANCE,
        limit: int = 50,
        after: Place | None = None,
    ) -> SearchPage:
        """The articles that match, one page of them. None means any. Published (where undated, fetched) at `since` or
        later and before `until`; `before`: changed last by an event of a lower number. `after` goes on behind a page.

        Raises StorageUnavailable where MongoDB does not answer: what is found may be retracted.
        """
        wanted = Wanted(query, sites, statuses, since, until, before)
        if sites is not None and not sites:
            return SearchPage((), 0, True, None, True)

        def ask(connection: sqlite3.Connection, state: State, complete: bool) -> SearchPage:
            total = search_pages.count(connection, state.number, wanted, search_pages.COUNTED + 1)
            counted = total <= search_pages.COUNTED
            places, last = search_pages.page(
                connection, state.number, wanted, order, limit, after, total if counted else None
            )
            return SearchPage(places, min(total, search_pages.COUNTED), counted, last, complete)

        return self._ask(ask)

    def matches(self, query: Query, ids: Sequence[str]) -> set[str]:
        """Which of these articles match, whatever their status."""
        return self._ask(lambda connection, state, _: search_pages.among(connection, state.number, query, ids))

    # keeping

    @property
    def file(self) -> Path | None:
        """Where the index is now. No other will ever have its name: SQLite deletes the journal of a file by name, and
        who still has one open that was thrown away would delete the next one's."""
        return max(self._folder.glob(f"*{_ENDING}"), default=None)

    @property
    def cursor(self) -> str:
        """The last event that is in the index."""
        return self._guarded(lambda connection: str(getattr(_serving(connection), "cursor", 0)))

    def status(self) -> IndexStatus:
        """How the index is now; nothing is done to it."""
        return self._guarded(self._status)

    def catch_up(self, limit: int = AT_ONCE) -> bool:
        """Brings in what is pending if it is no more than `limit` events (where nothing is built yet, articles).
        Whether the index is complete now."""
        return self._guarded(lambda connection: self._catch_up(connection, limit))

    def step(self) -> bool:
        """Does one batch of what is to be done, within about a second. False where there is nothing to do."""
        with self._turn:
            return self._guarded(self._step)

    def rebuild(self) -> None:
        """Begins to build the index anew. Until that is done by `step`, the present one answers."""
        self._guarded(lambda connection: self._upkeep.begin(connection, _serving(connection), keep=True))

    def start(self) -> None:
        """Does what is to be done in a thread, until `close`."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="search-index", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Ends the thread behind its batch and closes the file. Can be called again."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(_PATIENCE)
        while self._idle:
            self._idle.pop()[1].close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, question: Callable[[sqlite3.Connection, State, bool], T]) -> T:
        def ask(connection: sqlite3.Connection) -> T:
            complete = self._catch_up(connection, AT_ONCE)
            connection.execute("BEGIN")
            try:
                state = _serving(connection)
                assert state is not None  # catching up has made one
                return question(connection, state, complete and state.ready)
            finally:
                connection.rollback()

        return self._guarded(ask)

    def _catch_up(self, connection: sqlite3.Connection, limit: int) -> bool:
        state = _serving(connection)
        if state is not None and state.ready:
            with suppress(CursorGone, AnotherDatabase):
                if not self._upkeep.pending(state, 1):
                    return True
        with self._turn:
            return self._catch_up_in_turn(connection, limit)

    def _catch_up_in_turn(self, connection: sqlite3.Connection, limit: int) -> bool:
        # Again and again, as somebody else may be at it and know less than is known here.
        while True:
            state = _serving(connection)
            try:
                if state is None:
                    self._upkeep.begin(connection, None)
                elif not state.ready:
                    if not self._upkeep.fits(limit):
                        return False
                    self._upkeep.build(connection, state)
                else:
                    events = self._upkeep.pending(state, limit + 1)
                    if not events or len(events) > limit:
                        return not events
                    if self._upkeep.follow(connection, state, events):
                        return True
            except AnotherDatabase:
                self._renew(connection, state, _FOREIGN)
            except CursorGone:
                return False

    def _step(self, connection: sqlite3.Connection) -> bool:
        states = search_file.states(connection)
        if not states:
            self._upkeep.begin(connection, None)
            return True
        serving, building = states[0], states[-1]
        try:
            if serving.ready and self._follow(connection, serving, building):
                return True
            if not building.ready:
                self._upkeep.build(connection, building)
                return True
        except AnotherDatabase:
            self._renew(connection, serving, _FOREIGN)
            return True
        except CursorGone:
            self._renew(connection, serving, "events were pruned that it had not read", keep=serving.ready)
            return True
        if self._upkeep.worn(connection, serving):
            self._renew(connection, serving, "more than a quarter of its texts is gone or was replaced", keep=True)
            return True
        return False

    def _follow(self, connection: sqlite3.Connection, serving: State, building: State) -> bool:
        try:
            events = self._upkeep.pending(serving, AT_ONCE)
        except CursorGone:
            if building == serving:
                raise
            return False  # the one that is being built takes its place
        if events:
            self._upkeep.follow(connection, serving, events)
        return bool(events)

    def _renew(self, connection: sqlite3.Connection, serving: State | None, why: str, *, keep: bool = False) -> None:
        if self._upkeep.begin(connection, serving, keep=keep):
            log.warning("The search index is built anew: %s.", why)

    def _status(self, connection: sqlite3.Connection) -> IndexStatus:
        state = _serving(connection)
        total, dead = search_file.sizes(connection, state.number) if state else (0, 0)
        size = sum(file.stat().st_size for file in self._folder.iterdir())
        cursor = state.cursor if state else 0
        behind = max(0, self._events.last() - cursor)
        ready = state is not None and state.ready
        return IndexStatus(self.file, ready, total - dead, dead, str(cursor), behind, size)

    def _work(self) -> None:
        pause = 0.0
        while not self._stopping.wait(pause):
            try:
                pause = 0.0 if self.step() else _PAUSE
            except BantinError as error:
                log.error("The search index does not go on: %s %s", error.problem, error.remedy)
                pause = _LONG_PAUSE
            except Exception:
                log.exception("The search index does not go on.")
                pause = _LONG_PAUSE

    # the file

    def _guarded(self, action: Callable[[sqlite3.Connection], T]) -> T:
        """What `action` does with a connection; where the file is of no use, with a new one."""
        for _ in range(2):
            try:
                with self._connected() as connection:
                    return action(connection)
            except (OSError, sqlite3.OperationalError) as error:
                raise BantinError(
                    f"The search index in {self._folder} cannot be used: {error}.",
                    "Give its disk space and this user the right to write there; deleted, it builds itself again.",
                ) from error
            except NotOurs:
                continue
        raise BantinError(f"The search index in {self._folder} is damaged again and again.", "Look at its disk.")

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """A connection for one action. Raises NotOurs where the file was of no use, and thrown away."""
        file, connection = self._connection()
        try:
            yield connection
        except sqlite3.DatabaseError as error:
            connection.close()
            if isinstance(error, sqlite3.OperationalError):
                raise
            with self._door():
                self._throw_away(file, error)
            raise NotOurs from error
        except BaseException:
            self._give_back(file, connection)
            raise
        else:
            self._give_back(file, connection)

    def _connection(self) -> tuple[Path, sqlite3.Connection]:
        while self._idle:
            with suppress(IndexError):
                file, connection = self._idle.pop()
                if file.exists():
                    return file, connection
                connection.close()  # somebody has thrown that file away
        with self._door():
            file = self.file or self._folder / f"{time.time_ns()}{_ENDING}"
            try:
                return file, search_file.connect(file)
            except sqlite3.OperationalError:
                raise
            except (sqlite3.DatabaseError, NotOurs) as error:
                self._throw_away(file, error)
                raise NotOurs from error

    def _give_back(self, file: Path, connection: sqlite3.Connection) -> None:
        if len(self._idle) < _IDLE:
            self._idle.append((file, connection))
        else:
            connection.close()

    def _throw_away(self, file: Path, error: Exception) -> None:
        if file.exists():
            log.warning("The search index %s is thrown away and built anew: %s.", file, error)
            for ending in ("", "-wal", "-shm"):
                Path(f"{file}{ending}").unlink(missing_ok=True)

    @contextmanager
    def _door(self) -> Iterator[None]:
        """Of those who make, open or throw away a file, one at a time."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _serving(connection: sqlite3.Connection) -> State | None:
    """The generation that is asked: the oldest, which is not replaced until the next one is ready."""
    return next(iter(search_file.states(connection)), None)
