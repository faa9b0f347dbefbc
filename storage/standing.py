"""The collection `standing`: what operators have ordered of sites that holds until it is taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pymongo.collection import Collection

from news.control import Standing
from news.health import Pause
from news.schedule import Schedule, ScheduleMode
from storage.patience import Patience, patient
from storage.values import moment, optional_moment, storable


class Standings:
    """The standing orders. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        self._collection = collection
        self._patience = patience

    @patient
    def all(self) -> dict[str, Standing]:
        """By site, what holds; sites of which nothing was ever ordered are missing."""
        return {row["_id"]: _parse(row) for row in self._collection.find({"_id": {"$gt": ""}})}

    @patient
    def get(self, site: str) -> Standing:
        """What holds of one site."""
        row = self._collection.find_one({"_id": storable(site)})
        return _parse(row) if row else Standing(site)

    @patient
    def pause(self, site: str, pause: Pause | None) -> None:
        """Pauses a site, or with None takes that back."""
        row = pause and {**asdict(pause), "at": moment(pause.at), "until": optional_moment(pause.until)}
        self._set(site, {"paused": storable(row)})

    @patient
    def schedule(self, site: str, schedule: Schedule | None, by: str, at: datetime) -> None:
        """Puts a schedule in the place of that of the site's file, or with None takes that back."""
        row = schedule and {**asdict(schedule), "mode": str(schedule.mode), "windows": list(schedule.windows)}
        self._set(site, {"schedule": storable(row), "scheduled_by": storable(by), "scheduled_at": moment(at)})

    def _set(self, site: str, values: Mapping[str, Any]) -> None:
        self._collection.update_one({"_id": storable(site)}, {"$set": dict(values)}, upsert=True)


def _parse(row: Mapping[str, Any]) -> Standing:
    paused, schedule = row.get("paused"), row.get("schedule")
    values = schedule and {**schedule, "mode": ScheduleMode(schedule["mode"]), "windows": tuple(schedule["windows"])}
    return Standing(
        row["_id"],
        Pause(**paused) if paused else None,
        Schedule(**values) if values else None,
        row.get("scheduled_by", "") if values else "",
        row.get("scheduled_at") if values else None,
    )
