"""The collection `versions`: what an article said before it was changed, who changed it, and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pymongo.collection import Collection

from news.article import StoredArticle
from news.version import Version
from storage.articles import parse
from storage.articles import to_document as article_document
from storage.patience import Patience, patient
from storage.values import moment, storable


class Versions:
    """Replaced versions of articles. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        self._collection = collection
        self._patience = patience

    @patient
    def of(self, id: str) -> list[Version]:
        """The replaced versions of an article, oldest first, each under the article's own id."""
        found = self._collection.find({"article_id": storable(id)}).sort("version", 1)
        return [_parse(document) for document in found]


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


def _parse(document: dict[str, Any]) -> Version:
    stored = parse({**document, "_id": document["article_id"]})
    # What was kept before there were events was all changed by crawls.
    return Version(stored, document["ended"], document.get("by", "crawl"), tuple(document.get("changed", ())))
