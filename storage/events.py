"""The collection `events`: what happened to articles, in one order, and the number that the next one gets.

The promise: whoever follows the cursor sees every event once, in the same order as everybody else, however many write.
A number is given out inside the transaction that writes the event (storage.journal), by counting up one document: a
second writer cannot count until the first has committed, so that no event ever appears behind one that was read.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.read_concern import ReadConcern

from news.article import Status
from news.errors import BantinError
from news.event import Event, EventKind, number_of
from storage.patience import Patience, patient
from storage.values import moment, storable

COUNTER = "events"


class CursorGone(BantinError):
    """A cursor lies before the first event that is kept: `start` is the cursor to go on from."""

    def __init__(self, cursor: str, start: str) -> None:
        self.cursor, self.start = cursor, start
        super().__init__(
            f"The events behind the cursor {cursor} are no longer kept.",
            f"Read the articles anew, then go on from the cursor {start}, behind which all events are there.",
        )

    def __reduce__(self) -> tuple[type[BantinError], tuple[str, str]]:
        return type(self), (self.cursor, self.start)


class Events:
    """The events. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, database: Database[dict[str, Any]], patience: Patience) -> None:
        # Majority: what a consumer has seen is never taken back by a change of the primary.
        self._collection = database.get_collection("events", read_concern=ReadConcern("majority"))
        # So too the number of the last: whoever reads articles after it finds all that happened until then.
        self._counters = database.get_collection("counters", read_concern=ReadConcern("majority"))
        self._patience = patience

    @patient
    def after(self, cursor: str = "", limit: int = 100) -> list[Event]:
        """The events behind a cursor ("" or "0": from the first that is kept), in their order. Raises InvalidValue for
        what is none, and CursorGone for one behind which events were pruned (storage.retention)."""
        last = number_of(cursor)
        found = list(self._collection.find({"_id": {"$gt": last}}).sort("_id", 1).limit(limit).batch_size(limit))
        # Numbers have no gaps: only where one shows, or nothing, can something be missing.
        if last and not (found and found[0]["_id"] == last + 1):
            first = _first(self._counters)
            if last + 1 < first:
                raise CursorGone(cursor, str(first - 1))
        return [parse(document) for document in found]

    def wait(self, cursor: str, limit: int, seconds: float) -> list[Event]:
        """As `after`, but where there is none yet it waits for one, up to `seconds`."""
        deadline = time.monotonic() + seconds
        while not (found := self.after(cursor, limit)) and (left := deadline - time.monotonic()) > 0:
            self._await(cursor, left)
        return found

    @patient
    def of(self, article_id: str, limit: int = 100) -> list[Event]:
        """What happened to one article, in order."""
        found = self._collection.find({"article_id": storable(article_id)}).sort("_id", 1).limit(limit)
        return [parse(document) for document in found.batch_size(limit)]

    @patient
    def times(self, numbers: Sequence[int]) -> dict[int, datetime]:
        """When these events happened, UTC, by their numbers; those that are no longer kept are missing."""
        found = self._collection.find({"_id": {"$in": list(numbers)}}, {"at": 1}).batch_size(len(numbers) + 1)
        return {row["_id"]: row["at"] for row in found}

    @patient
    def first(self) -> int:
        """The number of the oldest event that is kept, or of the next one where none is."""
        return _first(self._counters)

    @patient
    def newest(self, article_id: str, kind: EventKind) -> Event | None:
        """The last event of that kind that happened to an article."""
        named = {"article_id": storable(article_id), "kind": str(kind)}
        document = self._collection.find_one(named, sort=[("_id", -1)])
        return parse(document) if document else None

    @patient
    def last(self) -> int:
        """The number of the newest event; 0 where there is none."""
        counter = self._counters.find_one({"_id": COUNTER})
        return int(counter["last"]) if counter else 0

    @patient
    def _await(self, cursor: str, seconds: float) -> None:
        """Returns when something was inserted behind the cursor, or a time has passed."""
        with self._collection.watch(
            [{"$match": {"operationType": "insert"}}], max_await_time_ms=max(1, int(min(seconds, 1.0) * 1000))
        ) as stream:
            # Only what comes after the stream was opened is told by it.
            if self._collection.find_one({"_id": {"$gt": number_of(cursor)}}, {"_id": 1}) is None:
                stream.try_next()


def next_numbers(counters: Collection[dict[str, Any]], count: int, session: ClientSession) -> int:
    """Takes `count` numbers inside a transaction, and gives the first. Until that commits, others wait their turn."""
    counter = counters.find_one_and_update(
        {"_id": COUNTER}, {"$inc": {"last": count}}, upsert=True, return_document=True, session=session
    )
    assert counter is not None
    return int(counter["last"]) - count + 1


def begin_at(counters: Collection[dict[str, Any]], number: int) -> None:
    """Says that what is before an event is no longer kept. Never takes back what was said."""
    counters.update_one({"_id": COUNTER}, {"$max": {"first": number}})


def _first(counters: Collection[dict[str, Any]]) -> int:
    counter = counters.find_one({"_id": COUNTER}, {"first": 1})
    return int(counter.get("first", 1)) if counter else 1


def to_document(event: Event) -> dict[str, Any]:
    document: dict[str, Any] = storable(
        {
            "_id": event.number,
            "kind": str(event.kind),
            "article_id": event.article_id,
            "site": event.site,
            "story": event.story,
            "version": event.version,
            "at": moment(event.at),
            "by": event.by,
            "status": str(event.status),
            "changed": event.changed,
            "detail": event.detail,
        }
    )
    return document


def parse(document: Mapping[str, Any]) -> Event:
    return Event(
        number=document["_id"],
        kind=EventKind(document["kind"]),
        article_id=document["article_id"],
        site=document["site"],
        story=document["story"],
        version=document["version"],
        at=document["at"],
        by=document["by"],
        changed=tuple(document["changed"]),
        detail=document["detail"],
        status=Status(document["status"]),
    )
