"""The collection `renewals`: which sites are to be read again from their pages, for which rule, how far that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pymongo.collection import Collection

from news.review.renewals import Counts, RenewalRequest, RenewalState
from news.review.rules import SiteRule
from storage.owner import Owner
from storage.patience import Patience, patient
from storage.values import moment, optional_moment, storable

_OPEN = {"$in": [str(RenewalState.RUNNING), str(RenewalState.WAITING)]}


class Renewals:
    """The requests. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        self._collection = collection
        self._patience = patience

    @patient
    def open(self, asking: str) -> list[str]:
        """The sites with requests that nobody is at, the longest waiting first. Who died over one is not at it any
        more, nor is `asking` itself, by the run_id of its Owner."""
        found = self._collection.find({"state": _OPEN}, {"site": 1, "owner": 1}).sort([("at", 1), ("_id", 1)])
        rows = list(found)
        busy = {row["site"] for row in rows if _is_held(row["owner"], asking)}
        return [site for site in dict.fromkeys(row["site"] for row in rows) if site not in busy]

    @patient
    def begin(self, site: str, owner: Owner) -> list[RenewalRequest]:
        """Takes all open requests of a site on, as one: what `open` lists."""
        change = {"state": str(RenewalState.RUNNING), "owner": storable(owner.to_json())}
        self._collection.update_many({"site": storable(site), "state": _OPEN}, {"$set": change})
        wanted = {"site": storable(site), "state": str(RenewalState.RUNNING)}
        return [_parse(row) for row in self._collection.find(wanted).sort([("at", 1), ("_id", 1)])]

    @patient
    def some(self, ids: Iterable[str]) -> list[RenewalRequest]:
        """Those of these ids, the oldest first."""
        found = map(_parse, self._collection.find({"_id": {"$in": storable(list(ids))}}))
        return sorted(found, key=lambda request: (request.at, request.id))

    @patient
    def progress(self, ids: Iterable[str], counts: Counts, position: tuple[datetime, str] | None) -> None:
        """Stores how far the reading is; of requests that are over nothing is changed."""
        change = {"counts": asdict(counts), "position": _position(position)}
        wanted = {"_id": {"$in": list(ids)}, "state": str(RenewalState.RUNNING)}
        self._collection.update_many(wanted, {"$set": change})

    @patient
    def finish(self, ids: Iterable[str], state: RenewalState, at: datetime, error: str = "") -> None:
        """Ends requests. Done again it changes nothing."""
        change = {"state": str(state), "finished": moment(at), "error": storable(error)[:1000], "position": None}
        wanted = {"_id": {"$in": list(ids)}, "state": str(RenewalState.RUNNING)}
        self._collection.update_many(wanted, {"$set": change})

    @patient
    def again(self, site: str) -> int:
        """Lets the failed requests of a site wait anew; how many there were."""
        change = {"state": str(RenewalState.WAITING), "error": "", "finished": None, "owner": None}
        wanted = {"site": storable(site), "state": str(RenewalState.FAILED)}
        return self._collection.update_many(wanted, {"$set": change}).modified_count

    @patient
    def latest(self, rules: Iterable[str]) -> dict[str, RenewalRequest]:
        """By rule, its newest request."""
        found = self._collection.find({"rule": {"$in": storable(list(rules))}}).sort([("rule", 1), ("at", 1)])
        return {row["rule"]: _parse(row) for row in found}


def asked(rule: SiteRule, by: str, at: datetime, *, taught: bool) -> dict[str, Any]:
    """A new request, as it is stored."""
    document: dict[str, Any] = storable(
        {
            "_id": f"{rule.id}/{'taught' if taught else 'withdrawn'}",
            "site": rule.site,
            "rule": rule.id,
            "taught": taught,
            "by": by,
            "at": moment(at),
            "state": str(RenewalState.WAITING),
            "counts": asdict(Counts()),
            "error": "",
            "finished": None,
            "position": None,
            "owner": None,
        }
    )
    return document


def _is_held(owner: Mapping[str, Any] | None, asking: str) -> bool:
    return owner is not None and owner["run_id"] != asking and not Owner.from_json(dict(owner)).gone


def _position(position: tuple[datetime, str] | None) -> list[Any] | None:
    return [moment(position[0]), storable(position[1])] if position else None


def _parse(document: Mapping[str, Any]) -> RenewalRequest:
    position = document["position"]
    return RenewalRequest(
        id=document["_id"],
        site=document["site"],
        rule=document["rule"],
        taught=document["taught"],
        by=document["by"],
        at=document["at"],
        state=RenewalState(document["state"]),
        counts=Counts(**document["counts"]),
        error=document["error"],
        finished=optional_moment(document["finished"]),
        position=(position[0], position[1]) if position else None,
    )
