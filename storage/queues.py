"""What lies in the queues of the desk: reads the collection `articles`, without the texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from pymongo.collection import Collection

from news.article import Article, Status
from news.errors import InvalidValue
from news.review.review import Concern, Queue, Review
from news.review.states import tag_of
from storage.articles import ArticleFilter, counted, searchable
from storage.indexes import INDEXES
from storage.patience import Patience, patient
from storage.places import EVERYTHING, SHARES, place
from storage.values import moment, parse_exact, storable

_OF_QUEUE, _OF_SITES = (
    index.name for index in INDEXES if index.collection == "articles" and index.keys[0][0] == "review.places"
)
# The index of sites is read once for each of them, a row at a time from each; of more sites the queue itself is read.
_FEW = 30


# What a place can name beside a queue, by what selects most; of everything only the last three are listed.
_NAMES = ("documents", "tags", "to", "concern", "below")
_OF_ALL = _NAMES[2:]


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What of a queue (None: of everything); None means any. `sure`: a confidence that is not reached, one of
    storage.places.SHARES; `tag` and `document` in any case, with or without accents; `assigned` the name of a user."""

    queue: Queue | None = None
    sites: tuple[str, ...] | None = None
    concern: Concern | None = None
    tag: str | None = None
    document: str | None = None
    sure: float | None = None
    assigned: str | None = None

    def __post_init__(self) -> None:
        if self.sure is not None and self.sure not in SHARES:
            raise InvalidValue(f"sure = {self.sure} is unknown.", f"Use one of {', '.join(map(str, SHARES))}.")

    @property
    def by_weight(self) -> bool:
        """Whether what is most urgent comes first: of everything only where it is about what may be."""
        return self.queue is not None or any(name in _OF_ALL for name in self._facets())

    @property
    def index(self) -> str | None:
        """The index that has what is asked for in its order, where one has: the planner may take one that looks as good
        and sort a hundred thousand rows."""
        if not self.by_weight:
            return None
        return _OF_SITES if self.sites is not None and len(self.sites) <= _FEW else _OF_QUEUE

    def query(self) -> dict[str, Any]:
        """The filter as MongoDB reads it: what selects most is a part of the place, so that the index alone can count;
        the rest is looked up in the articles."""
        query, facets = ArticleFilter(self.sites).query(), self._facets()
        if self.by_weight:
            names = _NAMES if self.queue is not None else _OF_ALL
            name = next((name for name in names if name in facets), "")
            told = facets.pop(name).value if name else ""
            query["review.places"] = storable(place(str(self.queue or EVERYTHING), name, told))
        return query | {facet.field: facet.wanted for facet in facets.values()}

    def _facets(self) -> dict[str, _Facet]:
        """What is asked of an article beside queue and site, by the names of places."""
        facets = {}
        if self.document is not None:
            facets["documents"] = _Facet.of("documents", searchable(self.document))
        if self.tag is not None:
            facets["tags"] = _Facet.of("tags", searchable(self.tag))
        if self.assigned is not None:
            facets["to"] = _Facet.of("review.assigned", self.assigned)
        if self.concern is not None:
            facets["concern"] = _Facet.of("review.concerns", self.concern)
        if self.sure is not None:
            facets["below"] = _Facet("article.confidence", {"$lt": self.sure}, f"{self.sure:g}")
        return facets


class _Facet(NamedTuple):
    """One thing that is asked: the field that says it, what is wanted there, and its value in a place."""

    field: str
    wanted: Any
    value: str

    @classmethod
    def of(cls, field: str, value: str) -> _Facet:
        return cls(field, storable(str(value)), str(value))


@dataclass(frozen=True, slots=True)
class QueueRow:
    """What a queue shows of an article. `tag` is its state (news.review.states.state_tag), `place` where it stands
    there: the value to give as `after`."""

    id: str
    site: str
    title: str
    lead: str
    published: datetime | None
    first_seen: datetime
    status: Status
    tag: str
    confidence: float
    story: str
    review: Review
    place: str


class Queues:
    """The queues. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        self._collection = collection
        self._patience = patience

    @patient
    def page(self, filter: QueueFilter = QueueFilter(), limit: int = 50, after: str = "") -> list[QueueRow]:
        """The most urgent first, then the newest published (an undated one stands at its fetch time), then by id; where
        nothing is said that can be urgent (`QueueFilter.by_weight`), the newest first. Raises InvalidValue for an
        `after` that is no place."""
        query = filter.query()
        order = [("sort", -1), ("_id", 1)]
        if filter.by_weight:
            order.insert(0, ("review.weight", -1))
        if after:
            query |= _behind(after, by_weight=filter.by_weight)
        found = self._collection.find(query, _WANTED, hint=filter.index).sort(order).limit(limit).batch_size(limit)
        return [_row(document) for document in found]

    @patient
    def among(self, filter: QueueFilter, ids: Sequence[str]) -> list[QueueRow]:
        """Those of some articles that lie there, in the order of `ids`."""
        query = filter.query() | {"_id": {"$in": storable(list(ids))}}
        found = self._collection.find(query, _WANTED, hint="_id_").batch_size(len(ids) + 1)
        rows = {document["_id"]: _row(document) for document in found}
        return [rows[id] for id in dict.fromkeys(ids) if id in rows]

    @patient
    def counts(self, filter: QueueFilter = QueueFilter()) -> dict[str, int]:
        """How many lie in each queue, and under "all" in all; whatever the queue of the filter."""
        counts = {str(queue): self._count(replace(filter, queue=queue)) for queue in Queue}
        return counts | {EVERYTHING: self._count(replace(filter, queue=None))}

    def _count(self, filter: QueueFilter) -> int:
        query = filter.query()
        if filter.by_weight:
            index = _OF_QUEUE if filter.sites is None else _OF_SITES  # it need not be in order
            return self._collection.count_documents(query, hint=index)
        return counted(self._collection, query)


_WANTED = {
    "site": 1, "status": 1, "version": 1, "story": 1, "sort": 1, "review": 1, "exact.first_seen": 1,
    "article.title": 1, "article.lead": 1, "article.published": 1, "article.confidence": 1,
    "edit.waiting": 1,  # of few articles, and a part of their state
}  # fmt: skip


def _row(document: Mapping[str, Any]) -> QueueRow:
    article, story, status = document["article"], document["story"], Status(document["status"])
    waiting = (document.get("edit") or {}).get("waiting")
    return QueueRow(
        id=document["_id"],
        site=document["site"],
        title=article["title"],
        lead=article["lead"],
        published=parse_exact(article["published"]),
        first_seen=datetime.fromisoformat(document["exact"]["first_seen"]),
        status=status,
        tag=tag_of(document["version"], status, story, Article.from_json(waiting) if waiting else None),
        confidence=article["confidence"],
        story=story,
        review=Review.from_json(document["review"]),
        place=f"{document['review']['weight']}~{document['sort'].isoformat()}~{document['_id']}",
    )


def _behind(after: str, *, by_weight: bool) -> dict[str, Any]:
    weight, when, id = _parsed(after)
    later: list[dict[str, Any]] = [{"sort": {"$lt": when}}, {"sort": when, "_id": {"$gt": id}}]
    if not by_weight:
        return {"sort": {"$lte": when}, "$or": later}
    lighter = {"review.weight": {"$lt": weight}}
    return {"review.weight": {"$lte": weight}, "$or": [lighter, *({"review.weight": weight, **way} for way in later)]}


def _parsed(place: str) -> tuple[int, datetime, str]:
    weight, _, rest = place.partition("~")
    when, _, id = rest.partition("~")
    try:
        parsed = datetime.fromisoformat(when.replace(" ", "+"))
    except ValueError:
        parsed = None
    if not (weight.isascii() and weight.isdecimal() and len(weight) < 10) or not (parsed and parsed.tzinfo and id):
        raise InvalidValue(f"{place[:60]!r} is no place in the queue.", "Give what the page before gave.")
    return int(weight), moment(parsed), str(storable(id))
