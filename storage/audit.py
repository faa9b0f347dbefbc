"""The collection `audit`: the trail of what users did, each entry written in the transaction of what it tells (see
storage.journal) under the number of its first event, with what an undo needs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pymongo
from pymongo.collection import Collection
from pymongo.errors import ExecutionTimeout, NetworkTimeout

from news.article import Status
from news.clean.text import unaccented
from news.errors import InvalidValue
from news.event import number_of
from news.review.figures import Figures, Step, figures
from news.review.record import Action, Record
from news.review.review import Review
from storage.patience import Patience, patient
from storage.values import moment, storable

# Words stand in no index: entries are read until enough have them, some 500,000 a second.
_LONGEST = 5.0  # seconds


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """Which entries; None and "" mean any. `article` also finds what was done with its whole story; of `words` each has
    to stand in title, detail, user or site, in any case, with or without accents. `since` and before `until`."""

    article: str = ""
    by: str = ""
    action: Action | None = None
    site: str = ""
    since: datetime | None = None
    until: datetime | None = None
    words: str = ""

    def query(self) -> dict[str, Any]:
        """The filter as MongoDB reads it."""
        named = {"articles": self.article, "by": self.by, "action": str(self.action or ""), "site": self.site}
        query: dict[str, Any] = {name: storable(value) for name, value in named.items() if value}
        bounds = {"$gte": self.since, "$lt": self.until}
        if when := {bound: moment(value) for bound, value in bounds.items() if value is not None}:
            query["at"] = when
        if words := _folded(self.words).split():
            query["$and"] = [{"said": {"$regex": re.escape(word)}} for word in words]
        return query


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry with what an undo needs: `last` is the number of its last event; `before` and `after` are the documents
    of the stories it changed, None where there was or is none, and `told` which story each article had before."""

    record: Record
    last: int
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    told: Mapping[str, str] = field(default_factory=dict)


class Audit:
    """The trail. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        self._collection = collection
        self._patience = patience

    @patient
    def find(self, filter: TrailFilter = TrailFilter(), limit: int = 50, before: str = "") -> list[Record]:
        """Newest first. `before` is the id of the last entry seen. Raises InvalidValue for what is no id, and for words
        that stand in too few entries to be found in some seconds."""
        query = filter.query()
        if before:
            last = self._collection.find_one({"_id": _number(before)}, {"at": 1})
            if last is None:
                raise InvalidValue(f"There is no entry {before!r} in the trail.", "Give the id of one.")
            ways: list[dict[str, Any]] = [{"at": {"$lt": last["at"]}}, {"_id": {"$lt": last["_id"]}}]
            query["at"] = {**query.get("at", {}), "$lte": last["at"]}
            query["$or"] = ways
        found = self._collection.find(query).sort([("at", -1), ("_id", -1)]).limit(limit).batch_size(limit)
        try:
            # In this way, for max_time_ms gives way to a limit of the client (storage.connect).
            with pymongo.timeout(_LONGEST if filter.words else None):
                return [parse(document).record for document in found]
        except (ExecutionTimeout, NetworkTimeout):
            if not filter.words:
                raise
            raise InvalidValue(
                f"words = {filter.words[:60]!r}: too many entries would have to be read.",
                "Name days, a user or a site as well.",
            ) from None

    @patient
    def get(self, id: str) -> Record | None:
        document = self._collection.find_one({"_id": _number(id)})
        return parse(document).record if document else None

    @patient
    def figures(self, since: datetime, until: datetime) -> list[Figures]:
        """What each user did since then and before `until`, by name."""
        query = {"at": {"$gte": moment(since), "$lt": moment(until)}}
        wanted = {"by": 1, "at": 1, "action": 1, "undone": 1}
        found = self._collection.find(query, wanted).sort([("at", -1), ("_id", -1)])
        return figures([Step(row["by"], row["at"], Action(row["action"]), row["undone"]) for row in found])


def _number(id: str) -> int:
    try:
        return number_of(id)
    except InvalidValue:
        raise InvalidValue(f"{id[:40]!r} is no entry of the trail.", "Give the id of one.") from None


def to_document(kept: Kept, articles: Sequence[str]) -> dict[str, Any]:
    """An entry as it is stored; `articles` are all that it concerns."""
    record = kept.record
    document: dict[str, Any] = storable(
        {
            "_id": int(record.id),
            "at": moment(record.at),
            "by": record.by,
            "action": str(record.action),
            "article_id": record.article_id,
            "articles": list(articles),
            "site": record.site,
            "title": record.title,
            "before": record.before and str(record.before),
            "after": record.after and str(record.after),
            "versions": list(record.versions),
            "detail": record.detail,
            "review": record.review.to_json(),
            "stories": list(record.stories),
            "undone": record.undone,
            "said": _folded(f"{record.title}\n{record.detail}\n{record.by}\n{record.site}"),
            "last": kept.last,
            # As lists of pairs: ids are data, and no names of fields.
            "kept": {
                "before": [[id, story] for id, story in kept.before.items()],
                "after": [[id, story] for id, story in kept.after.items()],
                "told": [[id, story] for id, story in kept.told.items()],
            },
        }
    )
    return document


def parse(document: Mapping[str, Any]) -> Kept:
    """What `to_document` wrote."""
    before, after = document["before"], document["after"]
    record = Record(
        id=str(document["_id"]),
        at=document["at"],
        by=document["by"],
        action=Action(document["action"]),
        article_id=document["article_id"],
        site=document["site"],
        title=document["title"],
        before=Status(before) if before else None,
        after=Status(after) if after else None,
        versions=(document["versions"][0], document["versions"][1]),
        detail=document["detail"],
        event=document["_id"],
        review=Review.from_json(document["review"]),
        stories=tuple(document["stories"]),
        undone=document["undone"],
    )
    kept = document["kept"]
    return Kept(record, document["last"], dict(kept["before"]), dict(kept["after"]), dict(kept["told"]))


def _folded(text: str) -> str:
    return str(storable(unaccented(text)))
