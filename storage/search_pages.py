"""One page of what a search finds, read from the file of the index in the order that is asked for."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby, islice
from typing import NamedTuple

from news.article import Status
from news.errors import InvalidValue
from news.search import Query, match, tier_matches
from storage.search_file import ROOM, bounds, milliseconds
from storage.values import moment

COUNTED = 1_000
"""Up to here what is found is counted."""

# Up to so many are gathered and sorted; where more match, it is quicker to ask what changed last one by one.
_GATHERED, _ASKED = 100_000, 3_000

# No number in it is larger than what SQLite takes.
_CURSOR = re.compile(r"([0-9]{1,2})\.([0-9]{1,17})\.([^\s\ud800-\udfff]{1,200})")


class Order(StrEnum):
    """`relevance`: by how well it answers (news.search.Query.tiers), then the newest. `published`: the newest first.
    `changed`: by the last event of the article."""

    RELEVANCE = "relevance"
    PUBLISHED = "published"
    CHANGED = "changed"


class Place(NamedTuple):
    """Where a page ended, to go on behind it: `at` is the time of that order in milliseconds, or the event's number.
    It stays right while articles come and change, and when the index is built anew."""

    tier: int
    at: int
    id: str

    @property
    def cursor(self) -> str:
        """What a consumer keeps, to go on behind this page."""
        return f"{self.tier}.{self.at}.{self.id}"

    @classmethod
    def parse(cls, cursor: str) -> Place:
        """The place of a cursor. Raises InvalidValue for what is none."""
        found = _CURSOR.fullmatch(cursor)
        if not found:
            raise InvalidValue(f"{cursor[:80]!r} is no cursor of a search.", "Give the one of the last page, or none.")
        return cls(int(found[1]), int(found[2]), found[3])


class SearchPage(NamedTuple):
    """What was found, in its order. `total` of all that match, or of more than these where not `counted`. `after` for
    the next page, None behind the last. Not `complete`: the index is still being built or is far behind, and may have
    missed some."""

    places: tuple[Place, ...]
    total: int
    counted: bool
    after: Place | None
    complete: bool

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(place.id for place in self.places)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; None means any. Published (where undated, fetched) at `since` or later and before `until`;
    `before`: last changed by an event with a lower number."""

    query: Query
    sites: frozenset[str] | None = None
    statuses: tuple[Status, ...] | None = (Status.PUBLISHED,)
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None

    def conditions(self) -> tuple[str, list[int | str]]:
        """What must hold of a row `d`, and the values of its question marks."""
        parts, values = ["NOT d.dead"], list[int | str]()
        if self.statuses is not None:
            parts.append(f"d.status IN ({', '.join('?' * len(self.statuses))})")
            values += map(str, self.statuses)
        for condition, when in (("d.at >= ?", self.since), ("d.at < ?", self.until)):
            if when is not None:
                parts.append(condition)
                values.append(milliseconds(moment(when)))
        if self.before is not None:
            parts.append("d.event < ?")
            values.append(self.before)
        return " AND ".join(parts), values

    def places(self) -> tuple[int, int]:
        """The first and last place where they can be, so that FTS5 need not look at others."""
        first = bounds(milliseconds(moment(self.since)))[0] if self.since else 0
        last = bounds(milliseconds(moment(self.until)))[1] if self.until else 2**62
        return first, last


class Found(NamedTuple):
    at: int
    id: str


def page(
    connection: sqlite3.Connection,
    number: int,
    wanted: Wanted,
    order: Order,
    limit: int,
    after: Place | None,
    total: int | None,
) -> tuple[tuple[Place, ...], Place | None]:
    """The next places and, where there are more, the place to go on from. Of a snapshot if in a transaction, of
    which `total` match, if that was counted: then nothing is looked for behind the last of them."""
    take = limit + 1 if total is None else min(limit + 1, total)
    if not take:
        return (), None
    if order is Order.CHANGED:
        found = [Place(0, *one) for one in _changed(connection, number, wanted, take, after)]
    else:
        tiers = (
            [match(wanted.query, wanted.sites)]
            if order is Order.PUBLISHED
            else tier_matches(wanted.query, wanted.sites)
        )
        found = list(islice(_by_tier(connection, number, wanted, tiers, take, after), take))
    last = found[limit - 1] if len(found) > limit else None
    return tuple(found[:limit]), last


def count(connection: sqlite3.Connection, number: int, wanted: Wanted, most: int) -> int:
    """How many match, `most` at the most."""
    conditions, values = wanted.conditions()
    matching = f"SELECT 1 {_joined(number)} AND {conditions} LIMIT ?"
    expression = match(wanted.query, wanted.sites)
    row = connection.execute(
        f"SELECT count(*) FROM ({matching})", (expression, *wanted.places(), *values, most)
    ).fetchone()
    return int(row[0])


def among(connection: sqlite3.Connection, number: int, query: Query, ids: Sequence[str]) -> set[str]:
    """Which of these articles match, whatever their status."""
    expression, found = match(query), set[str]()
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        marks = ", ".join("?" * len(some))
        rows = connection.execute(
            f"SELECT d.id FROM docs_{number} d WHERE NOT d.dead AND d.id IN ({marks}) AND {_asked(number)}",
            (*some, expression),
        )
        found |= {id for (id,) in rows}
    return found


def _by_tier(
    connection: sqlite3.Connection, number: int, wanted: Wanted, tiers: Sequence[str], limit: int, after: Place | None
) -> Iterator[Place]:
    for tier, expression in enumerate(tiers):
        if after is None or tier >= after.tier:
            behind = Found(after.at, after.id) if after is not None and tier == after.tier else None
            for one in islice(_newest(connection, number, wanted, expression, behind), limit):
                yield Place(tier, *one)


def _newest(
    connection: sqlite3.Connection, number: int, wanted: Wanted, expression: str, after: Found | None
) -> Iterator[Found]:
    """The newest first, those of the same time by id. FTS5 gives them by place, which is right to the minute, and is
    asked for no more than is taken."""
    conditions, values = wanted.conditions()
    first, last = wanted.places()
    if after is not None:
        last = min(last, bounds(after.at)[1])
    rows = connection.execute(
        f"SELECT d.place, d.at, d.id {_joined(number)} AND {conditions} ORDER BY words_{number}.rowid DESC",
        (expression, first, last, *values),
    )
    for _, minute in groupby(rows, key=lambda row: row[0] // ROOM):
        for one in sorted((Found(at, id) for _, at, id in minute), key=_downwards):
            if after is None or _downwards(one) > _downwards(after):
                yield one


def _changed(
    connection: sqlite3.Connection, number: int, wanted: Wanted, limit: int, after: Place | None
) -> list[Found]:
    conditions, values = wanted.conditions()
    if after is not None:
        conditions += " AND (d.event < ? OR d.event = ? AND d.id > ?)"
        values += [after.at, after.at, after.id]
    expression = match(wanted.query, wanted.sites)
    first, last = wanted.places()
    matching = f"SELECT 1 FROM words_{number} WHERE words_{number} MATCH ? AND rowid BETWEEN ? AND ? LIMIT ?"
    ends = (expression, first, last, _GATHERED)
    if connection.execute(f"SELECT count(*) FROM ({matching})", ends).fetchone()[0] == _GATHERED:
        newest = (
            f"SELECT d.place, d.event, d.id FROM docs_{number} d WHERE {conditions} ORDER BY d.event DESC, d.id LIMIT ?"
        )
        one = f"SELECT 1 FROM words_{number} WHERE words_{number} MATCH ? AND rowid = ?"
        asked = connection.execute(newest, (*values, _ASKED))
        having = (Found(*row[1:]) for row in asked if connection.execute(one, (expression, row[0])).fetchone())
        if len(found := list(islice(having, limit))) == limit:
            return found
    rows = connection.execute(
        f"SELECT d.event, d.id {_joined(number)} AND {conditions} ORDER BY d.event DESC, d.id LIMIT ?",
        (expression, first, last, *values, limit),
    ).fetchall()
    return [Found(*row) for row in rows]


def _joined(number: int) -> str:
    """What an expression finds between two places, row by row; CROSS keeps SQLite from beginning at the other end."""
    words = f"words_{number}"
    return (
        f"FROM {words} CROSS JOIN docs_{number} d ON d.place = {words}.rowid "
        f"WHERE {words} MATCH ? AND {words}.rowid BETWEEN ? AND ?"
    )


def _asked(number: int) -> str:
    return f"EXISTS (SELECT 1 FROM words_{number} WHERE words_{number} MATCH ? AND rowid = d.place)"


def _downwards(one: Found) -> tuple[int, str]:
    return -one.at, one.id
