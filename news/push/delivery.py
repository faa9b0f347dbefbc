"""A delivery: one thing told to one consumer, the attempts at it, and the JSON that is sent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from news.article import StoredArticle
from news.event import Event
from news.push.notices import Notice

KEPT_OF_ANSWER = 500
"""Bytes of a consumer's answer that are kept in the log."""


class DeliveryState(StrEnum):
    """Where a delivery stands. The value is the stored and published name."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"  # given up after a day
    CANCELLED = "cancelled"  # its webhook was removed before it was taken


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request: `at` UTC, `ms` until the answer, `status` of HTTP (0 where there was no answer, and `error` says
    why), `answer` the beginning of the body."""

    at: datetime
    ms: int
    status: int = 0
    error: str = ""
    answer: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "at": self.at.isoformat(),
            "ms": self.ms,
            "status": self.status,
            "error": self.error,
            "answer": self.answer,
        }


@dataclass(frozen=True, slots=True)
class Delivery:
    """`number` counts the deliveries of a webhook from 1, in the order in which they were planned; 0 is a test. `event`
    is the number of the event that it tells of, 0 for none; `due` when it is tried next, `ended` when it was over."""

    id: str
    webhook: str
    number: int
    notice: Notice
    article: str
    event: int
    planned: datetime
    due: datetime
    body: bytes = b""
    state: DeliveryState = DeliveryState.PENDING
    attempts: tuple[Attempt, ...] = ()
    ended: datetime | None = None
    replay_of: str = ""

    def to_json(self) -> dict[str, Any]:
        """The log's row: the names of docs/api.md."""
        return {
            "id": self.id,
            "notice": str(self.notice),
            "article": self.article,
            "cursor": str(self.event),
            "state": str(self.state),
            "planned": self.planned.isoformat(),
            "due": self.due.isoformat() if self.state is DeliveryState.PENDING else None,
            "ended": self.ended and self.ended.isoformat(),
            "replay_of": self.replay_of,
            "attempts": [attempt.to_json() for attempt in self.attempts],
        }


def body_of(notice: Notice, id: str, event: Event | None, article: StoredArticle | None) -> bytes:
    """The JSON of a delivery on the article `id`, in UTF-8. Without `article` it is to be removed; a test has neither
    it nor an event. The same bytes for the same values."""
    said = {
        "notice": str(notice),
        "id": id,
        "removed": notice is Notice.RETRACTED,
        "event": event.to_public_json() if event else None,
        "article": article.to_public_json() if article else None,
    }
    # A half of a surrogate pair, which a page may hold, has no UTF-8.
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
