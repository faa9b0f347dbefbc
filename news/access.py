"""Who may read what: tokens of consumers, what each may do, and the judgement of a request."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple, Self

from news.errors import InvalidValue

ANONYMOUS = "anonymous"
"""The consumer under whom all are counted who give no token, or none that is known."""
SIGNED_IN = "signed-in"
"""The consumer under whom users are counted, all together: what each of them reads is nobody's business."""

_TOKEN = re.compile(r"btn_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
_LONGEST_NAME = 80
_MOST_PER_MINUTE = 1_000_000


class Scope(StrEnum):
    """What a token is good for. The value is the stored name."""

    READ = "read"  # pages, feeds and the API
    EXPORT = "export"  # everything at once
    PUSH = "push"  # webhooks of one's own
    METRICS = "metrics"  # what operators measure by
    REVIEW = "review"  # what is not published: waiting, rejected, retracted


class Refused(StrEnum):
    """Why a request may not be answered."""

    NO_TOKEN = "no-token"  # noqa: S105 - a reason, no password
    UNKNOWN = "unknown-token"
    EXPIRED = "expired-token"
    REVOKED = "revoked-token"
    SCOPE = "missing-scope"


class Credential(NamedTuple):
    """A token as its owner holds it, in its two parts. The secret is nowhere but with the owner."""

    id: str
    secret: str

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """None for what was never one of our tokens."""
        found = _TOKEN.fullmatch(text.strip())
        return cls(found[1], found[2]) if found else None

    def __str__(self) -> str:
        return f"btn_{self.id}_{self.secret}"

    def __repr__(self) -> str:
        return f"Credential({self.id})"  # whatever is logged or raised, the secret is not in it

    @property
    def digest(self) -> str:
        """What is kept of the secret. SHA-256 is enough where argon2 is needed for passwords: a slow hash makes guesses
        dear, and of 256 random bits there is nothing to guess; it would only cost each request its 50 ms."""
        return hashlib.sha256(self.secret.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Token:
    """The token of a consumer. `per_minute` requests are answered, 0 is any number; it is good until `expires`. All
    times are aware. Raises InvalidValue for a token that could not be used or told apart."""

    id: str
    name: str
    scopes: frozenset[Scope]
    per_minute: int
    created: datetime
    digest: str = field(repr=False)
    expires: datetime | None = None
    revoked: datetime | None = None
    last_used: datetime | None = None

    def __post_init__(self) -> None:
        named(self.name)
        if not self.scopes:
            raise InvalidValue(f"The token {self.name!r} has no scope.", f"Give one of {', '.join(Scope)}.")
        if not 0 <= self.per_minute <= _MOST_PER_MINUTE:
            raise InvalidValue(
                f"The token {self.name!r} cannot have {self.per_minute} requests a minute.",
                f"Give 1 to {_MOST_PER_MINUTE:,}, or 0 for any number.",
            )
        if self.expires is not None and self.expires <= self.created:
            raise InvalidValue(f"The token {self.name!r} would have expired already.", "Give a day that is to come.")

    def opens_with(self, credential: Credential) -> bool:
        """Whether it is this token's secret; takes as long for one that is nearly right as for one that is not."""
        return hmac.compare_digest(self.digest, credential.digest)

    def to_json(self) -> dict[str, Any]:
        """What may be shown of it."""
        return {
            "id": self.id,
            "name": self.name,
            "scopes": sorted(self.scopes),
            "per_minute": self.per_minute,
            "created": self.created.isoformat(),
            **{name: _text(getattr(self, name)) for name in ("expires", "revoked", "last_used")},
        }


class Allowed(NamedTuple):
    """The request may be answered, to this token's consumer or to anybody."""

    token: Token | None


class Refusal(NamedTuple):
    """The request may not be answered; `token` is the one it came with, where it is known."""

    reason: Refused
    token: Token | None = None


def recognise(credential: Credential | None, kept: Token | None) -> Token | Refusal:
    """The token that someone gave, by what is `kept` under its id. `credential` is None for what is no token at all."""
    if credential is None or kept is None or not kept.opens_with(credential):
        return Refusal(Refused.UNKNOWN)
    return kept


def judge(token: Token | None, scope: Scope, *, public: bool, now: datetime) -> Allowed | Refusal:
    """Whether a request that needs `scope` may be answered. Without a token one may read where reading is `public`, and
    no more. A token that is not good any more is refused also there, so that its owner hears of it."""
    if token is None:
        return Allowed(None) if public and scope is Scope.READ else Refusal(Refused.NO_TOKEN)
    if token.revoked is not None:
        return Refusal(Refused.REVOKED, token)
    if token.expires is not None and token.expires <= now:
        return Refusal(Refused.EXPIRED, token)
    if scope in token.scopes or (public and scope is Scope.READ):
        return Allowed(token)
    return Refusal(Refused.SCOPE, token)


@dataclass(frozen=True, slots=True)
class Usage:
    """What a consumer (the id of a token, or ANONYMOUS) had on a day of Vietnam: requests, those of them that were
    refused, and bytes of answers."""

    consumer: str
    day: date
    requests: int = 0
    refused: int = 0
    bytes: int = 0

    def __add__(self, other: Usage) -> Usage:
        """Both together, as of the later day."""
        requests, refused = self.requests + other.requests, self.refused + other.refused
        return Usage(self.consumer, max(self.day, other.day), requests, refused, self.bytes + other.bytes)


def by_consumer(rows: Iterable[Usage]) -> dict[str, Usage]:
    """Several days of each consumer in one."""
    sums: dict[str, Usage] = {}
    for row in rows:
        sums[row.consumer] = sums[row.consumer] + row if row.consumer in sums else row
    return sums


def named(name: str) -> str:
    """The name of a consumer, as it is. Raises InvalidValue for one that nobody could read or type."""
    if not name or name != name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
        raise InvalidValue(
            f"{name[:_LONGEST_NAME]!r} is no name for a consumer.",
            f"Give 1 to {_LONGEST_NAME} characters, with no space at the ends.",
        )
    return name


def _text(when: datetime | None) -> str | None:
    return None if when is None else when.isoformat()
