"""Counting what is in the collection `articles`: by time and site off an index alone, by label among so many; and the
newest article of every site, by jumps from one to the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from pymongo.collection import Collection

from news.article import VIETNAM, Document, Precision, Status
from storage.articles import ArticleFilter, searchable
from storage.indexes import INDEXES
from storage.patience import Patience, patient
from storage.values import moment, parse_exact, storable

_ZONE = "+07:00"
_LAST = "\U0010ffff"  # sorts behind every label that begins alike


class Unit(StrEnum):
    """What articles are counted by: a day or an hour of Vietnam, or their site."""

    DAY = "day"
    HOUR = "hour"
    SITE = "site"


class Newest(NamedTuple):
    """The article of a site that was published last: `published` and `precision` as its page gave them, and `when` that
    was (where undated, when it was fetched), UTC."""

    site: str
    id: str
    title: str
    published: datetime | None
    precision: Precision | None
    when: datetime


class Labelled(NamedTuple):
    """What an article is about, in the words of its page, and when it was published (where undated, fetched), UTC."""

    section: str
    tags: tuple[str, ...]
    documents: tuple[Document, ...]
    when: datetime


class Tallies:
    """Reads the collection `articles`. Every operation waits for a MongoDB that is away (storage.patience). Where a
    filter names sites and statuses and nothing else but times, counting reads no article."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        self._collection = collection
        self._patience = patience

    @patient
    def newest(self) -> list[Newest]:
        """Of every site that has a published article, the newest, by site."""
        first = {
            "id": "$_id",
            "title": "$article.title",
            "published": "$article.published",
            "precision": "$article.published_precision",
            "when": "$sort",
        }
        # In this order MongoDB jumps in the index from site to site (DISTINCT_SCAN) instead of reading all of it.
        order = {"site": 1, "sort": -1, "_id": 1}
        group = {"_id": "$site", **{name: {"$first": field} for name, field in first.items()}}
        shown = {"status": str(Status.PUBLISHED)}
        found = self._collection.aggregate([{"$match": shown}, {"$sort": order}, {"$group": group}])
        return sorted(_newest(row) for row in found)

    @patient
    def count(self, filter: ArticleFilter, most: int) -> int:
        """How many articles match, `most` at the most."""
        return self._collection.count_documents(filter.query(), limit=most, **_by_index(filter))

    @patient
    def by(self, unit: Unit, filter: ArticleFilter) -> dict[str, int]:
        """How many articles match, by `unit`: "2026-03-01", "2026-03-01T08:00:00+07:00" or the id of a site."""
        key: Any = "$site"
        if unit is not Unit.SITE:
            format = "%Y-%m-%d" if unit is Unit.DAY else f"%Y-%m-%dT%H:00:00{_ZONE}"
            key = {"$dateToString": {"date": "$sort", "format": format, "timezone": _ZONE}}
        group = {"_id": key, "count": {"$sum": 1}}
        found = self._collection.aggregate([{"$match": filter.query()}, {"$group": group}], **_by_index(filter))
        return {row["_id"]: row["count"] for row in found}

    @patient
    def daily(self, since: datetime, site: str = "") -> dict[str, dict[date, int]]:
        """By site (or of one) and day of Vietnam, how many articles of whatever status were published from `since` on;
        undated ones count on the day on which they were fetched. Reads no article."""
        sites: Any = storable(site) if site else {"$gt": ""}
        day = {"$dateTrunc": {"date": "$sort", "unit": "day", "timezone": _ZONE}}
        steps: list[dict[str, Any]] = [
            {"$match": {"site": sites, "sort": {"$gte": moment(since)}}},
            {"$group": {"_id": {"site": "$site", "day": day}, "count": {"$sum": 1}}},
            {"$group": {"_id": "$_id.site", "days": {"$push": {"day": "$_id.day", "count": "$count"}}}},
        ]
        found = self._collection.aggregate(steps, hint=_BY_SITE)
        return {
            row["_id"]: {day["day"].astimezone(VIETNAM).date(): day["count"] for day in row["days"]} for row in found
        }

    @patient
    def bodies(self, site: str, limit: int) -> list[str]:
        """Where extraction found the body of each of the newest articles of a site, newest first."""
        wanted = {"_id": 0, "article.evidence.body": 1}
        found = self._collection.find({"site": storable(site)}, wanted).sort([("sort", -1), ("_id", 1)]).limit(limit)
        return [row["article"]["evidence"].get("body", "") for row in found.batch_size(limit)]

    @patient
    def labels(self, filter: ArticleFilter, limit: int) -> list[Labelled]:
        """What the newest articles are about, newest first."""
        found = self._collection.find(filter.query(), _LABELS).sort([("sort", -1), ("_id", 1)]).limit(limit)
        return [_labelled(row) for row in found.batch_size(limit)]

    @patient
    def naming(self, prefix: str, filter: ArticleFilter, limit: int) -> list[Labelled]:
        """What articles are about that name a legal document whose number begins so, in no order."""
        start = searchable(prefix)
        # Both ends hold for one and the same number, else the index is read up to the end; "$gt" says that it may be.
        numbers = {"$gt": "", "$elemMatch": {"$gte": start, "$lt": start + _LAST}}
        query = {**replace(filter, document=None).query(), "documents": numbers}
        found = self._collection.find(query, _LABELS).limit(limit).batch_size(limit)
        return [_labelled(row) for row in found]


_LABELS = {"_id": 0, "sort": 1, "article.section": 1, "article.tags": 1, "article.documents": 1}


def _by_index(filter: ArticleFilter) -> dict[str, Any]:
    """The index that has all of a filter, where one has: the planner may take one that looks as good and reads every
    article."""
    alone = filter.sites is not None and filter.statuses is not None
    more = filter.stories is not None or filter.section or filter.tag or filter.document
    return {"hint": _OF_SITES} if alone and not more else {}


def _index(*keys: tuple[str, int]) -> str:
    """The name of an index of articles that begins so."""
    return next(index.name for index in INDEXES if index.collection == "articles" and index.keys[: len(keys)] == keys)


_OF_SITES = _index(("status", 1), ("site", 1))
_BY_SITE = _index(("site", 1), ("sort", -1))


def _newest(row: dict[str, Any]) -> Newest:
    precision = Precision(row["precision"]) if row["precision"] else None
    return Newest(row["_id"], row["id"], row["title"], parse_exact(row["published"]), precision, row["when"])


def _labelled(row: dict[str, Any]) -> Labelled:
    article = row["article"]
    return Labelled(
        article["section"], tuple(article["tags"]), tuple(map(_document, article["documents"])), row["sort"]
    )


def _document(row: dict[str, Any]) -> Document:
    issued = row["issued"]
    return Document(row["number"], row["kind"], date.fromisoformat(issued) if issued else None, row.get("issuer", ""))
