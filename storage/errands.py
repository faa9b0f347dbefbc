"""The collection `errands`: who was sent to the provider of single sign-on and may come back. MongoDB itself deletes
those who do not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pymongo.collection import Collection

from news.sso import WAY, Errand
from storage.patience import Patience, patient
from storage.values import moment, storable


class Errands:
    """The errands. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        self._collection = collection
        self._patience = patience

    @patient
    def send(self, errand: Errand, now: datetime) -> None:
        """Keeps an errand until it is over."""
        document = {
            "_id": errand.state,
            "browser": errand.browser,
            "nonce": errand.nonce,
            "verifier": errand.verifier,
            "onward": errand.onward,
            "ends": moment(now + WAY),
        }
        self._collection.replace_one({"_id": errand.state}, storable(document), upsert=True)

    @patient
    def take(self, state: str, browser: str, now: datetime) -> Errand | None:
        """Whom one sent with a state, where it is that browser and the time is not over. Nobody is taken twice: should
        the answer of MongoDB be lost, the user must set out again."""
        query = {"_id": storable(state), "browser": browser, "ends": {"$gt": moment(now)}}
        found = self._collection.find_one_and_delete(query)
        if found is None:
            return None
        return Errand(found["_id"], found["browser"], found["nonce"], found["verifier"], found["onward"])
