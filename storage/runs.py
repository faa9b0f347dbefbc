"""The collection `runs`: the report of every crawl, while it runs and after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

from pymongo.collection import Collection

from news.report import Fate, RunReport, RunState
from storage.owner import Owner
from storage.patience import Patience, patient
from storage.values import moment, parse_exact, storable


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
        document = _to_document(report) | {"owner": storable((owner or Owner.here(report.id)).to_json())}
        self._collection.replace_one({"_id": document["_id"]}, document, upsert=True)

    @patient
    def progress(self, report: RunReport) -> None:
        """Stores how far a run is; of a run that is over nothing is changed."""
        document = _to_document(report)
        self._collection.update_one({"_id": document.pop("_id"), "state": RunState.RUNNING}, {"$set": document})

    @patient
    def finish(self, report: RunReport) -> None:
        """Stores the report of a run that is over, whatever stood there."""
        document = _to_document(report)
        self._collection.update_one({"_id": document.pop("_id")}, {"$set": document}, upsert=True)

    @patient
    def get(self, id: str) -> RunReport | None:
        document = self._collection.find_one({"_id": storable(id)})
        return _parse(document) if document else None

    @patient
    def find(self, site: str | None = None, limit: int = 20) -> list[RunReport]:
        """The runs (of one site), newest first."""
        query = {} if site is None else {"site": site}
        found = self._collection.find(query).sort([("started", -1), ("_id", -1)]).limit(limit).batch_size(limit)
        return [_parse(document) for document in found]

    @patient
    def close_lost(self, is_alive: Callable[[dict[str, Any]], bool] = owner_lives) -> int:
        """Marks the running runs whose owner (run_id, host, pid, boot) is not alive as lost; how many there were.

        A lost run is taken to have ended when it was last heard of.
        """
        lost = 0
        for document in self._collection.find({"state": RunState.RUNNING}):
            if is_alive(document["owner"]):
                continue
            report = replace(
                _parse(document),
                state=RunState.LOST,
                finished=document["heard"],
                error="The process that did this run is gone.",
            )
            change = {"$set": _to_document(report) | {"heard": document["heard"]}}
            still = {"_id": document["_id"], "state": RunState.RUNNING}
            lost += self._collection.update_one(still, change).modified_count
        return lost


def _to_document(report: RunReport) -> dict[str, Any]:
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


def _parse(document: Mapping[str, Any]) -> RunReport:
    stored = document["report"]  # a document of an earlier version lacks what came later
    data = {field.name: stored[field.name] for field in fields(RunReport) if field.name in stored}
    data["sources"] = {url: Fate(fate) for url, fate in data.get("sources", {}).items()}
    data["state"] = RunState(data["state"])
    data["started"] = datetime.fromisoformat(data["started"])
    data["finished"] = parse_exact(data["finished"])
    data["newest"] = parse_exact(data.get("newest"))
    return RunReport(**data)
