"""The collection `usage`: what each consumer had on each day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from pymongo import UpdateOne
from pymongo.collection import Collection

from news.access import Usage
from storage.patience import Patience, patient


class Usages:
    """The usage of all consumers, a document for each and each day."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        self._collection = collection
        self._patience = patience

    def add(self, rows: Iterable[Usage]) -> None:
        """Adds to what was counted. Tried once: to add is not idempotent, and the caller, who keeps what could not be
        added, has time. Where the answer alone was lost that counts twice. Raises StorageUnavailable."""
        counts = [
            UpdateOne(
                {"_id": f"{row.day}/{row.consumer}"},
                {
                    "$inc": {"requests": row.requests, "refused": row.refused, "bytes": row.bytes},
                    "$setOnInsert": {"day": _midnight(row.day), "consumer": row.consumer},
                },
                upsert=True,
            )
            for row in rows
        ]
        if counts:
            self._patience.once(lambda: self._collection.bulk_write(counts, ordered=False))

    @patient
    def since(self, day: date) -> list[Usage]:
        """What was counted on that day and later, the earliest day first."""
        found = self._collection.find({"day": {"$gte": _midnight(day)}}).sort([("day", 1), ("consumer", 1)])
        return [
            Usage(row["consumer"], row["day"].date(), row["requests"], row["refused"], row["bytes"]) for row in found
        ]


def _midnight(day: date) -> datetime:
    """A day as a BSON date: that of UTC, whatever zone the day is of."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
