"""The collection `articles`: the current version of every article, found by URL key, fingerprint, story and time.

An article's own values are kept as `Article.to_json` gives them, dates as text, so that +07:00 survives; what is
queried stands beside them, dates as BSON dates in UTC.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from news.article import Article, Edit, Precision, Related, Status, StoredArticle
from news.clean.text import unaccented
from news.review.review import Review
from storage.conflicts import AlreadyStored
from storage.patience import Patience, patient
from storage.places import review_fields
from storage.values import moment, optional_moment, storable

_BATCH = 1000
_LARGE = 16_000_000  # letters of articles that are held at once; most are some thousand


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Which articles; None means any. `since` and before `until`: published then (where the page gave no date,
    fetched). `section`, `tag` and `document` (the number of a legal document) in any case, with or without accents."""

    sites: tuple[str, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None
    statuses: tuple[Status, ...] | None = None
    stories: tuple[str, ...] | None = None
    section: str | None = None
    tag: str | None = None
    document: str | None = None

    def query(self) -> dict[str, Any]:
        """The filter as MongoDB reads it."""
        several = {"site": self.sites, "status": self.statuses, "story": self.stories}
        query: dict[str, Any] = {name: _one_of(values) for name, values in several.items() if values is not None}
        folded = {"section": self.section, "tags": self.tag, "documents": self.document}
        query |= {name: searchable(value) for name, value in folded.items() if value is not None}
        bounds = {"$gte": self.since, "$lt": self.until}
        if when := {bound: moment(value) for bound, value in bounds.items() if value is not None}:
            query["sort"] = when
        return query

    def allows(self, stored: StoredArticle) -> bool:
        """Whether the article is one of these, whatever the store says."""
        article, when = stored.article, place(stored)[0]
        return (
            (self.sites is None or article.site in self.sites)
            and (self.statuses is None or stored.status in self.statuses)
            and (self.stories is None or stored.story in self.stories)
            and (self.since is None or when >= self.since)
            and (self.until is None or when < self.until)
            and (self.section is None or searchable(article.section) == searchable(self.section))
            and (self.tag is None or searchable(self.tag) in labels(article)["tags"])
            and (self.document is None or searchable(self.document) in labels(article)["documents"])
        )


class Changed(NamedTuple):
    """An article and the number of the event that changed last what its readers see: of itself, or which article
    stands for its story."""

    stored: StoredArticle
    event: int


class Articles:
    """The stored articles. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        self._collection = collection
        self._patience = patience

    @patient
    def known(self, keys: Sequence[str], fingerprint: str) -> list[StoredArticle]:
        """The articles known by any of `keys`, or with this fingerprint on any site, in one round trip, by id.

        An empty fingerprint matches nothing.
        """
        ways: list[dict[str, Any]] = [{"keys": {"$in": storable(list(keys))}}]
        if fingerprint:
            ways.append({"fingerprint": storable(fingerprint)})
        found = self._collection.find({"$or": ways} if len(ways) > 1 else ways[0])
        return sorted((parse(document) for document in found), key=lambda stored: stored.id)

    @patient
    def add_aliases(self, id: str, keys: Sequence[str], aliases: Sequence[str], fetched: datetime) -> None:
        """Makes the article known by more URLs; what it has already is not added again. `fetched` never goes back.

        Raises AlreadyStored where another article has one of the keys.
        """
        when = moment(fetched)
        later = {"$gt": [when, "$fetched"]}
        change = {
            "keys": _union("$keys", keys),
            "aliases": _union("$aliases", aliases),
            "fetched": {"$max": ["$fetched", when]},
            "exact.fetched": {"$cond": [later, {"$literal": fetched.isoformat()}, "$exact.fetched"]},
            # An article without a date of its own stands at the time it was fetched.
            "sort": {"$ifNull": ["$published", {"$max": ["$fetched", when]}]},
        }
        try:
            self._collection.update_one({"_id": storable(id)}, [{"$set": change}])
        except DuplicateKeyError as error:
            raise AlreadyStored(f"One of the keys {list(keys)} belongs to another article than {id}.") from error

    @patient
    def move(self, id: str, key: str, url: str) -> None:
        """Makes one of an article's keys the first, under which it is looked at again, and `url` its address; the one
        it had becomes an alias."""
        front = {"$filter": {"input": "$keys", "cond": {"$ne": ["$$this", {"$literal": storable(key)}]}}}
        others = {"$filter": {"input": "$aliases", "cond": {"$ne": ["$$this", {"$literal": storable(url)}]}}}
        change = {
            "keys": {"$concatArrays": [[{"$literal": storable(key)}], front]},
            "aliases": {"$cond": [_is(url), others, {"$concatArrays": [others, ["$article.url"]]}]},
            "article.url": {"$literal": storable(url)},
        }
        self._collection.update_one({"_id": storable(id), "keys": storable(key)}, [{"$set": change}])

    @patient
    def get(self, id: str) -> StoredArticle | None:
        document = self._collection.find_one({"_id": storable(id)})
        return parse(document) if document else None

    @patient
    def some(self, ids: Sequence[str]) -> list[StoredArticle]:
        """These articles, in the order of `ids`; those that are not there are left out."""
        found = {row["_id"]: row for row in self._collection.find({"_id": {"$in": storable(list(ids))}})}
        return [parse(found[id]) for id in dict.fromkeys(ids) if id in found]

    @patient
    def as_changed(self, ids: Sequence[str], events: tuple[int, int] = (0, 0)) -> list[Changed]:
        """These articles, and all that changed last for readers by one of the events behind the first number up to the
        second; in no order."""
        ways: list[dict[str, Any]] = [{"_id": {"$in": storable(list(ids))}}]
        if events[1] > events[0]:
            ways.append({"event": {"$gt": events[0], "$lte": events[1]}})
        found = self._collection.find({"$or": ways} if len(ways) > 1 else ways[0])
        return [Changed(parse(document), document["event"]) for document in found]

    @patient
    def by_url(self, url_key: str) -> StoredArticle | None:
        """The article that is known by this URL identity (news.urls.identity)."""
        document = self._collection.find_one({"keys": storable(url_key)})
        return parse(document) if document else None

    @patient
    def find(
        self, filter: ArticleFilter = ArticleFilter(), limit: int = 50, after: tuple[datetime, str] | None = None
    ) -> list[StoredArticle]:
        """Newest published first (an undated one stands at its fetch time), then by id.

        `after` is the `place` of the last article seen; a page that starts there repeats and skips nothing, whatever
        was stored meanwhile.
        """
        query = filter.query()
        if after is not None:
            when, id = moment(after[0]), storable(after[1])
            query["sort"] = {**query.get("sort", {}), "$lte": when}
            query["$or"] = [{"sort": {"$lt": when}}, {"_id": {"$gt": id}}]
        found = self._collection.find(query).sort([("sort", -1), ("_id", 1)]).limit(limit).batch_size(limit)
        return [parse(document) for document in found]

    @patient
    def changed(
        self, filter: ArticleFilter = ArticleFilter(), limit: int = 50, before: tuple[int, str] | None = None
    ) -> list[Changed]:
        """What changed for readers last comes first, then by id. `before` is event and id of the last one seen: what
        changes meanwhile comes to stand before it, and nothing behind it is skipped."""
        query = filter.query()
        if before is not None:
            event, id = before
            query["event"] = {"$lte": event}
            query["$or"] = [{"event": {"$lt": event}}, {"_id": {"$gt": storable(id)}}]
        found = self._collection.find(query).sort([("event", -1), ("_id", 1)]).limit(limit).batch_size(limit)
        return [Changed(parse(document), document["event"]) for document in found]

    @patient
    def changed_after(self, filter: ArticleFilter, limit: int, after: tuple[int, str]) -> list[Changed]:
        """`changed` read backwards: what changed for readers first comes first, then by id, the last one first. `after`
        is event and id of the last one seen ((n, ""): all behind event n); what changes meanwhile comes to stand behind
        it, so that whoever reads until there is none has met everything that was there at the beginning. Fewer than
        `limit` where they are so large that memory must be spared."""
        event, id = after
        query = {
            **filter.query(),
            "event": {"$gte": event},
            "$or": [{"event": {"$gt": event}}, {"_id": {"$lt": storable(id)}}],
        }
        found: list[Changed] = []
        size = 0
        with self._collection.find(query).sort([("event", 1), ("_id", -1)]).limit(limit).batch_size(limit) as cursor:
            for document in cursor:
                found.append(Changed(parse(document), document["event"]))
                size += len(document["article"]["body"]) + len(document["article"]["html"])
                if size > _LARGE:
                    break
        return found

    @patient
    def of_stories(self, stories: Sequence[str], filter: ArticleFilter = ArticleFilter()) -> list[Changed]:
        """The articles of these stories, in no order."""
        query = {**filter.query(), "story": {"$in": storable(list(stories))}}
        return [Changed(parse(document), document["event"]) for document in self._collection.find(query)]

    @patient
    def count(self, filter: ArticleFilter = ArticleFilter()) -> int:
        return counted(self._collection, filter.query())

    @patient
    def published_dates(self, site: str, since: datetime) -> list[tuple[datetime, bool]]:
        """When the site's articles that state a date of `since` or later were published, oldest first, in UTC, and
        whether the page stated more than a day."""
        query = {"site": storable(site), "sort": {"$gte": moment(since)}}
        wanted = {"_id": 0, "published": 1, "article.published_precision": 1}
        found = self._collection.find(query, wanted).sort([("sort", 1), ("_id", -1)])
        return [
            (row["published"], row["article"].get("published_precision") != Precision.DAY)
            for row in found
            if row["published"] is not None
        ]

    @patient
    def sites(self) -> list[str]:
        """The ids of the sites of which there are articles, in order."""
        return sorted(self._collection.distinct("site"))

    def ids(self, site: str | None = None) -> Iterator[str]:
        """The ids of all articles (of one site) in order. Articles stored meanwhile may or may not be among them."""
        batch = self._ids_after("", site)
        while batch:
            yield from batch
            batch = self._ids_after(batch[-1], site)

    @patient
    def _ids_after(self, id: str, site: str | None) -> list[str]:
        query: dict[str, Any] = {"_id": {"$gt": id}} | ({} if site is None else {"site": site})
        found = self._collection.find(query, {"_id": 1}).sort("_id", 1).limit(_BATCH).batch_size(_BATCH)
        return [document["_id"] for document in found]


def counted(collection: Collection[dict[str, Any]], query: Mapping[str, Any]) -> int:
    """How many articles a query finds."""
    # Without a condition there is no index to choose, and the quick estimate is wrong after a crash.
    return collection.count_documents(query) if query else collection.count_documents({}, hint="_id_")


def place(stored: StoredArticle) -> tuple[datetime, str]:
    """Where an article stands in `find`: the value to give as `after`."""
    return stored.article.published or stored.fetched, stored.id


def lags(collection: Collection[dict[str, Any]], ids: Sequence[str]) -> list[tuple[str, timedelta]]:
    """By site, how long after publication each of these was stored, of those whose page tells the minute."""
    wanted = {"_id": 0, "site": 1, "first_seen": 1, "published": 1, "article.published_precision": 1}
    found = collection.find({"_id": {"$in": list(ids)}, "published": {"$ne": None}}, wanted)
    return [
        (row["site"], row["first_seen"] - row["published"])
        for row in found.batch_size(len(ids) + 1)
        if row["article"].get("published_precision") != Precision.DAY
    ]


def to_document(stored: StoredArticle) -> dict[str, Any]:
    """The article as it is stored. `exact` holds the store's own times in full; a BSON date ends at milliseconds."""
    found_by = labels(stored.article)
    document: dict[str, Any] = storable(
        {
            "_id": stored.id,
            "site": stored.article.site,
            "keys": stored.keys,
            "aliases": stored.aliases,
            "fingerprint": stored.fingerprint,
            "story": stored.story,
            "status": str(stored.status),
            "version": stored.version,
            "first_seen": moment(stored.first_seen),
            "fetched": moment(stored.fetched),
            "published": optional_moment(stored.article.published),
            "sort": moment(place(stored)[0]),
            **found_by,
            "related": [related._asdict() for related in stored.related],
            "edit": stored.edit and stored.edit.to_json(),
            "review": review_fields(stored, found_by),
            "exact": {"first_seen": stored.first_seen.isoformat(), "fetched": stored.fetched.isoformat()},
            "article": stored.article.to_json(),
        }
    )
    return document


def touched(event: int) -> dict[str, Any]:
    """What is set in an article when its readers come to see it otherwise: the number of the event that tells it."""
    return {"event": event}


def labels(article: Article) -> dict[str, Any]:
    """What an article is found by beside its text, each as `searchable` spells it."""
    return {
        "section": searchable(article.section),
        "tags": sorted({searchable(tag) for tag in article.tags} - {""}),
        "documents": sorted({searchable(document.number) for document in article.documents} - {""}),
    }


def searchable(label: str) -> str:
    """A label as it is looked for: small letters without accents, no longer than an index entry may sensibly be."""
    return str(storable(unaccented(label)[:200]))


def parse(document: Mapping[str, Any]) -> StoredArticle:
    """What `to_document` wrote."""
    return StoredArticle(
        id=document["_id"],
        article=Article.from_json(document["article"]),
        keys=tuple(document["keys"]),
        aliases=tuple(document["aliases"]),
        fingerprint=document["fingerprint"],
        story=document["story"],
        status=Status(document["status"]),
        version=document["version"],
        first_seen=datetime.fromisoformat(document["exact"]["first_seen"]),
        fetched=datetime.fromisoformat(document["exact"]["fetched"]),
        # What was stored before there were relations and edits has none.
        related=tuple(Related(**row) for row in document.get("related", ())),
        edit=Edit.from_json(document["edit"]) if document.get("edit") else None,
        review=Review.from_json(document["review"]) if document.get("review") else Review(),
    )


def _union(field: str, values: Sequence[str]) -> dict[str, Any]:
    """The list and what of `values` is new to it, in order; $setUnion would shuffle."""
    fresh = {"$filter": {"input": {"$literal": storable(list(dict.fromkeys(values)))}, "cond": _not_in(field)}}
    return {"$concatArrays": [field, fresh]}


def _one_of(values: Sequence[str]) -> Any:
    stored = [storable(str(value)) for value in values]
    return stored[0] if len(stored) == 1 else {"$in": stored}


def _is(url: str) -> dict[str, Any]:
    return {"$eq": ["$article.url", {"$literal": storable(url)}]}


def _not_in(field: str) -> dict[str, Any]:
    return {"$not": [{"$in": ["$$this", field]}]}
