"""Keeps the search index at the state of some event: follows the events, and builds a generation from all articles.

Every step is one batch. What it needs of MongoDB is read first; then one SQLite transaction writes the rows and how far
it came, unless somebody else came further meanwhile. So it may be killed anywhere, and several may do it at once.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import dropwhile, islice

from news.event import Event
from storage import search_file
from storage.articles import Articles
from storage.events import CursorGone, Events
from storage.search_file import Row, State, writing

log = logging.getLogger("bantin.search")

BATCH, EVENT_BATCH = 500, 2_000
# A generation of which more than this share is dead texts is built anew; one with so few is left as it is.
_DEAD_SHARE, _DEAD_ANYWAY = 0.25, 1_000


class AnotherDatabase(Exception):
    """The events are not those that the index has followed."""


class Upkeep:
    """The steps. `articles` and `events` are those of the store."""

    def __init__(self, articles: Articles, events: Events) -> None:
        self._articles = articles
        self._events = events
        self._walk: tuple[int, str, Iterator[str]] | None = None

    # following

    def pending(self, state: State, limit: int) -> list[Event]:
        """The events that a generation does not hold yet. Raises CursorGone where some of them are kept no more, and
        AnotherDatabase where those it holds never were."""
        if state.cursor:
            try:
                found = self._events.after(str(state.cursor - 1), limit + 1)
            except CursorGone:
                found = []
            if found and found[0].number == state.cursor:
                if state.mark not in ("", mark(found[0])):
                    raise AnotherDatabase
                return found[1:]
        found = self._events.after(str(state.cursor), limit)
        if found and found[0].number != state.cursor + 1:
            raise CursorGone(str(state.cursor), str(found[0].number - 1))
        if not found and self._events.last() < state.cursor:
            raise AnotherDatabase
        return found

    def follow(self, connection: sqlite3.Connection, state: State, events: Sequence[Event]) -> bool:
        """Brings the articles of these events up to date; False where somebody else did."""
        ids = {event.article_id for event in events}
        # What happens to one article can put another in front for readers.
        rows = [Row.of(one) for one in self._articles.as_changed(sorted(ids), (state.cursor, events[-1].number))]
        gone = ids - {row.id for row in rows}
        with writing(connection):
            if _changed(connection, state):
                return False
            search_file.put(connection, state.number, rows)
            search_file.remove(connection, state.number, gone)
            search_file.save(connection, state._replace(cursor=events[-1].number, mark=mark(events[-1])))
        return True

    # building

    def fits(self, limit: int) -> bool:
        """Whether there are no more articles than that."""
        return len(list(islice(self._articles.ids(), limit + 1))) <= limit

    def begin(self, connection: sqlite3.Connection, serving: State | None, *, keep: bool = False) -> bool:
        """Makes a new generation in the place of the one that is asked or, to `keep` that one until the new one is
        ready, beside it. The cursor is taken before the first article is read: what happens from here on is followed.
        False where somebody else has made another one already."""
        last = self._events.last()
        newest = list[Event]()
        with suppress(CursorGone):
            newest = self._events.after(str(last - 1), 1) if last else []
        told = mark(newest[0]) if newest else ""
        with writing(connection):
            standing = search_file.states(connection)
            if (standing[0].number if standing else None) != (serving.number if serving else None):
                return False
            for state in standing[1:] if keep else standing:
                search_file.drop(connection, state.number)
            number = max((state.number for state in standing), default=0) + 1
            search_file.create(connection, State(number, last, told, "", False))
        return True

    def build(self, connection: sqlite3.Connection, state: State) -> bool:
        """One step of a generation that is not ready: its articles, and what happened since. False where somebody else
        is doing it."""
        if state.walked is not None:
            return self._read_articles(connection, state)
        if events := self.pending(state, EVENT_BATCH):
            return self.follow(connection, state, events)
        with writing(connection):
            if _changed(connection, state):
                return False
            for other in search_file.states(connection):
                if other.number != state.number:
                    search_file.drop(connection, other.number)
            search_file.save(connection, state._replace(ready=True))
        return True

    def worn(self, connection: sqlite3.Connection, state: State) -> bool:
        """Whether so many texts are dead that it is worth building a generation anew."""
        total, dead = search_file.sizes(connection, state.number)
        return dead > _DEAD_ANYWAY and dead > _DEAD_SHARE * total

    def _read_articles(self, connection: sqlite3.Connection, state: State) -> bool:
        assert state.walked is not None
        walked = state.walked
        if self._walk is None or self._walk[:2] != (state.number, walked):
            behind = dropwhile(lambda id: id <= walked, self._articles.ids())
            self._walk = (state.number, walked, behind)
        ids = list(islice(self._walk[2], BATCH))
        rows = [Row.of(one) for one in self._articles.as_changed(ids)]
        further = state._replace(walked=ids[-1] if ids else None)
        self._walk = (state.number, ids[-1], self._walk[2]) if ids else None
        with writing(connection):
            if _changed(connection, state):
                self._walk = None
                return False
            search_file.put(connection, state.number, rows)
            search_file.save(connection, further)
        return True


def mark(event: Event) -> str:
    """What tells an event from one of the same number in another database."""
    return f"{event.kind} {event.article_id} {event.at.isoformat()}"


def _changed(connection: sqlite3.Connection, state: State) -> bool:
    """Whether somebody else wrote to a generation since its state was read."""
    return state not in search_file.states(connection)
