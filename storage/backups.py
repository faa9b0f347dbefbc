"""The collection `backups`: when this database was last written to a file (storage.backup), and what that was."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

from pymongo.collection import Collection

from storage.patience import Patience, patient
from storage.values import storable


class Backup(NamedTuple):
    """A back-up that was ended: of the database as it was at `at` (UTC), in `file` of the machine `host`."""

    at: datetime
    file: str
    host: str
    bytes: int
    documents: int


class Backups:
    """What is known of back-ups. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        self._collection = collection
        self._patience = patience

    @patient
    def note(self, backup: Backup) -> None:
        """Writes one down."""
        document = {"_id": backup.at.astimezone(UTC).isoformat(), **backup._asdict()}
        del document["at"]
        self._collection.replace_one({"_id": document["_id"]}, storable(document), upsert=True)

    @patient
    def last(self) -> Backup | None:
        """The newest."""
        row = self._collection.find_one({"_id": {"$gt": ""}}, sort=[("_id", -1)])
        return Backup(datetime.fromisoformat(row.pop("_id")), **row) if row else None
