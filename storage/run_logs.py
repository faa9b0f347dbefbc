"""The collection `run_logs`: what each crawl logged, the newest 2,000 lines of it, in chunks that are written while it
runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pymongo import DeleteMany, ReplaceOne
from pymongo.collection import Collection

from news.runlog import CHUNK, KEPT, LogLine
from storage.patience import Patience, patient
from storage.values import moment, storable


class RunLogs:
    """The logs of runs. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        self._collection = collection
        self._patience = patience

    @patient
    def write(self, run_id: str, started: datetime, lines: Sequence[LogLine]) -> None:
        """Writes one chunk, all its lines so far; `started` is when the run began, by which its log is kept
        (storage.retention). What is over KEPT goes."""
        chunk = lines[0].number // CHUNK
        document = storable({"_id": _id(run_id, chunk), "lines": [list(line) for line in lines]})
        writes: list[Any] = [ReplaceOne({"_id": document["_id"]}, document | {"at": moment(started)}, upsert=True)]
        if (last := chunk - KEPT // CHUNK) >= 0:
            writes.append(DeleteMany({"_id": {"$gte": _id(run_id, 0), "$lte": _id(run_id, last)}}))
        self._collection.bulk_write(writes, ordered=True)

    @patient
    def of(self, run_id: str, after: int = -1) -> list[LogLine]:
        """The kept lines of a run behind number `after`, in their order."""
        chunks = {"_id": {"$gte": _id(run_id, max(after, 0) // CHUNK), "$lt": storable(f"{run_id}0")}}
        found = self._collection.find(chunks).sort("_id", 1).batch_size(KEPT // CHUNK + 2)
        lines = (LogLine(*line) for chunk in found for line in chunk["lines"])
        return [line for line in lines if line.number > after]


def _id(run_id: str, chunk: int) -> str:
    return str(storable(f"{run_id}/{chunk:06}"))  # "/" stands right before "0"
