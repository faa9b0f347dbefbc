"""What readers may see, at a glance: the newest article of every site, how many there are, and what the newest are
about. Each is one query over few entries of an index, however many articles are stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from pymongo.collection import Collection

from news.article import Document, Precision, Status
from storage.patience import Patience, patient
from storage.values import moment, parse_exact, storable

_SHOWN = {"status": str(Status.PUBLISHED)}


class Newest(NamedTuple):
    """The article of a site that was published last; `published` and `precision` as its page gave them."""

    site: str
    id: str
    title: str
    published: datetime | None
    precision: Precision | None


class Labels(NamedTuple):
    """What an article is about, in the words of its page."""

    section: str
    tags: tuple[str, ...]
    documents: tuple[Document, ...]


class Overview:
    """Reads the collection `articles`. Every operation waits for a MongoDB that is away (storage.patience)."""

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
        }
        # In this order MongoDB jumps in the index from site to site (DISTINCT_SCAN) instead of reading all of it.
        order = {"site": 1, "sort": -1, "_id": 1}
        group = {"_id": "$site", **{name: {"$first": field} for name, field in first.items()}}
        found = self._collection.aggregate([{"$match": _SHOWN}, {"$sort": order}, {"$group": group}])
        return sorted(_newest(row) for row in found)

    @patient
    def count_since(self, when: datetime, sites: Sequence[str]) -> dict[str, int]:
        """How many articles each of these sites has published at `when` or later; those without any are missing."""
        wanted = {**_SHOWN, "site": {"$in": storable(list(sites))}, "sort": {"$gte": moment(when)}}
        found = self._collection.aggregate([{"$match": wanted}, {"$group": {"_id": "$site", "count": {"$sum": 1}}}])
        return {row["_id"]: row["count"] for row in found}

    @patient
    def labels(self, limit: int) -> list[Labels]:
        """What the newest published articles are about, the newest first."""
        wanted = {"_id": 0, "article.section": 1, "article.tags": 1, "article.documents": 1}
        found = self._collection.find(_SHOWN, wanted).sort([("sort", -1), ("_id", 1)]).limit(limit).batch_size(limit)
        return [_labels(row["article"]) for row in found]


def _newest(row: dict[str, Any]) -> Newest:
    precision = row["precision"]
    return Newest(
        row["_id"], row["id"], row["title"], parse_exact(row["published"]), Precision(precision) if precision else None
    )


def _labels(article: dict[str, Any]) -> Labels:
    return Labels(article["section"], tuple(article["tags"]), tuple(_document(row) for row in article["documents"]))


def _document(row: dict[str, Any]) -> Document:
    issued = row["issued"]
    return Document(row["number"], row["kind"], date.fromisoformat(issued) if issued else None, row.get("issuer", ""))
