"""The collection `searches`: searches that were given a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode

from pymongo.collection import Collection

from news.saved import SavedSearch
from news.selection import Selection
from storage.patience import Patience, patient
from storage.values import moment, storable


class Searches:
    """The saved searches. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        self._collection = collection
        self._patience = patience

    @patient
    def save(self, search: SavedSearch) -> None:
        """Puts it in the place of the one of that id."""
        document: dict[str, Any] = storable(
            {
                "name": search.name,
                "query": urlencode(search.selection.to_query()),
                "by": search.by,
                "saved": moment(search.saved),
            }
        )
        self._collection.replace_one({"_id": search.id}, document, upsert=True)

    @patient
    def get(self, id: str) -> SavedSearch | None:
        document = self._collection.find_one({"_id": storable(id)})
        return _parse(document) if document else None

    @patient
    def all(self) -> list[SavedSearch]:
        """By id."""
        return [_parse(document) for document in self._collection.find({"_id": {"$gt": ""}}).sort("_id", 1)]

    @patient
    def remove(self, id: str) -> bool:
        """Whether it was there."""
        return bool(self._collection.delete_one({"_id": storable(id)}).deleted_count)


def _parse(document: Mapping[str, Any]) -> SavedSearch:
    selection = Selection.parse(parse_qs(document["query"]))
    return SavedSearch(document["_id"], document["name"], selection, document["by"], document["saved"])
