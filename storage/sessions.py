"""The collection `sessions`: who is signed in, by the hash of what their browser holds. MongoDB itself deletes those
that are over."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pymongo.collection import Collection

from news.sessions import NOTED_EVERY, Session, Ticket
from storage.patience import Patience, patient
from storage.values import moment, storable


class Sessions:
    """The sessions. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        self._collection = collection
        self._patience = patience

    def begin(self, user: str, now: datetime, browser: str = "", address: str = "") -> tuple[Session, Ticket]:
        """A new session of a user, and the ticket for the browser."""
        ticket = Ticket(secrets.token_urlsafe(32))
        session = Session(ticket.digest, user, moment(now), moment(now), browser, address)
        self._keep(session)
        return session, ticket

    @patient
    def find(self, id: str, now: datetime, *, used: bool = True) -> Session | None:
        """A session that is not over; that it is `used` now is noted every few minutes."""
        document = self._collection.find_one({"_id": storable(id), "ends": {"$gt": moment(now)}})
        if document is None:
            return None
        session = _parse(document)
        if not used or now - session.seen < NOTED_EVERY:
            return session
        noted = Session(id, session.user, session.created, moment(now), session.browser, session.address)
        self._collection.update_one({"_id": id}, {"$set": {"seen": noted.seen, "ends": noted.ends}})
        return noted

    @patient
    def of(self, user: str, now: datetime) -> list[Session]:
        """The sessions of a user that are not over, the newest first."""
        found = self._collection.find({"user": storable(user), "ends": {"$gt": moment(now)}})
        return [_parse(document) for document in found.sort("created", -1)]

    @patient
    def counts(self, now: datetime) -> dict[str, int]:
        """How many sessions each user has, by name; who has none is not in it."""
        rows = self._collection.aggregate(
            [{"$match": {"ends": {"$gt": moment(now)}}}, {"$group": {"_id": "$user", "count": {"$sum": 1}}}]
        )
        return {row["_id"]: row["count"] for row in rows}

    @patient
    def end(self, user: str, id: str) -> bool:
        """Ends a session of a user. Whether it was there."""
        return self._collection.delete_one({"_id": storable(id), "user": storable(user)}).deleted_count > 0

    @patient
    def end_all(self, user: str, but: str = "") -> int:
        """Ends the sessions of a user, all but the one of an id. How many there were."""
        return self._collection.delete_many({"user": storable(user), "_id": {"$ne": but}}).deleted_count

    @patient
    def _keep(self, session: Session) -> None:
        # An attempt whose answer was lost wrote the very same.
        document = _to_document(session)
        self._collection.replace_one({"_id": session.id}, document, upsert=True)


def _to_document(session: Session) -> dict[str, Any]:
    document: dict[str, Any] = storable(
        {
            "_id": session.id,
            "user": session.user,
            "created": session.created,
            "seen": session.seen,
            "ends": session.ends,
            "browser": session.browser,
            "address": session.address,
        }
    )
    return document


def _parse(document: Mapping[str, Any]) -> Session:
    return Session(
        id=document["_id"],
        user=document["user"],
        created=document["created"],
        seen=document["seen"],
        browser=document["browser"],
        address=document["address"],
    )
