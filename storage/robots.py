"""The collection `robots`: the robots.txt of each origin as it was last had, for the crawls of a day."""

from __future__ import annotations

from typing import Any

from pymongo.collection import Collection

from news.manners import RobotsTxt
from storage.patience import Patience, patient
from storage.values import moment, storable


class RobotsTxts:
    """The kept ones. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        self._collection = collection
        self._patience = patience

    @patient
    def get(self, origin: str) -> RobotsTxt | None:
        """What is kept of "https://a.vn", however old."""
        document = self._collection.find_one({"_id": storable(origin)})
        if document is None:
            return None
        return RobotsTxt(
            origin=document["_id"],
            text=document["text"],
            fetched=document["fetched"],
            etag=document["etag"],
            last_modified=document["last_modified"],
        )

    @patient
    def keep(self, robots: RobotsTxt) -> None:
        """Puts it in the place of the one before."""
        document: dict[str, Any] = storable(
            {
                "text": robots.text,
                "fetched": moment(robots.fetched),
                "etag": robots.etag,
                "last_modified": robots.last_modified,
            }
        )
        self._collection.replace_one({"_id": storable(robots.origin)}, document, upsert=True)
