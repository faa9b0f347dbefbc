"""What is kept how long: a plan of what is over, and the deletion of exactly that, in batches.

What a plan deletes is said by bounds that never move, so that what is stored after it was made is safe from it, and
that a deletion which was killed goes on where it stood when the plan is made again. Articles are never deleted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from pymongo.collection import Collection
from pymongo.database import Database

from news.report import RunState
from storage import events
from storage.patience import Patience, patient
from storage.urls import UrlState
from storage.values import moment

_BATCH = 500
_GB = 1_000_000_000


class Keep(Protocol):
    """How long and how much is kept, in days and in GB of pages as they came (compressed they take about a quarter on
    disk); 0 is for ever. config.Config satisfies it."""

    @property
    def keep_pages_days(self) -> float: ...
    @property
    def keep_pages_gb(self) -> float: ...
    @property
    def keep_runs_days(self) -> float: ...
    @property
    def keep_logs_days(self) -> float: ...
    @property
    def keep_events_days(self) -> float: ...
    @property
    def keep_urls_days(self) -> float: ...
    @property
    def keep_versions_days(self) -> float: ...
    @property
    def keep_usage_days(self) -> float: ...
    @property
    def keep_deliveries_days(self) -> float: ...
    @property
    def keep_health_days(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Portion:
    """What of one collection is over: `count` documents, of `size` bytes where that is known. `query` finds them."""

    collection: str
    why: str
    count: int
    query: dict[str, Any]
    size: int = 0
    first_event: int = 0  # of events: the number of the first that stays

    def __str__(self) -> str:
        return f"{self.count:,} {self.collection} ({self.why})"

    def to_json(self) -> dict[str, Any]:
        """What a person decides by; how they are found is ours."""
        return {"collection": self.collection, "why": self.why, "count": self.count, "bytes": self.size}


Plan = tuple[Portion, ...]


class Retention:
    """Plans and deletes. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, database: Database[dict[str, Any]], patience: Patience, count: Callable[[], bool]) -> None:
        self._database = database
        self._patience = patience
        self._count = count

    @patient
    def plan(self, keep: Keep, now: datetime) -> Plan:
        """What is over at `now`; collections of which nothing is are left out."""
        portions = [
            self._pages(keep, now),
            self._runs(keep.keep_runs_days, now),
            self._logs(keep.keep_logs_days, keep.keep_runs_days, now),
            self._events(keep.keep_events_days, now),
            self._urls(keep.keep_urls_days, now),
            self._versions(keep.keep_versions_days, now),
            self._usage(keep.keep_usage_days, now),
            self._deliveries(keep.keep_deliveries_days, now),
            *self._health(keep.keep_health_days, now),
        ]
        return tuple(portion for portion in portions if portion and portion.count)

    def apply(self, plan: Plan) -> Plan:
        """Deletes what a plan names, and says what was deleted. Done again it finds nothing."""
        while not self._count():  # what goes is in the sums before (storage.figures)
            pass
        done = []
        for portion in plan:
            if portion.first_event:
                self._move_first(portion.first_event)
            count = 0
            while batch := self._delete(portion):
                count += batch
            done.append(Portion(portion.collection, portion.why, count, portion.query, portion.size))
        return tuple(done)

    def _pages(self, keep: Keep, now: datetime) -> Portion | None:
        bounds = []
        if keep.keep_pages_days:
            bounds.append((_before(keep.keep_pages_days, now), f"older than {keep.keep_pages_days:g} days"))
        if keep.keep_pages_gb and (full := self._full(keep.keep_pages_gb)):
            bounds.append((full, f"beyond the newest {keep.keep_pages_gb:g} GB"))
        if not bounds:
            return None
        bound, why = max(bounds)
        query = {"kept": {"$lt": bound}}
        group = {"$group": {"_id": None, "count": {"$sum": 1}, "size": {"$sum": "$size"}}}
        project = {"$project": {"_id": 0, "kept": 1, "size": 1}}  # so that the index has all and no page is read
        row = next(self._database.pages.aggregate([{"$match": query}, project, group]), {"count": 0, "size": 0})
        return Portion("pages", why, row["count"], query, row["size"])

    def _full(self, gigabytes: float) -> datetime | None:
        """When the oldest page that still has room was kept; None where all have."""
        room = gigabytes * _GB
        newest = self._database.pages.find({}, {"_id": 0, "kept": 1, "size": 1}).sort([("kept", -1), ("size", -1)])
        last: datetime | None = None
        for page in newest.batch_size(10_000):
            room -= page["size"]
            if room < 0:
                # Of pages kept in the same millisecond all stay or all go.
                return last or page["kept"] + timedelta(milliseconds=1)
            last = page["kept"]
        return None

    def _runs(self, days: float, now: datetime) -> Portion | None:
        if not days:
            return None
        newest = {"$group": {"_id": "$site", "run": {"$first": "$_id"}}}
        order = {"$sort": {"site": 1, "started": -1, "_id": -1}}
        # The scheduler goes by the last run of a site, however long ago.
        last = [row["run"] for row in self._database.runs.aggregate([order, newest])]
        over = {"started": {"$lt": _before(days, now)}, "state": {"$ne": RunState.RUNNING}, "_id": {"$nin": last}}
        return self._counted("runs", f"older than {days:g} days", over)

    def _logs(self, logs: float, runs: float, now: datetime) -> Portion | None:
        days = min((days for days in (logs, runs) if days), default=0)
        if not days:
            return None
        return self._counted("run_logs", f"of runs older than {days:g} days", {"at": {"$lt": _before(days, now)}})

    def _events(self, days: float, now: datetime) -> Portion | None:
        """The events before the first that is young enough: of a feed only a beginning can go."""
        if not days:
            return None
        young = {"at": {"$gte": _before(days, now)}}
        stays = next(iter(self._database.events.find(young, {"_id": 1}).sort("_id", 1).limit(1)), None)
        if stays is None:
            counter = self._database.counters.find_one({"_id": events.COUNTER}) or {"last": 0}
            stays = {"_id": counter["last"] + 1}
        portion = self._counted("events", f"older than {days:g} days", {"_id": {"$lt": stays["_id"]}})
        return Portion(portion.collection, portion.why, portion.count, portion.query, first_event=stays["_id"])

    def _urls(self, days: float, now: datetime) -> Portion | None:
        if not days:
            return None
        bound = _before(days, now)
        over = {"state": UrlState.REJECTED, "found": {"$lt": bound}, "fetched": {"$not": {"$gte": bound}}}
        return self._counted("urls", f"rejected for {days:g} days", over)

    def _versions(self, days: float, now: datetime) -> Portion | None:
        if not days:
            return None
        return self._counted("versions", f"replaced {days:g} days ago", {"ended": {"$lt": _before(days, now)}})

    def _usage(self, days: float, now: datetime) -> Portion | None:
        if not days:
            return None
        return self._counted("usage", f"older than {days:g} days", {"day": {"$lt": _before(days, now)}})

    def _deliveries(self, days: float, now: datetime) -> Portion | None:
        if not days:
            return None
        return self._counted("deliveries", f"over for {days:g} days", {"ended": {"$lt": _before(days, now)}})

    def _health(self, days: float, now: datetime) -> list[Portion]:
        """Past states of sites, the alerts that told them, and what was asked; not what is to be told or done yet."""
        if not days:
            return []
        old, why = {"at": {"$lt": _before(days, now)}}, f"older than {days:g} days"
        newest = {"$group": {"_id": "$site", "change": {"$first": "$_id"}}}
        order = {"$sort": {"site": 1, "number": -1}}
        # The numbers of a site's changes go on behind its last one (oversight.keeper).
        last = [row["change"] for row in self._database.health_changes.aggregate([order, newest])]
        return [
            self._counted("health_changes", why, old | {"alert": {"$ne": ""}, "_id": {"$nin": last}}),
            self._counted("alerts", why, old | {"pending": {"$exists": False}}),
            self._counted("controls", why, old | {"open": {"$exists": False}}),
        ]

    def _counted(self, collection: str, why: str, query: dict[str, Any]) -> Portion:
        return Portion(collection, why, self._database[collection].count_documents(query), query)

    @patient
    def _move_first(self, number: int) -> None:
        """Says that events begin at `number`, before the ones before it go: whoever is behind must hear it."""
        events.begin_at(self._database.counters, number)

    @patient
    def _delete(self, portion: Portion) -> int:
        """Deletes a batch; how many there were."""
        collection: Collection[dict[str, Any]] = self._database[portion.collection]
        ids = [row["_id"] for row in collection.find(portion.query, {"_id": 1}).limit(_BATCH)]
        # The whole condition again: what was written anew meanwhile is young.
        return collection.delete_many({"$and": [{"_id": {"$in": ids}}, portion.query]}).deleted_count if ids else 0


def prune(retention: Retention, keep: Keep, now: datetime) -> Plan:
    """Deletes what is over at `now`, and says what that was: for the scheduler, once a day."""
    return retention.apply(retention.plan(keep, now))


def _before(days: float, now: datetime) -> datetime:
    return moment(now - timedelta(days=days))
