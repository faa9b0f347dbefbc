"""Events -> what the consumer of a webhook is told, in which order, how it is signed, and when it is tried again."""

from __future__ import annotations

from news.push.answers import Answer, Fate, fate, pause_for, retry_at
from news.push.delivery import Attempt, Delivery, DeliveryState, body_of
from news.push.lane import Lane
from news.push.notices import Notice, decide
from news.push.signature import headers, sign, verify
from news.push.webhook import Pause, Webhook

__all__ = [
    "Answer",
    "Attempt",
    "Delivery",
    "DeliveryState",
    "Fate",
    "Lane",
    "Notice",
    "Pause",
    "Webhook",
    "body_of",
    "decide",
    "fate",
    "headers",
    "pause_for",
    "retry_at",
    "sign",
    "verify",
]
