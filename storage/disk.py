"""The disk that MongoDB writes to: what is free, how fast it fills, and whether a crawl may begin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pymongo.database import Database

from news.errors import BantinError
from storage.patience import Patience, patient

GB = 1_000_000_000
# Days. Long enough that a holiday or a back-fill is not taken for the rule.
_SPAN = 30


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes: `free` and `total` of the file system, `used` by this database on it."""

    free: int
    total: int
    used: int


class Disk:
    """Looks at the server's disk, which need not be this machine's. Every operation waits for a MongoDB that is away
    (storage.patience)."""

    def __init__(self, database: Database[dict[str, Any]], patience: Patience) -> None:
        self._database = database
        self._patience = patience

    @patient
    def room(self) -> Room | None:
        """None where the server does not say (a sharded cluster has many disks)."""
        stats = self._database.command("dbStats")
        if "fsTotalSize" not in stats or "fsUsedSize" not in stats:
            return None
        return Room(
            free=int(stats["fsTotalSize"] - stats["fsUsedSize"]),
            total=int(stats["fsTotalSize"]),
            used=int(stats["totalSize"]),
        )

    @patient
    def note(self, used: int, now: datetime) -> None:
        """Keeps how large the database was at the first crawl of a day."""
        day = now.astimezone(UTC).date().isoformat()
        self._database.sizes.update_one({"_id": day}, {"$setOnInsert": {"used": used}}, upsert=True)

    @patient
    def sizes(self, now: datetime) -> dict[date, int]:
        """What `note` kept in the last thirty days."""
        since = (now.astimezone(UTC).date() - timedelta(days=_SPAN)).isoformat()
        found = self._database.sizes.find({"_id": {"$gte": since}}).sort("_id", 1).batch_size(_SPAN + 2)
        return {date.fromisoformat(row["_id"]): int(row["used"]) for row in found}

    def require(self, floor_gb: float, now: datetime) -> None:
        """Raises BantinError where less than so much is free: what is begun then would end in the middle."""
        room = self.room()
        if room is None:
            return
        if room.free < floor_gb * GB:
            raise BantinError(
                f"The disk of MongoDB at {self._patience.address} has {room.free / GB:.1f} GB free, less than the "
                f"{floor_gb:g} GB that must stay free.",
                "Free some: `bantin prune` shows what may go. BANTIN_DISK_FLOOR_GB is the limit.",
            )
        self.note(room.used, now)


def days_left(room: Room, sizes: Mapping[date, int]) -> float | None:
    """In how many days the disk is full if the database goes on growing as in `sizes`; None where it does not grow, or
    less than a day is known of it."""
    if not sizes:
        return None
    first, last = min(sizes), max(sizes)
    growth = sizes[last] - sizes[first]
    if first == last or growth <= 0:
        return None
    return room.free / (growth / (last - first).days)
