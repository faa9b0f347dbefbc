"""The collection `versions`: what an article said before it was changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pymongo import WriteConcern
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from news.article import StoredArticle
from storage.articles import parse, to_document
from storage.patience import Patience, patient
from storage.values import moment, storable


class Versions:
    """Replaced versions of articles. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        # Not waited for on disk: the article, which is, is written after it, and MongoDB's journal keeps the order.
        self._collection = collection.with_options(write_concern=WriteConcern(w=1))
        self._patience = patience

    @patient
    def keep(self, stored: StoredArticle, ended: datetime) -> None:
        """Keeps the version that was replaced at `ended`; a version that is there already stays as it is."""
        document = to_document(stored)
        document |= {
            "_id": f"{document['_id']}/{stored.version}",
            "article_id": document["_id"],
            "ended": moment(ended),
        }
        try:
            self._collection.insert_one(document)
        except DuplicateKeyError:
            return

    @patient
    def of(self, id: str) -> list[StoredArticle]:
        """The replaced versions of an article, oldest first, each under the article's own id."""
        found = self._collection.find({"article_id": storable(id)}).sort("version", 1)
        return [parse({**document, "_id": document["article_id"]}) for document in found]
