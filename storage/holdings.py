"""The collection `holdings`: what the consumer of each webhook was told last of each article: whether it is to be
shown.

Of what is not here a consumer was told nothing yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pymongo import UpdateOne
from pymongo.collection import Collection

from storage.patience import Patience, patient
from storage.values import storable


class Holdings:
    """What consumers have. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        self._collection = collection
        self._patience = patience

    @patient
    def of(self, webhook: str, ids: Iterable[str]) -> dict[str, bool]:
        """By article id; those of which the consumer was told nothing are missing."""
        keys = {_key(webhook, id): id for id in ids}
        found = self._collection.find({"_id": {"$in": sorted(keys)}})
        return {keys[row["_id"]]: row["shown"] for row in found}

    @patient
    def forget(self, webhook: str) -> None:
        """Deletes what is kept of a webhook."""
        self._collection.delete_many({"_id": {"$gte": f"{webhook}~", "$lt": f"{webhook}\x7f"}})


def writes(webhook: str, shown: Mapping[str, bool]) -> list[UpdateOne]:
    """The writes that keep what was told."""
    return [UpdateOne({"_id": _key(webhook, id)}, {"$set": {"shown": told}}, upsert=True) for id, told in shown.items()]


def _key(webhook: str, id: str) -> str:
    return str(storable(f"{webhook}~{id}"))
