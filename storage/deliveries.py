"""The collection `deliveries`: what is to be told to the consumers of webhooks, and the log of what was.

The body is kept only while a delivery is pending: a replay tells what is so by then.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bson import Binary
from pymongo.collection import Collection

from news.push import Attempt, Delivery, DeliveryState, Notice
from news.push.lane import Waiting
from storage.patience import Patience, patient
from storage.values import moment, storable

_PENDING = str(DeliveryState.PENDING)
UNCOUNTED = {"counted": False, "state": {"$in": [str(state) for state in DeliveryState if state != _PENDING]}}
"""Those that are over and not in the sums yet (storage.figures)."""


class Deliveries:
    """The deliveries. Every operation waits for a MongoDB that is away (storage.patience). They are planned by
    storage.webhooks."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        self._collection = collection
        self._patience = patience

    @patient
    def pending(self, webhook: str, after: int, limit: int) -> list[Waiting]:
        """Those of a webhook that are not over, behind number `after`, in their order."""
        query = {"webhook": storable(webhook), "state": _PENDING, "number": {"$gt": after}}
        found = self._collection.find(query, {"body": 0}).sort("number", 1).limit(limit).batch_size(limit)
        return [Waiting(row["_id"], row["number"], row["article"], row["due"], len(row["attempts"])) for row in found]

    @patient
    def queue(self, webhook: str) -> tuple[int, datetime | None]:
        """How many of a webhook are not over, and when the oldest of them was planned (UTC)."""
        waiting = {"webhook": storable(webhook), "state": _PENDING}
        oldest = self._collection.find_one(waiting, {"planned": 1}, sort=[("number", 1)])
        return self._collection.count_documents(waiting), oldest["planned"] if oldest else None

    @patient
    def get(self, id: str) -> Delivery | None:
        document = self._collection.find_one({"_id": storable(id)})
        return parse(document) if document else None

    @patient
    def record(self, id: str, attempt: Attempt, due: datetime) -> None:
        """Writes down an attempt in vain, and when the next is due. Of a delivery that is over nothing is changed."""
        change = {"$push": {"attempts": _attempt(attempt)}, "$set": {"due": moment(due)}}
        self._collection.update_one(_once(id, attempt), change)

    @patient
    def finish(self, id: str, attempt: Attempt, state: DeliveryState, at: datetime) -> None:
        """Writes down the last attempt and how it ended. Of a delivery that is over nothing is changed."""
        change = {
            "$push": {"attempts": _attempt(attempt)},
            "$set": {"state": str(state), "ended": moment(at)},
            "$unset": {"body": ""},
        }
        self._collection.update_one(_once(id, attempt), change)

    @patient
    def add(self, delivery: Delivery) -> None:
        """Writes down one that is over, a test. The same again is no error."""
        document = to_document(delivery)
        self._collection.replace_one({"_id": document["_id"]}, document, upsert=True)

    @patient
    def log(self, webhook: str, limit: int = 50, before: int | None = None) -> list[Delivery]:
        """The deliveries of a webhook without bodies, the newest first; `before` is the number of the last one seen."""
        query: dict[str, Any] = {"webhook": storable(webhook)}
        if before is not None:
            query["number"] = {"$lt": before}
        found = self._collection.find(query, {"body": 0}).sort("number", -1).limit(limit).batch_size(limit)
        return [parse(document) for document in found]

    @patient
    def hurry(self, webhook: str, at: datetime) -> None:
        """Makes what waits for a webhook due at once."""
        waiting = {"webhook": storable(webhook), "state": _PENDING}
        self._collection.update_many(waiting, {"$min": {"due": moment(at)}})

    @patient
    def cancel(self, webhook: str, at: datetime) -> int:
        """Ends what waits for a webhook that was removed; how many there were."""
        waiting = {"webhook": storable(webhook), "state": _PENDING}
        over = {"$set": {"state": str(DeliveryState.CANCELLED), "ended": moment(at)}, "$unset": {"body": ""}}
        return self._collection.update_many(waiting, over).modified_count


def to_document(delivery: Delivery) -> dict[str, Any]:
    document: dict[str, Any] = storable(
        {
            "_id": delivery.id,
            "webhook": delivery.webhook,
            "number": delivery.number,
            "notice": str(delivery.notice),
            "article": delivery.article,
            "event": delivery.event,
            "planned": moment(delivery.planned),
            "due": moment(delivery.due),
            "state": str(delivery.state),
            "attempts": [_attempt(attempt) for attempt in delivery.attempts],
            "replay_of": delivery.replay_of,
            "counted": False,
        }
    )
    if delivery.body:
        document["body"] = Binary(zlib.compress(delivery.body))
    if delivery.ended:
        document["ended"] = moment(delivery.ended)
    return document


def parse(document: Mapping[str, Any]) -> Delivery:
    return Delivery(
        id=document["_id"],
        webhook=document["webhook"],
        number=document["number"],
        notice=Notice(document["notice"]),
        article=document["article"],
        event=document["event"],
        planned=document["planned"],
        due=document["due"],
        body=zlib.decompress(document["body"]) if "body" in document else b"",
        state=DeliveryState(document["state"]),
        attempts=tuple(Attempt(**row) for row in document["attempts"]),
        ended=document.get("ended"),
        replay_of=document["replay_of"],
    )


def _once(id: str, attempt: Attempt) -> dict[str, Any]:
    """A delivery that is not over and has not this attempt: an answer of MongoDB's that was lost is asked for again."""
    return {"_id": storable(id), "state": _PENDING, "attempts.at": {"$ne": moment(attempt.at)}}


def _attempt(attempt: Attempt) -> dict[str, Any]:
    row: dict[str, Any] = storable({**attempt.to_json(), "at": moment(attempt.at)})
    return row
