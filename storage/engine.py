"""The collection `engine`: what the scheduler that acts says of itself, one document. It is written when something
changes; whether that scheduler still lives says its lease."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from storage.leases import SCHEDULER
from storage.patience import Patience, patient
from storage.values import moment, storable


@dataclass(frozen=True, slots=True)
class Station:
    """A scheduler in its turn: how many crawls it can do at once, how many it does, the seconds that one may take, and
    by site since when (UTC) crawls are due that wait for a worker."""

    turn: int
    workers: int
    busy: int
    limit: float
    waiting: Mapping[str, datetime] = field(default_factory=dict)


class Engine:
    """The scheduler's word. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        self._collection = collection
        self._patience = patience

    @patient
    def tell(self, station: Station) -> None:
        """Writes how it stands; of a turn that is over nothing is written."""
        waiting = [[site, moment(since)] for site, since in station.waiting.items()]
        row = storable(
            {"turn": station.turn, "workers": station.workers, "busy": station.busy, "limit": station.limit}
            | {"waiting": waiting}
        )
        try:
            self._collection.update_one({"_id": SCHEDULER, "turn": {"$lte": station.turn}}, {"$set": row}, upsert=True)
        except DuplicateKeyError:  # a later turn has written already
            return

    @patient
    def get(self) -> Station | None:
        """What was written last; None where no scheduler ever acted."""
        row = self._collection.find_one({"_id": SCHEDULER})
        if row is None:
            return None
        return Station(row["turn"], row["workers"], row["busy"], row["limit"], dict(row["waiting"]))
