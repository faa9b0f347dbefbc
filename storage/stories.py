"""The collection `stories`: which articles tell the same, and what editors decided about it. An article that tells what
no other does has none: its story is its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo.collection import Collection

from news.story import Story
from storage.patience import Patience, patient
from storage.values import moment, storable


class Stories:
    """The stories. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        self._collection = collection
        self._patience = patience

    @patient
    def get(self, id: str) -> Story | None:
        document = self._collection.find_one({"_id": storable(id)})
        return parse(document) if document else None

    @patient
    def some(self, ids: Sequence[str]) -> dict[str, Story]:
        """What is kept of these stories, by id; those of one article are missing."""
        found = self._collection.find({"_id": {"$in": storable(list(ids))}})
        return {document["_id"]: parse(document) for document in found}

    @patient
    def find(self, limit: int = 50, after: tuple[datetime, str] | None = None) -> list[Story]:
        """The stories of several articles, that which grew last first; `after` is `newest` and id of the last seen."""
        query: dict[str, Any] = {"size": {"$gte": 2}}
        if after is not None:
            when, id = moment(after[0]), storable(after[1])
            query |= {"newest": {"$lte": when}, "$or": [{"newest": {"$lt": when}}, {"_id": {"$gt": id}}]}
        found = self._collection.find(query).sort([("newest", -1), ("_id", 1)]).limit(limit).batch_size(limit)
        return [parse(document) for document in found]


def to_document(story: Story) -> dict[str, Any]:
    document: dict[str, Any] = storable(
        {
            "_id": story.id,
            "members": story.members,
            "size": len(story.members),
            "newest": moment(story.newest),
            "main": story.main,
            "decided_by": story.decided_by,
            "apart": sorted(story.apart),
        }
    )
    return document


def parse(document: Mapping[str, Any]) -> Story:
    return Story(
        id=document["_id"],
        members=tuple(document["members"]),
        newest=document["newest"],
        main=document["main"],
        decided_by=document["decided_by"],
        apart=frozenset(document["apart"]),
    )
