"""The collections `health`, how each site is now and what is remembered of it, and `health_changes`, when it became so.

A change and the state that it leads to are stored together or not at all; of a change that is stored nothing is told
until an alert names it (storage.alerts), and then never again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from news.errors import InvalidValue
from news.health import Fact, Health, HealthState, Memory
from storage.leases import TurnLost
from storage.patience import Patience, patient
from storage.turns import Turns
from storage.values import exact, moment, optional_moment, parse_exact, storable

log = logging.getLogger("bantin.storage")


@dataclass(frozen=True, slots=True)
class SiteHealth:
    """How a site is. `judged` is when that was found last, `learned` when the last crawl ended that was learnt from,
    `retry` until when a failing site is left alone, `changes` how often its state has changed. `rhythm` is what
    news.rhythm learnt at `rhythm_at`, `per_day` the articles a day that it expects, and `lull` its longest silence
    (news.health.silence). Times are UTC."""

    site: str
    health: Health
    judged: datetime
    learned: datetime | None = None
    retry: datetime | None = None
    changes: int = 0
    memory: Memory = field(default_factory=Memory)
    rhythm: Mapping[str, Any] | None = None
    rhythm_at: datetime | None = None
    lull: float = 0.0
    per_day: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """What may be shown of it."""
        return {
            "site": self.site,
            **health_json(self.health),
            "judged": self.judged.isoformat(),
            "retry": self.retry and self.retry.isoformat(),
            "changes": self.changes,
        }


@dataclass(frozen=True, slots=True)
class HealthChange:
    """That a site was found to be otherwise at `at`; `number` counts the changes of the site. `before` is None for what
    it was found to be first. `alert` is the id of the alert that told it, "" of one that is still to be told."""

    site: str
    number: int
    at: datetime
    before: HealthState | None
    health: Health
    alert: str = ""

    @property
    def id(self) -> str:
        return f"{self.site}:{self.number}"

    def to_json(self) -> dict[str, Any]:
        """What may be shown of it."""
        before = self.before and str(self.before)
        return {"site": self.site, "at": self.at.isoformat(), "before": before, **health_json(self.health)}


class Healths:
    """How sites are, and were. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, database: Database[dict[str, Any]], patience: Patience) -> None:
        self._now = database.health
        self._changes = database.health_changes
        self._patience = patience
        self._turns = Turns(database, patience)

    @patient
    def get(self, site: str) -> SiteHealth | None:
        document = self._now.find_one({"_id": storable(site)})
        return _parse(document) if document else None

    @patient
    def all(self) -> dict[str, SiteHealth]:
        """How every site is, by its id, without what is remembered of it."""
        kept_back = {"memory": 0, "rhythm": 0}
        return {row["_id"]: _parse(row) for row in self._now.find({"_id": {"$gt": ""}}, kept_back)}

    @patient
    def load(self) -> dict[str, SiteHealth]:
        """The same with all that is remembered: some ten kilobytes a site."""
        return {row["_id"]: _parse(row) for row in self._now.find({"_id": {"$gt": ""}})}

    @patient
    def take_over(self, turn: int) -> None:
        """Marks all that is known as belonging to this turn of the schedulers (storage.leases): what an earlier one
        still writes is refused from now on."""
        self._now.update_many({"_id": {"$gt": ""}, **_up_to(turn)}, {"$set": {"turn": turn}})

    def keep(self, row: SiteHealth, change: HealthChange | None = None, *, turn: int = 0) -> None:
        """Puts `row` in the place of what was known, and `change` behind the changes before. Done again it changes
        nothing. Raises TurnLost where a later turn than `turn` wrote, and then stores neither."""
        document = _to_document(row) | {"turn": turn}
        mine = {"_id": document["_id"], **_up_to(turn)}

        def work(session: ClientSession) -> None:
            if change is not None:
                known = {"_id": storable(change.id)}
                self._changes.update_one(known, {"$setOnInsert": _change(change)}, upsert=True, session=session)
            self._now.replace_one(mine, document, upsert=True, session=session)

        try:
            if change is None:
                self._patience.carry(lambda: self._now.replace_one(mine, document, upsert=True))
            else:
                self._turns.take(work)
        except DuplicateKeyError:  # it is there, and not mine
            raise TurnLost from None

    @patient
    def forget(self, sites: Iterable[str], *, turn: int = 0) -> None:
        """Forgets how sites are whose files are gone, unless a later turn knows better; their changes stay."""
        self._now.delete_many({"_id": {"$in": [storable(site) for site in sites]}, **_up_to(turn)})

    @patient
    def history(self, site: str, limit: int = 50, before: int | None = None) -> list[HealthChange]:
        """The changes of a site, newest first; `before` is the number of the last one seen."""
        query: dict[str, Any] = {"site": storable(site)}
        if before is not None:
            query["number"] = {"$lt": before}
        found = self._changes.find(query).sort("number", -1).limit(limit).batch_size(limit)
        return [_parse_change(row) for row in found]

    @patient
    def changes(self, since: datetime, limit: int = 500) -> list[HealthChange]:
        """The changes of all sites from `since` on, newest first."""
        found = self._changes.find({"at": {"$gte": moment(since)}}).sort([("at", -1), ("_id", 1)])
        return [_parse_change(row) for row in found.limit(limit).batch_size(limit)]

    @patient
    def untold(self, limit: int = 1000) -> list[HealthChange]:
        """The changes that no alert has told yet, oldest first."""
        found = self._changes.find({"alert": ""}).sort([("at", 1), ("_id", 1)]).limit(limit).batch_size(limit)
        return [_parse_change(row) for row in found]

    @patient
    def mark_told(self, ids: Sequence[str], alert: str) -> None:
        """Notes which alert tells these changes, unless one has told them."""
        self._changes.update_many({"_id": {"$in": list(ids)}, "alert": ""}, {"$set": {"alert": alert}})


def _up_to(turn: int) -> dict[str, Any]:
    return {"turn": {"$not": {"$gt": turn}}}  # an older Bantin wrote none


def health_json(health: Health) -> dict[str, Any]:
    """A judgement as it may be shown."""

    def shown(value: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime) else value

    return {
        "state": str(health.state),
        "since": health.since.isoformat(),
        "evidence": [
            {"name": fact.name, "value": shown(fact.value), "usual": shown(fact.usual), "decisive": fact.decisive}
            for fact in health.evidence
        ],
    }


def _health(health: Health) -> dict[str, Any]:
    def kept(value: Any) -> Any:
        return moment(value) if isinstance(value, datetime) else value

    return {
        "state": str(health.state),
        "since": moment(health.since),
        "evidence": [[fact.name, kept(fact.value), kept(fact.usual), fact.decisive] for fact in health.evidence],
    }


def _parse_health(row: Mapping[str, Any]) -> Health:
    evidence = tuple(Fact(name, value, usual, decisive) for name, value, usual, decisive in row["evidence"])
    return Health(HealthState(row["state"]), row["since"], evidence)


def _to_document(row: SiteHealth) -> dict[str, Any]:
    document: dict[str, Any] = storable(
        {
            "_id": row.site,
            "health": _health(row.health),
            "judged": moment(row.judged),
            "learned": exact(row.learned),
            "retry": optional_moment(row.retry),
            "changes": row.changes,
            "memory": row.memory.to_json(),
            "rhythm": row.rhythm,
            "rhythm_at": optional_moment(row.rhythm_at),
            "lull": row.lull,
            "per_day": row.per_day,
        }
    )
    return document


def _parse(document: Mapping[str, Any]) -> SiteHealth:
    memory, learned = Memory(), parse_exact(document["learned"])
    if "memory" in document:
        try:
            memory = Memory.from_json(document["memory"])
        except InvalidValue as error:  # of another version of Bantin; one site must not keep all from being crawled
            log.warning("%s: %s %s", document["_id"], error.problem, error.remedy)
            learned = None
    return SiteHealth(
        document["_id"], _parse_health(document["health"]), document["judged"], learned,
        document["retry"], document["changes"], memory, document.get("rhythm"),
        document["rhythm_at"], document["lull"], document.get("per_day", 0.0),
    )  # fmt: skip


def _change(change: HealthChange) -> dict[str, Any]:
    document: dict[str, Any] = storable(
        {
            "site": change.site,
            "number": change.number,
            "at": moment(change.at),
            "before": change.before and str(change.before),
            "health": _health(change.health),
            "alert": change.alert,
        }
    )
    return document


def _parse_change(row: Mapping[str, Any]) -> HealthChange:
    before = HealthState(row["before"]) if row["before"] else None
    return HealthChange(row["site"], row["number"], row["at"], before, _parse_health(row["health"]), row["alert"])
