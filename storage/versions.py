"""The collection `versions`: what an article said before it was changed, who changed it, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from pymongo.collection import Collection

from news.article import Article, StoredArticle
from news.review.states import state_tag
from news.version import Version
from storage.articles import parse
from storage.articles import to_document as article_document
from storage.patience import Patience, patient
from storage.values import moment, storable

# What stood in the article's place once, as against what only waited beside it.
REPLACED: Mapping[str, Any] = {"passed": None}


class Passed(NamedTuple):
    """A text of the publisher that waited beside an editor's until `ended` (UTC) and never stood in its place; `key`
    tells it from the others of its article."""

    key: str
    article: Article
    ended: datetime


class Versions:
    """Replaced versions of articles. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        self._collection = collection
        self._patience = patience

    @patient
    def of(self, id: str) -> list[Version]:
        """The replaced versions of an article, oldest first, each under the article's own id."""
        found = self._collection.find({"article_id": storable(id), **REPLACED}).sort("version", 1)
        return [_parse(document) for document in found]

    @patient
    def latest(self, id: str, limit: int) -> list[Version]:
        """The replaced versions of an article, the last one first: a live report has hundreds."""
        found = self._collection.find({"article_id": storable(id), **REPLACED}).sort("version", -1).limit(limit)
        return [_parse(document) for document in found]

    @patient
    def get(self, id: str, version: int) -> Version | None:
        """A replaced version of an article."""
        document = self._collection.find_one({"article_id": storable(id), "version": version, **REPLACED})
        return _parse(document) if document else None

    @patient
    def passed_over(self, id: str, limit: int = 50) -> list[Passed]:
        """What the publisher wrote beside an editor's text and took back or wrote anew before anybody had settled it,
        the last first: it never stood there."""
        query = {"article_id": storable(id), "passed": {"$exists": True}}
        found = self._collection.find(query).sort("version", -1).limit(limit)
        passed = [
            Passed(row["_id"].rpartition("/")[2], Article.from_json(row["passed"]), row["ended"]) for row in found
        ]
        return sorted(passed, key=lambda one: one.ended, reverse=True)


def to_document(old: StoredArticle, ended: datetime, by: str, changed: Sequence[str]) -> dict[str, Any]:
    """A version that is replaced, as it is stored."""
    document = article_document(old)
    return document | {
        "_id": f"{document['_id']}/{old.version}",
        "article_id": document["_id"],
        "ended": moment(ended),
        "by": storable(by),
        "changed": list(changed),
    }


def passed_document(old: StoredArticle, ended: datetime) -> dict[str, Any]:
    """What waits beside an editor's text and is passed over, as it is stored."""
    assert old.edit is not None
    assert old.edit.waiting is not None
    passed: dict[str, Any] = storable(
        {
            "_id": f"{old.id}/{old.version}/{state_tag(old)}",  # another for each text that waits
            "article_id": old.id,
            "version": old.version,
            "ended": moment(ended),
            "passed": old.edit.waiting.to_json(),
        }
    )
    return passed


def _parse(document: dict[str, Any]) -> Version:
    stored = parse({**document, "_id": document["article_id"]})
    # What was kept before there were events was all changed by crawls.
    return Version(stored, document["ended"], document.get("by", "crawl"), tuple(document.get("changed", ())))
