"""The collection `presence`: who has which article open at the desk. It locks nothing: what is saved over a newer state
is refused by that state's tag, and this only tells people beforehand.

A browser renews its row while it shows the article; one that is gone is forgotten by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pymongo.collection import Collection

from storage.patience import Patience, patient
from storage.values import moment, storable

RENEWED = timedelta(seconds=15)
"""How often a browser says that it is still there."""
LASTS = timedelta(seconds=45)
"""For so long one counts who says nothing any more: two lost requests are no absence."""
_MOST = 200  # rows that are read of an article


@dataclass(frozen=True, slots=True)
class Present:
    """A user who has an article open, in whatever number of tabs; `editing` in one of them. `since` is UTC."""

    user: str
    editing: bool
    since: datetime


class Presence:
    """Who is there. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        self._collection = collection
        self._patience = patience

    @patient
    def renew(self, article_id: str, user: str, tab: str, now: datetime, *, editing: bool) -> None:
        """Says that a user has the article open, in a tab of that name, until LASTS from now."""
        row = {"article_id": article_id, "user": user, "editing": editing, "until": moment(now + LASTS)}
        change = {"$set": storable(row), "$setOnInsert": {"since": moment(now)}}
        self._collection.update_one({"_id": _id(article_id, user, tab)}, change, upsert=True)

    @patient
    def leave(self, article_id: str, user: str, tab: str) -> None:
        """Says that the tab does not show the article any more."""
        self._collection.delete_one({"_id": _id(article_id, user, tab)})

    @patient
    def of(self, article_ids: Iterable[str], now: datetime) -> dict[str, tuple[Present, ...]]:
        """Who is at each of these articles, the first who came first; those where nobody is are missing."""
        wanted = {"article_id": {"$in": storable(list(article_ids))}, "until": {"$gt": moment(now)}}
        found: dict[str, dict[str, Present]] = {}
        for row in self._collection.find(wanted).limit(_MOST).batch_size(_MOST + 1):
            users = found.setdefault(row["article_id"], {})
            users[row["user"]] = _together(users.get(row["user"]), row)
        return {id: tuple(sorted(users.values(), key=lambda one: one.since)) for id, users in found.items()}


def _together(known: Present | None, row: Mapping[str, Any]) -> Present:
    """A user with one more tab."""
    if known is None:
        return Present(row["user"], row["editing"], row["since"])
    return Present(known.user, known.editing or row["editing"], min(known.since, row["since"]))


def _id(article_id: str, user: str, tab: str) -> str:
    return str(storable(f"{user}:{tab}:{article_id}"))
