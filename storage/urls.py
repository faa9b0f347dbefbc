"""The collection `urls`: what is known of every URL: state, validators, when to look again, why it gave nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from pymongo import UpdateOne
from pymongo.collection import Collection

from news.article import Via
from news.errors import Reason
from storage.patience import Patience, patient
from storage.values import exact, moment, optional_moment, parse_exact, storable


class UrlState(StrEnum):
    """What became of a URL."""

    FOUND = "found"  # announced, not fetched yet
    STORED = "stored"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    FAILED = "failed"  # to be tried again at next_check
    SOURCE = "source"  # a feed, sitemap or listing: kept for its validators


_EACH = 1000
_BARREN = [("reason", 1), ("site", 1), ("found", -1), ("_id", 1)]
_CHECKED_AGAIN = (UrlState.FAILED, UrlState.STORED, UrlState.DUPLICATE, UrlState.REJECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlRow:
    """One URL. `key` is its identity (news.urls.identity).

    `found`, `fetched` and `next_check` are our own clock's and end at milliseconds, in UTC; `modified` is what the
    source said, to the letter. `attempts` counts failures in a row; `record` keeps that count. `gone` is when an
    article's page was first found missing, None while it is there. `named`: the kinds of sources that were seen to name
    it; `record` only adds to them, and keeps a date of publication.
    """

    key: str
    url: str
    site: str
    found: datetime
    state: UrlState = UrlState.FOUND
    reason: Reason | None = None
    article_id: str = ""
    etag: str = ""
    last_modified: str = ""
    fetched: datetime | None = None
    modified: datetime | None = None
    next_check: datetime | None = None
    attempts: int = 0
    via: Via | None = None
    title: str = ""
    published: datetime | None = None
    section: str = ""
    detail: str = ""
    gone: datetime | None = None
    named: tuple[Via, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "found", moment(self.found))
        object.__setattr__(self, "fetched", optional_moment(self.fetched))
        object.__setattr__(self, "next_check", optional_moment(self.next_check))
        object.__setattr__(self, "gone", optional_moment(self.gone))


class Urls:
    """The known URLs. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        self._collection = collection
        self._patience = patience

    @patient
    def found(self, rows: Sequence[UrlRow]) -> None:
        """Adds what is new in one bulk write; a URL that is known stays as it is."""
        writes = []
        for row in rows:
            document = _to_document(row)
            writes.append(UpdateOne({"_id": document.pop("_id")}, {"$setOnInsert": document}, upsert=True))
        if writes:
            self._collection.bulk_write(writes, ordered=False)

    @patient
    def known(self, keys: Sequence[str]) -> dict[str, UrlRow]:
        """What is known of these URLs by key, in one round trip; the unknown are missing."""
        found = self._collection.find({"_id": {"$in": storable(list(keys))}}).batch_size(len(keys) + 1)
        return {document["_id"]: _parse(document) for document in found}

    @patient
    def waiting(self, site: str, now: datetime, limit: int) -> list[UrlRow]:
        """What is to be fetched, longest due first: every found URL, and of the others, sources aside, those whose
        `next_check` has come."""
        again = {"site": site, "state": {"$in": list(_CHECKED_AGAIN)}, "due": {"$lte": moment(now)}}
        query = {"$or": [{"site": site, "state": UrlState.FOUND}, again]}
        due = self._collection.find(query).sort("due", 1).limit(limit).batch_size(limit)
        return [_parse(document) for document in due]

    @patient
    def queue(self, sites: Sequence[str], now: datetime) -> dict[str, tuple[int, int]]:
        """By site, how many URLs wait to be fetched for the first time, and how many are due to be looked at again;
        sites for which nothing waits are missing."""
        of = {"site": {"$in": [storable(site) for site in sites]}}
        first = self._counted({**of, "state": UrlState.FOUND})
        again = self._counted({**of, "state": {"$in": list(_CHECKED_AGAIN)}, "due": {"$lte": moment(now)}})
        return {site: (first.get(site, 0), again.get(site, 0)) for site in first.keys() | again.keys()}

    def _counted(self, query: dict[str, Any]) -> dict[str, int]:
        # Off the index alone: what waits is counted, not what is known.
        pipeline = [{"$match": query}, {"$group": {"_id": "$site", "count": {"$sum": 1}}}]
        rows = self._collection.aggregate(pipeline, hint="site_1_state_1_due_1")
        return {row["_id"]: row["count"] for row in rows}

    @patient
    def record(self, rows: Sequence[UrlRow]) -> None:
        """Writes what became of URLs in one bulk write. The time when a URL was found stays; a failure counts one
        attempt more, once for each `fetched`, so that a repeated write does not count twice."""
        writes = [UpdateOne({"_id": storable(row.key)}, [_outcome(row)], upsert=True) for row in rows]
        if writes:
            self._collection.bulk_write(writes, ordered=True)

    @patient
    def look_again(self, keys: Sequence[str], when: datetime) -> None:
        """Lets these URLs be fetched again at `when`; of those nobody knows nothing is made."""
        due = {"next_check": moment(when), "due": moment(when)}
        self._collection.update_many({"_id": {"$in": storable(list(keys))}}, {"$set": due})

    @patient
    def get(self, key: str) -> UrlRow | None:
        document = self._collection.find_one({"_id": storable(key)})
        return _parse(document) if document else None

    @patient
    def with_queries(self, site: str, limit: int) -> list[tuple[str, str]]:
        """The URLs of a site that have a query and led to an article, with its id, latest fetched first: what
        news.dedupe.parameters learns from."""
        query = {"site": storable(site), "teaches": True}
        found = self._collection.find(query, {"url": 1, "article_id": 1})
        rows = found.sort("fetched", -1).limit(limit).batch_size(limit)
        return [(document["url"], document["article_id"]) for document in rows]

    @patient
    def name(self, rows: Sequence[UrlRow]) -> None:
        """Adds to known URLs that the `via` of these rows names them, and when it says they were published."""
        writes = []
        for row in rows:
            published = {"$ifNull": ["$published", {"$literal": exact(row.published)}, None]}
            change = {"named": _also(*([str(row.via)] if row.via else [])), "published": published}
            writes.append(UpdateOne({"_id": storable(row.key)}, [{"$set": change}]))
        if writes:
            self._collection.bulk_write(writes, ordered=False)

    def each(self, site: str) -> Iterator[UrlRow]:
        """All URLs of a site, in the order of their keys. What is added meanwhile may or may not be among them."""
        batch = self._after(site, "")
        while batch:
            yield from batch
            batch = self._after(site, batch[-1].key)

    @patient
    def _after(self, site: str, key: str) -> list[UrlRow]:
        query = {"site": storable(site), "_id": {"$gt": key}}
        # Among few rows the planner would go through those of all sites.
        found = self._collection.find(query).hint([("site", 1), ("_id", 1)]).sort("_id", 1)
        return [_parse(row) for row in found.limit(_EACH).batch_size(_EACH)]

    @patient
    def articles(self, site: str, limit: int) -> list[str]:
        """Addresses that led to articles of a site."""
        query = {"site": storable(site), "state": UrlState.STORED}
        return [row["url"] for row in self._collection.find(query, {"url": 1}).limit(limit).batch_size(limit)]

    @patient
    def barren(self, site: str, reason: Reason, limit: int, before: tuple[datetime, str] | None = None) -> list[UrlRow]:
        """The URLs of a site that gave nothing for a reason, those found last first; `before` is when the last one seen
        was found, and its key."""
        query: dict[str, Any] = {"site": storable(site), "reason": str(reason)}
        if before is not None:
            when, key = moment(before[0]), storable(before[1])
            query["found"] = {"$lte": when}
            query["$or"] = [{"found": {"$lt": when}}, {"found": when, "_id": {"$gt": key}}]
        found = self._collection.find(query).hint(_BARREN).sort(_BARREN[2:])
        return [_parse(document) for document in found.limit(limit).batch_size(limit)]

    @patient
    def reasons(self, site: str | None = None) -> dict[str, int]:
        """How many URLs gave nothing for which reason, commonest first."""
        match: dict[str, Any] = {"reason": {"$gt": ""}} | ({} if site is None else {"site": site})
        rows = self._collection.aggregate([{"$match": match}, {"$sortByCount": "$reason"}])
        return {row["_id"]: row["count"] for row in rows}


def _outcome(row: UrlRow) -> dict[str, Any]:
    document = _to_document(row)
    kept: dict[str, Any] = {
        "found": {"$ifNull": ["$found", document["found"]]},
        "published": {"$ifNull": [{"$literal": document["published"]}, "$published", None]},
        "named": _also(*document["named"]),
    }
    if row.state is UrlState.FOUND:
        kept["due"] = kept["found"]
    if row.state is UrlState.FAILED:
        before = {"$ifNull": ["$attempts", 0]}
        repeated = {"$and": [{"$eq": ["$state", "failed"]}, {"$eq": ["$fetched", {"$literal": document["fetched"]}]}]}
        one_more = {"$add": [before, 1]}
        kept["attempts"] = one_more if row.fetched is None else {"$cond": [repeated, before, one_more]}
    return {"$replaceWith": {"$mergeObjects": [{"$literal": document}, kept]}}


def _also(*names: str) -> dict[str, Any]:
    return {"$setUnion": [{"$ifNull": ["$named", []]}, {"$literal": list(names)}]}


def _to_document(row: UrlRow) -> dict[str, Any]:
    document: dict[str, Any] = storable(
        {
            "_id": row.key,
            "url": row.url,
            "site": row.site,
            "state": str(row.state),
            "reason": row.reason and str(row.reason),
            "article_id": row.article_id,
            "etag": row.etag,
            "last_modified": row.last_modified,
            "found": row.found,
            "fetched": row.fetched,
            "modified": exact(row.modified),
            "next_check": row.next_check,
            # What `waiting` goes by: a URL that was only found has been due since then.
            "due": row.found if row.state is UrlState.FOUND else row.next_check,
            "attempts": row.attempts,
            "via": row.via and str(row.via),
            "title": row.title,
            "published": exact(row.published),
            "section": row.section,
            "detail": row.detail,
            "gone": row.gone,
            "named": [str(via) for via in row.named],
            # What `with_queries` goes by.
            "teaches": bool(row.article_id) and "?" in row.url,
        }
    )
    return document


def _parse(document: Mapping[str, Any]) -> UrlRow:
    return UrlRow(
        key=document["_id"],
        url=document["url"],
        site=document["site"],
        found=document["found"],
        state=UrlState(document["state"]),
        reason=Reason(document["reason"]) if document["reason"] else None,
        article_id=document["article_id"],
        etag=document["etag"],
        last_modified=document["last_modified"],
        fetched=document["fetched"],
        modified=parse_exact(document["modified"]),
        next_check=document["next_check"],
        attempts=document["attempts"],
        via=Via(document["via"]) if document["via"] else None,
        title=document["title"],
        published=parse_exact(document["published"]),
        section=document["section"],
        detail=document["detail"],
        gone=document.get("gone"),
        named=tuple(Via(name) for name in document.get("named", ())),
    )
