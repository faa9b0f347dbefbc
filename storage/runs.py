"""The collection `runs`: the report of every crawl, while it runs and after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

from pymongo.collection import Collection

from news.report import Fate, RunReport, RunState
from storage.owner import Owner
from storage.patience import Patience, patient
from storage.values import moment, parse_exact, storable

UNCOUNTED = {"counted": False, "state": {"$in": [str(state) for state in RunState if state is not RunState.RUNNING]}}
"""The runs that are over and not in the sums yet (storage.figures). A dry run never is: it brings nothing."""
BY_COUNT = [("counted", 1), ("state", 1)]
"""The index that has these alone."""


_NEWEST = [("started", -1), ("_id", -1)]


@dataclass(frozen=True, slots=True)
class RunFilter:
    """Which runs: of a site, in a state, begun from `since` on and before `until` (UTC)."""

    site: str | None = None
    state: RunState | None = None
    since: datetime | None = None
    until: datetime | None = None

    def query(self, before: tuple[datetime, str] | None) -> dict[str, Any]:
        """As MongoDB takes it; `before` as of Runs.listed."""
        query: dict[str, Any] = {}
        if self.site is not None:
            query["site"] = storable(self.site)
        if self.state is not None:
            query["state"] = str(self.state)
        bounds = {"$gte": self.since and moment(self.since), "$lt": self.until and moment(self.until)}
        if before is not None:
            when, id = moment(before[0]), storable(before[1])
            query["$or"] = [{"started": {"$lt": when}}, {"started": when, "_id": {"$lt": id}}]
            bounds["$lte"] = when  # from here on the index is read
        if given := {name: value for name, value in bounds.items() if value is not None}:
            query["started"] = given
        return query


def owner_lives(owner: dict[str, Any]) -> bool:
    """Whether the process of a run may still be there; of another machine's nothing is known, and it may."""
    return not Owner.from_json(owner).gone


class Runs:
    """The runs. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        self._collection = collection
        self._patience = patience

    @patient
    def start(self, report: RunReport, owner: Owner | None = None) -> None:
        """Stores a run that begins; `owner` is the process that does it, this one by default."""
        owned = {"owner": storable((owner or Owner.here(report.id)).to_json()), "counted": report.dry_run}
        document = to_document(report) | owned
        self._collection.replace_one({"_id": document["_id"]}, document, upsert=True)

    @patient
    def progress(self, report: RunReport) -> None:
        """Stores how far a run is; of a run that is over nothing is changed."""
        document = to_document(report)
        self._collection.update_one({"_id": document.pop("_id"), "state": RunState.RUNNING}, {"$set": document})

    @patient
    def finish(self, report: RunReport) -> None:
        """Stores the report of a run that is over, whatever stood there."""
        document = to_document(report)
        change = {"$set": document, "$setOnInsert": {"counted": report.dry_run}}
        self._collection.update_one({"_id": document.pop("_id")}, change, upsert=True)

    @patient
    def get(self, id: str) -> RunReport | None:
        document = self._collection.find_one({"_id": storable(id)})
        return parse(document) if document else None

    def find(self, site: str | None = None, limit: int = 20) -> list[RunReport]:
        """The runs (of one site), newest first."""
        return self.listed(RunFilter(site=site), limit)

    @patient
    def listed(self, filter: RunFilter, limit: int, before: tuple[datetime, str] | None = None) -> list[RunReport]:
        """The runs that the filter lets through, newest first; `before` is when the last one seen began, and its id."""
        # One of the two that lead to it; among few runs the planner might sort instead.
        index = [("state", 1)] if filter.state and filter.site is None else [("site", 1)] if filter.site else []
        found = self._collection.find(filter.query(before)).hint([*index, *_NEWEST]).sort(_NEWEST)
        return [parse(document) for document in found.limit(limit).batch_size(limit)]

    @patient
    def under_way(self) -> list[RunReport]:
        """The runs that are under way as far as is known, the first begun first."""
        found = [parse(document) for document in self._collection.find({"state": RunState.RUNNING})]
        return sorted(found, key=lambda run: (run.started, run.id))

    @patient
    def owner(self, id: str) -> Owner | None:
        """The process that does a run, or did it."""
        row = self._collection.find_one({"_id": storable(id)}, {"owner": 1})
        return Owner.from_json(row["owner"]) if row and row.get("owner") else None

    @patient
    def latest(self) -> dict[str, RunReport]:
        """The newest run of every site, by its id."""
        # In this order MongoDB jumps in the index from site to site (DISTINCT_SCAN) instead of reading all of it.
        order = {"site": 1, "started": -1, "_id": -1}
        group = {"_id": "$site", "run": {"$first": "$report"}}
        found = self._collection.aggregate([{"$sort": order}, {"$group": group}])
        return {row["_id"]: parse({"report": row["run"]}) for row in found}

    @patient
    def running(self) -> int:
        """How many runs are under way, as far as is known."""
        return self._collection.count_documents({"state": RunState.RUNNING})

    @patient
    def close_lost(self, is_alive: Callable[[dict[str, Any]], bool] = owner_lives) -> int:
        """Marks the running runs whose owner (run_id, host, pid, boot) is not alive as lost; how many there were.

        A lost run is taken to have ended when it was last heard of.
        """
        lost = 0
        for document in self._collection.find({"state": RunState.RUNNING}):
            if is_alive(document["owner"]):
                continue
            lost += _close(self._collection, document, "The process that did this run is gone.")
        return lost


def close_all(collection: Collection[dict[str, Any]]) -> None:
    """Marks every running run as lost, whoever does it: of a database that was restored nobody does any."""
    for document in collection.find({"state": RunState.RUNNING}):
        _close(collection, document, "The database was put back to a moment in the middle of this run.")


def _close(collection: Collection[dict[str, Any]], document: Mapping[str, Any], error: str) -> int:
    """Closes a run as lost, taken to have ended when it was last heard of; 0 where it is over by now."""
    report = replace(parse(document), state=RunState.LOST, finished=document["heard"], error=error)
    change = {"$set": to_document(report) | {"heard": document["heard"]}}
    still = {"_id": document["_id"], "state": RunState.RUNNING}
    return collection.update_one(still, change).modified_count


def to_document(report: RunReport) -> dict[str, Any]:
    """The row of a run."""
    document: dict[str, Any] = storable(
        {
            "_id": report.id,
            "site": report.site,
            "state": str(report.state),
            "started": moment(report.started),
            "heard": moment(datetime.now(UTC)),
            "report": report.to_json(),
        }
    )
    return document


def parse(document: Mapping[str, Any]) -> RunReport:
    stored = document["report"]  # a document of an earlier version lacks what came later
    data = {field.name: stored[field.name] for field in fields(RunReport) if field.name in stored}
    data["sources"] = {url: Fate(fate) for url, fate in data.get("sources", {}).items()}
    data["state"] = RunState(data["state"])
    data["started"] = datetime.fromisoformat(data["started"])
    data["finished"] = parse_exact(data["finished"])
    data["newest"] = parse_exact(data.get("newest"))
    return RunReport(**data)
