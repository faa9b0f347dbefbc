"""The collection `alerts`: messages to operators, from before they are sent until all addresses have them.

A message is stored before it is sent, and each address that took it is noted at once: a kill loses none, and repeats
one at most at the address to which it was being sent at that moment. Addresses hold passwords; what is kept of one is
a digest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from pymongo.collection import Collection

from storage.patience import Patience, patient
from storage.values import moment, optional_moment, storable


@dataclass(frozen=True, slots=True)
class Alert:
    """A message that tells `changes` (ids of storage.health). `left` are the digests of addresses that do not have it
    yet, `attempts` how often they were tried in vain, `due` when that is done again, `error` what was said last.
    `ended` is when all had it, or it was given up. Times are UTC."""

    at: datetime
    title: str
    body: str
    changes: tuple[str, ...]
    left: tuple[str, ...]
    due: datetime
    attempts: int = 0
    error: str = ""
    ended: datetime | None = None

    @property
    def id(self) -> str:
        """The same for the same changes, so that it is stored once."""
        return sha256(" ".join(self.changes).encode()).hexdigest()[:24]

    def to_json(self) -> dict[str, Any]:
        """What may be shown of it."""
        return {
            "id": self.id,
            "at": self.at.isoformat(),
            "title": self.title,
            "body": self.body,
            "changes": list(self.changes),
            "left": len(self.left),
            "attempts": self.attempts,
            "error": self.error,
            "ended": self.ended and self.ended.isoformat(),
        }


class Outbox(NamedTuple):
    """How the sending goes: messages that some address is to get yet, those of them that were tried in vain, when the
    oldest of those was made, and how many were given up."""

    waiting: int
    failing: int
    oldest: datetime | None
    lost: int


class Alerts:
    """The alerts. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        self._collection = collection
        self._patience = patience

    @patient
    def add(self, alert: Alert) -> None:
        """Stores a message that is to be sent; of one that is there already nothing is changed."""
        document = _to_document(alert)
        self._collection.update_one({"_id": document.pop("_id")}, {"$setOnInsert": document}, upsert=True)

    @patient
    def pending(self) -> list[Alert]:
        """The messages that some address is to get yet, oldest first."""
        return [_parse(row) for row in self._collection.find({"pending": True}).sort([("pending", 1), ("at", 1)])]

    @patient
    def reached(self, id: str, digest: str) -> None:
        """Notes that an address has it."""
        self._collection.update_one({"_id": storable(id)}, {"$pull": {"left": digest}})

    @patient
    def failed(self, id: str, error: str, due: datetime, attempts: int) -> None:
        """Notes that it did not reach all, and when that is tried again; `attempts` is how often it was tried now."""
        values = {"error": storable(error), "due": moment(due), "attempts": attempts}
        self._collection.update_one({"_id": storable(id)}, {"$set": values})

    @patient
    def end(self, id: str, now: datetime) -> None:
        """Notes that nobody is to get it any more."""
        change = {"$set": {"ended": moment(now)}, "$unset": {"pending": ""}}
        self._collection.update_one({"_id": storable(id), "pending": True}, change)

    @patient
    def outbox(self, since: datetime) -> Outbox:
        """How the sending goes; of what was given up, that which was made from `since` on."""
        waiting = list(
            self._collection.find({"pending": True}, {"at": 1, "attempts": 1}).sort([("pending", 1), ("at", 1)])
        )
        failing = [row["at"] for row in waiting if row["attempts"]]
        lost = {"at": {"$gte": moment(since)}, "pending": {"$exists": False}, "left.0": {"$exists": True}}
        return Outbox(len(waiting), len(failing), min(failing, default=None), self._collection.count_documents(lost))

    @patient
    def sent(self, limit: int = 50) -> list[Alert]:
        """The newest messages, sent and to be sent."""
        found = self._collection.find({}).sort([("at", -1), ("_id", 1)]).limit(limit).batch_size(limit)
        return [_parse(row) for row in found]


def digest(address: str) -> str:
    """What is kept of an address."""
    return sha256(address.encode()).hexdigest()[:16]


def _to_document(alert: Alert) -> dict[str, Any]:
    document: dict[str, Any] = storable(
        {
            "_id": alert.id,
            "at": moment(alert.at),
            "title": alert.title,
            "body": alert.body,
            "changes": list(alert.changes),
            "left": list(alert.left),
            "due": moment(alert.due),
            "attempts": alert.attempts,
            "error": alert.error,
            "ended": optional_moment(alert.ended),
            "pending": True,
        }
    )
    return document


def _parse(row: Mapping[str, Any]) -> Alert:
    return Alert(
        row["at"], row["title"], row["body"], tuple(row["changes"]), tuple(row["left"]), row["due"], row["attempts"],
        row["error"], row["ended"],
    )  # fmt: skip
