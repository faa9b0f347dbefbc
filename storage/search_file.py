"""The file of the search index: SQLite with FTS5, in generations of tables.

A generation is a full-text table, without the texts themselves, and beside it a row for each text of an article: its
place, its status, its time, its last event. A place grows with the time of publication, so that FTS5, which gives what
it finds by place, gives the newest first and can stop when a page is full. A text that is gone keeps its place as dead:
FTS5 of this age cannot forget one without being told it word by word.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from news.article import Status
from news.search import Entry, index_terms
from news.search.index_terms import TOKENIZER
from storage.articles import Changed, place
from storage.values import moment

FORMAT = 1
"""Of the tables and of news.search.index_terms: a file of another one is built anew."""

_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
_MINUTE, _MILLISECOND = timedelta(minutes=1), timedelta(milliseconds=1)
ROOM = 1 << 12  # places in a minute; articles that state only a day are all in its first one
_PATIENCE = 60.0  # seconds to wait for another process that writes

_OURS = 0x62616E74
_SCHEMA = (
    "CREATE TABLE generations(number INTEGER PRIMARY KEY, cursor INTEGER, mark, walked, ready)",
    f"PRAGMA application_id = {_OURS}",
    f"PRAGMA user_version = {FORMAT}",
)


class NotOurs(Exception):
    """A file that is damaged, or of another format."""


class State(NamedTuple):
    """How far a generation is: it holds what `cursor` events made, the last of which reads `mark` (empty where it is no
    more kept). Until it is `ready`, the articles up to the id `walked` are in it, or all of them if None."""

    number: int
    cursor: int
    mark: str
    walked: str | None
    ready: bool


@dataclass(frozen=True, slots=True)
class Row:
    """An article as the index takes it: `when` is when it was published, or fetched, to the millisecond in UTC; `event`
    the number of the last one that changed what its readers see."""

    id: str
    entry: Entry
    status: Status
    when: datetime
    event: int

    @classmethod
    def of(cls, changed: Changed) -> Row:
        stored, article = changed.stored, changed.stored.article
        entry = Entry(article.site, article.title, article.lead, article.body)
        return cls(stored.id, entry, stored.status, moment(place(stored)[0]), changed.event)

    def digest(self) -> bytes:
        """The same for rows that are found by the same words at the same place."""
        entry = self.entry
        told = "\0".join((entry.site, entry.title, entry.lead, entry.body, str(minute_of(self.when))))
        return hashlib.blake2b(told.encode(), digest_size=16).digest()


def connect(path: Path) -> sqlite3.Connection:
    """The file, which is made where there is none. Raises NotOurs for one that cannot be used as it is."""
    connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        # What a power cut takes from the file is read from MongoDB again.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA cache_size = -8192")
        connection.execute("PRAGMA journal_size_limit = 16777216")
        if _version(connection) == (0, 0):
            with writing(connection):
                if _version(connection) == (0, 0):
                    for statement in _SCHEMA:
                        connection.execute(statement)
        if _version(connection) != (_OURS, FORMAT):
            raise NotOurs("it is of another format")
    except BaseException:
        connection.close()
        raise
    return connection


def _version(connection: sqlite3.Connection) -> tuple[int, int]:
    """Whose file it is, and its format; zeros for one that is empty."""
    whose = connection.execute("PRAGMA application_id").fetchone()[0]
    return whose, connection.execute("PRAGMA user_version").fetchone()[0]


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """One transaction, of which there is one at a time, whoever writes."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def states(connection: sqlite3.Connection) -> list[State]:
    """The generations, the oldest first: one that is asked, and one that is being built."""
    return [
        State(number, cursor, mark, walked, bool(ready))
        for number, cursor, mark, walked, ready in connection.execute(
            "SELECT number, cursor, mark, walked, ready FROM generations ORDER BY number"
        )
    ]


def save(connection: sqlite3.Connection, state: State) -> None:
    connection.execute("REPLACE INTO generations(number, cursor, mark, walked, ready) VALUES(?,?,?,?,?)", state)


def create(connection: sqlite3.Connection, state: State) -> None:
    """A new generation with nothing in it."""
    n = state.number
    connection.execute(
        f"CREATE VIRTUAL TABLE words_{n} USING fts5(text, content='', columnsize=0, tokenize=\"{TOKENIZER}\")"
    )
    connection.execute(
        f"CREATE TABLE docs_{n}(place INTEGER PRIMARY KEY, id TEXT, status TEXT, at INTEGER, event INTEGER, "
        "digest BLOB, dead INTEGER)"
    )
    connection.execute(f"CREATE UNIQUE INDEX docs_{n}_id ON docs_{n}(id) WHERE NOT dead")
    connection.execute(f"CREATE INDEX docs_{n}_event ON docs_{n}(event DESC, id) WHERE NOT dead")
    connection.execute(f"CREATE INDEX docs_{n}_dead ON docs_{n}(dead) WHERE dead")
    save(connection, state)


def drop(connection: sqlite3.Connection, number: int) -> None:
    connection.execute(f"DROP TABLE words_{number}")
    connection.execute(f"DROP TABLE docs_{number}")
    connection.execute("DELETE FROM generations WHERE number = ?", (number,))


def put(connection: sqlite3.Connection, number: int, rows: Sequence[Row]) -> None:
    """Brings articles up to date."""
    docs = f"docs_{number}"
    added: list[tuple[int, Row, bytes]] = []
    next_places: dict[int, int] = {}
    for row in rows:
        digest = row.digest()
        had = connection.execute(f"SELECT place, digest FROM {docs} WHERE id = ? AND NOT dead", (row.id,)).fetchone()
        if had and had[1] == digest:
            now = (str(row.status), _at(row.when, had[0]), row.event, had[0])
            connection.execute(f"UPDATE {docs} SET status = ?, at = ?, event = ? WHERE place = ?", now)
            continue
        if had:
            connection.execute(f"UPDATE {docs} SET dead = 1 WHERE place = ?", (had[0],))
        added.append((_free(connection, docs, row.when, next_places), row, digest))
    # FTS5 writes a segment of its own for each row that goes back.
    for where, row, digest in sorted(added, key=lambda one: one[0]):
        connection.execute(f"INSERT INTO words_{number}(rowid, text) VALUES(?, ?)", (where, index_terms(row.entry)))
        values = (where, row.id, str(row.status), _at(row.when, where), row.event, digest)
        connection.execute(f"INSERT INTO {docs} VALUES(?, ?, ?, ?, ?, ?, 0)", values)


def remove(connection: sqlite3.Connection, number: int, ids: Iterable[str]) -> None:
    """Forgets articles that are not stored any more."""
    connection.executemany(f"UPDATE docs_{number} SET dead = 1 WHERE id = ? AND NOT dead", [(id,) for id in ids])


def sizes(connection: sqlite3.Connection, number: int) -> tuple[int, int]:
    """How many texts a generation has, and how many of them are dead."""
    total = connection.execute(f"SELECT count(*) FROM docs_{number}").fetchone()[0]
    return total, connection.execute(f"SELECT count(*) FROM docs_{number} WHERE dead").fetchone()[0]


def minute_of(when: datetime) -> int:
    return (when - _BEGINNING) // _MINUTE


def bounds(at: int) -> tuple[int, int]:
    """The first and the last place of the minute in which a moment (milliseconds) lies."""
    first = at // (_MINUTE // _MILLISECOND) * ROOM
    return first, first + ROOM - 1


def milliseconds(when: datetime) -> int:
    """A moment as `at` has it."""
    return (when - _BEGINNING) // _MILLISECOND


def _at(when: datetime, place: int) -> int:
    # Who found no room in his minute counts as one of the minute where he is.
    return max(milliseconds(when), place // ROOM * (_MINUTE // _MILLISECOND))


def _free(connection: sqlite3.Connection, docs: str, when: datetime, next_places: dict[int, int]) -> int:
    """A place in the minute; where it is full, in one of the next, and then the order is by that one."""
    minute = minute_of(when)
    while True:
        if minute not in next_places:
            ends = (minute * ROOM, (minute + 1) * ROOM)
            last = connection.execute(f"SELECT max(place) FROM {docs} WHERE place >= ? AND place < ?", ends).fetchone()[
                0
            ]
            next_places[minute] = ends[0] if last is None else last + 1
        if next_places[minute] < (minute + 1) * ROOM:
            next_places[minute] += 1
            return next_places[minute] - 1
        minute += 1
