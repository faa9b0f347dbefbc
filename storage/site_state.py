"""The collection `site_state`: who crawls a site at the moment, how far each of its sources was read, what its
addresses taught, and what its file declared when it was last taken up."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pymongo import UpdateOne
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from news.declared import Declared
from storage.owner import Owner
from storage.patience import Patience, patient
from storage.values import exact, moment, parse_exact, storable


@dataclass(frozen=True, slots=True)
class SourceState:
    """How far a source was read. `caught_up`: to the end of what was unknown. `swept`: when it was last read as a
    whole. `newest_keys`: the identities that stood at its top."""

    caught_up: bool = False
    swept: datetime | None = None
    newest_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lessons:
    """Names of parameters: those that were learnt to be noise, and those that proved to tell articles apart."""

    noise: frozenset[str] = frozenset()
    deciding: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Distrust:
    """How often a site's validators lied, about which page last, and until when (UTC) they are not believed."""

    lies: int = 0
    until: datetime | None = None
    url: str = ""


class SiteStates:
    """The sites' states. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        self._collection = collection
        self._patience = patience

    @patient
    def claim(self, site: str, owner: Owner, now: datetime, ttl_seconds: float, *, yields: bool = False) -> bool:
        """Whether `owner` may crawl the site now, and for `ttl_seconds` unless it renews the claim.

        A claim is taken over when its time is over or its process is dead. Claiming again what one has renews it. One
        that `yields` is given up when another crawl asks for it (`ask_way`).
        """
        claim = storable(owner.to_json()) | {"until": moment(now + timedelta(seconds=ttl_seconds)), "yields": yields}
        free = [{"claim": None}, {"claim.until": {"$lte": moment(now)}}, {"claim.run_id": claim["run_id"]}]
        try:
            self._collection.update_one({"_id": site, "$or": free}, {"$set": {"claim": claim}}, upsert=True)
        except DuplicateKeyError:  # the site's document is there, and none of the ways to be free holds
            return self._take_over(site, claim)
        return True

    def _take_over(self, site: str, claim: dict[str, Any]) -> bool:
        document = self._collection.find_one({"_id": site}, {"claim": 1}) or {}
        held = document.get("claim")
        if held is None or not Owner.from_json(held).gone:
            return False
        # Only the very claim that was looked at: of two that find a dead owner one wins.
        mine = {"_id": site, "claim.run_id": held["run_id"], "claim.until": held["until"]}
        return self._collection.update_one(mine, {"$set": {"claim": claim}}).matched_count == 1

    @patient
    def renew(self, site: str, run_id: str, now: datetime, ttl_seconds: float) -> bool:
        """Whether the run still has its claim, which then holds `ttl_seconds` from `now`."""
        until = moment(now + timedelta(seconds=ttl_seconds))
        mine = {"_id": site, "claim.run_id": run_id}
        return self._collection.update_one(mine, {"$set": {"claim.until": until}}).matched_count == 1

    @patient
    def release(self, site: str, run_id: str) -> None:
        """Gives the site free; the claim of another run is left alone."""
        self._collection.update_one({"_id": site, "claim.run_id": run_id}, {"$set": {"claim": None}})

    @patient
    def sources(self, site: str) -> dict[str, SourceState]:
        """By source URL, what `set_source` wrote."""
        document = self._collection.find_one({"_id": site}, {"sources": 1}) or {}
        return {
            row["url"]: SourceState(row["caught_up"], parse_exact(row["swept"]), tuple(row["newest_keys"]))
            for row in document.get("sources", {}).values()
        }

    @patient
    def set_source(self, site: str, source_url: str, state: SourceState) -> None:
        row = storable(
            {
                "url": source_url,
                "caught_up": state.caught_up,
                "swept": exact(state.swept),
                "newest_keys": state.newest_keys,
            }
        )
        self._collection.update_one({"_id": site}, {"$set": {f"sources.{_name(row['url'])}": row}}, upsert=True)

    @patient
    def lessons(self, site: str) -> Lessons:
        """What `set_lessons` wrote."""
        document = self._collection.find_one({"_id": site}, {"lessons": 1}) or {}
        row = document.get("lessons", {})
        return Lessons(frozenset(row.get("noise", ())), frozenset(row.get("deciding", ())))

    @patient
    def set_lessons(self, site: str, lessons: Lessons) -> None:
        row = storable({"noise": sorted(lessons.noise), "deciding": sorted(lessons.deciding)})
        self._collection.update_one({"_id": site}, {"$set": {"lessons": row}}, upsert=True)

    @patient
    def declare(self, sites: Mapping[str, Declared]) -> None:
        """Writes down what is taken up now, by site id."""
        rows = [
            UpdateOne({"_id": site}, {"$set": {"declared": {"text": each.text, "digest": each.digest}}}, upsert=True)
            for site, each in sites.items()
        ]
        if rows:
            self._collection.bulk_write(rows, ordered=False)

    @patient
    def declared(self) -> dict[str, Declared]:
        """What `declare` wrote, by site id."""
        known = self._collection.find({"declared.digest": {"$gt": ""}}, {"declared": 1})
        return {row["_id"]: Declared(row["declared"]["text"], row["declared"]["digest"]) for row in known}

    @patient
    def undeclare(self, sites: Iterable[str]) -> None:
        """Forgets what sites declared whose files are gone; the rest of their state stays."""
        self._collection.update_many({"_id": {"$in": list(sites)}}, {"$unset": {"declared": ""}})

    @patient
    def backfill(self, site: str, since: datetime, until: datetime) -> dict[str, tuple[tuple[str, ...], bool]]:
        """By the first page of each list, the pages that a back-fill of these days reads next, and whether it is done
        with the list. What is kept of other days is forgotten."""
        days = {"since": exact(since), "until": exact(until)}
        document = self._collection.find_one({"_id": site}, {"backfill": 1}) or {}
        row = document.get("backfill", {})
        if {name: row.get(name) for name in days} != days:
            self._collection.update_one({"_id": site}, {"$set": {"backfill": {**days, "lists": {}}}}, upsert=True)
            return {}
        return {one["start"]: (tuple(one["next"]), one["done"]) for one in row["lists"].values()}

    @patient
    def mark_backfill(self, site: str, start: str, next: Sequence[str], *, done: bool) -> None:
        """Keeps how far a back-fill has read a list."""
        row = storable({"start": start, "next": list(next), "done": done})
        self._collection.update_one(
            {"_id": site}, {"$set": {f"backfill.lists.{_name(row['start'])}": row}}, upsert=True
        )

    @patient
    def ask_way(self, site: str) -> bool:
        """Asks whoever crawls the site to give way; whether it will."""
        yielding = {"_id": site, "claim.yields": True}
        return self._collection.update_one(yielding, {"$set": {"claim.wanted": True}}).matched_count == 1

    @patient
    def must_give_way(self, site: str, run_id: str) -> bool:
        """Whether another crawl waits for this one's claim."""
        query = {"_id": site, "claim.run_id": run_id, "claim.wanted": True}
        return self._collection.find_one(query, {"_id": 1}) is not None

    @patient
    def is_free(self, site: str, now: datetime) -> bool:
        """Whether nobody crawls the site."""
        document = self._collection.find_one({"_id": site}, {"claim": 1}) or {}
        claim = document.get("claim")
        return claim is None or claim["until"] <= moment(now) or Owner.from_json(claim).gone

    @patient
    def trust(self, site: str) -> dict[str, Distrust]:
        """By kind of page, what `set_trust` wrote."""
        document = self._collection.find_one({"_id": site}, {"trust": 1}) or {}
        return {
            name: Distrust(row["lies"], parse_exact(row["until"]), row["url"])
            for name, row in document.get("trust", {}).items()
        }

    @patient
    def set_trust(self, site: str, kind: str, trust: Distrust) -> None:
        row = storable({"lies": trust.lies, "until": exact(trust.until), "url": trust.url})
        self._collection.update_one({"_id": site}, {"$set": {f"trust.{kind}": row}}, upsert=True)


def free_all(collection: Collection[dict[str, Any]]) -> None:
    """Gives every site free, whoever had it."""
    collection.update_many({"claim": {"$ne": None}}, {"$set": {"claim": None}})


def _name(url: str) -> str:
    """A URL as the name of a field, which must have no dots in an update."""
    return hashlib.sha256(url.encode()).hexdigest()[:16]
