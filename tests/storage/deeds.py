"""What an editor does with the one article of a test, minute by minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from news.article import StoredArticle
from news.review.record import Record
from news.review.review import Concern, Queue, Review
from news.review.states import Move
from storage.connect import Store

NOW = datetime(2025, 3, 5, 3, 20, tzinfo=UTC)
OPEN = Review((Queue.NEW,), (Concern.LOW_CONFIDENCE,), assigned="lan")


def at(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def get(store: Store, id: str = "a0001") -> StoredArticle:
    stored = store.articles.get(id)
    assert stored is not None
    return stored


def decide(store: Store, move: Move, minutes: int, by: str = "lan", **how: Any) -> Record:
    record = store.journal.decide("a0001", move, at(minutes), by=by, **how)
    assert record is not None
    return record
