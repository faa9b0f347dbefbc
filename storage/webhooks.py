"""The collection `webhooks`: who is told what, and how far; and the one transaction in which that goes on.

The promise: of the events behind a webhook's cursor each is looked at once. The cursor moves, the deliveries are
planned and what the consumer has is noted all at once or not at all, and only by who knew where the cursor stood: of
two that plan the same one wins, and one that was killed has done all or nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pymongo.client_session import ClientSession
from pymongo.database import Database

from news.push import Delivery, Notice, Pause, Webhook
from storage import deliveries, holdings
from storage.conflicts import NothingToDo
from storage.patience import Patience, patient
from storage.turns import Turns
from storage.values import moment, optional_moment, storable


class Webhooks:
    """The webhooks. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, database: Database[dict[str, Any]], patience: Patience) -> None:
        self._database = database
        self._collection = database.webhooks
        self._patience = patience
        self._turns = Turns(database, patience)

    @patient
    def add(self, webhook: Webhook) -> None:
        """Stores a new webhook. The same again is no error."""
        document = to_document(webhook)
        self._collection.replace_one({"_id": document["_id"]}, document, upsert=True)

    @patient
    def all(self) -> list[Webhook]:
        """All of them, by id."""
        return [parse(document) for document in self._collection.find({"_id": {"$gt": ""}}).sort("_id", 1)]

    @patient
    def get(self, id: str) -> Webhook | None:
        document = self._collection.find_one({"_id": storable(id)})
        return parse(document) if document else None

    @patient
    def remove(self, id: str) -> bool:
        """Deletes a webhook; whether it was there. What waits for it is to be cancelled (storage.deliveries)."""
        return self._collection.delete_one({"_id": storable(id)}).deleted_count == 1

    def advance(
        self, webhook: Webhook, cursor: int, planned: Sequence[Delivery] = (), shown: Mapping[str, bool] | None = None
    ) -> bool:
        """Moves the cursor, with the deliveries that come of the events before it, numbered on from `webhook.planned`,
        and what the consumer has then, by article id. False, and nothing is stored, where the webhook is no more where
        `webhook` says."""
        known = {"_id": webhook.id, "cursor": webhook.cursor, "planned": webhook.planned}
        change = {"$set": {"cursor": cursor, "planned": webhook.planned + len(planned)}}

        def work(session: ClientSession) -> bool:
            if not self._collection.update_one(known, change, session=session).matched_count:
                raise NothingToDo
            if planned:
                documents = [deliveries.to_document(delivery) for delivery in planned]
                self._database.deliveries.insert_many(documents, session=session)
            if shown:
                self._database.holdings.bulk_write(holdings.writes(webhook.id, shown), session=session)
            return True

        try:
            return self._turns.take(work)
        except NothingToDo:
            return False

    @patient
    def reserve(self, id: str) -> int:
        """The number of a delivery that is not planned, for a test; 0 where there is no such webhook."""
        document = self._collection.find_one_and_update(
            {"_id": storable(id)}, {"$inc": {"planned": 1}}, return_document=True
        )
        return int(document["planned"]) if document else 0

    @patient
    def rewind(self, id: str, cursor: int) -> None:
        """Lets a webhook begin again behind an event, and tell everything up to where it is now anew."""
        anew = {"$max": ["$cursor", "$replayed_to"]}
        back = {"$min": ["$cursor", {"$literal": cursor}]}
        self._collection.update_one({"_id": storable(id)}, [{"$set": {"replayed_to": anew, "cursor": back}}])

    @patient
    def skip(self, id: str, cursor: int) -> None:
        """Moves the cursor on to an event, past what is no longer kept."""
        self._collection.update_one({"_id": storable(id)}, {"$max": {"cursor": cursor}})

    @patient
    def pause(self, id: str, pause: Pause) -> None:
        """Sends nothing from now on. One that is paused already stays so for the reason it has."""
        row = {**asdict(pause), "at": moment(pause.at)}
        self._collection.update_one({"_id": storable(id), "paused": None}, {"$set": {"paused": storable(row)}})

    @patient
    def resume(self, id: str) -> None:
        """Sends again."""
        self._collection.update_one({"_id": storable(id)}, {"$set": {"paused": None, "failing_since": None}})

    @patient
    def note_failure(self, id: str, at: datetime) -> None:
        """Notes since when nothing was taken, unless that is known."""
        still = {"_id": storable(id), "failing_since": None}
        self._collection.update_one(still, {"$set": {"failing_since": moment(at)}})

    @patient
    def note_success(self, id: str) -> None:
        """Notes that a delivery was taken."""
        self._collection.update_one({"_id": storable(id)}, {"$set": {"failing_since": None}})


def to_document(webhook: Webhook) -> dict[str, Any]:
    paused = webhook.paused
    document: dict[str, Any] = storable(
        {
            "_id": webhook.id,
            "name": webhook.name,
            "url": webhook.url,
            "secret": webhook.secret,
            "created": moment(webhook.created),
            "query": webhook.query,
            "notices": sorted(map(str, webhook.notices)),
            "owner": webhook.owner,
            "allow_private": webhook.allow_private,
            "cursor": webhook.cursor,
            "planned": webhook.planned,
            "replayed_to": webhook.replayed_to,
            "paused": paused and {**asdict(paused), "at": moment(paused.at)},
            "failing_since": optional_moment(webhook.failing_since),
        }
    )
    return document


def parse(document: Mapping[str, Any]) -> Webhook:
    values = dict(document)
    values["id"] = values.pop("_id")
    values["notices"] = frozenset(map(Notice, values["notices"]))
    values["paused"] = Pause(**values["paused"]) if values["paused"] else None
    return Webhook(**values)
