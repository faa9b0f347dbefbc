"""The collection `drafts`: what an editor has typed and not saved, of each article one draft a user, whatever became of
the browser, the session or the server since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from storage.patience import Patience, patient
from storage.values import moment, storable

KEPT = timedelta(days=30)
"""For so long a draft is kept after the last keystroke that was saved."""


@dataclass(frozen=True, slots=True)
class EditorDraft:
    """`fields` as they were typed, by name, right or wrong. The edit began from `version` of the article in the state
    `tag` (news.review.states.state_tag). `counter` grows with what is typed; `at` is UTC. One that was `discarded` has
    no fields, and only tells what of before is still on its way on a slow network."""

    article_id: str
    by: str
    tag: str
    version: int
    counter: int
    at: datetime
    fields: Mapping[str, str] = field(default_factory=dict)
    discarded: bool = False


class Drafts:
    """The drafts. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        self._collection = collection
        self._patience = patience

    @patient
    def save(self, draft: EditorDraft) -> EditorDraft:
        """Puts it in the place of one with a smaller counter, and gives the one that is kept: that is the other where
        its counter is not smaller. The same again changes nothing."""
        document = _to_document(draft)
        try:
            older = {"_id": document.pop("_id"), "counter": {"$lt": draft.counter}}
            self._collection.replace_one(older, document, upsert=True)
        except DuplicateKeyError:
            kept = self._collection.find_one({"_id": older["_id"]})
            # None: its time ran out in between.
            return _parse(kept) if kept else draft
        return draft

    @patient
    def get(self, article_id: str, by: str) -> EditorDraft | None:
        """The draft of a user for an article, a discarded one too."""
        document = self._collection.find_one({"_id": _id(article_id, by)})
        return _parse(document) if document else None

    @patient
    def of(self, by: str, limit: int = 50) -> list[EditorDraft]:
        """The drafts of a user, the last that was typed at first."""
        mine = {"by": storable(by), "discarded": False}
        found = self._collection.find(mine).sort([("at", -1)]).limit(limit).batch_size(limit + 1)
        return [_parse(document) for document in found]

    @patient
    def discard(self, article_id: str, by: str, counter: int, at: datetime) -> None:
        """Forgets what was typed up to `counter`, and what of it is still on its way here; a newer draft stays."""
        gone = EditorDraft(article_id, by, "", 0, counter, at, discarded=True)
        document = _to_document(gone)
        older = {"_id": document.pop("_id"), "counter": {"$lte": counter}}
        try:
            self._collection.replace_one(older, document, upsert=True)
        except DuplicateKeyError:
            return


def _id(article_id: str, by: str) -> str:
    # The name of a user has no colon (news.users).
    return str(storable(f"{by}:{article_id}"))


def _to_document(draft: EditorDraft) -> dict[str, Any]:
    document: dict[str, Any] = storable(
        {
            "_id": _id(draft.article_id, draft.by),
            "article_id": draft.article_id,
            "by": draft.by,
            "tag": draft.tag,
            "version": draft.version,
            "counter": draft.counter,
            "at": moment(draft.at),
            "ends": moment(draft.at + KEPT),
            "fields": dict(draft.fields),
            "discarded": draft.discarded,
        }
    )
    return document


def _parse(document: Mapping[str, Any]) -> EditorDraft:
    return EditorDraft(
        article_id=document["article_id"],
        by=document["by"],
        tag=document["tag"],
        version=document["version"],
        counter=document["counter"],
        at=document["at"],
        fields=document["fields"],
        discarded=document["discarded"],
    )
