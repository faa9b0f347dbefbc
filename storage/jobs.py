"""The collection `jobs`: APScheduler's own store, fenced: what a scheduler writes after it lost its turn is refused."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from apscheduler.job import Job
from apscheduler.jobstores.base import ConflictingIdError, JobLookupError
from apscheduler.jobstores.mongodb import MongoDBJobStore
from apscheduler.util import datetime_to_utc_timestamp
from bson.binary import Binary
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from storage.leases import TurnLost
from storage.patience import Patience, patient

COLLECTION = "jobs"


class FencedJobStore(MongoDBJobStore):  # type: ignore[misc]  # APScheduler has no types
    """APScheduler's MongoDB job store for one of several schedulers, of which one acts at a time.

    `token` gives the turn of this scheduler (storage.leadership), 0 while it has none. A job that was written in a
    later turn is not touched: TurnLost.
    """

    def __init__(self, database: Database[dict[str, Any]], token: Callable[[], int]) -> None:
        super().__init__(database=database.name, collection=COLLECTION, client=database.client)
        self._token = token

    def add_job(self, job: Job) -> None:
        try:
            self.collection.insert_one({"_id": job.id, **self._written(job)})
        except DuplicateKeyError:
            raise ConflictingIdError(job.id) from None

    def update_job(self, job: Job) -> None:
        written = self._written(job)
        mine = {"_id": job.id, "token": {"$lte": written["token"]}}
        if not self.collection.update_one(mine, {"$set": written}).matched_count:
            self._refuse(job.id)

    def remove_job(self, job_id: str) -> None:
        mine = {"_id": job_id, "token": {"$lte": self._turn()}}
        if not self.collection.delete_one(mine).deleted_count:
            self._refuse(job_id)

    def shutdown(self) -> None:
        """The client is the store's, and is closed with it."""

    def _turn(self) -> int:
        token = self._token()
        if not token:
            raise TurnLost
        return token

    def _written(self, job: Job) -> dict[str, Any]:
        state = pickle.dumps(job.__getstate__(), self.pickle_protocol)
        when = datetime_to_utc_timestamp(job.next_run_time)
        return {"token": self._turn(), "next_run_time": when, "job_state": Binary(state)}

    def _refuse(self, id: str) -> None:
        raise JobLookupError(id) if self.collection.find_one({"_id": id}, {"_id": 1}) is None else TurnLost


class Jobs:
    """What the schedule says, for who only reads it. Waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, database: Database[dict[str, Any]], patience: Patience) -> None:
        self._database = database
        self._patience = patience

    def store(self, token: Callable[[], int]) -> FencedJobStore:
        """The job store of a scheduler in this process."""
        return FencedJobStore(self._database, token)

    @patient
    def take_over(self, token: int) -> None:
        """Marks every job as belonging to this turn: what an earlier scheduler still writes is refused from now on."""
        self._database[COLLECTION].update_many({"token": {"$lt": token}}, {"$set": {"token": token}})

    @patient
    def next_runs(self) -> dict[str, datetime]:
        """When each site is crawled next, UTC; a paused one is missing."""
        found = self._database[COLLECTION].find({"next_run_time": {"$ne": None}}, {"next_run_time": 1})
        return {row["_id"]: datetime.fromtimestamp(row["next_run_time"], UTC) for row in found}

    @patient
    def next_run(self, site: str) -> datetime | None:
        """When one site is crawled next, UTC; None where it is paused or not on schedule."""
        row = self._database[COLLECTION].find_one({"_id": site}, {"next_run_time": 1})
        when: float | None = row["next_run_time"] if row else None
        return None if when is None else datetime.fromtimestamp(when, UTC)
