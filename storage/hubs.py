"""The collection `hubs`: up to which event each WebSub hub was told that feeds have changed."""

from __future__ import annotations

from typing import Any

from pymongo.collection import Collection

from storage.patience import Patience, patient
from storage.values import storable


class Hubs:
    """The hubs. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        self._collection = collection
        self._patience = patience

    @patient
    def cursor(self, hub: str, beginning: int) -> int:
        """The number of the last event that a hub was told of; of one that is met first, `beginning`."""
        first = {"$setOnInsert": {"cursor": beginning}}
        document = self._collection.find_one_and_update(
            {"_id": storable(hub)}, first, upsert=True, return_document=True
        )
        assert document is not None
        return int(document["cursor"])

    @patient
    def told(self, hub: str, cursor: int) -> None:
        """Notes that a hub was told up to an event."""
        self._collection.update_one({"_id": storable(hub)}, {"$max": {"cursor": cursor}})
