"""The collection `leases`: who acts for all, and since which turn. The time is MongoDB's own: clocks of machines that
disagree give nobody two turns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from pymongo.collection import Collection

from storage.owner import Owner
from storage.patience import Patience
from storage.values import storable

SCHEDULER = "scheduler"
"""The lease of whoever starts crawls."""
PUSHER = "pusher"
"""The lease of whoever tells consumers."""
BACKUP = "backup"
"""The lease of whoever writes the database to a file."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A turn of `name`: `token` grows with every change of hands, so that what an earlier holder still does, asleep
    while it lost its turn, can be told from what the present one does."""

    name: str
    token: int
    run_id: str


class TurnLost(Exception):
    """Another has taken over, and what this one would write is out of date."""


class Holder(NamedTuple):
    """Whose turn it is, or was last: `age` is seconds since it was taken or renewed, `holds` whether it is not over."""

    owner: Owner
    token: int
    age: float
    holds: bool


class Leases:
    """The leases. Who holds one cannot wait: every operation asks once, and raises StorageUnavailable within about two
    seconds where MongoDB does not answer."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        self._collection = collection
        self._patience = patience

    def acquire(self, name: str, owner: Owner, seconds: float) -> Lease | None:
        """The lease, for so many seconds unless it is renewed; None where another one has it, whose process may live.

        Of a holder on this machine that is dead it is taken at once.
        """
        return self._patience.once(lambda: self._acquire(name, owner, seconds))

    def renew(self, lease: Lease, seconds: float) -> bool:
        """Whether the lease is still one's own, and then for so many seconds from now."""
        change = [{"$set": {"until": _after(seconds), "renewed": "$$NOW"}}]
        return self._patience.once(lambda: self._collection.update_one(_mine(lease), change)).matched_count == 1

    def is_current(self, name: str, token: int) -> bool:
        """Whether that is the turn which holds now: nobody has taken over, and its time is not over."""
        running = {"_id": name, "token": token, "$expr": {"$gt": ["$until", "$$NOW"]}}
        return self._patience.once(lambda: self._collection.find_one(running, {"_id": 1})) is not None

    def release(self, lease: Lease) -> None:
        """Ends one's own turn, so that the next one need not wait for its time to run out."""
        self._patience.once(lambda: self._collection.update_one(_mine(lease), [{"$set": {"until": "$$NOW"}}]))

    def holder(self, name: str) -> Holder | None:
        """Whose turn it is, or was last; None where nobody ever had one."""
        age = {"$subtract": ["$$NOW", {"$ifNull": ["$renewed", "$until"]}]}
        told = {"owner": 1, "token": 1, "age": age, "holds": {"$gt": ["$until", "$$NOW"]}}
        query: list[dict[str, Any]] = [{"$match": {"_id": name, "owner": {"$ne": None}}}, {"$project": told}]
        row = self._patience.once(lambda: next(self._collection.aggregate(query), None))
        if row is None:
            return None
        return Holder(Owner.from_json(row["owner"]), int(row["token"]), max(0.0, row["age"] / 1000), row["holds"])

    def _acquire(self, name: str, owner: Owner, seconds: float) -> Lease | None:
        first = {"owner": None, "token": 0, "until": datetime.fromtimestamp(0, UTC)}
        self._collection.update_one({"_id": name}, {"$setOnInsert": first}, upsert=True)
        over = {"$expr": {"$lte": ["$until", "$$NOW"]}}
        # Its own, where an earlier answer was lost.
        taken = self._take(name, owner, seconds, {"$or": [over, {"owner.run_id": storable(owner.run_id)}]})
        if taken is None:
            held = self._collection.find_one({"_id": name}) or {}
            if held.get("owner") and Owner.from_json(held["owner"]).gone:
                # Only the very turn that was looked at: of two that find a dead holder one wins.
                taken = self._take(name, owner, seconds, {"token": held["token"]})
        return taken

    def _take(self, name: str, owner: Owner, seconds: float, free: dict[str, Any]) -> Lease | None:
        change = {
            "owner": {"$literal": storable(owner.to_json())},
            "token": {"$add": ["$token", 1]},
            "until": _after(seconds),
            "renewed": "$$NOW",
        }
        document = self._collection.find_one_and_update({"_id": name, **free}, [{"$set": change}], return_document=True)
        return Lease(name, int(document["token"]), owner.run_id) if document else None


def is_held(collection: Collection[dict[str, Any]], name: str) -> bool:
    """Whether somebody holds a lease now, whose process may live."""
    row = collection.find_one({"_id": name, "owner": {"$ne": None}, "$expr": {"$gt": ["$until", "$$NOW"]}})
    return row is not None and not Owner.from_json(row["owner"]).gone


def end_all(collection: Collection[dict[str, Any]]) -> None:
    """Ends every turn, as if it had been given back; that of the back-up in which this was found was none of it."""
    collection.delete_one({"_id": BACKUP})
    collection.update_many({}, [{"$set": {"until": "$$NOW"}}])


def _mine(lease: Lease) -> dict[str, Any]:
    return {"_id": lease.name, "token": lease.token, "owner.run_id": storable(lease.run_id)}


def _after(seconds: float) -> dict[str, Any]:
    return {"$add": ["$$NOW", int(seconds * 1000)]}
