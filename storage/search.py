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
_IDLE = 8  # connections that are kept open

T = TypeVar("T")


class IndexStatus(NamedTuple):
    """How the index is: `articles` and `dead` texts, the event it holds, how many it is behind, its size on disk."""

    path: Path
    ready: bool
    articles: int
    dead: int
    cursor: str
    behind: int
    bytes: int

    def to_json(self) -> dict[str, object]:
        return {**self._asdict(), "path": str(self.path)}


class SearchIndex:
    """The index of one database in one file. Safe to use from several threads and processes, not across a fork.

    Its own work is done by whoever searches, as far as it is little, and else by `step`: call `start` for a thread that
    does it, and `close` at the end.
    """

    def __init__(self, path: Path, store: Store) -> None:
        self.path = path
        self._upkeep = Upkeep(store.articles, store.events)
        self._events = store.events
        self._idle: deque[tuple[int, sqlite3.Connection]] = deque()
        self._turn = threading.Lock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @classmethod
    def of(cls, settings: StoreSettings, store: Store) -> Self:
        """The index of an opened store, where its settings put it."""
        return cls(settings.data_dir / "search" / f"{settings.database}.sqlite", store)

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
            ids, last = search_pages.page(connection, state.number, wanted, order, limit, after)
            total = search_pages.count(connection, state.number, wanted, search_pages.COUNTED + 1)
            counted = total <= search_pages.COUNTED
            return SearchPage(ids, min(total, search_pages.COUNTED), counted, last, complete)

        return self._ask(ask)

    def matches(self, query: Query, ids: Sequence[str]) -> set[str]:
        """Which of these articles match, whatever their status."""
        return self._ask(lambda connection, state, _: search_pages.among(connection, state.number, query, ids))

    # keeping

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
            self._thread.join()
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
        files = [Path(f"{self.path}{ending}") for ending in search_file.ENDINGS]
        size = sum(file.stat().st_size for file in files if file.exists())
        cursor = state.cursor if state else 0
        behind = max(0, self._events.last() - cursor)
        ready = state is not None and state.ready
        return IndexStatus(self.path, ready, total - dead, dead, str(cursor), behind, size)

    def _work(self) -> None:
        pause = 0.0
        while not self._stopping.wait(pause):
            try:
                pause = 0.0 if self.step() else _PAUSE
            except BantinError as error:
                log.error("The search index does not go on: %s %s", error.problem, error.remedy)
                pause = _LONG_PAUSE

    # the file

    def _guarded(self, action: Callable[[sqlite3.Connection], T]) -> T:
        """What `action` does with a connection; where the file is of no use, with a new one."""
        for _ in range(2):
            inode = 0
            try:
                with self._connected() as (inode, connection):
                    return action(connection)
            except (OSError, sqlite3.OperationalError) as error:
                raise BantinError(
                    f"The search index {self.path} cannot be used: {error}.",
                    "Give its disk space and this user the right to write there; deleted, it builds itself again.",
                ) from error
            except (sqlite3.DatabaseError, NotOurs) as error:
                self._throw_away(inode, error)
        raise BantinError(f"The search index {self.path} is damaged again and again.", "Look at its disk.")

    @contextmanager
    def _connected(self) -> Iterator[tuple[int, sqlite3.Connection]]:
        inode, connection = self._connection()
        try:
            yield inode, connection
        except sqlite3.Error:
            connection.close()
            raise
        except BaseException:
            self._give_back(inode, connection)
            raise
        else:
            self._give_back(inode, connection)

    def _connection(self) -> tuple[int, sqlite3.Connection]:
        present = _inode(self.path)
        while self._idle:
            with suppress(IndexError):
                inode, connection = self._idle.pop()
                if inode == present:
                    return inode, connection
                connection.close()  # somebody has thrown that file away
        with self._door():
            connection = search_file.connect(self.path)
            return _inode(self.path), connection

    def _give_back(self, inode: int, connection: sqlite3.Connection) -> None:
        if len(self._idle) < _IDLE:
            self._idle.append((inode, connection))
        else:
            connection.close()

    def _throw_away(self, inode: int, error: Exception) -> None:
        with self._door():
            if inode in (0, _inode(self.path)):
                log.warning("The search index %s is thrown away and built anew: %s.", self.path, error)
                for ending in search_file.ENDINGS:
                    Path(f"{self.path}{ending}").unlink(missing_ok=True)

    @contextmanager
    def _door(self) -> Iterator[None]:
        """Nobody opens the file while another throws it away: a new one must not meet the old one's journal."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(f"{self.path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _serving(connection: sqlite3.Connection) -> State | None:
    """The generation that is asked: the oldest, which is not replaced until the next one is ready."""
    return next(iter(search_file.states(connection)), None)


def _inode(path: Path) -> int:
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return 0
