"""How a consumer knows that a delivery is ours, and of now: HMAC-SHA256 over the time and the body."""

from __future__ import annotations

import hashlib
import hmac

from news.push.delivery import Delivery

SIGNATURE = "X-Bantin-Signature"
TOLERANCE = 300
"""Seconds that a consumer's clock and the way may take; what is older may be a recording."""


def sign(secret: str, body: bytes, at: int) -> str:
    """The header's value: t=<unix seconds>,v1=<hex of HMAC-SHA256 over "t.body">. The key is the secret's text."""
    return f"t={at},v1={_digest(secret, body, str(at))}"


def verify(secret: str, body: bytes, signature: str, now: int, tolerance: int = TOLERANCE) -> bool:
    """Whether the header is a signature of this body, made at most `tolerance` seconds from `now`."""
    parts = [part.strip().partition("=") for part in signature.split(",")]
    times = [value for name, _, value in parts if name == "t"]
    if len(times) != 1 or not (times[0].isascii() and times[0].isdecimal() and len(times[0]) <= 12):
        return False
    right = _digest(secret, body, times[0])
    known = [hmac.compare_digest(right.encode(), value.encode()) for name, _, value in parts if name == "v1"]
    return any(known) and abs(now - int(times[0])) <= tolerance


def headers(delivery: Delivery, secret: str, at: int) -> dict[str, str]:
    """What is said beside the body. X-Bantin-Delivery is the same at every attempt: what a consumer has had it by."""
    return {
        "Content-Type": "application/json; charset=utf-8",
        "X-Bantin-Event": str(delivery.notice),
        "X-Bantin-Delivery": delivery.id,
        SIGNATURE: sign(secret, delivery.body, at),
    }


def _digest(secret: str, body: bytes, at: str) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
